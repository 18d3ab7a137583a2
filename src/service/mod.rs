//! Use cases: what can be done, one file per action. Services own transactions, rules and events.
//!
//! Reading is [`Reader`]; writing is [`Work`], a transaction in the name of somebody.

mod collections;
pub mod conditions;
mod desk;
mod entities;
mod feeds;
mod follow;
mod hot;
mod imported;
mod ledger;
mod once;
pub mod paging;
mod partners;
mod people;
mod preview;
mod publish;
mod read;
pub mod related;
mod save;
mod schedule;
mod scheduler;
mod turns;
mod webhooks;
mod withdraw;

pub use desk::{
    ArticleRow, AuditFilter, AuditRow, AuthorPatch, CollectionPatch, Desk, DeskFilter, EntityFilter, EntityRow,
    ImagePatch, Lacking, Redirect, RevisionRow, SectionPatch, SharedPatch, Step, TagPatch, TextPatch, VariantRow,
};
pub use entities::Saved;
pub use feeds::{FeedStories, Withdrawn};
pub use follow::{Heard, Hearing};
pub use hot::Tally;
pub use ledger::{LedgerFilter, LedgerRow, UsageFilter, UsageRow};
pub use once::Once;
pub use partners::{ChangesPage, NewPartner, PartnerChange, PartnerPatch, SnapshotPage, SnapshotPlace};
pub use people::{NewAccount, NewApiKey, Tokens};
pub use preview::{NewPreview, Preview};
pub use publish::PublishVariant;
pub use read::{Along, EntityWindow, Entry, Key, Notes, Reader, Served, Story, StoryPage};
pub use save::{Draft, SaveVariant, SavedVariant};
pub use turns::{Follower, Turn};
pub use webhooks::{Attempt, Delivery, Endpoint, MadeEndpoint, NewEndpoint, Outcome, Outgoing, Sent};

use crate::config::Config;
use crate::domain::actor::Actor;
use crate::domain::address::Addresses;
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::ids::{ArticleId, EventId, RevisionId, VariantId};
use crate::domain::language::Languages;
use crate::error::{Error, Result};
use crate::machine::{HttpTranslator, Translator};
use crate::media::Media;
use crate::store::desk::articles::DeskArticle;
use crate::store::desk::variants::{DeskVariant, Revision};
use crate::store::{Db, Tx, log};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;

/// The service as a whole: what every use case needs.
#[derive(Clone)]
pub struct App {
    db: Db,
    clock: Arc<dyn Clock>,
    languages: Arc<Languages>,
    addresses: Arc<Addresses>,
    media: Media,
    auth: Arc<people::Auth>,
    machine: Option<Arc<dyn Translator>>,
    end: Arc<follow::End>,
    hearing: Arc<Hearing>,
    hot: Arc<hot::Hot>,
    webhooks: Arc<crate::config::Webhooks>,
    overdue: time::Duration,
    /// Where the feeds of partners end, as far as this process knows.
    fed: Arc<tokio::sync::watch::Sender<i64>>,
}

impl App {
    /// Opens the configured database. An empty one gets its tables; one of another version is an error.
    pub async fn open(config: &Config) -> Result<Self> {
        let app = Self::connect(config).await?;
        if app.db.migrations().await?.iter().all(|(_, applied)| !applied) {
            app.db.migrate_up().await?;
        } else if !app.db.check().await? {
            let message = "the database lacks migrations of this version; run `byline migrate up`";
            return Err(Error::Unavailable(message.into()));
        }
        Ok(app)
    }

    /// Connects to the configured database, whatever is in it.
    pub async fn connect(config: &Config) -> Result<Self> {
        if config.database().starts_with("sqlite:") {
            let made = std::fs::create_dir_all(&config.data_dir);
            made.map_err(|error| Error::invalid("data_dir", format!("`{}`: {error}", config.data_dir.display())))?;
        }
        let hearing = Arc::new(Hearing::new(Duration::from_millis(config.cache.stale_ms)));
        Ok(Self {
            hot: Arc::new(hot::Hot::new(config.cache.entities, hearing.clone())),
            hearing,
            db: Db::connect(&config.database(), config.http.connections).await?,
            clock: Arc::new(SystemClock),
            languages: Arc::new(config.languages()?),
            addresses: config.addresses(),
            media: Media::new(&config.data_dir),
            auth: Arc::new(people::Auth::new(config)?),
            end: Arc::new(follow::End::new()),
            webhooks: Arc::new(config.webhooks.clone()),
            fed: Arc::new(tokio::sync::watch::Sender::new(0)),
            overdue: time::Duration::hours(config.partners.overdue_hours.into()),
            machine: HttpTranslator::new(&config.machine_translation)?.map(|machine| Arc::new(machine) as _),
        })
    }

