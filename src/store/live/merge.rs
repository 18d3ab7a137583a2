//! Two tags or two authors become one: what readers see of it.

use super::document;
use super::visible::{hide_unreferenced, refresh_addresses, show_entities};
use crate::domain::effect::EntityEffect;
use crate::domain::published::PublishedVariant;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::sql::{Sql, run};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// How many cards are read at once.
const CARDS: usize = 200;

/// Puts `into` in the place of `from` in all that readers see: cards, lists, references, addresses. Gives the variants
/// that say something else now, and the entities that appeared or disappeared. The desk's addresses lead to `into` already.
pub async fn replace(tx: &Tx, from: Uuid, into: Uuid) -> Result<(Vec<PublishedVariant>, Vec<EntityEffect>)> {
    let changed = replace_in_cards(tx, from, into).await?;
    for (table, column) in [("live_facet", "facet_id"), ("live_reference", "entity_id")] {
        let mut sql = Sql::new("UPDATE ");
        sql.push(table).push(" SET ").push(column).push(" = ").bind(into);
        sql.push(" WHERE ").push(column).push(" = ").bind(from);
        sql.push(" AND NOT EXISTS (SELECT 1 FROM ").push(table).push(" o WHERE o.").push(column).push(" = ");
        sql.bind(into).push(" AND o.article_id = ").push(table).push(".article_id AND o.language = ");
        sql.push(table).push(".language)");
        run(tx, sql).await?;
        // Where a story had both, it has the other one already.
        let mut sql = Sql::new("DELETE FROM ");
        sql.push(table).push(" WHERE ").push(column).push(" = ").bind(from);
        run(tx, sql).await?;
    }
    let mut sql = Sql::new("UPDATE live_address SET target_id = ");
    sql.bind(into).push(" WHERE target_id = ").bind(from);
    run(tx, sql).await?;
    let mut entities = hide_unreferenced(tx, &BTreeSet::from([from])).await?;
    if !changed.is_empty() {
        entities.extend(show_entities(tx, &BTreeSet::from([into])).await?);
    }
    refresh_addresses(tx, into).await?;
    Ok((changed, entities))
}

async fn replace_in_cards(tx: &Tx, from: Uuid, into: Uuid) -> Result<Vec<PublishedVariant>> {
    let mut sql = Sql::new("SELECT v.id FROM live_variant v JOIN live_reference r ON r.article_id = v.article_id");
    sql.push(" AND r.language = v.language WHERE r.entity_id = ").bind(from).push(" ORDER BY v.id");
    let rows = tx.query_all_raw(sql.statement(tx.get_database_backend())).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<_>>()?;
    let survivors = HashMap::from([(from, into)]);
    let mut changed = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CARDS) {
        let mut sql = Sql::new("SELECT card FROM live_variant WHERE id IN ");
        sql.ids(ids.iter().copied()).push(" ORDER BY id");
        for row in tx.query_all_raw(sql.statement(tx.get_database_backend())).await? {
            let mut variant: PublishedVariant = document(&row, 0)?;
            variant.card.shared = variant.card.shared.with_survivors(&survivors);
            variant.card.translation =
                variant.card.translation.map(|translation| translation.with_survivors(&survivors));
            let mut sql = Sql::new("UPDATE live_variant SET card = ");
            sql.bind(serde_json::to_string(&variant).map_err(Error::internal)?);
            sql.push(" WHERE id = ").bind(variant.id.0);
            run(tx, sql).await?;
            changed.push(variant);
        }
    }
    Ok(changed)
}
