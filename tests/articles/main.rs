//! One story: how it is found, what it says, and that nothing of a draft is seen.
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

mod cache;
mod drafts;
mod finding;
mod page;
