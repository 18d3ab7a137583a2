//! Who asks: the credential, the address and the client of a request.

use super::State;
use crate::domain::actor::Actor;
use crate::error::{Error, Result};
use crate::service::Reader;
use actix_web::http::header::{AUTHORIZATION, USER_AGENT};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::FutureExt;
use ipnet::IpNet;
use std::net::IpAddr;

/// The token of a preview.
const PREVIEW: &str = "byline-preview";

/// How much is kept of what a client calls itself, in characters.
const CLIENT: usize = 200;

/// Who asks. Without a credential nothing is looked up; a credential that cannot be believed is an error, never nobody.
pub async fn actor(state: &State, request: &HttpRequest) -> Result<Actor> {
    // Whoever counted the request knows already.
    if let Some(known) = request.extensions().get::<Actor>() {
        return Ok(known.clone());
    }
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let header = headers.next().map(|header| header.to_str().unwrap_or_default());
    // Two of them are one that cannot be believed.
    believed(state, request, if headers.next().is_some() { Some("") } else { header }).await
}

/// Who shows this as the value of `Authorization`.
pub async fn believed(state: &State, request: &HttpRequest, authorization: Option<&str>) -> Result<Actor> {
    let caller = anybody(state, request);
    match authorization.map(credential).transpose()? {
        None => Ok(caller),
        Some(credential) => state.app.authenticate(credential, caller.address, caller.client).boxed_local().await,
    }
}

/// Nobody in particular, from there.
pub fn anybody(state: &State, request: &HttpRequest) -> Actor {
    let client = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    Actor {
        address: address(&state.config.http.trusted_proxies, request),
        client: client.map(|client| client.chars().take(CLIENT).collect()),
        ..Actor::ANONYMOUS
    }
}

/// The preview's token that came with a request, in a header or in its address.
pub fn preview(request: &HttpRequest) -> Result<Option<String>> {
    let unusable = || Error::Unauthenticated("Byline-Preview must be the token of a preview".into());
    if let Some(header) = request.headers().get(PREVIEW) {
        return header.to_str().map(|token| Some(token.to_owned())).map_err(|_| unusable());
    }
    // Looked for as it is written before anything is decoded: addresses that carry a query are long.
    if !request.query_string().contains("preview=") {
        return Ok(None);
    }
    let mut parameters = url::form_urlencoded::parse(request.query_string().as_bytes());
    Ok(parameters.find(|(name, _)| name == "preview").map(|(_, token)| token.into_owned()))
}

/// Whether a request brings a preview's token.
pub fn may_preview(request: &HttpRequest) -> bool {
    request.headers().contains_key(PREVIEW) || !matches!(preview(request), Ok(None))
}

/// The reader that a request makes: of what is published, and of one revision more where it brings a preview's token.
pub async fn reader(state: &State, request: &HttpRequest) -> Result<Reader> {
    match preview(request)? {
        Some(token) => state.app.preview(&token).boxed_local().await,
        None => Ok(state.app.reader()),
    }
}

fn credential(authorization: &str) -> Result<&str> {
    let unusable = || Error::Unauthenticated("Authorization must be one `Bearer` and a token".into());
    let (scheme, credential) = authorization.split_once(' ').ok_or_else(unusable)?;
    let credential = credential.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || credential.is_empty() {
        return Err(unusable());
    }
    Ok(credential)
}

/// The address of the connection; behind a trusted proxy, the one that the proxy names. Anybody can write the header, so
/// it is read from its end, and only as far as those who wrote it are trusted.
fn address(trusted: &[IpNet], request: &HttpRequest) -> Option<IpAddr> {
    let mut address = request.peer_addr()?.ip().to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&address) {
        return Some(address);
    }
    let headers: Vec<&str> =
        request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect();
    for hop in headers.iter().rev().flat_map(|value| value.rsplit(',')) {
        let Some(named) = parse(hop.trim()) else { break };
        address = named;
        if !is_trusted(&address) {
            break;
        }
    }
    Some(address)
}

/// Some proxies write the port, too.
fn parse(hop: &str) -> Option<IpAddr> {
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    hop.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "127.0.0.1/32".parse().unwrap()];
        let mut request = TestRequest::default().peer_addr(peer.parse().unwrap());
        for header in forwarded {
            request = request.append_header(("x-forwarded-for", *header));
        }
        address(&trusted, &request.to_http_request()).unwrap().to_string()
    }

    #[test]
    fn only_trusted_proxies_say_where_a_request_came_from() {
        assert_eq!(seen("203.0.113.9:1", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(seen("127.0.0.1:1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("127.0.0.1:1", &["192.0.2.66, 198.51.100.1, 10.1.1.1"]), "198.51.100.1");
        assert_eq!(seen("127.0.0.1:1", &["192.0.2.66", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("127.0.0.1:1", &["nonsense"]), "127.0.0.1");
        assert_eq!(seen("127.0.0.1:1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(seen("[::ffff:127.0.0.1]:1", &["::ffff:198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("127.0.0.1:1", &[]), "127.0.0.1");
    }
}
