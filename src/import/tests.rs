//! A newsroom on an embedded database of its own, for the tests of importers.

use super::{Entry, Progress};
use crate::config::{Config, Flags};
use crate::domain::body::Body;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::published::PublishedVariant;
use crate::service::{Along, App, Key};
use std::sync::{Arc, Mutex};

/// A newsroom that is gone with the test.
pub(super) struct Newsroom {
    pub(super) app: App,
    pub(super) config: Config,
    pub(super) folder: tempfile::TempDir,
}

pub(super) async fn newsroom() -> Newsroom {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = Some(folder.path().join("data"));
    let config = Config::load(&Flags { data_dir, database_url: Some(String::new()), ..Flags::default() }).unwrap();
    Newsroom { app: App::open(&config).await.unwrap(), config, folder }
}

impl Newsroom {
    /// What readers see of a story, by its name in the source: languages in order.
    pub(super) async fn story(&self, system: &str, id: &str) -> Vec<Arc<PublishedVariant>> {
        let key = Key::External(system.to_owned(), id.to_owned());
        match self.app.reader().find_story(&key, Along::default()).await {
            Ok(Some(page)) => page.story.to_vec(),
            _ => Vec::new(),
        }
    }

    pub(super) async fn body(&self, variant: &PublishedVariant) -> Body {
        let bodies = self.app.reader().bodies(&[variant.id]).await.unwrap();
        bodies[&variant.id].as_ref().clone()
    }

    pub(super) async fn entity(&self, id: uuid::Uuid) -> Entity {
        let found = self.app.reader().entities(&[id]).await.unwrap();
        found[&id].as_ref().clone()
    }

    pub(super) async fn visible(&self, kind: EntityKind) -> u64 {
        self.app.reader().entity_count(kind, None).await.unwrap()
    }
}

/// Keeps what was said.
#[derive(Default)]
pub(super) struct Heard(pub(super) Mutex<Vec<Entry>>);

impl Progress for Heard {
    fn advanced(&self, done: u64, total: u64) {
        assert!(done <= total);
    }

    fn noted(&self, entry: &Entry) {
        self.0.lock().unwrap().push(entry.clone());
    }
}

impl Heard {
    /// All that was said, a line each.
    pub(super) fn lines(&self) -> String {
        let entries = self.0.lock().unwrap();
        let lines = entries.iter().flat_map(|entry| {
            let messages = entry.messages.iter().map(|message| format!("{}: {}", message.what, message.became));
            let messages: Vec<String> = messages.collect();
            [format!("{} {} {:?} {}", entry.kind, entry.id, entry.outcome, messages.join(" | "))]
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}
