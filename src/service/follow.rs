//! Following the change log: who wants to know of changes learns that there are some, and reads them from the log.

use super::App;
use super::read::Reader;
use crate::domain::effect::Effect;
use crate::domain::ids::EventId;
use crate::domain::published::{Change, ChangeFilter};
use crate::error::{Error, Result};
use crate::store::log;
use futures_util::stream::{Stream, try_unfold};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, oneshot, watch};

/// How often we look at least for what others wrote, where the database does not tell.
const LOOK: Duration = Duration::from_millis(100);

/// How many changes a follower reads at once.
const PAGE: u32 = 100;

/// How many changes the service itself reads at once.
const EFFECTS: u32 = 500;

/// How long it is kept what a change changed for readers: servers need it for seconds, purgers of CDNs for as long as a
/// CDN does not answer.
const EFFECTS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long we wait before we listen again where that failed.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// How long a change waits for this process to have heard of it. Past that, answers from memory are held back anyway.
const HEARD: Duration = Duration::from_secs(2);

/// What was heard from the change log.
pub struct Heard<'a> {
    /// The entries that are new, oldest first, with what they change for readers.
    pub effects: &'a [(EventId, Option<Effect>)],
}

/// When this process last heard from the change log, and for how long it vouches for what it has in memory since then.
#[derive(Debug)]
pub struct Hearing {
    began: Instant,
    /// When the log was last asked with success, in nanoseconds after `began`.
    heard: AtomicU64,
    bound: Duration,
}

impl Hearing {
    pub(super) fn new(bound: Duration) -> Self {
        Self { began: Instant::now(), heard: AtomicU64::new(0), bound }
    }

    /// Whether we heard from the change log lately.
    pub fn is_current(&self) -> bool {
        let heard = Duration::from_nanos(self.heard.load(Ordering::Acquire));
        self.began.elapsed().saturating_sub(heard) <= self.bound
    }

    fn heard(&self, asked: Instant) {
        let asked = asked.saturating_duration_since(self.began);
        self.heard.store(u64::try_from(asked.as_nanos()).unwrap_or(u64::MAX), Ordering::Release);
    }
}

/// Where the change log ends, as far as this process knows.
pub(super) struct End {
    known: watch::Sender<EventId>,
    written: Notify,
    /// Whether this process follows the log at all.
    followed: AtomicBool,
}

impl End {
    pub(super) fn new() -> Self {
        let (known, written) = (watch::Sender::new(EventId(0)), Notify::new());
        Self { known, written, followed: AtomicBool::new(false) }
    }

    /// What this process knows, and when it learns more.
    pub(super) fn subscribe(&self) -> watch::Receiver<EventId> {
        self.known.subscribe()
    }

    /// Something was committed here: no need to wait for the next look. Returns when this process knows of it.
    pub(super) async fn announce(&self, told: EventId) {
        self.written.notify_one();
        if told > EventId(0) && self.followed.load(Ordering::Relaxed) {
            let mut known = self.subscribe();
            // Who follows may be cut off from the database: the change stands all the same.
            let _ = tokio::time::timeout(HEARD, known.wait_for(|known| *known >= told)).await;
        }
    }
}

/// One follower's place in the log.
struct Place {
    reader: Reader,
    end: watch::Receiver<EventId>,
    filter: ChangeFilter,
    seen: EventId,
    read: VecDeque<Change>,
}

impl App {
    /// Looks where the change log ends.
    pub async fn look_at_log(&self) -> Result<()> {
        let end = log::end(&self.db.session()).await?;
        self.end.known.send_if_modified(|known| std::mem::replace(known, end) != end);
        Ok(())
    }

    /// The newest entry of the change log that this process knows of.
    pub fn known(&self) -> EventId {
        *self.end.known.borrow()
    }

