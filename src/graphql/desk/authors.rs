//! Authors on the desk.

use super::inputs::given;
use super::texts::{LocalizedTextInput, localized, optional};
use super::variant::id;
use super::views::{DeskAuthor, shown};
use super::{begin, begin_alone, finish, payload};
use crate::domain::entity::Link;
use crate::error::Error;
use crate::graphql::scalars::Url;
use crate::service::AuthorPatch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

payload! {
    /// What changing an author came to.
    AuthorPayload {
        /// The author as it stands now.
        author: DeskAuthor
    }
}

/// A page or account of an author.
#[derive(InputObject)]
pub struct AuthorLinkInput {
    /// What it is called, at most 200 characters.
    label: String,
    /// Where it leads: http, https or mailto.
    url: Url,
}

/// An author to add.
#[derive(InputObject)]
pub struct CreateAuthorInput {
    /// The same in all languages; made from the name where nothing is given.
    slug: Option<String>,
    /// The name by script and language, at least one, each at most 200 characters.
    names: Vec<LocalizedTextInput>,
    /// A few words about the author, at most 5,000 characters.
    #[graphql(default)]
    bios: Vec<LocalizedTextInput>,
    /// A picture of the author.
    portrait_id: Option<ID>,
    /// Pages and accounts, at most 50.
    #[graphql(default)]
    links: Vec<AuthorLinkInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to an author: what is absent stays, null takes away.
#[derive(InputObject)]
pub struct UpdateAuthorInput {
    /// `aut_…`
    author_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// The slug; the old one still leads to the author.
    slug: Option<String>,
    /// Names in these languages; the others stay.
    names: Option<Vec<LocalizedTextInput>>,
    /// A few words about the author, in these languages; the others stay.
    bios: Option<Vec<LocalizedTextInput>>,
    /// A picture of the author.
    #[graphql(default)]
    portrait_id: MaybeUndefined<ID>,
    /// All pages and accounts.
    links: Option<Vec<AuthorLinkInput>>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Two authors that are one.
#[derive(InputObject)]
pub struct MergeAuthorsInput {
    /// The one that goes: `aut_…`
    from_id: ID,
    /// The one that stays: `aut_…`
    into_id: ID,
    /// The version that you saw of the one that goes: another one is a CONFLICT.
    expected_from_version: Option<i32>,
    /// The version that you saw of the one that stays: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

fn links(links: Vec<AuthorLinkInput>) -> Vec<Link> {
    links.into_iter().map(|link| Link { label: link.label, url: link.url.0 }).collect()
}

impl CreateAuthorInput {
    fn patch(self) -> Result<AuthorPatch, Error> {
        Ok(AuthorPatch {
            slug: self.slug,
            names: Some(localized("names", self.names)?),
            bios: Some(localized("bios", self.bios)?),
            portrait: Some(self.portrait_id.map(|image| id("portraitId", &image)).transpose()?),
            links: Some(links(self.links)),
        })
    }
}

impl UpdateAuthorInput {
    fn patch(self) -> Result<AuthorPatch, Error> {
        let portrait = given(self.portrait_id);
        Ok(AuthorPatch {
            slug: self.slug,
            names: optional("names", self.names)?,
            bios: optional("bios", self.bios)?,
            portrait: portrait.map(|image| image.map(|image| id("portraitId", &image)).transpose()).transpose()?,
            links: self.links.map(links),
        })
    }
}

/// Mutations of authors.
#[derive(Default)]
pub struct AuthorMutation;

/// Mutations of authors.
#[Object]
impl AuthorMutation {
    /// Adds an author. Readers see the author once something published names them.
    async fn create_author(&self, ctx: &Context<'_>, input: CreateAuthorInput) -> Result<AuthorPayload> {
        let mark = input.client_mutation_id.clone();
        let mut work = begin(ctx).await?;
        let done = match input.patch() {
            Ok(patch) => work.create_author(patch).await,
            Err(error) => Err(error),
        };
        Ok(AuthorPayload::new(shown(ctx, finish(work, done).await?)?, mark))
    }

    /// Changes an author. Readers who see the author see the change at once.
    async fn update_author(&self, ctx: &Context<'_>, input: UpdateAuthorInput) -> Result<AuthorPayload> {
        let author = id("authorId", &input.author_id)?;
        let (mark, expected) = (input.client_mutation_id.clone(), input.expected_version);
        let mut work = begin(ctx).await?;
        let done = match input.patch() {
            Ok(patch) => work.update_author(author, patch, expected).await,
            Err(error) => Err(error),
        };
        Ok(AuthorPayload::new(shown(ctx, finish(work, done).await?)?, mark))
    }

    /// Makes two authors one, for the desk and for readers at once: every story, list and address of the one that goes
    /// is the other's. Cannot be taken back.
    async fn merge_authors(&self, ctx: &Context<'_>, input: MergeAuthorsInput) -> Result<AuthorPayload> {
        let (from, into) = (id("fromId", &input.from_id)?, id("intoId", &input.into_id)?);
        let expected = [input.expected_from_version, input.expected_version];
        let mut work = begin_alone(ctx).await?;
        let done = work.merge_authors(from, into, expected).await;
        Ok(AuthorPayload::new(shown(ctx, finish(work, done).await?)?, input.client_mutation_id))
    }
}
