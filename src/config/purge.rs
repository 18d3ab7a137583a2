//! Which caches before the service are told of changes.

use super::Secret;
use crate::error::{Error, Result};
use serde::Deserialize;
use url::Url;

/// How a cache wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// There is none.
    #[serde(rename = "")]
    None,
    /// Varnish with vmod xkey.
    Varnish,
    /// Fastly.
    Fastly,
    /// Cloudflare.
    Cloudflare,
    /// Something of one's own.
    Http,
}

/// Caches that are told of changes. What each key means is written in `defaults.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Purge {
    pub preset: Preset,
    pub urls: Vec<String>,
    pub service: String,
    pub token: Secret,
    pub timeout_seconds: u64,
    pub again_seconds: u64,
}

impl Purge {
    /// Says what is missing or wrong; fills in where the CDNs themselves are reached.
    pub(super) fn complete(&mut self, stale_ms: u64) -> Result<()> {
        let default = match self.preset {
            Preset::None => return Ok(()),
            Preset::Fastly => Some("https://api.fastly.com"),
            Preset::Cloudflare => Some("https://api.cloudflare.com/client/v4"),
            Preset::Varnish | Preset::Http => None,
        };
        if default.is_some() {
            let is_name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !is_name(&self.service) {
                return Err(Error::invalid("purge.service", "must be the id of Fastly's service or Cloudflare's zone"));
            }
            if self.token.expose().is_empty() {
                return Err(Error::invalid("purge.token", "must be a token that may purge"));
            }
        }
        if let (true, Some(default)) = (self.urls.is_empty(), default) {
            self.urls.push(default.to_owned());
        }
        if self.urls.is_empty() {
            return Err(Error::invalid("purge.urls", "must name at least one address that takes purges"));
        }
        for (index, url) in self.urls.iter_mut().enumerate() {
            let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if parsed.is_none() {
                let message = format!("`{url}` is not an http or https address");
                return Err(Error::invalid(format!("purge.urls.{index}"), message));
            }
            *url = url.trim_end_matches('/').to_owned();
        }
        if self.timeout_seconds == 0 {
            return Err(Error::invalid("purge.timeout_seconds", "must be 1 or more"));
        }
        if self.again_seconds > 0 && self.again_seconds.saturating_mul(1_000) <= stale_ms {
            let message = format!("must be more than cache.stale_ms ({stale_ms} ms), or 0 to purge once only");
            return Err(Error::invalid("purge.again_seconds", message));
        }
        Ok(())
    }
}
