//! Published stories, found by what a reader has in hand.

use super::{VARIANT_COLUMNS, VARIANT_WIDTH, document, variant};
use crate::domain::body::Body;
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::published::PublishedVariant;
use crate::error::Result;
use crate::store::Session;
use crate::store::sql::Sql;
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

/// A variant, and its body where that was asked for.
pub type Found = (PublishedVariant, Option<Body>);

/// All published variants of the story, with the bodies of those in `bodies`. Empty if there is none.
pub async fn find(session: &Session, key: &Key, bodies: &[LanguageTag]) -> Result<Vec<Found>> {
    let mut sql = Sql::new("SELECT ");
    sql.push(VARIANT_COLUMNS);
    if bodies.is_empty() {
        sql.push(", NULL");
    } else {
        sql.push(", CASE WHEN v.language IN ").list(bodies.iter().map(LanguageTag::as_str)).push(" THEN v.body END");
    }
    sql.push(" FROM live_variant v");
    named(&mut sql, key, "v");
    let rows = session.all(sql).await?;
    rows.iter()
        .map(|row| {
            let body: Option<String> = row.try_get_by_index(VARIANT_WIDTH)?;
            let body =
                body.map(|text| serde_json::from_str(&text).map_err(crate::error::Error::internal)).transpose()?;
            Ok((variant(row, 0)?, body))
        })
        .collect()
}

/// All published variants of several stories.
pub async fn list_variants(session: &Session, articles: &[ArticleId]) -> Result<Vec<PublishedVariant>> {
    let mut sql = Sql::new("SELECT ");
    sql.push(VARIANT_COLUMNS).push(" FROM live_variant v WHERE v.article_id IN ").ids(articles.iter().map(|id| id.0));
    session.all(sql).await?.iter().map(|row| variant(row, 0)).collect()
}

/// Published variants by their own ids.
pub async fn list_by_variant(session: &Session, ids: &[VariantId]) -> Result<Vec<PublishedVariant>> {
    let mut sql = Sql::new("SELECT ");
    sql.push(VARIANT_COLUMNS).push(" FROM live_variant v WHERE v.id IN ").ids(ids.iter().map(|id| id.0));
    session.all(sql).await?.iter().map(|row| variant(row, 0)).collect()
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
