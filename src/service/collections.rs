//! Publishing a collection: its list takes the place of the old one at once.

use super::Work;
use crate::domain::entity::EntityKind;
use crate::domain::ids::{ArticleId, CollectionId};
use crate::domain::language::LanguageTag;
use crate::domain::published::ChangeKind;
use crate::error::Result;
use crate::store::desk::entities;
use crate::store::live::write;
use crate::store::log;
use std::collections::BTreeSet;

impl Work {
    /// Replaces what is on a collection, per language in order, for the desk and for readers.
    pub async fn publish_collection(
        &mut self,
        id: CollectionId,
        lists: &[(LanguageTag, Vec<ArticleId>)],
    ) -> Result<()> {
        entities::replace_items(&self.tx, id, lists).await?;
        write::replace_items(&self.tx, id, lists).await?;
        write::show_entities(&self.tx, &BTreeSet::from([id.0])).await?;
        self.note("collection.publish", id.0).await?;
        let payload = log::Payload { entity: Some((EntityKind::Collection, id.0)) };
        self.append(ChangeKind::CollectionPublished, payload).await
    }
}
