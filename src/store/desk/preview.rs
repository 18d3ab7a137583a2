//! Links to what is not published yet.

use crate::domain::entity::Entity;
use crate::domain::ids::VariantId;
use crate::error::Result;
use crate::store::live::entities::readable;
use crate::store::live::text_column;
use crate::store::moment::{micros, moment};
use crate::store::sql::{Sql, run};
use crate::store::{Session, Tx};
use time::OffsetDateTime;
use uuid::Uuid;

/// Keeps what whoever has a token sees until it expires, and forgets what has expired.
pub async fn insert(
    tx: &Tx,
    hash: &str,
    (variant, doc): (VariantId, String),
    [now, expires]: [OffsetDateTime; 2],
) -> Result<()> {
    let mut sql = Sql::new("DELETE FROM preview WHERE expires_at < ");
    sql.bind(micros(now));
    run(tx, sql).await?;
    let mut sql = Sql::new("INSERT INTO preview (hash, variant_id, doc, created_at, expires_at) VALUES ");
    sql.rows([vec![hash.into(), variant.0.into(), doc.into(), micros(now).into(), micros(expires).into()]]);
    run(tx, sql).await.map(drop)
}

/// Forgets all links to a variant; gives how many there were.
pub async fn delete_of(tx: &Tx, variant: VariantId) -> Result<u64> {
    let mut sql = Sql::new("DELETE FROM preview WHERE variant_id = ");
    sql.bind(variant.0);
    run(tx, sql).await
}

/// What whoever has a token sees, and until when.
pub async fn find(session: &Session, hash: &str) -> Result<Option<(String, OffsetDateTime)>> {
    let mut sql = Sql::new("SELECT doc, expires_at FROM preview WHERE hash = ");
    sql.bind(hash);
    let row = session.all(sql).await?.into_iter().next();
    row.map(|row| Ok((text_column(&row, 0)?, moment(row.try_get_by_index(1)?, 0)))).transpose()
}

/// Entities by id, whether readers see them or not.
pub async fn entities(session: &Session, ids: &[Uuid]) -> Result<Vec<Entity>> {
    let mut sql = Sql::new("SELECT kind, doc FROM entity WHERE id IN ");
    sql.ids(ids.iter().copied());
    Ok(session.all(sql).await?.iter().filter_map(readable).collect())
}
