//! Every test of the outside, as one program: one thing to link, and `scripts/test articles::` runs a part.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails so"
)]

mod answers;
mod articles;
mod command_line;
mod desk;
mod desk_entities;
mod entities;
mod examples;
mod feeds;
mod graphql_over_http;
mod import_wordpress;
mod layers;
mod limits;
mod lists;
mod live;
mod migrations;
mod partners;
mod related;
mod rest;
mod schema;
mod serve;
mod signing_in;
mod statements;
mod support;
mod variables;
mod webhooks;
