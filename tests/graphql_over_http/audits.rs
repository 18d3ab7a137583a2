//! The audits of the npm package graphql-http, as a table. `scripts/audit-graphql-http` runs the original ones.

use super::{GRAPHQL, JSON, QUERY};
use crate::support::Server;
use reqwest::Response;
use serde_json::{Value, json};
use std::ops::RangeInclusive;

const TYPE: &str = "query Type($name: String!) { __type(name: $name) { name } }";

/// One audit: what is sent and what must come back.
struct Audit {
    id: String,
    accept: Option<&'static str>,
    sent: Sent,
    status: RangeInclusive<u16>,
    wanted: &'static [Wanted],
}

enum Sent {
    Body(Option<&'static str>, String),
    Address(Vec<(&'static str, String)>),
}

enum Wanted {
    Type(&'static str),
    NoErrors,
    NoData,
}

use Wanted::{NoData, NoErrors, Type};

fn audit(
    id: impl Into<String>,
    accept: Option<&'static str>,
    body: impl ToString,
    status: u16,
    wanted: &'static [Wanted],
) -> Audit {
    let sent = Sent::Body(Some(JSON), body.to_string());
    Audit { id: id.into(), accept, sent, status: status..=status, wanted }
}

fn get(id: &str, accept: Option<&'static str>, pairs: &[(&'static str, &str)], status: RangeInclusive<u16>) -> Audit {
    let pairs = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Audit { id: id.to_owned(), accept, sent: Sent::Address(pairs), status, wanted: &[] }
}

/// Media types, methods and encodings.
fn requests() -> Vec<Audit> {
    let query = json!({"query": QUERY});
    let swim = json!({"query": "{ __type(name: \"Run🏃Swim🏊\") { name } }"}).to_string();
    let utf8 = Sent::Body(Some("application/json; charset=utf-8"), swim);
    let untyped = Sent::Body(None, query.to_string());
    vec![
        audit("22EB", Some(GRAPHQL), &query, 200, &[Type(GRAPHQL)]),
        audit("4655", Some(JSON), &query, 200, &[Type(JSON)]),
        audit("47DE", Some("*/*"), &query, 200, &[Type(JSON)]),
        audit("80D8", None, &query, 200, &[Type(JSON)]),
        audit("82A3", None, &query, 200, &[Type("charset=utf-8")]),
        Audit { id: "BF61".into(), accept: None, sent: utf8, status: 200..=200, wanted: &[NoErrors] },
        audit("78D5", None, &query, 200, &[]),
        audit("2C94", None, &query, 200, &[]),
        get("5A70", None, &[("query", QUERY)], 200..=200),
        get("9C48", Some(GRAPHQL), &[("query", "mutation { __typename }")], 400..=499),
        Audit { id: "9ABE".into(), accept: None, sent: untyped, status: 400..=499, wanted: &[] },
        audit("03D4", None, &query, 200, &[]),
        audit("A5BF", None, "", 400, &[]),
        get("D6D5", Some(GRAPHQL), &[("query", TYPE), ("variables", r#"{"name":"sometype"}"#)], 200..=200),
        get("6A70", Some(JSON), &[("query", TYPE), ("variables", r#"{"name":"sometype"}"#)], 200..=200),
    ]
}

/// The parameters of a request, one by one.
fn parameters() -> Vec<Audit> {
    let with = |name: &str, value: &Value| {
        let mut body = json!({"query": QUERY});
        body[name] = value.clone();
        body
    };
    let wrong = [json!({"obj": "ect"}), json!(0), json!(false), json!(["array"])];
    let no_maps = [json!("string"), json!(0), json!(false), json!(["array"])];
    let named = json!({"query": "query Query { __typename }", "operationName": "Query"});
    let variables = json!({"query": TYPE, "variables": {"name": "sometype"}});
    let extensions = with("extensions", &json!({"some": "value"}));
    let typo = json!({"qeury": QUERY});
    let mut audits = vec![
        audit("423L", Some(GRAPHQL), json!({"notquery": QUERY}), 400, &[NoData]),
        audit("34A2", Some(GRAPHQL), json!({"query": QUERY}), 200, &[]),
        audit("13EE", Some(JSON), json!({"query": QUERY}), 200, &[NoErrors]),
        audit("8161", Some(GRAPHQL), &named, 200, &[]),
        audit("B8B3", Some(JSON), &named, 200, &[NoErrors]),
        audit("2EA1", Some(GRAPHQL), &variables, 200, &[]),
        audit("28B9", Some(JSON), &variables, 200, &[NoErrors]),
        audit("428F", Some(GRAPHQL), &extensions, 200, &[]),
        audit("1B7A", Some(JSON), &extensions, 200, &[NoErrors]),
        audit("8764", None, &typo, 400, &[]),
        audit("3E3A", None, &typo, 400, &[]),
    ];
    for (index, value) in wrong.iter().enumerate() {
        audits.push(audit(format!("LKJ{index}"), None, json!({"query": value}), 400, &[]));
        audits.push(audit(format!("6C0{index}"), None, with("operationName", value), 400, &[]));
    }
    for (index, value) in no_maps.iter().enumerate() {
        audits.push(audit(format!("476{index}"), None, with("variables", value), 400, &[]));
        audits.push(audit(format!("58B{index}"), None, with("extensions", value), 400, &[]));
    }
    for (index, name) in ["variables", "operationName", "extensions"].into_iter().enumerate() {
        audits.push(audit(format!("94B{index}"), Some(GRAPHQL), with(name, &Value::Null), 200, &[NoErrors]));
        audits.push(audit(format!("022{index}"), Some(JSON), with(name, &Value::Null), 200, &[NoErrors]));
    }
    audits
}

/// Requests that cannot be executed.
fn failures() -> Vec<Audit> {
    let broken = "{ \"not a JSON";
    let unparsed = json!({"query": "{"});
    let invalid = json!({"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"});
    let coercion = json!({"query": "query CoerceFailure($id: ID!){ __typename }", "variables": {"id": null}});
    vec![
        audit("B6DC", Some(JSON), broken, 400, &[]),
        audit("BCF8", Some(JSON), broken, 400, &[]),
        audit("B7N8", Some(GRAPHQL), broken, 400, &[]),
        audit("572B", Some(JSON), &unparsed, 200, &[NoData]),
        audit("FDE2", Some(JSON), &invalid, 200, &[NoData]),
        audit("7B9B", Some(JSON), &coercion, 200, &[NoData]),
        audit("865D", Some(GRAPHQL), &unparsed, 400, &[]),
        audit("556A", Some(GRAPHQL), &unparsed, 400, &[]),
        audit("D586", Some(GRAPHQL), &unparsed, 400, &[NoData]),
        audit("51FE", Some(GRAPHQL), &invalid, 400, &[]),
        audit("74FF", Some(GRAPHQL), &invalid, 400, &[]),
        audit("5E5B", Some(GRAPHQL), &invalid, 400, &[NoData]),
        audit("86EE", Some(GRAPHQL), &coercion, 400, &[NoData]),
    ]
}

async fn send(server: &Server, audit: &Audit) -> Response {
    let mut request = match &audit.sent {
        Sent::Body(content_type, body) => {
            let request = server.post("/graphql").body(body.clone());
            match content_type {
                Some(content_type) => request.header("content-type", *content_type),
                None => request,
            }
        }
        Sent::Address(pairs) => {
            let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            server.get(&format!("/graphql?{text}"))
        }
    };
    if let Some(accept) = audit.accept {
        request = request.header("accept", accept);
    }
    request.send().await.unwrap()
}

/// What is wrong with an answer, if anything is.
async fn verdict(audit: &Audit, response: Response) -> Option<String> {
    let status = response.status().as_u16();
    let found =
        response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let body = String::from_utf8(response.bytes().await.unwrap().to_vec()).unwrap();
    let has = |key: &str| serde_json::from_str::<Value>(&body).unwrap().get(key).is_some();
    let wrong = |wanted: &Wanted| match wanted {
        Type(part) => !found.contains(part),
        NoErrors => has("errors"),
        NoData => has("data"),
    };
    let failed = !audit.status.contains(&status) || audit.wanted.iter().any(wrong);
    failed.then(|| format!("{}: {status} {found} {body}", audit.id))
}

#[tokio::test]
async fn every_audit_of_graphql_over_http_is_ok() {
    let server = Server::empty(&[]).await;
    let audits: Vec<Audit> = requests().into_iter().chain(parameters()).chain(failures()).collect();
    let mut ids: Vec<&str> = audits.iter().map(|audit| audit.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 61, "the package graphql-http 1.23 has 61 audits");
    let mut failed = Vec::new();
    for audit in &audits {
        failed.extend(verdict(audit, send(&server, audit).await).await);
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
