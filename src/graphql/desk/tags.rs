//! Tags on the desk.

use super::texts::{LocalizedTextInput, localized, optional};
use super::variant::id;
use super::views::{DeskTag, shown};
use super::{begin, begin_alone, finish, payload};
use crate::error::Error;
use crate::graphql::enums::TagKind;
use crate::service::TagPatch;
use async_graphql::{Context, ID, InputObject, Object, Result};

payload! {
    /// What changing a tag came to.
    TagPayload {
        /// The tag as it stands now.
        tag: DeskTag
    }
}

/// A tag to add.
#[derive(InputObject)]
pub struct CreateTagInput {
    /// What it stands for.
    #[graphql(default_with = "TagKind::Topic")]
    kind: TagKind,
    /// The name per language, at least one, each at most 200 characters.
    names: Vec<LocalizedTextInput>,
    /// The slug per language; made from the name where a language has none.
    #[graphql(default)]
    slugs: Vec<LocalizedTextInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to a tag: what is absent stays.
#[derive(InputObject)]
pub struct UpdateTagInput {
    /// `tag_…`
    tag_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// What it stands for.
    kind: Option<TagKind>,
    /// Names in these languages; the others stay.
    names: Option<Vec<LocalizedTextInput>>,
    /// Slugs in these languages; the others stay. Old ones still lead to the tag.
    slugs: Option<Vec<LocalizedTextInput>>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Two tags that are one.
#[derive(InputObject)]
pub struct MergeTagsInput {
    /// The one that goes: `tag_…`
    from_id: ID,
    /// The one that stays: `tag_…`
    into_id: ID,
    /// The version that you saw of the one that goes: another one is a CONFLICT.
    expected_from_version: Option<i32>,
    /// The version that you saw of the one that stays: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

impl CreateTagInput {
    fn patch(self) -> Result<TagPatch, Error> {
        let (names, slugs) = (localized("names", self.names)?, localized("slugs", self.slugs)?);
        Ok(TagPatch { kind: Some(self.kind.into()), names: Some(names), slugs: Some(slugs) })
    }
}

impl UpdateTagInput {
    fn patch(self) -> Result<TagPatch, Error> {
        let (names, slugs) = (optional("names", self.names)?, optional("slugs", self.slugs)?);
        Ok(TagPatch { kind: self.kind.map(Into::into), names, slugs })
    }
}

/// Mutations of tags.
#[derive(Default)]
pub struct TagMutation;

/// Mutations of tags.
#[Object]
impl TagMutation {
    /// Adds a tag. Readers see it once something published has it.
    async fn create_tag(&self, ctx: &Context<'_>, input: CreateTagInput) -> Result<TagPayload> {
        let mark = input.client_mutation_id.clone();
        let mut work = begin(ctx).await?;
        let done = match input.patch() {
            Ok(patch) => work.create_tag(patch).await,
            Err(error) => Err(error),
        };
        Ok(TagPayload::new(shown(ctx, finish(work, done).await?)?, mark))
    }

    /// Changes a tag. Readers who see it see the change at once.
    async fn update_tag(&self, ctx: &Context<'_>, input: UpdateTagInput) -> Result<TagPayload> {
        let tag = id("tagId", &input.tag_id)?;
        let (mark, expected) = (input.client_mutation_id.clone(), input.expected_version);
        let mut work = begin(ctx).await?;
        let done = match input.patch() {
            Ok(patch) => work.update_tag(tag, patch, expected).await,
            Err(error) => Err(error),
        };
        Ok(TagPayload::new(shown(ctx, finish(work, done).await?)?, mark))
    }

    /// Makes two tags one, for the desk and for readers at once: every story, list and address of the one that goes is
    /// the other's. Cannot be taken back.
    async fn merge_tags(&self, ctx: &Context<'_>, input: MergeTagsInput) -> Result<TagPayload> {
        let (from, into) = (id("fromId", &input.from_id)?, id("intoId", &input.into_id)?);
        let expected = [input.expected_from_version, input.expected_version];
        let mut work = begin_alone(ctx).await?;
        let done = work.merge_tags(from, into, expected).await;
        Ok(TagPayload::new(shown(ctx, finish(work, done).await?)?, input.client_mutation_id))
    }
}
