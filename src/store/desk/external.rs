//! What things are called in the systems that they were imported from.

use crate::domain::ids::ArticleId;
use crate::error::Result;
use crate::store::Tx;
use crate::store::entity::external_id;
use crate::store::sql::Sql;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, QueryResult};
use uuid::Uuid;

/// Something that was imported before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What it became.
    pub target: Uuid,
    /// What its source looked like then.
    pub fingerprint: String,
}

/// What was imported under this name.
pub async fn find(tx: &Tx, system: &str, kind: &str, id: &str) -> Result<Option<Imported>> {
    let key = (system.to_owned(), kind.to_owned(), id.to_owned());
    let row = external_id::Entity::find_by_id(key).one(tx).await?;
    Ok(row.map(|row| Imported { target: row.target_id, fingerprint: row.fingerprint }))
}

/// Remembers what something became.
pub async fn save(tx: &Tx, system: &str, kind: &str, id: &str, imported: &Imported) -> Result<()> {
    let row = external_id::ActiveModel {
        system: Set(system.to_owned()),
        kind: Set(kind.to_owned()),
        external_id: Set(id.to_owned()),
        target_id: Set(imported.target),
        fingerprint: Set(imported.fingerprint.clone()),
    };
    let key = [external_id::Column::System, external_id::Column::Kind, external_id::Column::ExternalId];
    let replace = OnConflict::columns(key)
        .update_columns([external_id::Column::TargetId, external_id::Column::Fingerprint])
        .to_owned();
    external_id::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok(())
}

/// Where a story is found besides its slugs: its names in other systems, and paths. (kind, scope, address).
pub async fn addresses_of(tx: &Tx, article: ArticleId) -> Result<Vec<(&'static str, String, String)>> {
    let mut sql = Sql::new("SELECT 0, system, external_id FROM external_id WHERE kind = 'article' AND target_id = ");
    sql.bind(article.0).push(" UNION ALL SELECT 1, '', path FROM redirect WHERE article_id = ").bind(article.0);
    let rows = tx.query_all_raw(sql.statement(tx.get_database_backend())).await?;
    let read = |row: &QueryResult| {
        let kind = if row.try_get_by_index::<i32>(0)? == 0 { "external" } else { "path" };
        Ok((kind, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
    };
    rows.iter().map(read).collect()
}
