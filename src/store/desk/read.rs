//! Reading the desk, many at once, on the reading connections. Who may see what is the service's matter.

use super::articles::DeskArticle;
use super::parts;
use super::presence::Holder;
use super::variants::{DeskVariant, Revision, desk, snapshot};
use crate::domain::actor::Role;
use crate::domain::article::{Correction, Kind, Shared};
use crate::domain::ids::{ArticleId, CorrectionId, ImageId, RevisionId, SectionId, UserId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::workflow::State;
use crate::error::{Error, Result};
use crate::store::Session;
use crate::store::entity::{article, correction, revision, variant};
use crate::store::moment::moment;
use crate::store::sql::Sql;
use sea_orm::FromQueryResult;
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// A story, and when it was begun and changed.
#[derive(Debug, Clone)]
pub struct ArticleRow {
    /// The story.
    pub article: DeskArticle,
    /// When it was begun.
    pub created_at: OffsetDateTime,
    /// When what its languages share was changed.
    pub updated_at: OffsetDateTime,
}

/// A variant, and who is on it.
#[derive(Debug, Clone)]
pub struct VariantRow {
    /// The variant.
    pub variant: DeskVariant,
    /// When it was begun.
    pub created_at: OffsetDateTime,
    /// When it was changed.
    pub updated_at: OffsetDateTime,
    /// Who says to be working on it, and until when that holds.
    pub held: Option<Holder>,
}

/// A snapshot, and where it came from.
#[derive(Debug, Clone)]
pub struct RevisionRow {
    /// The snapshot.
    pub revision: Revision,
    /// What it is of.
    pub variant: VariantId,
    /// The version that the variant had with it.
    pub number: i32,
    /// Who saved it: `usr_…`, `key_…`, or a part of the service.
    pub actor: String,
    /// The name that they had.
    pub actor_name: String,
    /// When.
    pub created_at: OffsetDateTime,
}

/// Which stories of the desk.
#[derive(Debug, Clone, Default)]
pub struct DeskFilter {
    /// Those with a variant in one of these states.
    pub states: Vec<State>,
    /// Those with a variant in this language; with `states`, in one of them.
    pub language: Option<LanguageTag>,
    /// Those in this section.
    pub section: Option<SectionId>,
    /// Those that this person began.
    pub created_by: Option<UserId>,
    /// What is in the archive instead of what is not.
    pub archived: bool,
}

/// What somebody sees of the desk.
#[derive(Debug, Clone)]
pub enum Sight {
    /// Everything.
    All,
    /// What a person with a role sees.
    Role(Role, UserId),
    /// What is in these languages and sections; empty: in all.
    Key(Vec<LanguageTag>, Vec<SectionId>),
}

async fn rows<M: FromQueryResult>(session: &Session, sql: Sql) -> Result<Vec<M>> {
    session.all(sql).await?.iter().map(|row| Ok(M::from_query_result(row, "")?)).collect()
}

/// The newest stories that somebody sees, at most `limit`, begun before `before`.
pub async fn page(
    session: &Session,
    sight: &Sight,
    filter: &DeskFilter,
    before: Option<ArticleId>,
    limit: u32,
) -> Result<Vec<ArticleId>> {
    let mut sql = Sql::new("SELECT a.id FROM article a WHERE a.archived_at IS ");
    sql.push(if filter.archived { "NOT NULL" } else { "NULL" });
    if let Some(before) = before {
        sql.push(" AND a.id < ").bind(before.0);
    }
    if let Some(section) = filter.section {
        sql.push(" AND a.section_id = ").bind(section.0);
    }
    if let Some(person) = filter.created_by {
        sql.push(" AND a.created_by = ").bind(person.0);
    }
    if !filter.states.is_empty() || filter.language.is_some() {
        sql.push(" AND EXISTS (SELECT 1 FROM variant v WHERE v.article_id = a.id");
        if !filter.states.is_empty() {
            sql.push(" AND v.state IN ").list(filter.states.iter().map(|state| state.as_str()));
        }
        if let Some(language) = &filter.language {
            sql.push(" AND v.language = ").bind(language.as_str());
        }
        sql.push(")");
    }
    only_seen(&mut sql, sight);
    sql.push(" ORDER BY a.id DESC LIMIT ").bind(i64::from(limit));
    session.all(sql).await?.iter().map(|row| Ok(ArticleId(row.try_get_by_index(0)?))).collect()
}

/// As `policy` has it for [`crate::domain::policy::Action::Read`], story by story.
fn only_seen(sql: &mut Sql, sight: &Sight) {
    match sight {
        Sight::All | Sight::Role(Role::Admin | Role::Editor, _) => {}
        Sight::Role(Role::Reporter, person) => {
            sql.push(" AND (a.created_by = ").bind(person.0);
            sql.push(" OR EXISTS (SELECT 1 FROM variant v WHERE v.article_id = a.id AND (v.state = 'PUBLISHED'");
            sql.push(" OR v.created_by = ").bind(person.0).push(")))");
        }
        Sight::Role(Role::Translator, _) => {
            sql.push(" AND EXISTS (SELECT 1 FROM variant v WHERE v.article_id = a.id");
            sql.push(" AND (v.state <> 'DRAFT' OR v.language <> a.original_language))");
        }
        Sight::Role(Role::Reader, _) => {
            sql.push(" AND 1 = 0");
        }
        Sight::Key(languages, sections) => {
            if !languages.is_empty() {
                sql.push(" AND EXISTS (SELECT 1 FROM variant v WHERE v.article_id = a.id AND v.language IN ");
                sql.list(languages.iter().map(LanguageTag::as_str)).push(")");
            }
            if !sections.is_empty() {
                sql.push(" AND a.section_id IN ").ids(sections.iter().map(|section| section.0));
            }
        }
    }
}

/// Stories by id, in no order.
pub async fn articles(session: &Session, ids: &[ArticleId]) -> Result<Vec<ArticleRow>> {
    let mut sql = Sql::new("SELECT * FROM article WHERE id IN ");
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sql.ids(ids.iter().copied());
    let (found, parts) =
        futures_util::try_join!(rows::<article::Model>(session, sql), session.all(parts::statement(&ids)))?;
    let mut parts = parts::read(&parts)?;
    found
        .into_iter()
        .map(|row| {
            let own = row.id;
            let parts = parts.remove(&own).unwrap_or_default();
            let shared = Shared {
                kind: row.kind.parse::<Kind>().map_err(Error::internal)?,
                section: row.section_id.map(SectionId),
                lead_image: row.lead_image_id.map(ImageId),
                tags: parts.tags,
                bylines: parts.bylines,
                related: parts.related,
            };
            let article = DeskArticle {
                id: ArticleId(own),
                version: row.version,
                original: row.original_language.parse().map_err(Error::internal)?,
                shared,
                created_by: row.created_by.map(UserId),
                archived_at: row.archived_at.map(|at| moment(at, 0)),
            };
            Ok(ArticleRow { article, created_at: moment(row.created_at, 0), updated_at: moment(row.updated_at, 0) })
        })
        .collect()
}

/// The variants of stories, by language.
pub async fn variants_of(session: &Session, articles: &[ArticleId]) -> Result<Vec<VariantRow>> {
    let mut sql = Sql::new("SELECT * FROM variant WHERE article_id IN ");
    sql.ids(articles.iter().map(|id| id.0)).push(" ORDER BY article_id, language");
    rows(session, sql).await?.into_iter().map(variant_row).collect()
}

/// Variants by id.
pub async fn variants(session: &Session, ids: &[VariantId]) -> Result<Vec<VariantRow>> {
    let mut sql = Sql::new("SELECT * FROM variant WHERE id IN ");
    sql.ids(ids.iter().map(|id| id.0));
    rows(session, sql).await?.into_iter().map(variant_row).collect()
}

fn variant_row(row: variant::Model) -> Result<VariantRow> {
    let (created_at, updated_at) = (moment(row.created_at, 0), moment(row.updated_at, 0));
    let held = row.held_by.as_deref().zip(row.held_until).map(|(by, until)| Holder::read(by, until));
    Ok(VariantRow { variant: desk(row)?, created_at, updated_at, held })
}

/// Snapshots by id.
pub async fn revisions(session: &Session, ids: &[RevisionId]) -> Result<Vec<RevisionRow>> {
    let mut sql = Sql::new("SELECT * FROM revision WHERE id IN ");
    sql.ids(ids.iter().map(|id| id.0));
    rows(session, sql).await?.into_iter().map(revision_row).collect()
}

/// The newest snapshots of a variant, at most `limit`, of versions before `before`.
pub async fn history(
    session: &Session,
    variant: VariantId,
    before: Option<i32>,
    limit: u32,
) -> Result<Vec<RevisionRow>> {
    let mut sql = Sql::new("SELECT * FROM revision WHERE variant_id = ");
    sql.bind(variant.0).push(" AND number < ").bind(before.unwrap_or(i32::MAX));
    sql.push(" ORDER BY number DESC LIMIT ").bind(i64::from(limit));
    rows(session, sql).await?.into_iter().map(revision_row).collect()
}

fn revision_row(row: revision::Model) -> Result<RevisionRow> {
    Ok(RevisionRow {
        variant: VariantId(row.variant_id),
        number: row.number,
        actor_name: row.actor_name.clone().unwrap_or_else(|| row.actor.clone()),
        actor: row.actor.clone(),
        created_at: moment(row.created_at, 0),
        revision: snapshot(row)?,
    })
}

/// The public notes on variants, oldest first.
pub async fn corrections(session: &Session, variants: &[VariantId]) -> Result<HashMap<VariantId, Vec<Correction>>> {
    let mut sql = Sql::new("SELECT * FROM correction WHERE variant_id IN ");
    sql.ids(variants.iter().map(|id| id.0)).push(" ORDER BY variant_id, at, id");
    let mut found: HashMap<VariantId, Vec<Correction>> = HashMap::new();
    for row in rows::<correction::Model>(session, sql).await? {
        found.entry(VariantId(row.variant_id)).or_default().push(super::variants::note(row)?);
    }
    Ok(found)
}

/// The corrections of other languages that variants need not carry.
pub async fn dismissed(session: &Session, variants: &[VariantId]) -> Result<HashMap<VariantId, Vec<CorrectionId>>> {
    let mut sql = Sql::new("SELECT variant_id, correction_id FROM correction_dismissed WHERE variant_id IN ");
    sql.ids(variants.iter().map(|id| id.0));
    let mut found: HashMap<VariantId, Vec<CorrectionId>> = HashMap::new();
    for row in session.all(sql).await? {
        let list = found.entry(VariantId(row.try_get_by_index(0)?)).or_default();
        list.push(CorrectionId(row.try_get_by_index(1)?));
    }
    Ok(found)
}

/// Why a story is on the translators' list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// It is published, and has no variant in the language.
    Missing,
    /// Its source says something else than what the variant was made from.
    Stale,
}

