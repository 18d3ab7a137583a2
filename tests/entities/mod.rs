//! What stories refer to: authors, tags, sections, pictures and collections.

mod collections;
mod files;
mod images;
mod names;
mod nodes;
