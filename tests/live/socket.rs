//! Subscriptions over WebSocket: the protocol graphql-transport-ws, spoken by a client that is not ours.

use crate::on_both;
use crate::support::{Database, Kind, Newsroom, Server};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const CHANGES: &str = "subscription($after: String, $filter: ChangeFilter) { changes(after: $after, filter: $filter) {
    id kind language article { variants { language title } } } }";

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn connect(server: &Server, protocol: Option<&str>) -> Result<Self, Error> {
        let address = server.address().replace("http://", "ws://");
        let mut request = format!("{address}/graphql").into_client_request().unwrap();
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        Ok(Self(connect_async(request).await?.0))
    }

    async fn open(server: &Server) -> Self {
        Self::connect(server, Some("graphql-transport-ws")).await.unwrap()
    }

    /// A connection that has introduced itself.
    pub async fn ready(server: &Server) -> Self {
        let mut socket = Self::open(server).await;
        socket.send(json!({"type": "connection_init"})).await;
        assert_eq!(socket.receive().await, json!({"type": "connection_ack"}));
        socket
    }

    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({"query": query, "variables": variables});
        self.send(json!({"type": "subscribe", "id": id, "payload": payload})).await;
    }

    /// The next message, whatever it is.
    async fn next(&mut self) -> Message {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(30), self.0.next()).await;
            let message = next.expect("nothing came for 30 s").expect("the connection ended").unwrap();
            if !message.is_ping() && !message.is_pong() {
                return message;
            }
        }
    }

    pub async fn receive(&mut self) -> Value {
        match self.next().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// What the next change of a subscription says.
    async fn change(&mut self) -> Value {
        let message = self.receive().await;
        assert_eq!(message["type"], "next", "{message:#}");
        message["payload"]["data"]["changes"].clone()
    }

    /// The code that the connection is closed with.
    async fn closed(&mut self) -> u16 {
        match self.next().await {
            Message::Close(Some(frame)) => frame.code.into(),
            other => panic!("{other:?}"),
        }
    }
}

