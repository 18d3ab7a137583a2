//! What a request asks: read from a JSON body or from an address.

use super::State;
use super::accept::MediaType;
use super::documents::{Answer, Documents, Question, failed, refusal};
use super::graphql::{not_acceptable, send};
use super::persisted::{Named, Unknown};
use crate::error::{Error, Limit};
use crate::graphql::with_code;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::{ServerError, Variables};
use serde_json::{Map, Value};

/// A JSON body as it was sent, and the media type of its answer; else what there is to answer.
pub async fn posted(
    state: &State,
    request: &HttpRequest,
    body: web::Payload,
) -> Result<(Bytes, MediaType), HttpResponse> {
    let limit = state.config.limits.body_bytes;
    // The body is read in any case: a connection with unread bytes cannot be used again.
    let body = body.to_bytes_limited(limit).await;
    let media_type = MediaType::negotiate(request.headers()).ok_or_else(not_acceptable)?;
    if !is_json(request) {
        return Err(unsupported());
    }
    match body {
        Ok(Ok(body)) => Ok((body, media_type)),
        Ok(Err(_)) => Err(send(&refused("body", "could not be read"), media_type, None)),
        Err(_) => {
            let error = Error::OverLimit { limit: Limit::BodyBytes, allowed: limit as u64, found: None };
            Err(send(&refusal(&error), media_type, None))
        }
    }
}

/// The question in a JSON body; else what there is to answer.
pub fn asked(state: &State, body: &[u8]) -> Result<Question, Box<Answer>> {
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(fields)) => question(&state.documents, fields),
        Ok(_) => Err(Box::new(refused("body", "must be a JSON object"))),
        Err(error) => Err(Box::new(refused("body", &format!("is not JSON: {error}")))),
    }
}

/// The question in an address; else what there is to answer.
pub fn asked_by_get(state: &State, request: &HttpRequest) -> Result<Question, Box<Answer>> {
    let mut fields = Map::new();
    for (name, value) in url::form_urlencoded::parse(request.query_string().as_bytes()) {
        let value = match name.as_ref() {
            _ if value.is_empty() => continue,
            "query" | "operationName" | "documentId" => Value::String(value.into_owned()),
            "variables" | "extensions" => serde_json::from_str(&value)
                .map_err(|error| Box::new(refused(&name, &format!("is not JSON: {error}"))))?,
            _ => continue,
        };
        fields.insert(name.into_owned(), value);
    }
    question(&state.documents, fields)
}

/// Reads the parameters of a request; unknown ones are ignored, as the specification says.
pub fn question(documents: &Documents, mut fields: Map<String, Value>) -> Result<Question, Box<Answer>> {
    let named = named(&mut fields)?;
    let query = text(&mut fields, "query")?;
    if query.is_none() && named.is_none() {
        return Err(Box::new(refused("query", "is missing")));
    }
    let operation_name = text(&mut fields, "operationName")?.filter(|name| !name.is_empty());
    let variables = match fields.remove("variables") {
        None | Some(Value::Null) => Variables::default(),
        Some(variables @ Value::Object(_)) => Variables::from_json(variables),
        Some(_) => return Err(Box::new(refused("variables", "must be an object"))),
    };
    let query = documents.persisted().resolve(named, query).map_err(|unknown| Box::new(unresolved(unknown)))?;
    Ok(Question { query, operation_name, variables })
}

fn text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Box<Answer>> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Box::new(refused(name, "must be a string"))),
    }
}

/// How the client names a document that it need not send: `documentId` as GraphQL over HTTP has it, `id` and `doc_id` as
/// Relay's users do, `extensions.persistedQuery` as Apollo, urql and GraphQL Codegen do.
fn named(fields: &mut Map<String, Value>) -> Result<Option<Named>, Box<Answer>> {
    let extensions = match fields.remove("extensions") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(extensions)) => extensions,
        Some(_) => return Err(Box::new(refused("extensions", "must be an object"))),
    };
    if let Some(persisted) = extensions.get("persistedQuery") {
        let hash = persisted.get("sha256Hash").and_then(Value::as_str);
        let hash = hash.ok_or_else(|| Box::new(refused("extensions.persistedQuery", "needs a sha256Hash")))?;
        return Ok(Some(Named::Hash(hash.to_owned())));
    }
    for name in ["documentId", "id", "doc_id"] {
        if let Some(id) = text(fields, name)? {
            return Ok(Some(match id.strip_prefix("sha256:") {
                Some(hash) => Named::Hash(hash.to_owned()),
                None => Named::Id(id),
            }));
        }
    }
    Ok(None)
}

/// Clients of automatic persisted queries know these words and codes.
fn unresolved(unknown: Unknown) -> Answer {
    let (message, code) = match unknown {
        Unknown::NotFound => ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"),
        Unknown::Mismatch => ("the query has another SHA-256 than the request says", "PERSISTED_QUERY_MISMATCH"),
        Unknown::NotTrusted => ("only documents of the configured manifests are run", "DOCUMENT_NOT_TRUSTED"),
    };
    failed(vec![with_code(ServerError::new(message, None), code)])
}

/// A request that is malformed, whatever the media type of its answer.
pub fn refused(parameter: &str, message: &str) -> Answer {
    let mut answer = refusal(&Error::invalid(parameter, message));
    answer.status = 422;
    answer
}

/// Whether the body is JSON in UTF-8.
pub fn is_json(request: &HttpRequest) -> bool {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = header.split(';').map(|part| part.trim().to_ascii_lowercase());
    let json = parts.next().is_some_and(|name| name == "application/json");
    let utf8 = parts.filter_map(|part| part.strip_prefix("charset=").map(|c| c.trim_matches('"').to_owned()));
    json && utf8.into_iter().all(|charset| charset == "utf-8")
}

fn unsupported() -> HttpResponse {
    HttpResponse::UnsupportedMediaType()
        .content_type("text/plain; charset=utf-8")
        .body("The body must be application/json in UTF-8.\n")
}
