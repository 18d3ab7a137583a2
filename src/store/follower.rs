//! A place in the change log by name, for those who react to changes once, whatever the number of servers.

use super::Tx;
use super::moment::micros;
use super::sql::{Sql, run};
use crate::domain::ids::EventId;
use crate::error::Result;
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

/// Whose turn it is to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Ours, from this entry on.
    Ours(EventId),
    /// Another server's.
    Theirs,
    /// Nobody has ever followed under that name.
    Nobodys,
}

/// Takes the turn, or keeps it, until a moment. Who does not come back until then has lost it.
pub async fn take(tx: &Tx, name: &str, holder: &str, now: OffsetDateTime, until: OffsetDateTime) -> Result<Turn> {
    let mut sql = Sql::new("UPDATE follower SET holder = ");
    sql.bind(holder).push(", held_until = ").bind(micros(until)).push(" WHERE name = ").bind(name);
    sql.push(" AND (holder = ").bind(holder).push(" OR held_until < ").bind(micros(now)).push(") RETURNING seen");
    if let Some(row) = tx.query_one_raw(sql.statement(tx.get_database_backend())).await? {
        return Ok(Turn::Ours(EventId(row.try_get_by_index(0)?)));
    }
    let mut sql = Sql::new("SELECT 1 FROM follower WHERE name = ");
    sql.bind(name);
    let known = tx.query_one_raw(sql.statement(tx.get_database_backend())).await?;
    Ok(if known.is_some() { Turn::Theirs } else { Turn::Nobodys })
}

/// Begins to follow under a name after an entry, unless somebody did meanwhile. The turn is still to be taken.
pub async fn begin(tx: &Tx, name: &str, seen: EventId) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO follower (name, seen, holder, held_until) VALUES (");
    sql.bind(name).push(", ").bind(seen.0).push(", '', 0) ON CONFLICT (name) DO NOTHING");
    run(tx, sql).await.map(drop)
}

/// Notes that everything up to an entry is done, where it still is our turn.
pub async fn advance(tx: &Tx, name: &str, holder: &str, seen: EventId) -> Result<()> {
    let mut sql = Sql::new("UPDATE follower SET seen = ");
    sql.bind(seen.0).push(" WHERE name = ").bind(name).push(" AND holder = ").bind(holder);
    run(tx, sql).await.map(drop)
}

/// The same, where it still is our turn and the place is still the one that we began at; tells whether.
pub async fn advance_from(tx: &Tx, name: &str, holder: &str, [from, seen]: [EventId; 2]) -> Result<bool> {
    let mut sql = Sql::new("UPDATE follower SET seen = ");
    sql.bind(seen.0).push(" WHERE name = ").bind(name).push(" AND holder = ").bind(holder);
    sql.push(" AND seen = ").bind(from.0);
    Ok(run(tx, sql).await? == 1)
}

/// Gives the turn back.
pub async fn release(tx: &Tx, name: &str, holder: &str) -> Result<()> {
    let mut sql = Sql::new("UPDATE follower SET held_until = 0 WHERE name = ");
    sql.bind(name).push(" AND holder = ").bind(holder);
    run(tx, sql).await.map(drop)
}
