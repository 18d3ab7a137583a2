//! What waits to be sent to endpoints.

use crate::domain::ids::{ArticleId, EndpointId, PartnerId};
use crate::domain::webhook::Format;
use crate::error::{Error, Result};
use crate::store::live::text_column;
use crate::store::moment::{micros, moment};
use crate::store::partners::changes::PartnerChange;
use crate::store::sql::{Sql, run};
use crate::store::{Session, Tx};
use sea_orm::QueryResult;
use time::OffsetDateTime;

/// Something to be sent.
#[derive(Debug, Clone)]
pub struct Due {
    /// The delivery.
    pub id: i64,
    /// Where to.
    pub endpoint: EndpointId,
    /// Whose endpoint it is.
    pub partner: PartnerId,
    /// Its address.
    pub url: String,
    /// What is sent there.
    pub format: Format,
    /// What signs, as JSON.
    pub secrets: String,
    /// Whether the endpoint took nothing lately.
    pub failing: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// Since when it waits.
    pub since: OffsetDateTime,
    /// What it tells of; nothing for a ping.
    pub change: Option<PartnerChange>,
}

/// Lets the changes of partners behind `after` wait for the endpoints of their partners. To be called in the transaction that
/// writes the changes; called twice, it adds nothing.
pub async fn enqueue(tx: &Tx, after: i64, now: OffsetDateTime) -> Result<u64> {
    let mut sql = Sql::new(INSERT);
    sql.push("SELECT e.id, c.id, c.article_id, c.language, 'waiting', 0, ").bind(micros(now)).push(", ");
    sql.bind(micros(now)).push(" FROM partner_change c JOIN webhook_endpoint e ON e.partner_id = c.partner_id ");
    sql.push("AND e.disabled_at IS NULL WHERE c.id > ").bind(after).push(" ORDER BY c.id ");
    sql.push("ON CONFLICT (endpoint_id, change_id) DO NOTHING");
    run(tx, sql).await
}

const INSERT: &str = "INSERT INTO webhook_delivery \
                      (endpoint_id, change_id, article_id, language, state, attempts, next_at, created_at) ";

/// Sends changes again: those of the endpoint's partner from one to another, both included. Gives their number.
pub async fn replay(tx: &Tx, endpoint: EndpointId, [from, to]: [i64; 2], now: OffsetDateTime) -> Result<u64> {
    let mut sql = Sql::new(INSERT);
    sql.push("SELECT e.id, c.id, c.article_id, c.language, 'waiting', 0, ").bind(micros(now)).push(", ");
    sql.bind(micros(now))
        .push(" FROM partner_change c JOIN webhook_endpoint e ON e.partner_id = c.partner_id WHERE e.id = ");
    sql.bind(endpoint.0).push(" AND c.id >= ").bind(from).push(" AND c.id <= ").bind(to).push(" ORDER BY c.id ");
    sql.push("ON CONFLICT (endpoint_id, change_id) DO UPDATE SET state = 'waiting', attempts = 0, ended_at = NULL, ");
    sql.push("next_at = excluded.next_at, created_at = excluded.created_at WHERE webhook_delivery.state <> 'waiting'");
    run(tx, sql).await
}

/// Sends a ping.
pub async fn ping(tx: &Tx, endpoint: EndpointId, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO webhook_delivery (endpoint_id, state, attempts, next_at, created_at) VALUES (");
    sql.bind(endpoint.0).push(", 'waiting', 0, ").bind(micros(now)).push(", ").bind(micros(now)).push(")");
    run(tx, sql).await.map(drop)
}

/// At most `limit` of what is due: of each story the oldest that waits at an endpoint, and only where that one is due.
///
/// `under_way` is left out, and so is what would go to one of the endpoints in `full` or to a partner that is disabled.
pub async fn due(
    session: &Session,
    now: OffsetDateTime,
    under_way: &[i64],
    full: &[EndpointId],
    limit: usize,
) -> Result<Vec<Due>> {
    let mut sql = Sql::new(
        "SELECT d.id, d.endpoint_id, e.partner_id, e.url, e.format, e.secrets, e.failing_since, d.attempts, d.created_at, \
         c.id, c.article_id, c.language, c.kind, c.status, c.detail, c.at FROM webhook_delivery d \
         JOIN webhook_endpoint e ON e.id = d.endpoint_id AND e.disabled_at IS NULL \
         JOIN partner p ON p.id = e.partner_id AND p.disabled_at IS NULL \
         LEFT JOIN partner_change c ON c.id = d.change_id WHERE d.state = 'waiting' AND d.next_at <= ",
    );
    sql.bind(micros(now));
    if !under_way.is_empty() {
        sql.push(" AND d.id NOT IN ").list(under_way.iter().copied());
    }
    if !full.is_empty() {
        sql.push(" AND d.endpoint_id NOT IN ").ids(full.iter().map(|id| id.0));
    }
    sql.push(" AND NOT EXISTS (SELECT 1 FROM webhook_delivery o WHERE o.state = 'waiting' AND ");
    sql.push(
        "o.endpoint_id = d.endpoint_id AND o.article_id = d.article_id AND o.language = d.language AND o.id < d.id)",
    );
    sql.push(" ORDER BY d.next_at, d.id LIMIT ").number(limit);
    session.all(sql).await?.iter().map(row).collect()
}

fn row(row: &QueryResult) -> Result<Due> {
    let told = |id| {
        Ok::<_, Error>(PartnerChange {
            id,
            article: ArticleId(row.try_get_by_index(10)?),
            language: row.try_get_by_index::<String>(11)?.parse().map_err(Error::internal)?,
            kind: row.try_get_by_index::<String>(12)?.parse().map_err(Error::internal)?,
            status: row.try_get_by_index::<String>(13)?.parse().map_err(Error::internal)?,
            detail: serde_json::from_str(&text_column(row, 14)?).map_err(Error::internal)?,
            at: moment(row.try_get_by_index(15)?, 0),
        })
    };
    Ok(Due {
        id: row.try_get_by_index(0)?,
        endpoint: EndpointId(row.try_get_by_index(1)?),
        partner: PartnerId(row.try_get_by_index(2)?),
        url: row.try_get_by_index(3)?,
        format: row.try_get_by_index::<String>(4)?.parse().map_err(Error::internal)?,
        secrets: row.try_get_by_index(5)?,
        failing: row.try_get_by_index::<Option<i64>>(6)?.is_some(),
        attempts: row.try_get_by_index::<i32>(7)?.unsigned_abs(),
        since: moment(row.try_get_by_index(8)?, 0),
        change: row.try_get_by_index::<Option<i64>>(9)?.map(told).transpose()?,
    })
}

/// Forgets at most `limit` deliveries that ended before a moment, with their log. Gives their number.
pub async fn forget(tx: &Tx, before: OffsetDateTime, limit: usize) -> Result<u64> {
    let mut sql =
        Sql::new("DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery WHERE ended_at < ");
    sql.bind(micros(before)).push(" ORDER BY ended_at LIMIT ").number(limit).push(")");
    run(tx, sql).await
}
