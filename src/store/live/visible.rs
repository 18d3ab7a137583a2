//! Which authors, sections, tags, images and collections readers see: those that something published refers to. Called by
//! services inside their transaction.

use crate::domain::effect::{EntityEffect, Parts, Place, entity_parts};
use crate::domain::entity::{Entity, EntityKind};
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::sql::{Sql, rows, run};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Lets readers see what something published refers to; gives what they did not see before.
pub async fn show_entities(tx: &Tx, ids: &BTreeSet<Uuid>) -> Result<Vec<EntityEffect>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("INSERT INTO live_entity (id, kind, subkind, sort_key, doc) ");
    sql.push("SELECT id, kind, subkind, sort_key, doc FROM entity");
    sql.push(" WHERE id IN ").ids(ids.iter().copied()).push(" ON CONFLICT (id) DO NOTHING").push(PLACES);
    let appeared = places(tx, sql).await?;
    if !appeared.is_empty() {
        copy_addresses(tx, ids).await?;
    }
    let effect = |(kind, id, place)| EntityEffect { kind, id, before: None, after: Some(place), parts: Parts::ALL };
    Ok(appeared.into_iter().map(effect).collect())
}

/// What the rows of entities are that a statement touches.
const PLACES: &str = " RETURNING kind, id, sort_key, subkind";

async fn places(tx: &Tx, sql: Sql) -> Result<Vec<(EntityKind, Uuid, Place)>> {
    let rows = rows(tx, sql).await?;
    let place = |row: &QueryResult| {
        let kind: String = row.try_get_by_index(0)?;
        let place = Place { key: row.try_get_by_index(2)?, subkind: row.try_get_by_index(3)? };
        Ok((kind.parse().map_err(Error::internal)?, row.try_get_by_index(1)?, place))
    };
    rows.iter().map(place).collect()
}

async fn copy_addresses(tx: &Tx, ids: &BTreeSet<Uuid>) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO live_address (kind, scope, address, target_id) ");
    sql.push("SELECT kind, scope, slug, target_id FROM address WHERE target_id IN ").ids(ids.iter().copied());
    sql.push(" ON CONFLICT (kind, scope, address) DO NOTHING");
    run(tx, sql).await.map(drop)
}

/// Lets every address of an entity that readers see lead to it.
pub(super) async fn refresh_addresses(tx: &Tx, id: Uuid) -> Result<()> {
    let mut sql = Sql::new("SELECT 1 FROM live_entity WHERE id = ");
    sql.bind(id);
    if tx.query_one_raw(sql.statement(tx.get_database_backend())).await?.is_some() {
        copy_addresses(tx, &BTreeSet::from([id])).await?;
    }
    Ok(())
}

/// Replaces what readers see of an entity; gives what that changes for them, and nothing if they do not see it.
pub async fn refresh_entity(tx: &Tx, before: &Entity, entity: &Entity, doc: &str) -> Result<Option<EntityEffect>> {
    let mut sql = Sql::new("UPDATE live_entity SET doc = ");
    sql.bind(doc).push(", subkind = ").bind(entity.subkind());
    sql.push(", sort_key = ").bind(entity.sort_key()).push(" WHERE id = ").bind(entity.uuid());
    if run(tx, sql).await? == 0 {
        return Ok(None);
    }
    copy_addresses(tx, &BTreeSet::from([entity.uuid()])).await?;
    let place = |of: &Entity| Some(Place { key: of.sort_key(), subkind: of.subkind().to_owned() });
    let (id, kind, parts) = (entity.uuid(), entity.kind(), entity_parts(before, entity));
    Ok(Some(EntityEffect { kind, id, before: place(before), after: place(entity), parts }))
}

/// Lets readers see `companion` wherever they see `entity`, such as an author's new portrait.
pub async fn show_along(tx: &Tx, entity: Uuid, companion: Uuid) -> Result<Vec<EntityEffect>> {
    let mut sql = Sql::new("INSERT INTO live_reference (entity_id, article_id, language) SELECT ");
    sql.bind(companion).push(", article_id, language FROM live_reference WHERE entity_id = ");
    sql.bind(entity).push(" ON CONFLICT (entity_id, article_id, language) DO NOTHING");
    run(tx, sql).await?;
    show_entities(tx, &BTreeSet::from([companion])).await
}

/// Takes entities from the readers that nothing published refers to any more; gives those.
pub(super) async fn hide_unreferenced(tx: &Tx, ids: &BTreeSet<Uuid>) -> Result<Vec<EntityEffect>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("DELETE FROM live_entity WHERE id IN ");
    sql.ids(ids.iter().copied());
    sql.push(" AND NOT EXISTS (SELECT 1 FROM live_reference r WHERE r.entity_id = live_entity.id)").push(PLACES);
    let gone = places(tx, sql).await?;
    if !gone.is_empty() {
        let mut sql = Sql::new("DELETE FROM live_address WHERE target_id IN ");
        sql.ids(ids.iter().copied());
        sql.push(" AND NOT EXISTS (SELECT 1 FROM live_entity e WHERE e.id = live_address.target_id)");
        run(tx, sql).await?;
    }
    let effect = |(kind, id, place)| EntityEffect { kind, id, before: Some(place), after: None, parts: Parts::ALL };
    Ok(gone.into_iter().map(effect).collect())
}
