//! How a variant becomes visible, and how it goes. Called by services inside their transaction.

use super::state;
use crate::domain::article::{Correction, Kind};
use crate::domain::body::Body;
use crate::domain::effect::{CollectionEffect, Effect, EntityEffect, Listed, Parts, Place, entity_parts};
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::{ArticleId, CollectionId};
use crate::domain::language::LanguageTag;
use crate::domain::listing::folded;
use crate::domain::published::PublishedVariant;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::moment::micros;
use crate::store::sql::Sql;
use sea_orm::{ConnectionTrait, QueryResult, Value};
use std::collections::{BTreeMap, BTreeSet};
use time::OffsetDateTime;
use uuid::Uuid;

/// Runs a statement that writes; gives how many rows it touched.
pub(in crate::store) async fn run(tx: &Tx, sql: Sql) -> Result<u64> {
    Ok(tx.execute_raw(sql.statement(tx.get_database_backend())).await?.rows_affected())
}

/// What a published variant is found by and what it shows.
#[derive(Debug)]
pub struct Projection<'a> {
    /// The variant.
    pub variant: &'a PublishedVariant,
    /// Its story.
    pub body: &'a Body,
    /// The sections above its own.
    pub above: &'a [Uuid],
    /// Everything that it refers to: authors, tags, sections, images, their portraits.
    pub references: &'a BTreeSet<Uuid>,
    /// Other addresses than its slug: (kind, scope, address).
    pub addresses: &'a [(&'static str, String, String)],
}

/// Puts the variant in the place of what this language showed before; gives what that changes for readers. Other
/// languages are not touched.
pub async fn show(tx: &Tx, projection: &Projection<'_>, replaces: bool) -> Result<Effect> {
    let variant = projection.variant;
    let was = state::read(tx, variant.article, &variant.language).await?;
    let body = serde_json::to_string(projection.body).map_err(Error::internal)?;
    let now = was.clone().with(variant, listed(projection), Some(body.clone()));
    let mut effect = was.became(&now, &variant.language);
    let before = if replaces { references_of(tx, variant.article, &variant.language).await? } else { BTreeSet::new() };
    insert_variant(tx, projection, body).await?;
    if replaces {
        delete(tx, "live_facet", variant.article, &variant.language).await?;
    }
    insert_facets(tx, projection).await?;
    // What it referred to before, readers see already.
    if before != *projection.references {
        if replaces {
            delete(tx, "live_reference", variant.article, &variant.language).await?;
        }
        insert_references(tx, variant, projection.references).await?;
        effect.entities = show_entities(tx, projection.references).await?;
        let gone: BTreeSet<Uuid> = before.difference(projection.references).copied().collect();
        effect.entities.extend(hide_unreferenced(tx, &gone).await?);
    }
    let slug = ("article", variant.language.to_string(), variant.card.slug.clone());
    let addresses = || std::iter::once(&slug).chain(projection.addresses);
    insert_addresses(tx, variant.article.0, addresses()).await?;
    effect.addresses = state::leading(addresses().cloned(), Some(variant.article));
    Ok(effect)
}

/// What lists know of a variant.
fn listed(projection: &Projection<'_>) -> Listed {
    let variant = projection.variant;
    let mut direct = variant.facets();
    direct.push(Kind::facet(variant.kind()));
    let above = projection.above.iter().filter(|section| !direct.contains(section)).copied().collect();
    let (published_at, modified_at) = (micros(variant.published_at), micros(variant.modified_at));
    Listed { published_at, modified_at, direct, above, text: searched(variant) }
}

