//! The keys that sign access tokens.

use super::{at, maybe_at, rows, run};
use crate::domain::credential::SigningKey;
use crate::error::{Error, Result};
use crate::store::moment::micros;
use crate::store::sql::Sql;
use crate::store::{Session, Tx};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use time::OffsetDateTime;

/// Any number that nothing else in the database uses: the advisory lock under which keys are made.
const KEYS_LOCK: i64 = 0x6279_6b65_7973;

fn all() -> Sql {
    Sql::new(
        "SELECT id, algorithm, private_key, public_key, created_at, signs_since, retired_at FROM signing_key \
         ORDER BY created_at, id",
    )
}

/// All keys, oldest first, retired ones too.
pub async fn list(session: &Session) -> Result<Vec<SigningKey>> {
    session.all(all()).await?.iter().map(key).collect()
}

/// All keys, with the promise that nobody else changes them until the end of the transaction.
pub async fn lock(tx: &Tx) -> Result<Vec<SigningKey>> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let mut sql = Sql::new("SELECT pg_advisory_xact_lock(");
        sql.bind(KEYS_LOCK).push(")");
        run(tx, sql).await?;
    }
    rows(tx, all()).await?.iter().map(key).collect()
}

/// Adds a key.
pub async fn insert(tx: &Tx, key: &SigningKey) -> Result<()> {
    let mut sql =
        Sql::new("INSERT INTO signing_key (id, algorithm, private_key, public_key, created_at, signs_since) VALUES ");
    sql.rows([vec![
        key.id.clone().into(),
        key.algorithm.as_str().into(),
        key.private_key.clone().into(),
        key.public_key.clone().into(),
        micros(key.created_at).into(),
        key.signs_since.map(micros).into(),
    ]]);
    run(tx, sql).await.map(|_| ())
}

/// Lets a key sign from now on.
pub async fn let_sign(tx: &Tx, id: &str, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE signing_key SET signs_since = ");
    sql.bind(micros(now)).push(" WHERE id = ").bind(id);
    run(tx, sql).await.map(|_| ())
}

/// No longer believes what a key signed. The private half goes for good.
pub async fn retire(tx: &Tx, id: &str, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE signing_key SET private_key = '', retired_at = ");
    sql.bind(micros(now)).push(" WHERE id = ").bind(id);
    run(tx, sql).await.map(|_| ())
}

fn key(row: &QueryResult) -> Result<SigningKey> {
    let algorithm: String = row.try_get_by_index(1)?;
    Ok(SigningKey {
        id: row.try_get_by_index(0)?,
        algorithm: algorithm.parse().map_err(Error::internal)?,
        private_key: row.try_get_by_index(2)?,
        public_key: row.try_get_by_index(3)?,
        created_at: at(row, 4)?,
        signs_since: maybe_at(row, 5)?,
        retired_at: maybe_at(row, 6)?,
    })
}
