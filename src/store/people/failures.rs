//! How often signing in failed.

use super::{at, rows, run};
use crate::error::Result;
use crate::store::Tx;
use crate::store::moment::micros;
use crate::store::sql::Sql;
use time::OffsetDateTime;

/// The failures of a scope, and when the last one was; held until the end of the transaction, so that attempts at once
/// are counted one after the other.
pub async fn lock(tx: &Tx, scope: &str, now: OffsetDateTime) -> Result<(u32, OffsetDateTime)> {
    let mut sql = Sql::new("INSERT INTO sign_in_failure (scope, failures, last_at) VALUES ");
    sql.rows([vec![scope.into(), 0.into(), micros(now).into()]]);
    sql.push(" ON CONFLICT (scope) DO UPDATE SET failures = sign_in_failure.failures");
    run(tx, sql).await?;
    let mut sql = Sql::new("SELECT failures, last_at FROM sign_in_failure WHERE scope = ");
    sql.bind(scope);
    let found = rows(tx, sql).await?;
    let read = |row: &sea_orm::QueryResult| {
        let failures: i32 = row.try_get_by_index(0)?;
        Ok((u32::try_from(failures).unwrap_or_default(), at(row, 1)?))
    };
    found.first().map_or(Ok((0, now)), read)
}

/// Writes how many failures a scope has.
pub async fn set(tx: &Tx, scope: &str, failures: u32, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE sign_in_failure SET failures = ");
    sql.bind(i32::try_from(failures).unwrap_or(i32::MAX)).push(", last_at = ").bind(micros(now));
    sql.push(" WHERE scope = ").bind(scope);
    run(tx, sql).await.map(|_| ())
}

/// Takes back one failure that was none.
pub async fn forgive(tx: &Tx, scope: &str) -> Result<()> {
    let mut sql = Sql::new("UPDATE sign_in_failure SET failures = failures - 1 WHERE failures > 0 AND scope = ");
    sql.bind(scope);
    run(tx, sql).await.map(|_| ())
}

/// Forgets the failures of a scope.
pub async fn forget(tx: &Tx, scope: &str) -> Result<()> {
    let mut sql = Sql::new("DELETE FROM sign_in_failure WHERE scope = ");
    sql.bind(scope);
    run(tx, sql).await.map(|_| ())
}

/// Forgets what is older than that.
pub async fn prune(tx: &Tx, before: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("DELETE FROM sign_in_failure WHERE last_at < ");
    sql.bind(micros(before));
    run(tx, sql).await.map(|_| ())
}
