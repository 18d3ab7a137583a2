//! Whether the service lives, and whether it can serve.

use super::State;
use super::problem::{no_such_page, problem};
use crate::error::Error;
use actix_web::{HttpRequest, HttpResponse, web};

/// The process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// The database answers and has every migration.
pub async fn ready(state: web::Data<State>) -> HttpResponse {
    match state.app.db().check().await {
        Ok(true) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"),
        Ok(false) => problem(&Error::Unavailable("migrations are missing".into())),
        Err(error) => problem(&Error::Unavailable(Box::new(error))),
    }
}

/// As many bytes as configured, for load tests: what this server can answer at most.
pub async fn padding(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    match state.config.http.static_bytes {
        0 => no_such_page(request).await,
        bytes => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("x".repeat(bytes)),
    }
}
