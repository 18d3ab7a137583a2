//! Partner delivery by pull: a snapshot, changes in order, a stream of them, and what was read.
//!
//! Nothing here is kept in memory: each answer notes what a partner received.

mod parameters;
mod stream;

use super::problem::{self, problem};
use super::{State, caller};
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::partner::Partner;
use crate::error::{Error, Result};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LINK};
use actix_web::{HttpRequest, HttpResponse, Resource, web};
use parameters::Parameters;
use serde_json::{Value, json};
use std::time::Duration;

/// The routes.
pub fn routes(service: &mut web::ServiceConfig) {
    service
        .service(only_get("/v1/partner/articles").route(web::get().to(articles)))
        .service(only_get("/v1/partner/articles/{id}").route(web::get().to(article)))
        .service(only_get("/v1/partner/changes").route(web::get().to(changes)))
        .service(only_get("/v1/partner/stream").route(web::get().to(stream::open)))
        .service(only_get("/v1/partner/usage").route(web::get().to(usage)));
}

fn only_get(path: &str) -> Resource {
    web::resource(path).default_service(web::to(|| problem::method_not_allowed("GET")))
}

/// The partner that asks.
async fn partner(state: &State, request: &HttpRequest) -> Result<Partner> {
    let actor = caller::actor(state, request).await?;
    state.app.partner_of(&actor).await
}

/// What is asked, by whom; else what there is to answer.
async fn asked(state: &State, request: &HttpRequest, known: &[&str]) -> Result<(Partner, Parameters), HttpResponse> {
    let partner = partner(state, request).await.map_err(|error| problem::refused_token(&error))?;
    let parameters = Parameters::read(request, known).map_err(|error| problem(&error))?;
    Ok((partner, parameters))
}

fn send(answer: Result<Value>) -> HttpResponse {
    match answer {
        Ok(body) => HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
            .content_type("application/json")
            .body(body.to_string()),
        Err(error) => problem(&error),
    }
}

/// What the partner should have now, page by page.
async fn articles(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let known = ["first", "after", "modifiedSince", "format"];
    let (partner, parameters) = match asked(&state, &request, &known).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let find = async {
        let (format, limit) = (parameters.format(&request)?, parameters.first()?);
        let (since, after) = (parameters.moment("modifiedSince")?, parameters.place("after")?);
        state.app.partner_snapshot(&partner, format, since, after, limit).await
    };
    let page = match find.await {
        Ok(page) => page,
        Err(error) => return problem(&error),
    };
    let next = page.next.as_ref().map(parameters::written);
    let mut response = send(Ok(json!({
        "items": page.items,
        "next": next,
        "changesAfter": page.position.to_string(),
    })));
    if let Some(next) = next
        && let Ok(link) =
            HeaderValue::from_str(&format!("<{}>; rel=\"next\"", parameters.with(&request, "after", &next)))
    {
        response.headers_mut().insert(LINK, link);
    }
    response
}

/// One story in a language.
async fn article(state: web::Data<State>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let (partner, parameters) = match asked(&state, &request, &["language", "format"]).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let find = async {
        let format = parameters.format(&request)?;
        let id: ArticleId = id.parse().map_err(|error| Error::invalid("id", error))?;
        let missing = || Error::invalid("language", "is missing: name the language of the story, such as ko");
        let language: LanguageTag = parameters
            .get("language")
            .ok_or_else(missing)?
            .parse()
            .map_err(|error| Error::invalid("language", error))?;
        state.app.partner_article(&partner, format, id, &language).await
    };
    send(find.await)
}

/// What changed behind an entry of the partner's feed.
async fn changes(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let (partner, parameters) = match asked(&state, &request, &["after", "first", "wait", "format"]).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let find = async {
        let (format, after) = (parameters.format(&request)?, parameters.position("after")?.unwrap_or(0));
        let (limit, wait) = (parameters.first()?, Duration::from_secs(parameters.wait()?));
        let mut stopping = state.stopping.clone();
        let page = tokio::select! {
            page = state.app.partner_changes(&partner, format, after, limit, wait) => page?,
            // Who waits when the service stops asks again.
            _ = stopping.wait_for(|stopping| *stopping) => return Err(Error::Unavailable("the service stops".into())),
        };
        Ok(json!({"items": page.items, "next": page.next.to_string(), "more": page.more}))
    };
    send(find.await)
}

/// What the partner received, by day.
async fn usage(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let (partner, parameters) = match asked(&state, &request, &["from", "to"]).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let find = async {
        let (from, to) = (parameters.day("from")?, parameters.day("to")?);
        let rows = state.app.partner_usage(&partner, from, to).await?;
        Ok(json!({"items": rows}))
    };
    send(find.await)
}
