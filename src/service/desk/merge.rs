//! Two tags, or two authors, that are one: the survivor takes the place of the other everywhere.
//!
//! Snapshots stay as they were; what is made of them later names the survivor.

use super::directory::EntityRow;
use super::expect;
use crate::domain::article::Shared;
use crate::domain::effect::{Effect, EntityEffect, Parts, VariantEffect};
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::{AuthorId, TagId};
use crate::domain::published::{ChangeKind, PublishedVariant};
use crate::error::{Error, FieldError, Result};
use crate::service::Work;
use crate::store::desk::entities::{self, DeskEntity};
use crate::store::desk::merge as desk;
use crate::store::desk::variants::Revision;
use crate::store::live::{merge as live, visible};
use crate::store::log;
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which one gives way to which, and the versions that the caller saw.
#[derive(Debug, Clone, Copy)]
struct Merge {
    kind: EntityKind,
    from: Uuid,
    into: Uuid,
    expected: [Option<i32>; 2],
}

impl Work {
    /// Merges a tag into another. Begin alone. `expected` is the version of each that the caller saw.
    pub async fn merge_tags(&mut self, from: TagId, into: TagId, expected: [Option<i32>; 2]) -> Result<EntityRow> {
        self.merge(Merge { kind: EntityKind::Tag, from: from.0, into: into.0, expected }).await
    }

    /// Merges an author into another. Begin alone. `expected` is the version of each that the caller saw.
    pub async fn merge_authors(
        &mut self,
        from: AuthorId,
        into: AuthorId,
        expected: [Option<i32>; 2],
    ) -> Result<EntityRow> {
        self.merge(Merge { kind: EntityKind::Author, from: from.0, into: into.0, expected }).await
    }

    async fn merge(&mut self, merge: Merge) -> Result<EntityRow> {
        if !self.alone {
            return Err(Error::internal("a merge is done alone"));
        }
        let Merge { kind, from, into, .. } = merge;
        let [former, survivor] = self.held_pair(merge).await?;
        let stories = desk::replace(&self.tx, kind, [from, into], self.now).await?;
        desk::give_way(&self.tx, from, into).await?;
        let (changed, mut entities) = live::replace(&self.tx, from, into).await?;
        if !changed.is_empty()
            && let Entity::Author(author) = &survivor.entity
            && let Some(portrait) = author.portrait
        {
            entities.extend(visible::show_along(&self.tx, into, portrait.0).await?);
        }
        entities::update_state(&self.tx, &survivor, self.actor.name(), self.now).await?;
        let names: Vec<String> = former.entity.slugs().iter().map(|(_, slug)| (*slug).to_owned()).collect();
        let detail = json!({ "from": kind.id(from), "slugs": names, "articles": stories });
        self.note_with(&format!("{kind}.merge"), into, [None, None], detail).await?;
        self.append_merge(merge, &changed, entities).await?;
        self.entity_row(into).await
    }

    async fn held_pair(&self, merge: Merge) -> Result<[DeskEntity; 2]> {
        let [expected_from, expected_into] = merge.expected;
        let former = self.held_entity(merge.kind, merge.from, None).await?;
        let survivor = self.held_entity(merge.kind, merge.into, None).await?;
        for (held, expected) in [(&former, expected_from), (&survivor, expected_into)] {
            expect(merge.kind.as_str(), expected, held.version, held.updated_by.as_deref())?;
        }
        let wrong = |code, message: &str| {
            let error = FieldError { path: "intoId".into(), code, message: message.to_owned() };
            Err(Error::Invalid(vec![error]))
        };
        if merge.from == merge.into {
            return wrong("INVALID", "must be another one");
        }
        if survivor.archived_at.is_some() {
            return wrong("ARCHIVED", "is in the archive; take it out first");
        }
        Ok([former, survivor])
    }

    /// Tells of each published variant that it says something else now, then of both entities.
    ///
    /// Whoever keeps copies of stories (an index, a partner) knows them by story and language: one entry for the tag
    /// would leave them to find out which stories had it, when nothing has it any more. Whoever keeps lists by tag
    /// learns from the two others that one is longer and the other gone.
    async fn append_merge(
        &mut self,
        merge: Merge,
        changed: &[PublishedVariant],
        mut entities: Vec<EntityEffect>,
    ) -> Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        let updated = changed.iter().map(|variant| log::NewEvent {
            kind: ChangeKind::Updated,
            article: Some(variant.article),
            language: Some(variant.language.clone()),
            revision: Some(variant.revision),
            at: self.now,
            payload: log::Payload::default(),
            effect: Effect { variant: Some(renamed(variant)), ..Effect::default() },
        });
        self.append_all(updated.collect()).await?;
        // Whoever asks for the one that is gone gets the survivor, by its id and by its slugs.
        let (kind, parts) = (merge.kind, Parts::ALL);
        entities.push(EntityEffect { kind, id: merge.from, before: None, after: None, parts });
        let relisted = vec![merge.into, merge.from];
        let effect = Effect { entities, relisted, ..Effect::default() };
        self.append_entity(merge.kind, merge.into, effect).await?;
        self.append_entity(merge.kind, merge.from, Effect::default()).await
    }

    /// What languages share, with what was merged since replaced by what it was merged into.
    pub(in crate::service) async fn current_shared(&self, shared: Shared) -> Result<Shared> {
        let survivors = desk::survivors(&self.tx, shared.mergeable()).await?;
        Ok(shared.with_survivors(&survivors))
    }

    /// A snapshot as it would be made now: with the survivors of what was merged since.
    pub(in crate::service) async fn current(&self, revision: Revision) -> Result<Revision> {
        let translators = revision.content.translation.iter().flat_map(|translation| &translation.translators);
        let ids = revision.shared.mergeable().chain(translators.map(|author| author.0));
        let survivors = desk::survivors(&self.tx, ids).await?;
        if survivors.is_empty() {
            return Ok(revision);
        }
        let mut content = revision.content;
        content.translation = content.translation.map(|translation| translation.with_survivors(&survivors));
        Ok(Revision { shared: revision.shared.with_survivors(&survivors), content, ..revision })
    }
}

/// A variant that names another tag or author now. Of its lists, those of the two changed as a whole.
fn renamed(variant: &PublishedVariant) -> VariantEffect {
    VariantEffect {
        id: variant.id,
        article: variant.article,
        language: variant.language.clone(),
        before: None,
        after: None,
        others: BTreeMap::new(),
        parts: Parts::TAGS.and(Parts::BYLINES).and(Parts::TRANSLATION),
        collections: Vec::new(),
    }
}
