//! People, sessions, keys and failed sign-ins.

use super::Tx;
use super::moment::{micros, moment};
use super::sql::Sql;
use crate::auth::KeyPair;
use crate::domain::actor::{Machine, Person, Role};
use crate::domain::ids::{KeyId, UserId};
use crate::error::{Error, Result};
use crate::store::Session;
use sea_orm::{ConnectionTrait, QueryResult};
use time::OffsetDateTime;
use uuid::Uuid;

/// A person's account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Who.
    pub person: Person,
    /// How they sign in.
    pub email: String,
    /// The hash of the password.
    pub password: Option<String>,
    /// When it was disabled.
    pub disabled_at: Option<OffsetDateTime>,
    /// When it was added.
    pub created_at: OffsetDateTime,
}

/// A program's key.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// What it may do.
    pub machine: Machine,
    /// What it begins with.
    pub prefix: String,
    /// When it was issued.
    pub created_at: OffsetDateTime,
    /// Not valid from then on.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was revoked.
    pub revoked_at: Option<OffsetDateTime>,
    /// When it was used last, to the minute.
    pub last_used_at: Option<OffsetDateTime>,
}

const ACCOUNT: &str = "SELECT p.id, p.email, p.name, p.role, p.password, p.disabled_at, p.created_at FROM person p ";
const API_KEY: &str = "SELECT id, prefix, name, scopes, languages, sections, created_at, expires_at, revoked_at, \
                       last_used_at FROM api_key ";

pub(super) async fn run(tx: &Tx, sql: Sql) -> Result<u64> {
    Ok(tx.execute_raw(sql.statement(tx.get_database_backend())).await?.rows_affected())
}

async fn all(tx: &Tx, sql: Sql) -> Result<Vec<QueryResult>> {
    Ok(tx.query_all_raw(sql.statement(tx.get_database_backend())).await?)
}

fn account(row: &QueryResult) -> Result<Account> {
    let role: String = row.try_get_by_index(3)?;
    Ok(Account {
        person: Person {
            id: UserId(row.try_get_by_index(0)?),
            name: row.try_get_by_index(2)?,
            role: role.parse::<Role>().map_err(Error::internal)?,
        },
        email: row.try_get_by_index(1)?,
        password: row.try_get_by_index(4)?,
        disabled_at: row.try_get_by_index::<Option<i64>>(5)?.map(|at| moment(at, 0)),
        created_at: moment(row.try_get_by_index(6)?, 0),
    })
}

fn listed<T: std::str::FromStr<Err: Into<crate::error::Cause>>>(text: &str) -> Result<Vec<T>> {
    text.split_whitespace().map(|word| word.parse().map_err(Error::internal)).collect()
}

fn api_key(row: &QueryResult) -> Result<ApiKey> {
    let text = |column| -> Result<String> { Ok(row.try_get_by_index(column)?) };
    let at = |column| -> Result<Option<OffsetDateTime>> {
        Ok(row.try_get_by_index::<Option<i64>>(column)?.map(|at| moment(at, 0)))
    };
    Ok(ApiKey {
        machine: Machine {
            id: KeyId(row.try_get_by_index(0)?),
            name: text(2)?,
            scopes: listed(&text(3)?)?,
            languages: listed(&text(4)?)?,
            sections: listed(&text(5)?)?,
        },
        prefix: text(1)?,
        created_at: moment(row.try_get_by_index(6)?, 0),
        expires_at: at(7)?,
        revoked_at: at(8)?,
        last_used_at: at(9)?,
    })
}

/// Adds an account.
pub async fn insert_account(tx: &Tx, new: &Account) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO person (id, email, name, role, password, created_at) VALUES ");
    sql.rows([vec![
        new.person.id.0.into(),
        new.email.as_str().into(),
        new.person.name.as_str().into(),
        new.person.role.as_str().into(),
        new.password.clone().into(),
        micros(new.created_at).into(),
    ]]);
    run(tx, sql).await.map(drop)
}

/// Saves role, password and whether it is disabled.
pub async fn update_account(tx: &Tx, changed: &Account) -> Result<()> {
    let mut sql = Sql::new("UPDATE person SET role = ");
    sql.bind(changed.person.role.as_str()).push(", password = ").bind(changed.password.clone());
    sql.push(", disabled_at = ").bind(changed.disabled_at.map(micros)).push(" WHERE id = ").bind(changed.person.id.0);
    run(tx, sql).await.map(drop)
}

/// The account of an e-mail address.
pub async fn find_account(tx: &Tx, email: &str) -> Result<Option<Account>> {
    let mut sql = Sql::new(ACCOUNT);
    sql.push("WHERE p.email = ").bind(email);
    all(tx, sql).await?.first().map(account).transpose()
}

/// All accounts, by e-mail address.
pub async fn list_accounts(session: &Session) -> Result<Vec<Account>> {
    let mut sql = Sql::new(ACCOUNT);
    sql.push("ORDER BY p.email");
    session.all(sql).await?.iter().map(account).collect()
}

