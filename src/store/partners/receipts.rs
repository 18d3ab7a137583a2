//! What partners read, for invoices and for themselves.

use super::stories::Place;
use crate::domain::ids::PartnerId;
use crate::error::Result;
use crate::store::Tx;
use crate::store::sql::{Sql, run};
use time::OffsetDateTime;

/// How many rows are written at once.
const ROWS: usize = 500;

/// Counts stories that were sent to a partner.
pub async fn count(tx: &Tx, partner: PartnerId, places: &[Place], way: &str, now: OffsetDateTime) -> Result<()> {
    let day = i32::try_from(now.unix_timestamp().div_euclid(86_400)).unwrap_or(i32::MAX);
    for places in places.chunks(ROWS) {
        let rows = places.iter().map(|(article, language)| {
            vec![day.into(), partner.0.into(), article.0.into(), language.as_str().into(), way.into(), 1_i64.into()]
        });
        let mut sql =
            Sql::new("INSERT INTO partner_usage (day, partner_id, article_id, language, way, deliveries) VALUES ");
        sql.rows(rows).push(" ON CONFLICT (day, partner_id, article_id, language, way) DO UPDATE SET ");
        sql.push("deliveries = partner_usage.deliveries + excluded.deliveries");
        run(tx, sql).await?;
    }
    Ok(())
}
