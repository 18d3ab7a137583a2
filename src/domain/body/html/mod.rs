//! HTML, broken or hostile too, becomes contents.
//!
//! [`tree`] builds the DOM within bounds, [`walk`] goes through it, and each kind of block has a file of its own. What a
//! vendor's export wraps around its HTML (shortcodes, comments with meaning) is the importer's business.

#[cfg(test)]
pub(super) mod attacks;
mod code;
mod figure;
mod fold;
mod list;
mod media;
mod quote;
mod table;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

pub(super) use code::{language_name, tidy};
pub(super) use fold::paragraphs;
pub(super) use list::MAX_LIST_DEPTH;
pub(super) use quote::joined;

use super::Content;
use scraper::ElementRef;
use walk::Walker;

/// What a text became.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The contents in reading order.
    pub contents: Vec<Content>,
    /// What could not be kept as it was; the same note is made once, and at most 200 are made.
    pub notes: Vec<Note>,
}

/// Something that has no block of its own kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What was found, such as `<dl>` or `<iframe src=https://…>`.
    pub what: String,
    /// What became of it: `embed`, `list`, `paragraph`, `dropped` …
    pub became: String,
}

/// Reads any HTML as contents that are safe to emit.
pub fn parse(input: &str) -> Parsed {
    let tree = tree::build(input);
    let mut walker = Walker::default();
    if tree.is_cut {
        walker.note("HTML nested or repeated beyond reason", "text");
    }
    if let Some(root) = tree.html.tree.root().children().find_map(ElementRef::wrap) {
        walker.children(root);
    }
    walker.finish()
}

/// Reads any HTML as one line of inline HTML.
pub(super) fn inline_of(input: &str) -> String {
    let tree = tree::build(input);
    let mut walker = Walker::default();
    let root = tree.html.tree.root().children().find_map(ElementRef::wrap);
    let held = root.map(|root| walker.within(root)).unwrap_or_default();
    fold::flatten(held).lines.join("<br>")
}
