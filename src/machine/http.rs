//! A service that is asked over HTTP.
//!
//! The address is the operator's own, so it may be inside the network. It is the only one that gets the key: redirects
//! are not followed, and no proxy of the environment is used.

use super::{Texts, Translator, template};
use crate::config::MachineTranslation;
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use futures_util::future::BoxFuture;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, Url, redirect};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Asks one service, in as many requests as its limits need.
pub struct HttpTranslator {
    client: Client,
    endpoint: Url,
    headers: HeaderMap,
    body: Value,
    answers: String,
    languages: BTreeMap<LanguageTag, String>,
    max_texts: usize,
    max_chars: usize,
    max_answer_bytes: usize,
    timeout_seconds: u64,
}

/// Without the key, which may stand in every field.
impl fmt::Debug for HttpTranslator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTranslator").field("host", &self.endpoint.host_str()).finish_non_exhaustive()
    }
}

impl HttpTranslator {
    /// The configured service; `None` when there is none.
    pub fn new(config: &MachineTranslation) -> Result<Option<Self>> {
        if !config.is_configured() {
            return Ok(None);
        }
        let wrong = |key: &str, message: &str| Error::invalid(format!("machine_translation.{key}"), message);
        let key = config.key.expose();
        let endpoint = config.endpoint.expose();
        let endpoint = endpoint.replace("{key}", &utf8_percent_encode(key, NON_ALPHANUMERIC).to_string());
        let mut headers = HeaderMap::new();
        for name in [ACCEPT, CONTENT_TYPE] {
            headers.insert(name, HeaderValue::from_static("application/json"));
        }
        for (name, value) in &config.headers {
            let place = format!("headers.{name}");
            let name: HeaderName = name.parse().map_err(|_| wrong(&place, "is not the name of a header"))?;
            let value = value.expose().replace("{key}", key);
            let mut value = HeaderValue::try_from(value).map_err(|_| wrong(&place, "must be visible ASCII"))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(config.timeout_seconds))
            .user_agent(concat!("byline/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Error::internal)?;
        Ok(Some(Self {
            client,
            endpoint: Url::parse(&endpoint).map_err(|_| wrong("endpoint", "is not an http or https address"))?,
            headers,
            body: serde_json::from_str(&config.body).map_err(|error| wrong("body", &error.to_string()))?,
            answers: config.answers.clone(),
            languages: config.languages.clone(),
            max_texts: config.max_texts,
            max_chars: config.max_chars,
            max_answer_bytes: config.max_answer_bytes,
            timeout_seconds: config.timeout_seconds,
        }))
    }

    async fn ask(&self, source: &LanguageTag, target: &LanguageTag, texts: &[String]) -> Result<Vec<String>, String> {
        let name = |tag: &LanguageTag| self.languages.get(tag).cloned().unwrap_or_else(|| tag.to_string());
        let body = template::fill(&self.body, &name(source), &name(target), texts).to_string();
        let request = self.client.post(self.endpoint.clone()).headers(self.headers.clone()).body(body);
        let response = request.send().await.map_err(|error| self.explain(&error))?;
        if !response.status().is_success() {
            // What it says besides may repeat what it was sent, the key included.
            return Err(format!("it answers {}", response.status()));
        }
        let bytes = self.read(response).await?;
        let answer: Value =
            serde_json::from_slice(&bytes).map_err(|error| format!("its answer is not JSON: {error}"))?;
        let answers = template::answers(&answer, &self.answers)
            .ok_or_else(|| format!("its answer has no texts at `{}`", self.answers))?;
        if answers.len() != texts.len() {
            return Err(format!("it answers {} texts to {}", answers.len(), texts.len()));
        }
        Ok(answers)
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, String> {
        let too_large = || format!("its answer is larger than {} bytes", self.max_answer_bytes);
        if response.content_length().is_some_and(|length| length > self.max_answer_bytes as u64) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.explain(&error))? {
            if bytes.len() + chunk.len() > self.max_answer_bytes {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// The innermost cause alone: the outer ones name the address, which may hold the key.
    fn explain(&self, error: &reqwest::Error) -> String {
        if error.is_timeout() {
            return format!("no answer within {} s", self.timeout_seconds);
        }
        let mut cause: &dyn std::error::Error = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        cause.downcast_ref::<reqwest::Error>().map_or_else(|| cause.to_string(), |_| "no answer".to_owned())
    }
}

impl Translator for HttpTranslator {
    fn translate(&self, request: Texts) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(async move {
            let mut translated = Vec::with_capacity(request.texts.len());
            for texts in portions(&request.texts, self.max_texts, self.max_chars) {
                let answers = self.ask(&request.source, &request.target, texts).await;
                translated.extend(answers.map_err(|why| {
                    let host = self.endpoint.host_str().unwrap_or_default();
                    Error::Unavailable(format!("machine translation by {host}: {why}").into())
                })?);
            }
            Ok(translated)
        })
    }
}

/// Texts in portions of at most so many, with at most so many characters; a text that is too long goes alone.
pub(super) fn portions(texts: &[String], max_texts: usize, max_chars: usize) -> Vec<&[String]> {
    let mut portions = Vec::new();
    let (mut start, mut chars) = (0, 0);
    for (at, text) in texts.iter().enumerate() {
        let length = text.chars().count();
        if at > start && (at - start >= max_texts || chars + length > max_chars) {
            portions.extend(texts.get(start..at));
            (start, chars) = (at, 0);
        }
        chars += length;
    }
    portions.extend(texts.get(start..).filter(|rest| !rest.is_empty()));
    portions
}
