//! Who says to be working on a variant.

use crate::domain::ids::VariantId;
use crate::error::Result;
use crate::store::Tx;
use crate::store::moment::{micros, moment};
use crate::store::sql::{Sql, run};
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

/// Somebody who works on a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// `usr_…` or `key_…`.
    pub who: String,
    /// What colleagues call them.
    pub name: String,
    /// Until when that holds.
    pub until: OffsetDateTime,
}

impl Holder {
    /// Reads the two columns.
    pub(super) fn read(by: &str, until: i64) -> Self {
        let (who, name) = by.split_once(' ').unwrap_or(("", by));
        Self { who: who.to_owned(), name: name.to_owned(), until: moment(until, 0) }
    }
}

/// Who worked on it last.
pub async fn find(tx: &Tx, id: VariantId) -> Result<Option<Holder>> {
    let mut sql = Sql::new("SELECT held_by, held_until FROM variant WHERE held_by IS NOT NULL AND id = ");
    sql.bind(id.0);
    let row = tx.query_one_raw(sql.statement(tx.get_database_backend())).await?;
    row.map(|row| Ok(Holder::read(&row.try_get_by_index::<String>(0)?, row.try_get_by_index(1)?))).transpose()
}

/// Notes who works on it, or that nobody does.
pub async fn set(tx: &Tx, id: VariantId, holder: Option<Holder>) -> Result<()> {
    let by = holder.as_ref().map(|holder| format!("{} {}", holder.who, holder.name));
    let mut sql = Sql::new("UPDATE variant SET held_by = ");
    sql.bind(by).push(", held_until = ").bind(holder.map(|holder| micros(holder.until)));
    sql.push(" WHERE id = ").bind(id.0);
    run(tx, sql).await.map(drop)
}
