//! The tree of sections on the desk.

use super::inputs::given;
use super::texts::{LocalizedTextInput, localized, optional};
use super::variant::id;
use super::views::{DeskSection, shown};
use super::{begin_alone, finish, payload};
use crate::error::Error;
use crate::service::SectionPatch;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

payload! {
    /// What changing a section came to.
    SectionPayload {
        /// The section as it stands now.
        section: DeskSection
    }
}

/// A section to add.
#[derive(InputObject)]
pub struct CreateSectionInput {
    /// The name per language, at least one, each at most 200 characters.
    names: Vec<LocalizedTextInput>,
    /// The slug per language; made from the name where a language has none.
    #[graphql(default)]
    slugs: Vec<LocalizedTextInput>,
    /// The section that it is in; at the top unless said. Sections nest at most ten deep.
    parent_id: Option<ID>,
    /// Its place among its siblings, smallest first; the last unless said.
    position: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to a section: what is absent stays, null takes away.
#[derive(InputObject)]
pub struct UpdateSectionInput {
    /// `sec_…`
    section_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Names in these languages; the others stay.
    names: Option<Vec<LocalizedTextInput>>,
    /// Slugs in these languages; the others stay. Old ones still lead to the section.
    slugs: Option<Vec<LocalizedTextInput>>,
    /// The section that it is in; null puts it at the top. What is below comes along.
    #[graphql(default)]
    parent_id: MaybeUndefined<ID>,
    /// Its place among its siblings, smallest first.
    position: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

impl CreateSectionInput {
    fn patch(self) -> Result<SectionPatch, Error> {
        Ok(SectionPatch {
            names: Some(localized("names", self.names)?),
            slugs: Some(localized("slugs", self.slugs)?),
            parent: Some(self.parent_id.map(|parent| id("parentId", &parent)).transpose()?),
            position: self.position,
        })
    }
}

impl UpdateSectionInput {
    fn patch(self) -> Result<SectionPatch, Error> {
        let parent = given(self.parent_id);
        Ok(SectionPatch {
            names: optional("names", self.names)?,
            slugs: optional("slugs", self.slugs)?,
            parent: parent.map(|parent| parent.map(|parent| id("parentId", &parent)).transpose()).transpose()?,
            position: self.position,
        })
    }
}

/// Mutations of sections.
#[derive(Default)]
pub struct SectionMutation;

/// Mutations of sections.
#[Object]
impl SectionMutation {
    /// Adds a section. Readers see it once something is published in it or below it.
    async fn create_section(&self, ctx: &Context<'_>, input: CreateSectionInput) -> Result<SectionPayload> {
        let mark = input.client_mutation_id.clone();
        let mut work = begin_alone(ctx).await?;
        let done = match input.patch() {
            Ok(patch) => work.create_section(patch).await,
            Err(error) => Err(error),
        };
        Ok(SectionPayload::new(shown(ctx, finish(work, done).await?)?, mark))
    }

    /// Changes or moves a section. Readers who see it see the change at once, in the lists of the sections above, too.
    async fn update_section(&self, ctx: &Context<'_>, input: UpdateSectionInput) -> Result<SectionPayload> {
        let section = id("sectionId", &input.section_id)?;
        let (mark, expected) = (input.client_mutation_id.clone(), input.expected_version);
        let mut work = begin_alone(ctx).await?;
        let done = match input.patch() {
            Ok(patch) => work.update_section(section, patch, expected).await,
            Err(error) => Err(error),
        };
        Ok(SectionPayload::new(shown(ctx, finish(work, done).await?)?, mark))
    }
}
