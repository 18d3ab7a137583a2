//! What readers see of a story, as it stands in a transaction: what a change is compared with.

use super::{document, text_column};
use crate::domain::effect::{Address, Effect, Listed, Parts, VariantEffect, variant_parts};
use crate::domain::ids::{ArticleId, CollectionId};
use crate::domain::language::LanguageTag;
use crate::domain::published::PublishedVariant;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::moment::micros;
use crate::store::sql::Sql;
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One language of a story as readers see it.
#[derive(Debug, Clone)]
pub struct Shown {
    variant: PublishedVariant,
    listed: Listed,
    /// The text of the language that is about to change.
    body: Option<String>,
}

/// A story as readers see it.
#[derive(Debug, Clone, Default)]
pub struct State {
    languages: BTreeMap<LanguageTag, Shown>,
    collections: Vec<(CollectionId, LanguageTag, i64)>,
}

/// What readers see of a story, with the body in one language.
pub async fn read(tx: &Tx, article: ArticleId, language: &LanguageTag) -> Result<State> {
    let mut state = State::default();
    let mut sql = Sql::new("SELECT card, search_text, CASE WHEN language = ");
    sql.bind(language.as_str()).push(" THEN body END FROM live_variant WHERE article_id = ").bind(article.0);
    for row in tx.query_all_raw(sql.statement(tx.get_database_backend())).await? {
        let variant: PublishedVariant = document(&row, 0)?;
        let (published_at, modified_at) = (micros(variant.published_at), micros(variant.modified_at));
        let listed = Listed { published_at, modified_at, text: text_column(&row, 1)?, ..Listed::default() };
        let body = row.try_get_by_index(2)?;
        state.languages.insert(variant.language.clone(), Shown { variant, listed, body });
    }
    let mut sql = Sql::new("SELECT CASE WHEN direct THEN 1 ELSE 0 END, language, facet_id, ");
    sql.push("CAST(0 AS bigint) FROM live_facet WHERE article_id = ").bind(article.0);
    sql.push(" UNION ALL SELECT 2, language, collection_id, place FROM live_collection_item WHERE article_id = ");
    sql.bind(article.0);
    for row in tx.query_all_raw(sql.statement(tx.get_database_backend())).await? {
        let (what, language): (i32, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let language: LanguageTag = language.parse().map_err(Error::internal)?;
        let id: Uuid = row.try_get_by_index(2)?;
        if what == 2 {
            state.collections.push((CollectionId(id), language, row.try_get_by_index(3)?));
        } else if let Some(shown) = state.languages.get_mut(&language) {
            if what == 1 { &mut shown.listed.direct } else { &mut shown.listed.above }.push(id);
        }
    }
    Ok(state)
}

impl State {
    /// What a language shows now, instead.
    pub fn with(mut self, variant: &PublishedVariant, listed: Listed, body: Option<String>) -> Self {
        self.languages.insert(variant.language.clone(), Shown { variant: variant.clone(), listed, body });
        self
    }

    /// The same text in the same lists, but another card.
    pub fn with_card(mut self, variant: PublishedVariant) -> Self {
        if let Some(shown) = self.languages.get_mut(&variant.language) {
            shown.variant = variant;
        }
        self
    }

    /// The story without a language.
    pub fn without(mut self, language: &LanguageTag) -> Self {
        self.languages.remove(language);
        self
    }

    /// The published variant in a language.
    pub fn variant(&self, language: &LanguageTag) -> Option<&PublishedVariant> {
        self.languages.get(language).map(|shown| &shown.variant)
    }

    /// How it became another state in one language.
    pub fn became(&self, after: &Self, language: &LanguageTag) -> Effect {
        let (before, now) = (self.languages.get(language), after.languages.get(language));
        let Some(one) = now.or(before) else { return Effect::default() };
        let parts = match (before, now) {
            (Some(a), Some(b)) => variant_parts(&a.variant, &b.variant, a.body == b.body),
            _ => Parts::ALL,
        };
        let others = self.languages.iter().filter(|(own, _)| *own != language);
        let variant = VariantEffect {
            id: one.variant.id,
            article: one.variant.article,
            language: language.clone(),
            before: before.map(|shown| shown.listed.clone()),
            after: now.map(|shown| shown.listed.clone()),
            others: others.map(|(own, shown)| (own.clone(), shown.listed.clone())).collect(),
            parts,
            collections: self.collections.clone(),
        };
        Effect { variant: Some(variant), ..Effect::default() }
    }
}

/// Addresses that lead to a story now.
pub fn leading(
    addresses: impl IntoIterator<Item = (&'static str, String, String)>,
    target: Option<ArticleId>,
) -> Vec<(Address, Option<ArticleId>)> {
    let one = |(kind, scope, address): (&str, String, String)| (Address { kind: kind.into(), scope, address }, target);
    addresses.into_iter().map(one).collect()
}
