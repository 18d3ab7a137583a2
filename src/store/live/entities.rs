//! Authors, sections, tags, images and collections that something published refers to.

use super::text_column;
use crate::domain::entity::{Entity, EntityKind, TagKind};
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use crate::store::Session;
use crate::store::sql::Sql;
use sea_orm::QueryResult;
use uuid::Uuid;

/// Reads `kind, doc` at columns 0 and 1.
fn entity(row: &QueryResult) -> Result<Entity> {
    decode(&text_column(row, 0)?, &text_column(row, 1)?)
}

/// The entity that a document of a kind stands for.
pub fn decode(kind: &str, doc: &str) -> Result<Entity> {
    fn read<T: serde::de::DeserializeOwned + Into<Entity>>(doc: &str) -> Result<Entity> {
        serde_json::from_str::<T>(doc).map(Into::into).map_err(Error::internal)
    }
    use crate::domain::entity::{Author, Collection, Image, Section, Tag};
    match kind.parse::<EntityKind>().map_err(Error::internal)? {
        EntityKind::Author => read::<Author>(doc),
        EntityKind::Section => read::<Section>(doc),
        EntityKind::Tag => read::<Tag>(doc),
        EntityKind::Image => read::<Image>(doc),
        EntityKind::Collection => read::<Collection>(doc),
    }
}

/// One document that cannot be read is logged and left out: a broken tag must not blank a front page.
pub fn readable(row: &QueryResult) -> Option<Entity> {
    entity(row).inspect_err(|error| tracing::error!(cause = error.cause(), "an entity cannot be read")).ok()
}

/// Entities of any kind by id, in one statement. Those that readers may not see are missing.
pub async fn list_by_id(session: &Session, ids: &[Uuid]) -> Result<Vec<Entity>> {
    let mut sql = Sql::new("SELECT kind, doc FROM live_entity WHERE id IN ");
    sql.ids(ids.iter().copied());
    Ok(session.all(sql).await?.iter().filter_map(readable).collect())
}

/// The survivors of those of these that were merged, with the ids that they were asked for by.
pub async fn list_merged(session: &Session, ids: &[Uuid]) -> Result<Vec<(Uuid, Entity)>> {
    let mut sql =
        Sql::new("SELECT e.kind, e.doc, a.address FROM live_address a JOIN live_entity e ON e.id = a.target_id");
    sql.push(" WHERE a.kind = 'merged' AND a.scope = '' AND a.address IN ").list(ids.iter().map(Uuid::to_string));
    let former = |row: &QueryResult| Some((Uuid::parse_str(&text_column(row, 2).ok()?).ok()?, readable(row)?));
    Ok(session.all(sql).await?.iter().filter_map(former).collect())
}

/// The entity with a slug, current or former. Authors' slugs have no language.
pub async fn find_by_slug(
    session: &Session,
    kind: EntityKind,
    language: Option<&LanguageTag>,
    slug: &str,
) -> Result<Option<Entity>> {
    let mut sql = Sql::new("SELECT e.kind, e.doc FROM live_address a JOIN live_entity e ON e.id = a.target_id");
    sql.push(" WHERE a.kind = ").bind(kind.as_str());
    sql.push(" AND a.scope = ").bind(language.map(LanguageTag::as_str).unwrap_or_default());
    sql.push(" AND a.address = ").bind(slug);
    session.all(sql).await?.first().map(entity).transpose()
}

/// A place in the list of a kind: what it is ordered by, and the id.
pub type EntityPosition = (String, Uuid);

/// Which part of the list of a kind, in the list's order.
#[derive(Debug, Clone)]
pub struct EntityWindow {
    /// Only tags of this kind.
    pub tag_kind: Option<TagKind>,
    /// Begin behind this place.
    pub after: Option<EntityPosition>,
    /// End before this place.
    pub before: Option<EntityPosition>,
    /// How many at most.
    pub limit: u32,
    /// Take the last ones instead of the first ones.
    pub from_end: bool,
}

/// The visible entities of a kind, in the order of their sort keys.
pub async fn page(session: &Session, kind: EntityKind, window: &EntityWindow) -> Result<Vec<Entity>> {
    let mut sql = Sql::new("SELECT kind, doc FROM live_entity WHERE kind = ");
    sql.bind(kind.as_str());
    only(&mut sql, window.tag_kind);
    for (position, side) in [(&window.after, " > "), (&window.before, " < ")] {
        if let Some((key, id)) = position {
            sql.push(" AND (sort_key, id)").push(side).push("(").bind(key.as_str()).push(", ").bind(*id).push(")");
        }
    }
    let direction = if window.from_end { " DESC" } else { "" };
    sql.push(" ORDER BY sort_key").push(direction).push(", id").push(direction);
    sql.push(" LIMIT ").bind(i64::from(window.limit));
    let mut page: Vec<Entity> = session.all(sql).await?.iter().filter_map(readable).collect();
    if window.from_end {
        page.reverse();
    }
    Ok(page)
}

/// How many entities of a kind are visible.
pub async fn count(session: &Session, kind: EntityKind, tag_kind: Option<TagKind>) -> Result<u64> {
    let mut sql = Sql::new("SELECT count(*) FROM live_entity WHERE kind = ");
    sql.bind(kind.as_str());
    only(&mut sql, tag_kind);
    let rows = session.all(sql).await?;
    let count: i64 = rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    Ok(u64::try_from(count).unwrap_or(0))
}

fn only(sql: &mut Sql, kind: Option<TagKind>) {
    if let Some(kind) = kind {
        sql.push(" AND subkind = ").bind(kind.as_str());
    }
}