/// Stories that lack something in a language, the newest first, begun before `before`.
pub async fn lacking(
    session: &Session,
    language: &LanguageTag,
    what: Lacking,
    before: Option<ArticleId>,
    limit: u32,
) -> Result<Vec<ArticleId>> {
    let mut sql = Sql::new("SELECT a.id FROM article a WHERE a.archived_at IS NULL");
    if let Some(before) = before {
        sql.push(" AND a.id < ").bind(before.0);
    }
    match what {
        Lacking::Missing => {
            sql.push(" AND EXISTS (SELECT 1 FROM variant v WHERE v.article_id = a.id AND v.state = 'PUBLISHED')");
            sql.push(" AND NOT EXISTS (SELECT 1 FROM variant v WHERE v.article_id = a.id AND v.language = ");
            sql.bind(language.as_str()).push(")");
        }
        Lacking::Stale => {
            sql.push(" AND EXISTS (SELECT 1 FROM variant v JOIN variant s ON s.article_id = v.article_id");
            sql.push(" AND s.language = v.source_language WHERE v.article_id = a.id AND v.language = ");
            sql.bind(language.as_str());
            sql.push(" AND v.source_hash <> coalesce(s.live_hash, s.head_hash))");
        }
    }
    sql.push(" ORDER BY a.id DESC LIMIT ").bind(i64::from(limit));
    session.all(sql).await?.iter().map(|row| Ok(ArticleId(row.try_get_by_index(0)?))).collect()
}

/// All entities of a kind.
pub async fn entities_of(
    session: &Session,
    kind: crate::domain::entity::EntityKind,
) -> Result<Vec<crate::domain::entity::Entity>> {
    let mut sql = Sql::new("SELECT kind, doc FROM entity WHERE kind = ");
    sql.bind(kind.as_str());
    Ok(session.all(sql).await?.iter().filter_map(crate::store::live::entities::readable).collect())
}
