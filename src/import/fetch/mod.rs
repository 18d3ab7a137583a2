//! Fetches pictures from the web, and from nowhere else.
//!
//! Names are resolved here, so that the address that was checked is the address that is connected to. Redirects are
//! followed here, so that each of them is checked like the first address. No proxy is used: it would resolve the names
//! itself.

use crate::domain::public_internet::is_public;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response, Url, header, redirect};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

/// The largest file that is taken.
pub(super) const MAX_BYTES: usize = 32 * 1024 * 1024;
const MAX_REDIRECTS: usize = 3;
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// A client that can be led nowhere but to the public internet.
#[derive(Debug, Clone)]
pub(super) struct Fetcher {
    client: Client,
    allow_private: bool,
}

impl Fetcher {
    /// `allow_private` also lets it into private networks.
    pub(super) fn new(allow_private: bool) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .dns_resolver(Arc::new(Resolver { allow_private }))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .timeout(TIME_LIMIT)
            .user_agent(concat!("byline/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, allow_private })
    }

    /// The bytes at an address; an error says what an editor can do about it.
    pub(super) async fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        let all = async {
            let response = self.follow(url).await?;
            read(response).await
        };
        // The client's own limit begins anew with each redirect.
        tokio::time::timeout(TIME_LIMIT, all)
            .await
            .map_err(|_| format!("no answer within {} s", TIME_LIMIT.as_secs()))?
    }

    async fn follow(&self, url: &str) -> Result<Response, String> {
        let mut url = Url::parse(url).map_err(|error| error.to_string())?;
        for _ in 0..=MAX_REDIRECTS {
            self.check(&url)?;
            let response = self.client.get(url.clone()).send().await.map_err(|error| explain(&error))?;
            let status = response.status();
            if status.is_redirection() {
                let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
                let location = location.ok_or_else(|| format!("{status} without an address"))?;
                url = url.join(location).map_err(|error| error.to_string())?;
            } else if status.is_success() {
                return Ok(response);
            } else {
                return Err(format!("the server answers {status}"));
            }
        }
        Err(format!("more than {MAX_REDIRECTS} redirects"))
    }

    /// An address that is written as a number is never resolved, so it is checked here.
    fn check(&self, url: &Url) -> Result<(), String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("`{}` addresses are not fetched, only http and https", url.scheme()));
        }
        let number: Option<IpAddr> = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(address.into()),
            Some(url::Host::Ipv6(address)) => Some(address.into()),
            Some(url::Host::Domain(_)) => None,
            None => return Err("the address names no host".to_owned()),
        };
        match number {
            Some(address) if !self.allow_private && !is_public(address) => Err(refusal(&[address])),
            _ => Ok(()),
        }
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, String> {
    let too_large = || format!("larger than {} MiB", MAX_BYTES / 1024 / 1024);
    if response.content_length().is_some_and(|length| length > MAX_BYTES as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| explain(&error))? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The innermost cause says what happened, the outer ones only that something did.
fn explain(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn refusal(found: &[IpAddr]) -> String {
    let found: Vec<String> = found.iter().map(IpAddr::to_string).collect();
    format!("{} is not an address of the public internet", found.join(", "))
}

/// Resolves names as the machine does, and hides addresses that are not public.
struct Resolver {
    allow_private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::task::spawn_blocking(move || (host.as_str(), 0).to_socket_addrs()).await??;
            let found: Vec<SocketAddr> = found.collect();
            let usable: Vec<SocketAddr> =
                found.iter().copied().filter(|found| allow_private || is_public(found.ip())).collect();
            if usable.is_empty() {
                let found: Vec<IpAddr> = found.iter().map(SocketAddr::ip).collect();
                return Err(refusal(&found).into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