on_both! {
    a_subscriber_learns_of_each_change_and_of_nothing_unpublished(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let mut socket = Socket::ready(&server).await;
        let (_, before) = server.write(&editor, "ko", "먼저").await;
        server.bring(&editor, &before, "PUBLISHED").await;
        socket.subscribe("1", CHANGES, json!({})).await;
        // A query on the same connection is answered after the subscription has begun.
        socket.subscribe("2", "{ languages { tag } }", json!({})).await;
        let answer = json!({"type": "next", "id": "2", "payload": {"data": {"languages": [{"tag": "ko"}, {"tag": "en"}]}}});
        assert_eq!(socket.receive().await, answer);
        assert_eq!(socket.receive().await, json!({"type": "complete", "id": "2"}));

        let (_, draft) = server.write(&editor, "ko", "초안").await;
        server.done(&editor, "submitVariant", &draft, json!({})).await;
        let (_, variant) = server.write(&editor, "ko", "둘째").await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "x"})).await;
        let published = socket.change().await;
        assert_eq!((&published["kind"], &published["language"]), (&json!("PUBLISHED"), &json!("ko")));
        let withdrawn = socket.change().await;
        assert_eq!((&withdrawn["kind"], &withdrawn["article"]), (&json!("WITHDRAWN"), &Value::Null));

        // Whoever remembers an id goes on there, on any server.
        let beside = server.beside();
        let mut other = Socket::ready(&beside).await;
        other.subscribe("a", CHANGES, json!({"after": published["id"]})).await;
        assert_eq!(other.change().await, withdrawn);
        server.done(&editor, "addCorrection", &before, json!({"kind": "UPDATE", "text": "x"})).await;
        for socket in [&mut socket, &mut other] {
            assert_eq!(socket.change().await["kind"], "CORRECTED");
        }
        socket.send(json!({"type": "complete", "id": "1"})).await;
        socket.send(json!({"type": "ping", "payload": {"still": "here"}})).await;
        assert_eq!(socket.receive().await, json!({"type": "pong", "payload": {"still": "here"}}));
        socket.subscribe("1", CHANGES, json!({"after": withdrawn["id"]})).await;
        assert_eq!(socket.change().await["kind"], "CORRECTED");
    }

    a_change_shows_the_story_as_it_is_then_not_as_it_was_when_the_subscription_began(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let (_, variant) = server.write(&editor, "ko", "하나").await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        let mut socket = Socket::ready(&server).await;
        socket.subscribe("1", CHANGES, json!({"after": "evt_0000000000000"})).await;
        assert_eq!(socket.change().await["article"]["variants"][0]["title"], "하나");
        for title in ["둘", "셋"] {
            server.done(&editor, "reviseVariant", &variant, json!({"text": {"title": title}})).await;
            server.done(&editor, "publishVariant", &variant, json!({})).await;
            assert_eq!(socket.change().await["article"]["variants"][0]["title"], title);
        }
    }

    a_filter_leaves_the_other_changes_out_and_a_query_agrees(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let mut ids = Vec::new();
        for language in ["ko", "en", "ko"] {
            let (article, variant) = server.write(&editor, language, "글").await;
            server.bring(&editor, &variant, "PUBLISHED").await;
            server.done(&editor, "addCorrection", &variant, json!({"kind": "UPDATE", "text": "x"})).await;
            ids.push(article);
        }
        let query = "query($filter: ChangeFilter) { changes(first: 100, filter: $filter) { edges { node { id } } } }";
        for (filter, expected) in [
            (json!({"languages": ["en"]}), 2),
            (json!({"kinds": ["CORRECTED"]}), 3),
            (json!({"articles": [ids[0], ids[1]], "kinds": ["PUBLISHED"]}), 2),
            (json!({"languages": ["ko"], "articles": [ids[1]]}), 0),
            (json!({"kinds": [], "languages": [], "articles": []}), 6),
        ] {
            let found = server.query_with(query, json!({ "filter": filter })).await;
            let found = found.data("/changes/edges").as_array().unwrap().clone();
            assert_eq!(found.len(), expected, "{filter}");
            let mut socket = Socket::ready(&server).await;
            socket.subscribe("1", CHANGES, json!({"filter": filter, "after": "evt_0000000000000"})).await;
            for edge in found {
                assert_eq!(socket.change().await["id"], edge["node"]["id"], "{filter}");
            }
        }
        for (filter, path) in [(json!({"languages": ["fr"]}), "language"), (json!({"articles": ["x"]}), "filter.articles")] {
            let reply = server.query_with(query, json!({ "filter": filter })).await;
            assert_eq!(reply.codes(), ["INVALID"]);
            assert!(reply.message().starts_with(path), "{}", reply.message());
        }
    }
}

async fn empty() -> Server {
    Server::start(Database::empty(Kind::Sqlite).await, &[("BYLINE_LIMITS__SUBSCRIPTIONS", "2")])
}

