//! People.

use super::{at, maybe_at, rows, run};
use crate::domain::actor::Role;
use crate::domain::credential::Account;
use crate::domain::ids::UserId;
use crate::error::{Error, Result};
use crate::store::moment::micros;
use crate::store::sql::Sql;
use crate::store::{Session, Tx};
use sea_orm::QueryResult;
use time::OffsetDateTime;

const COLUMNS: &str = "SELECT id, email, name, role, issuer, created_at, disabled_at, password_hash FROM person ";

/// How a person is named.
#[derive(Debug, Clone, Copy)]
pub enum Named<'a> {
    /// By id.
    Id(UserId),
    /// By the address of somebody who signs in here, in lower case.
    Email(&'a str),
    /// By what another issuer calls them.
    Outside {
        /// The issuer.
        issuer: &'a str,
        /// Its name for the person.
        subject: &'a str,
    },
}

fn find(named: Named<'_>) -> Sql {
    let mut sql = Sql::new(COLUMNS);
    match named {
        Named::Id(id) => sql.push("WHERE id = ").bind(id.0),
        Named::Email(email) => sql.push("WHERE issuer IS NULL AND email = ").bind(email),
        Named::Outside { issuer, subject } => {
            sql.push("WHERE issuer = ").bind(issuer).push(" AND subject = ").bind(subject)
        }
    };
    sql
}

/// The person of that name, outside a transaction.
pub async fn read(session: &Session, named: Named<'_>) -> Result<Option<Account>> {
    session.all(find(named)).await?.first().map(account).transpose()
}

/// The person of that name, and the hash of the password.
pub async fn lock(tx: &Tx, named: Named<'_>) -> Result<Option<(Account, Option<String>)>> {
    let mut sql = find(named);
    if sea_orm::ConnectionTrait::get_database_backend(tx) == sea_orm::DbBackend::Postgres {
        sql.push(" FOR UPDATE");
    }
    let found = rows(tx, sql).await?;
    found.first().map(|row| Ok((account(row)?, row.try_get_by_index(7)?))).transpose()
}

/// Everybody, in the order in which they were added.
pub async fn list(session: &Session) -> Result<Vec<Account>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("ORDER BY id");
    session.all(sql).await?.iter().map(account).collect()
}

/// Adds a person. `outside` is what their issuer calls them.
pub async fn insert(tx: &Tx, account: &Account, outside: Option<&str>, password_hash: Option<&str>) -> Result<()> {
    let mut sql = Sql::new(
        "INSERT INTO person (id, email, name, role, password_hash, issuer, subject, created_at, updated_at) VALUES ",
    );
    let created = micros(account.created_at);
    sql.rows([vec![
        account.id.0.into(),
        account.email.clone().into(),
        account.name.clone().into(),
        account.role.as_str().into(),
        password_hash.map(str::to_owned).into(),
        account.issuer.clone().into(),
        outside.map(str::to_owned).into(),
        created.into(),
        created.into(),
    ]]);
    // Two requests may see somebody from outside for the first time at once.
    sql.push(" ON CONFLICT DO NOTHING");
    run(tx, sql).await.map(|_| ())
}

/// Writes what may change of a person.
pub async fn update(tx: &Tx, account: &Account, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE person SET email = ");
    sql.bind(account.email.clone()).push(", name = ").bind(account.name.clone());
    sql.push(", role = ").bind(account.role.as_str());
    sql.push(", disabled_at = ").bind(account.disabled_at.map(micros));
    sql.push(", updated_at = ").bind(micros(now)).push(" WHERE id = ").bind(account.id.0);
    run(tx, sql).await.map(|_| ())
}

/// Gives a person another password.
pub async fn set_password(tx: &Tx, id: UserId, hash: &str, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE person SET password_hash = ");
    sql.bind(hash).push(", updated_at = ").bind(micros(now)).push(" WHERE id = ").bind(id.0);
    run(tx, sql).await.map(|_| ())
}

fn account(row: &QueryResult) -> Result<Account> {
    let role: String = row.try_get_by_index(3)?;
    Ok(Account {
        id: UserId(row.try_get_by_index(0)?),
        email: row.try_get_by_index(1)?,
        name: row.try_get_by_index(2)?,
        role: role.parse::<Role>().map_err(Error::internal)?,
        issuer: row.try_get_by_index(4)?,
        created_at: at(row, 5)?,
        disabled_at: maybe_at(row, 6)?,
    })
}
