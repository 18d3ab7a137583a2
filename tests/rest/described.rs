//! The description: it is what the code says, and a program that we did not write finds nothing against it.

use super::fetch;
use crate::on_both;
use crate::support::{Database, Kind, Server, root, run};
use serde_json::Value;
use std::collections::BTreeSet;

#[tokio::test]
async fn the_file_is_what_the_code_says_and_what_is_served() {
    let database = Database::empty(Kind::Sqlite).await;
    let printed = run(&database, &["schema", "--openapi"], 0);
    let printed = String::from_utf8(printed.stdout).unwrap();
    let kept = std::fs::read_to_string(root().join("docs/openapi.json")).unwrap();
    assert!(printed == kept, "docs/openapi.json differs: cargo run -- schema --openapi > docs/openapi.json");
    let served = fetch(&Server::empty(&[]).await, "/openapi.json").await;
    assert_eq!(served.text.trim_end(), kept.trim_end());
}

#[test]
fn everything_is_described() {
    let text = std::fs::read_to_string(root().join("docs/openapi.json")).unwrap();
    let api: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(api["openapi"].as_str().unwrap().split('.').take(2).collect::<Vec<_>>(), ["3", "1"]);
    for (path, item) in api["paths"].as_object().unwrap() {
        let get = &item["get"];
        assert!(get["summary"].is_string(), "{path}");
        for parameter in get["parameters"].as_array().unwrap() {
            assert!(parameter["description"].is_string(), "{path}: {parameter}");
        }
        let statuses: BTreeSet<&str> = get["responses"].as_object().unwrap().keys().map(String::as_str).collect();
        assert!(["200", "304", "400", "401", "404", "503"].iter().all(|status| statuses.contains(status)), "{path}");
    }
    for part in text.split("\"$ref\": \"#").skip(1) {
        let pointer = part.split_once('"').unwrap().0;
        assert!(api.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
    for (name, schema) in api["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name} has no description");
        for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
            assert!(schema.get("description").is_some() || schema.get("$ref").is_some(), "{name}.{member}");
        }
    }
}

#[tokio::test]
async fn the_page_works_without_the_internet() {
    let page = fetch(&Server::empty(&[]).await, "/docs").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    for outside in ["src=\"http", "href=\"http", "@import", "url("] {
        assert!(!page.text.contains(outside), "{outside}");
    }
}

on_both! {
    schemathesis_finds_nothing_against_it(db) {
        let program = std::env::var("TEST_SCHEMATHESIS");
        let program = program.expect("TEST_SCHEMATHESIS names no program: run the tests with scripts/test, which installs it");
        let server = Server::sample(db).await;
        let folder = tempfile::tempdir().unwrap();
        let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
            response_schema_conformance,unsupported_method,negative_data_rejection";
        let address = format!("{}/openapi.json", server.address());
        let arguments = ["run", &address, "--checks", checks, "--phases", "examples,coverage,fuzzing", "--seed", "20261125",
            "--max-examples", "25", "--max-time", "60", "--generation-database", "none", "--continue-on-failure", "--no-color", "--suppress-health-check", "all"];
        let program = tokio::process::Command::new(program).args(arguments).current_dir(folder.path()).output();
        let output = program.await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}
