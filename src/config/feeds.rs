//! What feeds say, and which hubs are told of changes.

use crate::error::{Error, Result};
use serde::Deserialize;
use url::Url;

/// Feeds and sitemaps. What each key means is written in `defaults.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Feeds {
    pub full_text: bool,
    pub hubs: Vec<String>,
    pub timeout_seconds: u64,
}

impl Feeds {
    /// Says what is wrong.
    pub(super) fn check(&self) -> Result<()> {
        for (index, hub) in self.hubs.iter().enumerate() {
            let path = format!("feeds.hubs.{index}");
            let parsed = Url::parse(hub).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            // It is written into a header as it is.
            if parsed.is_none_or(|url| url.as_str().trim_end_matches('/') != hub.trim_end_matches('/')) {
                let message =
                    format!("`{hub}` is not an http or https address; non-ASCII characters are percent-encoded");
                return Err(Error::invalid(path, message));
            }
            if self.hubs.iter().take(index).any(|other| other == hub) {
                return Err(Error::invalid(path, format!("`{hub}` is there twice")));
            }
        }
        if self.timeout_seconds == 0 {
            return Err(Error::invalid("feeds.timeout_seconds", "must be 1 or more"));
        }
        Ok(())
    }
}
