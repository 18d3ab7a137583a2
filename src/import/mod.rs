//! Importers: other systems' content in, through the same services that editors use.
//!
//! Here belong the things that all importers share: what is asked for, what is reported, how a story is written. What a
//! format means has a folder of its own. Nothing here reaches the store: every rule that holds for an editor holds for
//! an import.
//!
//! An import can be run again at any time: what did not change in its source costs one small read, and each story is one
//! transaction, so that a run that was interrupted left whole stories only and the next one completes it.

mod attempt;
mod fetch;
mod language;
pub mod markdown;
mod pictures;
mod report;
mod story;
#[cfg(test)]
mod tests;
pub mod wordpress;

pub use report::{Counts, Entry, Files, Message, Outcome, Progress, Report, Silent};

use std::path::PathBuf;

/// What an import is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Do everything, report it and keep nothing.
    pub dry_run: bool,
    /// The line that parts the two languages of a post, such as `English version>>`. WordPress only.
    pub split: Option<String>,
    /// A folder with the uploaded files of a WordPress, laid out as `2023/11/picture.jpg`.
    pub media: Option<PathBuf>,
    /// Whether pictures that are in no folder are fetched from their addresses.
    pub fetch_media: bool,
    /// Whether they may be fetched from private networks, too: for intranets and tests.
    pub allow_private_addresses: bool,
}
