//! Following the change log: who wants to know of changes learns that there are some, and reads them from the log.

use super::App;
use super::read::Reader;
use crate::domain::ids::EventId;
use crate::domain::published::{Change, ChangeFilter};
use crate::error::Result;
use crate::store::log;
use futures_util::stream::{Stream, try_unfold};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::{Notify, oneshot, watch};

/// How often we look for what other servers wrote.
const LOOK: Duration = Duration::from_millis(100);

/// How many changes a follower reads at once.
const PAGE: u32 = 100;

/// Where the change log ends, as far as this process knows.
pub(super) struct End {
    known: watch::Sender<EventId>,
    written: Notify,
}

impl End {
    pub(super) fn new() -> Self {
        Self { known: watch::Sender::new(EventId(0)), written: Notify::new() }
    }

    /// Something was committed here: no need to wait for the next look.
    pub(super) fn announce(&self) {
        self.written.notify_one();
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

    /// Goes on looking until told to stop. A database that does not answer is asked again.
    pub async fn follow_log(&self, mut stopped: oneshot::Receiver<()>) {
        loop {
            if let Err(error) = self.look_at_log().await {
                error.log();
            }
            tokio::select! {
                _ = &mut stopped => return,
                () = self.end.written.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
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
