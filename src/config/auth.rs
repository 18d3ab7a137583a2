//! Signing in: how long things last, and which identity providers are believed.

use crate::domain::actor::Role;
use crate::domain::credential::Algorithm;
use crate::error::{Error, Result};
use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de};
use std::collections::BTreeMap;
use std::net::IpAddr;
use url::{Host, Url};

/// Signing in. What each key means is written in `defaults.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Auth {
    pub issuer: String,
    pub audience: String,
    pub access_minutes: u32,
    pub refresh_days: u32,
    pub session_days: u32,
    pub keys_seconds: u32,
    pub hashing: usize,
    pub issuers: Vec<IssuerRules>,
}

/// An identity provider that is believed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct IssuerRules {
    pub issuer: String,
    pub audience: String,
    pub jwks: String,
    pub algorithms: Vec<Algorithm>,
    #[serde(default = "access_token")]
    pub types: Vec<String>,
    pub role_claim: String,
    pub roles: BTreeMap<String, Role>,
    #[serde(default = "name")]
    pub name_claim: String,
    #[serde(default = "email")]
    pub email_claim: String,
}

fn access_token() -> Vec<String> {
    vec!["at+jwt".to_owned()]
}

fn name() -> String {
    "name".to_owned()
}

fn email() -> String {
    "email".to_owned()
}

/// Networks; an address alone is one, too.
pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let read = |text: String| match text.parse::<IpAddr>() {
        Ok(address) => Ok(address.into()),
        Err(_) => text.parse().map_err(|_| de::Error::custom(format!("`{text}` is neither an address nor a network"))),
    };
    Vec::<String>::deserialize(deserializer)?.into_iter().map(read).collect()
}

impl Auth {
    /// Fills in what follows from the service's address, and refuses what cannot be meant.
    pub(super) fn complete(&mut self, base_url: &str) -> Result<()> {
        for value in [&mut self.issuer, &mut self.audience] {
            if value.is_empty() {
                base_url.clone_into(value);
            }
        }
        for (key, value) in [
            ("access_minutes", self.access_minutes),
            ("refresh_days", self.refresh_days),
            ("session_days", self.session_days),
        ] {
            if value == 0 {
                return Err(Error::invalid(format!("auth.{key}"), "must be at least 1"));
            }
        }
        for (index, rules) in self.issuers.iter().enumerate() {
            let at = |key: &str| format!("auth.issuers[{index}].{key}");
            let others = self.issuers.iter().take(index).any(|other| other.issuer == rules.issuer);
            if rules.issuer.is_empty() || rules.issuer == self.issuer || others {
                let message = format!("`{}` must be somebody else's name, and named once", rules.issuer);
                return Err(Error::invalid(at("issuer"), message));
            }
            for (key, empty) in [
                ("audience", rules.audience.is_empty()),
                ("algorithms", rules.algorithms.is_empty()),
                ("types", rules.types.is_empty()),
                ("roles", rules.roles.is_empty()),
            ] {
                if empty {
                    return Err(Error::invalid(at(key), "may not be empty"));
                }
            }
            check_address(&at("jwks"), &rules.jwks)?;
        }
        Ok(())
    }
}

/// Keys that somebody on the way could exchange are worth nothing; on this machine there is no way.
fn check_address(key: &str, jwks: &str) -> Result<()> {
    let Some(url) = jwks.contains("://").then(|| Url::parse(jwks)) else { return Ok(()) };
    let url = url.map_err(|error| Error::invalid(key, format!("`{jwks}`: {error}")))?;
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && here) {
        return Ok(());
    }
    Err(Error::invalid(key, format!("`{jwks}` must be an https address or a file")))
}
