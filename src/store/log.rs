//! The change log and the audit.

use super::live::text_column;
use super::moment::{micros, moment};
use super::notify::NOTIFY;
use super::sql::Sql;
use super::{Session, Tx};
use crate::domain::actor::Actor;
use crate::domain::effect::Effect;
use crate::domain::entity::EntityKind;
use crate::domain::ids::{ArticleId, EventId, RevisionId};
use crate::domain::language::LanguageTag;
use crate::domain::published::{Change, ChangeFilter, ChangeKind};
use crate::error::{Error, Result};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// Any number that nothing else in the database uses: the advisory lock under which events are appended.
const LOG_LOCK: i64 = 0x6279_6c69_6e65;

/// What happened.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What it is.
    pub kind: ChangeKind,
    /// The story.
    pub article: Option<ArticleId>,
    /// The language.
    pub language: Option<LanguageTag>,
    /// The revision that readers see now.
    pub revision: Option<RevisionId>,
    /// When.
    pub at: OffsetDateTime,
    /// What else a consumer needs.
    pub payload: Payload,
    /// What it changes for readers.
    pub effect: Effect,
}

/// What an event says beside its columns.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Payload {
    /// The author, section, tag, image or collection that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<(EntityKind, Uuid)>,
}

/// Appends an event. Ids grow in commit order: on PostgreSQL whoever appends holds a lock until the end of the
/// transaction, SQLite has one writer anyway. Append as late in a transaction as you can.
pub async fn append(tx: &Tx, event: NewEvent) -> Result<EventId> {
    append_all(tx, vec![event]).await
}

/// How many events are inserted at once.
const ROWS: usize = 500;

/// Appends several events, in this order; gives the last.
pub async fn append_all(tx: &Tx, events: Vec<NewEvent>) -> Result<EventId> {
    let mut last = EventId(0);
    if tx.get_database_backend() == DbBackend::Postgres {
        let mut lock = Sql::new("SELECT pg_advisory_xact_lock(");
        lock.bind(LOG_LOCK).push(")").push(NOTIFY);
        tx.execute_raw(lock.statement(DbBackend::Postgres)).await?;
    }
    for events in events.chunks(ROWS) {
        let mut sql =
            Sql::new("INSERT INTO event (kind, article_id, language, revision_id, at, payload, effect) VALUES ");
        let rows = events.iter().map(event_row).collect::<Result<Vec<_>>>()?;
        sql.rows(rows).push(" RETURNING id");
        for row in tx.query_all_raw(sql.statement(tx.get_database_backend())).await? {
            last = last.max(EventId(row.try_get_by_index(0)?));
        }
    }
    Ok(last)
}

fn event_row(event: &NewEvent) -> Result<Vec<Value>> {
    Ok(vec![
        event.kind.as_str().into(),
        event.article.map(|id| id.0).into(),
        event.language.as_ref().map(LanguageTag::to_string).into(),
        event.revision.map(|id| id.0).into(),
        micros(event.at).into(),
        serde_json::to_string(&event.payload).map_err(Error::internal)?.into(),
        serde_json::to_string(&event.effect).map_err(Error::internal)?.into(),
    ])
}

/// One thing that somebody did.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Who, and from where.
    pub actor: &'a Actor,
    /// What: `variant.publish`.
    pub action: &'a str,
    /// To what.
    pub target: Uuid,
    /// The revision before, where it is about one.
    pub before: Option<RevisionId>,
    /// The revision after.
    pub after: Option<RevisionId>,
    /// What else is worth knowing, as JSON.
    pub detail: serde_json::Value,
    /// When.
    pub at: OffsetDateTime,
}

