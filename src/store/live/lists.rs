//! Lists of published stories, in order and by index.
//!
//! A list with fallback is the union of one ordered list per language of the chain. A story is in the list of the best
//! language that it is published in, and in no other: the anti-join on `(article_id, language)` sees to that. Each part
//! walks an index, the union merges them, and nothing is sorted. Several lists go out as one statement.

use super::document;
use crate::domain::article::Kind;
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::listing::{Filter, Listing, OrderBy, Position, Source, Window};
use crate::domain::published::PublishedVariant;
use crate::domain::related::Candidate;
use crate::error::Result;
use crate::store::Session;
use crate::store::moment::moment;
use crate::store::sql::{Sql, contains};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The end of an `EXISTS` that is asked for each row that is walked. Without a limit PostgreSQL would make it a join, and
/// read a whole table to join a page.
pub(super) const ONE_BY_ONE: &str = " LIMIT 1 OFFSET 0)";

/// A story on a list: where it stands, and the variant that is served.
pub type Entry = (Position, Arc<PublishedVariant>);

/// So many lists go out as one statement: SQLite refuses a union of more than 500 parts.
const LISTS_PER_STATEMENT: usize = 100;

/// The stories of each list within its window, always in the list's own order.
pub async fn pages(session: &Session, lists: &[(Listing, Window)]) -> Result<Vec<Vec<Entry>>> {
    let mut pages = Vec::with_capacity(lists.len());
    for lists in lists.chunks(LISTS_PER_STATEMENT) {
        pages.extend(some_pages(session, lists).await?);
    }
    Ok(pages)
}

/// The statement for the pages of several lists.
fn pages_statement(lists: &[(Listing, Window)]) -> Sql {
    let mut sql = Sql::default();
    for (index, (listing, window)) in lists.iter().enumerate() {
        // Only one list may stand without brackets, and brackets cost SQLite the order of the index.
        let (open, close) = if lists.len() > 1 { ("SELECT * FROM (", ") AS page") } else { ("", "") };
        sql.push(if index > 0 { " UNION ALL " } else { "" }).push(open);
        page(&mut sql, index, listing, window);
        sql.push(close);
        if lists.len() > 1 {
            sql.number(index);
        }
    }
    sql
}

async fn some_pages(session: &Session, lists: &[(Listing, Window)]) -> Result<Vec<Vec<Entry>>> {
    let sql = pages_statement(lists);
    let mut pages: Vec<Vec<Entry>> = lists.iter().map(|_| Vec::new()).collect();
    for row in session.all(sql).await? {
        let index: i32 = row.try_get_by_index(0)?;
        if let Some(page) = usize::try_from(index).ok().and_then(|index| pages.get_mut(index)) {
            let at = row.try_get_by_index(1)?;
            let variant: PublishedVariant = document(&row, 3)?;
            page.push((Position { at, article: variant.article }, Arc::new(variant)));
        }
    }
    for (page, (listing, _)) in pages.iter_mut().zip(lists) {
        // A union promises no order between its parts, and the end of a list is read backwards.
        page.sort_by_key(|(position, _)| *position);
        if !listing.ascending() {
            page.reverse();
        }
    }
    Ok(pages)
}

fn page(sql: &mut Sql, index: usize, listing: &Listing, window: &Window) {
    let walked = Walked::of(listing);
    let direction = if listing.ascending() == window.from_end { " DESC" } else { "" };
    // Each part ends by itself: only then does PostgreSQL see that walking the index is all there is to do. The number is
    // part of the statement, because a plan for "some limit" is a plan for a tenth of the table.
    let end = |sql: &mut Sql| {
        sql.push(" ORDER BY at").push(direction).push(", tie").push(direction);
        sql.push(" LIMIT ").number(window.limit as usize);
    };
    for rank in 0..listing.chain.len() {
        sql.push(if rank > 0 { " UNION ALL " } else { "" }).push("SELECT * FROM (SELECT ").number(index);
        // The walked table's own columns, or the planner does not see that they come in order.
        sql.push(" AS list, ").push(walked.column).push(" AS at, ");
        sql.push(walked.alias).push(".article_id AS tie, v.card");
        part(sql, listing, rank, window, true);
        end(sql);
        sql.push(") AS part").number(rank);
    }
    if listing.chain.len() > 1 {
        end(sql);
    }
}

/// The table whose index a list walks.
struct Walked {
    table: &'static str,
    alias: &'static str,
    /// What the list is ordered by.
    column: &'static str,
    /// Whether the served variant's language is a column of the walked table.
    has_language: bool,
    facet: Option<Uuid>,
}

