//! Signing in and out, and the public halves of the keys.

use super::problem::{problem, refused_token};
use super::{State, caller};
use crate::error::{Error, Limit, Result};
use crate::service::Tokens;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// No honest request is longer.
const LONGEST: usize = 16 * 1024;

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

/// `POST /auth/token`: an access token and a refresh token for an e-mail address and a password.
pub async fn token(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let caller = caller::anybody(&state, &request);
    let signed_in = async {
        let SignIn { email, password } = read(&request, body).await?;
        state.app.sign_in(&email, &password, &caller).await
    };
    send(signed_in.await)
}

/// `POST /auth/refresh`: new tokens for a refresh token.
pub async fn refresh(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let caller = caller::anybody(&state, &request);
    let refreshed = async {
        let Refresh { refresh_token } = read(&request, body).await?;
        state.app.refresh(&refresh_token, &caller).await
    };
    send(refreshed.await)
}

/// `POST /auth/logout`: ends the sign-in of a refresh token, or of the access token that the request carries.
pub async fn logout(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let here = request.headers().contains_key(AUTHORIZATION);
    let signed_out = async {
        if here {
            // The body is read in any case: a connection with unread bytes cannot be used again.
            let _ = body.to_bytes_limited(LONGEST).await;
            let actor = caller::actor(&state, &request).await?;
            return state.app.sign_out_here(&actor).await;
        }
        let Refresh { refresh_token } = read(&request, body).await?;
        state.app.sign_out(&refresh_token, &caller::anybody(&state, &request)).await
    };
    match signed_out.await {
        Ok(()) => HttpResponse::NoContent().insert_header((CACHE_CONTROL, "no-store")).finish(),
        Err(error) if here => refused_token(&error),
        Err(error) => problem(&error),
    }
}

/// `GET /.well-known/jwks.json`: what access tokens can be checked with.
pub async fn keys(state: web::Data<State>) -> HttpResponse {
    match state.app.published_keys().await {
        Ok(keys) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "application/jwk-set+json"))
            .insert_header((CACHE_CONTROL, "public, max-age=300"))
            .body(keys.to_string()),
        Err(error) => problem(&error),
    }
}

/// A JSON body. A form of another site cannot send one.
async fn read<T: DeserializeOwned>(request: &HttpRequest, body: web::Payload) -> Result<T> {
    let body = body.to_bytes_limited(LONGEST).await;
    if !super::question::is_json(request) {
        return Err(Error::invalid("content-type", "must be application/json"));
    }
    let too_long = |_| Error::OverLimit { limit: Limit::BodyBytes, allowed: LONGEST as u64, found: None };
    let body = body.map_err(too_long)?.map_err(|_| Error::invalid("body", "could not be read"))?;
    serde_json::from_slice(&body).map_err(|error| Error::invalid("body", error))
}

fn send(tokens: Result<Tokens>) -> HttpResponse {
    match tokens {
        Ok(Tokens { access, expires_in, refresh }) => {
            HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(json!({
                "accessToken": access,
                "tokenType": "Bearer",
                "expiresIn": expires_in,
                "refreshToken": refresh,
            }))
        }
        Err(error) => problem(&error),
    }
}
