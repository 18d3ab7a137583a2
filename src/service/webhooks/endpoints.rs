//! Endpoints: added, listed, given new secrets, disabled, enabled, deleted; their log, pings and replays.

use super::{Delivery, Endpoint};
use crate::auth::webhook::Secrets;
use crate::config::Webhooks;
use crate::domain::actor::Actor;
use crate::domain::ids::{EndpointId, KeyId, PartnerId};
use crate::domain::policy::{Action, Subject, permits};
use crate::domain::webhook::Format;
use crate::error::{Error, Result};
use crate::service::{App, Work};
use crate::store::webhooks::{endpoints, log, queue};
use serde_json::json;
use time::Duration;
use url::{Host, Url};

/// How many endpoints a partner may have.
const MOST: i64 = 20;
/// How long an address may be.
const URL_LENGTH: usize = 2_000;

/// An endpoint to add.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    /// Whose.
    pub partner: PartnerId,
    /// Where requests go.
    pub url: String,
    /// What they bring.
    pub format: Format,
}

/// An endpoint with the secrets that are shown this once.
#[derive(Debug)]
pub struct MadeEndpoint {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// `whsec_…`: checks `v1` signatures.
    pub secret: String,
    /// `whpk_…`: checks `v1a` signatures; not secret.
    pub public_key: String,
}

