//! What resolvers of the desk share: who looks, and a loader of snapshots.

use super::actor;
use crate::domain::article::Correction;
use crate::domain::ids::{ArticleId, CorrectionId, RevisionId, VariantId};
use crate::error::Error;
use crate::graphql::context::{NextTurn, Shared, reading};
use crate::service::{App, Desk, RevisionRow};
use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use async_graphql::runtime::TokioSpawner;
use async_graphql::{Context, Result};
use std::collections::HashMap;
use std::sync::Arc;

/// The desk as who asks sees it.
pub struct Sight {
    loader: DataLoader<Batches, HashMapCache>,
}

struct Batches(Desk);

impl Loader<RevisionId> for Batches {
    type Value = Arc<RevisionRow>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RevisionId]) -> Shared<HashMap<RevisionId, Arc<RevisionRow>>> {
        let found = self.0.revisions(keys).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(id, row)| (id, Arc::new(row))).collect())
    }
}

impl Loader<VariantId> for Batches {
    type Value = Vec<Correction>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[VariantId]) -> Shared<HashMap<VariantId, Vec<Correction>>> {
        self.0.corrections(keys).await.map_err(Arc::new)
    }
}

/// The corrections that somebody dismissed for a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct DismissedOf(VariantId);

impl Loader<DismissedOf> for Batches {
    type Value = Vec<CorrectionId>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[DismissedOf]) -> Shared<HashMap<DismissedOf, Vec<CorrectionId>>> {
        let ids: Vec<VariantId> = keys.iter().map(|key| key.0).collect();
        let found = self.0.dismissed(&ids).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(id, list)| (DismissedOf(id), list)).collect())
    }
}

impl Sight {
    /// The desk of who asks; an error for who has no business there, or no longer has.
    pub async fn of(ctx: &Context<'_>) -> Result<Arc<Self>> {
        ctx.data::<App>()?.confirm(actor(ctx)).await?;
        Self::confirmed(ctx).await
    }

    /// The desk of who has just been confirmed, by the mutation that is shown here.
    pub async fn confirmed(ctx: &Context<'_>) -> Result<Arc<Self>> {
        let desk = ctx.data::<App>()?.desk(actor(ctx), reading(ctx)?.reader()).await?;
        let loader = DataLoader::with_cache(Batches(desk), TokioSpawner::current(), NextTurn, HashMapCache::default());
        Ok(Arc::new(Self { loader }))
    }

    /// The desk.
    pub fn desk(&self) -> &Desk {
        &self.loader.loader().0
    }

    /// A snapshot.
    pub async fn revision(&self, id: RevisionId) -> Result<Arc<RevisionRow>> {
        let found = self.loader.load_one(id).await?;
        found.ok_or_else(|| Error::NotFound { kind: "revision", id: id.to_string() }.into())
    }

    /// The public notes on a variant.
    pub async fn corrections(&self, id: VariantId) -> Result<Vec<Correction>> {
        Ok(self.loader.load_one(id).await?.unwrap_or_default())
    }

    /// The corrections of other languages that a variant needs not carry.
    pub async fn dismissed(&self, id: VariantId) -> Result<Vec<CorrectionId>> {
        Ok(self.loader.load_one(DismissedOf(id)).await?.unwrap_or_default())
    }

    /// Stories in this order; those that are not to be seen are left out.
    pub async fn stories(self: &Arc<Self>, ids: &[ArticleId]) -> Result<Vec<super::article::DeskArticle>> {
        let mut found = self.desk().stories(ids).await?;
        let story = |id: &ArticleId| {
            let (row, variants) = found.remove(id)?;
            Some(super::article::DeskArticle { sight: self.clone(), row: Arc::new(row), variants: variants.into() })
        };
        Ok(ids.iter().filter_map(story).collect())
    }

    /// A story.
    pub async fn story(self: &Arc<Self>, id: ArticleId) -> Result<Option<super::article::DeskArticle>> {
        Ok(self.stories(&[id]).await?.pop())
    }

    /// A variant.
    pub async fn variant(self: &Arc<Self>, id: VariantId) -> Result<Option<super::variant::DeskVariant>> {
        let Some((row, variants)) = self.desk().story_of(id).await? else { return Ok(None) };
        let story = super::article::DeskArticle { sight: self.clone(), row: Arc::new(row), variants: variants.into() };
        Ok(story.into_variants().find(|variant| variant.row.variant.id == id))
    }
}
