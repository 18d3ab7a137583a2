//! Saving what articles refer to. What an author or a tag is called is live when it is saved.

use super::Work;
use crate::domain::effect::Effect;
use crate::domain::entity::{Entity, EntityKind, Section};
use crate::domain::ids::SectionId;
use crate::domain::language::LanguageTag;
use crate::domain::published::ChangeKind;
use crate::domain::slug;
use crate::error::{Error, FieldError, Result};
use crate::store::desk::entities::{self, Saving};
use crate::store::live::{sections, visible};
use crate::store::log;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What saving did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is new.
    Created,
    /// It was there and is different now.
    Updated,
    /// It was there already, exactly so.
    Unchanged,
}

impl Work {
    /// Adds or replaces an author, section, tag, image or collection. Readers who see it see the change at once.
    pub async fn save_entity(&mut self, entity: &Entity) -> Result<Saved> {
        let before = entities::lock(&self.tx, entity.uuid()).await?;
        if before.as_ref().is_some_and(|before| before.entity == *entity) {
            return Ok(Saved::Unchanged);
        }
        Box::pin(self.check_entity(entity)).await?;
        let doc = document(entity)?;
        let version = before.as_ref().map(|before| before.version);
        let saving = Saving { entity, doc: &doc, version, by: self.actor.name() };
        entities::save(&self.tx, saving, self.now).await?;
        for (scope, text) in entity.slugs() {
            let scope = scope.map(LanguageTag::as_str).unwrap_or_default();
            entities::take_slug(&self.tx, entity.kind().as_str(), scope, text, entity.uuid(), before.is_none()).await?;
        }
        let action = if before.is_some() { "entity.update" } else { "entity.create" };
        self.note(action, entity.uuid()).await?;
        let Some(before) = before else { return Ok(Saved::Created) };
        if let Some(changed) = visible::refresh_entity(&self.tx, &before.entity, entity, &doc).await? {
            let mut entities = vec![changed];
            if let Entity::Author(author) = entity
                && let Some(portrait) = author.portrait
            {
                entities.extend(visible::show_along(&self.tx, author.id.0, portrait.0).await?);
            }
            self.append_entity(entity.kind(), entity.uuid(), Effect { entities, ..Effect::default() }).await?;
            if let (Entity::Section(before), Entity::Section(now)) = (&before.entity, entity) {
                Box::pin(self.change_above(before, now)).await?;
            }
        }
        Ok(Saved::Updated)
    }

    /// Puts what is published in a section into the lists of the sections that are above it now.
    async fn change_above(&mut self, before: &Section, now: &Section) -> Result<()> {
        let not_in = |some: &[SectionId], others: &[SectionId]| -> Vec<Uuid> {
            some.iter().filter(|id| !others.contains(id)).map(|id| id.0).collect()
        };
        let gone = not_in(&before.ancestors, &now.ancestors);
        let added = not_in(&now.ancestors, &before.ancestors);
        if gone.is_empty() && added.is_empty() {
            return Ok(());
        }
        let mut moved = sections::change_above(&self.tx, now.id.0, &gone, &added).await?;
        for section in gone.into_iter().chain(added) {
            let relisted = moved.relisted.iter().copied().filter(|changed| *changed == section).collect();
            let effect = Effect { entities: std::mem::take(&mut moved.entities), relisted, ..Effect::default() };
            self.append_entity(EntityKind::Section, section, effect).await?;
        }
        Ok(())
    }

    /// Tells that what readers see of an entity, or of the list of its stories, changed.
    pub(super) async fn append_entity(&mut self, kind: EntityKind, id: Uuid, effect: Effect) -> Result<()> {
        self.append(ChangeKind::EntityChanged, log::Payload { entity: Some((kind, id)) }, effect).await
    }

    pub(super) async fn append(&mut self, kind: ChangeKind, payload: log::Payload, effect: Effect) -> Result<()> {
        let (article, language, revision) = (None, None, None);
        self.append_all(vec![log::NewEvent { kind, article, language, revision, at: self.now, payload, effect }]).await
    }

    pub(super) async fn append_all(&mut self, events: Vec<log::NewEvent>) -> Result<()> {
        self.told = self.told.max(log::append_all(&self.tx, events).await?);
        Ok(())
    }

    async fn check_entity(&self, entity: &Entity) -> Result<()> {
        let mut errors = Vec::new();
        let names = match entity {
            Entity::Author(author) => Some(&author.names),
            Entity::Section(section) => Some(&section.names),
            Entity::Tag(tag) => Some(&tag.names),
            Entity::Collection(collection) => Some(&collection.names),
            Entity::Image(_) => None,
        };
        if names.is_some_and(|names| names.is_empty() || names.values().any(|name| name.trim().is_empty())) {
            let message = "a name is needed in at least one language, and no name may be blank".to_owned();
            errors.push(FieldError { path: "names".into(), code: "REQUIRED", message });
        }
        for (scope, text) in entity.slugs() {
            let path = scope.map_or("slug".to_owned(), |language| format!("slugs.{language}"));
            if let Err(error) = slug::check(text) {
                errors.push(FieldError { path, code: "INVALID", message: error.to_string() });
                continue;
            }
            let scope = scope.map(LanguageTag::as_str).unwrap_or_default();
            let owner = entities::find_by_slug(&self.tx, entity.kind().as_str(), scope, text).await?;
            if owner.is_some_and(|owner| owner != entity.uuid()) {
                let message = format!("`{text}` already names another {}", entity.kind());
                errors.push(FieldError { path, code: "TAKEN", message });
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    /// The entity that has the slug, current or former.
    pub async fn find_entity_by_slug(
        &self,
        kind: EntityKind,
        language: Option<&LanguageTag>,
        slug: &str,
    ) -> Result<Option<Uuid>> {
        let scope = language.map(LanguageTag::as_str).unwrap_or_default();
        entities::find_by_slug(&self.tx, kind.as_str(), scope, slug).await
    }

    /// An entity as the desk has it.
    pub async fn find_entity(&self, id: Uuid) -> Result<Option<Entity>> {
        Ok(entities::find(&self.tx, id).await?.map(|found| found.entity))
    }

    /// Everything that an article with these references shows: the entities, the sections above, the portraits.
    pub(super) async fn with_relatives(&self, ids: BTreeSet<Uuid>) -> Result<(BTreeSet<Uuid>, Vec<Uuid>)> {
        let mut above = Vec::new();
        let mut all = ids.clone();
        for entity in entities::list(&self.tx, ids).await? {
            match entity {
                Entity::Section(section) => above.extend(section.ancestors.iter().map(|id| id.0)),
                Entity::Author(author) => all.extend(author.portrait.map(|id| id.0)),
                Entity::Tag(_) | Entity::Image(_) | Entity::Collection(_) => {}
            }
        }
        all.extend(&above);
        Ok((all, above))
    }
}

fn document(entity: &Entity) -> Result<String> {
    match entity {
        Entity::Author(author) => serde_json::to_string(author),
        Entity::Section(section) => serde_json::to_string(section),
        Entity::Tag(tag) => serde_json::to_string(tag),
        Entity::Image(image) => serde_json::to_string(image),
        Entity::Collection(collection) => serde_json::to_string(collection),
    }
    .map_err(Error::internal)
}
