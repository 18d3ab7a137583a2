//! GraphQL over server-sent events, after the distinct connections mode of
//! <https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>. Each event has an id: a browser's `EventSource`
//! that lost its connection goes on where it was.

use super::accept::MediaType;
use super::documents::{Asker, Question};
use super::graphql::{send, turned_away};
use super::question::{asked, asked_by_get, posted};
use super::{State, caller};
use crate::domain::ids::EventId;
use crate::graphql::Place;
use actix_web::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::Response;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use std::fmt::Write;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

/// How often something is sent, so that proxies keep the connection.
const KEEP: Duration = Duration::from_secs(15);
/// How many events wait for a client that does not read them.
const WAITING: usize = 16;
const CUT: &str = "event: error\ndata: {\"message\":\"you read too slowly; go on after the last id that you have\",\
                   \"extensions\":{\"code\":\"RESUME\"}}\n\n";

/// A question in a JSON body.
pub async fn post(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let (body, media_type) = match posted(&state, &request, body).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    match asked(&state, &body) {
        Ok(question) => run(&state, &request, question).await,
        Err(answer) => send(&answer, media_type, None),
    }
}

/// A question in the address, as `EventSource` asks it.
pub async fn get(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    match asked_by_get(&state, &request) {
        Ok(question) if state.documents.changes_nothing(&question) => run(&state, &request, question).await,
        Ok(_) => super::problem::method_not_allowed("POST").await,
        Err(answer) => send(&answer, MediaType::GraphqlResponse, None),
    }
}

async fn run(state: &web::Data<State>, request: &HttpRequest, question: Question) -> HttpResponse {
    let language = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let (actor, reader) = match (caller::actor(state, request).await, caller::reader(state, request).await) {
        (Ok(actor), Ok(reader)) => (actor, reader),
        (Err(error), _) | (_, Err(error)) => return turned_away(&error, MediaType::GraphqlResponse),
    };
    let last = request.headers().get("last-event-id").and_then(|value| value.to_str().ok()?.parse::<EventId>().ok());
    let place = last.map(Place::resume).unwrap_or_default();
    let asker = Asker { actor, reader, accept_language: language, once: None, traced: false };
    let answers = match state.documents.subscribe(&state.app, asker, question, place.clone()).await {
        Ok(answers) => answers,
        Err(answer) => return send(&answer, MediaType::GraphqlResponse, None),
    };
    let (events, waiting) = mpsc::channel(WAITING);
    let (cut, was_cut) = oneshot::channel();
    let patience = Duration::from_secs(state.config.limits.consumer_seconds);
    actix_web::rt::spawn(tell(answers, place, Teller { events, patience, cut, stopping: state.stopping.clone() }));
    let told = stream::unfold(waiting, |mut waiting| async { Some((waiting.recv().await?, waiting)) });
    let end =
        stream::once(was_cut).filter_map(|cut| async move { cut.ok().map(|()| Bytes::from_static(CUT.as_bytes())) });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        // A compressor would hold events back until it has enough of them.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(told.chain(end).map(Ok::<_, std::io::Error>)))
}

struct Teller {
    events: mpsc::Sender<Bytes>,
    patience: Duration,
    cut: oneshot::Sender<()>,
    stopping: watch::Receiver<bool>,
}

/// Writes answers as events until there are no more, the client has gone, or it reads too slowly.
async fn tell(mut answers: BoxStream<'static, Response>, place: Place, mut teller: Teller) {
    let mut event = Bytes::from_static(b":\n\n");
    loop {
        match timeout(teller.patience, teller.events.send(event)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => {
                let _ = teller.cut.send(());
                return;
            }
        }
        event = tokio::select! {
            answer = answers.next() => match answer {
                Some(answer) => written(&answer, &place),
                None => break,
            },
            () = tokio::time::sleep(KEEP) => Bytes::from_static(b":\n\n"),
            // The client comes back by itself, to the next server.
            _ = teller.stopping.wait_for(|stopping| *stopping) => return,
            () = teller.events.closed() => return,
        };
    }
    let _ = timeout(teller.patience, teller.events.send(Bytes::from_static(b"event: complete\ndata:\n\n"))).await;
}

fn written(answer: &Response, place: &Place) -> Bytes {
    let mut text = String::from("event: next\n");
    if let Some(last) = place.last() {
        let _ = writeln!(text, "id: {last}");
    }
    let _ = write!(text, "data: {}\n\n", serde_json::to_string(answer).unwrap_or_default());
    Bytes::from(text)
}
