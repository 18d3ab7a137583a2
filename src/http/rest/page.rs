//! The description and a page that shows it, both without the internet.

use super::describe::description;
use crate::http::public::VARIES;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, VARY, X_CONTENT_TYPE_OPTIONS};
use std::sync::LazyLock;

const PAGE: &str = include_str!("docs.html");

static DESCRIPTION: LazyLock<String> = LazyLock::new(description);

/// The OpenAPI description.
pub async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .insert_header((VARY, VARIES))
        .content_type("application/json")
        .body(DESCRIPTION.as_str())
}

/// The page.
pub async fn docs() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .content_type("text/html; charset=utf-8")
        .body(PAGE)
}
