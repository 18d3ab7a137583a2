//! Where partners are told of changes.

use crate::domain::ids::{EndpointId, KeyId, PartnerId};
use crate::domain::webhook::Format;
use crate::error::{Error, Result};
use crate::store::moment::{micros, moment};
use crate::store::sql::{Sql, run};
use crate::store::{Session, Tx};
use sea_orm::{ConnectionTrait, QueryResult};
use time::OffsetDateTime;

/// What waits at an endpoint that is disabled is due at no time.
const NEVER: i64 = i64::MAX;

/// An endpoint, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Whose it is.
    pub partner: PartnerId,
    /// What programs call the partner.
    pub partner_slug: String,
    /// Where requests go.
    pub url: String,
    /// What they bring.
    pub format: Format,
    /// When it was added.
    pub created_at: OffsetDateTime,
    /// Since when it took nothing; nothing while all is well.
    pub failing_since: Option<OffsetDateTime>,
    /// Since when nothing is sent to it.
    pub disabled_at: Option<OffsetDateTime>,
    /// Why: `GONE`, `FAILING`, or in an administrator's words.
    pub disabled_reason: Option<String>,
    /// How many changes wait for it.
    pub waiting: u64,
}

const COLUMNS: &str = "SELECT e.id, e.partner_id, p.slug, e.url, e.format, e.created_at, e.failing_since, e.disabled_at, \
    e.disabled_reason, (SELECT count(*) FROM webhook_delivery d WHERE d.endpoint_id = e.id AND d.state = 'waiting') \
    FROM webhook_endpoint e JOIN partner p ON p.id = e.partner_id ";

/// Endpoints in the order in which they were added: all, or one partner's.
pub async fn list(session: &Session, partner: Option<PartnerId>) -> Result<Vec<Endpoint>> {
    let mut sql = Sql::new(COLUMNS);
    if let Some(partner) = partner {
        sql.push("WHERE e.partner_id = ").bind(partner.0);
    }
    sql.push(" ORDER BY e.id");
    session.all(sql).await?.iter().map(endpoint).collect()
}

/// An endpoint.
pub async fn find(tx: &Tx, id: EndpointId) -> Result<Option<Endpoint>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("WHERE e.id = ").bind(id.0);
    tx.query_one_raw(sql.statement(tx.get_database_backend())).await?.as_ref().map(endpoint).transpose()
}

