//! Purging what changed: at once, and once more a little later.
//!
//! A cache may have fetched an answer just before a change and store it just after the purge, and another server may
//! answer from memory for as long as it trusts it. The second purge catches both. Only then is a change done with: a
//! server that dies in between leaves it to the next one.

use super::request::{Cdn, Refused};
use crate::domain::footprint::Handle;
use crate::domain::ids::EventId;
use crate::error::{Error, Result};
use crate::http::outgoing::{LONGEST, back_off};
use crate::service::{App, Follower, Turn};
use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How often we say that we are still at it, or ask whether others are.
const LOOK: Duration = Duration::from_secs(1);

/// What failed: the database, or the cache.
enum Failure {
    Ours(Error),
    Theirs(Refused),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Theirs(refused)
    }
}

/// Purged once, to be purged once more.
struct Again {
    due: Instant,
    upto: EventId,
    keys: BTreeSet<String>,
}

struct Purger {
    cdn: Cdn,
    follower: Follower,
    /// How far changes were purged once.
    sent: EventId,
    again: VecDeque<Again>,
}

/// Purges what changes change, until told to stop.
pub async fn purge_changes(app: App, cdn: Cdn, mut stopped: oneshot::Receiver<()>) {
    let mut purger = Purger { cdn, follower: app.follower("purge"), sent: EventId(0), again: VecDeque::new() };
    let mut failures = 0;
    loop {
        let wait = tokio::select! {
            _ = &mut stopped => break,
            step = purger.step() => match step {
                Ok(()) => {
                    failures = 0;
                    continue;
                }
                Err(failure) => {
                    failures += 1;
                    told(failure, failures)
                }
            },
        };
        tokio::select! {
            _ = &mut stopped => break,
            () = tokio::time::sleep(wait) => {}
        }
    }
    if let Err(error) = purger.follower.release().await {
        error.log();
    }
}

/// Logs what failed; gives how long to wait.
fn told(failure: Failure, failures: u32) -> Duration {
    match failure {
        Failure::Ours(error) => {
            error.log();
            back_off(failures)
        }
        Failure::Theirs(refused) => {
            let asked = match &refused {
                Refused::Answered { retry_after, .. } => *retry_after,
                Refused::Unreachable(_) => None,
            };
            let wait = asked.map_or_else(|| back_off(failures), |asked| asked.min(LONGEST));
            tracing::warn!(error = %refused, wait_ms = wait.as_millis() as u64, "a purge was not taken: it is sent again");
            wait
        }
    }
}

impl Purger {
    /// Does what there is to do, or waits for it.
    async fn step(&mut self) -> Result<(), Failure> {
        let seen = match self.follower.take_turn().await? {
            Turn::Ours(seen) => seen,
            Turn::Theirs => {
                tokio::time::sleep(LOOK).await;
                return Ok(());
            }
            Turn::Nobodys => return self.begin().await,
        };
        if self.sent < seen || self.again.is_empty() {
            // Another server was at it, or died at it: what it purged once only is purged anew.
            self.sent = seen;
            self.again.clear();
        }
        if self.purge_new().await? {
            return Ok(());
        }
        self.purge_again().await?;
        let next = self.again.front().map_or(LOOK, |again| again.due.saturating_duration_since(Instant::now()));
        self.follower.wait(self.sent, next.min(LOOK)).await;
        Ok(())
    }

    /// Nothing is known of what the cache has from before.
    async fn begin(&mut self) -> Result<(), Failure> {
        let end = self.follower.end().await?;
        self.cdn.purge_all().await?;
        Ok(self.follower.begin(end).await?)
    }

    /// Purges what changed since; tells whether there was something.
    async fn purge_new(&mut self) -> Result<bool, Failure> {
        let effects = self.follower.effects(self.sent).await?;
        let Some((upto, _)) = effects.last() else { return Ok(false) };
        let known = effects.iter().map(|(_, effect)| effect.as_ref()).collect::<Option<Vec<_>>>();
        let keys: BTreeSet<String> = match known {
            Some(known) => {
                known.iter().flat_map(|effect| effect.handles()).map(|handle: Handle| handle.key()).collect()
            }
            None => BTreeSet::from([super::ALL.to_owned()]),
        };
        self.cdn.purge(&keys).await?;
        self.sent = *upto;
        match self.cdn.again() {
            Some(wait) => self.again.push_back(Again { due: Instant::now() + wait, upto: *upto, keys }),
            None => self.follower.advance(*upto).await?,
        }
        Ok(true)
    }

    /// Purges once more what is due, all in one; then it is done with.
    async fn purge_again(&mut self) -> Result<(), Failure> {
        let now = Instant::now();
        let due: Vec<&Again> = self.again.iter().take_while(|again| again.due <= now).collect();
        let Some(upto) = due.last().map(|again| again.upto) else { return Ok(()) };
        let keys = due.iter().flat_map(|again| again.keys.iter().cloned()).collect();
        self.cdn.purge(&keys).await?;
        self.follower.advance(upto).await?;
        self.again.retain(|again| again.upto > upto);
        Ok(())
    }
}
