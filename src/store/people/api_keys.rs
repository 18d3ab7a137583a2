//! Keys of programs.

use super::{at, maybe_at, run};
use crate::domain::credential::ApiKey;
use crate::domain::entity::EntityKind;
use crate::domain::ids::{KeyId, PartnerId, SectionId};
use crate::error::{Error, Result};
use crate::store::live::text_column;
use crate::store::moment::micros;
use crate::store::sql::Sql;
use crate::store::{Session, Tx};
use sea_orm::QueryResult;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use uuid::Uuid;

const COLUMNS: &str = "SELECT id, name, prefix, scopes, languages, sections, created_at, expires_at, revoked_at, \
                       used_at, hash FROM api_key ";

/// The key of that prefix, and the hash of the whole.
pub async fn find(session: &Session, prefix: &str) -> Result<Option<(ApiKey, String)>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("WHERE prefix = ").bind(prefix);
    session.all(sql).await?.first().map(|row| Ok((key(row)?, row.try_get_by_index(10)?))).transpose()
}

/// The key of that id.
pub async fn read(session: &Session, id: KeyId) -> Result<Option<ApiKey>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("WHERE id = ").bind(id.0);
    session.all(sql).await?.first().map(key).transpose()
}

/// All keys, in the order in which they were issued.
pub async fn list(session: &Session) -> Result<Vec<ApiKey>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("ORDER BY id");
    session.all(sql).await?.iter().map(key).collect()
}

/// Adds a key, a partner's where it is one's.
pub async fn insert(tx: &Tx, key: &ApiKey, hash: &str, partner: Option<PartnerId>) -> Result<()> {
    let json = |list: Result<String, serde_json::Error>| list.map_err(Error::internal);
    let mut sql = Sql::new(
        "INSERT INTO api_key (id, name, prefix, hash, scopes, languages, sections, created_at, expires_at, \
         partner_id) VALUES ",
    );
    sql.rows([vec![
        key.id.0.into(),
        key.name.clone().into(),
        key.prefix.clone().into(),
        hash.into(),
        json(serde_json::to_string(&key.scopes))?.into(),
        json(serde_json::to_string(&key.languages))?.into(),
        json(serde_json::to_string(&key.sections))?.into(),
        micros(key.created_at).into(),
        key.expires_at.map(micros).into(),
        partner.map(|id| id.0).into(),
    ]]);
    run(tx, sql).await.map(|_| ())
}

/// Ends a key. False where it had ended before.
pub async fn revoke(tx: &Tx, id: KeyId, now: OffsetDateTime) -> Result<bool> {
    let mut sql = Sql::new("UPDATE api_key SET revoked_at = ");
    sql.bind(micros(now)).push(" WHERE revoked_at IS NULL AND id = ").bind(id.0);
    Ok(run(tx, sql).await? == 1)
}

/// Notes when a key was used.
pub async fn touch(tx: &Tx, id: KeyId, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE api_key SET used_at = ");
    sql.bind(micros(now)).push(" WHERE id = ").bind(id.0);
    run(tx, sql).await.map(|_| ())
}

/// Which of these sections there are, published or not.
pub async fn sections(session: &Session, ids: &[SectionId]) -> Result<Vec<SectionId>> {
    let mut sql = Sql::new("SELECT id FROM entity WHERE kind = ");
    sql.bind(EntityKind::Section.as_str()).push(" AND id IN ").ids(ids.iter().map(|id| id.0));
    session.all(sql).await?.iter().map(|row| Ok(SectionId(row.try_get_by_index::<Uuid>(0)?))).collect()
}

fn list_column<T: DeserializeOwned>(row: &QueryResult, index: usize) -> Result<Vec<T>> {
    serde_json::from_str(&text_column(row, index)?).map_err(Error::internal)
}

fn key(row: &QueryResult) -> Result<ApiKey> {
    Ok(ApiKey {
        id: KeyId(row.try_get_by_index(0)?),
        name: row.try_get_by_index(1)?,
        prefix: row.try_get_by_index(2)?,
        scopes: list_column(row, 3)?,
        languages: list_column(row, 4)?,
        sections: list_column(row, 5)?,
        created_at: at(row, 6)?,
        expires_at: maybe_at(row, 7)?,
        revoked_at: maybe_at(row, 8)?,
        used_at: maybe_at(row, 9)?,
    })
}
