//! What is to be published or withdrawn by itself.

use crate::domain::ids::VariantId;
use crate::error::Result;
use crate::store::moment::{micros, moment};
use crate::store::sql::Sql;
use crate::store::{Session, Tx};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use time::OffsetDateTime;

/// Any number that nothing else in the database uses: the advisory lock of the server that is at it.
const SCHEDULER_LOCK: i64 = 0x6279_6c69_6e66;

/// Something that is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// The variant.
    pub variant: VariantId,
    /// When.
    pub at: OffsetDateTime,
    /// Published then, or withdrawn.
    pub publish: bool,
}

/// The next of what is planned, by time, ties by id. It is asked for every second.
fn next(backend: DbBackend) -> Sql {
    // SQLite would look at every published variant: it takes an index by `state` for better than one that has what is asked.
    let by = |index: &str| if backend == DbBackend::Sqlite { format!(" INDEXED BY {index}") } else { String::new() };
    let mut sql = Sql::new("SELECT id, planned_at, publish FROM (");
    sql.push("SELECT id, scheduled_at AS planned_at, 1 AS publish FROM variant").push(&by("variant_by_schedule"));
    sql.push(" WHERE scheduled_at IS NOT NULL AND state = 'SCHEDULED' UNION ALL ");
    sql.push("SELECT id, withdraw_at, 0 FROM variant").push(&by("variant_by_withdrawal"));
    sql.push(" WHERE withdraw_at IS NOT NULL AND state = 'PUBLISHED') AS planned ORDER BY planned_at, id LIMIT 1");
    sql
}

fn planned(row: &QueryResult) -> Result<Planned> {
    Ok(Planned {
        variant: VariantId(row.try_get_by_index(0)?),
        at: moment(row.try_get_by_index(1)?, 0),
        publish: row.try_get_by_index::<i32>(2)? == 1,
    })
}

/// What is planned next.
pub async fn find_next(session: &Session) -> Result<Option<Planned>> {
    session.all(next(session.backend())).await?.first().map(planned).transpose()
}

/// What is due next, for the one server that is at it; the others find nothing.
pub async fn claim_due(tx: &Tx, now: OffsetDateTime) -> Result<Option<Planned>> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        let mut lock = Sql::new("SELECT pg_try_advisory_xact_lock(");
        lock.bind(SCHEDULER_LOCK).push(")");
        let row = tx.query_one_raw(lock.statement(backend)).await?;
        let free: bool = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false);
        if !free {
            return Ok(None);
        }
    }
    let found = tx.query_one_raw(next(backend).statement(backend)).await?.as_ref().map(planned).transpose()?;
    Ok(found.filter(|planned| micros(planned.at) <= micros(now)))
}
