//! A folder of Markdown: one folder per story with a file per language, and lists of authors, tags, sections and
//! collections beside them. `examples/newsroom` is one.
//!
//! `front_matter` says what a file may hold, `lists` saves what stories refer to, `folder` saves a story, `images` its
//! pictures, `collections` what stands on the front page.
//!
//! Stories may name each other whatever their order, so folders are walked twice: a link to a story that is not there
//! yet is left for the second walk. What was left is remembered in the database, not here, so that a run that broke off
//! between the two loses nothing.

mod collections;
mod folder;
mod front_matter;
mod images;
mod lists;
#[cfg(test)]
mod tests;

use super::Options;
use super::attempt::{Attempt, Run, State, entry, fingerprint};
use super::pictures::Pictures;
use super::report::{Outcome, Progress, Report};
use crate::config::ImportRules;
use crate::error::{Error, Result};
use crate::service::App;
use std::path::Path;

/// The name under which names of folders are remembered.
pub const SYSTEM: &str = "markdown";

/// Grows when the same folder would become something else than before.
const FORMAT: u32 = 1;

/// The end of a fingerprint whose story has links that led nowhere yet.
const UNFINISHED: char = '?';

/// Imports a folder of stories.
pub async fn run(
    app: &App,
    rules: &ImportRules,
    folder: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Report> {
    let folders = folders(folder)?;
    let pictures = Pictures::new(app.media(), Some(folder), options)?;
    let tags: Vec<&str> = app.languages().all().iter().map(|language| language.tag.as_str()).collect();
    let mark = fingerprint([format!("{FORMAT} {tags:?} {}", app.languages().default_tag())]);
    let run = Run { app, rules, options, progress, pictures, system: SYSTEM, mark };
    let mut state = State::default();
    state.report.dry_run = options.dry_run;
    lists::import(&run, &mut state, folder).await?;
    let total = folders.len() as u64;
    let mut unfinished = false;
    for (name, done) in folders.iter().zip(1..) {
        unfinished |= folder::import(&run, &mut state, (folder, name), folder::Walk::First).await?;
        progress.advanced(done, total);
    }
    // A dry run kept nothing that a link could lead to.
    if unfinished && !options.dry_run {
        for name in &folders {
            let attempt = Attempt::begin(&run, &mut state).await?;
            let found = attempt.find("article", name).await?;
            drop(attempt);
            if found.is_some_and(|(_, print)| print.ends_with(UNFINISHED)) {
                folder::import(&run, &mut state, (folder, name), folder::Walk::Second).await?;
            }
        }
    }
    collections::import(&run, &mut state, folder).await?;
    Ok(state.report)
}

/// The names of the folders that hold a story.
fn folders(folder: &Path) -> Result<Vec<String>> {
    let unreadable = |error: std::io::Error| Error::invalid("folder", format!("`{}`: {error}", folder.display()));
    let mut names = Vec::new();
    for child in std::fs::read_dir(folder).map_err(unreadable)? {
        let child = child.map_err(unreadable)?;
        let name = child.file_name().to_string_lossy().into_owned();
        let is_hidden = name.starts_with('.') || name.starts_with('_');
        if !is_hidden && child.path().is_dir() && has_stories(&child.path()) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn has_stories(folder: &Path) -> bool {
    let children = std::fs::read_dir(folder).into_iter().flatten().flatten();
    children.into_iter().any(|child| child.path().extension().is_some_and(|extension| extension == "md"))
}

/// A name for what only its slug is known of: `han-seo-yun` is `Han Seo Yun`.
fn readable(slug: &str) -> String {
    let words = slug.split(['-', '_']).filter(|word| !word.is_empty());
    let capitalised = words.map(|word| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    });
    capitalised.collect::<Vec<_>>().join(" ")
}

/// Reports what went wrong with one of many, and lets the others go on.
fn settle(run: &Run<'_>, state: &mut State, named: (&'static str, &str), done: Result<()>) -> Result<()> {
    match done {
        Err(error @ Error::Unavailable(_)) => Err(error),
        Err(error) => {
            state.refuse(run, entry(named.0, named.1, "", Outcome::Failed), &error);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
