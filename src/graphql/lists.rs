//! Lists of stories: filters, order, pages.

use super::article::Article;
use super::connection::{COUNT_COST, PageInfo, Paging};
use super::context::{Page, reading};
use super::enums::Kind;
use super::scalars::{DateTime, Language};
use super::variant::ArticleVariant;
use crate::domain::language::LanguageTag;
use crate::domain::listing::{Filter, Listing, OrderBy, Source};
use crate::error::Error;
use crate::service::Entry;
use crate::service::conditions::{bounded, micros, parsed, words};
use crate::service::paging::{Amount, order_mark, story_cursor};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use std::sync::Arc;

/// Which stories. All conditions must hold, and each looks at the variant that is served.
#[derive(Debug, Default, InputObject)]
pub struct ArticleFilter {
    /// In one of these sections or in a section below them.
    sections: Option<Vec<ID>>,
    /// Only in `sections` themselves, not in those below them.
    #[graphql(default)]
    sections_only: bool,
    /// With at least one of these tags.
    tags_any: Option<Vec<ID>>,
    /// With all of these tags.
    tags_all: Option<Vec<ID>>,
    /// With none of these tags.
    tags_none: Option<Vec<ID>>,
    /// By one of these authors, whatever the role.
    authors: Option<Vec<ID>>,
    /// Of one of these kinds.
    kinds: Option<Vec<Kind>>,
    /// Published at this moment or later.
    published_from: Option<DateTime>,
    /// Published before this moment.
    published_before: Option<DateTime>,
    /// Published in each of these languages, too.
    has_variants: Option<Vec<Language>>,
    /// One of these stories.
    ids: Option<Vec<ID>>,
    /// With all of these words in headline or deks, upper and lower case alike.
    text: Option<String>,
}

impl ArticleFilter {
    /// Checks every condition and names all that are wrong.
    pub fn parse(self) -> Result<Filter, Error> {
        let mut errors = Vec::new();
        let filter = Filter {
            sections: parsed("filter.sections", texts(self.sections), &mut errors),
            sections_only: self.sections_only,
            tags_any: parsed("filter.tagsAny", texts(self.tags_any), &mut errors),
            tags_all: parsed("filter.tagsAll", texts(self.tags_all), &mut errors),
            tags_none: parsed("filter.tagsNone", texts(self.tags_none), &mut errors),
            authors: parsed("filter.authors", texts(self.authors), &mut errors),
            kinds: bounded("filter.kinds", self.kinds, &mut errors).into_iter().map(Into::into).collect(),
            published_from: self.published_from.map(|at| micros(at.0)),
            published_before: self.published_before.map(|at| micros(at.0)),
            has_variants: bounded("filter.hasVariants", self.has_variants, &mut errors)
                .into_iter()
                .map(|language| language.0)
                .collect(),
            ids: parsed("filter.ids", texts(self.ids), &mut errors),
            words: self.text.as_deref().map(words).unwrap_or_default(),
        };
        if errors.is_empty() { Ok(filter) } else { Err(Error::Invalid(errors)) }
    }
}

fn texts(ids: Option<Vec<ID>>) -> Option<Vec<String>> {
    ids.map(|ids| ids.into_iter().map(|id| id.0).collect())
}

/// By what a list of stories is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ArticleOrderField {
    /// When the served variant was first published.
    PublishedAt,
    /// When the served variant last changed.
    ModifiedAt,
}

/// Which way a list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// Oldest first.
    Asc,
    /// Newest first.
    Desc,
}

/// The order of a list of stories. Ties are broken by id.
#[derive(Debug, InputObject)]
pub struct ArticleOrder {
    /// By what.
    field: ArticleOrderField,
    /// Which way.
    #[graphql(default_with = "OrderDirection::Desc")]
    direction: OrderDirection,
}

impl From<ArticleOrder> for Source {
    fn from(order: ArticleOrder) -> Self {
        let by = match order.field {
            ArticleOrderField::PublishedAt => OrderBy::PublishedAt,
            ArticleOrderField::ModifiedAt => OrderBy::ModifiedAt,
        };
        Self::Published { order: by, ascending: order.direction == OrderDirection::Asc }
    }
}

/// Newest first.
pub const NEWEST: Source = Source::Published { order: OrderBy::PublishedAt, ascending: false };

/// A page of a list of stories: each once, in the best language.
pub struct ArticleConnection {
    listing: Listing,
    entries: Vec<Entry>,
    page_info: PageInfo,
    asked: LanguageTag,
    order: char,
}

/// A story on a list.
#[derive(SimpleObject)]
pub struct ArticleEdge {
    /// The story, whatever its languages.
    node: Article,
    /// The variant that is served.
    variant: ArticleVariant,
    /// Whether the variant is served instead of the language that was asked for.
    served_as_fallback: bool,
    /// Its place, for `after` and `before`.
    cursor: String,
}

/// A page of a list of stories: each once, in the best language.
#[Object]
impl ArticleConnection {
    /// The stories of the page with their places.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<ArticleEdge>> {
        let reading = reading(ctx)?;
        let edge = |(position, variant): &Entry| ArticleEdge {
            node: Article::new(variant.article),
            served_as_fallback: variant.language != self.asked,
            cursor: story_cursor(self.order, *position),
            variant: ArticleVariant::new(reading, variant.clone()),
        };
        Ok(self.entries.iter().map(edge).collect())
    }

    /// The stories of the page.
    async fn nodes(&self) -> Vec<Article> {
        self.entries.iter().map(|(_, variant)| Article::new(variant.article)).collect()
    }

    /// Where the page stands in the list.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many stories the whole list has. Counted only when asked for.
    #[graphql(complexity = "COUNT_COST")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        Ok(reading(ctx)?.load(self.listing.clone()).await?.unwrap_or_default())
    }
}

/// Whether the selection asks for anything of the page of a list.
pub fn wants_page(ctx: &Context<'_>) -> bool {
    let list = ctx.look_ahead();
    ["edges", "nodes", "pageInfo"].iter().any(|field| list.field(field).exists())
}

/// The page of a list.
pub async fn connection(ctx: &Context<'_>, listing: Listing, paging: Paging) -> Result<ArticleConnection> {
    let order = order_mark(&listing);
    let (amount, window): (Amount, _) = paging.window(order)?;
    // Who only wants to know how many there are reads no page.
    let page = if wants_page(ctx) {
        reading(ctx)?.load(Page(listing.clone(), window)).await?.unwrap_or_default()
    } else {
        Arc::default()
    };
    let cursor = |entry: &Entry| story_cursor(order, entry.0);
    let (entries, page_info) = paging.finish(amount, page.to_vec(), cursor);
    let asked = listing.chain.first().cloned().ok_or_else(|| Error::internal("a list without a language"))?;
    Ok(ArticleConnection { listing, entries, page_info: page_info.into(), asked, order })
}

/// The stories that a filter finds, newest first.
pub async fn articles_of(
    ctx: &Context<'_>,
    filter: Filter,
    language: &Language,
    fallback: bool,
    paging: Paging,
) -> Result<ArticleConnection> {
    let chain = reading(ctx)?.chain(Some(language), fallback)?;
    connection(ctx, Listing { chain, filter, source: NEWEST }, paging).await
}
