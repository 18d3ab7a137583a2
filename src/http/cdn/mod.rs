//! Caches before the service: what they are told of each answer, and that something changed.
//!
//! An answer names what it was made from in short keys; a change purges the keys of what it changes. Both come from the
//! same handles that answers in memory go by, so a change purges at least the answers that it makes untrue.

mod purger;
mod request;

pub use purger::purge_changes;

use crate::config::{Preset, Purge};
use crate::domain::footprint::{Footprint, Handle};
use crate::error::Result;
use actix_web::http::header::{HeaderName, HeaderValue};

/// The key of all answers.
const ALL: &str = "all";

/// How a kind of cache is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// Which header of an answer has its keys.
    pub header: HeaderName,
    /// What stands between two keys.
    separator: char,
    /// How long that header may be, in bytes.
    room: usize,
    /// How many keys one purge may have.
    batch: usize,
}

/// The limits are the caches' own: Varnish takes lines of 8 KB unless told otherwise (`http_resp_hdr_len`,
/// `http_req_hdr_len`), Fastly 16,384 bytes of keys and 256 keys a purge, Cloudflare 16 KB and 100.
pub fn dialect(config: &Purge) -> Option<Dialect> {
    let (header, separator, room, batch) = match config.preset {
        Preset::None => return None,
        Preset::Varnish => ("xkey", ' ', 8_000, 256),
        Preset::Fastly => ("surrogate-key", ' ', 16_384, 256),
        Preset::Cloudflare => ("cache-tag", ',', 16_000, 100),
        Preset::Http => ("surrogate-key", ' ', 16_384, 1_000),
    };
    Some(Dialect { header: HeaderName::from_static(header), separator, room, batch })
}

impl Dialect {
    /// The keys of an answer. One that was made from too much to say goes with each change.
    pub fn keys(&self, footprint: &Footprint) -> Option<HeaderValue> {
        let mut keys = String::from(ALL);
        for key in footprint.handles().iter().map(Handle::key) {
            keys.push(self.separator);
            keys += &key;
        }
        if keys.len() > self.room {
            keys = format!("{ALL}{}{}", self.separator, Handle::Log.key());
        }
        HeaderValue::from_str(&keys).ok()
    }
}

/// The preset's way to send a purge; nothing where none is configured.
pub fn cdn(config: &Purge) -> Result<Option<request::Cdn>> {
    dialect(config).map(|dialect| request::Cdn::new(config, dialect)).transpose()
}