/// The person of a session that has not ended and whose account is not disabled.
pub async fn find_signed_in(session: &Session, person: UserId, id: Uuid) -> Result<Option<Person>> {
    let mut sql = Sql::new(ACCOUNT);
    sql.push("JOIN session s ON s.person_id = p.id WHERE s.ended_at IS NULL AND p.disabled_at IS NULL AND s.id = ");
    sql.bind(id).push(" AND p.id = ").bind(person.0);
    Ok(session.all(sql).await?.first().map(account).transpose()?.map(|account| account.person))
}

/// Begins a session.
pub async fn insert_session(tx: &Tx, id: Uuid, person: UserId, at: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO session (id, person_id, created_at) VALUES ");
    sql.rows([vec![id.into(), person.0.into(), micros(at).into()]]);
    run(tx, sql).await.map(drop)
}

/// Ends a session, or all of a person.
pub async fn end_sessions(tx: &Tx, only: Option<Uuid>, person: UserId, at: OffsetDateTime) -> Result<u64> {
    let mut sql = Sql::new("UPDATE session SET ended_at = ");
    sql.bind(micros(at)).push(" WHERE ended_at IS NULL AND person_id = ").bind(person.0);
    if let Some(id) = only {
        sql.push(" AND id = ").bind(id);
    }
    run(tx, sql).await
}

/// Adds a refresh token of a session.
pub async fn insert_refresh(tx: &Tx, hash: &str, session: Uuid, expires_at: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO refresh_token (token_hash, session_id, expires_at) VALUES ");
    sql.rows([vec![hash.into(), session.into(), micros(expires_at).into()]]);
    run(tx, sql).await.map(drop)
}

/// A refresh token, held until the end of the transaction.
#[derive(Debug)]
pub struct Refresh {
    /// Its session.
    pub session: Uuid,
    /// Whether it was used before, or its session has ended.
    pub used: bool,
    /// Not valid from then on.
    pub expires_at: OffsetDateTime,
    /// Whose it is.
    pub account: Account,
    /// Whether the session has ended.
    pub ended: bool,
}

/// The refresh token of a hash; marks it as used.
pub async fn use_refresh(tx: &Tx, hash: &str, at: OffsetDateTime) -> Result<Option<Refresh>> {
    // Whoever marks it first has it; a second use finds nothing to mark.
    let mut sql = Sql::new("UPDATE refresh_token SET used_at = ");
    sql.bind(micros(at)).push(" WHERE used_at IS NULL AND token_hash = ").bind(hash);
    let used = run(tx, sql).await? == 0;
    let mut sql = Sql::new(&ACCOUNT.replace(" FROM", ", s.id, s.ended_at, t.expires_at FROM"));
    sql.push("JOIN session s ON s.person_id = p.id JOIN refresh_token t ON t.session_id = s.id WHERE t.token_hash = ");
    sql.bind(hash);
    let rows = all(tx, sql).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Refresh {
        session: row.try_get_by_index(7)?,
        used,
        expires_at: moment(row.try_get_by_index(9)?, 0),
        account: account(row)?,
        ended: row.try_get_by_index::<Option<i64>>(8)?.is_some(),
    }))
}

