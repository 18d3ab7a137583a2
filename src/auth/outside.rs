//! Identity providers outside: their keys, and what their tokens say of a person.
//!
//! A token only ever makes its issuer's configured address be asked, by one at a time, and after the first time at most
//! once a minute.

use super::token::{Expected, Key, Unverified, verify};
use crate::config::IssuerRules;
use crate::domain::actor::Role;
use crate::error::{Error, Result};
use jsonwebtoken::jwk::Jwk;
use reqwest::{Client, redirect};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;

/// How long an unknown key may not make the issuer be asked again.
const PAUSE: Duration = Duration::minutes(1);

/// After how long keys are asked for again although all are known: one may have been taken back.
const FRESH: Duration = Duration::minutes(15);

/// How long an issuer has to answer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// No honest set of keys is larger, or has more.
const MAX_BYTES: usize = 256 * 1024;
const MAX_KEYS: usize = 100;

type Keys = Arc<HashMap<String, Key>>;

/// An identity provider that is believed.
pub struct Issuer {
    /// What is believed of it.
    pub rules: IssuerRules,
    client: Client,
    keys: RwLock<Option<(OffsetDateTime, Keys)>>,
    /// When it was last asked; held while it is being asked.
    asked: Mutex<Option<OffsetDateTime>>,
}

/// What a token of an outside issuer says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outsider {
    /// What the issuer calls them, for good.
    pub subject: String,
    /// The name that colleagues see.
    pub name: String,
    /// Their address, if the token says it.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
}

impl Issuer {
    /// One with these rules. Nothing is asked before a token needs it.
    pub fn new(rules: IssuerRules) -> Result<Self> {
        let client = Client::builder().redirect(redirect::Policy::none()).timeout(PATIENCE);
        let client = client.user_agent(concat!("byline/", env!("CARGO_PKG_VERSION"))).build();
        let client = client.map_err(Error::internal)?;
        Ok(Self { rules, client, keys: RwLock::default(), asked: Mutex::default() })
    }

    /// Who a token is about, if it is to be believed.
    pub async fn read(self: &Arc<Self>, token: &str, says: &Unverified, now: OffsetDateTime) -> Result<Outsider> {
        let key = self.key(&says.key, now).await?;
        let IssuerRules { issuer, audience, types, .. } = &self.rules;
        outsider(&self.rules, &verify(token, &key, Expected { issuer, audience, types, now })?)
    }

    async fn key(self: &Arc<Self>, id: &str, now: OffsetDateTime) -> Result<Key> {
        let known = self.known();
        let seen = known.as_ref().map(|(at, _)| *at);
        let fresh = known.as_ref().is_some_and(|(at, _)| now - *at < FRESH);
        match known.as_ref().and_then(|(_, keys)| keys.get(id)) {
            Some(key) if fresh => return Ok(key.clone()),
            // An issuer that is down for a while does not shut everybody out.
            Some(key) => {
                self.clone().ask_to_the_end(seen, now).await;
                return Ok(self.find(id).unwrap_or_else(|| key.clone()));
            }
            None => self.clone().ask_to_the_end(seen, now).await,
        }
        match (self.find(id), self.known()) {
            (Some(key), _) => Ok(key),
            (None, Some(_)) => Err(Error::Unauthenticated("the access token is signed with an unknown key".into())),
            (None, None) => Err(Error::Unavailable(format!("no keys of {} can be had", self.rules.issuer).into())),
        }
    }

    fn known(&self) -> Option<(OffsetDateTime, Keys)> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn find(&self, id: &str) -> Option<Key> {
        self.known().and_then(|(_, keys)| keys.get(id).cloned())
    }

    /// Asks, whether or not who caused it waits: else a stranger who hangs up would keep the keys from everybody.
    async fn ask_to_the_end(self: Arc<Self>, seen: Option<OffsetDateTime>, now: OffsetDateTime) {
        if let Err(error) = tokio::spawn(async move { self.ask(seen, now).await }).await {
            tracing::error!(%error, "asking for an issuer's keys failed");
        }
    }

    /// Asks for the keys, unless that was done a short while ago. Whoever comes while it is done waits for the answer.
    /// `seen`: from when the keys were that the caller knew.
    async fn ask(&self, seen: Option<OffsetDateTime>, now: OffsetDateTime) {
        let mut asked = self.asked.lock().await;
        let newer = self.known().is_some_and(|(at, _)| Some(at) != seen);
        if newer || asked.is_some_and(|at| now - at < PAUSE) {
            return;
        }
        *asked = Some(now);
        match self.fetch().await.and_then(|bytes| parse(&bytes, &self.rules)) {
            Ok(keys) => {
                // The first time does not count: the issuer may rotate its keys a moment later.
                if self.known().is_none() {
                    *asked = None;
                }
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::new(keys)));
            }
            Err(why) => tracing::warn!(issuer = self.rules.issuer, why, "the keys of an issuer cannot be had"),
        }
    }

    async fn fetch(&self) -> Result<Vec<u8>, String> {
        let jwks = &self.rules.jwks;
        if !jwks.contains("://") {
            return tokio::fs::read(jwks).await.map_err(|error| format!("{jwks}: {error}"));
        }
        let failed = |error: reqwest::Error| format!("{jwks}: {error}");
        let mut response = self.client.get(jwks).send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(format!("{jwks}: answers {}", response.status()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_BYTES {
                return Err(format!("{jwks}: larger than {MAX_BYTES} bytes"));
            }
        }
        Ok(bytes)
    }
}

