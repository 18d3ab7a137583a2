//! Variants, their revisions and their corrections.

use crate::domain::actor::Actor;
use crate::domain::article::{Content, Correction, Shared};
use crate::domain::ids::{ArticleId, CorrectionId, RevisionId, UserId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::workflow::State;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::entity::{correction, revision, variant};
use crate::store::moment::{micros, moment, offset};
use crate::store::sql::Sql;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
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
    /// When it is to be withdrawn.
    pub withdraw_at: Option<OffsetDateTime>,
    /// Readers do not see it before, whoever asks.
    pub embargo_until: Option<OffsetDateTime>,
    /// The person who began it.
    pub created_by: Option<UserId>,
    /// The name of who changed it last.
    pub updated_by: Option<String>,
    /// What the editor wrote who gave it back, or why it was withdrawn.
    pub note: Option<String>,
    /// The hash of the newest text.
    pub head_hash: Option<String>,
    /// The hash of the text that readers see.
    pub live_hash: Option<String>,
    /// The language that it was translated from.
    pub source_language: Option<LanguageTag>,
    /// The hash of the source's text that it was made from.
    pub source_hash: Option<String>,
}

impl DeskVariant {
    /// One that was not saved yet.
    pub fn new(article: ArticleId, language: LanguageTag, state: State, head: RevisionId) -> Self {
        Self {
            id: VariantId::new(),
            article,
            language,
            state,
            version: 0,
            head,
            live: None,
            published_at: None,
            modified_at: None,
            scheduled_at: None,
            withdraw_at: None,
            embargo_until: None,
            created_by: None,
            updated_by: None,
            note: None,
            head_hash: None,
            live_hash: None,
            source_language: None,
            source_hash: None,
        }
    }
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
    /// Whether it was saved by itself while somebody typed.
    pub autosaved: bool,
}

