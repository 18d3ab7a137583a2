//! Where stories stand for partners.

use crate::domain::ids::{ArticleId, PartnerId};
use crate::domain::language::LanguageTag;
use crate::domain::partner::Told;
use crate::error::{Error, Result};
use crate::store::moment::micros;
use crate::store::sql::{Sql, run};
use crate::store::{Session, Tx};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many rows are written at once.
const ROWS: usize = 500;

/// A story in a language.
pub type Place = (ArticleId, LanguageTag);

/// What all partners were told last of some stories.
pub async fn list_told(tx: &Tx, articles: &[ArticleId]) -> Result<HashMap<(PartnerId, Place), Told>> {
    let mut sql = Sql::new("SELECT partner_id, article_id, language, status, shown, had, embargoed_until ");
    sql.push("FROM partner_story WHERE article_id IN ").ids(articles.iter().map(|id| id.0));
    let told = |row: &QueryResult| {
        let place = (ArticleId(row.try_get_by_index(1)?), language(row, 2)?);
        let told = Told {
            status: row.try_get_by_index::<String>(3)?.parse().map_err(Error::internal)?,
            shown: row.try_get_by_index(4)?,
            had: serde_json::from_str(&row.try_get_by_index::<String>(5)?).map_err(Error::internal)?,
            embargoed: row.try_get_by_index::<Option<i64>>(6)?.is_some(),
        };
        Ok(((PartnerId(row.try_get_by_index(0)?), place), told))
    };
    tx.query_all_raw(sql.statement(tx.get_database_backend())).await?.iter().map(told).collect()
}

/// Where a story stands for a partner now.
#[derive(Debug, Clone)]
pub struct Stands {
    /// The partner.
    pub partner: PartnerId,
    /// The story.
    pub place: Place,
    /// What it is told of it.
    pub told: Told,
    /// Until when that is under embargo.
    pub embargoed_until: Option<OffsetDateTime>,
}

/// Notes where stories stand. What is `received` was sent just now.
pub async fn put(tx: &Tx, mut stands: Vec<Stands>, received: Option<OffsetDateTime>) -> Result<()> {
    // In one order: two transactions that note the same stories wait for each other only one way.
    stands.sort_by(|a, b| (a.partner, &a.place).cmp(&(b.partner, &b.place)));
    for stands in stands.chunks(ROWS) {
        let rows = stands.iter().map(|one| {
            let received = received.map(micros);
            Ok(vec![
                one.partner.0.into(),
                one.place.0.0.into(),
                one.place.1.as_str().into(),
                one.told.status.as_str().into(),
                one.told.shown.as_str().into(),
                serde_json::to_string(&one.told.had).map_err(Error::internal)?.into(),
                one.embargoed_until.map(micros).into(),
                received.into(),
                received.into(),
                received.into(),
            ])
        });
        let mut sql = Sql::new("INSERT INTO partner_story (partner_id, article_id, language, status, shown, had, ");
        sql.push("embargoed_until, sent_at, received_at, last_received_at) VALUES ")
            .rows(rows.collect::<Result<Vec<_>>>()?);
        sql.push(" ON CONFLICT (partner_id, article_id, language) DO UPDATE SET status = excluded.status, ");
        sql.push("shown = excluded.shown, had = excluded.had, embargoed_until = excluded.embargoed_until, ");
        sql.push("sent_at = coalesce(partner_story.sent_at, excluded.sent_at), ");
        sql.push("received_at = coalesce(partner_story.received_at, excluded.received_at), ");
        sql.push("last_received_at = coalesce(excluded.last_received_at, partner_story.last_received_at)");
        run(tx, sql).await?;
    }
    Ok(())
}

/// Notes when time alone may change what partners may have of a story. A moment that is noted and comes earlier stays.
pub async fn recheck_at(tx: &Tx, (article, language): &Place, at: OffsetDateTime) -> Result<()> {
    let at = micros(at);
    let mut sql = Sql::new("UPDATE partner_story SET recheck_at = ");
    sql.bind(at).push(" WHERE article_id = ").bind(article.0).push(" AND language = ").bind(language.as_str());
    sql.push(" AND (recheck_at IS NULL OR recheck_at > ").bind(at).push(")");
    run(tx, sql).await.map(drop)
}

