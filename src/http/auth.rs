//! Signing in over HTTP, and who a request comes from.

use super::State;
use super::problem::problem;
use crate::domain::actor::Actor;
use crate::error::{Error, Result};
use crate::service::Tokens;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, USER_AGENT, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;
use std::net::IpAddr;

/// How much of what a client calls itself is kept.
const CLIENT_CHARS: usize = 200;
/// Larger than any request to sign in.
const BODY_BYTES: usize = 16 * 1024;

/// Who a request comes from. Without a credential: nobody in particular. With one that is not valid: an error.
pub async fn actor(state: &State, request: &HttpRequest) -> Result<Actor> {
    let mut actor = match request.headers().get(AUTHORIZATION) {
        None => Actor::ANONYMOUS,
        Some(value) => {
            let text = value.to_str().unwrap_or_default();
            let bearer = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
            let (_, token) = bearer.ok_or_else(|| {
                Error::Unauthenticated("expected `Authorization: Bearer` and an access token or a key".into())
            })?;
            state.app.authenticate(token.trim()).await?
        }
    };
    located(&mut actor, state, request);
    Ok(actor)
}

/// Notes where a request comes from.
fn located(actor: &mut Actor, state: &State, request: &HttpRequest) {
    actor.address = address(&state.config.http.trusted_proxies, request);
    let client = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    actor.client = client.map(|client| client.chars().take(CLIENT_CHARS).collect());
}

/// The address of the client: of the connection, or, where that is a proxy that we trust, the last one that it was told
/// by somebody whom we do not.
fn address(trusted: &[IpAddr], request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    if !trusted.contains(&peer) {
        return Some(peer);
    }
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let forwarded: Vec<IpAddr> =
        forwarded.flat_map(|value| value.split(',')).filter_map(|part| part.trim().parse().ok()).collect();
    forwarded.into_iter().rev().find(|address| !trusted.contains(address)).or(Some(peer))
}

#[derive(Deserialize)]
struct SignIn {
    email: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refresh {
    refresh_token: String,
}

/// `POST /auth/token`: an e-mail address and a password for tokens.
pub async fn token(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let run = async {
        let SignIn { email, password } = read(&request, body).await?;
        state.app.sign_in(&from(&state, &request), &email, &password).await
    };
    answer(run.await)
}

/// `POST /auth/refresh`: a refresh token for new tokens.
pub async fn refresh(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let run = async {
        let Refresh { refresh_token } = read(&request, body).await?;
        state.app.refresh(&from(&state, &request), &refresh_token).await
    };
    answer(run.await)
}

/// `POST /auth/logout`: ends the session of a refresh token.
pub async fn logout(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let run = async {
        let Refresh { refresh_token } = read(&request, body).await?;
        state.app.sign_out(&from(&state, &request), &refresh_token).await
    };
    match run.await {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => problem(&error),
    }
}

/// `/.well-known/jwks.json`: the keys that access tokens are signed with.
pub async fn keys(state: web::Data<State>) -> HttpResponse {
    match state.app.public_keys().await {
        Ok(keys) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(keys),
        Err(error) => problem(&error),
    }
}

fn from(state: &State, request: &HttpRequest) -> Actor {
    let mut actor = Actor::ANONYMOUS;
    located(&mut actor, state, request);
    actor
}

async fn read<T: serde::de::DeserializeOwned>(request: &HttpRequest, body: web::Payload) -> Result<T> {
    let body = body.to_bytes_limited(BODY_BYTES).await;
    let body = body.map_err(|_| Error::invalid("body", format!("has more than {BODY_BYTES} bytes")))?;
    let body = body.map_err(|_| Error::invalid("body", "could not be read"))?;
    // A form of another site cannot send this type.
    let json = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !json.to_ascii_lowercase().starts_with("application/json") {
        return Err(Error::invalid("content-type", "must be application/json"));
    }
    serde_json::from_slice(&body).map_err(|error| Error::invalid("body", error))
}

fn answer(tokens: Result<Tokens>) -> HttpResponse {
    match tokens {
        Ok(tokens) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(json!({
            "accessToken": tokens.access,
            "tokenType": "Bearer",
            "expiresIn": tokens.expires_in,
            "refreshToken": tokens.refresh,
        })),
        Err(error) => problem(&error),
    }
}

/// What a client without a valid credential is told (RFC 6750).
pub fn challenge(error: &Error) -> Option<(actix_web::http::header::HeaderName, String)> {
    matches!(error, Error::Unauthenticated(_)).then(|| (WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#.to_owned()))
}