/// Headline and deks as they are searched.
fn searched(variant: &PublishedVariant) -> String {
    std::iter::once(&variant.card.title)
        .chain(&variant.card.deks)
        .map(|text| folded(text))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Takes a language of a story from the readers and leaves a tombstone; gives what that changes for readers.
pub async fn hide(tx: &Tx, article: ArticleId, language: &LanguageTag, at: OffsetDateTime) -> Result<Effect> {
    let was = state::read(tx, article, language).await?;
    let mut effect = was.became(&was.clone().without(language), language);
    keep_lists(tx, article, language).await?;
    let before = clear(tx, article, language).await?;
    effect.entities = hide_unreferenced(tx, &before).await?;
    let variant = effect.variant.as_ref().map(|variant| variant.id.0);
    let mut sql = Sql::new("INSERT INTO live_tombstone (article_id, language, withdrawn_at, variant_id) VALUES ");
    sql.rows([vec![article.0.into(), language.as_str().into(), micros(at).into(), variant.into()]]);
    sql.push(" ON CONFLICT (article_id, language) DO UPDATE SET withdrawn_at = excluded.withdrawn_at");
    run(tx, sql).await?;
    Ok(effect)
}

/// Notes on which lists a language of a story stands that is about to go: their feeds say so.
async fn keep_lists(tx: &Tx, article: ArticleId, language: &LanguageTag) -> Result<()> {
    delete(tx, "live_tombstone_facet", article, language).await?;
    for (column, table) in [("facet_id", "live_facet"), ("collection_id", "live_collection_item")] {
        let mut sql = Sql::new("INSERT INTO live_tombstone_facet (facet_id, language, article_id) SELECT DISTINCT ");
        sql.push(column).push(", language, article_id FROM ").push(table);
        sql.push(" WHERE article_id = ").bind(article.0).push(" AND language = ").bind(language.as_str());
        run(tx, sql).await?;
    }
    Ok(())
}

/// Removes what a language showed; gives what it referred to.
async fn clear(tx: &Tx, article: ArticleId, language: &LanguageTag) -> Result<BTreeSet<Uuid>> {
    let references = references_of(tx, article, language).await?;
    for table in ["live_variant", "live_facet", "live_reference", "live_tombstone"] {
        delete(tx, table, article, language).await?;
    }
    Ok(references)
}

async fn delete(tx: &Tx, table: &str, article: ArticleId, language: &LanguageTag) -> Result<()> {
    run(tx, of(&format!("DELETE FROM {table}"), article, language)).await.map(drop)
}

/// What a language refers to.
async fn references_of(tx: &Tx, article: ArticleId, language: &LanguageTag) -> Result<BTreeSet<Uuid>> {
    let sql = of("SELECT entity_id FROM live_reference", article, language);
    let rows = tx.query_all_raw(sql.statement(tx.get_database_backend())).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// A statement on the rows of a language.
fn of(text: &str, article: ArticleId, language: &LanguageTag) -> Sql {
    let mut sql = Sql::new(text);
    sql.push(" WHERE article_id = ").bind(article.0).push(" AND language = ").bind(language.as_str());
    sql
}

async fn insert_variant(tx: &Tx, projection: &Projection<'_>, body: String) -> Result<()> {
    let variant = projection.variant;
    let mut sql = Sql::new(
        "INSERT INTO live_variant (id, article_id, language, lead_image_id, published_at, modified_at, card, search_text, \
         body) VALUES ",
    );
    sql.rows([vec![
        variant.id.0.into(),
        variant.article.0.into(),
        variant.language.as_str().into(),
        variant.lead_image().map(|image| image.0).into(),
        micros(variant.published_at).into(),
        micros(variant.modified_at).into(),
        serde_json::to_string(variant).map_err(Error::internal)?.into(),
        searched(variant).into(),
        body.into(),
    ]]);
    sql.push(
        " ON CONFLICT (id) DO UPDATE SET lead_image_id = excluded.lead_image_id, published_at = excluded.published_at, \
         modified_at = excluded.modified_at, card = excluded.card, search_text = excluded.search_text, body = excluded.body",
    );
    run(tx, sql).await.map(drop)
}

async fn insert_facets(tx: &Tx, projection: &Projection<'_>) -> Result<()> {
    let variant = projection.variant;
    let Listed { direct, above, .. } = listed(projection);
    let row = |(facet, direct): (Uuid, bool)| -> Vec<Value> {
        vec![
            facet.into(),
            variant.language.as_str().into(),
            variant.article.0.into(),
            direct.into(),
            micros(variant.published_at).into(),
            micros(variant.modified_at).into(),
        ]
    };
    let mut sql =
        Sql::new("INSERT INTO live_facet (facet_id, language, article_id, direct, published_at, modified_at) VALUES ");
    sql.rows(direct.iter().map(|facet| (*facet, true)).chain(above.iter().map(|facet| (*facet, false))).map(row));
    run(tx, sql).await.map(drop)
}

async fn insert_references(tx: &Tx, variant: &PublishedVariant, references: &BTreeSet<Uuid>) -> Result<()> {
    if references.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("INSERT INTO live_reference (entity_id, article_id, language) VALUES ");
    sql.rows(
        references.iter().map(|id| vec![(*id).into(), variant.article.0.into(), variant.language.as_str().into()]),
    );
    run(tx, sql).await.map(drop)
}

async fn insert_addresses<'a>(
    tx: &Tx,
    target: Uuid,
    addresses: impl Iterator<Item = &'a (&'static str, String, String)>,
) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO live_address (kind, scope, address, target_id) VALUES ");
    let row = |(kind, scope, address): &(&'static str, String, String)| {
        vec![(*kind).into(), scope.as_str().into(), address.as_str().into(), target.into()]
    };
    sql.rows(addresses.map(row));
    sql.push(" ON CONFLICT (kind, scope, address) DO UPDATE SET target_id = excluded.target_id");
    run(tx, sql).await.map(drop)
}

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
    let rows = tx.query_all_raw(sql.statement(tx.get_database_backend())).await?;
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

