//! Sign-ins, and the refresh tokens that carry them on.

use super::{at, maybe_at, rows, run};
use crate::domain::actor::{Actor, Role};
use crate::domain::credential::SignedIn;
use crate::domain::ids::{SessionId, UserId};
use crate::error::{Error, Result};
use crate::store::moment::micros;
use crate::store::sql::Sql;
use crate::store::{Session, Tx};
use time::OffsetDateTime;
use uuid::Uuid;

/// Whether a person signed in from there since then. Without a person the same question is asked of nobody, so that the
/// time of the answer says nothing.
pub async fn known_address(tx: &Tx, person: Option<UserId>, network: &str, since: OffsetDateTime) -> Result<bool> {
    let mut sql = Sql::new("SELECT id FROM session WHERE person_id = ");
    sql.bind(person.map_or(Uuid::nil(), |id| id.0)).push(" AND network = ").bind(network);
    sql.push(" AND refreshed_at > ").bind(micros(since)).push(" LIMIT 1");
    Ok(!rows(tx, sql).await?.is_empty())
}

/// Begins a sign-in.
pub async fn insert(tx: &Tx, session: &SignedIn, (from, network): (&Actor, &str), now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new(
        "INSERT INTO session (id, person_id, address, network, client, created_at, refreshed_at, expires_at) VALUES ",
    );
    sql.rows([vec![
        session.id.0.into(),
        session.person.0.into(),
        from.address.map(|address| address.to_string()).into(),
        network.into(),
        from.client.clone().into(),
        micros(now).into(),
        micros(now).into(),
        micros(session.expires_at).into(),
    ]]);
    run(tx, sql).await.map(|_| ())
}

/// Gives a sign-in a refresh token.
pub async fn insert_token(tx: &Tx, hash: &str, session: SessionId, [now, expires]: [OffsetDateTime; 2]) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO refresh_token (hash, session_id, created_at, expires_at) VALUES ");
    sql.rows([vec![hash.into(), session.0.into(), micros(now).into(), micros(expires).into()]]);
    run(tx, sql).await?;
    let mut sql = Sql::new("UPDATE session SET refreshed_at = ");
    sql.bind(micros(now)).push(" WHERE id = ").bind(session.0);
    run(tx, sql).await.map(|_| ())
}

/// A refresh token, and the sign-in that it belongs to.
#[derive(Debug)]
pub struct Shown {
    /// The sign-in.
    pub session: SignedIn,
    /// When the token ends by itself.
    pub expires_at: OffsetDateTime,
}

/// The refresh token of that hash.
pub async fn find_token(tx: &Tx, hash: &str) -> Result<Option<Shown>> {
    let mut sql = Sql::new(
        "SELECT s.id, s.person_id, s.expires_at, s.ended_at, t.expires_at FROM refresh_token t \
         JOIN session s ON s.id = t.session_id WHERE t.hash = ",
    );
    sql.bind(hash);
    let found = rows(tx, sql).await?;
    let read = |row: &sea_orm::QueryResult| {
        let session = SignedIn {
            id: SessionId(row.try_get_by_index(0)?),
            person: UserId(row.try_get_by_index(1)?),
            expires_at: at(row, 2)?,
            ended_at: maybe_at(row, 3)?,
        };
        Ok(Shown { session, expires_at: at(row, 4)? })
    };
    found.first().map(read).transpose()
}

/// Uses a refresh token up. False where somebody already did: of two at once, one is second.
pub async fn use_token(tx: &Tx, hash: &str, now: OffsetDateTime) -> Result<bool> {
    let mut sql = Sql::new("UPDATE refresh_token SET used_at = ");
    sql.bind(micros(now)).push(" WHERE used_at IS NULL AND hash = ").bind(hash);
    Ok(run(tx, sql).await? == 1)
}

/// Ends a sign-in. False where it had ended before.
pub async fn end(tx: &Tx, id: SessionId, now: OffsetDateTime) -> Result<bool> {
    let mut sql = Sql::new("UPDATE session SET ended_at = ");
    sql.bind(micros(now)).push(" WHERE ended_at IS NULL AND id = ").bind(id.0);
    Ok(run(tx, sql).await? == 1)
}

/// Ends all sign-ins of a person.
pub async fn end_all(tx: &Tx, person: UserId, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE session SET ended_at = ");
    sql.bind(micros(now)).push(" WHERE ended_at IS NULL AND person_id = ").bind(person.0);
    run(tx, sql).await.map(|_| ())
}

/// Forgets sign-ins that ended by themselves before then, with their tokens.
pub async fn prune(tx: &Tx, before: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("DELETE FROM session WHERE expires_at < ");
    sql.bind(micros(before));
    run(tx, sql).await.map(|_| ())
}

/// What is true of a person now, whatever their token says.
#[derive(Debug)]
pub struct Standing {
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub enabled: bool,
    /// Whether they sign in elsewhere.
    pub outside: bool,
    /// The sign-in that was asked for: when it ends by itself, and when somebody ended it.
    pub session: Option<(OffsetDateTime, Option<OffsetDateTime>)>,
}

/// What is true now of a person and one of their sign-ins.
pub async fn standing(reads: &Session, person: UserId, session: Option<SessionId>) -> Result<Option<Standing>> {
    let mut sql = Sql::new(
        "SELECT p.role, p.disabled_at, p.issuer, s.expires_at, s.ended_at FROM person p \
         LEFT JOIN session s ON s.person_id = p.id AND s.id = ",
    );
    sql.bind(session.map_or(Uuid::nil(), |id| id.0)).push(" WHERE p.id = ").bind(person.0);
    let found = reads.all(sql).await?;
    let read = |row: &sea_orm::QueryResult| {
        let role: String = row.try_get_by_index(0)?;
        Ok(Standing {
            role: role.parse().map_err(Error::internal)?,
            enabled: maybe_at(row, 1)?.is_none(),
            outside: row.try_get_by_index::<Option<String>>(2)?.is_some(),
            session: maybe_at(row, 3)?.map(|expires| Ok::<_, Error>((expires, maybe_at(row, 4)?))).transpose()?,
        })
    };
    found.first().map(read).transpose()
}
