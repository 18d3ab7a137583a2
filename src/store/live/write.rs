//! How a variant becomes visible, and how it goes. Called by services inside their transaction.

use crate::domain::article::{Correction, Kind};
use crate::domain::body::Body;
use crate::domain::entity::Entity;
use crate::domain::ids::{ArticleId, CollectionId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::listing::folded;
use crate::domain::published::PublishedVariant;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::moment::micros;
use crate::store::sql::Sql;
use sea_orm::{ConnectionTrait, Value};
use std::collections::BTreeSet;
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

/// Puts the variant in the place of what this language showed before. Other languages are not touched.
pub async fn show(tx: &Tx, projection: &Projection<'_>, replaces: bool) -> Result<()> {
    let variant = projection.variant;
    let before = if replaces { references_of(tx, variant.article, &variant.language).await? } else { BTreeSet::new() };
    insert_variant(tx, projection).await?;
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
        show_entities(tx, projection.references).await?;
        let gone: BTreeSet<Uuid> = before.difference(projection.references).copied().collect();
        hide_unreferenced(tx, &gone).await?;
    }
    let slug = ("article", variant.language.to_string(), variant.card.slug.clone());
    insert_addresses(tx, variant.article.0, std::iter::once(&slug).chain(projection.addresses)).await
}

/// Takes a language of a story from the readers and leaves a tombstone.
pub async fn hide(tx: &Tx, article: ArticleId, language: &LanguageTag, at: OffsetDateTime) -> Result<()> {
    let before = clear(tx, article, language).await?;
    hide_unreferenced(tx, &before).await?;
    let mut sql = Sql::new("INSERT INTO live_tombstone (article_id, language, withdrawn_at) VALUES ");
    sql.rows([vec![article.0.into(), language.as_str().into(), micros(at).into()]]);
    sql.push(" ON CONFLICT (article_id, language) DO UPDATE SET withdrawn_at = excluded.withdrawn_at");
    run(tx, sql).await.map(drop)
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

async fn insert_variant(tx: &Tx, projection: &Projection<'_>) -> Result<()> {
    let variant = projection.variant;
    let card = &variant.card;
    let search = std::iter::once(&card.title).chain(&card.deks).map(|text| folded(text)).collect::<Vec<_>>();
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
        search.join("\n").into(),
        serde_json::to_string(projection.body).map_err(Error::internal)?.into(),
    ]]);
    sql.push(
        " ON CONFLICT (id) DO UPDATE SET lead_image_id = excluded.lead_image_id, published_at = excluded.published_at, \
         modified_at = excluded.modified_at, card = excluded.card, search_text = excluded.search_text, body = excluded.body",
    );
    run(tx, sql).await.map(drop)
}

async fn insert_facets(tx: &Tx, projection: &Projection<'_>) -> Result<()> {
    let variant = projection.variant;
    let mut direct = variant.facets();
    direct.push(Kind::facet(variant.kind()));
    let above = projection.above.iter().filter(|section| !direct.contains(section)).map(|section| (*section, false));
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
    sql.rows(direct.iter().map(|facet| (*facet, true)).chain(above).map(row));
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

/// Lets readers see what something published refers to.
pub async fn show_entities(tx: &Tx, ids: &BTreeSet<Uuid>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("INSERT INTO live_entity (id, kind, subkind, sort_key, doc) ");
    sql.push("SELECT id, kind, subkind, sort_key, doc FROM entity");
    sql.push(" WHERE id IN ").ids(ids.iter().copied()).push(" ON CONFLICT (id) DO NOTHING");
    if run(tx, sql).await? > 0 {
        copy_addresses(tx, ids).await?;
    }
    Ok(())
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

/// Replaces what readers see of an entity; false if they do not see it.
pub async fn refresh_entity(tx: &Tx, entity: &Entity, doc: &str) -> Result<bool> {
    let mut sql = Sql::new("UPDATE live_entity SET doc = ");
    sql.bind(doc).push(", subkind = ").bind(entity.subkind());
    sql.push(", sort_key = ").bind(entity.sort_key()).push(" WHERE id = ").bind(entity.uuid());
    let visible = run(tx, sql).await? > 0;
    if visible {
        copy_addresses(tx, &BTreeSet::from([entity.uuid()])).await?;
    }
    Ok(visible)
}

/// Lets readers see `companion` wherever they see `entity`, such as an author's new portrait.
pub async fn show_along(tx: &Tx, entity: Uuid, companion: Uuid) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO live_reference (entity_id, article_id, language) SELECT ");
    sql.bind(companion).push(", article_id, language FROM live_reference WHERE entity_id = ");
    sql.bind(entity).push(" ON CONFLICT (entity_id, article_id, language) DO NOTHING");
    run(tx, sql).await?;
    show_entities(tx, &BTreeSet::from([companion])).await
}

pub(super) async fn hide_unreferenced(tx: &Tx, ids: &BTreeSet<Uuid>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("DELETE FROM live_entity WHERE id IN ");
    sql.ids(ids.iter().copied());
    sql.push(" AND NOT EXISTS (SELECT 1 FROM live_reference r WHERE r.entity_id = live_entity.id)");
    if run(tx, sql).await? > 0 {
        let mut sql = Sql::new("DELETE FROM live_address WHERE target_id IN ");
        sql.ids(ids.iter().copied());
        sql.push(" AND NOT EXISTS (SELECT 1 FROM live_entity e WHERE e.id = live_address.target_id)");
        run(tx, sql).await?;
    }
    Ok(())
}

/// Lets a path lead to a story that readers see, or are told is gone.
pub async fn show_path(tx: &Tx, path: &str, article: ArticleId) -> Result<()> {
    let mut sql =
        Sql::new("INSERT INTO live_address (kind, scope, address, target_id) SELECT 'path', '', path, article_id");
    sql.push(" FROM redirect WHERE path = ").bind(path);
    sql.push(" AND (EXISTS (SELECT 1 FROM live_variant v WHERE v.article_id = ").bind(article.0);
    sql.push(") OR EXISTS (SELECT 1 FROM live_tombstone t WHERE t.article_id = ").bind(article.0).push("))");
    sql.push(" ON CONFLICT (kind, scope, address) DO UPDATE SET target_id = excluded.target_id");
    run(tx, sql).await.map(drop)
}

/// A path leads nowhere any more.
pub async fn hide_path(tx: &Tx, path: &str) -> Result<()> {
    let mut sql = Sql::new("DELETE FROM live_address WHERE kind = 'path' AND scope = '' AND address = ");
    sql.bind(path);
    run(tx, sql).await.map(drop)
}

/// Replaces the lists of a collection at once.
pub async fn replace_items(tx: &Tx, collection: CollectionId, lists: &[(LanguageTag, Vec<ArticleId>)]) -> Result<()> {
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
    Ok(())
}

/// Replaces the public notes on what readers see of a variant.
pub async fn set_corrections(tx: &Tx, id: VariantId, corrections: &[Correction]) -> Result<()> {
    let mut sql = Sql::new("SELECT card FROM live_variant WHERE id = ");
    sql.bind(id.0);
    let Some(row) = tx.query_one_raw(sql.statement(tx.get_database_backend())).await? else { return Ok(()) };
    let mut published: PublishedVariant =
        serde_json::from_str(&row.try_get_by_index::<String>(0)?).map_err(Error::internal)?;
    published.card.corrections = corrections.to_vec();
    let mut sql = Sql::new("UPDATE live_variant SET card = ");
    sql.bind(serde_json::to_string(&published).map_err(Error::internal)?).push(" WHERE id = ").bind(id.0);
    run(tx, sql).await.map(drop)
}