/// Lets a path lead to a story that readers see, or are told is gone; false where they do neither.
pub async fn show_path(tx: &Tx, path: &str, article: ArticleId) -> Result<bool> {
    let mut sql =
        Sql::new("INSERT INTO live_address (kind, scope, address, target_id) SELECT 'path', '', path, article_id");
    sql.push(" FROM redirect WHERE path = ").bind(path);
    sql.push(" AND (EXISTS (SELECT 1 FROM live_variant v WHERE v.article_id = ").bind(article.0);
    sql.push(") OR EXISTS (SELECT 1 FROM live_tombstone t WHERE t.article_id = ").bind(article.0).push("))");
    sql.push(" ON CONFLICT (kind, scope, address) DO UPDATE SET target_id = excluded.target_id");
    Ok(run(tx, sql).await? > 0)
}

/// A path leads nowhere any more; false where it led nowhere for readers before.
pub async fn hide_path(tx: &Tx, path: &str) -> Result<bool> {
    let mut sql = Sql::new("DELETE FROM live_address WHERE kind = 'path' AND scope = '' AND address = ");
    sql.bind(path);
    Ok(run(tx, sql).await? > 0)
}

/// Replaces the lists of a collection at once; gives what that changes for readers.
pub async fn replace_items(
    tx: &Tx,
    collection: CollectionId,
    lists: &[(LanguageTag, Vec<ArticleId>)],
) -> Result<CollectionEffect> {
    let before = items(tx, collection).await?;
    let after: BTreeMap<LanguageTag, Vec<ArticleId>> =
        lists.iter().filter(|(_, articles)| !articles.is_empty()).cloned().collect();
    let mut sql = Sql::new("DELETE FROM live_collection_item WHERE collection_id = ");
    sql.bind(collection.0);
    run(tx, sql).await?;
    for (language, articles) in lists.iter().filter(|(_, articles)| !articles.is_empty()) {
        let mut sql = Sql::new("INSERT INTO live_collection_item (collection_id, language, place, article_id) VALUES ");
        sql.rows(articles.iter().zip(0_i64..).map(|(article, place)| {
            vec![collection.0.into(), language.as_str().into(), place.into(), article.0.into()]
        }));
        run(tx, sql).await?;
    }
    let all: BTreeSet<&LanguageTag> = before.keys().chain(after.keys()).collect();
    let languages = all.into_iter().filter(|language| before.get(*language) != after.get(*language)).cloned();
    let on = |lists: &BTreeMap<LanguageTag, Vec<ArticleId>>| -> BTreeSet<ArticleId> {
        lists.values().flatten().copied().collect()
    };
    let articles = on(&before).symmetric_difference(&on(&after)).copied().collect();
    let other_languages = !before.keys().eq(after.keys());
    Ok(CollectionEffect { id: collection, languages: languages.collect(), other_languages, articles })
}

/// The lists of a collection that readers see.
async fn items(tx: &Tx, collection: CollectionId) -> Result<BTreeMap<LanguageTag, Vec<ArticleId>>> {
    let mut sql = Sql::new("SELECT language, article_id FROM live_collection_item WHERE collection_id = ");
    sql.bind(collection.0).push(" ORDER BY language, place, article_id");
    let mut lists: BTreeMap<LanguageTag, Vec<ArticleId>> = BTreeMap::new();
    for row in tx.query_all_raw(sql.statement(tx.get_database_backend())).await? {
        let language: String = row.try_get_by_index(0)?;
        let language = language.parse().map_err(Error::internal)?;
        lists.entry(language).or_default().push(ArticleId(row.try_get_by_index(1)?));
    }
    Ok(lists)
}

/// Replaces the public notes on what readers see of a variant; gives what that changes for them.
pub async fn set_corrections(
    tx: &Tx,
    (article, language): (ArticleId, &LanguageTag),
    corrections: &[Correction],
) -> Result<Effect> {
    let was = state::read(tx, article, language).await?;
    let Some(published) = was.variant(language) else { return Ok(Effect::default()) };
    let mut published = published.clone();
    published.card.corrections = corrections.to_vec();
    let mut sql = Sql::new("UPDATE live_variant SET card = ");
    sql.bind(serde_json::to_string(&published).map_err(Error::internal)?).push(" WHERE id = ").bind(published.id.0);
    run(tx, sql).await?;
    Ok(was.became(&was.clone().with_card(published), language))
}
