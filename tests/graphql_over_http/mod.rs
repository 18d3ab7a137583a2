//! GraphQL over HTTP: the audits that the ecosystem measures servers by, and what else a client may send.

mod audits;
mod persisted;

use crate::support::Server;
use reqwest::Method;
use serde_json::{Value, json};

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";
const QUERY: &str = "{ __typename }";

#[tokio::test]
async fn who_does_not_say_what_they_accept_gets_json() {
    let server = Server::empty(&[]).await;
    let raw = server.wire().post(&["content-type: application/json"], &json!({"query": QUERY}).to_string());
    assert_eq!((raw.status, raw.header("content-type")), (200, "application/json; charset=utf-8"));
    assert_eq!(raw.body, r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn a_mutation_is_refused_by_get_and_answered_by_post() {
    let server = Server::empty(&[]).await;
    let several = "query=query+Q+{+__typename+}+mutation+M+{+__typename+}";
    for (path, status) in [
        ("/graphql?query=mutation+{+__typename+}".to_owned(), 405),
        ("/graphql?query=mutation+{+doesNotExist+}".to_owned(), 405),
        (format!("/graphql?{several}&operationName=M"), 405),
        (format!("/graphql?{several}"), 405),
        ("/graphql?query=subscription+{+__typename+}".to_owned(), 405),
    ] {
        let response = server.get(&path).header("accept", GRAPHQL).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.headers()["allow"], "POST", "{path}");
        assert!(response.json::<Value>().await.unwrap().get("data").is_none(), "{path}");
    }
    let reply = server.query("mutation { __typename }").await;
    assert_eq!((reply.status, reply.data("/__typename")), (200, &Value::from("Mutation")));
}

#[tokio::test]
async fn other_content_types_answer_types_and_methods_are_refused() {
    let server = Server::empty(&[]).await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=euc-kr",
        "application/jsonx",
    ] {
        let request = server.post("/graphql").header("content-type", content_type).body(r#"{"query":"{__typename}"}"#);
        assert_eq!(request.send().await.unwrap().status(), 415, "{content_type}");
    }
    for accept in ["text/html", "application/xml, text/*;q=0.5", "application/json;q=0"] {
        let post = server.post("/graphql").header("accept", accept).json(&json!({"query": QUERY}));
        assert_eq!(post.send().await.unwrap().status(), 406, "{accept}");
        let get = server.get("/graphql?query={__typename}").header("accept", accept);
        assert_eq!(get.send().await.unwrap().status(), 406, "{accept}");
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let url = format!("{}/graphql", server.address());
        let response = server.client().request(method.clone(), url).send().await.unwrap();
        assert_eq!((response.status().as_u16(), &response.headers()["allow"]), (405, &"GET, POST".parse().unwrap()));
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_the_connection_stays_usable() {
    let server = Server::empty(&[("BYLINE_LIMITS__BODY_BYTES", "1000")]).await;
    let headers = ["content-type: application/json", "accept: application/graphql-response+json"];
    let mut wire = server.wire();
    for padding in [1_000, 100_000] {
        let large = json!({"query": QUERY, "padding": "x".repeat(padding)}).to_string();
        let raw = wire.post(&headers, &large);
        let json: Value = serde_json::from_str(&raw.body).unwrap();
        assert_eq!(
            (raw.status, &json["errors"][0]["extensions"]),
            (413, &json!({"code": "BODY_TOO_LARGE", "limit": 1000}))
        );
        let raw = wire.post(&headers, &json!({"query": QUERY}).to_string());
        assert_eq!((raw.status, raw.body.as_str()), (200, r#"{"data":{"__typename":"Query"}}"#));
    }
}

#[tokio::test]
async fn keys_that_are_not_known_are_ignored_and_empty_parameters_are_absent() {
    let server = Server::empty(&[]).await;
    let body = json!({"query": QUERY, "document": 5, "doc": {"a": [1]}, "operationName": ""});
    let response = server.post("/graphql").json(&body).send().await.unwrap();
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"data": {"__typename": "Query"}}));
    for path in ["?query={__typename}&operationName=&variables=&extensions=&unknown=%7B", "?query=&query={__typename}"]
    {
        let response = server.get(&format!("/graphql{path}")).send().await.unwrap();
        assert_eq!(response.json::<Value>().await.unwrap(), json!({"data": {"__typename": "Query"}}), "{path}");
    }
    for path in [
        "",
        "?query=",
        "?query={__typename}&variables={",
        "?query={__typename}&variables=[1]",
        "?query={__typename}&extensions=5",
    ] {
        let response = server.get(&format!("/graphql{path}")).send().await.unwrap();
        assert_eq!(response.status(), 400, "{path}");
        assert_eq!(response.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], "INVALID", "{path}");
    }
}

#[tokio::test]
async fn the_operation_that_is_named_is_the_one_that_runs() {
    let server = Server::empty(&[]).await;
    let query = "query Wanting($ids: [ID!]!) { nodes(ids: $ids) { id } } query Two { languages { tag } } query Three { two: __typename }";
    let ask = async |name: Value| {
        let request =
            server.post("/graphql").header("accept", GRAPHQL).json(&json!({"query": query, "operationName": name}));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    for _ in 0..2 {
        assert_eq!(ask(json!("Two")).await, (200, json!({"data": {"languages": [{"tag": "ko"}, {"tag": "en"}]}})));
        assert_eq!(ask(json!("Three")).await, (200, json!({"data": {"two": "Query"}})));
        assert_eq!(ask(json!("Wanting")).await.0, 400);
        for name in [json!("Four"), json!("two"), Value::Null] {
            let (status, answer) = ask(name.clone()).await;
            assert_eq!((status, answer.get("data")), (400, None), "{name}");
        }
    }
}

#[tokio::test]
async fn korean_goes_in_and_comes_out_unharmed() {
    let server = Server::empty(&[]).await;
    let path = "/여객선-1년/'\"<&>\\ \u{1F6A2}";
    let query = "query($path: String!) { article(by: {path: $path}) { id } node(id: \"기사\") { id } }";
    let reply = server.query_with(query, json!({"path": path})).await;
    assert_eq!(reply.status, 200, "{:#}", reply.json);
    assert!(reply.message().contains("`기사`"), "{}", reply.message());
    let text = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("query", "{ node(id: \"기사\") { id } }")
        .finish();
    let response = server.get(&format!("/graphql?{text}")).send().await.unwrap();
    assert_eq!(response.json::<Value>().await.unwrap()["errors"][0]["message"], reply.message());
}
