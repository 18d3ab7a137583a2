//! How a variant becomes visible, and how it goes. Called by services inside their transaction.

use super::state;
use super::visible::{hide_unreferenced, show_entities};
use crate::domain::article::{Correction, Kind};
use crate::domain::body::Body;
use crate::domain::effect::{Effect, Listed};
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::listing::folded;
use crate::domain::published::PublishedVariant;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::moment::micros;
use crate::store::sql::{Sql, rows, run};
use sea_orm::Value;
use std::collections::BTreeSet;
use time::OffsetDateTime;
use uuid::Uuid;

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
    let rows = rows(tx, sql).await?;
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
