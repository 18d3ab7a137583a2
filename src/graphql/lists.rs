//! Lists of stories: filters, order, pages.

use super::article::Article;
use super::connection::{Amount, COUNT_COST, PageInfo, Paging, story_cursor};
use super::context::{Page, reading};
use super::enums::Kind;
use super::scalars::{DateTime, Language};
use super::variant::ArticleVariant;
use crate::domain::language::LanguageTag;
use crate::domain::listing::{Filter, Listing, OrderBy, Source, folded};
use crate::error::{Error, FieldError};
use crate::service::Entry;
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

/// The most values that one condition of a filter may list.
const MAX_VALUES: usize = 100;

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
            sections: ids("filter.sections", self.sections, &mut errors),
            sections_only: self.sections_only,
            tags_any: ids("filter.tagsAny", self.tags_any, &mut errors),
            tags_all: ids("filter.tagsAll", self.tags_all, &mut errors),
            tags_none: ids("filter.tagsNone", self.tags_none, &mut errors),
            authors: ids("filter.authors", self.authors, &mut errors),
            kinds: bounded("filter.kinds", self.kinds, &mut errors).into_iter().map(Into::into).collect(),
            published_from: self.published_from.map(micros),
            published_before: self.published_before.map(micros),
            has_variants: bounded("filter.hasVariants", self.has_variants, &mut errors)
                .into_iter()
                .map(|language| language.0)
                .collect(),
            ids: ids("filter.ids", self.ids, &mut errors),
            words: self.text.as_deref().map(words).unwrap_or_default(),
        };
        if errors.is_empty() { Ok(filter) } else { Err(Error::Invalid(errors)) }
    }
}

fn micros(at: DateTime) -> i64 {
    i64::try_from(at.0.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

/// The values of one condition: not none, because that would match nothing, and not too many.
fn bounded<T>(path: &str, values: Option<Vec<T>>, errors: &mut Vec<FieldError>) -> Vec<T> {
    let Some(values) = values else { return Vec::new() };
    let message = match values.len() {
        0 => "an empty list matches nothing; leave it out to match everything".to_owned(),
        1..=MAX_VALUES => return values,
        found => format!("at most {MAX_VALUES} values are accepted, found {found}"),
    };
    errors.push(FieldError { path: path.to_owned(), code: "INVALID", message });
    Vec::new()
}

fn ids<T: FromStr<Err: Display>>(path: &str, values: Option<Vec<ID>>, errors: &mut Vec<FieldError>) -> Vec<T> {
    let values = bounded(path, values, errors);
    let parse = |(index, value): (usize, &ID)| match value.parse() {
        Ok(id) => Some(id),
        Err(error) => {
            let (path, message) = (format!("{path}[{index}]"), T::Err::to_string(&error));
            errors.push(FieldError { path, code: "INVALID", message });
            None
        }
    };
    values.iter().enumerate().filter_map(parse).collect()
}

/// The words of a search, in lower case: at most ten count.
pub fn words(text: &str) -> Vec<String> {
    folded(text).split_whitespace().take(10).map(|word| word.chars().take(100).collect()).collect()
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
    let order = match listing.source {
        Source::Published { order: OrderBy::PublishedAt, ascending: false } => 'p',
        Source::Published { order: OrderBy::PublishedAt, ascending: true } => 'P',
        Source::Published { order: OrderBy::ModifiedAt, ascending: false } => 'm',
        Source::Published { order: OrderBy::ModifiedAt, ascending: true } => 'M',
        Source::Collection(..) => 'c',
    };
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
    Ok(ArticleConnection { listing, entries, page_info, asked, order })
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
