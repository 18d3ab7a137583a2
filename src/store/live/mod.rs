//! What readers see. Nothing here reads a desk table, so a draft has no way out.

pub mod articles;
pub mod collections;
pub mod entities;
pub mod lists;
pub mod write;

use super::moment::moment;
use crate::domain::ids::{ArticleId, RevisionId, VariantId};
use crate::domain::published::PublishedVariant;
use crate::error::{Error, Result};
use sea_orm::QueryResult;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The columns of a published variant without its body; [`variant`] reads them.
pub const VARIANT_COLUMNS: &str = "v.id, v.article_id, v.language, v.revision_id, v.published_at, v.published_offset, \
     v.modified_at, v.modified_offset, v.card";
/// How many columns that is.
const VARIANT_WIDTH: usize = 9;

/// A text column.
pub fn text_column(row: &QueryResult, index: usize) -> Result<String> {
    Ok(row.try_get_by_index(index)?)
}

/// A column that holds a document.
fn document<T: DeserializeOwned>(row: &QueryResult, index: usize) -> Result<T> {
    let text: String = row.try_get_by_index(index)?;
    serde_json::from_str(&text).map_err(Error::internal)
}

/// Reads [`VARIANT_COLUMNS`], which begin at column `first`.
fn variant(row: &QueryResult, first: usize) -> Result<PublishedVariant> {
    let language: String = row.try_get_by_index(first + 2)?;
    let at = |column: usize| -> Result<_> {
        Ok(moment(row.try_get_by_index(first + column)?, row.try_get_by_index(first + column + 1)?))
    };
    Ok(PublishedVariant {
        id: VariantId(row.try_get_by_index(first)?),
        article: ArticleId(row.try_get_by_index(first + 1)?),
        language: language.parse().map_err(Error::internal)?,
        revision: RevisionId(row.try_get_by_index::<Uuid>(first + 3)?),
        published_at: at(4)?,
        modified_at: at(6)?,
        card: document(row, first + 8)?,
    })
}
