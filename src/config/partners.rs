//! What partners may ask for, and how they are told of changes.

use super::Secret;
use super::auth::networks;
use crate::domain::public_internet::is_public;
use crate::error::{Error, Result};
use ipnet::IpNet;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Partners. What each key means is written in `defaults.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Partners {
    pub overdue_hours: u32,
    pub redis: Secret,
    pub servers: u32,
    pub anonymous_tier: String,
    pub tiers: BTreeMap<String, Tier>,
}

/// How much a partner may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Tier {
    pub per_second: u32,
    pub burst: u32,
    pub per_day: u32,
}

/// How partners are told. What each key means is written in `defaults.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Webhooks {
    #[serde(deserialize_with = "networks")]
    pub allow_networks: Vec<IpNet>,
    pub allow_http: bool,
    pub timeout_seconds: u64,
    pub retry_ms: u64,
    pub retry_hours: u64,
    pub in_flight: usize,
    pub per_endpoint: usize,
    pub secret_hours: u32,
    pub log_days: u32,
}

impl Partners {
    /// Says what cannot be meant.
    pub(super) fn check(&self) -> Result<()> {
        if self.servers == 0 {
            return Err(Error::invalid("partners.servers", "must be 1 or more"));
        }
        let redis = self.redis.expose();
        if !redis.is_empty() && !["redis://", "unix://"].iter().any(|scheme| redis.starts_with(scheme)) {
            return Err(Error::invalid("partners.redis", "must begin with redis:// or unix://"));
        }
        for (name, tier) in &self.tiers {
            for (key, value) in [("per_second", tier.per_second), ("burst", tier.burst), ("per_day", tier.per_day)] {
                if value == 0 {
                    return Err(Error::invalid(format!("partners.tiers.{name}.{key}"), "must be 1 or more"));
                }
            }
        }
        if !self.anonymous_tier.is_empty() && !self.tiers.contains_key(&self.anonymous_tier) {
            let known: Vec<&str> = self.tiers.keys().map(String::as_str).collect();
            let message = format!("`{}` is no tier; known: {}", self.anonymous_tier, known.join(", "));
            return Err(Error::invalid("partners.anonymous_tier", message));
        }
        Ok(())
    }
}

impl Webhooks {
    /// Whether something may be sent to an address: one of the public internet, or of a network that is allowed.
    pub fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.allow_networks.iter().any(|net| net.contains(&address.to_canonical()))
    }

    /// Says what cannot be meant.
    pub(super) fn check(&self) -> Result<()> {
        let positive = [
            ("timeout_seconds", self.timeout_seconds > 0),
            ("retry_ms", self.retry_ms > 0),
            ("retry_hours", self.retry_hours > 0),
            ("in_flight", self.in_flight > 0),
            ("per_endpoint", self.per_endpoint > 0),
            ("log_days", self.log_days > 0),
        ];
        match positive.iter().find(|(_, fine)| !fine) {
            Some((key, _)) => Err(Error::invalid(format!("webhooks.{key}"), "must be 1 or more")),
            None => Ok(()),
        }
    }
}
