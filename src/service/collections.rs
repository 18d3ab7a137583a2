//! Collections as importers bring them in: the desk's lists, and then what readers see of them.

use super::Work;
use crate::domain::effect::Effect;
use crate::domain::entity::EntityKind;
use crate::domain::ids::CollectionId;
use crate::domain::published::ChangeKind;
use crate::error::Result;
use crate::store::desk::collections::{self, List};
use crate::store::live::{collections as live, visible};
use crate::store::log;
use std::collections::BTreeSet;

impl Work {
    /// Replaces what the desk has on a collection, per language in order.
    pub async fn list_on_collection(&mut self, id: CollectionId, lists: &[List]) -> Result<()> {
        collections::replace(&self.tx, id, lists).await?;
        self.note("collection.set_items", id.0).await
    }

    /// Puts the desk's lists of a collection before the readers, at once in all languages.
    pub async fn show_collection(&mut self, id: CollectionId) -> Result<()> {
        let lists = collections::lists(&self.tx, &[id]).await?.desk.remove(&id).unwrap_or_default();
        let changed = live::replace_items(&self.tx, id, &lists).await?;
        let entities = visible::show_entities(&self.tx, &BTreeSet::from([id.0])).await?;
        self.note("collection.publish", id.0).await?;
        let payload = log::Payload { entity: Some((EntityKind::Collection, id.0)) };
        let effect = Effect { collection: Some(changed), entities, ..Effect::default() };
        self.append(ChangeKind::CollectionPublished, payload, effect).await
    }
}
