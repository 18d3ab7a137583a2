//! The desk from outside: signing in, writing, the way of a variant, who may do what.
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

mod editorial;
mod history;
mod policy;
mod retries;
mod schedule;
mod steps;
