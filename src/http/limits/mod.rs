//! How much a key may ask of `/v1`: by its partner's tier, counted exactly in this process or together over Redis.
//!
//! Each answer says what the limits are and what is left (`RateLimit-Policy`, `RateLimit`); too much is a 429 with `Retry-After`.

mod local;
mod redis;

use super::{State, caller, problem};
use crate::config::{Partners, Tier};
use crate::domain::actor::{Actor, Who};
use crate::domain::ids::KeyId;
use crate::error::{Error, Result};
use crate::service::App;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};
use futures_util::FutureExt;
use local::Local;
use redis::Shared;
use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// What is below here is counted.
const COUNTED: &str = "/v1/";
/// How long a key's tier is believed without asking again.
const BELIEVED: Duration = Duration::from_secs(5);

/// Where a client stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    /// How many requests may still come at once.
    at_once: u32,
    /// How many may still come today.
    today: u32,
    /// How long until the next one is let through; nothing where this one was.
    wait: Option<Duration>,
    /// Seconds until the day ends.
    day_left: u64,
}

/// What counts, for all threads of this process.
pub struct Limits {
    config: Partners,
    /// Each tier with this server's share of it.
    local: BTreeMap<String, (Tier, Local)>,
    shared: Option<Shared>,
    tiers: Mutex<HashMap<KeyId, (Instant, Option<String>)>>,
}

impl Limits {
    /// Counts as the configuration says, and says in the log how.
    pub fn new(config: &Partners) -> Result<Arc<Self>> {
        let shared = Shared::new(config.redis.expose())?;
        if shared.is_none() && config.servers > 1 {
            let servers = config.servers;
            tracing::warn!(servers, "no partners.redis: this server lets through its share of each limit");
        }
        let local = config.tiers.iter().map(|(name, tier)| {
            let share = share(*tier, config.servers);
            (name.clone(), (share, Local::new(share)))
        });
        Ok(Arc::new(Self { local: local.collect(), shared, config: config.clone(), tiers: Mutex::default() }))
    }

    /// The tier of a name; the strictest for a name that is not configured.
    fn tier(&self, name: &str) -> Option<&str> {
        if let Some((known, _)) = self.config.tiers.get_key_value(name) {
            return Some(known);
        }
        let strictest = self.config.tiers.iter().min_by_key(|(_, tier)| (tier.per_day, tier.per_second));
        strictest.map(|(name, _)| name.as_str())
    }

    /// Whom to count a request for, and by which tier. Staff and the newsroom's own programs are not counted.
    async fn client(&self, app: &App, actor: &Actor) -> Result<Option<(String, &str)>> {
        match &actor.who {
            Who::Machine(machine) => {
                let name = self.tier_of(app, machine.id).await?;
                Ok(name.and_then(|name| Some((machine.id.to_string(), self.tier(&name)?))))
            }
            Who::Anonymous if !self.config.anonymous_tier.is_empty() => {
                let network = actor.address.map(network).unwrap_or_default();
                Ok(self.tier(&self.config.anonymous_tier).map(|tier| (network, tier)))
            }
            _ => Ok(None),
        }
    }

    async fn tier_of(&self, app: &App, key: KeyId) -> Result<Option<String>> {
        let known = self.tiers.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some((at, tier)) = known.filter(|(at, _)| at.elapsed() < BELIEVED) {
            let _ = at;
            return Ok(tier);
        }
        let tier = app.tier_of(key).await?.map(|(_, tier)| tier);
        let mut tiers = self.tiers.lock().unwrap_or_else(PoisonError::into_inner);
        tiers.retain(|_, (at, _)| at.elapsed() < BELIEVED);
        tiers.insert(key, (Instant::now(), tier.clone()));
        Ok(tier)
    }

