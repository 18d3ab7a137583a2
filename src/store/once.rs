//! What was done under an idempotency key, so that a retry does not do it again.

use super::live::text_column;
use super::moment::micros;
use super::sql::{Sql, run};
use super::{Session, Tx};
use crate::error::Result;
use time::{Duration, OffsetDateTime};

/// For how long a key is remembered.
const KEPT: Duration = Duration::hours(24);

/// A request that is to be done once: whose it is, its key, and the hash of what it asks.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who asks.
    pub actor: &'a str,
    /// The key that they gave.
    pub key: &'a str,
    /// What they ask, so that a key is not used for two things.
    pub hash: &'a str,
}

/// Notes that it is done; false where it was done before. Waits for whoever is doing it.
pub async fn claim(tx: &Tx, request: Request<'_>, now: OffsetDateTime) -> Result<bool> {
    let mut sql = Sql::new("DELETE FROM idempotency WHERE at < ");
    sql.bind(micros(now - KEPT));
    run(tx, sql).await?;
    Ok(insert(tx, request, None, now).await? > 0)
}

/// Keeps the answer for who asks again.
pub async fn answer(tx: &Tx, request: Request<'_>, response: &str, now: OffsetDateTime) -> Result<()> {
    insert(tx, request, Some(response), now).await.map(drop)
}

async fn insert(tx: &Tx, request: Request<'_>, response: Option<&str>, now: OffsetDateTime) -> Result<u64> {
    let mut sql = Sql::new("INSERT INTO idempotency (actor, idempotency_key, request_hash, response, at) VALUES ");
    let response = response.map(str::to_owned);
    sql.rows([vec![
        request.actor.into(),
        request.key.into(),
        request.hash.into(),
        response.into(),
        micros(now).into(),
    ]]);
    sql.push(" ON CONFLICT (actor, idempotency_key) DO NOTHING");
    run(tx, sql).await
}

/// What was asked under a key, and what was answered.
pub async fn find(session: &Session, actor: &str, key: &str) -> Result<Option<(String, Option<String>)>> {
    let mut sql = Sql::new("SELECT request_hash, response FROM idempotency WHERE actor = ");
    sql.bind(actor).push(" AND idempotency_key = ").bind(key);
    let row = session.all(sql).await?.into_iter().next();
    row.map(|row| Ok((text_column(&row, 0)?, row.try_get_by_index(1)?))).transpose()
}
