//! Two tags or two authors become one: what the desk has of it. What readers see of it is in
//! [`crate::store::live::merge`].

use crate::domain::entity::EntityKind;
use crate::error::Result;
use crate::store::Tx;
use crate::store::moment::micros;
use crate::store::sql::{Sql, run};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// The kind of address under which a former id leads to the survivor.
const MERGED: &str = "merged";

/// What became of those of these that were merged.
pub async fn survivors(tx: &Tx, ids: impl IntoIterator<Item = Uuid>) -> Result<HashMap<Uuid, Uuid>> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("SELECT slug, target_id FROM address WHERE kind = ");
    sql.bind(MERGED).push(" AND scope = '' AND slug IN ").list(ids);
    let rows = tx.query_all_raw(sql.statement(tx.get_database_backend())).await?;
    let pair = |row: &sea_orm::QueryResult| {
        let former: String = row.try_get_by_index(0)?;
        Ok((Uuid::parse_str(&former).map_err(crate::error::Error::internal)?, row.try_get_by_index(1)?))
    };
    rows.iter().map(pair).collect()
}

/// Puts `into` in the place of `from` on every story of the desk; where both were, the first place counts. Gives how
/// many stories changed.
pub async fn replace(tx: &Tx, kind: EntityKind, [from, into]: [Uuid; 2], at: OffsetDateTime) -> Result<u64> {
    let (table, column, also) = match kind {
        EntityKind::Tag => ("article_tag", "tag_id", ""),
        // One person may have written a story and taken its pictures.
        EntityKind::Author => ("article_byline", "author_id", " AND o.role = article_byline.role"),
        EntityKind::Section | EntityKind::Image | EntityKind::Collection => return Ok(0),
    };
    let mut sql = Sql::new("UPDATE article SET version = version + 1, updated_at = ");
    sql.bind(micros(at)).push(" WHERE id IN (SELECT article_id FROM ").push(table);
    sql.push(" WHERE ").push(column).push(" = ").bind(from).push(")");
    let changed = run(tx, sql).await?;
    let mut sql = Sql::new("DELETE FROM ");
    sql.push(table).push(" WHERE ").push(column).push(" IN ").ids([from, into]);
    sql.push(" AND EXISTS (SELECT 1 FROM ").push(table).push(" o WHERE o.article_id = ").push(table);
    sql.push(".article_id AND o.").push(column).push(" IN ").ids([from, into]);
    sql.push(" AND o.position < ").push(table).push(".position").push(also).push(")");
    run(tx, sql).await?;
    let mut sql = Sql::new("UPDATE ");
    sql.push(table).push(" SET ").push(column).push(" = ").bind(into);
    sql.push(" WHERE ").push(column).push(" = ").bind(from);
    run(tx, sql).await?;
    Ok(changed)
}

/// Lets everything that led to `from` lead to `into`: its slugs, what was merged into it before, what importers know it
/// by, its own id. Then `from` is no more.
pub async fn give_way(tx: &Tx, from: Uuid, into: Uuid) -> Result<()> {
    for table in ["address", "external_id"] {
        let mut sql = Sql::new("UPDATE ");
        sql.push(table).push(" SET target_id = ").bind(into);
        if table == "address" {
            sql.push(", current = false");
        }
        sql.push(" WHERE target_id = ").bind(from);
        run(tx, sql).await?;
    }
    let mut sql = Sql::new("INSERT INTO address (kind, scope, slug, target_id, current) VALUES ");
    sql.rows([vec![MERGED.into(), "".into(), from.to_string().into(), into.into(), false.into()]]);
    run(tx, sql).await?;
    let mut sql = Sql::new("DELETE FROM entity WHERE id = ");
    sql.bind(from);
    run(tx, sql).await.map(drop)
}