/// The usable keys of a set. Others in it are for something else.
fn parse(bytes: &[u8], rules: &IssuerRules) -> Result<HashMap<String, Key>, String> {
    #[derive(serde::Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    let set: Set = serde_json::from_slice(bytes).map_err(|error| format!("{}: {error}", rules.jwks))?;
    let keys = set.keys.into_iter().take(MAX_KEYS).filter_map(|key| {
        let jwk: Jwk = serde_json::from_value(key).ok()?;
        Some((jwk.common.key_id.clone()?, Key::from_jwk(&jwk, &rules.algorithms)?))
    });
    Ok(keys.collect())
}

fn outsider(rules: &IssuerRules, claims: &Map<String, Value>) -> Result<Outsider> {
    let text = |name: &str| find(claims, name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let subject = text("sub").filter(|subject| subject.len() <= 255);
    let subject = subject.ok_or_else(|| Error::Unauthenticated("the access token names nobody".into()))?.to_owned();
    let email = text(&rules.email_claim).filter(|email| email.len() <= 254).map(str::to_lowercase);
    let name = text(&rules.name_claim).or(email.as_deref()).unwrap_or(&subject);
    let groups: Vec<&str> = match find(claims, &rules.role_claim) {
        Some(Value::String(one)) => one.split(' ').collect(),
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let role = groups.iter().filter_map(|group| rules.roles.get(*group)).max();
    let role = *role.ok_or_else(|| Error::Forbidden(format!("{} gives you no role here", rules.issuer)))?;
    Ok(Outsider { name: name.chars().take(200).collect(), subject, email, role })
}

/// A claim by its name, or by a JSON pointer.
fn find<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let Some(path) = name.strip_prefix('/') else { return claims.get(name) };
    let mut parts = path.split('/').map(|part| part.replace("~1", "/").replace("~0", "~"));
    let first = claims.get(&parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rules(role_claim: &str) -> IssuerRules {
        serde_json::from_value(json!({
            "issuer": "https://id.example", "audience": "byline", "jwks": "keys.json", "algorithms": ["RS256", "ES256"],
            "role_claim": role_claim, "roles": {"desk": "EDITOR", "all": "READER", "writers": "REPORTER"},
        }))
        .unwrap()
    }

    fn role(role_claim: &str, claims: Value) -> Option<Role> {
        outsider(&rules(role_claim), claims.as_object().unwrap()).ok().map(|found| found.role)
    }

    #[test]
    fn the_role_comes_from_the_configured_claim_and_is_the_most_that_it_gives() {
        assert_eq!(role("groups", json!({"sub": "1", "groups": ["all", "desk", "writers"]})), Some(Role::Editor));
        assert_eq!(role("groups", json!({"sub": "1", "groups": "all writers"})), Some(Role::Reporter));
        assert_eq!(role("/realm/roles", json!({"sub": "1", "realm": {"roles": ["all"]}})), Some(Role::Reader));
        assert_eq!(
            role("/https:~1~1x.example~1r", json!({"sub": "1", "https://x.example/r": ["desk"]})),
            Some(Role::Editor)
        );
        assert_eq!(role("groups", json!({"sub": "1", "groups": ["strangers"], "role": "ADMIN"})), None);
        assert_eq!(role("groups", json!({"groups": ["desk"]})), None);
    }

    #[test]
    fn keys_for_other_uses_and_ways_are_left_out() {
        let ec = |kid: &str, more: Value| {
            let mut key = json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": kid});
            key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            key
        };
        let set = json!({"keys": [
            ec("good", json!({})), ec("also good", json!({"use": "sig", "alg": "ES256"})), ec("encrypts", json!({"use": "enc"})),
            ec("other curve", json!({"crv": "P-384"})), ec("other way", json!({"alg": "ES384"})),
            {"kty": "oct", "k": "c2VjcmV0", "kid": "secret", "alg": "HS256"}, {"kty": "new"}, ec("", json!({"kid": null})),
        ]});
        let mut found: Vec<String> = parse(set.to_string().as_bytes(), &rules("groups")).unwrap().into_keys().collect();
        found.sort_unstable();
        assert_eq!(found, ["also good", "good"]);
    }
}
