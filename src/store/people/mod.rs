//! Who may sign in, and with what: people, their sign-ins, keys of programs, keys that sign.

pub mod accounts;
pub mod api_keys;
pub mod failures;
pub mod sessions;
pub mod signing_keys;

use super::Tx;
use super::moment::moment;
use super::sql::Sql;
use crate::error::Result;
use sea_orm::{ConnectionTrait, QueryResult};
use time::OffsetDateTime;

/// Runs a statement that writes; gives how many rows it touched.
async fn run(tx: &Tx, sql: Sql) -> Result<u64> {
    Ok(tx.execute_raw(sql.statement(tx.get_database_backend())).await?.rows_affected())
}

/// The rows of a statement, inside a transaction.
async fn rows(tx: &Tx, sql: Sql) -> Result<Vec<QueryResult>> {
    Ok(tx.query_all_raw(sql.statement(tx.get_database_backend())).await?)
}

/// A column that holds a moment.
fn at(row: &QueryResult, index: usize) -> Result<OffsetDateTime> {
    Ok(moment(row.try_get_by_index(index)?, 0))
}

/// A column that may hold a moment.
fn maybe_at(row: &QueryResult, index: usize) -> Result<Option<OffsetDateTime>> {
    Ok(row.try_get_by_index::<Option<i64>>(index)?.map(|micros| moment(micros, 0)))
}
