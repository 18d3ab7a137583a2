//! Lists of stories: order, pages, cursors, and that whatever is filtered by is filtered on the served variant.
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

mod filters;
mod paging;
mod reference;
