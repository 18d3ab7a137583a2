//! Authors, sections, tags, images and collections, and the slugs that address them.

use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::{ArticleId, CollectionId};
use crate::domain::language::LanguageTag;
use crate::error::{Error, FieldError, Result};
use crate::store::Tx;
use crate::store::entity::{address, collection_item, entity};
use crate::store::live::entities::decode;
use crate::store::moment::micros;
use crate::store::sql::Sql;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::OffsetDateTime;
use uuid::Uuid;

/// An entity as the desk has it.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskEntity {
    /// What it is.
    pub entity: Entity,
    /// Grows by one with each change.
    pub version: i32,
}

/// An entity by id.
pub async fn find(tx: &Tx, id: Uuid) -> Result<Option<DeskEntity>> {
    let Some(row) = entity::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
    Ok(Some(DeskEntity { entity: decode(&row.kind, &row.doc)?, version: row.version }))
}

/// Loads an entity and holds it until the end of the transaction.
pub async fn lock(tx: &Tx, id: Uuid) -> Result<Option<DeskEntity>> {
    let Some(row) = entity::Entity::find_by_id(id).lock_exclusive().one(tx).await? else { return Ok(None) };
    Ok(Some(DeskEntity { entity: decode(&row.kind, &row.doc)?, version: row.version }))
}

/// Counts a change that is not in the document.
pub async fn touch(tx: &Tx, id: Uuid, version: i32, at: OffsetDateTime) -> Result<()> {
    let (version, updated_at) = (Set(version + 1), Set(micros(at)));
    let row = entity::ActiveModel { id: Unchanged(id), version, updated_at, ..Default::default() };
    row.update_without_returning(tx).await?;
    Ok(())
}

/// What is on a collection, per language in order.
pub async fn list_items(tx: &Tx, collection: CollectionId) -> Result<Vec<(LanguageTag, Vec<ArticleId>)>> {
    let rows = collection_item::Entity::find()
        .filter(collection_item::Column::CollectionId.eq(collection.0))
        .order_by_asc(collection_item::Column::Language)
        .order_by_asc(collection_item::Column::Position)
        .all(tx)
        .await?;
    let mut lists: Vec<(LanguageTag, Vec<ArticleId>)> = Vec::new();
    for row in rows {
        let language: LanguageTag = row.language.parse().map_err(Error::internal)?;
        match lists.last_mut().filter(|(last, _)| *last == language) {
            Some((_, list)) => list.push(ArticleId(row.article_id)),
            None => lists.push((language, vec![ArticleId(row.article_id)])),
        }
    }
    Ok(lists)
}

/// Several entities by id.
pub async fn list(tx: &Tx, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<Entity>> {
    let rows = entity::Entity::find().filter(entity::Column::Id.is_in(ids)).all(tx).await?;
    rows.iter().map(|row| decode(&row.kind, &row.doc)).collect()
}

/// All entities of a kind.
pub async fn list_kind(tx: &Tx, kind: EntityKind) -> Result<Vec<Entity>> {
    let rows = entity::Entity::find().filter(entity::Column::Kind.eq(kind.as_str())).all(tx).await?;
    rows.iter().map(|row| decode(&row.kind, &row.doc)).collect()
}

/// Adds or replaces an entity. `version` is the one that it has now, if it is there.
pub async fn save(tx: &Tx, new: &Entity, doc: &str, version: Option<i32>, at: OffsetDateTime) -> Result<()> {
    let (doc, sort_key, updated_at) = (Set(doc.to_owned()), Set(new.sort_key()), Set(micros(at)));
    let subkind = Set(new.subkind().to_owned());
    let row = entity::ActiveModel { doc, subkind, sort_key, updated_at: updated_at.clone(), ..Default::default() };
    if let Some(version) = version {
        let row = entity::ActiveModel { id: Unchanged(new.uuid()), version: Set(version + 1), ..row };
        row.update_without_returning(tx).await?;
    } else {
        let kind = Set(new.kind().as_str().to_owned());
        let row = entity::ActiveModel { id: Set(new.uuid()), kind, version: Set(1), created_at: updated_at, ..row };
        entity::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// What has the slug, current or former.
pub async fn find_by_slug(tx: &Tx, kind: &str, scope: &str, slug: &str) -> Result<Option<Uuid>> {
    let key = (kind.to_owned(), scope.to_owned(), slug.to_owned());
    Ok(address::Entity::find_by_id(key).one(tx).await?.map(|row| row.target_id))
}

/// Takes the slug for the target for good; its earlier slugs in that scope still lead to it. The slug must be free or
/// the target's own.
pub async fn take_slug(tx: &Tx, kind: &str, scope: &str, slug: &str, target: Uuid, is_new: bool) -> Result<()> {
    if !is_new {
        address::Entity::update_many()
            .col_expr(address::Column::Current, false.into())
            .filter(address::Column::TargetId.eq(target))
            .filter(address::Column::Kind.eq(kind))
            .filter(address::Column::Scope.eq(scope))
            .exec(tx)
            .await?;
    }
    let mut sql = Sql::new("INSERT INTO address (kind, scope, slug, target_id, current) VALUES ");
    sql.rows([vec![kind.into(), scope.into(), slug.into(), target.into(), true.into()]]);
    sql.push(" ON CONFLICT (kind, scope, slug) DO UPDATE SET current = true");
    sql.push(" WHERE address.target_id = excluded.target_id");
    let taken = tx.execute_raw(sql.statement(tx.get_database_backend())).await?.rows_affected();
    if taken == 0 {
        // Somebody was faster between our look and now.
        let message = format!("`{slug}` was given to another {kind} just now");
        return Err(Error::Invalid(vec![FieldError { path: "slug".into(), code: "TAKEN", message }]));
    }
    Ok(())
}

/// Replaces the desk's lists of a collection.
pub async fn replace_items(tx: &Tx, collection: CollectionId, lists: &[(LanguageTag, Vec<ArticleId>)]) -> Result<()> {
    let own = collection_item::Column::CollectionId.eq(collection.0);
    collection_item::Entity::delete_many().filter(own).exec(tx).await?;
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