/// Notes who did what. Nothing in the service changes or removes it.
pub async fn audit(tx: &Tx, entry: Entry<'_>) -> Result<()> {
    let mut sql = Sql::new(
        "INSERT INTO audit (at, actor, action, target_id, detail, actor_name, address, client, before_revision_id, \
         after_revision_id) VALUES ",
    );
    sql.rows([vec![
        micros(entry.at).into(),
        entry.actor.to_string().into(),
        entry.action.into(),
        entry.target.into(),
        entry.detail.to_string().into(),
        entry.actor.name().into(),
        entry.actor.address.map(|address| address.to_string()).into(),
        entry.actor.client.clone().into(),
        entry.before.map(|id| id.0).into(),
        entry.after.map(|id| id.0).into(),
    ]]);
    tx.execute_raw(sql.statement(tx.get_database_backend())).await?;
    Ok(())
}

/// At most `limit` changes after `after`, in the order in which they were committed.
pub async fn list_changes(session: &Session, after: EventId, filter: &ChangeFilter, limit: u32) -> Result<Vec<Change>> {
    let mut sql = Sql::new("SELECT id, kind, article_id, language, at, payload FROM event WHERE id > ");
    sql.bind(after.0);
    if !filter.kinds.is_empty() {
        sql.push(" AND kind IN ").list(filter.kinds.iter().map(|kind| kind.as_str()));
    }
    if !filter.languages.is_empty() {
        sql.push(" AND (language IS NULL OR language IN ");
        sql.list(filter.languages.iter().map(LanguageTag::as_str)).push(")");
    }
    if !filter.articles.is_empty() {
        sql.push(" AND article_id IN ").ids(filter.articles.iter().map(|id| id.0));
    }
    sql.push(" ORDER BY id LIMIT ").bind(i64::from(limit));
    session.all(sql).await?.iter().map(change).collect()
}

/// At most `limit` entries after `after` with what they change for readers; nothing for those of before that was noted.
pub async fn list_effects(session: &Session, after: EventId, limit: u32) -> Result<Vec<(EventId, Option<Effect>)>> {
    let mut sql = Sql::new("SELECT id, effect FROM event WHERE id > ");
    sql.bind(after.0).push(" ORDER BY id LIMIT ").bind(i64::from(limit));
    let effect = |row: &QueryResult| {
        let text: Option<String> = row.try_get_by_index(1)?;
        Ok((EventId(row.try_get_by_index(0)?), text.and_then(|text| serde_json::from_str(&text).ok())))
    };
    session.all(sql).await?.iter().map(effect).collect()
}

/// Forgets what entries after `after` and before a moment changed for readers, at most `limit` of them; gives the last.
pub async fn forget_effects(tx: &Tx, after: EventId, before: OffsetDateTime, limit: u32) -> Result<Option<EventId>> {
    let mut sql = Sql::new("UPDATE event SET effect = NULL WHERE id IN (SELECT id FROM event WHERE id > ");
    sql.bind(after.0).push(" AND effect IS NOT NULL AND at < ").bind(micros(before));
    sql.push(" ORDER BY id LIMIT ").bind(i64::from(limit)).push(") RETURNING id");
    let rows = tx.query_all_raw(sql.statement(tx.get_database_backend())).await?;
    let ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<i64>, _>>()?;
    Ok(ids.into_iter().max().map(EventId))
}

/// The newest entry of the change log; 0 if there is none.
pub async fn end(session: &Session) -> Result<EventId> {
    let found = session.all(Sql::new("SELECT max(id) FROM event")).await?;
    let end = found.first().map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?;
    Ok(EventId(end.flatten().unwrap_or(0)))
}

fn change(row: &QueryResult) -> Result<Change> {
    let kind: String = row.try_get_by_index(1)?;
    let language: Option<String> = row.try_get_by_index(3)?;
    let payload: Payload = serde_json::from_str(&text_column(row, 5)?).map_err(Error::internal)?;
    Ok(Change {
        id: EventId(row.try_get_by_index(0)?),
        kind: kind.parse().map_err(Error::internal)?,
        article: row.try_get_by_index::<Option<Uuid>>(2)?.map(ArticleId),
        language: language.map(|tag| tag.parse().map_err(Error::internal)).transpose()?,
        at: moment(row.try_get_by_index(4)?, 0),
        entity: payload.entity,
    })
}
