//! Collections: saved and published after the stories that they list.

use super::front_matter::{ListedCollection, read_list};
use super::lists::slugs;
use super::{UNFINISHED, settle};
use crate::domain::entity::Collection;
use crate::domain::ids::{ArticleId, CollectionId};
use crate::domain::language::LanguageTag;
use crate::error::Result;
use crate::import::attempt::{Attempt, Run, State, entry, fingerprint};
use crate::import::report::Outcome;
use std::path::Path;

/// Saves and publishes what `collections.yaml` holds.
pub(super) async fn import(run: &Run<'_>, state: &mut State, folder: &Path) -> Result<()> {
    match read_list::<Vec<ListedCollection>>(folder, "collections.yaml") {
        Ok(collections) => {
            for listed in collections.unwrap_or_default() {
                let name = listed.key.clone();
                let done = collection(run, state, listed).await;
                settle(run, state, ("collection", &name), done)?;
            }
            Ok(())
        }
        Err(error) => settle(run, state, ("file", "collections.yaml"), Err(error)),
    }
}

async fn collection(run: &Run<'_>, state: &mut State, listed: ListedCollection) -> Result<()> {
    let mut attempt = Attempt::begin(run, state).await?;
    let mut lists: Vec<(LanguageTag, Vec<ArticleId>)> = Vec::new();
    let mut is_whole = true;
    for (language, names) in &listed.items {
        let mut articles = Vec::with_capacity(names.len());
        for name in names {
            match attempt.known("article", name).await? {
                Some(found) => articles.push(ArticleId(found)),
                None => {
                    is_whole = false;
                    attempt.note(format!("story `{name}` ({language})"), "left out: there is no such story");
                }
            }
        }
        lists.push((language.clone(), articles));
    }
    let slugs = slugs(listed.slugs, &listed.names);
    let mut print = fingerprint([format!("{:?} {slugs:?} {lists:?}", listed.names)]);
    if !is_whole {
        print.push(UNFINISHED);
    }
    let found = attempt.find("collection", &listed.key).await?;
    let id = found.as_ref().map_or_else(CollectionId::new, |(id, _)| CollectionId(*id));
    let is_same = found.is_some_and(|(_, before)| before == print);
    let outcome = if is_same {
        attempt.tally.collections.count(Outcome::Unchanged);
        Outcome::Unchanged
    } else {
        let outcome = attempt.save(Collection { id, names: listed.names, slugs }).await?;
        attempt.work.list_on_collection(id, &lists).await?;
        attempt.work.show_collection(id).await?;
        attempt.remember("collection", &listed.key, id.0, &print).await?;
        outcome
    };
    attempt.commit(entry("collection", listed.key, "", outcome)).await
}
