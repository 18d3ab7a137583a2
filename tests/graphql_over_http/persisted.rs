//! Documents that clients name instead of sending them.

use crate::support::{Reply, Server};
use serde_json::{Value, json};
use std::path::Path;

const QUERY: &str = "{ languages { tag } }";
/// `printf '{ languages { tag } }' | sha256sum`
const HASH: &str = "60379b0fa5fa1bb9371f5a3b1e7f39ee1daefa3079d04c1bb34bf40e9ec4032a";

async fn post(server: &Server, body: Value) -> Reply {
    let request = server.post("/graphql").header("accept", "application/graphql-response+json").json(&body);
    Reply::of(request.send().await.unwrap()).await
}

fn by_hash(hash: &str) -> Value {
    json!({"persistedQuery": {"version": 1, "sha256Hash": hash}})
}

/// A server that knows the documents of manifests.
async fn trusting(manifests: &[&Path], only: &str) -> Server {
    let list = format!("{manifests:?}");
    Server::empty(&[("BYLINE_DOCUMENTS__MANIFESTS", list.as_str()), ("BYLINE_DOCUMENTS__ONLY_TRUSTED", only)]).await
}

#[tokio::test]
async fn a_query_is_sent_once_and_then_named_by_its_hash() {
    let server = Server::empty(&[]).await;
    let unknown = post(&server, json!({"extensions": by_hash(HASH)})).await;
    assert_eq!(unknown.codes(), ["PERSISTED_QUERY_NOT_FOUND"]);
    assert_eq!(unknown.message(), "PersistedQueryNotFound", "clients look for this word");
    let wrong = post(&server, json!({"query": "{ __typename }", "extensions": by_hash(HASH)})).await;
    assert_eq!(wrong.codes(), ["PERSISTED_QUERY_MISMATCH"]);
    let told = post(&server, json!({"query": QUERY, "extensions": by_hash(HASH)})).await;
    let named = post(&server, json!({"extensions": by_hash(HASH)})).await;
    assert_eq!((named.data("/languages/0/tag"), &named.json), (&json!("ko"), &told.json));
    let extensions: String = url::form_urlencoded::byte_serialize(by_hash(HASH).to_string().as_bytes()).collect();
    let got = server.get(&format!("/graphql?extensions={extensions}")).send().await.unwrap();
    assert_eq!(got.json::<Value>().await.unwrap(), told.json);
    let id = server.get(&format!("/graphql?documentId=sha256:{HASH}")).send().await.unwrap();
    assert_eq!(id.json::<Value>().await.unwrap(), told.json);
    for body in [json!({"extensions": {"persistedQuery": {}}}), json!({"documentId": 1}), json!({})] {
        assert_eq!(post(&server, body.clone()).await.codes(), ["INVALID"], "{body}");
    }
}

#[tokio::test]
async fn documents_of_a_build_are_run_by_their_ids_whichever_tool_wrote_them() {
    let folder = tempfile::TempDir::new().unwrap();
    let (relay, apollo) = (folder.path().join("relay.json"), folder.path().join("apollo.json"));
    std::fs::write(&relay, json!({"abc": QUERY}).to_string()).unwrap();
    let operation = json!({"id": "def", "name": "Name", "type": "query", "body": "query Name { __typename }"});
    let manifest = json!({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation]});
    std::fs::write(&apollo, manifest.to_string()).unwrap();
    let server = trusting(&[&relay, &apollo], "true").await;
    for body in [
        json!({"documentId": "abc"}),
        json!({"doc_id": "abc"}),
        json!({"id": "abc"}),
        json!({"query": QUERY}),
        json!({"extensions": by_hash(HASH)}),
        json!({"documentId": format!("sha256:{HASH}")}),
        json!({"extensions": by_hash("abc")}),
    ] {
        assert_eq!(post(&server, body.clone()).await.data("/languages/0/tag"), "ko", "{body}");
    }
    assert_eq!(post(&server, json!({"documentId": "def"})).await.data("/__typename"), "Query");
    let other = "{ viewer { name } }";
    for body in [
        json!({"query": other}),
        json!({"query": other, "extensions": by_hash(HASH)}),
        json!({"query": other, "id": "abc"}),
    ] {
        assert_eq!(post(&server, body.clone()).await.codes(), ["DOCUMENT_NOT_TRUSTED"], "{body}");
    }
    assert_eq!(post(&server, json!({"documentId": "nothing"})).await.codes(), ["PERSISTED_QUERY_NOT_FOUND"]);
}

#[tokio::test]
async fn a_manifest_that_changes_is_read_again_and_a_broken_one_changes_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    let manifest = folder.path().join("documents.json");
    std::fs::write(&manifest, json!({"old": QUERY}).to_string()).unwrap();
    let server = trusting(&[&manifest], "true").await;
    post(&server, json!({"id": "old"})).await.data("/languages");
    std::fs::write(&manifest, "{").unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let next = folder.path().join("next.json");
    std::fs::write(&next, json!({"old": QUERY, "new": "{ __typename }"}).to_string()).unwrap();
    post(&server, json!({"id": "old"})).await.data("/languages");
    std::fs::rename(&next, &manifest).unwrap();
    while post(&server, json!({"id": "new"})).await.json["data"].is_null() {
        post(&server, json!({"id": "old"})).await.data("/languages");
        assert!(std::time::Instant::now() < deadline, "the manifest was not read again");
    }
}

#[tokio::test]
async fn a_manifest_that_cannot_be_read_stops_the_start_and_is_named() {
    let database = crate::support::Database::empty(crate::support::Kind::Sqlite).await;
    for (manifests, only, says) in [
        ("[\"missing.json\"]", "false", "documents.manifests: `missing.json`"),
        ("[]", "true", "documents.only_trusted: needs documents.manifests"),
    ] {
        let mut command = crate::support::byline(&database, &["serve"]);
        command.env("BYLINE_LISTEN", "127.0.0.1:0").env("BYLINE_DOCUMENTS__MANIFESTS", manifests);
        let output = command.env("BYLINE_DOCUMENTS__ONLY_TRUSTED", only).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && error.contains(says), "{error}");
    }
}
