//! Who may sign in, and with what: people, their sign-ins, keys of programs, keys that sign.

pub mod accounts;
pub mod api_keys;
pub mod failures;
pub mod sessions;
pub mod signing_keys;

use super::moment::moment;
use super::sql::{rows, run};
use crate::error::Result;
use sea_orm::QueryResult;
use time::OffsetDateTime;

/// A column that holds a moment.
fn at(row: &QueryResult, index: usize) -> Result<OffsetDateTime> {
    Ok(moment(row.try_get_by_index(index)?, 0))
}

/// A column that may hold a moment.
fn maybe_at(row: &QueryResult, index: usize) -> Result<Option<OffsetDateTime>> {
    Ok(row.try_get_by_index::<Option<i64>>(index)?.map(|micros| moment(micros, 0)))
}
