//! Byline: a headless content API for newsrooms that publish in more than one language.
//!
//! The rooms of the house and who may enter them are in `docs/architecture.md`; a test holds the layers
//! `domain ← store ← service ← graphql | http | cli`.

pub mod auth;
pub mod cli;
pub mod config;
pub mod domain;
pub mod error;
pub mod graphql;
pub mod http;
pub mod import;
pub mod json;
pub mod machine;
pub mod media;
pub mod service;
pub mod store;