/// Adds a key.
pub async fn insert_key(tx: &Tx, key: &ApiKey, hash: &str) -> Result<()> {
    fn words<T: ToString>(list: &[T]) -> String {
        list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
    let columns = "id, token_hash, prefix, name, scopes, languages, sections, created_at, expires_at";
    let mut sql = Sql::new("INSERT INTO api_key (");
    sql.push(columns).push(") VALUES ");
    sql.rows([vec![
        key.machine.id.0.into(),
        hash.into(),
        key.prefix.as_str().into(),
        key.machine.name.as_str().into(),
        words(&key.machine.scopes).into(),
        words(&key.machine.languages).into(),
        words(&key.machine.sections).into(),
        micros(key.created_at).into(),
        key.expires_at.map(micros).into(),
    ]]);
    run(tx, sql).await.map(drop)
}

/// All keys, the newest first.
pub async fn list_keys(session: &Session) -> Result<Vec<ApiKey>> {
    let mut sql = Sql::new(API_KEY);
    sql.push("ORDER BY id DESC");
    session.all(sql).await?.iter().map(api_key).collect()
}

/// The key of a hash.
pub async fn find_key(session: &Session, hash: &str) -> Result<Option<ApiKey>> {
    let mut sql = Sql::new(API_KEY);
    sql.push("WHERE token_hash = ").bind(hash);
    session.all(sql).await?.first().map(api_key).transpose()
}

/// Revokes a key; false if there is none that is valid.
pub async fn revoke_key(tx: &Tx, id: KeyId, at: OffsetDateTime) -> Result<bool> {
    let mut sql = Sql::new("UPDATE api_key SET revoked_at = ");
    sql.bind(micros(at)).push(" WHERE revoked_at IS NULL AND id = ").bind(id.0);
    Ok(run(tx, sql).await? > 0)
}

/// Notes when a key was used.
pub async fn touch_key(tx: &Tx, id: KeyId, at: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE api_key SET last_used_at = ");
    sql.bind(micros(at)).push(" WHERE id = ").bind(id.0);
    run(tx, sql).await.map(drop)
}

/// Adds a key that signs tokens.
pub async fn insert_signing_key(tx: &Tx, key: &KeyPair, at: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO signing_key (kid, private, public, created_at) VALUES ");
    let (kid, private, public) = (key.kid.as_str(), key.private.as_str(), key.public.as_str());
    sql.rows([vec![kid.into(), private.into(), public.into(), micros(at).into()]]);
    run(tx, sql).await.map(drop)
}

/// Whether there is no key that signs; who asks holds the place until the end of the transaction.
pub async fn claim_first_key(tx: &Tx) -> Result<bool> {
    if tx.get_database_backend() == sea_orm::DbBackend::Postgres {
        run(tx, Sql::new("LOCK TABLE signing_key IN EXCLUSIVE MODE")).await?;
    }
    Ok(all(tx, Sql::new("SELECT 1 FROM signing_key WHERE retired_at IS NULL")).await?.is_empty())
}

/// The keys that sign or are accepted, the oldest first, and when each was made.
pub async fn list_signing_keys(session: &Session) -> Result<Vec<(KeyPair, OffsetDateTime)>> {
    let sql =
        Sql::new("SELECT kid, private, public, created_at FROM signing_key WHERE retired_at IS NULL ORDER BY 4, 1");
    let key = |row: &QueryResult| {
        let (kid, private) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let pair = KeyPair { kid, private, public: row.try_get_by_index(2)? };
        Ok((pair, moment(row.try_get_by_index(3)?, 0)))
    };
    session.all(sql).await?.iter().map(key).collect()
}

/// Refuses tokens of a key from now on; false if there is none.
pub async fn retire_signing_key(tx: &Tx, kid: &str, at: OffsetDateTime) -> Result<bool> {
    let mut sql = Sql::new("UPDATE signing_key SET retired_at = ");
    sql.bind(micros(at)).push(" WHERE retired_at IS NULL AND kid = ").bind(kid);
    Ok(run(tx, sql).await? > 0)
}

/// How often signing in failed, and when last: for the account from the address, the address, the account.
pub async fn failures(tx: &Tx, account: &str, address: &str) -> Result<[(i64, OffsetDateTime); 3]> {
    let mut found = [(0, OffsetDateTime::UNIX_EPOCH); 3];
    for (slot, (account, address)) in found.iter_mut().zip([(account, address), ("", address), (account, "")]) {
        let mut sql = Sql::new("SELECT failures, last_at FROM sign_in_failure WHERE account = ");
        sql.bind(account).push(" AND address = ").bind(address);
        if let Some(row) = all(tx, sql).await?.first() {
            *slot = (i64::from(row.try_get_by_index::<i32>(0)?), moment(row.try_get_by_index(1)?, 0));
        }
    }
    Ok(found)
}

/// Counts a failure for all three; counts that are older than `since` begin anew.
pub async fn count_failure(
    tx: &Tx,
    account: &str,
    address: &str,
    at: OffsetDateTime,
    since: OffsetDateTime,
) -> Result<()> {
    let row = |account: &str, address: &str| vec![account.into(), address.into(), 1.into(), micros(at).into()];
    let mut sql = Sql::new("INSERT INTO sign_in_failure (account, address, failures, last_at) VALUES ");
    sql.rows([row(account, address), row("", address), row(account, "")]);
    sql.push(" ON CONFLICT (account, address) DO UPDATE SET last_at = excluded.last_at, failures = CASE WHEN");
    sql.push(" sign_in_failure.last_at < ").bind(micros(since)).push(" THEN 1 ELSE sign_in_failure.failures + 1 END");
    run(tx, sql).await.map(drop)
}

/// Forgets the failures of an account from an address, and remembers the address.
pub async fn remember_success(tx: &Tx, account: &str, person: UserId, address: &str) -> Result<()> {
    let mut sql = Sql::new("DELETE FROM sign_in_failure WHERE account = ");
    sql.bind(account).push(" AND address = ").bind(address);
    run(tx, sql).await?;
    let mut sql = Sql::new("INSERT INTO known_address (person_id, address) VALUES ");
    sql.rows([vec![person.0.into(), address.into()]]).push(" ON CONFLICT (person_id, address) DO NOTHING");
    run(tx, sql).await.map(drop)
}

/// Whether the account was signed in to from the address before.
pub async fn is_known(tx: &Tx, person: UserId, address: &str) -> Result<bool> {
    let mut sql = Sql::new("SELECT 1 FROM known_address WHERE person_id = ");
    sql.bind(person.0).push(" AND address = ").bind(address);
    Ok(!all(tx, sql).await?.is_empty())
}
