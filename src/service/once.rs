//! Doing what a request asks once, however often it comes: its key is noted in the transaction of what it does.

use super::{App, Work};
use crate::domain::actor::Actor;
use crate::error::{Error, Result};
use crate::store::once::{self as store, Request};

/// A request with an idempotency key.
#[derive(Debug, Clone)]
pub struct Once {
    /// The key that the client gave: 1 to 255 visible characters of ASCII.
    pub key: String,
    /// The hash of what it asks.
    pub hash: String,
}

impl Work {
    /// Does it only if `part` of this request was not done before.
    pub fn once(mut self, once: &Once, part: &str) -> Self {
        // A line break is in no key.
        self.once = Some(Once { key: format!("{}\n{part}", once.key), hash: once.hash.clone() });
        self
    }

    /// Notes that it is done, in its own transaction.
    pub(super) async fn claim(&self) -> Result<()> {
        let Some(Once { key, hash }) = &self.once else { return Ok(()) };
        let request = Request { actor: &self.actor.to_string(), key, hash };
        if store::claim(&self.tx, request, self.now).await? { Ok(()) } else { Err(Error::AlreadyDone) }
    }
}

impl App {
    /// The answer that a request got before, where it did. The same key for another request is an error.
    pub async fn answer_before(&self, actor: &Actor, once: &Once) -> Result<Option<String>> {
        match store::find(&self.db.session(), &actor.to_string(), &once.key).await? {
            Some((hash, _)) if hash != once.hash => {
                Err(Error::invalid("Idempotency-Key", "was used for another request; give each its own"))
            }
            found => Ok(found.and_then(|(_, response)| response)),
        }
    }

    /// Keeps the answer for who asks again.
    pub async fn keep_answer(&self, actor: &Actor, once: &Once, response: &str) -> Result<()> {
        let tx = self.db.begin().await?;
        let request = Request { actor: &actor.to_string(), key: &once.key, hash: &once.hash };
        store::answer(&tx, request, response, self.now()).await?;
        Ok(tx.commit().await?)
    }
}
