//! Writing stories and translations.

use super::article::DeskArticle;
use super::context::Sight;
use super::inputs::{SharedInput, TextInput, TextPatchInput};
use super::variant::{DeskVariant, id};
use super::{Outcome, actor, begin, finish, payload};
use crate::domain::ids::{ArticleId, VariantId};
use crate::error::Error;
use crate::graphql::context::reading;
use crate::graphql::scalars::Language;
use crate::service::App;
use async_graphql::{Context, ID, InputObject, Object, Result};

payload! {
    /// What changing a story came to.
    ArticlePayload {
        /// The story as it stands now.
        article: DeskArticle
    }
}

payload! {
    /// What changing a text came to.
    TextPayload {
        /// The variant as it stands now.
        variant: DeskVariant
    }
}

/// The variant as its payload shows it.
pub(super) async fn changed_variant<T>(
    ctx: &Context<'_>,
    id: VariantId,
    outcome: Outcome<T>,
) -> Result<Outcome<DeskVariant>> {
    if let Err(errors) = outcome {
        return Ok(Err(errors));
    }
    let variant = Sight::confirmed(ctx).await?.variant(id).await?;
    Ok(Ok(variant.ok_or_else(|| Error::NotFound { kind: "variant", id: id.to_string() })?))
}

async fn changed_article<T>(ctx: &Context<'_>, id: ArticleId, outcome: Outcome<T>) -> Result<Outcome<DeskArticle>> {
    if let Err(errors) = outcome {
        return Ok(Err(errors));
    }
    let article = Sight::confirmed(ctx).await?.story(id).await?;
    Ok(Ok(article.ok_or_else(|| Error::NotFound { kind: "article", id: id.to_string() })?))
}

/// A story to begin, with its first language.
#[derive(InputObject)]
pub struct CreateArticleInput {
    /// The language that it is first written in.
    language: Language,
    /// What it says in that language.
    text: TextInput,
    /// What all its languages share.
    #[graphql(default)]
    shared: SharedInput,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to what all languages of a story share.
#[derive(InputObject)]
pub struct UpdateArticleInput {
    /// `art_…`
    article_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// The changes.
    shared: SharedInput,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A story to put into the archive, or to take out of it.
#[derive(InputObject)]
pub struct ArchiveArticleInput {
    /// `art_…`
    article_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// False takes it out again.
    #[graphql(default = true)]
    archived: bool,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to a text.
#[derive(InputObject)]
pub struct ReviseVariantInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// The changes.
    text: TextPatchInput,
    /// Whether it is saved by itself while somebody types: such revisions of one person within ten minutes become one.
    #[graphql(default)]
    autosave: bool,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A story to open in another language.
#[derive(InputObject)]
pub struct TranslateArticleInput {
    /// `art_…`
    article_id: ID,
    /// The language to translate into.
    to: Language,
    /// The language to translate from; the original unless said.
    from: Option<Language>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Writing stories and translations.
#[derive(Default)]
pub struct WritingMutation;

/// Writing stories and translations.
#[Object]
impl WritingMutation {
    /// Begins a story with its first language, as a draft.
    async fn create_article(&self, ctx: &Context<'_>, input: CreateArticleInput) -> Result<TextPayload> {
        let language = reading(ctx)?.language(Some(&input.language))?;
        let mut work = begin(ctx).await?;
        let done = match input.shared.patch() {
            Ok(shared) => work.write_article(&language, shared, input.text.into()).await,
            Err(error) => Err(error),
        };
        let outcome = finish(work, done).await?;
        let variant = match outcome {
            Ok(id) => changed_variant(ctx, id, Ok(())).await?,
            Err(errors) => Err(errors),
        };
        Ok(TextPayload::new(variant, input.client_mutation_id))
    }

    /// Changes what all languages of a story share. Readers see it in a language when that is published again.
    async fn update_article(&self, ctx: &Context<'_>, input: UpdateArticleInput) -> Result<ArticlePayload> {
        let id = id("articleId", &input.article_id)?;
        let mut work = begin(ctx).await?;
        let done = match input.shared.patch() {
            Ok(shared) => work.revise_article(id, input.expected_version, shared).await,
            Err(error) => Err(error),
        };
        let outcome = finish(work, done).await?;
        Ok(ArticlePayload::new(changed_article(ctx, id, outcome).await?, input.client_mutation_id))
    }

    /// Puts a story that nobody reads into the archive, or takes it out again.
    async fn archive_article(&self, ctx: &Context<'_>, input: ArchiveArticleInput) -> Result<ArticlePayload> {
        let id = id("articleId", &input.article_id)?;
        let mut work = begin(ctx).await?;
        let done = work.archive_article(id, input.archived, input.expected_version).await;
        let outcome = finish(work, done).await?;
        Ok(ArticlePayload::new(changed_article(ctx, id, outcome).await?, input.client_mutation_id))
    }

    /// Changes a text: a new revision, unless nothing changed. Readers see it when it is published.
    async fn revise_variant(&self, ctx: &Context<'_>, input: ReviseVariantInput) -> Result<TextPayload> {
        let id = id("variantId", &input.variant_id)?;
        let mut work = begin(ctx).await?;
        let done = match input.text.patch() {
            Ok(patch) => work.revise_variant(id, input.expected_version, patch, input.autosave).await,
            Err(error) => Err(error),
        };
        let outcome = finish(work, done).await?;
        Ok(TextPayload::new(changed_variant(ctx, id, outcome).await?, input.client_mutation_id))
    }

    /// Opens a story in another language, with the source's blocks to write over.
    async fn translate_article(&self, ctx: &Context<'_>, input: TranslateArticleInput) -> Result<TextPayload> {
        let id = id("articleId", &input.article_id)?;
        let to = reading(ctx)?.language(Some(&input.to))?;
        let from = input.from.map(|from| from.0);
        let mut work = begin(ctx).await?;
        let done = work.translate_article(id, &to, from.as_ref(), None).await;
        let variant = match finish(work, done).await? {
            Ok(id) => changed_variant(ctx, id, Ok(())).await?,
            Err(errors) => Err(errors),
        };
        Ok(TextPayload::new(variant, input.client_mutation_id))
    }

    /// Opens a story in another language with what a machine made of the source. The draft says MACHINE until somebody
    /// reviewed it, and is not published before unless an editor says `allowMachine`.
    async fn request_machine_translation(
        &self,
        ctx: &Context<'_>,
        input: TranslateArticleInput,
    ) -> Result<TextPayload> {
        let id = id("articleId", &input.article_id)?;
        let to = reading(ctx)?.language(Some(&input.to))?;
        let from = input.from.map(|from| from.0);
        let app = ctx.data::<App>()?;
        let variant = match app.machine_translate(actor(ctx), id, &to, from.as_ref()).await {
            Ok(id) => changed_variant(ctx, id, Ok(())).await?,
            Err(Error::Invalid(errors)) => Err(errors.into_iter().map(Into::into).collect()),
            Err(error) => return Err(error.into()),
        };
        Ok(TextPayload::new(variant, input.client_mutation_id))
    }
}
