//! Failed attempts to sign in: counted before the password is looked at, taken back if it was right.
//!
//! The rules are in [`crate::domain::attempts`].

use crate::auth::secret;
use crate::domain::actor::Actor;
use crate::domain::attempts::{Counted, FORGOTTEN_AFTER};
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::people::failures;
use std::net::IpAddr;
use time::{Duration, OffsetDateTime};

/// One attempt: for which account, from where.
pub(super) struct Attempt {
    account: String,
    address: String,
    counted: &'static [Counted],
}

impl Attempt {
    /// An attempt for an account. `known`: whether somebody signed in to it from there before.
    pub(super) fn new(email: &str, from: &Actor, known: bool) -> Self {
        Self { account: secret::hash(email), address: network(from.address), counted: Counted::that_matter(known) }
    }

    fn scope(&self, counted: Counted) -> String {
        match counted {
            Counted::Pair => format!("pair {} {}", self.account, self.address),
            Counted::Address => format!("address {}", self.address),
            Counted::Account => format!("account {}", self.account),
        }
    }

    /// Counts a failure in advance, so that many attempts at once are not all the first. Refused while it is too early.
    pub(super) async fn count(&self, tx: &Tx, now: OffsetDateTime) -> Result<()> {
        let mut counts = Vec::new();
        let mut wait = 0;
        for counted in self.counted {
            let scope = self.scope(*counted);
            let (failures, last) = failures::lock(tx, &scope, now).await?;
            let ago = u64::try_from((now - last).whole_seconds()).unwrap_or_default();
            let failures = if ago > FORGOTTEN_AFTER { 0 } else { failures };
            wait = wait.max(counted.wait(failures, ago));
            counts.push((scope, failures));
        }
        if wait > 0 {
            return Err(Error::RateLimited { retry_after: wait });
        }
        for (scope, failures) in counts {
            failures::set(tx, &scope, failures + 1, now).await?;
        }
        let forgotten = Duration::seconds(i64::try_from(FORGOTTEN_AFTER).unwrap_or(i64::MAX));
        failures::prune(tx, now - forgotten).await
    }

    /// It was no failure: the account at this address starts anew, the wider counts lose what was counted in advance.
    pub(super) async fn forgive(&self, tx: &Tx) -> Result<()> {
        for counted in self.counted {
            match counted {
                Counted::Pair => failures::forget(tx, &self.scope(*counted)).await?,
                Counted::Address | Counted::Account => failures::forgive(tx, &self.scope(*counted)).await?,
            }
        }
        Ok(())
    }
}

/// Where somebody is, as far as it can be told apart: whoever has one IPv6 address has 2⁶⁴ of them.
pub(super) fn network(address: Option<IpAddr>) -> String {
    match address {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "nowhere".to_owned(),
    }
}
