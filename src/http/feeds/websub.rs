//! Telling WebSub hubs which feeds changed: for each hub one server at a time follows the change log.
//!
//! A hub fetches a feed as soon as it is told. So it is told only when no server and no cache that is purged answers with what
//! was before. How far it was told stands in the database: a server that dies leaves the rest to the next one.

use super::topics::topics;
use crate::config::{Config, Preset};
use crate::domain::ids::EventId;
use crate::error::{Error, Result};
use crate::http::outgoing::{LONGEST, back_off, retry_after};
use crate::service::{App, Follower, Turn};
use actix_web::rt::task::JoinHandle;
use futures_util::future::join_all;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode, redirect};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use url::form_urlencoded;

/// How often we say that we are still at it, or ask whether others are.
const LOOK: Duration = Duration::from_secs(1);
/// How many feeds a hub is told of at a time.
const AT_ONCE: usize = 8;

/// What tells the hubs, one task for each.
pub struct Pingers(Vec<(oneshot::Sender<()>, JoinHandle<()>)>);

impl Pingers {
    /// Begins to tell the configured hubs.
    pub fn start(app: &App, config: &Config) -> Result<Self> {
        let client = Client::builder()
            .timeout(Duration::from_secs(config.feeds.timeout_seconds))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(Error::internal)?;
        let purged =
            Duration::from_secs(if config.purge.preset == Preset::None { 0 } else { config.purge.again_seconds });
        let delay = Duration::from_millis(config.cache.stale_ms).max(purged);
        let start = |hub: &String| {
            let (stop, stopped) = oneshot::channel();
            let pinger = Pinger {
                app: app.clone(),
                service: config.base_url.clone(),
                client: client.clone(),
                hub: hub.clone(),
                delay,
                follower: app.follower(format!("websub {hub}")),
                pending: None,
            };
            (stop, actix_web::rt::spawn(pinger.run(stopped)))
        };
        Ok(Self(config.feeds.hubs.iter().map(start).collect()))
    }

    /// Stops. What is not told yet is told later.
    pub async fn stop(self) -> Result<()> {
        for (stop, task) in self.0 {
            drop(stop);
            task.await.map_err(Error::internal)?;
        }
        Ok(())
    }
}

/// Changes that the hub is to be told of.
struct Pending {
    upto: EventId,
    /// Not before: somebody may still answer with what was before.
    due: Instant,
    topics: BTreeSet<String>,
}

struct Pinger {
    app: App,
    service: String,
    client: Client,
    hub: String,
    delay: Duration,
    follower: Follower,
    pending: Option<Pending>,
}

/// What failed.
enum Failure {
    Ours(Error),
    /// The hub did not take it, and may have said when to try again.
    Theirs(String, Option<Duration>),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl Pinger {
    /// Tells the hub of changes until told to stop.
    async fn run(mut self, mut stopped: oneshot::Receiver<()>) {
        let mut failures = 0;
        loop {
            let wait = tokio::select! {
                _ = &mut stopped => break,
                step = self.step() => match step {
                    Ok(()) => {
                        failures = 0;
                        continue;
                    }
                    Err(failure) => {
                        failures += 1;
                        self.told(failure, failures)
                    }
                },
            };
            tokio::select! {
                _ = &mut stopped => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        if let Err(error) = self.follower.release().await {
            error.log();
        }
    }

    /// Logs what failed; gives how long to wait.
    fn told(&self, failure: Failure, failures: u32) -> Duration {
        match failure {
            Failure::Ours(error) => {
                error.log();
                back_off(failures)
            }
            Failure::Theirs(error, asked) => {
                let wait = asked.map_or_else(|| back_off(failures), |asked| asked.min(LONGEST));
                let wait_ms = wait.as_millis() as u64;
                tracing::warn!(hub = self.hub, error, wait_ms, "a hub did not take a ping: it is told again");
                wait
            }
        }
    }

    /// Does what there is to do, or waits for it.
    async fn step(&mut self) -> Result<(), Failure> {
        let seen = match self.follower.take_turn().await? {
            Turn::Ours(seen) => seen,
            Turn::Theirs => {
                self.pending = None;
                tokio::time::sleep(LOOK).await;
                return Ok(());
            }
            // A hub that is new has fetched nothing that could be old.
            Turn::Nobodys => return Ok(self.follower.begin(self.follower.end().await?).await?),
        };
        let Some(pending) = self.pending.take_if(|pending| pending.upto > seen) else {
            self.pending = self.look(seen).await?;
            return Ok(());
        };
        let wait = pending.due.saturating_duration_since(Instant::now());
        let pending = self.pending.insert(pending);
        if !wait.is_zero() {
            tokio::time::sleep(wait.min(LOOK)).await;
            return Ok(());
        }
        let some: Vec<String> = pending.topics.iter().take(AT_ONCE).cloned().collect();
        if some.is_empty() {
            let upto = pending.upto;
            self.pending = None;
            return Ok(self.follower.advance(upto).await?);
        }
        self.ping(some).await
    }

    /// What changed since; waits a little for something to change.
    async fn look(&self, seen: EventId) -> Result<Option<Pending>> {
        let effects = self.follower.effects(seen).await?;
        let Some(upto) = effects.last().map(|(id, _)| *id) else {
            self.follower.wait(seen, LOOK).await;
            return Ok(None);
        };
        let effects: Vec<_> = effects.into_iter().map(|(_, effect)| effect).collect();
        let topics = topics(&self.app, &self.service, &effects).await?;
        Ok(Some(Pending { upto, due: Instant::now() + self.delay, topics }))
    }

    /// Tells the hub of some feeds. Those that it took, or refuses for good, are done with.
    async fn ping(&mut self, topics: Vec<String>) -> Result<(), Failure> {
        let answers = join_all(topics.iter().map(|topic| self.send(topic))).await;
        let mut failed = None;
        for (topic, answer) in topics.into_iter().zip(answers) {
            match answer {
                Err(failure) => failed = Some(failure),
                Ok(()) => {
                    if let Some(pending) = &mut self.pending {
                        pending.topics.remove(&topic);
                    }
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    async fn send(&self, topic: &str) -> Result<(), Failure> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("hub.mode", "publish")
            .append_pair("hub.url", topic)
            .finish();
        let request = self.client.post(&self.hub).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        let unreachable = |error| Failure::Theirs(Error::internal(error).cause().unwrap_or_default(), None);
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let is_passing = matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
        if status.is_client_error() && !is_passing {
            tracing::warn!(hub = self.hub, topic, %status, "a hub does not want to be told of this feed");
            return Ok(());
        }
        Err(Failure::Theirs(format!("answered {status}"), retry_after(&answer)))
    }
}
