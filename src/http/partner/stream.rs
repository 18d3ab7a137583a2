//! Changes as server-sent events. Each has its place as its id: whoever comes back goes on there, and thereby says that all
//! before it arrived.

use super::{State, asked, partner};
use crate::domain::partner::Partner;
use crate::domain::webhook::Format;
use crate::error::Result;
use crate::http::problem::problem;
use crate::service::App;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::watch;

/// How often something is sent, so that proxies keep the connection, and the partner's key is looked at.
const KEEP: Duration = Duration::from_secs(15);
/// How many changes are read at a time.
const PAGE: u32 = 20;

struct Place {
    app: App,
    request: (web::Data<State>, HttpRequest),
    partner: Partner,
    format: Format,
    after: i64,
    written: VecDeque<Bytes>,
    stopping: watch::Receiver<bool>,
}

/// Opens the stream behind `after`, or behind `Last-Event-ID`.
pub async fn open(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let (partner, parameters) = match asked(&state, &request, &["after", "format"]).await {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let last = request.headers().get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let read = || Ok((parameters.format(&request)?, last.or(parameters.position("after")?).unwrap_or(0)));
    let (format, after) = match read() {
        Ok(read) => read,
        Err(error) => return problem(&error),
    };
    // A place that was never given is refused before anything is sent, and what is before it has arrived.
    if let Err(error) = state.app.partner_acknowledge(&partner, after).await {
        return problem(&error);
    }
    let (app, stopping) = (state.app.clone(), state.stopping.clone());
    let request = (state, request);
    let written = VecDeque::from([Bytes::from_static(b":\n\n")]);
    let place = Place { app, request, partner, format, after, written, stopping };
    let events = stream::unfold(place, |mut place| async move {
        loop {
            if let Some(event) = place.written.pop_front() {
                return Some((Ok::<_, std::io::Error>(event), place));
            }
            place.read().await?;
        }
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        // A compressor would hold events back until it has enough of them.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(events))
}

impl Place {
    /// Reads what is next, or that there is nothing; nothing where the stream is over.
    async fn read(&mut self) -> Option<()> {
        let read = self.app.partner_changes_unread(&self.partner, self.format, self.after, PAGE, KEEP);
        let page = tokio::select! {
            page = read => page.inspect_err(crate::error::Error::log).ok()?,
            // The client comes back by itself, to the next server.
            _ = self.stopping.wait_for(|stopping| *stopping) => return None,
        };
        // A key that was revoked, or a partner that was disabled, gets nothing more.
        let (state, request) = &self.request;
        self.partner = fresh(state, request).await.ok()?;
        if page.items.is_empty() {
            self.written.push_back(Bytes::from_static(b":\n\n"));
            return Some(());
        }
        self.after = page.next;
        for item in page.items {
            let id = item.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
            self.written.push_back(Bytes::from(format!("event: change\nid: {id}\ndata: {item}\n\n")));
        }
        Some(())
    }
}

/// The partner as it is now, whatever is known of the request.
async fn fresh(state: &State, request: &HttpRequest) -> Result<Partner> {
    actix_web::HttpMessage::extensions_mut(request).clear();
    partner(state, request).await
}
