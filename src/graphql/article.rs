//! `Article`: a story, whatever its languages.
//!
//! Nothing on it depends on who asks in which language, unless a field takes the language as an argument: a client with
//! a normalised cache never mixes two languages under one key.

use super::collection::Collection;
use super::connection::page_cost;
use super::context::{CollectionsOf, Reading, reading};
use super::entities::{Byline, Section, Tag};
use super::enums::Kind;
use super::image::Image;
use super::related::{RelatedConnection, RelatedReason, related};
use super::scalars::{DateTime, Language, Url};
use super::variant::ArticleVariant;
use crate::domain::effect::Parts;
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::published::{PublishedVariant, principal};
use crate::error::Error;
use crate::service::Story;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use futures_util::FutureExt;
use std::sync::Arc;

/// One story, whatever its languages.
///
/// Kind, section, tags, bylines and lead image belong to what was published in a language: ask the variant for exactly
/// those. Here they are those of the original, or of the variant published first where the original is not published.
pub struct Article {
    pub(super) id: ArticleId,
    /// Loaded when somebody asks for more than the id.
    story: Option<Story>,
}

impl Article {
    /// A story that is known to be published.
    pub fn new(id: ArticleId) -> Self {
        Self { id, story: None }
    }

    /// A story that is loaded already.
    pub fn loaded(id: ArticleId, story: Story) -> Self {
        Self { id, story: Some(story) }
    }

    async fn story(&self, ctx: &Context<'_>) -> Result<Story> {
        match &self.story {
            Some(story) => Ok(story.clone()),
            None => load_story(ctx, self.id).await,
        }
    }

    /// The variant that stands for the story, to read these parts of it.
    async fn principal(&self, ctx: &Context<'_>, parts: Parts) -> Result<Arc<PublishedVariant>> {
        let story = self.story(ctx).await?;
        // Which one it is depends on when each was first published.
        reading(ctx)?.saw_all(&story, parts.and(Parts::PUBLISHED_AT));
        principal(&story).cloned().ok_or_else(|| gone(self.id).into())
    }
}

/// A story that was visible a moment ago.
pub async fn load_story(ctx: &Context<'_>, id: ArticleId) -> Result<Story> {
    reading(ctx)?.load(id).await?.ok_or_else(|| gone(id).into())
}

fn gone(id: ArticleId) -> Error {
    Error::NotFound { kind: "article", id: id.to_string() }
}

/// The variant that is served to readers of a chain of languages, best first.
pub fn served(reading: &Reading, story: &Story, chain: &[LanguageTag]) -> Option<Arc<PublishedVariant>> {
    let found = chain.iter().find_map(|language| story.iter().find(|variant| variant.language == *language));
    let article = story.first()?.article;
    let language = found.map(|variant| &variant.language);
    reading.reader().notes().note(|footprint| footprint.saw_served(article, chain, language));
    found.cloned()
}

/// One of the languages that a story is published in, for `hreflang` and language switchers.
#[derive(SimpleObject)]
pub struct Alternate {
    /// The language.
    pub language: Language,
    /// The headline in it.
    pub title: String,
    /// The path on the site, in its own script.
    pub canonical_path: String,
    /// The address on the site, percent-encoded.
    pub url: Url,
    /// Whether the story was first written in it.
    pub is_original: bool,
}

/// Every published language of a story: the one place that `hreflang` comes from.
pub async fn alternates(ctx: &Context<'_>, story: &Story) -> Result<Vec<Alternate>> {
    let reading = reading(ctx)?;
    let asked = ctx.look_ahead();
    let wants = |fields: &[&str], part| {
        if fields.iter().any(|field| asked.field(field).exists()) { part } else { Parts::EXISTENCE }
    };
    reading.saw_all(story, wants(&["title"], Parts::TITLE).and(wants(&["canonicalPath", "url"], Parts::SLUG)));
    let addresses = &reading.addresses;
    Ok(story
        .iter()
        .map(|variant| Alternate {
            language: Language(variant.language.clone()),
            title: variant.card.title.clone(),
            canonical_path: addresses.path(&variant.language, &variant.card.slug),
            url: Url(addresses.variant_url(variant)),
            is_original: variant.card.original,
        })
        .collect())
}

/// One story, whatever its languages.
///
/// Kind, section, tags, bylines and lead image belong to what was published in a language: ask the variant for exactly
/// those. Here they are those of the original, or of the variant published first where the original is not published.
#[Object]
impl Article {
    /// `art_` and 26 characters; the same in all languages.
    pub async fn id(&self) -> ID {
        self.id.to_string().into()
    }

