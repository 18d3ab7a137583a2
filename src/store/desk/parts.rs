//! What stories share among their languages beside the row of the story: tags, bylines, curated links, in one statement.

use crate::domain::article::{Byline, RelatedLink};
use crate::domain::ids::{ArticleId, AuthorId, TagId};
use crate::error::{Error, Result};
use crate::store::sql::Sql;
use sea_orm::QueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// The lists of one story, each in its order.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub tags: Vec<TagId>,
    pub bylines: Vec<Byline>,
    pub related: Vec<RelatedLink>,
}

/// What is selected from which table; the first names the columns.
const TABLES: [(&str, &str); 3] = [
    ("'tag' AS part, tag_id AS target, '' AS word", "article_tag"),
    ("'byline', author_id, role", "article_byline"),
    ("'related', target_id, relation", "article_related"),
];

/// Asks for the lists of several stories.
pub(super) fn statement(ids: &[Uuid]) -> Sql {
    let mut sql = Sql::new("SELECT article_id, part, target, word FROM (");
    for (number, (columns, table)) in TABLES.into_iter().enumerate() {
        sql.push(if number > 0 { " UNION ALL SELECT article_id, position, " } else { "SELECT article_id, position, " });
        sql.push(columns).push(" FROM ").push(table).push(" WHERE article_id IN ").ids(ids.iter().copied());
    }
    sql.push(") parts ORDER BY position");
    sql
}

/// Reads the answer.
pub(super) fn read(rows: &[QueryResult]) -> Result<HashMap<Uuid, Parts>> {
    let mut found: HashMap<Uuid, Parts> = HashMap::new();
    for row in rows {
        let parts = found.entry(row.try_get_by_index(0)?).or_default();
        let (part, target): (String, Uuid) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let word: String = row.try_get_by_index(3)?;
        match part.as_str() {
            "tag" => parts.tags.push(TagId(target)),
            "byline" => {
                let role = word.parse().map_err(Error::internal)?;
                parts.bylines.push(Byline { author: AuthorId(target), role });
            }
            _ => {
                let relation = word.parse().map_err(Error::internal)?;
                parts.related.push(RelatedLink { article: ArticleId(target), relation });
            }
        }
    }
    Ok(found)
}
