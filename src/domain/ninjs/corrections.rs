//! Corrections: each is an association of its own, with its text and the blocks that it changed.

use super::object::{Object, alternative, moment, text};
use crate::domain::article::Correction;
use crate::domain::body::render::block_text;
use crate::domain::body::{Body, Content};
use crate::domain::language::LanguageTag;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use time::format_description::well_known::Rfc3339;

/// A block that is another one than before. Figures are not among them: their pictures may not be everybody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedBlock {
    /// The block's id, in the HTML the element's.
    pub id: String,
    /// What it said, as plain text; nothing for a new block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it says; nothing for a block that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// The blocks whose text differs, in the order of the new body; those that are gone come last.
pub fn changed_blocks(before: &Body, after: &Body) -> Vec<ChangedBlock> {
    let (before, after) = (texts(before), texts(after));
    let old: HashMap<&str, &str> = before.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let new: HashMap<&str, &str> = after.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let gone = before.iter().filter(|(id, _)| !new.contains_key(id));
    let ids = after.iter().chain(gone).map(|(id, _)| *id).filter(|id| old.get(id) != new.get(id));
    let words = |texts: &HashMap<&str, &str>, id: &str| texts.get(id).map(|text| (*text).to_owned());
    ids.map(|id| ChangedBlock { id: id.to_owned(), before: words(&old, id), after: words(&new, id) }).collect()
}

fn texts(body: &Body) -> Vec<(&str, String)> {
    let read = body.blocks.iter().filter(|block| !matches!(block.content, Content::Figure(_)));
    read.map(|block| (block.id.as_str(), block_text(&block.content))).collect()
}

/// A correction as an editor reads it: `CORRECTION of 2026-11-25T09:00:00Z: text (signed)`.
pub fn sentence(correction: &Correction) -> String {
    let at = correction.at.format(&Rfc3339).unwrap_or_default();
    let signed = correction.signed.as_ref().map(|signed| format!(" ({signed})")).unwrap_or_default();
    format!("{} of {at}: {}{signed}", correction.kind, correction.text)
}

/// A correction of an item, with the blocks that it changed.
pub fn association(correction: &Correction, item: &str, language: &LanguageTag, blocks: &[ChangedBlock]) -> Value {
    let blocks: Vec<Value> = blocks.iter().map(|block| changed(block, item, language)).collect();
    Object::default()
        .with("uri", json!(format!("{item}#{}", correction.id)))
        .with("name", json!(correction.kind))
        .with("rel", json!("correction"))
        .with("type", json!("text"))
        .with("language", json!(language))
        .with("firstCreated", moment(correction.at))
        .with("by", json!(correction.signed))
        .with("genres", json!([{"name": correction.kind, "literal": correction.kind}]))
        .with("altIds", json!([alternative("correction", &correction.id)]))
        .with("bodies", json!([text("correction", "text/plain", &correction.text)]))
        .with("associations", blocks.into())
        .into()
}

fn changed(block: &ChangedBlock, item: &str, language: &LanguageTag) -> Value {
    let texts = [("before", &block.before), ("after", &block.after)];
    let texts: Vec<Value> = texts
        .into_iter()
        .filter_map(|(role, value)| value.as_ref().map(|value| text(role, "text/plain", value)))
        .collect();
    Object::default()
        .with("uri", json!(format!("{item}#{}", block.id)))
        .with("name", json!(block.id))
        .with("rel", json!("changedBlock"))
        .with("type", json!("component"))
        .with("language", json!(language))
        .with("bodies", texts.into())
        .into()
}
