//! GraphQL over WebSocket, after the protocol `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).

use super::documents::{Asker, Question};
use super::question::question;
use super::{State, caller};
use crate::error::{Error, Result};
use crate::graphql::{Place, to_server_error};
use actix_web::http::header::{ACCEPT_LANGUAGE, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use actix_web::{HttpRequest, HttpResponse, guard, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Session};
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};

const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client may take to introduce itself.
const INIT: Duration = Duration::from_secs(10);
/// How often a silent client is asked whether it is there.
const PING: Duration = Duration::from_secs(20);
/// After how long without a word it is not.
const SILENCE: Duration = Duration::from_secs(60);

/// Why a connection is closed; 44xx as the protocol has them.
#[derive(Clone, Copy)]
enum Close {
    BadMessage,
    NotInitialised,
    Forbidden,
    InitTimeout,
    AlreadySubscribed,
    InitialisedTwice,
    TooMany,
    TooSlow,
    Stopping,
}

impl Close {
    fn reason(self) -> CloseReason {
        let (code, text) = match self {
            Self::BadMessage => (4400, "Invalid message"),
            Self::NotInitialised => (4401, "Unauthorized: send connection_init first"),
            Self::Forbidden => (4403, "Forbidden: the credential is not believed"),
            Self::InitTimeout => (4408, "Connection initialisation timeout"),
            Self::AlreadySubscribed => (4409, "Subscriber already exists"),
            Self::InitialisedTwice => (4429, "Too many initialisation requests"),
            Self::TooMany => (4430, "Too many operations on one connection"),
            Self::TooSlow => (4290, "RESUME: you read too slowly; subscribe again after the last id that you have"),
            Self::Stopping => (1001, "RESUME: the server stops; subscribe again after the last id that you have"),
        };
        CloseReason { code: CloseCode::from(code), description: Some(text.to_owned()) }
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum FromClient {
    ConnectionInit { payload: Option<Value> },
    Subscribe { id: String, payload: Map<String, Value> },
    Complete { id: String },
    Ping { payload: Option<Value> },
    Pong,
}

/// One client's connection. Everything that belongs to it runs on one thread.
struct Connection {
    state: web::Data<State>,
    request: HttpRequest,
    session: Session,
    /// What the client showed when it introduced itself; none before.
    shown: RefCell<Option<Shown>>,
    running: RefCell<HashMap<String, AbortHandle>>,
    over: Notify,
}

/// The credential in `connection_init`: browsers cannot set headers.
struct Shown(Option<String>);

/// Whether a request wants a WebSocket.
pub fn is_upgrade(context: &guard::GuardContext<'_>) -> bool {
    let upgrade = context.head().headers().get(UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// Opens the connection.
pub async fn open(state: web::Data<State>, request: HttpRequest, body: web::Payload) -> HttpResponse {
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).filter_map(|value| value.to_str().ok());
    if !offered.flat_map(|value| value.split(',')).any(|protocol| protocol.trim() == PROTOCOL) {
        let text = "The WebSocket speaks the sub-protocol graphql-transport-ws: offer it in Sec-WebSocket-Protocol.\n";
        return HttpResponse::BadRequest().content_type("text/plain; charset=utf-8").body(text);
    }
    let (response, session, messages) = match actix_ws::handle_with_protocols(&request, body, &[PROTOCOL]) {
        Ok(opened) => opened,
        Err(error) => return error.error_response(),
    };
    let limit = state.config.limits.body_bytes;
    let messages = messages.max_frame_size(limit).aggregate_continuations().max_continuation_size(limit);
    let connection = Rc::new(Connection {
        state,
        request,
        session,
        shown: RefCell::default(),
        running: RefCell::default(),
        over: Notify::new(),
    });
    actix_web::rt::spawn(async move {
        if let Some(close) = connection.clone().converse(messages).await {
            connection.close(close).await;
        }
        connection.running.take().into_values().for_each(|running| running.abort());
    });
    response
}

impl Connection {
    /// Reads what the client sends until one of both has enough; gives why, where the client is still there.
    async fn converse(self: Rc<Self>, mut messages: AggregatedMessageStream) -> Option<Close> {
        let (opened, mut heard) = (Instant::now(), Instant::now());
        let mut stopping = self.state.stopping.clone();
        let mut ticks = interval(PING);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let initialised = self.shown.borrow().is_some();
            let init_left = if initialised { SILENCE } else { INIT.saturating_sub(opened.elapsed()) };
            let message = tokio::select! {
                message = messages.recv() => message?,
                () = self.over.notified() => return None,
                _ = stopping.wait_for(|stopping| *stopping) => return Some(Close::Stopping),
                () = tokio::time::sleep(init_left), if !initialised => return Some(Close::InitTimeout),
                _ = ticks.tick() => {
                    if heard.elapsed() > SILENCE {
                        return None;
                    }
                    // Who does not read is found out by the answers; the ping only asks who is gone.
                    let _ = timeout(PING, self.session.clone().ping(b"")).await;
                    continue;
                }
            };
            heard = Instant::now();
            let close = match message {
                Ok(AggregatedMessage::Text(text)) => self.hear(&text).await,
                Ok(AggregatedMessage::Ping(bytes)) => {
                    self.session.clone().pong(&bytes).await.ok()?;
                    None
                }
                Ok(AggregatedMessage::Pong(_)) => None,
                Ok(AggregatedMessage::Close(_)) => return None,
                Ok(AggregatedMessage::Binary(_)) | Err(_) => Some(Close::BadMessage),
            };
            if close.is_some() {
                return close;
            }
        }
    }

    async fn hear(self: &Rc<Self>, text: &str) -> Option<Close> {
        let Ok(message) = serde_json::from_str(text) else { return Some(Close::BadMessage) };
        match message {
            FromClient::ConnectionInit { payload } => {
                if self.shown.borrow().is_some() {
                    return Some(Close::InitialisedTwice);
                }
                let shown = Shown(payload.as_ref().and_then(authorization));
                if self.actor(&shown).await.is_err() {
                    return Some(Close::Forbidden);
                }
                self.shown.replace(Some(shown));
                self.send(&json!({"type": "connection_ack"})).await;
            }
            FromClient::Subscribe { id, payload } => return self.subscribe(id, payload),
            FromClient::Complete { id } => {
                if let Some(running) = self.running.borrow_mut().remove(&id) {
                    running.abort();
                }
            }
            FromClient::Ping { payload } => {
                let mut pong = json!({"type": "pong"});
                if let (Some(payload), Some(pong)) = (payload, pong.as_object_mut()) {
                    pong.insert("payload".to_owned(), payload);
                }
                self.send(&pong).await;
            }
            FromClient::Pong => {}
        }
        None
    }

    fn subscribe(self: &Rc<Self>, id: String, payload: Map<String, Value>) -> Option<Close> {
        if self.shown.borrow().is_none() {
            return Some(Close::NotInitialised);
        }
        let question = match question(&self.state.documents, payload) {
            // Malformed, or not to be run.
            Err(answer) if answer.status == 422 => return Some(Close::BadMessage),
            asked => asked.map_err(|answer| answer.response.errors),
        };
        let mut running = self.running.borrow_mut();
        if running.contains_key(&id) {
            return Some(Close::AlreadySubscribed);
        }
        if running.len() >= self.state.config.limits.subscriptions {
            return Some(Close::TooMany);
        }
        let (connection, name) = (self.clone(), id.clone());
        let task = actix_web::rt::spawn(async move {
            match question {
                Ok(question) => connection.answer(&name, question).await,
                Err(errors) => connection.fail(&name, errors).await,
            }
            connection.running.borrow_mut().remove(&name);
        });
        running.insert(id, task.abort_handle());
        None
    }

    async fn answer(&self, id: &str, question: Question) {
        let mut answers = match self.ask(question).await {
            Ok(answers) => answers,
            Err(errors) => return self.fail(id, errors).await,
        };
        while let Some(answer) = answers.next().await {
            if !self.send(&json!({"type": "next", "id": id, "payload": answer})).await {
                return;
            }
        }
        self.send(&json!({"type": "complete", "id": id})).await;
    }

    async fn fail(&self, id: &str, errors: Vec<async_graphql::ServerError>) {
        self.send(&json!({"type": "error", "id": id, "payload": errors})).await;
    }

    async fn ask(
        &self,
        question: Question,
    ) -> Result<futures_util::stream::BoxStream<'static, async_graphql::Response>, Vec<async_graphql::ServerError>>
    {
        let refused = |error: Error| vec![to_server_error(&error)];
        let shown = Shown(self.shown.borrow().as_ref().and_then(|shown| shown.0.clone()));
        // Each operation asks anew: a token that has expired since counts no more.
        let actor = self.actor(&shown).await.map_err(refused)?;
        let reader = caller::reader(&self.state, &self.request).await.map_err(refused)?;
        let language = self.request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let asker = Asker { actor, reader, accept_language: language, once: None, traced: false };
        let subscribed = self.state.documents.subscribe(&self.state.app, asker, question, Place::default()).await;
        subscribed.map_err(|refused| refused.response.errors)
    }

    async fn actor(&self, shown: &Shown) -> Result<crate::domain::actor::Actor> {
        match &shown.0 {
            Some(authorization) => caller::believed(&self.state, &self.request, Some(authorization)).await,
            None => caller::actor(&self.state, &self.request).await,
        }
    }

    /// Whether the client took it. One that does not take anything for too long is cut off.
    async fn send(&self, message: &Value) -> bool {
        let patience = Duration::from_secs(self.state.config.limits.consumer_seconds);
        match timeout(patience, self.session.clone().text(message.to_string())).await {
            Ok(Ok(())) => true,
            Ok(Err(_)) => {
                self.over.notify_one();
                false
            }
            Err(_) => {
                self.close(Close::TooSlow).await;
                self.over.notify_one();
                false
            }
        }
    }

    /// Says why it ends, for as long as the client may be bothered to read it.
    async fn close(&self, close: Close) {
        let _ = timeout(SILENCE, self.session.clone().close(Some(close.reason()))).await;
    }
}

fn authorization(payload: &Value) -> Option<String> {
    let fields = payload.as_object()?;
    let (_, value) = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    // What is there but no text is a credential that cannot be believed.
    Some(value.as_str().unwrap_or_default().to_owned())
}
