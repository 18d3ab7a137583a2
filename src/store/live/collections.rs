//! Published front pages and series: which stories are on them.

use crate::domain::effect::CollectionEffect;
use crate::domain::ids::{ArticleId, CollectionId};
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use crate::store::sql::{Sql, rows, run};
use crate::store::{Session, Tx};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// In which languages several collections have a list.
pub async fn languages(
    session: &Session,
    collections: &[CollectionId],
) -> Result<HashMap<CollectionId, Vec<LanguageTag>>> {
    let mut sql = Sql::new("SELECT DISTINCT collection_id, language FROM live_collection_item WHERE collection_id IN ");
    sql.ids(collections.iter().map(|id| id.0)).push(" ORDER BY collection_id, language");
    let mut found: HashMap<CollectionId, Vec<LanguageTag>> = HashMap::new();
    for row in session.all(sql).await? {
        let language: String = row.try_get_by_index(1)?;
        let languages = found.entry(CollectionId(row.try_get_by_index::<Uuid>(0)?)).or_default();
        languages.push(language.parse().map_err(Error::internal)?);
    }
    Ok(found)
}

/// The collections that several stories are on, in any language.
pub async fn of_articles(session: &Session, articles: &[ArticleId]) -> Result<HashMap<ArticleId, Vec<CollectionId>>> {
    let mut sql = Sql::new("SELECT DISTINCT article_id, collection_id FROM live_collection_item WHERE article_id IN ");
    sql.ids(articles.iter().map(|id| id.0)).push(" ORDER BY article_id, collection_id");
    let mut found: HashMap<ArticleId, Vec<CollectionId>> = HashMap::new();
    for row in session.all(sql).await? {
        let collection = CollectionId(row.try_get_by_index(1)?);
        found.entry(ArticleId(row.try_get_by_index(0)?)).or_default().push(collection);
    }
    Ok(found)
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
    for row in rows(tx, sql).await? {
        let language: String = row.try_get_by_index(0)?;
        let language = language.parse().map_err(Error::internal)?;
        lists.entry(language).or_default().push(ArticleId(row.try_get_by_index(1)?));
    }
    Ok(lists)
}
