//! Front pages and series: the desk makes a list, and publishes it when it is right.

use super::directory::EntityRow;
use super::entities::{NAME, check_texts, settle};
use crate::domain::entity::{Collection, Entity, EntityKind};
use crate::domain::ids::{ArticleId, CollectionId};
use crate::domain::language::{LanguageTag, Localized, laid_over};
use crate::error::{Error, FieldError, Result};
use crate::service::Work;
use crate::store::desk::{articles, collections, entities};

/// Change a collection; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct CollectionPatch {
    /// Names by language; an empty one takes the name away.
    pub names: Option<Localized>,
    /// Slugs by language; made from the names where a language has none.
    pub slugs: Option<Localized>,
}

/// The most stories on a list.
const ITEMS: usize = 500;

impl Work {
    /// Adds a collection. Readers see it when it is published.
    pub async fn create_collection(&mut self, patch: CollectionPatch) -> Result<EntityRow> {
        self.require_entity(EntityKind::Collection)?;
        let (names, slugs) = (Localized::new(), Localized::new());
        self.change_collection(Collection { id: CollectionId::new(), names, slugs }, patch).await
    }

    /// Changes what a collection is called. Readers who see it see the change at once.
    pub async fn update_collection(
        &mut self,
        id: CollectionId,
        patch: CollectionPatch,
        expected: Option<i32>,
    ) -> Result<EntityRow> {
        match self.held_entity(EntityKind::Collection, id.0, expected).await?.entity {
            Entity::Collection(collection) => self.change_collection(collection, patch).await,
            _ => Err(Error::internal("an entity of another kind")),
        }
    }

    async fn change_collection(&mut self, before: Collection, patch: CollectionPatch) -> Result<EntityRow> {
        let names = laid_over(before.names, patch.names);
        let mut errors = Vec::new();
        check_texts(&mut errors, "names", &names, NAME);
        settle(errors)?;
        let slugs = laid_over(before.slugs, patch.slugs);
        let slugs = self.complete_slugs(EntityKind::Collection, before.id.0, &names, slugs).await?;
        self.save_row(Collection { id: before.id, names, slugs }).await
    }

    /// Replaces the desk's list of a collection in one language. Stories that are not published may be on it; readers
    /// do not see them.
    pub async fn set_collection_items(
        &mut self,
        id: CollectionId,
        language: &LanguageTag,
        stories: Vec<ArticleId>,
        expected: Option<i32>,
    ) -> Result<EntityRow> {
        let held = self.held_entity(EntityKind::Collection, id.0, expected).await?;
        self.check_items(&stories).await?;
        let lists = collections::lists(&self.tx, &[id]).await?.desk.remove(&id).unwrap_or_default();
        let before = lists.into_iter().find(|(own, _)| own == language).map(|(_, stories)| stories);
        if before.unwrap_or_default() != stories {
            collections::replace_list(&self.tx, id, (language.clone(), stories)).await?;
            entities::update_state(&self.tx, &held, self.actor.name(), self.now).await?;
            self.note("collection.set_items", id.0).await?;
        }
        self.entity_row(id.0).await
    }

    async fn check_items(&self, stories: &[ArticleId]) -> Result<()> {
        if stories.len() > ITEMS {
            let message = format!("at most {ITEMS} stories are accepted, found {}", stories.len());
            return settle(vec![FieldError { path: "articleIds".into(), code: "TOO_LONG", message }]);
        }
        let existing = articles::existing(&self.tx, stories).await?;
        let mut errors = Vec::new();
        for (index, story) in stories.iter().enumerate() {
            let path = format!("articleIds[{index}]");
            if !existing.contains(story) {
                errors.push(FieldError { path, code: "NOT_FOUND", message: "there is no such article".into() });
            } else if stories.iter().take(index).any(|other| other == story) {
                errors.push(FieldError { path, code: "DUPLICATE", message: "is on the list already".into() });
            }
        }
        settle(errors)
    }

    /// Puts the desk's lists before the readers, at once in all languages.
    pub async fn publish_collection(&mut self, id: CollectionId, expected: Option<i32>) -> Result<EntityRow> {
        let held = self.held_entity(EntityKind::Collection, id.0, expected).await?;
        if held.archived_at.is_some() {
            let message = "is in the archive; take it out first".to_owned();
            let error = FieldError { path: "collectionId".into(), code: "ARCHIVED", message };
            return Err(Error::Invalid(vec![error]));
        }
        self.show_collection(id).await?;
        entities::update_state(&self.tx, &held, self.actor.name(), self.now).await?;
        self.entity_row(id.0).await
    }
}
