//! Published stories, found by what a reader has in hand.

use super::entities::readable;
use super::lists::ONE_BY_ONE;
use super::{document, text_column};
use crate::domain::body::Body;
use crate::domain::entity::Entity;
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::published::PublishedVariant;
use crate::error::{Error, Result};
use crate::store::Session;
use crate::store::sql::Sql;
use sea_orm::QueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// How a reader names a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// By its id.
    Id(ArticleId),
    /// By a slug, current or former, in a language.
    Slug(LanguageTag, String),
    /// By its id in the system that it came from.
    External(String, String),
    /// By a path that it had elsewhere.
    Path(String),
}

/// A story, and what was asked for along with it.
#[derive(Debug, Default)]
pub struct Found {
    /// All its published variants.
    pub variants: Vec<PublishedVariant>,
    /// Bodies of variants.
    pub bodies: Vec<(VariantId, Body)>,
    /// What it refers to: authors, tags, section, pictures.
    pub entities: Vec<Entity>,
}

/// What to bring along with a story in the same statement.
#[derive(Debug, Clone, Copy, Default)]
pub struct Along<'a> {
    /// The bodies in these languages.
    pub bodies: &'a [LanguageTag],
    /// What the story refers to.
    pub entities: bool,
}

/// The story of that name. Without variants if there is none.
pub async fn find(session: &Session, key: &Key, along: Along<'_>) -> Result<Found> {
    read(&session.all(find_statement(key, along)).await?)
}

/// Several stories, all their published variants, and what was asked for along with them, in one statement.
pub async fn list(session: &Session, articles: &[ArticleId], along: Along<'_>) -> Result<Found> {
    let of = |sql: &mut Sql, table: &str| {
        sql.push(" WHERE ").push(table).push(".article_id IN ").ids(articles.iter().map(|id| id.0));
    };
    read(&session.all(along_statement(of, along)).await?)
}

fn read(rows: &[QueryResult]) -> Result<Found> {
    let mut found = Found::default();
    for row in rows {
        if text_column(row, 0)? != VARIANT {
            found.entities.extend(readable(row));
            continue;
        }
        let variant: PublishedVariant = document(row, 1)?;
        let body: Option<String> = row.try_get_by_index(2)?;
        if let Some(body) = body {
            found.bodies.push((variant.id, serde_json::from_str(&body).map_err(Error::internal)?));
        }
        found.variants.push(variant);
    }
    Ok(found)
}

/// What a row of [`find`] is that is no entity.
const VARIANT: &str = "variant";

pub(super) fn find_statement(key: &Key, along: Along<'_>) -> Sql {
    along_statement(|sql, table| named(sql, key, table), along)
}

/// `of` adds which stories the rows of a table are to be of.
fn along_statement(of: impl Fn(&mut Sql, &str), along: Along<'_>) -> Sql {
    let mut sql = Sql::new("SELECT '");
    sql.push(VARIANT).push("', v.card, ");
    if along.bodies.is_empty() {
        sql.push("NULL");
    } else {
        sql.push("CASE WHEN v.language IN ")
            .list(along.bodies.iter().map(LanguageTag::as_str))
            .push(" THEN v.body END");
    }
    sql.push(" FROM live_variant v");
    of(&mut sql, "v");
    if along.entities {
        sql.push(" UNION ALL SELECT e.kind, e.doc, NULL FROM live_entity e WHERE e.id IN (");
        sql.push("SELECT r.entity_id FROM live_reference r");
        of(&mut sql, "r");
        sql.push(")");
    }
    sql
}

/// All published variants of several stories.
pub async fn list_variants(session: &Session, articles: &[ArticleId]) -> Result<Vec<PublishedVariant>> {
    let mut sql = Sql::new("SELECT v.card FROM live_variant v WHERE v.article_id IN ");
    sql.ids(articles.iter().map(|id| id.0));
    session.all(sql).await?.iter().map(|row| document(row, 0)).collect()
}

/// A variant, and its lead image where that was asked for.
pub type WithImage = (PublishedVariant, Option<Entity>);

/// Several stories, each in the best language of the chain, perhaps with their lead images.
pub async fn list_served(
    session: &Session,
    articles: &[ArticleId],
    chain: &[LanguageTag],
    images: bool,
) -> Result<Vec<WithImage>> {
    let sql = served_statement(articles, chain, images);
    let read = |row: &QueryResult| {
        let kind: Option<String> = row.try_get_by_index(0)?;
        Ok((document(row, 2)?, kind.and_then(|_| readable(row))))
    };
    session.all(sql).await?.iter().map(read).collect()
}

pub(super) fn served_statement(articles: &[ArticleId], chain: &[LanguageTag], images: bool) -> Sql {
    let mut sql = Sql::new(if images { "SELECT e.kind, e.doc" } else { "SELECT NULL, NULL" });
    sql.push(", v.card FROM live_variant v");
    if images {
        sql.push(" LEFT JOIN live_entity e ON e.id = v.lead_image_id");
    }
    sql.push(" WHERE v.article_id IN ").ids(articles.iter().map(|id| id.0)).push(" AND (");
    for (rank, language) in chain.iter().enumerate() {
        sql.push(if rank > 0 { " OR v.language = " } else { "v.language = " }).bind(language.as_str());
        if rank > 0 {
            sql.push(" AND NOT EXISTS (SELECT 1 FROM live_variant o WHERE o.article_id = v.article_id");
            sql.push(" AND o.language IN ").list(chain.iter().take(rank).map(LanguageTag::as_str)).push(ONE_BY_ONE);
        }
    }
    sql.push(")");
    sql
}

/// Published variants by their own ids.
pub async fn list_by_variant(session: &Session, ids: &[VariantId]) -> Result<Vec<PublishedVariant>> {
    let mut sql = Sql::new("SELECT v.card FROM live_variant v WHERE v.id IN ");
    sql.ids(ids.iter().map(|id| id.0));
    session.all(sql).await?.iter().map(|row| document(row, 0)).collect()
}

/// The bodies of several variants.
pub async fn bodies(session: &Session, variants: &[VariantId]) -> Result<HashMap<VariantId, Body>> {
    let mut sql = Sql::new("SELECT id, body FROM live_variant WHERE id IN ");
    sql.ids(variants.iter().map(|id| id.0));
    let rows = session.all(sql).await?;
    rows.iter().map(|row| Ok((VariantId(row.try_get_by_index::<Uuid>(0)?), document(row, 1)?))).collect()
}

/// Whether a story of that name was published once and is withdrawn in all languages now.
pub async fn is_withdrawn(session: &Session, key: &Key) -> Result<bool> {
    let mut sql = Sql::new("SELECT 1 FROM live_tombstone t");
    named(&mut sql, key, "t");
    sql.push(" LIMIT 1");
    Ok(!session.all(sql).await?.is_empty())
}

/// Adds the condition that the rows of `table` belong to the story of that name.
fn named(sql: &mut Sql, key: &Key, table: &str) {
    let (kind, scope, address) = match key {
        Key::Id(id) => {
            sql.push(" WHERE ").push(table).push(".article_id = ").bind(id.0);
            return;
        }
        Key::Slug(language, slug) => ("article", language.as_str(), slug),
        Key::External(system, id) => ("external", system.as_str(), id),
        Key::Path(path) => ("path", "", path),
    };
    sql.push(" JOIN live_address a ON a.target_id = ").push(table).push(".article_id WHERE a.kind = ").bind(kind);
    sql.push(" AND a.scope = ").bind(scope).push(" AND a.address = ").bind(address.as_str());
}
