//! A running service as its operators and other programs meet it: health, request ids, origins, encodings, the explorer,
//! the end.

use crate::on_both;
use crate::support::{Database, Kind, Server, Wire, run};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::net::TcpStream;
use std::process::Command;

const EXAMPLES: &str = "<script type=\"application/json\" id=\"examples\">";

async fn problem(response: Response) -> Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    response.json().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

on_both! {
    a_service_is_ready_only_while_its_database_has_every_migration(kind) {
        let server = Server::start(Database::empty(kind).await, &[]);
        let ready = async || server.get("/readyz").send().await.unwrap();
        assert_eq!(ready().await.status(), 200);
        run(&server.database, &["migrate", "down"], 0);
        let response = ready().await;
        assert_eq!(response.status(), 503);
        let problem = problem(response).await;
        assert_eq!((&problem["status"], &problem["code"]), (&json!(503), &json!("UNAVAILABLE")));
        let alive = server.get("/healthz").send().await.unwrap();
        assert_eq!(alive.status(), 200);
        run(&server.database, &["migrate", "up"], 0);
        assert_eq!(ready().await.status(), 200);
    }
}

#[tokio::test]
async fn a_postgresql_that_restarts_is_not_noticed_by_readers() {
    let server = Server::sample(Kind::Postgres).await;
    let ask =
        async || server.query("{ articles(first: 3) { nodes { id section { id } } } }").await.data("/articles").clone();
    let before = ask().await;
    for _ in 0..5 {
        server.database.cut_connections().await;
        // Each worker thread has connections of its own.
        for answer in futures_util::future::join_all((0..8).map(|_| ask())).await {
            assert_eq!(answer, before);
        }
    }
}

#[tokio::test]
async fn a_request_id_goes_in_and_out_and_junk_is_replaced() {
    let server = Server::empty(&[]).await;
    let answer = async |id: Option<&str>| {
        let request = server.get("/healthz");
        let request = match id {
            Some(id) => request.header("x-request-id", id),
            None => request,
        };
        header(&request.send().await.unwrap(), "x-request-id").to_owned()
    };
    for own in ["a", "4bf92f3577b34da6-a3ce929d0e0e4736", "Root=1-67891233:abc/def+x=", &"x".repeat(128)] {
        assert_eq!(answer(Some(own)).await, own);
    }
    let mut made = vec![answer(None).await, answer(None).await];
    for junk in ["", "two words", "a\"b", "<script>", "a,b", &"x".repeat(129)] {
        made.push(answer(Some(junk)).await);
    }
    assert!(made.iter().all(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())), "{made:?}");
    let number = made.len();
    made.sort_unstable();
    made.dedup();
    assert_eq!(made.len(), number, "an id was given out twice");
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_answered_with_a_problem_document() {
    let server = Server::empty(&[("BYLINE_HTTP__EXPLORER", "false")]).await;
    for path in ["/nowhere", "/graphql/nowhere", "/v1/nowhere", "/explorer", "/", "/static", "/images/img_1/original"] {
        let response = server.get(path).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
        assert!(!header(&response, "x-request-id").is_empty(), "{path}");
        let problem = problem(response).await;
        assert_eq!((&problem["type"], &problem["title"]), (&json!("about:blank"), &json!("Not Found")), "{path}");
        assert_eq!((&problem["status"], &problem["code"]), (&json!(404), &json!("NOT_FOUND")), "{path}");
    }
}

