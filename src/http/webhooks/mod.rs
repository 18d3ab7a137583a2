//! Sending webhooks: one server at a time, many requests at once, each story in order at each endpoint.
//!
//! What is under way is known here only. A server that dies leaves it waiting, and the next one sends it again with the same
//! `webhook-id`.

mod connect;

use crate::config::Webhooks;
use crate::domain::ids::{EndpointId, EventId};
use crate::error::{Error, Result};
use crate::service::{App, Follower, Outcome, Outgoing, Sent, Turn};
use connect::{Sender, Unanswered};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// How often we look what is due, when nothing is.
const LOOK: Duration = Duration::from_millis(200);
/// How often we say that we are still at it, or ask whether others are.
const TURN: Duration = Duration::from_secs(2);
/// How many results are written together.
const TOGETHER: usize = 500;
/// An endpoint that has not answered for so long gets nothing else until it does, and takes nobody's place.
const SLOW: Duration = Duration::from_secs(1);
/// How many times `in_flight` requests may be under way with those that do not answer.
const MOST: usize = 4;

/// A request under way.
struct Under {
    endpoint: EndpointId,
    failing: bool,
    since: Instant,
}

impl Under {
    fn is_slow(&self) -> bool {
        self.since.elapsed() > SLOW
    }
}

struct Queue {
    app: App,
    config: Arc<Webhooks>,
    sender: Arc<Sender>,
    follower: Follower,
    /// When we last heard that it is our turn.
    turn: Option<Instant>,
    under_way: HashMap<i64, Under>,
    done: mpsc::UnboundedSender<Sent>,
    results: mpsc::UnboundedReceiver<Sent>,
}

/// Sends what waits, until told to stop. What is under way by then is sent again by whoever goes on.
pub async fn send_webhooks(app: App, config: Arc<Webhooks>, mut stopped: oneshot::Receiver<()>) -> Result<()> {
    let (done, results) = mpsc::unbounded_channel();
    let (sender, follower) = (Arc::new(Sender::new(config.clone())?), app.follower("webhooks"));
    let mut queue = Queue { app, config, sender, follower, turn: None, under_way: HashMap::new(), done, results };
    loop {
        let wait = match queue.step().await {
            Ok(wait) => wait,
            Err(error) => {
                error.log();
                Duration::from_secs(1)
            }
        };
        tokio::select! {
            _ = &mut stopped => break,
            () = queue.something(wait) => {}
        }
    }
    queue.note().await?;
    queue.follower.release().await
}

impl Queue {
    /// Waits until a result is there, at most so long.
    async fn something(&mut self, longest: Duration) {
        if longest.is_zero() {
            return tokio::task::yield_now().await;
        }
        // A result that is taken out here is put back: it is written with those that follow.
        if let Ok(Some(sent)) = tokio::time::timeout(longest, self.results.recv()).await {
            let _ = self.done.send(sent);
        }
    }

    /// Notes results and sends what is due; gives how long there is nothing more to do.
    async fn step(&mut self) -> Result<Duration> {
        if !self.take_turn().await? {
            return Ok(TURN / 2);
        }
        self.note().await?;
        let room = self.room();
        if room == 0 {
            return Ok(LOOK);
        }
        let under_way: Vec<i64> = self.under_way.keys().copied().collect();
        let outgoing = self.app.outgoing(&under_way, &self.full(), room).await?;
        let mut sent = 0;
        for outgoing in outgoing {
            if self.takes(outgoing.due.endpoint, outgoing.due.failing) {
                self.send(outgoing);
                sent += 1;
            }
        }
        Ok(if sent > 0 { Duration::ZERO } else { LOOK })
    }

    async fn take_turn(&mut self) -> Result<bool> {
        if self.turn.is_some_and(|since| since.elapsed() < TURN) {
            return Ok(true);
        }
        let ours = match self.follower.take_turn().await? {
            Turn::Ours(_) => true,
            Turn::Theirs => false,
            Turn::Nobodys => {
                self.follower.begin(EventId(0)).await?;
                false
            }
        };
        self.turn = ours.then(Instant::now);
        Ok(ours)
    }

    /// How many requests may be added. Those that hang do not keep others waiting.
    fn room(&self) -> usize {
        let answering = self.under_way.values().filter(|under| !under.is_slow()).count();
        let most = self.config.in_flight.saturating_mul(MOST).saturating_sub(self.under_way.len());
        self.config.in_flight.saturating_sub(answering).min(most)
    }

    /// The endpoints that get nothing more for now. Those that fail, or do not answer, have one place each.
    fn full(&self) -> Vec<EndpointId> {
        let mut endpoints: Vec<EndpointId> = self.under_way.values().map(|under| under.endpoint).collect();
        endpoints.sort_unstable();
        endpoints.dedup();
        endpoints.retain(|endpoint| !self.takes(*endpoint, false));
        endpoints
    }

    fn takes(&self, endpoint: EndpointId, failing: bool) -> bool {
        let mut here = 0;
        let mut slow = failing;
        for under in self.under_way.values().filter(|under| under.endpoint == endpoint) {
            here += 1;
            slow |= under.failing || under.is_slow();
        }
        here < if slow { 1 } else { self.config.per_endpoint }
    }

    fn send(&mut self, outgoing: Outgoing) {
        let (endpoint, failing) = (outgoing.due.endpoint, outgoing.due.failing);
        self.under_way.insert(outgoing.due.id, Under { endpoint, failing, since: Instant::now() });
        let (sender, done, app) = (self.sender.clone(), self.done.clone(), self.app.clone());
        actix_web::rt::spawn(async move {
            let (at, began) = (app.now(), Instant::now());
            let answered = sender.send(&outgoing).await;
            let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let spread = (RandomState::new().hash_one(outgoing.due.id) % 1_024) as f64 / 1_023.0;
            let (outcome, status, answer) = match answered {
                Ok(answer) => (answer.outcome(), Some(answer.status), answer.body),
                Err(Unanswered { was_reached: true, why }) => (Outcome::Failed(None), None, why),
                Err(Unanswered { was_reached: false, why }) => (Outcome::Unreached, None, why),
            };
            let _ = done.send(Sent { outgoing, outcome, at, milliseconds, status, answer, spread });
        });
    }

    /// Writes the results that are there. Where that fails, what they are of is sent again.
    async fn note(&mut self) -> Result<()> {
        loop {
            let mut sent = Vec::new();
            while let Some(one) = (sent.len() < TOGETHER).then(|| self.results.try_recv().ok()).flatten() {
                sent.push(one);
            }
            if sent.is_empty() {
                return Ok(());
            }
            let noted = self.app.note_sent(&sent).await;
            for one in &sent {
                self.under_way.remove(&one.outgoing.due.id);
            }
            noted?;
        }
    }
}

/// Forgets from time to time what was sent long ago.
pub async fn forget(app: App) {
    loop {
        if let Err(error) = app.forget_deliveries().await {
            Error::log(&error);
        }
        tokio::time::sleep(Duration::from_secs(3_600)).await;
    }
}
