//! Subscriptions as server-sent events.

use crate::on_both;
use crate::support::{Newsroom, Server};
use serde_json::{Value, json};
use std::time::Duration;

const CHANGES: &str = "subscription { changes { id kind } }";

/// An event, as a browser's `EventSource` reads it.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: String,
}

/// An open stream of events.
pub struct Events {
    response: reqwest::Response,
    text: String,
}

impl Events {
    /// Asks from behind an event, as a client that lost its connection does.
    pub async fn open(server: &Server, query: &str, last: Option<&str>) -> Self {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let mut request = server.get(&format!("/graphql/stream?query={query}")).header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut events = Self { response, text: String::new() };
        events.fill().await;
        events
    }

    async fn fill(&mut self) -> bool {
        let chunk = tokio::time::timeout(Duration::from_secs(30), self.response.chunk()).await;
        let chunk = chunk.expect("nothing came for 30 s").unwrap();
        self.text
            .push_str(&chunk.as_ref().map(|chunk| String::from_utf8_lossy(chunk).into_owned()).unwrap_or_default());
        chunk.is_some()
    }

    /// The next event; comments are left out. None at the end.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((text, rest)) = self.text.split_once("\n\n") {
                let mut event = Event::default();
                for line in text.lines() {
                    let (field, value) = line.split_once(':').unwrap();
                    match field {
                        "event" => event.name = value.trim_start().to_owned(),
                        "id" => event.id = value.trim_start().to_owned(),
                        "data" => event.data = value.trim_start().to_owned(),
                        _ => {}
                    }
                }
                self.text = rest.to_owned();
                if !event.name.is_empty() {
                    return Some(event);
                }
            }
            if !self.fill().await {
                return None;
            }
        }
    }

    pub async fn change(&mut self) -> Value {
        let event = self.next().await.expect("the stream ended");
        assert_eq!(event.name, "next", "{event:?}");
        let data: Value = serde_json::from_str(&event.data).unwrap();
        let change = data["data"]["changes"].clone();
        assert_eq!(change["id"], event.id.as_str());
        change
    }
}

on_both! {
    a_browser_goes_on_where_it_lost_its_connection(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let mut events = Events::open(&server, CHANGES, None).await;
        let (_, variant) = server.write(&editor, "ko", "글").await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        let first = events.change().await;
        assert_eq!(first["kind"], "PUBLISHED");
        drop(events);
        server.done(&editor, "addCorrection", &variant, json!({"kind": "UPDATE", "text": "x"})).await;
        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "x"})).await;
        let mut events = Events::open(&server, CHANGES, first["id"].as_str()).await;
        assert_eq!(events.change().await["kind"], "CORRECTED");
        assert_eq!(events.change().await["kind"], "WITHDRAWN");
    }
}

#[tokio::test]
async fn a_query_is_answered_once_and_what_cannot_be_run_is_refused_as_json() {
    let server = Server::empty(&[]).await;
    let mut events = Events::open(&server, "{ languages { tag } }", None).await;
    let answer = events.next().await.unwrap();
    assert_eq!(answer.data, r#"{"data":{"languages":[{"tag":"ko"},{"tag":"en"}]}}"#);
    assert_eq!(events.next().await.unwrap().name, "complete");
    assert_eq!(events.next().await, None);

    let get = |query: &str| server.get(&format!("/graphql/stream?query={query}")).header("accept", "text/event-stream");
    let refused = get("{nothing}").send().await.unwrap();
    assert_eq!(refused.status(), 400);
    let error: Value = refused.json().await.unwrap();
    assert_eq!(error["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(get("mutation{x}").send().await.unwrap().status(), 405);
    assert_eq!(get("").send().await.unwrap().status(), 400);
    assert_eq!(get("{languages{tag}}").bearer_auth("nonsense").send().await.unwrap().status(), 401);
    let post = server
        .post("/graphql/stream")
        .header("accept", "text/event-stream")
        .json(&json!({"query": "{ languages { tag } }"}));
    let text = post.send().await.unwrap().text().await.unwrap();
    assert!(text.ends_with("event: complete\ndata:\n\n"), "{text}");
    assert_eq!(server.post("/graphql/stream").body("x").send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams() {
    let server = Server::empty(&[]).await;
    let mut events = Events::open(&server, CHANGES, None).await;
    let process = server.process_id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
    assert_eq!(events.next().await, None);
    assert!(server.wait().success());
}
