//! What goes on: previews, subscriptions, who follows the change log, and what happens when things are cut off.
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

mod consumer;
mod crash;
mod events;
mod leaks;
mod preview;
mod socket;
