//! Stories and what all their languages share.

use super::parts;
use crate::domain::article::Shared;
use crate::domain::ids::{ArticleId, ImageId, SectionId, UserId};
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::entity::{article, article_byline, article_related, article_tag};
use crate::store::moment::{micros, moment};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use time::OffsetDateTime;
use uuid::Uuid;

/// A story as the desk has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskArticle {
    /// Its id.
    pub id: ArticleId,
    /// Grows by one with each change.
    pub version: i32,
    /// The language that it was first written in.
    pub original: LanguageTag,
    /// What all its languages share.
    pub shared: Shared,
    /// The person who began it; nothing for what was imported.
    pub created_by: Option<UserId>,
    /// When it went into the archive.
    pub archived_at: Option<OffsetDateTime>,
}

/// Adds a story.
pub async fn insert(tx: &Tx, article: &DeskArticle, at: OffsetDateTime) -> Result<()> {
    let (id, original, shared) = (article.id, &article.original, &article.shared);
    let row = article::ActiveModel {
        id: Set(id.0),
        kind: Set(shared.kind.as_str().to_owned()),
        original_language: Set(original.to_string()),
        section_id: Set(shared.section.map(|section| section.0)),
        lead_image_id: Set(shared.lead_image.map(|image| image.0)),
        version: Set(1),
        created_at: Set(micros(at)),
        updated_at: Set(micros(at)),
        created_by: Set(article.created_by.map(|person| person.0)),
        archived_at: Set(None),
    };
    article::Entity::insert(row).exec_without_returning(tx).await?;
    insert_parts(tx, id, shared).await
}

/// Loads a story and holds it until the end of the transaction (SQLite has one writer: nothing to hold).
pub async fn lock(tx: &Tx, id: ArticleId) -> Result<Option<DeskArticle>> {
    let Some(row) = article::Entity::find_by_id(id.0).lock_exclusive().one(tx).await? else { return Ok(None) };
    let rows = tx.query_all_raw(parts::statement(&[id.0]).statement(tx.get_database_backend())).await?;
    let parts = parts::read(&rows)?.remove(&id.0).unwrap_or_default();
    let shared = Shared {
        kind: row.kind.parse().map_err(Error::internal)?,
        section: row.section_id.map(SectionId),
        lead_image: row.lead_image_id.map(ImageId),
        tags: parts.tags,
        bylines: parts.bylines,
        related: parts.related,
    };
    let original = row.original_language.parse().map_err(Error::internal)?;
    let (created_by, archived_at) = (row.created_by.map(UserId), row.archived_at.map(|at| moment(at, 0)));
    Ok(Some(DeskArticle { id, version: row.version, original, shared, created_by, archived_at }))
}

/// Replaces what the languages share.
pub async fn update(tx: &Tx, article: &DeskArticle, shared: &Shared, at: OffsetDateTime) -> Result<()> {
    let id = article.id;
    let row = article::ActiveModel {
        id: Unchanged(id.0),
        kind: Set(shared.kind.as_str().to_owned()),
        section_id: Set(shared.section.map(|section| section.0)),
        lead_image_id: Set(shared.lead_image.map(|image| image.0)),
        version: Set(article.version + 1),
        updated_at: Set(micros(at)),
        archived_at: Set(article.archived_at.map(micros)),
        ..Default::default()
    };
    row.update_without_returning(tx).await?;
    article_tag::Entity::delete_many().filter(article_tag::Column::ArticleId.eq(id.0)).exec(tx).await?;
    article_byline::Entity::delete_many().filter(article_byline::Column::ArticleId.eq(id.0)).exec(tx).await?;
    article_related::Entity::delete_many().filter(article_related::Column::ArticleId.eq(id.0)).exec(tx).await?;
    insert_parts(tx, id, shared).await
}

async fn insert_parts(tx: &Tx, id: ArticleId, shared: &Shared) -> Result<()> {
    let article_id = Set(id.0);
    let tags = shared.tags.iter().zip(0..).map(|(tag, position)| article_tag::ActiveModel {
        article_id: article_id.clone(),
        position: Set(position),
        tag_id: Set(tag.0),
    });
    let bylines = shared.bylines.iter().zip(0..).map(|(byline, position)| article_byline::ActiveModel {
        article_id: article_id.clone(),
        position: Set(position),
        author_id: Set(byline.author.0),
        role: Set(byline.role.as_str().to_owned()),
    });
    let related = shared.related.iter().zip(0..).map(|(link, position)| article_related::ActiveModel {
        article_id: article_id.clone(),
        position: Set(position),
        target_id: Set(link.article.0),
        relation: Set(link.relation.as_str().to_owned()),
    });
    if !shared.tags.is_empty() {
        article_tag::Entity::insert_many(tags).exec_without_returning(tx).await?;
    }
    if !shared.bylines.is_empty() {
        article_byline::Entity::insert_many(bylines).exec_without_returning(tx).await?;
    }
    if !shared.related.is_empty() {
        article_related::Entity::insert_many(related).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Which of these stories exist.
pub async fn existing(tx: &Tx, ids: &[ArticleId]) -> Result<Vec<ArticleId>> {
    let rows: Vec<Uuid> = article::Entity::find()
        .select_only()
        .column(article::Column::Id)
        .filter(article::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(ArticleId).collect())
}
