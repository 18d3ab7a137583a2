//! What staff read of authors, sections, tags, images and collections: also what nothing published refers to.

use super::entities::{DeskEntity, desk};
use crate::domain::entity::{EntityKind, TagKind};
use crate::domain::listing::folded;
use crate::error::Result;
use crate::store::Session;
use crate::store::entity::entity;
use crate::store::live::entities::EntityPosition;
use crate::store::sql::{Sql, contains};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Which entities of a kind.
#[derive(Debug, Clone, Default)]
pub struct EntityFilter {
    /// Those whose names, slugs or texts hold all of these words, whatever their case.
    pub query: Option<String>,
    /// Tags of this kind.
    pub tag_kind: Option<TagKind>,
    /// What is in the archive instead of what is not.
    pub archived: bool,
}

/// Words beyond these do not count.
const MOST_WORDS: usize = 10;

/// The entities of a kind behind a place, in the order of their sort keys.
pub async fn page(
    session: &Session,
    kind: EntityKind,
    filter: &EntityFilter,
    after: Option<&EntityPosition>,
    limit: u32,
) -> Result<Vec<DeskEntity>> {
    let mut sql = Sql::new("SELECT * FROM entity WHERE kind = ");
    sql.bind(kind.as_str()).push(" AND archived_at IS ").push(if filter.archived { "NOT NULL" } else { "NULL" });
    if let Some(kind) = filter.tag_kind {
        sql.push(" AND subkind = ").bind(kind.as_str());
    }
    for word in filter.query.iter().flat_map(|query| query.split_whitespace()).take(MOST_WORDS) {
        sql.push(" AND search_text LIKE ").bind(contains(&folded(word))).push(" ESCAPE '\\'");
    }
    if let Some((key, id)) = after {
        sql.push(" AND (sort_key, id) > (").bind(key.as_str()).push(", ").bind(*id).push(")");
    }
    sql.push(" ORDER BY sort_key, id LIMIT ").bind(i64::from(limit));
    rows(session, sql).await
}

/// Entities by id; one that was merged is what it was merged into.
pub async fn find(session: &Session, id: Uuid) -> Result<Option<DeskEntity>> {
    let mut sql = Sql::new("SELECT * FROM entity WHERE id = ");
    sql.bind(id).push(" OR id IN (SELECT target_id FROM address WHERE kind = 'merged' AND scope = '' AND slug = ");
    sql.bind(id.to_string()).push(")");
    Ok(rows(session, sql).await?.pop())
}

async fn rows(session: &Session, sql: Sql) -> Result<Vec<DeskEntity>> {
    let rows = session.all(sql).await?;
    rows.iter().map(|row| desk(&entity::Model::from_query_result(row, "")?)).collect()
}
