//! Programs with API keys.

use super::{CREATE, assert_refused, audit, execute, serve, texts, viewer};
use crate::on_both;
use crate::support::{Database, Kind, run};
use serde_json::{Value, json};

fn issue(database: &Database, more: &[&str]) -> String {
    let arguments = [&["key", "issue", "--name", "The site"][..], more].concat();
    String::from_utf8(run(database, &arguments, 0).stdout).unwrap().trim().to_owned()
}

fn list(database: &Database) -> Value {
    serde_json::from_slice(&run(database, &["key", "list", "--json"], 0).stdout).unwrap()
}

on_both! {
    a_key_is_shown_once_and_known_by_its_prefix(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scope", "READ_DRAFTS", "--scope", "WRITE", "--language", "ko"]);
        let listed = list(&server.database);
        let prefix = listed[0]["prefix"].as_str().unwrap();
        assert!(key.starts_with(&format!("{prefix}_")) && key.len() == prefix.len() + 44, "{prefix}");
        let printed = run(&server.database, &["key", "list"], 0).stdout;
        assert!(!listed.to_string().contains(&key) && !String::from_utf8(printed).unwrap().contains(&key));
        assert_eq!((&listed[0]["languages"], &listed[0]["usedAt"]), (&json!(["ko"]), &Value::Null));
        let stored = texts(&server.database, "SELECT hash || scopes || name || prefix FROM api_key").await;
        assert!(!stored[0].contains(&key[13..]), "{stored:?}");
        let reply = viewer(&server, &key).await;
        let known = json!({"id": listed[0]["id"], "name": "The site", "role": null, "email": null, "scopes": ["READ_DRAFTS", "WRITE"]});
        assert_eq!(*reply.data("/viewer"), known);
        assert_eq!(*server.query_as(&key, CREATE, json!({})).await.data("/createArticle/userErrors"), json!([]));
        while list(&server.database)[0]["usedAt"].is_null() {
            tokio::task::yield_now().await;
        }
    }

    a_key_that_was_revoked_is_refused_at_once(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scope", "WRITE"]);
        assert_eq!(viewer(&server, &key).await.status, 200);
        run(&server.database, &["key", "revoke", &key[..12]], 0);
        assert_refused(&server, &format!("Bearer {key}"), "revoked").await;
        let done = audit(&server.database).await;
        assert_eq!(done, ["api_key.issue cli", "api_key.revoke cli"]);
    }

    a_key_ends_by_itself(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scope", "WRITE", "--days", "30"]);
        assert_eq!(viewer(&server, &key).await.status, 200);
        execute(&server.database, "UPDATE api_key SET expires_at = 1").await;
        assert_refused(&server, &format!("Bearer {key}"), "expired").await;
    }

    a_key_with_another_secret_is_refused(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scope", "WRITE"]);
        let other = issue(&server.database, &["--scope", "WRITE"]);
        for wrong in [format!("{}{}", &key[..12], &other[12..]), format!("{key}x"), "byl_".into(), key[..20].to_owned()] {
            assert_refused(&server, &format!("Bearer {wrong}"), &wrong).await;
        }
    }

    a_key_without_the_scope_changes_nothing(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scope", "READ_DRAFTS"]);
        assert_eq!(server.query_as(&key, CREATE, json!({})).await.codes(), ["FORBIDDEN"]);
    }
}

#[tokio::test]
async fn a_key_that_makes_no_sense_is_not_issued() {
    let database = Database::empty(Kind::Sqlite).await;
    for wrong in [
        &["--scope", "EVERYTHING"][..],
        &[],
        &["--scope", "WRITE", "--expires", "2020-01-01T00:00:00Z"],
        &["--scope", "WRITE", "--expires", "tomorrow"],
        &["--scope", "WRITE", "--language", "fr"],
        &["--scope", "WRITE", "--section", "sec_00000000000000000000000001"],
    ] {
        run(&database, &[&["key", "issue", "--name", "x"][..], wrong].concat(), 2);
    }
    run(&database, &["key", "revoke", "byl_nothing"], 2);
}