impl Walked {
    fn of(listing: &Listing) -> Self {
        let facet = listing.filter.driving_facet();
        let (table, alias, column) = match (&listing.source, facet) {
            (Source::Collection(..), _) => ("live_collection_item", "w", "w.place"),
            (Source::Published { order: OrderBy::PublishedAt, .. }, Some(_)) => ("live_facet", "w", "w.published_at"),
            (Source::Published { order: OrderBy::ModifiedAt, .. }, Some(_)) => ("live_facet", "w", "w.modified_at"),
            (Source::Published { order: OrderBy::PublishedAt, .. }, None) => ("live_variant", "v", "v.published_at"),
            (Source::Published { order: OrderBy::ModifiedAt, .. }, None) => ("live_variant", "v", "v.modified_at"),
        };
        let is_collection = matches!(listing.source, Source::Collection(..));
        Self { table, alias, column, has_language: !is_collection, facet: facet.filter(|_| !is_collection) }
    }
}

/// `FROM … WHERE …` of one language of the chain. With `cards`, `v` is the variant whatever is walked.
fn part(sql: &mut Sql, listing: &Listing, rank: usize, window: &Window, cards: bool) {
    let walked = Walked::of(listing);
    let walk = walked.alias;
    let own = listing.chain.get(rank).map(LanguageTag::as_str).unwrap_or_default();
    sql.push(" FROM ").push(walked.table).push(" ").push(walk);
    let joined = !walked.has_language || walk != "v" && (cards || !listing.filter.words.is_empty());
    if joined {
        sql.push(" JOIN live_variant v ON v.article_id = w.article_id AND v.language = ").bind(own);
    }
    sql.push(" WHERE ");
    if let Source::Collection(collection, language) = &listing.source {
        sql.push("w.collection_id = ").bind(collection.0).push(" AND w.language = ").bind(language.as_str());
    } else {
        sql.push(walk).push(".language = ").bind(own);
    }
    if let Some(facet) = walked.facet {
        sql.push(" AND w.facet_id = ").bind(facet);
    }
    let (behind, ahead) = if listing.ascending() { (" > ", " < ") } else { (" < ", " > ") };
    for (position, side) in [(window.after, behind), (window.before, ahead)] {
        if let Some(Position { at, article }) = position {
            sql.push(" AND (").push(walked.column).push(", ").push(walk).push(".article_id)");
            sql.push(side).push("(").bind(at).push(", ").bind(article.0).push(")");
        }
    }
    if rank > 0 {
        sql.push(" AND NOT EXISTS (SELECT 1 FROM live_variant o WHERE o.article_id = ").push(walk);
        sql.push(".article_id AND o.language IN ");
        sql.list(listing.chain.iter().take(rank).map(LanguageTag::as_str)).push(ONE_BY_ONE);
    }
    if window.limit > 0 {
        (0..rank).for_each(|better| bound(sql, listing, better, window));
    }
    conditions(sql, &listing.filter, &walked, own);
}

/// A page ends at the latest where a better language alone fills it. Without this, the fallback part of a newsroom that
/// translates everything would walk its whole index to find that nothing is left for it.
fn bound(sql: &mut Sql, listing: &Listing, better: usize, window: &Window) {
    let walked = Walked::of(listing);
    let (side, direction, end) = if listing.ascending() == window.from_end {
        (" >= ", " DESC", "-9223372036854775808")
    } else {
        (" <= ", "", "9223372036854775807")
    };
    sql.push(" AND ").push(walked.column).push(side).push("COALESCE((SELECT ").push(walked.column);
    part(sql, listing, better, window, false);
    sql.push(" ORDER BY ").push(walked.column).push(direction).push(", ").push(walked.alias).push(".article_id");
    sql.push(direction).push(" LIMIT 1 OFFSET ").number(window.limit as usize - 1).push("), ").push(end).push(")");
}