    /// Counts a request; gives where the client stands and the limits that were meant.
    async fn count(&self, app: &App, client: &str, name: &str) -> Option<(Standing, Tier)> {
        let (share, local) = self.local.get(name)?;
        let now = app.now();
        if let (Some(shared), Some(tier)) = (&self.shared, self.config.tiers.get(name))
            && let Some(standing) = shared.count(client, *tier, now).await
        {
            return Some((standing, *tier));
        }
        Some((local.count(client, now), *share))
    }

    /// Whether this server counts for itself although there are others.
    fn is_share(&self) -> bool {
        self.config.servers > 1 && self.shared.as_ref().is_none_or(Shared::is_away)
    }
}

/// What clients without a key are counted by: an IPv4 address, or the 64 bits of an IPv6 address that one customer has.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
    }
}

/// One server's part of a limit: never nothing.
fn share(tier: Tier, servers: u32) -> Tier {
    let part = |limit: u32| (limit / servers.max(1)).max(1);
    Tier { per_second: part(tier.per_second), burst: part(tier.burst), per_day: part(tier.per_day) }
}

/// Counts requests to `/v1` and refuses what is too much.
pub async fn limit<B: MessageBody>(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    if !request.path().starts_with(COUNTED) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    limited(&state, request, next).boxed_local().await
}

async fn limited<B: MessageBody>(
    state: &State,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let counted = match caller::actor(state, request.request()).await {
        Ok(actor) => {
            let counted = counted(state, &actor).await;
            // Handlers need not ask the database again who it is.
            request.extensions_mut().insert(actor);
            counted
        }
        Err(error) => Err(error),
    };
    let counted = match counted {
        Ok(counted) => counted,
        Err(error) => return Ok(request.into_response(problem::refused_token(&error)).map_into_right_body()),
    };
    let Some((standing, tier)) = counted else { return Ok(next.call(request).await?.map_into_left_body()) };
    let mut response = match standing.wait {
        None => next.call(request).await?.map_into_left_body(),
        Some(wait) => {
            // A second too late is fine, one too early is another 429.
            let retry_after = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            request.into_response(problem::problem(&Error::RateLimited { retry_after })).map_into_right_body()
        }
    };
    state.limits.say(response.headers_mut(), standing, tier)?;
    Ok(response)
}

async fn counted(state: &State, actor: &Actor) -> Result<Option<(Standing, Tier)>> {
    match state.limits.client(&state.app, actor).await? {
        Some((client, tier)) => Ok(state.limits.count(&state.app, &client, tier).await),
        None => Ok(None),
    }
}

impl Limits {
    /// Says in an answer what the limits are and what is left of them, as draft-ietf-httpapi-ratelimit-headers has it.
    fn say(&self, headers: &mut HeaderMap, standing: Standing, tier: Tier) -> Result<(), actix_web::Error> {
        let Tier { per_second, burst, per_day } = tier;
        // The window in which a whole burst comes back.
        let window = burst.div_ceil(per_second.max(1)).max(1);
        let share = if self.is_share() { format!(";share=\"1/{}\"", self.config.servers) } else { String::new() };
        let policy = format!("\"burst\";q={burst};w={window}{share}, \"day\";q={per_day};w=86400{share}");
        let reset = standing.wait.map_or(1, |wait| wait.as_secs().max(1)).min(u64::from(window).max(1));
        let Standing { at_once, today, day_left, .. } = standing;
        let left = format!("\"burst\";r={at_once};t={reset}, \"day\";r={today};t={day_left}");
        headers.insert(POLICY, HeaderValue::from_str(&policy)?);
        headers.insert(LIMIT, HeaderValue::from_str(&left)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customers_addresses_are_counted_together() {
        for (address, counted) in [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::9", "2001:db8:1:2::"),
            ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ] {
            assert_eq!(network(address.parse().unwrap()), counted);
        }
    }

    #[test]
    fn a_share_is_a_part_and_never_nothing() {
        let tier = Tier { per_second: 10, burst: 1, per_day: 7 };
        assert_eq!(share(tier, 2), Tier { per_second: 5, burst: 1, per_day: 3 });
        assert_eq!(share(tier, 1), tier);
    }
}
