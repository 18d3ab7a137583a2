//! Published front pages and series: which stories are on them.

use crate::domain::ids::{ArticleId, CollectionId};
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use crate::store::Session;
use crate::store::sql::Sql;
use std::collections::HashMap;
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
