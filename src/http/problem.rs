//! Errors outside GraphQL: problem documents after RFC 9457.

use crate::error::Error;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::json;

/// The media type of problem documents.
pub const TYPE: &str = "application/problem+json";

/// An error as a problem document: its status and its text.
pub fn document(error: &Error) -> (StatusCode, String) {
    let public = error.public();
    error.log();
    let status = StatusCode::from_u16(public.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": public.status,
        "code": public.code,
        "detail": error.to_string(),
    });
    if let (Error::Invalid(fields), Some(body)) = (error, body.as_object_mut()) {
        body.insert("errors".into(), json!(fields));
    }
    (status, body.to_string())
}

/// An error as an answer with a problem document.
pub fn problem(error: &Error) -> HttpResponse {
    let (status, body) = document(error);
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store"));
    match error {
        Error::RateLimited { retry_after } => {
            response.insert_header((RETRY_AFTER, *retry_after));
        }
        Error::Unauthenticated(_) => {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        _ => {}
    }
    response.content_type(TYPE).body(body)
}

/// The answer to a request whose token was refused.
pub fn refused_token(error: &Error) -> HttpResponse {
    let mut response = problem(error);
    if matches!(error, Error::Unauthenticated(_)) {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(INVALID_TOKEN));
    }
    response
}

/// How RFC 6750 says that a token was refused.
pub const INVALID_TOKEN: &str = "Bearer error=\"invalid_token\"";

/// The answer to a path that leads nowhere.
pub async fn no_such_page(request: actix_web::HttpRequest) -> HttpResponse {
    problem(&Error::NotFound { kind: "page", id: request.path().to_owned() })
}

/// The answer to a method that a page does not know.
pub async fn method_not_allowed(allowed: &'static str) -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header(("Allow", allowed))
        .content_type(TYPE)
        .body(json!({"type": "about:blank", "title": "Method Not Allowed", "status": 405}).to_string())
}
