//! The pure rules of a newsroom: words, states and what they guarantee.
//!
//! Nothing here names a framework, a database or a network; everything can be tested with a table.

pub mod actor;
pub mod address;
pub mod article;
pub mod attempts;
pub mod body;
pub mod clock;
pub mod correction;
pub mod credential;
pub mod diff;
pub mod effect;
pub mod entity;
pub mod footprint;
pub mod hex;
pub mod ids;
pub mod image;
pub mod language;
pub mod listing;
pub(crate) mod named;
pub mod ninjs;
pub mod partner;
pub mod policy;
pub mod public_internet;
pub mod published;
pub mod related;
pub mod schema_org;
pub mod sitemap;
pub mod slug;
pub mod translation;
pub mod webhook;
pub mod workflow;
