//! Following the change log: who wants to know of changes learns that there are some, and reads them from the log.

use super::App;
use super::read::Reader;
use crate::domain::effect::Effect;
use crate::domain::ids::EventId;
use crate::domain::published::{Change, ChangeFilter};
use crate::error::Result;
use crate::store::log;
use futures_util::stream::{Stream, try_unfold};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, oneshot, watch};

/// How often we look for what other servers wrote.
const LOOK: Duration = Duration::from_millis(100);

/// How many changes a follower reads at once.
const PAGE: u32 = 100;

/// How many changes the service itself reads at once.
const EFFECTS: u32 = 500;

/// How long a change waits for this process to have heard of it. Past that, answers from memory are held back anyway.
const HEARD: Duration = Duration::from_secs(2);

/// What was heard from the change log.
pub struct Heard<'a> {
    /// When the log was asked: everything that was committed before is known now.
    pub asked: Instant,
    /// The entries that are new, oldest first, with what they change for readers.
    pub effects: &'a [(EventId, Option<Effect>)],
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

    /// Something was committed here: no need to wait for the next look. Returns when this process knows of it.
    pub(super) async fn announce(&self, told: EventId) {
        self.written.notify_one();
        if told > EventId(0) && self.followed.load(Ordering::Relaxed) {
            let mut known = self.known.subscribe();
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

    /// Goes on looking until told to stop, and tells what it hears. A database that does not answer is asked again.
    pub async fn follow_log(&self, mut stopped: oneshot::Receiver<()>, mut hear: impl FnMut(Heard<'_>)) {
        self.end.followed.store(true, Ordering::Relaxed);
        loop {
            let more = self.hear(&mut hear).await.unwrap_or_else(|error| {
                error.log();
                false
            });
            tokio::select! {
                _ = &mut stopped => break,
                () = std::future::ready(()), if more => {}
                () = self.end.written.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        self.end.followed.store(false, Ordering::Relaxed);
    }

    /// Reads on in the log; tells whether there may be more.
    async fn hear(&self, hear: &mut impl FnMut(Heard<'_>)) -> Result<bool> {
        let asked = Instant::now();
        let effects = log::list_effects(&self.db.session(), self.known(), EFFECTS).await?;
        hear(Heard { asked, effects: &effects });
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
        let end = self.end.known.subscribe();
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