/// The conditions that the walked index does not answer itself.
fn conditions(sql: &mut Sql, filter: &Filter, walked: &Walked, language: &str) {
    let walk = walked.alias;
    let any = |sql: &mut Sql, facets: Vec<Uuid>, not: &str, and: &str| {
        let answered = and.is_empty() && matches!(facets.as_slice(), [one] if Some(*one) == walked.facet);
        if !facets.is_empty() && !answered {
            sql.push(" AND ").push(not).push("EXISTS (SELECT 1 FROM live_facet f WHERE f.facet_id IN ").ids(facets);
            sql.push(" AND f.language = ").bind(language).push(" AND f.article_id = ").push(walk);
            sql.push(".article_id").push(and).push(ONE_BY_ONE);
        }
    };
    any(sql, filter.tags_any.iter().map(|tag| tag.0).collect(), "", "");
    for tag in &filter.tags_all {
        any(sql, vec![tag.0], "", "");
    }
    any(sql, filter.authors.iter().map(|author| author.0).collect(), "", "");
    let direct = if filter.sections_only { " AND f.direct" } else { "" };
    any(sql, filter.sections.iter().map(|section| section.0).collect(), "", direct);
    any(sql, filter.kinds.iter().copied().map(Kind::facet).collect(), "", "");
    // Never the walked one: a list that walks a tag and bans it is empty all the same.
    any(sql, filter.tags_none.iter().map(|tag| tag.0).collect(), "NOT ", " AND 1 = 1");
    for (moment, side) in [(filter.published_from, " >= "), (filter.published_before, " < ")] {
        if let Some(moment) = moment {
            let table = if walked.has_language { walk } else { "v" };
            sql.push(" AND ").push(table).push(".published_at").push(side).bind(moment);
        }
    }
    for wanted in &filter.has_variants {
        sql.push(" AND EXISTS (SELECT 1 FROM live_variant h WHERE h.article_id = ").push(walk);
        sql.push(".article_id AND h.language = ").bind(wanted.as_str()).push(")");
    }
    if !filter.ids.is_empty() {
        sql.push(" AND ").push(walk).push(".article_id IN ").ids(filter.ids.iter().map(|id| id.0));
    }
    for word in &filter.words {
        sql.push(" AND v.search_text LIKE ").bind(contains(word)).push(" ESCAPE '\\'");
    }
}

/// How many stories each list has.
pub async fn counts(session: &Session, lists: &[Listing]) -> Result<Vec<u64>> {
    let mut counts = Vec::with_capacity(lists.len());
    for lists in lists.chunks(LISTS_PER_STATEMENT) {
        counts.extend(some_counts(session, lists).await?);
    }
    Ok(counts)
}

async fn some_counts(session: &Session, lists: &[Listing]) -> Result<Vec<u64>> {
    let everything = Window { after: None, before: None, limit: 0, from_end: false };
    let mut sql = Sql::default();
    for (index, listing) in lists.iter().enumerate() {
        sql.push(if index > 0 { " UNION ALL SELECT " } else { "SELECT " }).number(index).push(" AS list, 0");
        for rank in 0..listing.chain.len() {
            sql.push(" + (SELECT count(*)");
            part(&mut sql, listing, rank, &everything, false);
            sql.push(")");
        }
        sql.push(" AS total");
    }
    let mut counts = vec![0; lists.len()];
    for row in session.all(sql).await? {
        let (index, count): (i32, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if let Some(slot) = usize::try_from(index).ok().and_then(|index| counts.get_mut(index)) {
            *slot = u64::try_from(count).unwrap_or(0);
        }
    }
    Ok(counts)
}

/// The newest stories of each tag, section or author, at most `limit` per facet and language of the chain.
pub async fn newest(
    session: &Session,
    facets: &[Uuid],
    chain: &[LanguageTag],
    limit: u32,
) -> Result<HashMap<Uuid, Vec<Candidate>>> {
    let mut found = HashMap::new();
    for facets in facets.chunks(LISTS_PER_STATEMENT) {
        found.extend(some_newest(session, facets, chain, limit).await?);
    }
    Ok(found)
}

fn newest_statement(facets: &[Uuid], chain: &[LanguageTag], limit: u32) -> Sql {
    let mut sql = Sql::default();
    let window = Window { after: None, before: None, limit, from_end: false };
    for (index, (facet, rank)) in facets.iter().flat_map(|f| (0..chain.len()).map(move |rank| (f, rank))).enumerate() {
        sql.push(if index > 0 { " UNION ALL " } else { "" }).push("SELECT * FROM (SELECT ").number(index / chain.len());
        sql.push(" AS facet, ").number(rank).push(" AS rank, w.article_id, w.published_at");
        let filter = Filter { tags_all: vec![crate::domain::ids::TagId(*facet)], ..Filter::default() };
        let source = Source::Published { order: OrderBy::PublishedAt, ascending: false };
        let listing = Listing { chain: chain.to_vec(), filter, source };
        part(&mut sql, &listing, rank, &window, false);
        sql.push(" ORDER BY w.published_at DESC, w.article_id DESC LIMIT ").number(limit as usize).push(") AS part");
        sql.number(index);
    }
    sql
}

async fn some_newest(
    session: &Session,
    facets: &[Uuid],
    chain: &[LanguageTag],
    limit: u32,
) -> Result<HashMap<Uuid, Vec<Candidate>>> {
    let sql = newest_statement(facets, chain, limit);
    let mut found: HashMap<Uuid, Vec<Candidate>> = HashMap::new();
    for row in session.all(sql).await? {
        let (facet, rank): (i32, i32) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let Some(facet) = usize::try_from(facet).ok().and_then(|index| facets.get(index)) else { continue };
        found.entry(*facet).or_default().push(Candidate {
            article: ArticleId(row.try_get_by_index(2)?),
            published_at: moment(row.try_get_by_index(3)?, 0),
            fallback: rank > 0,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod plans;