#[tokio::test]
async fn who_breaks_the_protocol_is_told_how_by_the_code() {
    let server = empty().await;
    for protocol in [None, Some("graphql-ws")] {
        let Err(Error::Http(response)) = Socket::connect(&server, protocol).await else { panic!("{protocol:?}") };
        assert_eq!(response.status(), 400, "{protocol:?}");
    }
    let subscribe = |id: &str| json!({"type": "subscribe", "id": id, "payload": {"query": CHANGES}});
    let init = json!({"type": "connection_init"});
    let believed = json!({"type": "connection_init", "payload": {"Authorization": "Bearer nonsense"}});
    for (messages, code) in [
        (vec![subscribe("1")], 4401),
        (vec![json!({"type": "start"})], 4400),
        (vec![json!("text")], 4400),
        (vec![init.clone(), json!({"type": "subscribe", "id": "1", "payload": {"query": 1}})], 4400),
        (vec![init.clone(), init.clone()], 4429),
        (vec![init.clone(), subscribe("1"), subscribe("1")], 4409),
        (vec![init.clone(), subscribe("1"), subscribe("2"), subscribe("3")], 4430),
        (vec![believed], 4403),
    ] {
        let mut socket = Socket::open(&server).await;
        for message in &messages {
            socket.send(message.clone()).await;
        }
        if messages[0] == init {
            assert_eq!(socket.receive().await["type"], "connection_ack");
        }
        assert_eq!(socket.closed().await, code, "{messages:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_run_ends_that_operation_and_no_other() {
    let server = empty().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("good", "subscription { changes { id } }", json!({})).await;
    for (query, code) in [
        ("subscription { changes { nothing } }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
    ] {
        socket.subscribe("bad", query, json!({})).await;
        let error = socket.receive().await;
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!("bad")));
        assert_eq!(error["payload"][0]["extensions"]["code"], code);
    }
    socket.subscribe("bad", "subscription { changes(after: \"x\") { id } }", json!({})).await;
    let message = socket.receive().await;
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "INVALID", "{message:#}");
    assert_eq!(socket.receive().await, json!({"type": "complete", "id": "bad"}));
    let plain = server.query("subscription { changes { id } }").await;
    assert_eq!((plain.status, plain.codes()), (400, vec!["INVALID"]));
    assert!(plain.message().contains("/graphql/stream"), "{}", plain.message());
}

#[tokio::test]
async fn staff_sign_in_on_the_socket_and_work_there() {
    let server = empty().await;
    let editor = server.staff("editor").await;
    let mut socket = Socket::open(&server).await;
    let authorization = format!("Bearer {}", editor.access);
    socket.send(json!({"type": "connection_init", "payload": {"authorization": authorization}})).await;
    socket.receive().await;
    let write = "mutation { createArticle(input: {language: \"ko\", text: {title: \"x\"}}) { variant { state } } }";
    socket.subscribe("1", write, json!({})).await;
    assert_eq!(socket.receive().await["payload"]["data"]["createArticle"]["variant"]["state"], "DRAFT");
}

#[tokio::test]
async fn a_server_that_stops_tells_its_subscribers_and_does_not_wait_for_them() {
    let server = empty().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", CHANGES, json!({})).await;
    let process = server.process_id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &process]).status().unwrap().success());
    assert_eq!(socket.closed().await, 1001);
    drop(socket);
    assert!(server.wait().success());
}

#[tokio::test]
async fn who_reads_too_slowly_is_cut_off_and_told_to_resume() {
    let settings = [("BYLINE_LIMITS__CONSUMER_SECONDS", "1"), ("BYLINE_LIMITS__COMPLEXITY", "1000000")];
    let database = Database::empty(Kind::Sqlite).await;
    let server = Server::start(database, &settings);
    let editor = server.staff("editor").await;
    let (_, variant) = server.write(&editor, "ko", "긴 글").await;
    let long = "낱말이 많은 문단. ".repeat(8_000);
    server.done(&editor, "reviseVariant", &variant, json!({"text": {"body": {"markdown": long}}})).await;
    server.bring(&editor, &variant, "PUBLISHED").await;
    for _ in 0..100 {
        server.done(&editor, "addCorrection", &variant, json!({"kind": "UPDATE", "text": "x"})).await;
    }
    let query = "subscription { changes(after: \"evt_0000000000000\") { id article { variants { body { html text markdown } } } } }";
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", query, json!({})).await;
    let first = socket.receive().await;
    // Being slow is what is tested: nothing is read for longer than the server has patience.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut last = first["payload"]["data"]["changes"]["id"].clone();
    let code = loop {
        match socket.next().await {
            Message::Text(text) => {
                let message: Value = serde_json::from_str(&text).unwrap();
                last = message["payload"]["data"]["changes"]["id"].clone();
            }
            Message::Close(Some(frame)) => break u16::from(frame.code),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code, 4290);
    let mut again = Socket::ready(&server).await;
    again.subscribe("1", CHANGES, json!({"after": last})).await;
    assert_eq!(again.change().await["kind"], "CORRECTED", "there is more behind the last that came");
}
