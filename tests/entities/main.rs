//! What stories refer to: authors, tags, sections, pictures and collections.

#[path = "../support/mod.rs"]
mod support;

mod collections;
mod files;
mod images;
mod names;
mod nodes;
