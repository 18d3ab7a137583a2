//! What is no longer chosen: authors, tags, sections, pictures and collections in the archive.

use super::views::{DeskEntity, shown};
use super::{begin, finish, payload};
use crate::domain::entity::EntityKind;
use crate::error::Error;
use async_graphql::{Context, ID, InputObject, Object, Result};

payload! {
    /// What putting something into the archive, or taking it out, came to.
    EntityPayload {
        /// It as it stands now.
        entity: DeskEntity
    }
}

/// Something to put into the archive.
#[derive(InputObject)]
pub struct ArchiveEntityInput {
    /// `aut_…`, `tag_…`, `sec_…`, `img_…` or `col_…`
    id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Something to take out of the archive.
#[derive(InputObject)]
pub struct UnarchiveEntityInput {
    /// `aut_…`, `tag_…`, `sec_…`, `img_…` or `col_…`
    id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

async fn archive(
    ctx: &Context<'_>,
    id: &ID,
    archive: bool,
    expected: Option<i32>,
) -> Result<super::Outcome<DeskEntity>> {
    let found = EntityKind::parse_id(id);
    let (kind, entity) = found.ok_or_else(|| {
        let expected = "expected one that begins with aut_, tag_, sec_, img_ or col_";
        Error::invalid("id", format!("`{}` is no id: {expected}", id.as_str()))
    })?;
    let mut work = begin(ctx).await?;
    let done = work.archive_entity(kind, entity, archive, expected).await;
    shown(ctx, finish(work, done).await?)
}

/// Mutations of the archive.
#[derive(Default)]
pub struct ArchiveMutation;

/// Mutations of the archive.
#[Object]
impl ArchiveMutation {
    /// Puts an author, tag, section, picture or collection into the archive: it is no longer offered to those who
    /// choose, and cannot be given to stories that do not have it. Readers notice nothing.
    async fn archive_entity(&self, ctx: &Context<'_>, input: ArchiveEntityInput) -> Result<EntityPayload> {
        let outcome = archive(ctx, &input.id, true, input.expected_version).await?;
        Ok(EntityPayload::new(outcome, input.client_mutation_id))
    }

    /// Takes something out of the archive again.
    async fn unarchive_entity(&self, ctx: &Context<'_>, input: UnarchiveEntityInput) -> Result<EntityPayload> {
        let outcome = archive(ctx, &input.id, false, input.expected_version).await?;
        Ok(EntityPayload::new(outcome, input.client_mutation_id))
    }
}
