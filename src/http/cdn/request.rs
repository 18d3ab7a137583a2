//! A purge as each kind of cache wants it.

use super::{ALL, Dialect};
use crate::config::{Preset, Purge};
use crate::error::{Error, Result};
use crate::http::outgoing::retry_after;
use reqwest::{Client, Method, RequestBuilder, redirect};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// With more purges than this at once, everything goes instead: after an import, for example.
const BATCHES: usize = 20;

/// A cache that can be told.
pub struct Cdn {
    client: Client,
    config: Purge,
    batch: usize,
}

/// Why a purge was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There was no answer.
    #[error("no answer: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// Another answer than that it is done.
    #[error("answered {status}")]
    Answered {
        /// The HTTP status, or what stands for it.
        status: String,
        /// When to ask again.
        retry_after: Option<Duration>,
    },
}

impl Cdn {
    /// The configured cache.
    pub(super) fn new(config: &Purge, dialect: Dialect) -> Result<Self> {
        let client = Client::builder()
            .timeout(Duration::from_secs(config.timeout_seconds))
            // The token is for this address only.
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, config: config.clone(), batch: dialect.batch })
    }

    /// How long after the first the second purge follows; nothing where there is none.
    pub fn again(&self) -> Option<Duration> {
        Some(Duration::from_secs(self.config.again_seconds)).filter(|again| !again.is_zero())
    }

    /// Purges everything.
    pub async fn purge_all(&self) -> Result<(), Refused> {
        self.purge(&BTreeSet::from([ALL.to_owned()])).await
    }

    /// Purges what has one of the keys.
    pub async fn purge(&self, keys: &BTreeSet<String>) -> Result<(), Refused> {
        let all = [ALL.to_owned()];
        let listed: Vec<String> = keys.iter().cloned().collect();
        let listed = if listed.len() > BATCHES * self.batch { all.as_slice() } else { &listed };
        for batch in listed.chunks(self.batch) {
            for url in &self.config.urls {
                self.send(self.request(url, batch)).await?;
            }
        }
        Ok(())
    }

    fn request(&self, url: &str, keys: &[String]) -> RequestBuilder {
        let (service, token) = (&self.config.service, self.config.token.expose());
        match self.config.preset {
            Preset::Varnish => {
                let purge = Method::from_bytes(b"PURGE").unwrap_or_default();
                self.client.request(purge, url).header("xkey-purge", keys.join(" "))
            }
            Preset::Fastly => {
                let request = self.client.post(format!("{url}/service/{service}/purge"));
                request.header("fastly-key", token).json(&json!({ "surrogate_keys": keys }))
            }
            Preset::Cloudflare => {
                let request = self.client.post(format!("{url}/zones/{service}/purge_cache"));
                request.bearer_auth(token).json(&json!({ "tags": keys }))
            }
            Preset::Http | Preset::None => {
                let request = self.client.post(url).json(&json!({ "keys": keys }));
                if token.is_empty() { request } else { request.bearer_auth(token) }
            }
        }
    }

    async fn send(&self, request: RequestBuilder) -> Result<(), Refused> {
        let response = request.send().await?;
        if !response.status().is_success() {
            let (status, retry_after) = (response.status().to_string(), retry_after(&response));
            return Err(Refused::Answered { status, retry_after });
        }
        // Cloudflare may refuse with a status of success.
        if self.config.preset == Preset::Cloudflare {
            let answer: Value = response.json().await?;
            if answer.get("success") != Some(&Value::Bool(true)) {
                return Err(Refused::Answered { status: "without success".to_owned(), retry_after: None });
            }
        }
        Ok(())
    }
}
