//! What an answer cost, for those who may know: `X-Byline-Trace: 1`.

use super::State;
use super::cache::Key;
use super::documents::Answer;
use crate::domain::actor::{Actor, Who};
use crate::error::{Error, Result};
use crate::service::Reader;
use actix_web::HttpRequest;
use async_graphql::{Value, value};

const HEADER: &str = "x-byline-trace";

/// What the library calls its own measures of a question.
const MEASURED: &str = "analyzer";

/// Whether a request brings the header.
pub fn is_asked(request: &HttpRequest) -> bool {
    request.headers().contains_key(HEADER)
}

/// Whether to say what the answer cost. Whoever may not know it is told so.
pub fn allowed(state: &State, request: &HttpRequest, actor: &Actor) -> Result<bool> {
    let Some(header) = request.headers().get(HEADER) else { return Ok(false) };
    match header.as_bytes() {
        b"0" => return Ok(false),
        b"1" => {}
        _ => return Err(Error::invalid("X-Byline-Trace", "must be 1, or 0")),
    }
    let roles = &state.config.http.trace_roles;
    if matches!(&actor.who, Who::Person(person) if roles.contains(&person.role)) {
        return Ok(true);
    }
    let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let message = match names.as_slice() {
        [] => "X-Byline-Trace is switched off (http.trace_roles)".to_owned(),
        names => format!("X-Byline-Trace is answered to people with a role of: {}", names.join(", ")),
    };
    Err(Error::Forbidden(message))
}

/// Says in `extensions.cost` what an answer cost, whether readers get it from memory at the moment, and what it was made
/// from. `key` is what it would be kept by.
pub fn tell(state: &State, answer: &mut Answer, reader: &Reader, key: Option<&Key>) {
    let measured = answer.response.extensions.remove(MEASURED);
    let measure = |name: &str| match &measured {
        Some(Value::Object(measures)) => measures.get(name).cloned().unwrap_or_default(),
        _ => Value::Null,
    };
    let cached = key.is_some_and(|key| state.answers.find(key).is_some());
    let footprint = reader.notes().take().unwrap_or_default();
    let handles: Vec<Value> = footprint.handles().iter().map(|handle| Value::String(handle.to_string())).collect();
    let cost = value!({
        "complexity": measure("complexity"),
        "depth": measure("depth"),
        "statements": reader.statements(),
        "rows": reader.rows(),
        "cached": cached,
        "cacheable": key.is_some() && !footprint.untold && answer.response.errors.is_empty(),
        "keys": Value::List(handles),
    });
    answer.response.extensions.insert("cost".to_owned(), cost);
}
