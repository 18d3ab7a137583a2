//! Reading authors, sections, tags, images and collections.

use super::{EntityWindow, Reader};
use crate::domain::effect::Parts;
use crate::domain::entity::{Entity, EntityKind, TagKind};
use crate::domain::footprint::{Dependency, DirectoryRead};
use crate::domain::language::LanguageTag;
use crate::error::Result;
use crate::store::live::entities;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

impl Reader {
    /// Authors, sections, tags, images and collections by id; what was merged is there as its survivor.
    pub async fn entities(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Arc<Entity>>> {
        self.note(|footprint| ids.iter().for_each(|id| footprint.saw(*id, Parts::EXISTENCE)));
        let mut found = self.known_entities(ids).await?;
        if let Some(preview) = self.preview() {
            preview.add_entities(ids, &mut found);
        }
        // What is published refers to nothing that is missing: this is for clients that kept an id.
        let missing: Vec<Uuid> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if !missing.is_empty() {
            // What readers do not see may be merged into what they see, and nobody is told.
            self.note(|footprint| footprint.untold = true);
            let survivors = entities::list_merged(&self.session, &missing).await?;
            found.extend(survivors.into_iter().map(|(id, entity)| (id, Arc::new(entity))));
        }
        Ok(found)
    }

    /// The same for one that is in memory; where it is not, nobody knows whether it is there at all.
    pub fn entity_in_memory(&self, id: Uuid) -> Option<Arc<Entity>> {
        let found = self.hot.as_ref()?.find_one(id)?;
        self.note(|footprint| footprint.saw(id, Parts::EXISTENCE));
        Some(found)
    }

    /// Those that readers see, from memory where they are there.
    async fn known_entities(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Arc<Entity>>> {
        let place = self.hot.as_ref().map(|hot| hot.place());
        let mut found = self.hot.as_ref().map(|hot| hot.find(ids)).unwrap_or_default();
        let missing: Vec<Uuid> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if missing.is_empty() && !ids.is_empty() {
            return Ok(found);
        }
        let read: Vec<Arc<Entity>> =
            entities::list_by_id(&self.session, &missing).await?.into_iter().map(Arc::new).collect();
        if let (Some(hot), Some(place)) = (&self.hot, place) {
            hot.keep(place, &read);
        }
        found.extend(read.into_iter().map(|entity| (entity.uuid(), entity)));
        Ok(found)
    }

    /// The author, section, tag or collection with a slug, current or former.
    pub async fn find_entity(
        &self,
        kind: EntityKind,
        language: Option<&LanguageTag>,
        slug: &str,
    ) -> Result<Option<Arc<Entity>>> {
        let found = entities::find_by_slug(&self.session, kind, language, slug).await?.map(Arc::new);
        self.note(|footprint| {
            footprint.others.push(Dependency::Slug(kind));
            match &found {
                Some(found) => footprint.saw(found.uuid(), Parts::EXISTENCE),
                None => footprint.untold = true,
            }
        });
        Ok(found)
    }

    /// The visible entities of a kind, in order.
    pub async fn entity_page(&self, kind: EntityKind, window: &EntityWindow) -> Result<Vec<Arc<Entity>>> {
        let page: Vec<Arc<Entity>> =
            entities::page(&self.session, kind, window).await?.into_iter().map(Arc::new).collect();
        self.note_dependency(|| {
            let end = if window.from_end { page.first() } else { page.last() };
            let end = end.filter(|_| page.len() >= window.limit as usize).map(|end| (end.sort_key(), end.uuid()));
            let (after, before) = (window.after.clone(), window.before.clone());
            let (after, before) = if window.from_end { (end.or(after), before) } else { (after, end.or(before)) };
            let subkind = window.tag_kind.map(|kind| kind.as_str().to_owned());
            Dependency::Directory(DirectoryRead { kind, subkind, after, before })
        });
        self.note(|footprint| page.iter().for_each(|entity| footprint.saw(entity.uuid(), Parts::EXISTENCE)));
        Ok(page)
    }

    /// How many entities of a kind are visible.
    pub async fn entity_count(&self, kind: EntityKind, tag_kind: Option<TagKind>) -> Result<u64> {
        let subkind = tag_kind.map(|kind| kind.as_str().to_owned());
        self.note_dependency(|| Dependency::Directory(DirectoryRead { kind, subkind, after: None, before: None }));
        entities::count(&self.session, kind, tag_kind).await
    }
}
