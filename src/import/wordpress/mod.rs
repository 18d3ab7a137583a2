//! WordPress exports (WXR): in two passes, because a post names authors, terms and pictures that may come after it.
//!
//! `wxr`, `item`, `classic` and `languages` read; `source` runs them on a thread of its own; `terms` and `library` save
//! what posts refer to; `post` saves posts, by the rules of `plan`, `split` and `deks`.

mod addresses;
pub mod classic;
mod deks;
pub mod item;
pub mod languages;
mod library;
mod place;
mod plan;
mod post;
mod refer;
mod run;
mod source;
mod split;
mod terms;
#[cfg(test)]
mod tests;
pub mod wxr;

pub use run::run;

/// The name under which ids of WordPress are remembered.
pub const SYSTEM: &str = "wordpress";
