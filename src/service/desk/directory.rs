//! What staff read of authors, sections, tags, images and collections.

pub use crate::store::desk::directory::EntityFilter;

use super::reading::Desk;
use super::redirects::Redirect;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::{ArticleId, CollectionId};
use crate::error::{Error, Result};
use crate::service::Work;
use crate::store::desk::collections::{self, List, Lists};
use crate::store::desk::entities::{self, DeskEntity};
use crate::store::desk::{directory, redirects};
use crate::store::live::entities::EntityPosition;
use uuid::Uuid;

/// An entity as the desk has it, and for a collection what is on it.
#[derive(Debug, Clone)]
pub struct EntityRow {
    /// The entity.
    pub desk: DeskEntity,
    /// The desk's lists of a collection.
    pub items: Vec<List>,
    /// What readers see of them.
    pub published: Vec<List>,
}

fn with_lists(desk: DeskEntity, lists: &mut Lists) -> EntityRow {
    let Entity::Collection(collection) = &desk.entity else {
        return EntityRow { desk, items: Vec::new(), published: Vec::new() };
    };
    let id = collection.id;
    let items = lists.desk.remove(&id).unwrap_or_default();
    EntityRow { desk, items, published: lists.live.remove(&id).unwrap_or_default() }
}

fn collections_in(found: &[DeskEntity]) -> Vec<CollectionId> {
    let id = |row: &DeskEntity| match &row.entity {
        Entity::Collection(collection) => Some(collection.id),
        _ => None,
    };
    found.iter().filter_map(id).collect()
}

impl Desk {
    /// The entities of a kind behind a place, in order.
    pub async fn entities(
        &self,
        kind: EntityKind,
        filter: &EntityFilter,
        after: Option<&EntityPosition>,
        limit: u32,
    ) -> Result<Vec<EntityRow>> {
        let found = directory::page(&self.session, kind, filter, after, limit).await?;
        let mut lists = collections::read(&self.session, &collections_in(&found)).await?;
        Ok(found.into_iter().map(|desk| with_lists(desk, &mut lists)).collect())
    }

    /// An entity of a kind; one that was merged is what it was merged into.
    pub async fn entity(&self, kind: EntityKind, id: Uuid) -> Result<Option<EntityRow>> {
        let found = directory::find(&self.session, id).await?.filter(|found| found.entity.kind() == kind);
        let Some(found) = found else { return Ok(None) };
        let mut lists = collections::read(&self.session, &collections_in(std::slice::from_ref(&found))).await?;
        Ok(Some(with_lists(found, &mut lists)))
    }

    /// The paths that lead to a story which is to be seen.
    pub async fn redirects(&self, article: ArticleId) -> Result<Vec<Redirect>> {
        if !self.stories(&[article]).await?.contains_key(&article) {
            return Err(Error::NotFound { kind: "article", id: article.to_string() });
        }
        redirects::of_article(&self.session, article).await
    }
}

impl Work {
    /// An entity as it stands now.
    pub(super) async fn entity_row(&self, id: Uuid) -> Result<EntityRow> {
        let found = entities::find(&self.tx, id).await?;
        let found = found.ok_or_else(|| Error::internal("what was saved is missing"))?;
        let mut lists = match collections_in(std::slice::from_ref(&found)).as_slice() {
            [] => Lists::default(),
            own => collections::lists(&self.tx, own).await?,
        };
        Ok(with_lists(found, &mut lists))
    }
}
