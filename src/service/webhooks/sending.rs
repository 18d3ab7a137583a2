//! What is to be sent, and what came of it.

use super::super::partners::Message;
use super::{Attempt, Due};
use crate::auth::webhook::{Secrets, signatures};
use crate::domain::actor::Actor;
use crate::domain::ids::EndpointId;
use crate::domain::webhook::Schedule;
use crate::error::{Error, Result};
use crate::service::{App, Work};
use crate::store::webhooks::results::{self, Delivered};
use crate::store::webhooks::{endpoints, queue};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use time::OffsetDateTime;

/// How much of a request's body the log keeps, in characters.
const KEPT: usize = 4_000;

fn sign(message: Message, composed: OffsetDateTime) -> Result<Outgoing> {
    let Message { due, body, brings_story } = message;
    let secrets: Vec<Secrets> = serde_json::from_str(&due.secrets).map_err(Error::internal)?;
    let id = format!("dlv_{}", due.id);
    let signature = signatures(&secrets, &id, composed, &body)?;
    Ok(Outgoing { due, id, timestamp: composed.unix_timestamp(), signature, body, brings_story, composed })
}

/// A message, signed.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// What it is.
    pub due: Due,
    /// `webhook-id`: the same however often it is tried.
    pub id: String,
    /// `webhook-timestamp`, in seconds.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// The body.
    pub body: String,
    /// Whether it brings the story itself.
    brings_story: bool,
    /// When it was composed.
    composed: OffsetDateTime,
}

/// What came of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Taken,
    /// Nothing is to be sent there any more (410).
    Gone,
    /// It was not taken; the endpoint may have said when to come again.
    Failed(Option<Duration>),
    /// Nobody was there: it cannot have arrived.
    Unreached,
}

/// A message that was sent.
#[derive(Debug)]
pub struct Sent {
    /// The message.
    pub outgoing: Outgoing,
    /// What came of it.
    pub outcome: Outcome,
    /// When it was sent.
    pub at: OffsetDateTime,
    /// How long the answer took.
    pub milliseconds: u64,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The beginning of the answer, or why there was none.
    pub answer: String,
    /// 0 to 1: how far this wait is from the middle.
    pub spread: f64,
}

impl Sent {
    fn attempt(&self) -> Attempt {
        let Outgoing { id, timestamp, body, .. } = &self.outgoing;
        let cut: String = body.chars().take(KEPT).collect();
        let request = json!({
            "headers": {"webhook-id": id, "webhook-timestamp": timestamp},
            "bytes": body.len(),
            "body": cut,
        });
        Attempt {
            delivery: self.outgoing.due.id,
            at: self.at,
            milliseconds: self.milliseconds,
            request: request.to_string(),
            status: self.status,
            answer: self.answer.clone(),
        }
    }
}

impl App {
    /// At most `limit` messages that are due, signed; without those under way and those to endpoints that are full.
    pub async fn outgoing(&self, under_way: &[i64], full: &[EndpointId], limit: usize) -> Result<Vec<Outgoing>> {
        let now = self.clock.now();
        let due = queue::due(&self.db.session(), now, under_way, full, limit).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let (composed, messages) = self.messages(due).await?;
        self.leave(&messages, composed).await?;
        messages.into_iter().map(|message| sign(message, composed)).collect()
    }

    /// Notes which stories leave for the first time, before they do: whatever becomes of us, and of the answer, the ledger
    /// knows that their partners may have them.
    async fn leave(&self, messages: &[Message], composed: OffsetDateTime) -> Result<()> {
        let bringing = messages.iter().filter(|message| message.brings_story);
        let changes: Vec<i64> = bringing.filter_map(|message| Some(message.due.change.as_ref()?.id)).collect();
        let new = results::list_unsent(&self.db.session(), &changes).await?;
        if new.is_empty() {
            return Ok(());
        }
        let work = self.begin(&Actor::system("webhooks")).await?;
        results::leave(&work.tx, &new, composed).await?;
        work.commit().await
    }

    /// Notes what came of many messages, in one transaction.
    pub async fn note_sent(&self, sent: &[Sent]) -> Result<()> {
        let work = self.begin(&Actor::system("webhooks")).await?;
        let attempts: Vec<Attempt> = sent.iter().map(Sent::attempt).collect();
        results::log(&work.tx, &attempts).await?;
        let mut taken: BTreeMap<OffsetDateTime, Vec<Delivered>> = BTreeMap::new();
        for sent in sent.iter().filter(|sent| sent.outcome == Outcome::Taken) {
            let Outgoing { due, brings_story, composed, .. } = &sent.outgoing;
            let change = due.change.as_ref().map(|change| change.id);
            let delivered = Delivered { id: due.id, endpoint: due.endpoint, change, brings_story: *brings_story };
            taken.entry(*composed).or_default().push(delivered);
        }
        let mut back: BTreeMap<OffsetDateTime, Vec<i64>> = BTreeMap::new();
        for sent in sent.iter().filter(|sent| sent.outcome == Outcome::Unreached && sent.outgoing.brings_story) {
            back.entry(sent.outgoing.composed).or_default().extend(sent.outgoing.due.change.as_ref().map(|one| one.id));
        }
        for (left, changes) in &back {
            results::come_back(&work.tx, changes, *left).await?;
        }
        for (composed, delivered) in &taken {
            results::delivered(&work.tx, delivered, *composed, work.now).await?;
        }
        let schedule = Schedule {
            first: Duration::from_millis(self.webhooks.retry_ms),
            limit: Duration::from_secs(self.webhooks.retry_hours.saturating_mul(3_600)),
        };
        for sent in sent {
            match sent.outcome {
                Outcome::Taken => {}
                Outcome::Gone => work.gone(&sent.outgoing.due).await?,
                Outcome::Failed(asked) => work.failed(&sent.outgoing.due, schedule, asked, sent.spread).await?,
                Outcome::Unreached => work.failed(&sent.outgoing.due, schedule, None, sent.spread).await?,
            }
        }
        work.commit().await
    }
}

impl Work {
    async fn gone(&self, due: &Due) -> Result<()> {
        results::give_up(&self.tx, due.id, due.endpoint, self.now).await?;
        self.cut_off(due, "GONE").await
    }

    async fn failed(&self, due: &Due, schedule: Schedule, asked: Option<Duration>, spread: f64) -> Result<()> {
        let age = Duration::try_from(self.now - due.since).unwrap_or_default();
        match schedule.wait(due.attempts + 1, age, asked, spread) {
            Some(wait) => results::again(&self.tx, due.id, due.endpoint, self.now, self.now + wait).await,
            None => {
                results::give_up(&self.tx, due.id, due.endpoint, self.now).await?;
                let found = endpoints::find(&self.tx, due.endpoint).await?;
                // Where others were taken meanwhile, it is this message that is wrong.
                let silent = found
                    .and_then(|endpoint| endpoint.failing_since)
                    .is_some_and(|since| since <= self.now - schedule.limit / 2);
                if silent { self.cut_off(due, "FAILING").await } else { Ok(()) }
            }
        }
    }

    /// Disables an endpoint with notice: in the audit, in the log, and wherever endpoints are listed.
    async fn cut_off(&self, due: &Due, reason: &str) -> Result<()> {
        if endpoints::disable(&self.tx, due.endpoint, reason, self.now).await? {
            tracing::error!(endpoint = %due.endpoint, url = due.url, reason, "a partner's endpoint was disabled");
            let detail = json!({"reason": reason, "url": due.url, "partner": due.partner});
            self.note_with("endpoint.disable", due.endpoint.0, [None, None], detail).await?;
        }
        Ok(())
    }
}
