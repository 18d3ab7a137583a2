//! What feeds and sitemaps ask beside lists: withdrawn stories, and which addresses there are.

use super::document;
use crate::domain::ids::VariantId;
use crate::domain::language::LanguageTag;
use crate::domain::sitemap::{Located, Span};
use crate::error::{Error, Result};
use crate::store::Session;
use crate::store::moment::moment;
use crate::store::sql::Sql;
use time::OffsetDateTime;
use uuid::Uuid;

/// The newest `limit` variants in these languages that were withdrawn, with when: all that readers do not see any more, or
/// those that were listed under a tag, author, section or collection and are not any more.
pub async fn list_withdrawn(
    session: &Session,
    facet: Option<Uuid>,
    languages: &[LanguageTag],
    limit: u32,
) -> Result<Vec<(VariantId, OffsetDateTime)>> {
    let mut sql = Sql::new("SELECT t.variant_id, t.withdrawn_at FROM live_tombstone t");
    if let Some(facet) = facet {
        sql.push(" JOIN live_tombstone_facet f ON f.article_id = t.article_id AND f.language = t.language");
        sql.push(" AND f.facet_id = ").bind(facet);
    }
    sql.push(" WHERE t.language IN ").list(languages.iter().map(LanguageTag::as_str));
    sql.push(" AND t.variant_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM live_variant v");
    match facet {
        None => sql.push(" WHERE v.id = t.variant_id)"),
        Some(facet) => {
            sql.push(" JOIN live_facet l ON l.article_id = v.article_id AND l.language = v.language AND l.facet_id = ");
            sql.bind(facet).push(" WHERE v.id = t.variant_id) AND NOT EXISTS (SELECT 1 FROM live_variant v");
            sql.push(" JOIN live_collection_item c ON c.article_id = v.article_id AND c.language = v.language");
            sql.push(" AND c.collection_id = ").bind(facet).push(" WHERE v.id = t.variant_id)")
        }
    };
    sql.push(" ORDER BY t.withdrawn_at DESC, t.variant_id DESC LIMIT ").bind(i64::from(limit));
    let row = |row: &sea_orm::QueryResult| {
        let id: Uuid = row.try_get_by_index(0)?;
        Ok((VariantId(id), moment(row.try_get_by_index(1)?, 0)))
    };
    session.all(sql).await?.iter().map(row).collect()
}

/// How many variants were first published in each span of time, for each language that has some.
pub async fn count_spans(session: &Session) -> Result<Vec<(LanguageTag, Span, u64)>> {
    // Counted from long before any newspaper: dividing rounds towards zero. The numbers are part of the statement, because
    // PostgreSQL takes two parameters for two expressions.
    let mut sql = Sql::new("SELECT language, (published_at + ");
    sql.number(Span::OFFSET * Span::MICROSECONDS).push(") / ").number(Span::MICROSECONDS);
    sql.push(" AS span, count(*) FROM live_variant GROUP BY 1, 2 ORDER BY 1, 2");
    let row = |row: &sea_orm::QueryResult| {
        let (language, span, count): (String, i64, i64) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let count = u64::try_from(count).unwrap_or(0);
        Ok((language.parse().map_err(Error::internal)?, Span::of_row(span), count))
    };
    session.all(sql).await?.iter().map(row).collect()
}

/// All published variants of stories that were first published in a language in a span, `skip` of them left out; in no
/// particular order.
pub async fn list_located(
    session: &Session,
    language: &LanguageTag,
    span: Span,
    (skip, limit): (u32, u32),
) -> Result<Vec<Located>> {
    let mut sql = Sql::new("SELECT o.card FROM live_variant o WHERE o.article_id IN (");
    sql.push("SELECT v.article_id FROM live_variant v WHERE v.language = ").bind(language.as_str());
    sql.push(" AND v.published_at >= ").bind(span.start()).push(" AND v.published_at < ").bind(span.end());
    sql.push(" ORDER BY v.published_at, v.article_id LIMIT ").bind(i64::from(limit));
    sql.push(" OFFSET ").bind(i64::from(skip)).push(")");
    session.all(sql).await?.iter().map(|row| document(row, 0)).collect()
}
