//! What of an error leaves the house: a message, a code, and for wrong input the fields.

use crate::error::{Error, Limit};
use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use std::sync::Arc;

/// Gives every error of an answer its public code. Internal text is logged with the request id and not sent.
pub fn publish_errors(response: &mut Response, limits: &crate::config::Limits) {
    for error in &mut response.errors {
        if let Some(own) = own(error) {
            let published = to_server_error(&own);
            error.message = published.message;
            error.extensions = published.extensions;
        } else if let Some(limit) = library_limit(error, limits) {
            let published = to_server_error(&limit);
            error.message = published.message;
            error.extensions = published.extensions;
        } else if error.extensions.is_none() {
            let code = if error.path.is_empty() { "GRAPHQL_VALIDATION_FAILED" } else { "INVALID" };
            *error = with_code(error.clone(), code);
        }
    }
}

/// An error of GraphQL itself, with a code.
pub fn with_code(mut error: ServerError, code: &str) -> ServerError {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    error.extensions = Some(extensions);
    error
}

/// An error of ours as GraphQL shows it.
pub fn to_server_error(error: &Error) -> ServerError {
    let public = error.public();
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", public.code);
    match error {
        Error::Invalid(fields) => {
            let fields = serde_json::to_value(fields).ok().and_then(|value| Value::from_json(value).ok());
            extensions.set("fields", fields.unwrap_or_default());
        }
        Error::OverLimit { allowed, found, .. } => {
            extensions.set("limit", *allowed);
            if let Some(found) = found {
                extensions.set("found", *found);
            }
        }
        Error::Conflict { expected, found, by, .. } => {
            extensions.set("expected", *expected);
            extensions.set("found", *found);
            if let Some(by) = by {
                extensions.set("by", by.as_str());
            }
        }
        Error::RateLimited { retry_after } => extensions.set("retryAfter", *retry_after),
        _ => {}
    }
    error.log();
    let mut published = ServerError::new(error.to_string(), None);
    published.extensions = Some(extensions);
    published
}

/// Our error behind what a resolver returned.
fn own(error: &ServerError) -> Option<Arc<Error>> {
    let source = error.source.clone()?;
    match source.downcast::<Arc<Error>>() {
        Ok(shared) => Some(shared.as_ref().clone()),
        Err(source) => source.downcast::<Error>().ok(),
    }
}

/// The library has words, not codes, for the limits that it holds itself.
fn library_limit(error: &ServerError, limits: &crate::config::Limits) -> Option<Error> {
    let (limit, allowed) = match error.message.as_str() {
        "Query is too complex." => (Limit::Complexity, limits.complexity),
        "Query is nested too deep." => (Limit::Depth, limits.depth),
        _ => return None,
    };
    Some(Error::OverLimit { limit, allowed: allowed as u64, found: None })
}
