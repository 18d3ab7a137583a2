//! Variants, their revisions and their corrections.

use crate::domain::article::{Content, Correction, Shared};
use crate::domain::ids::{ArticleId, CorrectionId, RevisionId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::workflow::State;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::entity::{correction, revision, variant};
use crate::store::moment::{micros, moment, offset};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::OffsetDateTime;

/// A variant as the desk has it; what it says is in its head revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskVariant {
    /// Its id.
    pub id: VariantId,
    /// Its story.
    pub article: ArticleId,
    /// Its language.
    pub language: LanguageTag,
    /// Where it stands.
    pub state: State,
    /// Grows by one with each save; the number of its newest revision.
    pub version: i32,
    /// The newest revision.
    pub head: RevisionId,
    /// The revision that readers see.
    pub live: Option<RevisionId>,
    /// When it was first published.
    pub published_at: Option<OffsetDateTime>,
    /// When what readers see of it last changed.
    pub modified_at: Option<OffsetDateTime>,
    /// When it is to be published.
    pub scheduled_at: Option<OffsetDateTime>,
}

/// An immutable snapshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Its id.
    pub id: RevisionId,
    /// What the language says.
    pub content: Content,
    /// What the article was.
    pub shared: Shared,
    /// The hash of the text.
    pub text_hash: String,
}

fn desk(row: variant::Model) -> Result<DeskVariant> {
    Ok(DeskVariant {
        id: VariantId(row.id),
        article: ArticleId(row.article_id),
        language: row.language.parse().map_err(Error::internal)?,
        state: row.state.parse().map_err(Error::internal)?,
        version: row.version,
        head: RevisionId(row.head_revision_id),
        live: row.live_revision_id.map(RevisionId),
        published_at: row.published_at.map(|at| moment(at, row.published_offset.unwrap_or(0))),
        modified_at: row.modified_at.map(|at| moment(at, row.modified_offset.unwrap_or(0))),
        scheduled_at: row.scheduled_at.map(|at| moment(at, 0)),
    })
}

/// Adds a variant whose head revision is inserted next.
pub async fn insert(tx: &Tx, new: &DeskVariant, at: OffsetDateTime) -> Result<()> {
    let row = variant::ActiveModel {
        id: Set(new.id.0),
        article_id: Set(new.article.0),
        language: Set(new.language.to_string()),
        state: Set(new.state.as_str().to_owned()),
        version: Set(new.version),
        head_revision_id: Set(new.head.0),
        live_revision_id: Set(new.live.map(|id| id.0)),
        published_at: Set(new.published_at.map(micros)),
        published_offset: Set(new.published_at.map(offset)),
        modified_at: Set(new.modified_at.map(micros)),
        modified_offset: Set(new.modified_at.map(offset)),
        scheduled_at: Set(new.scheduled_at.map(micros)),
        created_at: Set(micros(at)),
        updated_at: Set(micros(at)),
    };
    variant::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Saves where a variant stands.
pub async fn update(tx: &Tx, changed: &DeskVariant, at: OffsetDateTime) -> Result<()> {
    let row = variant::ActiveModel {
        id: Unchanged(changed.id.0),
        state: Set(changed.state.as_str().to_owned()),
        version: Set(changed.version),
        head_revision_id: Set(changed.head.0),
        live_revision_id: Set(changed.live.map(|id| id.0)),
        published_at: Set(changed.published_at.map(micros)),
        published_offset: Set(changed.published_at.map(offset)),
        modified_at: Set(changed.modified_at.map(micros)),
        modified_offset: Set(changed.modified_at.map(offset)),
        scheduled_at: Set(changed.scheduled_at.map(micros)),
        updated_at: Set(micros(at)),
        ..Default::default()
    };
    row.update_without_returning(tx).await?;
    Ok(())
}

/// Loads the variants of a story and holds them until the end of the transaction.
pub async fn lock_all(tx: &Tx, article: ArticleId) -> Result<Vec<DeskVariant>> {
    let rows = variant::Entity::find()
        .filter(variant::Column::ArticleId.eq(article.0))
        .order_by_asc(variant::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    rows.into_iter().map(desk).collect()
}

/// Loads a variant and holds it until the end of the transaction.
pub async fn lock(tx: &Tx, id: VariantId) -> Result<Option<DeskVariant>> {
    variant::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?.map(desk).transpose()
}

/// Adds a snapshot; its number is the variant's version.
pub async fn insert_revision(
    tx: &Tx,
    variant: &DeskVariant,
    revision: &Revision,
    actor: &str,
    at: OffsetDateTime,
) -> Result<()> {
    let row = revision::ActiveModel {
        id: Set(revision.id.0),
        variant_id: Set(variant.id.0),
        number: Set(variant.version),
        content: Set(serde_json::to_string(&revision.content).map_err(Error::internal)?),
        shared: Set(serde_json::to_string(&revision.shared).map_err(Error::internal)?),
        text_hash: Set(revision.text_hash.clone()),
        actor: Set(actor.to_owned()),
        created_at: Set(micros(at)),
    };
    revision::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// A snapshot.
pub async fn find_revision(tx: &Tx, id: RevisionId) -> Result<Option<Revision>> {
    let Some(row) = revision::Entity::find_by_id(id.0).one(tx).await? else { return Ok(None) };
    Ok(Some(Revision {
        id,
        content: serde_json::from_str(&row.content).map_err(Error::internal)?,
        shared: serde_json::from_str(&row.shared).map_err(Error::internal)?,
        text_hash: row.text_hash,
    }))
}

/// Replaces the corrections of a variant.
pub async fn replace_corrections(tx: &Tx, variant: VariantId, corrections: &[Correction]) -> Result<()> {
    correction::Entity::delete_many().filter(correction::Column::VariantId.eq(variant.0)).exec(tx).await?;
    let rows = corrections.iter().map(|correction| correction::ActiveModel {
        id: Set(correction.id.0),
        variant_id: Set(variant.0),
        at: Set(micros(correction.at)),
        at_offset: Set(offset(correction.at)),
        kind: Set(correction.kind.as_str().to_owned()),
        text: Set(correction.text.clone()),
        signed: Set(correction.signed.clone()),
    });
    if !corrections.is_empty() {
        correction::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// The corrections of a variant, oldest first.
pub async fn list_corrections(tx: &Tx, variant: VariantId) -> Result<Vec<Correction>> {
    let rows = correction::Entity::find()
        .filter(correction::Column::VariantId.eq(variant.0))
        .order_by_asc(correction::Column::At)
        .order_by_asc(correction::Column::Id)
        .all(tx)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Correction {
                id: CorrectionId(row.id),
                kind: row.kind.parse().map_err(Error::internal)?,
                at: moment(row.at, row.at_offset),
                text: row.text,
                signed: row.signed,
                carries: None,
            })
        })
        .collect()
}