/// Refuses an address that nothing can be sent to. Where a name leads is looked at when something is sent.
fn check(config: &Webhooks, text: &str) -> Result<String> {
    let wrong =
        |message: &str| Error::invalid("url", format!("`{}` {message}", text.chars().take(100).collect::<String>()));
    let url = Url::parse(text).map_err(|error| wrong(&format!("is no address: {error}")))?;
    let accepted = if config.allow_http { "http or https" } else { "https" };
    if !(url.scheme() == "https" || config.allow_http && url.scheme() == "http") {
        return Err(wrong(&format!("must be an {accepted} address")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must not have a user or password in it: requests are signed"));
    }
    if text.len() > URL_LENGTH {
        return Err(wrong(&format!("has more than {URL_LENGTH} characters")));
    }
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        Some(Host::Domain(_)) => None,
        None => return Err(wrong("names no host")),
    };
    if literal.is_some_and(|address| !config.allows(address)) {
        return Err(wrong("is not on the public internet, nor in webhooks.allow_networks"));
    }
    Ok(url.into())
}

impl App {
    /// The partner that programs call so; who may not see partners is told nothing.
    pub async fn partner_named(&self, actor: &Actor, slug: &str) -> Result<PartnerId> {
        may_read(actor)?;
        let found = endpoints::partner(&self.db.session(), slug).await?;
        found.ok_or_else(|| Error::NotFound { kind: "partner", id: slug.to_owned() })
    }

    /// The partner whose key it is, and the partner's tier.
    pub async fn tier_of(&self, key: KeyId) -> Result<Option<(PartnerId, String)>> {
        endpoints::tier(&self.db.session(), key).await
    }

    /// Endpoints: all, or one partner's.
    pub async fn endpoints(&self, actor: &Actor, partner: Option<PartnerId>) -> Result<Vec<Endpoint>> {
        may_read(actor)?;
        endpoints::list(&self.db.session(), partner).await
    }

    /// At most `limit` deliveries of an endpoint before `before`, the newest first.
    pub async fn deliveries(
        &self,
        actor: &Actor,
        endpoint: EndpointId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Delivery>> {
        may_read(actor)?;
        log::list(&self.db.session(), endpoint, before, limit).await
    }

    /// Forgets deliveries that ended long ago, with their log.
    pub async fn forget_deliveries(&self) -> Result<()> {
        let before = self.clock.now() - Duration::days(self.webhooks.log_days.into());
        loop {
            let tx = self.db.begin().await?;
            let forgotten = queue::forget(&tx, before, 1_000).await?;
            tx.commit().await?;
            if forgotten == 0 {
                return Ok(());
            }
        }
    }
}

/// Refuses who may not see partners.
pub(in crate::service) fn may_read(actor: &Actor) -> Result<()> {
    if permits(actor, Action::ReadPartners, Subject::default()) {
        return Ok(());
    }
    Err(Error::Forbidden("partners are seen by an EDITOR or ADMIN".into()))
}

impl Work {
    async fn managed(&self, id: EndpointId) -> Result<Endpoint> {
        self.require(Action::ManagePartners, Subject::default())?;
        let found = endpoints::find(&self.tx, id).await?;
        found.ok_or_else(|| Error::NotFound { kind: "endpoint", id: id.to_string() })
    }

    async fn shown(&self, id: EndpointId) -> Result<Endpoint> {
        let found = endpoints::find(&self.tx, id).await?;
        found.ok_or_else(|| Error::NotFound { kind: "endpoint", id: id.to_string() })
    }

    /// Adds an endpoint. Its secret is given this once.
    pub async fn add_endpoint(&mut self, config: &Webhooks, new: NewEndpoint) -> Result<MadeEndpoint> {
        self.require(Action::ManagePartners, Subject::default())?;
        let url = check(config, new.url.trim())?;
        if endpoints::count(&self.tx, new.partner).await? >= MOST {
            return Err(Error::invalid("partner", format!("has {MOST} endpoints already, which is the most")));
        }
        let (id, secrets) = (EndpointId::new(), Secrets::new()?);
        let endpoint = Endpoint {
            id,
            partner: new.partner,
            partner_slug: String::new(),
            url,
            format: new.format,
            created_at: self.now,
            failing_since: None,
            disabled_at: None,
            disabled_reason: None,
            waiting: 0,
        };
        endpoints::insert(&self.tx, &endpoint, &json!([secrets]).to_string()).await?;
        self.note_with("endpoint.add", id.0, [None, None], json!({"url": endpoint.url, "partner": new.partner}))
            .await?;
        self.made(id, &secrets).await
    }

    async fn made(&self, id: EndpointId, secrets: &Secrets) -> Result<MadeEndpoint> {
        let endpoint = self.shown(id).await?;
        Ok(MadeEndpoint { endpoint, secret: secrets.shared().to_owned(), public_key: secrets.public()? })
    }

    /// Gives an endpoint new secrets. The former ones sign beside them for `webhooks.secret_hours`.
    pub async fn rotate_endpoint(&mut self, config: &Webhooks, id: EndpointId) -> Result<MadeEndpoint> {
        self.managed(id).await?;
        let text = endpoints::secrets(&self.tx, id).await?.unwrap_or_default();
        let mut kept: Vec<Secrets> = serde_json::from_str(&text).map_err(Error::internal)?;
        kept.retain(|secrets| secrets.ends_at.is_none_or(|end| end > self.now));
        let end = self.now + Duration::hours(config.secret_hours.into());
        for secrets in &mut kept {
            secrets.ends_at = Some(secrets.ends_at.map_or(end, |earlier| earlier.min(end)));
        }
        let new = Secrets::new()?;
        kept.insert(0, new.clone());
        let text = serde_json::to_string(&kept).map_err(Error::internal)?;
        endpoints::set_secrets(&self.tx, id, &text, self.now).await?;
        self.note("endpoint.rotate", id.0).await?;
        self.made(id, &new).await
    }

    /// Sends nothing to an endpoint any more. What waits goes on waiting.
    pub async fn disable_endpoint(&mut self, id: EndpointId, reason: &str) -> Result<Endpoint> {
        self.managed(id).await?;
        if endpoints::disable(&self.tx, id, reason.trim(), self.now).await? {
            self.note_with("endpoint.disable", id.0, [None, None], json!({"reason": reason.trim()})).await?;
        }
        self.shown(id).await
    }

    /// Sends to an endpoint again, beginning with what waits.
    pub async fn enable_endpoint(&mut self, id: EndpointId) -> Result<Endpoint> {
        self.managed(id).await?;
        if endpoints::enable(&self.tx, id, self.now).await? {
            self.note("endpoint.enable", id.0).await?;
        }
        self.shown(id).await
    }

    /// Takes an endpoint away, with what waits for it and its log. What its partner was told stays known.
    pub async fn delete_endpoint(&mut self, id: EndpointId) -> Result<Endpoint> {
        let endpoint = self.managed(id).await?;
        endpoints::delete(&self.tx, id).await?;
        self.note_with("endpoint.delete", id.0, [None, None], json!({"url": endpoint.url})).await?;
        Ok(endpoint)
    }

    /// Sends a ping to an endpoint.
    pub async fn ping_endpoint(&mut self, id: EndpointId) -> Result<Endpoint> {
        let endpoint = self.managed(id).await?;
        if endpoint.disabled_at.is_some() {
            return Err(Error::invalid("endpoint", "is disabled: enable it first"));
        }
        queue::ping(&self.tx, id, self.now).await?;
        Ok(endpoint)
    }

    /// Sends changes of the partner's feed again, from one to another, both included; gives their number.
    pub async fn replay_endpoint(&mut self, id: EndpointId, range: [i64; 2]) -> Result<u64> {
        if self.managed(id).await?.disabled_at.is_some() {
            return Err(Error::invalid("endpoint", "is disabled: enable it first"));
        }
        if range[0] > range[1] {
            return Err(Error::invalid("to", "must not be before from"));
        }
        let number = queue::replay(&self.tx, id, range, self.now).await?;
        let detail = json!({"from": range[0], "to": range[1], "changes": number});
        self.note_with("endpoint.replay", id.0, [None, None], detail).await?;
        Ok(number)
    }
}
