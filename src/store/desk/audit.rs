//! Who did what.

use crate::domain::ids::RevisionId;
use crate::error::Result;
use crate::store::Session;
use crate::store::moment::{micros, moment};
use crate::store::sql::Sql;
use sea_orm::QueryResult;
use time::OffsetDateTime;
use uuid::Uuid;

/// One thing that somebody did.
#[derive(Debug, Clone)]
pub struct AuditRow {
    /// Its place in the log.
    pub id: i64,
    /// When.
    pub at: OffsetDateTime,
    /// Who: `usr_…`, `key_…`, or a part of the service.
    pub actor: String,
    /// The name that they had.
    pub actor_name: Option<String>,
    /// What.
    pub action: String,
    /// To what.
    pub target: Uuid,
    /// From where.
    pub address: Option<String>,
    /// With what.
    pub client: Option<String>,
    /// The revision before.
    pub before: Option<RevisionId>,
    /// The revision after.
    pub after: Option<RevisionId>,
    /// What else is worth knowing, as JSON.
    pub detail: String,
}

/// Which entries of the audit.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Of this actor.
    pub actor: Option<String>,
    /// About this.
    pub target: Option<Uuid>,
    /// Whose action begins so: `variant.`.
    pub action: Option<String>,
    /// Not before.
    pub since: Option<OffsetDateTime>,
    /// Older than this entry.
    pub before: Option<i64>,
}

/// Entries of the audit, the newest first.
pub async fn list(session: &Session, filter: &AuditFilter, limit: u32) -> Result<Vec<AuditRow>> {
    let mut sql = Sql::new("SELECT id, at, actor, actor_name, action, target_id, address, client,");
    sql.push(" before_revision_id, after_revision_id, detail FROM audit WHERE id < ");
    sql.bind(filter.before.unwrap_or(i64::MAX));
    if let Some(actor) = &filter.actor {
        sql.push(" AND actor = ").bind(actor.as_str());
    }
    if let Some(target) = filter.target {
        sql.push(" AND target_id = ").bind(target);
    }
    if let Some(action) = &filter.action {
        // Actions are plain words and dots: what follows a prefix sorts before the prefix with a tilde.
        sql.push(" AND action >= ").bind(action.as_str()).push(" AND action < ").bind(format!("{action}~"));
    }
    if let Some(since) = filter.since {
        sql.push(" AND at >= ").bind(micros(since));
    }
    sql.push(" ORDER BY id DESC LIMIT ").bind(i64::from(limit));
    session.all(sql).await?.iter().map(row).collect()
}

fn row(row: &QueryResult) -> Result<AuditRow> {
    Ok(AuditRow {
        id: row.try_get_by_index(0)?,
        at: moment(row.try_get_by_index(1)?, 0),
        actor: row.try_get_by_index(2)?,
        actor_name: row.try_get_by_index(3)?,
        action: row.try_get_by_index(4)?,
        target: row.try_get_by_index(5)?,
        address: row.try_get_by_index(6)?,
        client: row.try_get_by_index(7)?,
        before: row.try_get_by_index::<Option<Uuid>>(8)?.map(RevisionId),
        after: row.try_get_by_index::<Option<Uuid>>(9)?.map(RevisionId),
        detail: row.try_get_by_index(10)?,
    })
}
