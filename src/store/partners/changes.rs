//! What partners are told, in order.

use super::stories::{Place, pairs};
use crate::domain::ids::{ArticleId, EventId, PartnerId};
use crate::domain::partner::{NoticeKind, Status};
use crate::error::{Error, Result};
use crate::store::live::text_column;
use crate::store::moment::{micros, moment};
use crate::store::sql::{Sql, run};
use crate::store::{Session, Tx};
use sea_orm::{ConnectionTrait, QueryResult};
use time::OffsetDateTime;

/// How many rows are written at once.
const ROWS: usize = 500;

/// Something to tell a partner.
#[derive(Debug, Clone)]
pub struct NewChange {
    /// Whom.
    pub partner: PartnerId,
    /// Of which story.
    pub place: Place,
    /// The entry of the change log that it came from.
    pub event: Option<EventId>,
    /// What happened.
    pub kind: NoticeKind,
    /// What may be done with the story.
    pub status: Status,
    /// What else is to be said, as JSON.
    pub detail: String,
}

/// An entry of a partner's feed.
#[derive(Debug, Clone)]
pub struct PartnerChange {
    /// Its place in the feed.
    pub id: i64,
    /// The story.
    pub article: ArticleId,
    /// In this language.
    pub language: crate::domain::language::LanguageTag,
    /// What happened.
    pub kind: NoticeKind,
    /// What could be done with the story then.
    pub status: Status,
    /// What else is to be said, as JSON.
    pub detail: serde_json::Value,
    /// When.
    pub at: OffsetDateTime,
}

/// Appends to the feeds of partners.
pub async fn append(tx: &Tx, changes: &[NewChange], now: OffsetDateTime) -> Result<()> {
    for changes in changes.chunks(ROWS) {
        let rows = changes.iter().map(|one| {
            vec![
                one.partner.0.into(),
                one.place.0.0.into(),
                one.place.1.as_str().into(),
                one.event.map(|event| event.0).into(),
                one.kind.as_str().into(),
                one.status.as_str().into(),
                one.detail.as_str().into(),
                micros(now).into(),
            ]
        });
        let mut sql = Sql::new("INSERT INTO partner_change ");
        sql.push("(partner_id, article_id, language, event_id, kind, status, detail, at) VALUES ").rows(rows);
        run(tx, sql).await?;
    }
    Ok(())
}

/// The newest entry of all feeds; 0 where there is none.
pub async fn end(session: &Session) -> Result<i64> {
    let rows = session.all(Sql::new("SELECT max(id) FROM partner_change")).await?;
    let end = rows.first().map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?;
    Ok(end.flatten().unwrap_or(0))
}

/// The same in a transaction.
pub async fn end_in(tx: &Tx) -> Result<i64> {
    let sql = Sql::new("SELECT max(id) FROM partner_change");
    let row = tx.query_one_raw(sql.statement(tx.get_database_backend())).await?;
    let end = row.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?;
    Ok(end.flatten().unwrap_or(0))
}

/// At most `limit` entries of a partner's feed behind one.
pub async fn list(session: &Session, partner: PartnerId, after: i64, limit: u32) -> Result<Vec<PartnerChange>> {
    let mut sql = Sql::new("SELECT id, article_id, language, kind, status, detail, at FROM partner_change ");
    sql.push("WHERE partner_id = ").bind(partner.0).push(" AND id > ").bind(after);
    sql.push(" ORDER BY id LIMIT ").bind(i64::from(limit));
    session.all(sql).await?.iter().map(change).collect()
}

/// Where a partner's feed is to be read from on: before the first entry that it has not acknowledged, else behind the newest
/// of all. What it was told is not enough: it may have lost the answer, and a snapshot names no story that is gone.
pub async fn position(tx: &Tx, partner: PartnerId) -> Result<i64> {
    let mut sql = Sql::new("SELECT (SELECT min(id) FROM partner_change WHERE partner_id = ");
    sql.bind(partner.0).push(" AND acked_at IS NULL), (SELECT max(id) FROM partner_change)");
    let row = tx.query_one_raw(sql.statement(tx.get_database_backend())).await?;
    let Some(row) = row else { return Ok(0) };
    let first: Option<i64> = row.try_get_by_index(0)?;
    let end: Option<i64> = row.try_get_by_index(1)?;
    Ok(first.map_or(end.unwrap_or(0), |first| first - 1))
}

/// Whether a partner was given this place to go on from.
pub async fn was_given(session: &Session, partner: PartnerId, after: i64) -> Result<bool> {
    let mut sql = Sql::new("SELECT ");
    sql.bind(after).push(" <= coalesce((SELECT max(id) FROM partner_change), 0) AND NOT EXISTS (SELECT 1 FROM ");
    sql.push("partner_change WHERE partner_id = ").bind(partner.0).push(" AND told_at IS NULL AND id <= ");
    sql.bind(after).push(")");
    let rows = session.all(sql).await?;
    rows.first().map_or(Ok(false), |row| Ok(row.try_get_by_index(0)?))
}

/// Notes that a partner was told entries of its feed, and all older ones of the same stories: who has a story as it is now
/// has all that happened to it.
pub async fn tell(
    tx: &Tx,
    partner: PartnerId,
    (upto, places): (i64, &[Place]),
    by: &str,
    now: OffsetDateTime,
) -> Result<()> {
    for places in places.chunks(ROWS) {
        let mut sql = Sql::new("UPDATE partner_change SET told_at = ");
        sql.bind(micros(now)).push(", told_by = ").bind(by).push(" WHERE partner_id = ").bind(partner.0);
        sql.push(" AND told_at IS NULL AND id <= ").bind(upto).push(" AND (article_id, language) IN (VALUES ");
        sql.rows(pairs(places)).push(")");
        run(tx, sql).await?;
    }
    Ok(())
}

/// Notes that a partner has read all that it was told up to an entry.
pub async fn acknowledge(tx: &Tx, partner: PartnerId, upto: i64, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE partner_change SET acked_at = ");
    sql.bind(micros(now)).push(" WHERE partner_id = ").bind(partner.0).push(" AND id <= ").bind(upto);
    sql.push(" AND acked_at IS NULL AND told_at IS NOT NULL");
    run(tx, sql).await.map(drop)
}

fn change(row: &QueryResult) -> Result<PartnerChange> {
    Ok(PartnerChange {
        id: row.try_get_by_index(0)?,
        article: ArticleId(row.try_get_by_index(1)?),
        language: row.try_get_by_index::<String>(2)?.parse().map_err(Error::internal)?,
        kind: row.try_get_by_index::<String>(3)?.parse().map_err(Error::internal)?,
        status: row.try_get_by_index::<String>(4)?.parse().map_err(Error::internal)?,
        detail: serde_json::from_str(&text_column(row, 5)?).map_err(Error::internal)?,
        at: moment(row.try_get_by_index(6)?, 0),
    })
}
