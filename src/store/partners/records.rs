//! Partners as administrators write them down.

use crate::domain::ids::{KeyId, PartnerId};
use crate::domain::partner::Partner;
use crate::error::{Error, Result};
use crate::store::live::text_column;
use crate::store::moment::{micros, moment};
use crate::store::sql::{Sql, run};
use crate::store::{Session, Tx};
use sea_orm::{ConnectionTrait, QueryResult};

const COLUMNS: &str =
    "SELECT p.id, p.slug, p.doc, p.version, p.created_at, p.updated_at, p.disabled_at FROM partner p ";

/// All partners, by what programs call them.
pub async fn list(session: &Session) -> Result<Vec<Partner>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("ORDER BY p.slug");
    session.all(sql).await?.iter().map(partner).collect()
}

/// Those who get something.
pub async fn list_enabled(tx: &Tx) -> Result<Vec<Partner>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("WHERE p.disabled_at IS NULL ORDER BY p.id");
    tx.query_all_raw(sql.statement(tx.get_database_backend())).await?.iter().map(partner).collect()
}

/// The partner whose key it is.
pub async fn find_by_key(session: &Session, key: KeyId) -> Result<Option<Partner>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("JOIN api_key k ON k.partner_id = p.id WHERE k.id = ").bind(key.0);
    session.all(sql).await?.first().map(partner).transpose()
}

/// The partner of that id or slug, and nobody else changes it meanwhile.
pub async fn lock(tx: &Tx, named: Result<PartnerId, &str>) -> Result<Option<Partner>> {
    let mut sql = Sql::new(COLUMNS);
    match named {
        Ok(id) => sql.push("WHERE p.id = ").bind(id.0),
        Err(slug) => sql.push("WHERE p.slug = ").bind(slug),
    };
    sql.push(match tx.get_database_backend() {
        sea_orm::DbBackend::Postgres => " FOR UPDATE",
        _ => "",
    });
    tx.query_one_raw(sql.statement(tx.get_database_backend())).await?.as_ref().map(partner).transpose()
}

/// Adds a partner.
pub async fn insert(tx: &Tx, partner: &Partner) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO partner (id, slug, doc, version, created_at, updated_at) VALUES ");
    sql.rows([vec![
        partner.id.0.into(),
        partner.slug.as_str().into(),
        doc(partner)?.into(),
        partner.version.into(),
        micros(partner.created_at).into(),
        micros(partner.updated_at).into(),
    ]]);
    run(tx, sql).await.map(drop)
}

/// Writes what changed of a partner.
pub async fn update(tx: &Tx, partner: &Partner) -> Result<()> {
    let mut sql = Sql::new("UPDATE partner SET doc = ");
    sql.bind(doc(partner)?).push(", version = ").bind(partner.version).push(", updated_at = ");
    sql.bind(micros(partner.updated_at)).push(", disabled_at = ").bind(partner.disabled_at.map(micros));
    sql.push(" WHERE id = ").bind(partner.id.0);
    run(tx, sql).await.map(drop)
}

fn doc(partner: &Partner) -> Result<String> {
    serde_json::to_string(&partner.facts).map_err(Error::internal)
}

fn partner(row: &QueryResult) -> Result<Partner> {
    Ok(Partner {
        id: PartnerId(row.try_get_by_index(0)?),
        slug: row.try_get_by_index(1)?,
        facts: serde_json::from_str(&text_column(row, 2)?).map_err(Error::internal)?,
        version: row.try_get_by_index(3)?,
        created_at: moment(row.try_get_by_index(4)?, 0),
        updated_at: moment(row.try_get_by_index(5)?, 0),
        disabled_at: row.try_get_by_index::<Option<i64>>(6)?.map(|at| moment(at, 0)),
    })
}
