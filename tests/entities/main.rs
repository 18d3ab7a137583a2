//! What stories refer to: authors, tags, sections, pictures and collections.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails so"
)]

#[path = "../support/mod.rs"]
mod support;

mod collections;
mod files;
mod images;
mod names;
mod nodes;
