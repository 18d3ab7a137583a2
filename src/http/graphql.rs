//! The GraphQL endpoint, after GraphQL over HTTP. Status codes are those that the ecosystem's audit suite expects.

use super::accept::MediaType;
use super::documents::{Answer, Asker, Question, refusal};
use super::problem;
use super::question::{asked, asked_by_get, refused};
use super::{State, caller, once};
use crate::domain::actor::Who;
use crate::error::Error;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, VARY, WWW_AUTHENTICATE,
};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

const STATEMENTS: HeaderName = HeaderName::from_static("byline-sql-statements");

/// A query in a JSON body.
pub async fn post(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    match asked(&state, &request, body).await {
        Ok(question) => match MediaType::negotiate(request.headers()) {
            Some(media_type) => run(&state, &request, question, media_type).await,
            None => not_acceptable(),
        },
        Err(response) => response,
    }
}

/// A query in the address. It cannot change anything: a mutation needs POST.
pub async fn get(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let Some(media_type) = MediaType::negotiate(request.headers()) else { return not_acceptable() };
    let question = match asked_by_get(&state, &request) {
        Ok(question) => question,
        Err(answer) => return send(&answer, media_type, None),
    };
    if !state.documents.only_reads(&question) {
        let mut answer = refused("query", "a mutation needs POST; GET serves queries only");
        answer.status = 405;
        return send(&answer, media_type, Some((ALLOW, "POST".to_owned())));
    }
    run(&state, &request, question, media_type).await
}

async fn run(state: &State, request: &HttpRequest, question: Question, media_type: MediaType) -> HttpResponse {
    let language = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let actor = match caller::actor(state, request).await {
        Ok(actor) => actor,
        Err(error) => return turned_away(&error, media_type),
    };
    let reader = match caller::reader(state, request).await {
        Ok(reader) => reader,
        Err(error) => return turned_away(&error, media_type),
    };
    // What only some may see is kept nowhere.
    let is_private = reader.preview().is_some() || request.headers().contains_key(AUTHORIZATION);
    let once = match once::once(request, &question) {
        Ok(once) => once.filter(|_| !matches!(actor.who, Who::Anonymous) && !state.documents.only_reads(&question)),
        Err(error) => return send(&refusal(&error), media_type, None),
    };
    if let Some(once) = &once {
        match state.app.answer_before(&actor, once).await {
            Ok(None) => {}
            Ok(Some(answer)) => return replayed(answer, media_type),
            Err(error) => return send(&refusal(&error), media_type, None),
        }
    }
    let asker = Asker { actor: actor.clone(), reader: reader.clone(), accept_language: language, once: once.clone() };
    let answer = state.documents.answer(&state.app, asker, question).await;
    if let Some(once) = once.filter(|_| answer.executed && answer.response.errors.is_empty())
        && let Ok(text) = serde_json::to_string(&answer.response)
        && let Err(error) = state.app.keep_answer(&actor, &once, &text).await
    {
        // What was asked is done; who asks again learns that instead of the answer.
        error.log();
    }
    let statements = state.config.http.statement_count.then(|| (STATEMENTS, reader.statements().to_string()));
    let mut response = send(&answer, media_type, statements);
    if is_private {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The answer that the same request got before.
fn replayed(answer: String, media_type: MediaType) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type.name()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("idempotency-replayed", "true"))
        .body(answer)
}

/// The answer to a credential that is not believed.
pub fn turned_away(error: &Error, media_type: MediaType) -> HttpResponse {
    let challenge = (WWW_AUTHENTICATE, problem::INVALID_TOKEN.to_owned());
    send(&refusal(error), media_type, matches!(error, Error::Unauthenticated(_)).then_some(challenge))
}

#[derive(Serialize)]
struct Failed<'a> {
    errors: &'a [async_graphql::ServerError],
}

/// The one table of statuses. A request that could not be executed fails for readers of
/// `application/graphql-response+json`; readers of `application/json` learn it from the answer, except where the
/// request itself was malformed (marked 422 inside, sent as 400), too large, too slow, or made by the wrong method.
fn status(answer: &Answer, media_type: MediaType) -> u16 {
    match (answer.status, media_type) {
        (422, _) => 400,
        (400, MediaType::Json) => 200,
        (status, _) => status,
    }
}

/// Sends an answer.
pub fn send(answer: &Answer, media_type: MediaType, header: Option<(HeaderName, String)>) -> HttpResponse {
    let body = if answer.executed {
        serde_json::to_vec(&answer.response)
    } else {
        serde_json::to_vec(&Failed { errors: &answer.response.errors })
    };
    let Ok(body) = body else { return problem::problem(&Error::internal("an answer could not be written")) };
    let status = StatusCode::from_u16(status(answer, media_type)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, media_type.name()))
        .insert_header((VARY, "accept, accept-encoding, accept-language, authorization, byline-preview"));
    if let Some(header) = header {
        response.insert_header(header);
    }
    response.body(body)
}

/// None of the media types that the client accepts is ours.
pub fn not_acceptable() -> HttpResponse {
    HttpResponse::NotAcceptable()
        .content_type("text/plain; charset=utf-8")
        .body("Answers are application/graphql-response+json or application/json.\n")
}
