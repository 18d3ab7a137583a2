//! `Collection`: a front page, a series.

use super::connection::{Paging, page_cost};
use super::context::reading;
use super::entities::{LocalizedText, all_texts};
use super::lists::{ArticleConnection, connection};
use super::scalars::Language;
use super::seen::{Seen, loaded};
use crate::domain::effect::Parts;
use crate::domain::entity::Entity;
use crate::domain::listing::{Filter, Listing, Source};
use crate::domain::{entity, ids};
use crate::error::Error;
use crate::service::Notes;
use async_graphql::{Context, ID, Object, Result};
use futures_util::FutureExt;
use std::sync::Arc;
use uuid::Uuid;

/// A curated, ordered list of stories per language: a front page, a series.
pub struct Collection(Seen);
loaded! {
    Collection(entity::Collection, ids::CollectionId, Collection);
}

impl Collection {
    /// Several collections, in order.
    pub async fn load_all(ctx: &Context<'_>, ids: Vec<ids::CollectionId>) -> Result<Vec<Self>> {
        let reading = reading(ctx)?;
        let ids: Vec<Uuid> = ids.into_iter().map(|id| id.0).collect();
        let found = reading.entities(&ids).await?;
        Ok(found.into_iter().filter_map(|entity| Self::from_entity(reading.reader().notes(), entity)).collect())
    }
}

/// A curated, ordered list of stories per language: a front page, a series.
#[Object]
impl Collection {
    /// `col_` and 26 characters.
    pub async fn id(&self) -> Result<ID> {
        Ok(self.plain()?.id.to_string().into())
    }

    /// The name for readers of a language.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<String> {
        Ok(self.0.required_text(reading(ctx)?, Parts::TITLE, &self.plain()?.names, &language)?)
    }

    /// The name in every language that it is known in.
    async fn names(&self) -> Result<Vec<LocalizedText>> {
        Ok(all_texts(&self.read(Parts::TITLE.and(Parts::LANGUAGES))?.names))
    }

    /// The slug for readers of a language.
    async fn slug(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<String> {
        Ok(self.0.required_text(reading(ctx)?, Parts::SLUG, &self.plain()?.slugs, &language)?)
    }

    /// The stories on the list of a language, in the editor's order. Where that language has no list, the list of the
    /// first language of the configured chain that has one.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
        #[graphql(default, desc = "Serve the best other language of the configured chain.")] fallback: bool,
        #[graphql(desc = "The first so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<ArticleConnection> {
        let reading = reading(ctx)?;
        let id = self.plain()?.id;
        let languages = reading.load(id).await?.unwrap_or_default();
        let wanted = reading.chain(Some(&language), true)?;
        let own = wanted.into_iter().find(|language| languages.contains(language));
        let list = own.map_or_else(|| reading.language(Some(&language)), Ok)?;
        let chain = reading.chain(Some(&language), fallback)?;
        let listing = Listing { chain, filter: Filter::default(), source: Source::Collection(id, list) };
        connection(ctx, listing, Paging { first, after, last, before }).boxed().await
    }
}
