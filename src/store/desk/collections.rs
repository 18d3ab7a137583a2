//! What is on front pages and series: the desk's lists, and those that readers see beside them.

use crate::domain::ids::{ArticleId, CollectionId};
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use crate::store::entity::collection_item;
use crate::store::sql::Sql;
use crate::store::{Session, Tx};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// What is on a collection in a language, in the editor's order.
pub type List = (LanguageTag, Vec<ArticleId>);

/// Replaces the desk's lists of a collection.
pub async fn replace(tx: &Tx, collection: CollectionId, lists: &[List]) -> Result<()> {
    let own = collection_item::Column::CollectionId.eq(collection.0);
    collection_item::Entity::delete_many().filter(own).exec(tx).await?;
    insert(tx, collection, lists).await
}

/// Replaces the desk's list of a collection in one language.
pub async fn replace_list(tx: &Tx, collection: CollectionId, list: List) -> Result<()> {
    collection_item::Entity::delete_many()
        .filter(collection_item::Column::CollectionId.eq(collection.0))
        .filter(collection_item::Column::Language.eq(list.0.as_str()))
        .exec(tx)
        .await?;
    insert(tx, collection, &[list]).await
}

async fn insert(tx: &Tx, collection: CollectionId, lists: &[List]) -> Result<()> {
    let rows: Vec<collection_item::ActiveModel> = lists
        .iter()
        .flat_map(|(language, articles)| articles.iter().zip(0..).map(move |item| (language, item)))
        .map(|(language, (article, position))| collection_item::ActiveModel {
            collection_id: Set(collection.0),
            language: Set(language.to_string()),
            position: Set(position),
            article_id: Set(article.0),
        })
        .collect();
    if !rows.is_empty() {
        collection_item::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The lists of collections: what the desk has, and what readers see.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// The desk's.
    pub desk: HashMap<CollectionId, Vec<List>>,
    /// The readers'.
    pub live: HashMap<CollectionId, Vec<List>>,
}

fn statement(is_live: bool, ids: &[CollectionId]) -> Sql {
    let mut sql = Sql::new("SELECT collection_id, language, article_id FROM ");
    sql.push(if is_live { "live_collection_item" } else { "collection_item" }).push(" WHERE collection_id IN ");
    sql.ids(ids.iter().map(|id| id.0)).push(" ORDER BY collection_id, language, ");
    sql.push(if is_live { "place" } else { "position" });
    sql
}

fn grouped(rows: &[QueryResult]) -> Result<HashMap<CollectionId, Vec<List>>> {
    let mut found: HashMap<CollectionId, Vec<List>> = HashMap::new();
    for row in rows {
        let lists = found.entry(CollectionId(row.try_get_by_index::<Uuid>(0)?)).or_default();
        let language: String = row.try_get_by_index(1)?;
        let article = ArticleId(row.try_get_by_index(2)?);
        match lists.last_mut().filter(|(own, _)| own.as_str() == language) {
            Some((_, articles)) => articles.push(article),
            None => lists.push((language.parse().map_err(Error::internal)?, vec![article])),
        }
    }
    Ok(found)
}

/// The lists of collections, as a transaction sees them.
pub async fn lists(tx: &Tx, ids: &[CollectionId]) -> Result<Lists> {
    let backend = tx.get_database_backend();
    let desk = tx.query_all_raw(statement(false, ids).statement(backend)).await?;
    let live = tx.query_all_raw(statement(true, ids).statement(backend)).await?;
    Ok(Lists { desk: grouped(&desk)?, live: grouped(&live)? })
}

/// The lists of collections.
pub async fn read(session: &Session, ids: &[CollectionId]) -> Result<Lists> {
    if ids.is_empty() {
        return Ok(Lists::default());
    }
    let (desk, live) = futures_util::try_join!(session.all(statement(false, ids)), session.all(statement(true, ids)))?;
    Ok(Lists { desk: grouped(&desk)?, live: grouped(&live)? })
}