    /// Forgets what changed for readers long ago, from an entry on; gives the entry to go on from the next time. A server
    /// that has not heard of it by then forgets everything that it has in memory.
    pub async fn forget_effects(&self, from: EventId) -> Result<EventId> {
        let mut last = from;
        loop {
            let tx = self.db.begin().await?;
            let forgotten = log::forget_effects(&tx, last, self.clock.now() - EFFECTS_KEPT, EFFECTS).await?;
            tx.commit().await?;
            match forgotten {
                Some(forgotten) => last = forgotten,
                None => return Ok(last),
            }
        }
    }

    /// When this process last heard from the log.
    pub fn hearing(&self) -> &Arc<Hearing> {
        &self.hearing
    }

    /// Goes on looking until told to stop, and tells what it hears. A database that does not answer is asked again.
    pub async fn follow_log(&self, stopped: oneshot::Receiver<()>, hear: impl FnMut(Heard<'_>)) {
        self.end.followed.store(true, Ordering::Relaxed);
        tokio::select! {
            _ = stopped => {}
            () = self.look(hear) => {}
            () = self.listen() => {}
        }
        self.end.followed.store(false, Ordering::Relaxed);
    }

    async fn look(&self, mut hear: impl FnMut(Heard<'_>)) {
        // Often enough that missing a look or two changes nothing; who is told need not look so often.
        let bound = self.hearing.bound / 4;
        let pause = if self.db.tells() { bound } else { bound.min(LOOK) };
        loop {
            let more = self.hear(&mut hear).await.unwrap_or_else(|error| {
                error.log();
                false
            });
            tokio::select! {
                () = std::future::ready(()), if more => {}
                () = self.end.written.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Looks as soon as the database says that there is something to see. That is for promptness only: looking goes on.
    async fn listen(&self) {
        loop {
            match self.db.listen().await {
                Ok(Some(mut listener)) => {
                    while listener.heard().await.inspect_err(Error::log).is_ok() {
                        self.end.written.notify_one();
                    }
                }
                Ok(None) => std::future::pending().await,
                Err(error) => error.log(),
            }
            tokio::time::sleep(LISTEN_AGAIN).await;
        }
    }

    /// Reads on in the log; tells whether there may be more.
    async fn hear(&self, hear: &mut impl FnMut(Heard<'_>)) -> Result<bool> {
        let asked = Instant::now();
        let effects = log::list_effects(&self.db.session(), self.known(), EFFECTS).await?;
        self.hot.hear(&effects);
        hear(Heard { effects: &effects });
        // Everything that was committed before we asked is known now, if there is no more.
        if effects.len() < EFFECTS as usize {
            self.hearing.heard(asked);
        }
        if let Some((last, _)) = effects.last() {
            // Only now: whoever learns of a change reads what is true after it.
            self.end.known.send_replace(*last);
        }
        Ok(effects.len() == EFFECTS as usize)
    }

    /// Every change after one that was seen, or from now on, as it is committed. It ends with an error only.
    ///
    /// Nothing is kept for who reads slowly: the next changes are read from the log when they are asked for.
    pub fn changes_from(
        &self,
        after: Option<EventId>,
        filter: ChangeFilter,
    ) -> impl Stream<Item = Result<Change>> + Send + use<> {
        let end = self.end.subscribe();
        let seen = after.unwrap_or(*end.borrow());
        let place = Place { reader: self.reader(), end, filter, seen, read: VecDeque::new() };
        try_unfold(place, |mut place| async move {
            loop {
                if let Some(change) = place.read.pop_front() {
                    return Ok(Some((change, place)));
                }
                let end = *place.end.borrow_and_update();
                if end > place.seen {
                    let page = place.reader.changes(place.seen, &place.filter, PAGE).await?;
                    let all = page.len() < PAGE as usize;
                    let last = page.last().map_or(place.seen, |change| change.id);
                    place.seen = if all { last.max(end) } else { last };
                    place.read = page.into();
                } else if place.end.changed().await.is_err() {
                    return Ok(None);
                }
            }
        })
    }
}
