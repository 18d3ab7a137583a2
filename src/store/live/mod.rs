//! What readers see. Nothing here reads a desk table, so a draft has no way out.

pub mod articles;
pub mod collections;
pub mod entities;
pub mod feeds;
pub mod lists;
pub mod merge;
pub mod sections;
pub mod state;
pub mod visible;
pub mod write;

use crate::error::{Error, Result};
use sea_orm::QueryResult;
use serde::de::DeserializeOwned;

/// A text column.
pub fn text_column(row: &QueryResult, index: usize) -> Result<String> {
    Ok(row.try_get_by_index(index)?)
}

/// A column that holds a document.
fn document<T: DeserializeOwned>(row: &QueryResult, index: usize) -> Result<T> {
    let text: String = row.try_get_by_index(index)?;
    serde_json::from_str(&text).map_err(Error::internal)
}
