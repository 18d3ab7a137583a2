//! What is planned and not published yet: for partners who are trusted with it.

use super::stories::Place;
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::workflow::State;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::moment::micros;
use crate::store::sql::Sql;
use sea_orm::{ConnectionTrait, QueryResult};
use time::OffsetDateTime;

/// At most `limit` variants that are planned to be published by a moment, with their stories.
pub async fn list_until(tx: &Tx, until: OffsetDateTime, limit: usize) -> Result<Vec<Place>> {
    let mut sql = Sql::new("SELECT article_id, language FROM variant WHERE state = ");
    sql.bind(State::Scheduled.as_str()).push(" AND live_revision_id IS NULL AND scheduled_at <= ").bind(micros(until));
    sql.push(" ORDER BY scheduled_at, id LIMIT ").number(limit);
    let place = |row: &QueryResult| {
        Ok((ArticleId(row.try_get_by_index(0)?), row.try_get_by_index::<String>(1)?.parse().map_err(Error::internal)?))
    };
    tx.query_all_raw(sql.statement(tx.get_database_backend())).await?.iter().map(place).collect()
}

/// The planned variants of some stories.
pub async fn list_of(tx: &Tx, articles: &[ArticleId]) -> Result<Vec<VariantId>> {
    let mut sql = Sql::new("SELECT id FROM variant WHERE state = ");
    sql.bind(State::Scheduled.as_str()).push(" AND live_revision_id IS NULL AND scheduled_at IS NOT NULL AND ");
    sql.push("article_id IN ").ids(articles.iter().map(|id| id.0));
    let rows = tx.query_all_raw(sql.statement(tx.get_database_backend())).await?;
    rows.iter().map(|row| Ok(VariantId(row.try_get_by_index(0)?))).collect()
}
