//! Signing in: people, sessions, tokens, keys, outside issuers, and what happens when it fails.
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

mod people;
