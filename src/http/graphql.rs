//! The GraphQL endpoint, after GraphQL over HTTP. Status codes are those that the ecosystem's audit suite expects.

use super::accept::MediaType;
use super::cache::Key;
use super::documents::{Answer, Asker, Question, refusal};
use super::problem;
use super::public::{Anew, VARIES, accept_language, find_or_make, is_public, statements, unsound, whole};
use super::question::{asked, asked_by_get, posted, refused};
use super::{State, caller, once, trace};
use crate::domain::actor::Who;
use crate::error::Error;
use crate::service::Reader;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, VARY, WWW_AUTHENTICATE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::FutureExt;
use serde::Serialize;

// What runs a question needs 30 KB while it does so: behind a pointer, so that answers from memory neither take nor move
// them.

/// A query in a JSON body.
pub async fn post(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let (body, media_type) = match posted(&state, &request, body).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let written = as_written(&state, &request, &body);
    if let Some(answer) = written.and_then(|written| state.answers.find_as_written(&written)) {
        return whole(&state, &request, &answer, media_type.name(), 0);
    }
    match asked(&state, &body) {
        Ok(question) => run(&state, &request, (question, written), media_type).boxed_local().await,
        Err(answer) => send(&answer, media_type, None),
    }
}

/// A query in the address. It cannot change anything: a mutation needs POST.
pub async fn get(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let Some(media_type) = MediaType::negotiate(request.headers()) else { return not_acceptable() };
    let written = as_written(&state, &request, request.query_string().as_bytes());
    if let Some(answer) = written.and_then(|written| state.answers.find_as_written(&written)) {
        return whole(&state, &request, &answer, media_type.name(), 0);
    }
    let question = match asked_by_get(&state, &request) {
        Ok(question) => question,
        Err(answer) => return send(&answer, media_type, None),
    };
    if !state.documents.only_reads(&question) {
        let mut answer = refused("query", "a mutation needs POST; GET serves queries only");
        answer.status = 405;
        return send(&answer, media_type, Some((ALLOW, "POST".to_owned())));
    }
    run(&state, &request, (question, written), media_type).boxed_local().await
}

async fn run(
    state: &State,
    request: &HttpRequest,
    (question, written): (Question, Option<Key>),
    media_type: MediaType,
) -> HttpResponse {
    let key = state.documents.key(&state.app, &question, accept_language(request)).await;
    match key {
        Some(key) if is_public(request) => {
            if let Some(written) = written {
                state.answers.remember_question(written, key);
            }
            public(state, request, question, key, media_type).await
        }
        key => {
            let answer = named(state, request, question, key, media_type).await;
            answer.unwrap_or_else(|error| turned_away(&error, media_type))
        }
    }
}

/// Answers somebody in particular. `key` is what the answer would be kept by if everybody might see it.
async fn named(
    state: &State,
    request: &HttpRequest,
    question: Question,
    key: Option<Key>,
    media_type: MediaType,
) -> Result<HttpResponse, Error> {
    let actor = caller::actor(state, request).await?;
    let mut reader = caller::reader(state, request).await?;
    let traced = trace::allowed(state, request, &actor)?;
    if traced {
        reader = reader.noting();
    }
    let changes = !matches!(actor.who, Who::Anonymous) && !state.documents.only_reads(&question);
    let once = once::once(request, &question)?.filter(|_| changes);
    if let Some(once) = &once
        && let Some(answer) = state.app.answer_before(&actor, once).await?
    {
        return Ok(replayed(answer, media_type));
    }
    let accept_language = accept_language(request);
    let asker = Asker { actor: actor.clone(), reader: reader.clone(), accept_language, once: once.clone(), traced };
    let mut answer = state.documents.answer(&state.app, asker, question).await;
    if traced {
        trace::tell(state, &mut answer, &reader, key.as_ref());
    }
    if let Some(once) = once.filter(|_| answer.executed && answer.response.errors.is_empty())
        && let Ok(text) = serde_json::to_string(&answer.response)
        && let Err(error) = state.app.keep_answer(&actor, &once, &text).await
    {
        // What was asked is done; who asks again learns that instead of the answer.
        error.log();
    }
    let mut response = send(&answer, media_type, statements(state, reader.statements()));
    // What only some may see is kept nowhere.
    if !is_public(request) {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// What a question is remembered by as it was written; nothing where it has to be decoded each time.
fn as_written(state: &State, request: &HttpRequest, text: &[u8]) -> Option<Key> {
    // Which documents are trusted can change while the service runs.
    if state.config.documents.only_trusted || !is_public(request) {
        return None;
    }
    let language = state.app.languages().negotiate(accept_language(request));
    Some(Key::as_written(request.method() == Method::POST, text, &language))
}

/// Answers what everybody may see: from memory where it is there.
async fn public(
    state: &State,
    request: &HttpRequest,
    question: Question,
    key: Key,
    media_type: MediaType,
) -> HttpResponse {
    let make = async |reader| anew(state, request, question, reader).await;
    let fresh = find_or_make(state, key, make).await;
    if fresh.is_sound {
        return whole(state, request, &fresh.answer, media_type.name(), fresh.statements);
    }
    unsound(state, &fresh, status(fresh.status, media_type).as_u16(), media_type.name())
}

/// Makes an answer that everybody may see.
async fn anew(state: &State, request: &HttpRequest, question: Question, reader: Reader) -> Anew {
    let (actor, once) = (caller::anybody(state, request), None);
    let asker = Asker { actor, reader, accept_language: accept_language(request), once, traced: false };
    let answer = state.documents.answer(&state.app, asker, question).await;
    let is_sound = answer.executed && answer.response.errors.is_empty();
    Anew { status: answer.status, is_sound, body: written(&answer), headers: Vec::new() }
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
fn status(answered: u16, media_type: MediaType) -> StatusCode {
    let status = match (answered, media_type) {
        (422, _) => 400,
        (400, MediaType::Json) => 200,
        (status, _) => status,
    };
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An answer as JSON.
fn written(answer: &Answer) -> Vec<u8> {
    let body = if answer.executed {
        serde_json::to_vec(&answer.response)
    } else {
        serde_json::to_vec(&Failed { errors: &answer.response.errors })
    };
    // Nothing in an answer has a form that JSON lacks.
    body.unwrap_or_default()
}

/// Sends an answer.
pub fn send(answer: &Answer, media_type: MediaType, header: Option<(HeaderName, String)>) -> HttpResponse {
    let body = written(answer);
    let mut response = HttpResponse::build(status(answer.status, media_type));
    response.insert_header((CONTENT_TYPE, media_type.name())).insert_header((VARY, VARIES));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_from_memory_takes_less_than_half_a_kilobyte_while_it_is_sent() {
        fn by_get<F>(_: impl Fn(web::Data<State>, HttpRequest) -> F) -> usize {
            size_of::<F>()
        }
        fn by_post<F>(_: impl Fn(web::Data<State>, HttpRequest, web::Payload) -> F) -> usize {
            size_of::<F>()
        }
        assert!(by_get(get) < 512, "{}", by_get(get));
        assert!(by_post(post) < 512, "{}", by_post(post));
    }
}