    /// What kind of journalism it is.
    async fn kind(&self, ctx: &Context<'_>) -> Result<Kind> {
        Ok(self.principal(ctx, Parts::KIND).await?.kind().into())
    }

    /// Its section.
    async fn section(&self, ctx: &Context<'_>) -> Option<Result<Section>> {
        match self.principal(ctx, Parts::SECTION).await {
            Ok(variant) => Section::load(ctx, variant.section()?).await,
            Err(error) => Some(Err(error)),
        }
    }

    /// Its tags, in the editor's order.
    async fn tags(&self, ctx: &Context<'_>) -> Result<Vec<Tag>> {
        Tag::load_all(ctx, self.principal(ctx, Parts::TAGS).await?.tags()).await
    }

    /// Who made it, in order.
    async fn bylines(&self, ctx: &Context<'_>) -> Result<Vec<Byline>> {
        Byline::load_all(ctx, self.principal(ctx, Parts::BYLINES).await?.card.shared.bylines.clone()).await
    }

    /// The picture that stands for it.
    async fn lead_image(&self, ctx: &Context<'_>) -> Option<Result<Image>> {
        match self.principal(ctx, Parts::IMAGE).await {
            Ok(variant) => Image::load(ctx, variant.lead_image()?).await,
            Err(error) => Some(Err(error)),
        }
    }

    /// When it was first published in any language that is published now.
    async fn published_at(&self, ctx: &Context<'_>) -> Result<DateTime> {
        let story = self.story(ctx).await?;
        reading(ctx)?.saw_all(&story, Parts::PUBLISHED_AT);
        let first = story.iter().map(|variant| variant.published_at).min();
        first.map(DateTime).ok_or_else(|| gone(self.id).into())
    }

    /// The story in a language; null if it is not published in it (nor, with `fallback`, in a language that readers of
    /// it are served instead).
    async fn variant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
        #[graphql(default, desc = "Serve the best other language of the configured chain.")] fallback: bool,
    ) -> Option<Result<ArticleVariant>> {
        let find = async {
            let reading = reading(ctx)?;
            let chain = reading.chain(Some(&language), fallback)?;
            let found = served(reading, &self.story(ctx).await?, &chain);
            Ok(found.map(|variant| ArticleVariant::new(reading, variant)))
        };
        find.await.transpose()
    }

    /// Every published variant, sorted by language tag.
    async fn variants(&self, ctx: &Context<'_>) -> Result<Vec<ArticleVariant>> {
        let (reading, story) = (reading(ctx)?, self.story(ctx).await?);
        reading.saw_all(&story, Parts::EXISTENCE);
        Ok(story.iter().map(|variant| ArticleVariant::new(reading, variant.clone())).collect())
    }

    /// Every published language with its address, this one included: what `hreflang` needs.
    async fn alternates(&self, ctx: &Context<'_>) -> Result<Vec<Alternate>> {
        alternates(ctx, &self.story(ctx).await?).await
    }

    /// The collections that it is on; null only where an error says why.
    async fn collections(&self, ctx: &Context<'_>) -> Option<Result<Vec<Collection>>> {
        let load = async {
            let ids = reading(ctx)?.load(CollectionsOf(self.id)).await?.unwrap_or_default();
            Collection::load_all(ctx, ids).await
        };
        Some(load.await)
    }

    /// Other stories for readers of a language: what editors pinned and chose, then what a formula finds. Never the
    /// story itself, never a story twice, never what editors banned. Null only where an error says why: the page stands
    /// without them.
    #[graphql(complexity = "page_cost(first, None, child_complexity) + 20")]
    async fn related(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
        #[graphql(default = true, desc = "Show stories in other languages of the configured chain, too.")]
        fallback: bool,
        #[graphql(desc = "At most so many, 0 to 20; 4 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Only for these reasons.")] by: Option<Vec<RelatedReason>>,
    ) -> Option<Result<RelatedConnection>> {
        let find = async {
            let reading = reading(ctx)?;
            let chain = reading.chain(Some(&language), fallback)?;
            let of = match served(reading, &self.story(ctx).await?, &chain) {
                Some(served) => served,
                None => self.principal(ctx, Parts::EXISTENCE).await?,
            };
            related(ctx, &of, &chain, first, by).await
        };
        Some(find.boxed().await)
    }
}