    /// The same service with reading connections of its own, for another thread.
    pub async fn another(&self, config: &Config) -> Result<Self> {
        Ok(Self { db: self.db.another(&config.database(), config.http.connections).await?, ..self.clone() })
    }

    /// The same service at another time.
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The database, for migrations and health.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The newsroom's languages.
    pub fn languages(&self) -> &Arc<Languages> {
        &self.languages
    }

    /// Where things are found.
    pub fn addresses(&self) -> &Arc<Addresses> {
        &self.addresses
    }

    /// How partners are told.
    pub fn webhooks(&self) -> &Arc<crate::config::Webhooks> {
        &self.webhooks
    }

    /// The original image files.
    pub fn media(&self) -> &Media {
        &self.media
    }

    /// One reader's view of what is published.
    pub fn reader(&self) -> Reader {
        Reader::new(self.db.session())
    }

    /// The view of everybody who shows no credential: what it reads is noted, and small things come from memory.
    pub fn public_reader(&self) -> Reader {
        self.reader().noting().remembering(self.hot.clone())
    }

    /// How many authors, sections, tags and pictures are in memory, and how often they were there.
    pub fn entities_in_memory(&self) -> (u64, &Tally) {
        (self.hot.len(), self.hot.tally())
    }

    /// Begins to write in somebody's name.
    pub async fn begin(&self, actor: &Actor) -> Result<Work> {
        Ok(self.work(self.db.begin_beside().await?, actor, false))
    }

    /// Begins to write in somebody's name while nobody else does: for what puts one thing in the place of another
    /// everywhere, such as a merge.
    pub async fn begin_alone(&self, actor: &Actor) -> Result<Work> {
        Ok(self.work(self.db.begin_alone().await?, actor, true))
    }

    fn work(&self, tx: Tx, actor: &Actor, alone: bool) -> Work {
        let end = self.end.clone();
        let (now, actor, written, once) = (self.clock.now(), actor.clone(), Written::default(), None);
        Work { tx, now, actor, written, alone, end, once, told: EventId(0) }
    }
}

/// A transaction in somebody's name. Dropped without [`Work::commit`], it leaves nothing behind.
pub struct Work {
    tx: Tx,
    now: OffsetDateTime,
    actor: Actor,
    written: Written,
    alone: bool,
    end: Arc<follow::End>,
    once: Option<Once>,
    /// The last entry of the change log that it appended.
    told: EventId,
}

/// What this transaction wrote last and therefore holds, so that its next step need not read it again: saving and
/// publishing a story at once is what imports do thousands of times.
#[derive(Default)]
struct Written {
    article: Option<DeskArticle>,
    /// A story that was added just now and has no variants yet.
    bare: Option<ArticleId>,
    /// A variant and its head, until something else is done with the variant.
    variant: Option<(DeskVariant, Revision)>,
    /// A variant that was added just now and has no corrections yet.
    uncorrected: Option<VariantId>,
}

impl Work {
    /// The moment of everything in this transaction.
    pub fn now(&self) -> OffsetDateTime {
        self.now
    }

    /// Makes everything that was done visible at once, also to those who read answers from this service's memory.
    pub async fn commit(self) -> Result<()> {
        self.claim().await?;
        self.tx.commit().await?;
        self.end.announce(self.told).await;
        Ok(())
    }

    /// Notes in the audit what is done.
    async fn note(&self, action: &str, target: uuid::Uuid) -> Result<()> {
        self.note_with(action, target, [None, None], serde_json::json!({})).await
    }

    /// Notes what is done with its revisions before and after, and what else is worth knowing.
    async fn note_with(
        &self,
        action: &str,
        target: uuid::Uuid,
        [before, after]: [Option<RevisionId>; 2],
        detail: serde_json::Value,
    ) -> Result<()> {
        let entry = log::Entry { actor: &self.actor, action, target, before, after, detail, at: self.now };
        log::audit(&self.tx, entry).await
    }
}
