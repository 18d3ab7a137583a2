//! What came of what was sent, written for many at once.

use crate::domain::ids::EndpointId;
use crate::error::Result;
use crate::store::moment::micros;
use crate::store::sql::{Sql, run};
use crate::store::{Session, Tx};
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What was sent.
    pub delivery: i64,
    /// When.
    pub at: OffsetDateTime,
    /// How long it took.
    pub milliseconds: u64,
    /// The request's headers and the beginning of its body, as JSON.
    pub request: String,
    /// The status of the answer; nothing where there was none.
    pub status: Option<u16>,
    /// The beginning of the answer, or why there was none.
    pub answer: String,
}

/// Adds to the log.
pub async fn log(tx: &Tx, attempts: &[Attempt]) -> Result<()> {
    if attempts.is_empty() {
        return Ok(());
    }
    // A delivery may have gone with its endpoint meanwhile.
    let known = known(tx, attempts.iter().map(|attempt| attempt.delivery)).await?;
    let rows: Vec<_> = attempts
        .iter()
        .filter(|attempt| known.contains(&attempt.delivery))
        .map(|attempt| {
            vec![
                attempt.delivery.into(),
                micros(attempt.at).into(),
                i64::try_from(attempt.milliseconds).unwrap_or(i64::MAX).into(),
                attempt.request.as_str().into(),
                attempt.status.map(i32::from).into(),
                attempt.answer.as_str().into(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut sql =
        Sql::new("INSERT INTO webhook_attempt (delivery_id, at, milliseconds, request, status, answer) VALUES ");
    sql.rows(rows);
    run(tx, sql).await.map(drop)
}

async fn known(tx: &Tx, ids: impl IntoIterator<Item = i64>) -> Result<Vec<i64>> {
    let mut sql = Sql::new("SELECT id FROM webhook_delivery WHERE id IN ");
    sql.list(ids);
    let rows = tx.query_all_raw(sql.statement(tx.get_database_backend())).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Which of these changes are of stories that never left for their partners.
pub async fn list_unsent(session: &Session, changes: &[i64]) -> Result<Vec<i64>> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql =
        Sql::new("SELECT c.id FROM partner_change c JOIN partner_story s ON s.partner_id = c.partner_id AND ");
    sql.push("s.article_id = c.article_id AND s.language = c.language WHERE s.sent_at IS NULL AND c.id IN ");
    sql.list(changes.iter().copied());
    session.all(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Notes, before they leave, that partners may have the stories of these changes from now on.
pub async fn leave(tx: &Tx, changes: &[i64], now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE partner_story SET sent_at = ");
    sql.bind(micros(now)).push(" WHERE sent_at IS NULL AND EXISTS ");
    of_changes(&mut sql, changes);
    run(tx, sql).await.map(drop)
}

/// Notes that nobody was there to take the stories of these changes, which left at a moment. Where a partner has several endpoints,
/// another one may have taken them: there it stays.
pub async fn come_back(tx: &Tx, changes: &[i64], left: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE partner_story SET sent_at = NULL WHERE received_at IS NULL AND sent_at = ");
    sql.bind(micros(left)).push(" AND 1 = (SELECT count(*) FROM webhook_endpoint w WHERE w.partner_id = ");
    sql.push("partner_story.partner_id) AND EXISTS ");
    of_changes(&mut sql, changes);
    run(tx, sql).await.map(drop)
}

/// Whether a story is that of one of these changes.
fn of_changes(sql: &mut Sql, changes: &[i64]) {
    sql.push("(SELECT 1 FROM partner_change c WHERE c.partner_id = partner_story.partner_id AND ");
    sql.push("c.article_id = partner_story.article_id AND c.language = partner_story.language AND c.id IN ");
    sql.list(changes.iter().copied()).push(") AND article_id IN (SELECT article_id FROM partner_change WHERE id IN ");
    sql.list(changes.iter().copied()).push(")");
}

/// What was sent and is done with.
#[derive(Debug, Clone, Copy)]
pub struct Delivered {
    /// The delivery.
    pub id: i64,
    /// Where to.
    pub endpoint: EndpointId,
    /// The change that it told of.
    pub change: Option<i64>,
    /// Whether it brought the story, not only that it changed.
    pub brings_story: bool,
}

/// Notes what endpoints took: that, when and how their partners were told, that they acknowledged it, and what they received:
/// the stories as they were when the messages were `composed`.
pub async fn delivered(tx: &Tx, delivered: &[Delivered], composed: OffsetDateTime, now: OffsetDateTime) -> Result<()> {
    if delivered.is_empty() {
        return Ok(());
    }
    let (at, seen) = (micros(now), micros(composed));
    let day = i32::try_from(now.unix_timestamp().div_euclid(86_400)).unwrap_or(i32::MAX);
    let mut sql = Sql::new("UPDATE webhook_delivery SET state = 'delivered', attempts = attempts + 1, ended_at = ");
    sql.bind(at).push(" WHERE state = 'waiting' AND id IN ").list(delivered.iter().map(|one| one.id));
    run(tx, sql).await?;
    let mut sql =
        Sql::new("UPDATE webhook_endpoint SET failing_since = NULL WHERE failing_since IS NOT NULL AND id IN ");
    sql.ids(delivered.iter().map(|one| one.endpoint.0));
    run(tx, sql).await?;
    let mut sql = Sql::new("UPDATE partner_change SET told_at = COALESCE(told_at, ");
    sql.bind(at).push("), told_by = COALESCE(told_by, 'push'), acked_at = COALESCE(acked_at, ").bind(at);
    sql.push(") WHERE id IN ").list(delivered.iter().filter_map(|one| one.change));
    run(tx, sql).await?;
    let received: Vec<i64> = delivered.iter().filter(|one| one.brings_story).filter_map(|one| one.change).collect();
    if received.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("UPDATE partner_story SET received_at = COALESCE(received_at, ");
    sql.bind(seen).push("), last_received_at = ").bind(seen).push(" WHERE EXISTS ");
    of_changes(&mut sql, &received);
    run(tx, sql).await?;
    let mut sql = Sql::new("INSERT INTO partner_usage (day, partner_id, article_id, language, way, deliveries) ");
    sql.push("SELECT CAST(").bind(day).push(" AS integer), partner_id, article_id, language, 'push', count(*) ");
    sql.push("FROM partner_change WHERE id IN ").list(received);
    sql.push(" GROUP BY partner_id, article_id, language ON CONFLICT (day, partner_id, article_id, language, way) ");
    sql.push("DO UPDATE SET deliveries = partner_usage.deliveries + excluded.deliveries");
    run(tx, sql).await.map(drop)
}

/// Lets something wait until it is tried again.
pub async fn again(
    tx: &Tx,
    delivery: i64,
    endpoint: EndpointId,
    now: OffsetDateTime,
    next: OffsetDateTime,
) -> Result<()> {
    let mut sql = Sql::new("UPDATE webhook_delivery SET attempts = attempts + 1, next_at = ");
    sql.bind(micros(next)).push(" WHERE state = 'waiting' AND id = ").bind(delivery);
    run(tx, sql).await?;
    failing(tx, endpoint, now).await
}

/// Gives something up.
pub async fn give_up(tx: &Tx, delivery: i64, endpoint: EndpointId, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE webhook_delivery SET state = 'given_up', attempts = attempts + 1, ended_at = ");
    sql.bind(micros(now)).push(" WHERE state = 'waiting' AND id = ").bind(delivery);
    run(tx, sql).await?;
    failing(tx, endpoint, now).await
}

/// Notes that an endpoint took nothing since now, unless it is so already.
async fn failing(tx: &Tx, endpoint: EndpointId, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE webhook_endpoint SET failing_since = ");
    sql.bind(micros(now)).push(" WHERE failing_since IS NULL AND id = ").bind(endpoint.0);
    run(tx, sql).await.map(drop)
}
