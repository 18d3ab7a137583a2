//! One request to an address that somebody else chose: it leads to the public internet, or to a network that is allowed.
//!
//! Names are resolved here, so that the address that was checked is the address that is connected to. Redirects are not
//! followed, and no proxy is used: it would resolve the names itself.

use crate::config::Webhooks;
use crate::error::{Error, Result};
use crate::service::{Outcome, Outgoing};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response, header, redirect};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// How much of an answer is kept, in bytes.
const KEPT: usize = 2_000;

/// A client that can be led nowhere but where webhooks may go.
pub(super) struct Sender {
    client: Client,
    config: Arc<Webhooks>,
}

/// What an endpoint answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    retry_after: Option<Duration>,
}

/// Why there is no answer.
pub(super) struct Unanswered {
    /// Whether the message may have arrived all the same.
    pub(super) was_reached: bool,
    /// For whoever runs the endpoint.
    pub(super) why: String,
}

impl Answer {
    pub(super) fn outcome(&self) -> Outcome {
        match self.status {
            200..=299 => Outcome::Taken,
            410 => Outcome::Gone,
            _ => Outcome::Failed(self.retry_after),
        }
    }
}

impl Sender {
    pub(super) fn new(config: Arc<Webhooks>) -> Result<Self> {
        let client = Client::builder()
            .dns_resolver(Arc::new(Resolver(config.clone())))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(config.timeout_seconds.min(10)))
            .timeout(Duration::from_secs(config.timeout_seconds))
            .user_agent(concat!("byline/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Error::internal)?;
        Ok(Self { client, config })
    }

    /// Sends a message.
    pub(super) async fn send(&self, outgoing: &Outgoing) -> Result<Answer, Unanswered> {
        let url = self.check(&outgoing.due.url).map_err(|why| Unanswered { was_reached: false, why })?;
        let request = self
            .client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", &outgoing.id)
            .header("webhook-timestamp", outgoing.timestamp)
            .header("webhook-signature", &outgoing.signature)
            .body(outgoing.body.clone());
        let response = request
            .send()
            .await
            .map_err(|error| Unanswered { was_reached: !error.is_connect(), why: explain(&error) })?;
        let (status, retry_after) = (response.status().as_u16(), retry_after(&response));
        Ok(Answer { status, retry_after, body: beginning(response).await })
    }

    /// A number in an address is looked at here: it is never resolved.
    fn check(&self, text: &str) -> Result<Url, String> {
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        if !(url.scheme() == "https" || self.config.allow_http && url.scheme() == "http") {
            return Err(format!("`{}` addresses are not sent to", url.scheme()));
        }
        let literal: Option<IpAddr> = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        match literal {
            Some(address) if !self.config.allows(address) => Err(refusal(&[address])),
            _ => Ok(url),
        }
    }
}

fn refusal(found: &[IpAddr]) -> String {
    let found: Vec<String> = found.iter().map(IpAddr::to_string).collect();
    format!("{} is not on the public internet, nor in webhooks.allow_networks", found.join(", "))
}

/// The innermost cause: the outer ones only say that something did.
fn explain(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn retry_after(response: &Response) -> Option<Duration> {
    response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// The beginning of an answer. What does not come in time is left out: the status says what counts.
async fn beginning(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < KEPT
        && let Ok(Some(chunk)) = response.chunk().await
    {
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(KEPT);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Resolves names as the machine does, and hides addresses that nothing may be sent to.
struct Resolver(Arc<Webhooks>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let config = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::task::spawn_blocking(move || (host.as_str(), 0).to_socket_addrs()).await??;
            let found: Vec<SocketAddr> = found.collect();
            let usable: Vec<SocketAddr> = found.iter().copied().filter(|found| config.allows(found.ip())).collect();
            if usable.is_empty() {
                let found: Vec<IpAddr> = found.iter().map(SocketAddr::ip).collect();
                return Err(refusal(&found).into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}