/// How many endpoints a partner has.
pub async fn count(tx: &Tx, partner: PartnerId) -> Result<i64> {
    let mut sql = Sql::new("SELECT count(*) FROM webhook_endpoint WHERE partner_id = ");
    sql.bind(partner.0);
    let row = tx.query_one_raw(sql.statement(tx.get_database_backend())).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// The partner that programs call so, and whether it is disabled.
pub async fn partner(session: &Session, slug: &str) -> Result<Option<PartnerId>> {
    let mut sql = Sql::new("SELECT id FROM partner WHERE slug = ");
    sql.bind(slug);
    session.all(sql).await?.first().map(|row| Ok(PartnerId(row.try_get_by_index(0)?))).transpose()
}

/// The partner whose key it is, and the partner's tier.
pub async fn tier(session: &Session, key: KeyId) -> Result<Option<(PartnerId, String)>> {
    #[derive(serde::Deserialize)]
    struct Doc {
        #[serde(default)]
        tier: String,
    }
    let mut sql = Sql::new("SELECT p.id, p.doc FROM api_key k JOIN partner p ON p.id = k.partner_id WHERE k.id = ");
    sql.bind(key.0);
    let rows = session.all(sql).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let doc: Doc = serde_json::from_str(&row.try_get_by_index::<String>(1)?).map_err(Error::internal)?;
    Ok(Some((PartnerId(row.try_get_by_index(0)?), doc.tier)))
}

/// Adds an endpoint with its secrets, as JSON.
pub async fn insert(tx: &Tx, endpoint: &Endpoint, secrets: &str) -> Result<()> {
    let mut sql =
        Sql::new("INSERT INTO webhook_endpoint (id, partner_id, url, format, secrets, created_at, updated_at) VALUES ");
    let now = micros(endpoint.created_at);
    sql.rows([vec![
        endpoint.id.0.into(),
        endpoint.partner.0.into(),
        endpoint.url.as_str().into(),
        endpoint.format.as_str().into(),
        secrets.into(),
        now.into(),
        now.into(),
    ]]);
    run(tx, sql).await.map(drop)
}

/// Its secrets, as JSON.
pub async fn secrets(tx: &Tx, id: EndpointId) -> Result<Option<String>> {
    let mut sql = Sql::new("SELECT secrets FROM webhook_endpoint WHERE id = ");
    sql.bind(id.0);
    let row = tx.query_one_raw(sql.statement(tx.get_database_backend())).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Puts other secrets in their place.
pub async fn set_secrets(tx: &Tx, id: EndpointId, secrets: &str, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE webhook_endpoint SET secrets = ");
    sql.bind(secrets).push(", updated_at = ").bind(micros(now)).push(" WHERE id = ").bind(id.0);
    run(tx, sql).await.map(drop)
}

/// Sends nothing there any more; what waits goes on waiting. False where it was so before.
pub async fn disable(tx: &Tx, id: EndpointId, reason: &str, now: OffsetDateTime) -> Result<bool> {
    let mut sql = Sql::new("UPDATE webhook_endpoint SET disabled_at = ");
    sql.bind(micros(now)).push(", updated_at = ").bind(micros(now)).push(", disabled_reason = ").bind(reason);
    sql.push(" WHERE disabled_at IS NULL AND id = ").bind(id.0);
    if run(tx, sql).await? == 0 {
        return Ok(false);
    }
    due(tx, id, NEVER).await?;
    Ok(true)
}

/// Sends there again, beginning with what waits. False where it was so before.
pub async fn enable(tx: &Tx, id: EndpointId, now: OffsetDateTime) -> Result<bool> {
    let mut sql =
        Sql::new("UPDATE webhook_endpoint SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL");
    sql.push(", updated_at = ").bind(micros(now)).push(" WHERE disabled_at IS NOT NULL AND id = ").bind(id.0);
    if run(tx, sql).await? == 0 {
        return Ok(false);
    }
    // What waits has all its time before it again.
    let mut sql = Sql::new("UPDATE webhook_delivery SET attempts = 0, created_at = ");
    sql.bind(micros(now)).push(" WHERE state = 'waiting' AND endpoint_id = ").bind(id.0);
    run(tx, sql).await?;
    due(tx, id, micros(now)).await?;
    Ok(true)
}

async fn due(tx: &Tx, id: EndpointId, at: i64) -> Result<()> {
    let mut sql = Sql::new("UPDATE webhook_delivery SET next_at = ");
    sql.bind(at).push(" WHERE state = 'waiting' AND endpoint_id = ").bind(id.0);
    run(tx, sql).await.map(drop)
}

/// Takes an endpoint away, with what waits for it and its log. What its partner was told stays known.
pub async fn delete(tx: &Tx, id: EndpointId) -> Result<()> {
    let mut sql = Sql::new("DELETE FROM webhook_endpoint WHERE id = ");
    sql.bind(id.0);
    run(tx, sql).await.map(drop)
}

fn endpoint(row: &QueryResult) -> Result<Endpoint> {
    let maybe = |index| Ok::<_, Error>(row.try_get_by_index::<Option<i64>>(index)?.map(|at| moment(at, 0)));
    Ok(Endpoint {
        id: EndpointId(row.try_get_by_index(0)?),
        partner: PartnerId(row.try_get_by_index(1)?),
        partner_slug: row.try_get_by_index(2)?,
        url: row.try_get_by_index(3)?,
        format: row.try_get_by_index::<String>(4)?.parse().map_err(Error::internal)?,
        created_at: moment(row.try_get_by_index(5)?, 0),
        failing_since: maybe(6)?,
        disabled_at: maybe(7)?,
        disabled_reason: row.try_get_by_index(8)?,
        waiting: row.try_get_by_index::<i64>(9)?.unsigned_abs(),
    })
}
