//! People, programs and their credentials.

mod accounts;
mod api_keys;
mod attempts;
mod authenticate;
mod outside;
mod sign_in;
mod signing_keys;

pub use accounts::NewAccount;
pub use api_keys::NewApiKey;
pub use sign_in::Tokens;

use super::{App, Work};
use crate::auth::outside::Issuer;
use crate::auth::password::Passwords;
use crate::auth::token::Ring;
use crate::config::{Auth as Settings, Config};
use crate::domain::ids::KeyId;
use crate::error::Result;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use time::OffsetDateTime;
use uuid::Uuid;

/// What signing in needs beside the database; one for all threads.
pub(super) struct Auth {
    settings: Settings,
    passwords: Passwords,
    issuers: Vec<Arc<Issuer>>,
    /// The service's own keys, and when they were read.
    ring: RwLock<Option<(OffsetDateTime, Arc<Ring>)>>,
    /// When the use of API keys was last written.
    used: Mutex<HashMap<KeyId, OffsetDateTime>>,
}

impl Auth {
    pub(super) fn new(config: &Config) -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            passwords: Passwords::new(if config.auth.hashing == 0 { cores } else { config.auth.hashing }),
            issuers: config
                .auth
                .issuers
                .iter()
                .cloned()
                .map(|rules| Issuer::new(rules).map(Arc::new))
                .collect::<Result<_>>()?,
            ring: RwLock::default(),
            used: Mutex::default(),
            settings: config.auth.clone(),
        })
    }
}

impl App {
    /// The present moment.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }
}

impl Work {
    /// Notes in the audit what was done, with what else is worth knowing.
    async fn note_detail(&self, action: &str, target: Uuid, detail: serde_json::Value) -> Result<()> {
        self.note_with(action, target, [None, None], detail).await
    }
}