pub(super) fn desk(row: variant::Model) -> Result<DeskVariant> {
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
        withdraw_at: row.withdraw_at.map(|at| moment(at, 0)),
        embargo_until: row.embargo_until.map(|at| moment(at, 0)),
        created_by: row.created_by.map(UserId),
        updated_by: row.updated_by,
        note: row.note,
        head_hash: row.head_hash,
        live_hash: row.live_hash,
        source_language: row.source_language.map(|tag| tag.parse().map_err(Error::internal)).transpose()?,
        source_hash: row.source_hash,
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
        created_by: Set(new.created_by.map(|person| person.0)),
        updated_by: Set(new.updated_by.clone()),
        withdraw_at: Set(new.withdraw_at.map(micros)),
        embargo_until: Set(new.embargo_until.map(micros)),
        note: Set(new.note.clone()),
        head_hash: Set(new.head_hash.clone()),
        live_hash: Set(new.live_hash.clone()),
        source_language: Set(new.source_language.as_ref().map(ToString::to_string)),
        source_hash: Set(new.source_hash.clone()),
        ..Default::default()
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
        updated_by: Set(changed.updated_by.clone()),
        withdraw_at: Set(changed.withdraw_at.map(micros)),
        embargo_until: Set(changed.embargo_until.map(micros)),
        note: Set(changed.note.clone()),
        head_hash: Set(changed.head_hash.clone()),
        live_hash: Set(changed.live_hash.clone()),
        source_language: Set(changed.source_language.as_ref().map(ToString::to_string)),
        source_hash: Set(changed.source_hash.clone()),
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

/// The story that a variant is of. Whoever changes a variant locks the story first, so that nobody waits in a circle.
pub async fn article_of(tx: &Tx, id: VariantId) -> Result<Option<ArticleId>> {
    Ok(variant::Entity::find_by_id(id.0).one(tx).await?.map(|row| ArticleId(row.article_id)))
}

/// Loads a variant as it is, for who changes nothing.
pub async fn read(tx: &Tx, id: VariantId) -> Result<Option<DeskVariant>> {
    variant::Entity::find_by_id(id.0).one(tx).await?.map(desk).transpose()
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
    actor: &Actor,
    at: OffsetDateTime,
) -> Result<()> {
    let row = revision::ActiveModel {
        id: Set(revision.id.0),
        variant_id: Set(variant.id.0),
        number: Set(variant.version),
        content: Set(serde_json::to_string(&revision.content).map_err(Error::internal)?),
        shared: Set(serde_json::to_string(&revision.shared).map_err(Error::internal)?),
        text_hash: Set(revision.text_hash.clone()),
        actor: Set(actor.to_string()),
        actor_name: Set(Some(actor.name().to_owned())),
        autosaved: Set(revision.autosaved),
        created_at: Set(micros(at)),
        ..Default::default()
    };
    revision::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Removes an autosaved snapshot whose place a newer one of the same person took, unless it has to be kept.
pub async fn collapse(tx: &Tx, id: RevisionId, actor: &Actor, since: OffsetDateTime) -> Result<()> {
    revision::Entity::delete_many()
        .filter(revision::Column::Id.eq(id.0))
        .filter(revision::Column::Autosaved.eq(true))
        .filter(revision::Column::Published.eq(false))
        .filter(revision::Column::Actor.eq(actor.to_string()))
        .filter(revision::Column::CreatedAt.gte(micros(since)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Keeps a snapshot for ever, because readers saw it, or something was made from it.
pub async fn keep_revision(tx: &Tx, id: RevisionId) -> Result<()> {
    let row = revision::ActiveModel { id: Unchanged(id.0), published: Set(true), ..Default::default() };
    row.update_without_returning(tx).await?;
    Ok(())
}

/// A snapshot.
pub async fn find_revision(tx: &Tx, id: RevisionId) -> Result<Option<Revision>> {
    revision::Entity::find_by_id(id.0).one(tx).await?.map(snapshot).transpose()
}

pub(super) fn snapshot(row: revision::Model) -> Result<Revision> {
    Ok(Revision {
        id: RevisionId(row.id),
        content: serde_json::from_str(&row.content).map_err(Error::internal)?,
        shared: serde_json::from_str(&row.shared).map_err(Error::internal)?,
        text_hash: row.text_hash,
        autosaved: row.autosaved,
    })
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
        carries_id: Set(correction.carries.map(|id| id.0)),
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
    rows.into_iter().map(note).collect()
}

pub(super) fn note(row: correction::Model) -> Result<Correction> {
    Ok(Correction {
        id: CorrectionId(row.id),
        kind: row.kind.parse().map_err(Error::internal)?,
        at: moment(row.at, row.at_offset),
        text: row.text,
        signed: row.signed,
        carries: row.carries_id.map(CorrectionId),
    })
}

/// A snapshot, and the variant that it is of.
pub async fn find_revision_of(tx: &Tx, id: RevisionId) -> Result<Option<(VariantId, Revision)>> {
    let Some(row) = revision::Entity::find_by_id(id.0).one(tx).await? else { return Ok(None) };
    Ok(Some((VariantId(row.variant_id), snapshot(row)?)))
}

/// The variant that a correction is of, and which story that belongs to.
pub async fn find_correction(tx: &Tx, id: CorrectionId) -> Result<Option<(VariantId, ArticleId)>> {
    let Some(row) = correction::Entity::find_by_id(id.0).one(tx).await? else { return Ok(None) };
    let variant = VariantId(row.variant_id);
    Ok(article_of(tx, variant).await?.map(|article| (variant, article)))
}

/// Excuses a variant from carrying a correction of another language.
pub async fn dismiss_correction(tx: &Tx, variant: VariantId, id: CorrectionId) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO correction_dismissed (variant_id, correction_id) VALUES ");
    sql.rows([vec![variant.0.into(), id.0.into()]]).push(" ON CONFLICT (variant_id, correction_id) DO NOTHING");
    tx.execute_raw(sql.statement(tx.get_database_backend())).await?;
    Ok(())
}
