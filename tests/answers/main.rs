//! Answers from memory: never wrong, whatever is asked and whatever changes.
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

mod changes;
mod http;
mod oracle;
mod questions;
