//! One thing of a source on its way in: its transaction, and what there is to say about it.
//!
//! What it did counts only when it is committed, and so does what it learned.

use super::Options;
use super::pictures::Pictures;
use super::report::{Entry, Message, Outcome, Progress, Report};
use crate::config::ImportRules;
use crate::domain::actor::Actor;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::language::Languages;
use crate::error::{Error, Result};
use crate::service::{App, Saved, Work};
use std::collections::HashMap;
use uuid::Uuid;

/// So many names are remembered; then all are forgotten and looked up again.
const MOST_KNOWN: usize = 20_000;

/// What an import has at hand all along.
pub(super) struct Run<'a> {
    pub(super) app: &'a App,
    pub(super) rules: &'a ImportRules,
    pub(super) options: &'a Options,
    pub(super) progress: &'a dyn Progress,
    pub(super) pictures: Pictures,
    /// The name under which the source's ids are remembered.
    pub(super) system: &'static str,
    /// What, beside the source itself, decides what becomes of it.
    pub(super) mark: String,
}

impl<'a> Run<'a> {
    pub(super) fn languages(&self) -> &'a Languages {
        self.app.languages()
    }
}

/// What an import gathers: counts, and a bounded memory of names.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) report: Report,
    known: HashMap<(&'static str, String), Uuid>,
}

impl State {
    /// Counts and says that something did not come in, and why.
    pub(super) fn refuse(&mut self, run: &Run<'_>, mut entry: Entry, error: &Error) {
        if let Some(cause) = error.cause() {
            tracing::error!(kind = entry.kind, id = entry.id, cause, "import");
        }
        let became = error.cause().unwrap_or_else(|| error.to_string());
        entry.messages.push(Message { what: entry.kind.to_owned(), became });
        entry.outcome = Outcome::Failed;
        match (entry.kind, entry.kind.parse()) {
            (_, Ok(kind)) => self.report.entities(kind).count(Outcome::Failed),
            ("article", _) => self.report.articles.count(Outcome::Failed),
            _ => self.report.damaged += 1,
        }
        run.progress.noted(&entry);
    }
}

/// One transaction of an import.
pub(super) struct Attempt<'a> {
    pub(super) run: &'a Run<'a>,
    state: &'a mut State,
    pub(super) work: Work,
    /// What it did so far.
    pub(super) tally: Report,
    messages: Vec<Message>,
    fresh: HashMap<(&'static str, String), Uuid>,
    /// What became of authors, pictures and the like. One that is saved twice counts once.
    saved: HashMap<(EntityKind, Uuid), Outcome>,
}

impl<'a> Attempt<'a> {
    pub(super) async fn begin(run: &'a Run<'a>, state: &'a mut State) -> Result<Self> {
        let work = run.app.begin(&Actor::system(format!("import:{}", run.system))).await?;
        let (tally, messages, fresh, saved) = (Report::default(), Vec::new(), HashMap::new(), HashMap::new());
        Ok(Self { run, state, work, tally, messages, fresh, saved })
    }

    /// Something did not come over as it was.
    pub(super) fn note(&mut self, what: impl Into<String>, became: impl Into<String>) {
        self.messages.push(Message { what: what.into(), became: became.into() });
    }

    /// Neither counts nor says again what a first walk has counted and said.
    pub(super) fn forget_what_was_said(&mut self) {
        self.tally = Report::default();
        self.messages.clear();
        self.saved.clear();
    }

    /// What an id of the source became.
    pub(super) async fn known(&mut self, kind: &'static str, id: &str) -> Result<Option<Uuid>> {
        let key = (kind, id.to_owned());
        if let Some(found) = self.fresh.get(&key).or_else(|| self.state.known.get(&key)) {
            return Ok(Some(*found));
        }
        let found = self.work.find_imported(self.run.system, kind, &bounded(id)).await?;
        Ok(found.map(|(target, _)| {
            self.fresh.insert(key, target);
            target
        }))
    }

    /// What an id of the source became, and what its source looked like then.
    pub(super) async fn find(&self, kind: &'static str, id: &str) -> Result<Option<(Uuid, String)>> {
        self.work.find_imported(self.run.system, kind, &bounded(id)).await
    }

    pub(super) async fn remember(&mut self, kind: &'static str, id: &str, target: Uuid, print: &str) -> Result<()> {
        self.work.remember_import((self.run.system, kind, &bounded(id)), target, print).await?;
        self.fresh.insert((kind, id.to_owned()), target);
        Ok(())
    }

    /// Saves and counts what stories refer to.
    pub(super) async fn save(&mut self, entity: impl Into<Entity>) -> Result<Outcome> {
        let entity = entity.into();
        let outcome = match self.work.save_entity(&entity).await? {
            Saved::Created => Outcome::Created,
            Saved::Updated => Outcome::Updated,
            Saved::Unchanged => Outcome::Unchanged,
        };
        // In the order of Outcome: what was created stays so, what was unchanged may not.
        let first = self.saved.entry((entity.kind(), entity.uuid())).or_insert(outcome);
        *first = outcome.min(*first);
        Ok(outcome)
    }

    /// Keeps what was done, unless this is a dry run, and says what is worth saying.
    pub(super) async fn commit(self, mut entry: Entry) -> Result<()> {
        let Self { run, state, work, mut tally, messages, fresh, saved } = self;
        for ((kind, _), outcome) in saved {
            tally.entities(kind).count(outcome);
        }
        if !run.options.dry_run {
            work.commit().await?;
            if state.known.len() + fresh.len() > MOST_KNOWN {
                state.known.clear();
            }
            state.known.extend(fresh);
        }
        state.report += tally;
        entry.messages.extend(messages);
        let is_plain = matches!(entry.outcome, Outcome::Created | Outcome::Updated | Outcome::Unchanged);
        if !entry.messages.is_empty() || !is_plain {
            run.progress.noted(&entry);
        }
        Ok(())
    }
}

/// Ids of a source can be of any length, an index's keys cannot.
fn bounded(id: &str) -> std::borrow::Cow<'_, str> {
    if id.len() <= 500 { id.into() } else { fingerprint([id]).into() }
}

/// SHA-256 of several texts, in hexadecimal.
pub(super) fn fingerprint<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_ref().len().to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Names one thing of the source.
pub(super) fn entry(kind: &'static str, id: impl Into<String>, title: impl Into<String>, outcome: Outcome) -> Entry {
    Entry { kind, id: id.into(), title: title.into(), outcome, messages: Vec::new() }
}