/// Begins to compare stories. What is noted of them from now on, by whoever, has them compared once more.
pub async fn begin_comparing(tx: &Tx, places: &[Place], now: OffsetDateTime) -> Result<()> {
    for places in places.chunks(ROWS) {
        let mut sql = Sql::new("UPDATE partner_story SET recheck_at = NULL WHERE recheck_at <= ");
        sql.bind(micros(now)).push(" AND (article_id, language) IN (VALUES ").rows(pairs(places)).push(")");
        run(tx, sql).await?;
    }
    Ok(())
}

/// Has stories compared again of which a partner had nothing before.
pub async fn recheck_new(tx: &Tx, partner: PartnerId, places: &[Place], now: OffsetDateTime) -> Result<()> {
    for places in places.chunks(ROWS) {
        let mut sql = Sql::new("UPDATE partner_story SET recheck_at = ");
        sql.bind(micros(now)).push(" WHERE partner_id = ").bind(partner.0);
        sql.push(" AND (article_id, language) IN (VALUES ").rows(pairs(places)).push(")");
        run(tx, sql).await?;
    }
    Ok(())
}

/// Stories as rows of values.
pub(super) fn pairs(places: &[Place]) -> impl Iterator<Item = Vec<Value>> {
    places.iter().map(|(article, language)| vec![article.0.into(), language.as_str().into()])
}

/// Has what a partner was told compared again: its terms are others now.
pub async fn recheck_partner(tx: &Tx, partner: PartnerId, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE partner_story SET recheck_at = ");
    sql.bind(micros(now)).push(" WHERE partner_id = ").bind(partner.0);
    run(tx, sql).await.map(drop)
}

/// Has the stories compared again that refer to something.
pub async fn recheck_referring(tx: &Tx, entity: Uuid, now: OffsetDateTime) -> Result<()> {
    let mut sql = Sql::new("UPDATE partner_story SET recheck_at = ");
    sql.bind(micros(now)).push(" WHERE EXISTS (SELECT 1 FROM live_reference r WHERE r.entity_id = ").bind(entity);
    sql.push(" AND r.article_id = partner_story.article_id AND r.language = partner_story.language)");
    run(tx, sql).await.map(drop)
}

/// At most `limit` stories that are to be compared again by now.
pub async fn list_due(tx: &Tx, now: OffsetDateTime, limit: usize) -> Result<Vec<Place>> {
    let mut sql = Sql::new("SELECT DISTINCT article_id, language FROM partner_story WHERE recheck_at <= ");
    sql.bind(micros(now)).push(" LIMIT ").number(limit);
    let place = |row: &QueryResult| Ok((ArticleId(row.try_get_by_index(0)?), language(row, 1)?));
    tx.query_all_raw(sql.statement(tx.get_database_backend())).await?.iter().map(place).collect()
}

/// At most `limit` stories that partners have under embargo.
pub async fn list_embargoed(tx: &Tx, limit: usize) -> Result<Vec<Place>> {
    let mut sql = Sql::new("SELECT DISTINCT article_id, language FROM partner_story WHERE embargoed_until IS NOT NULL");
    sql.push(" LIMIT ").number(limit);
    let place = |row: &QueryResult| Ok((ArticleId(row.try_get_by_index(0)?), language(row, 1)?));
    tx.query_all_raw(sql.statement(tx.get_database_backend())).await?.iter().map(place).collect()
}

/// A page of published stories by modification, for a snapshot: those behind a place, the oldest first.
pub async fn list_published(
    session: &Session,
    languages: &[LanguageTag],
    after: Option<(i64, ArticleId, String)>,
    since: Option<i64>,
    limit: u32,
) -> Result<Vec<(i64, Place)>> {
    let mut sql = Sql::new("SELECT modified_at, article_id, language FROM live_variant WHERE language IN ");
    sql.list(languages.iter().map(LanguageTag::as_str));
    if let Some(since) = since {
        sql.push(" AND modified_at >= ").bind(since);
    }
    if let Some((at, article, language)) = after {
        sql.push(" AND (modified_at, article_id, language) > (").bind(at).push(", ").bind(article.0).push(", ");
        sql.bind(language).push(")");
    }
    sql.push(" ORDER BY modified_at, article_id, language LIMIT ").bind(i64::from(limit));
    let row =
        |row: &QueryResult| Ok((row.try_get_by_index(0)?, (ArticleId(row.try_get_by_index(1)?), language(row, 2)?)));
    session.all(sql).await?.iter().map(row).collect()
}

fn language(row: &QueryResult, index: usize) -> Result<LanguageTag> {
    row.try_get_by_index::<String>(index)?.parse().map_err(Error::internal)
}
