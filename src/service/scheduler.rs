//! What was planned happens: publishing and withdrawing at a time, in order, each exactly once.
//!
//! Each is one transaction that turns the variant's state: a server that is killed in it has done nothing, and the next
//! one finds it due. Several servers on one PostgreSQL take turns by an advisory lock.

use super::{App, Step, Work};
use crate::domain::actor::Actor;
use crate::domain::workflow::{Transition, turn};
use crate::error::{Error, Result};
use crate::store::desk::schedule::{self, Planned};
use crate::store::desk::variants;
use time::Duration;

/// What is said of a withdrawal that was planned without a word.
const PLANNED: &str = "as planned";

impl App {
    /// Does all that is due, the earliest first; gives how much that was. What was missed while no server ran is due.
    pub async fn run_due(&self) -> Result<usize> {
        let mut done = 0;
        while self.until_next().await?.is_some_and(|wait| wait <= Duration::ZERO) && self.run_next().await? {
            done += 1;
        }
        Ok(done)
    }

    /// How long it is until something is due.
    pub async fn until_next(&self) -> Result<Option<Duration>> {
        let next = schedule::find_next(&self.db.session()).await?;
        Ok(next.map(|planned| planned.at - self.clock.now()))
    }

    /// Does what is due next; false where nothing is, or another server is at it.
    async fn run_next(&self) -> Result<bool> {
        let scheduler = Actor::system("scheduler");
        let mut work = self.begin(&scheduler).await?;
        let Some(planned) = schedule::claim_due(&work.tx, work.now).await? else { return Ok(false) };
        match Box::pin(work.carry_out(planned)).await {
            Ok(()) => work.commit().await?,
            Err(error @ (Error::Internal(_) | Error::Unavailable(_))) => return Err(error),
            // What cannot be done must not hold up what comes after it.
            Err(error) => {
                drop(work);
                let mut work = self.begin(&scheduler).await?;
                work.give_up(planned, &error).await?;
                work.commit().await?;
            }
        }
        Ok(true)
    }
}

impl Work {
    async fn carry_out(&mut self, planned: Planned) -> Result<()> {
        let step = Step { id: planned.variant, expected: None };
        if planned.publish {
            // Whoever planned it said whether a machine's text may go out.
            return self.publish(step, true).await;
        }
        let reason = self.lock_variant(planned.variant).await?.note;
        self.withdraw(step, reason.as_deref().unwrap_or(PLANNED)).await
    }

    /// Gives what cannot be published back to the editors, with the reason.
    async fn give_up(&mut self, planned: Planned, error: &Error) -> Result<()> {
        let mut variant = self.lock_variant(planned.variant).await?;
        if planned.publish {
            variant.state = turn(turn(variant.state, Transition::SendBack)?, Transition::Submit)?;
            variant.scheduled_at = None;
        } else {
            variant.withdraw_at = None;
        }
        variant.version += 1;
        variant.note = Some(error.to_string());
        variants::update(&self.tx, &variant, self.now).await?;
        let detail = serde_json::json!({ "error": error.to_string() });
        self.note_with("variant.schedule_failed", variant.id.0, [None, None], detail).await
    }
}
