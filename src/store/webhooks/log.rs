//! What was sent to an endpoint, and what it answered.

use super::results::Attempt;
use crate::domain::ids::EndpointId;
use crate::domain::webhook::DeliveryState;
use crate::error::{Error, Result};
use crate::store::Session;
use crate::store::moment::moment;
use crate::store::sql::Sql;
use sea_orm::QueryResult;
use time::OffsetDateTime;

/// One message to an endpoint, however often it was tried.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its number; grows.
    pub id: i64,
    /// The change that it tells of; nothing for a ping.
    pub change: Option<i64>,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried since it began to wait.
    pub attempts: u32,
    /// When it is tried next, where it waits; nothing where its endpoint is disabled.
    pub next_at: Option<OffsetDateTime>,
    /// Since when it waits.
    pub created_at: OffsetDateTime,
    /// When it was taken or given up.
    pub ended_at: Option<OffsetDateTime>,
    /// Its requests and their answers, oldest first.
    pub log: Vec<Attempt>,
}

/// At most `limit` deliveries of an endpoint before `before`, the newest first, with their log.
pub async fn list(session: &Session, endpoint: EndpointId, before: Option<i64>, limit: u32) -> Result<Vec<Delivery>> {
    let mut sql =
        Sql::new("SELECT id, change_id, state, attempts, next_at, created_at, ended_at FROM webhook_delivery ");
    sql.push("WHERE endpoint_id = ").bind(endpoint.0);
    if let Some(before) = before {
        sql.push(" AND id < ").bind(before);
    }
    sql.push(" ORDER BY id DESC LIMIT ").bind(i64::from(limit));
    let mut found: Vec<Delivery> = session.all(sql).await?.iter().map(delivery).collect::<Result<_>>()?;
    let mut sql = Sql::new("SELECT delivery_id, at, milliseconds, request, status, answer FROM webhook_attempt ");
    sql.push("WHERE delivery_id IN ").list(found.iter().map(|delivery| delivery.id)).push(" ORDER BY id");
    for row in session.all(sql).await? {
        let attempt = attempt(&row)?;
        if let Some(delivery) = found.iter_mut().find(|delivery| delivery.id == attempt.delivery) {
            delivery.log.push(attempt);
        }
    }
    Ok(found)
}

fn delivery(row: &QueryResult) -> Result<Delivery> {
    let state: DeliveryState = row.try_get_by_index::<String>(2)?.parse().map_err(Error::internal)?;
    let next: i64 = row.try_get_by_index(4)?;
    Ok(Delivery {
        id: row.try_get_by_index(0)?,
        change: row.try_get_by_index(1)?,
        state,
        attempts: row.try_get_by_index::<i32>(3)?.unsigned_abs(),
        next_at: (state == DeliveryState::Waiting && next < i64::MAX).then(|| moment(next, 0)),
        created_at: moment(row.try_get_by_index(5)?, 0),
        ended_at: row.try_get_by_index::<Option<i64>>(6)?.map(|at| moment(at, 0)),
        log: Vec::new(),
    })
}

fn attempt(row: &QueryResult) -> Result<Attempt> {
    Ok(Attempt {
        delivery: row.try_get_by_index(0)?,
        at: moment(row.try_get_by_index(1)?, 0),
        milliseconds: row.try_get_by_index::<i64>(2)?.unsigned_abs(),
        request: row.try_get_by_index(3)?,
        status: row.try_get_by_index::<Option<i32>>(4)?.and_then(|status| u16::try_from(status).ok()),
        answer: row.try_get_by_index(5)?,
    })
}
