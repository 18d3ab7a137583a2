//! What everybody may see, whatever its format: from memory where it is there, made once where it is not.

use super::cache::{Encoding, Fresh, Kept, Key, Made};
use super::problem::{self, problem};
use super::{State, caller, trace};
use crate::error::{Error, Result};
use crate::service::Reader;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, HeaderValue,
    LOCATION, VARY,
};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures_util::FutureExt;

const STATEMENTS: HeaderName = HeaderName::from_static("byline-sql-statements");

/// What an answer depends on beside its address.
pub const VARIES: HeaderValue =
    HeaderValue::from_static("accept, accept-encoding, accept-language, authorization, byline-preview");

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// What is found at an address.
pub enum Found {
    /// A document, with what goes with it.
    Page(Vec<u8>, Vec<(HeaderName, HeaderValue)>),
    /// Another address is asked for now.
    Moved(String),
}

/// An answer that was made anew.
pub struct Anew {
    /// Its HTTP status.
    pub status: u16,
    /// Whether it has no errors: only then it may be kept.
    pub is_sound: bool,
    /// What it says.
    pub body: Vec<u8>,
    /// What goes with it whenever it is sent: `Link`, `Content-Language`, `Location`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl From<Result<Found>> for Anew {
    fn from(found: Result<Found>) -> Self {
        match found {
            Ok(Found::Page(body, headers)) => Self { status: 200, is_sound: true, body, headers },
            Ok(Found::Moved(to)) => {
                let location = HeaderValue::from_str(&to).ok().map(|to| (LOCATION, to));
                Self { status: 301, is_sound: false, body: Vec::new(), headers: location.into_iter().collect() }
            }
            Err(error) => {
                let (status, text) = problem::document(&error);
                Self { status: status.as_u16(), is_sound: false, body: text.into_bytes(), headers: Vec::new() }
            }
        }
    }
}

/// Whether a request shows nothing that lets it see more than everybody sees.
pub fn is_public(request: &HttpRequest) -> bool {
    !request.headers().contains_key(AUTHORIZATION) && !caller::may_preview(request) && !trace::is_asked(request)
}

/// The languages that a client prefers, as it says so.
pub fn accept_language(request: &HttpRequest) -> Option<&str> {
    request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok())
}

/// The answer to a question: from memory, or made by `make`, which gets the reader whose reads are noted.
pub async fn find_or_make(state: &State, key: Key, make: impl AsyncFnOnce(Reader) -> Anew) -> Fresh {
    if let Some(answer) = state.answers.find(&key) {
        return Fresh { status: 200, is_sound: true, statements: 0, answer };
    }
    // Before anything is read.
    let known = state.app.known();
    // It needs tens of kilobytes, which an answer from memory does not take.
    state.answers.make(key, known, made(state, make)).boxed_local().await
}

async fn made(state: &State, make: impl AsyncFnOnce(Reader) -> Anew) -> Made {
    let reader = state.app.public_reader();
    let Anew { status, is_sound, body, headers } = make(reader.clone()).await;
    let footprint = reader.notes().take().filter(|footprint| is_sound && !footprint.untold);
    let keys = state.cdn.as_ref().zip(footprint.as_ref()).and_then(|(cdn, footprint)| cdn.keys(footprint));
    let answer = Kept::new(body, keys, headers);
    Made { status, is_sound, statements: reader.statements(), answer, footprint }
}

/// Sends a whole answer, or says that the client has it already. It took `count` SQL statements.
pub fn whole(
    state: &State,
    request: &HttpRequest,
    answer: &Kept,
    content_type: &'static str,
    count: u32,
) -> HttpResponse {
    let encoding = answer.encoding(request.headers());
    let known = matches!(*request.method(), Method::GET | Method::HEAD) && answer.is_known(request.headers());
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, answer.etag(encoding))).insert_header((VARY, VARIES));
    for (name, value) in answer.headers() {
        response.append_header((name.clone(), value.clone()));
    }
    match (&state.cdn, answer.keys()) {
        // Nobody could purge it.
        (Some(_), None) => response.insert_header((CACHE_CONTROL, NO_STORE)),
        _ => response.insert_header((CACHE_CONTROL, state.cache_control.clone())),
    };
    if let (Some(cdn), Some(keys)) = (&state.cdn, answer.keys()) {
        response.insert_header((cdn.header.clone(), keys.clone()));
    }
    count_statements(state, &mut response, count);
    if known {
        return response.finish();
    }
    let body = match state.answers.body(answer, encoding) {
        Ok(body) => body,
        Err(error) => return problem(&Error::internal(error)),
    };
    response.insert_header((CONTENT_TYPE, HeaderValue::from_static(content_type)));
    if let Some(name) = encoding.name() {
        response.insert_header((CONTENT_ENCODING, HeaderValue::from_static(name)));
    }
    response.body(body)
}

/// Sends what was made for everybody and may not be kept: it has errors, or is found elsewhere.
pub fn unsound(state: &State, fresh: &Fresh, status: u16, content_type: &'static str) -> HttpResponse {
    let body = match state.answers.body(&fresh.answer, Encoding::Identity) {
        Ok(body) => body,
        Err(error) => return problem(&Error::internal(error)),
    };
    unkept(state, (status, content_type), fresh.answer.headers().iter().cloned(), body, fresh.statements)
}

/// Sends an answer of a status and a content type that is kept nowhere.
pub fn unkept(
    state: &State,
    (status, content_type): (u16, &'static str),
    headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
    body: impl Into<Bytes>,
    count: u32,
) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    let mut response = HttpResponse::build(status);
    response.insert_header((VARY, VARIES));
    // Who is sent elsewhere is sent no document.
    if !status.is_redirection() {
        response.insert_header((CONTENT_TYPE, HeaderValue::from_static(content_type)));
    }
    for header in headers {
        response.append_header(header);
    }
    // Some caches keep what does not forbid it, and nobody would tell them when it is over.
    response.insert_header((CACHE_CONTROL, NO_STORE));
    count_statements(state, &mut response, count);
    response.body(body.into())
}

fn count_statements(state: &State, response: &mut HttpResponseBuilder, count: u32) {
    if let Some(header) = statements(state, count) {
        response.insert_header(header);
    }
}

/// How many SQL statements an answer took, for tests.
pub fn statements(state: &State, count: u32) -> Option<(HeaderName, String)> {
    state.config.http.statement_count.then(|| (STATEMENTS, count.to_string()))
}