#[tokio::test]
async fn only_configured_origins_may_call() {
    let ask = async |server: &Server, method: Method, origin: &str| {
        let request = server.client().request(method, format!("{}/graphql?query={{__typename}}", server.address()));
        let request = request.header("origin", origin).header("access-control-request-method", "POST");
        let response =
            request.header("access-control-request-headers", "content-type,authorization").send().await.unwrap();
        (
            header(&response, "access-control-allow-origin").to_owned(),
            header(&response, "vary").to_lowercase(),
            response,
        )
    };
    let (ours, theirs) = ("https://news.example", "https://other.example");
    let nobody = Server::empty(&[]).await;
    let one =
        Server::empty(&[("BYLINE_HTTP__CORS_ORIGINS", r#"["https://news.example", "http://localhost:3000"]"#)]).await;
    let all = Server::empty(&[("BYLINE_HTTP__CORS_ORIGINS", r#"["*"]"#)]).await;
    for method in [Method::OPTIONS, Method::GET] {
        for (server, origin, allowed) in [
            (&nobody, ours, ""),
            (&one, ours, ours),
            (&one, "http://localhost:3000", "http://localhost:3000"),
            (&one, theirs, ""),
            (&one, "https://news.example.evil.example", ""),
            (&all, theirs, "*"),
        ] {
            let (found, vary, response) = ask(server, method.clone(), origin).await;
            assert_eq!(found, allowed, "{method} {origin}");
            assert!(allowed == "*" || allowed.is_empty() || vary.contains("origin"), "{method} {origin}: {vary}");
            assert_eq!(header(&response, "access-control-allow-credentials"), "", "{method} {origin}");
        }
    }
    let (_, _, preflight) = ask(&one, Method::OPTIONS, ours).await;
    assert_eq!(preflight.status(), 200);
    assert!(header(&preflight, "access-control-allow-methods").contains("POST"));
    let headers = header(&preflight, "access-control-allow-headers").to_lowercase();
    assert!(headers.contains("content-type") && headers.contains("authorization"), "{headers}");
    let (_, _, answer) = ask(&one, Method::GET, ours).await;
    assert!(header(&answer, "access-control-expose-headers").to_lowercase().contains("x-request-id"));
}

#[tokio::test]
async fn answers_are_compressed_as_the_client_likes() {
    let server = Server::empty(&[]).await;
    let ask = async |encodings: &str| {
        let body = json!({"query": include_str!("data/introspection.graphql")});
        let response = server.post("/graphql").header("accept-encoding", encodings).json(&body).send().await.unwrap();
        assert!(header(&response, "vary").to_lowercase().contains("accept-encoding"), "{encodings}");
        (header(&response, "content-encoding").to_owned(), response.bytes().await.unwrap())
    };
    let (encoding, plain) = ask("identity").await;
    assert_eq!(encoding, "");
    serde_json::from_slice::<Value>(&plain).unwrap();
    for (encodings, expected, magic) in [
        ("gzip", "gzip", vec![0x1f, 0x8b]),
        ("br", "br", vec![]),
        ("zstd", "zstd", vec![0x28, 0xb5, 0x2f, 0xfd]),
        ("gzip;q=0.5, br;q=1.0", "br", vec![]),
        ("zstd;q=0, gzip", "gzip", vec![0x1f, 0x8b]),
        ("unheard-of, gzip;q=0.1", "gzip", vec![0x1f, 0x8b]),
    ] {
        let (encoding, bytes) = ask(encodings).await;
        assert_eq!(encoding, expected, "{encodings}");
        assert!(bytes.starts_with(&magic) && bytes.len() * 4 < plain.len(), "{encodings}: {} bytes", bytes.len());
    }
}

#[tokio::test]
async fn the_explorer_runs_its_own_script_and_no_other() {
    let server = Server::empty(&[]).await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let response = server.get("/explorer").send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, "content-type")), (200, "text/html; charset=utf-8"));
        let policy = header(&response, "content-security-policy").to_owned();
        let nonce = policy.split("script-src 'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains(&format!("style-src 'nonce-{nonce}'")), "{policy}");
        let page = response.text().await.unwrap();
        assert_eq!(page.matches(&format!(" nonce=\"{nonce}\"")).count(), page.matches(" nonce=").count());
        assert_eq!(
            page.matches("<script").count() + page.matches("<style").count(),
            page.matches(" nonce=").count() + 1
        );
        for blocked in [" style=\"", " onclick=", " onload=", "src=\"http", "__NONCE__", "__EXAMPLES__"] {
            assert!(!page.contains(blocked), "{blocked}");
        }
        let examples = page.split(EXAMPLES).nth(1).unwrap().split("</script>").next().unwrap();
        let examples: Vec<Value> = serde_json::from_str(examples).unwrap();
        let files = std::fs::read_dir(crate::support::root().join("examples/queries")).unwrap();
        assert_eq!(examples.len() * 2, files.count(), "each example is a query and its variables");
        for example in &examples {
            assert!(example["variables"].as_object().is_some_and(|variables| !variables.is_empty()), "{example}");
            assert!(!example["title"].as_str().unwrap().is_empty());
        }
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let front = client.get(server.address()).send().await.unwrap();
    assert_eq!((front.status().as_u16(), header(&front, "location")), (303, "/explorer"));
}

#[tokio::test]
async fn without_introspection_the_schema_is_refused_and_everything_else_answered() {
    let server = Server::empty(&[("BYLINE_HTTP__INTROSPECTION", "false")]).await;
    for query in [
        "{ __schema { queryType { name } } }",
        "{ __type(name: \"Query\") { name } }",
        "{ ...F } fragment F on Query { ... { __schema { queryType { name } } } }",
        include_str!("data/introspection.graphql"),
    ] {
        for _ in 0..2 {
            let reply = server.query(query).await;
            assert_eq!(
                (reply.status, reply.codes(), reply.json.get("data")),
                (400, vec!["INTROSPECTION_DISABLED"], None)
            );
        }
    }
    let reply = server.query("{ __typename languages { __typename } }").await;
    assert_eq!(reply.data("/languages/0/__typename"), "Language");
}

#[tokio::test]
async fn a_service_that_is_told_to_stop_finishes_what_it_has_begun() {
    let server = Server::empty(&[]).await;
    let body = json!({"query": "{ __typename languages { tag } }"}).to_string();
    let (first, second) = body.split_at(body.len() / 2);
    let mut wire = server.wire();
    wire.send(&Wire::head(&["content-type: application/json", "expect: 100-continue"], body.len()));
    assert_eq!(wire.receive().status, 100, "the service has begun to read the request");
    wire.send(first);
    let told = Command::new("kill").args(["-TERM", &server.process_id().to_string()]).status().unwrap();
    assert!(told.success());
    while TcpStream::connect(server.address().trim_start_matches("http://")).is_ok() {
        tokio::task::yield_now().await;
    }
    wire.send(second);
    let answer = wire.receive();
    assert_eq!((answer.status, answer.body.contains("\"languages\":[{\"tag\":\"ko\"}")), (200, true), "{answer:?}");
    assert!(server.wait().success());
}
