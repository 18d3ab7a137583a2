//! Programs with API keys.

use super::{CREATE, DESK, assert_refused, audit, execute, serve, texts, viewer};
use crate::on_both;
use crate::support::{Database, Kind, run};
use serde_json::{Value, json};

fn issue(database: &Database, more: &[&str]) -> String {
    let arguments = [&["key", "issue", "The site"][..], more].concat();
    String::from_utf8(run(database, &arguments, 0).stdout).unwrap().trim().to_owned()
}

fn list(database: &Database) -> Value {
    serde_json::from_slice(&run(database, &["key", "list", "--json"], 0).stdout).unwrap()
}

on_both! {
    a_key_is_shown_once_and_known_by_its_prefix(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scopes", "READ_DRAFTS,WRITE", "--languages", "ko"]);
        let listed = list(&server.database);
        let prefix = listed[0]["prefix"].as_str().unwrap();
        assert!(key.starts_with(&format!("{prefix}_")) && key.len() == prefix.len() + 44, "{prefix}");
        let printed = run(&server.database, &["key", "list"], 0).stdout;
        assert!(!listed.to_string().contains(&key) && !String::from_utf8(printed).unwrap().contains(&key));
        assert_eq!((&listed[0]["languages"], &listed[0]["lastUsedAt"]), (&json!(["ko"]), &Value::Null));
        let stored = texts(&server.database, "SELECT hash || scopes || name || prefix FROM api_key").await;
        assert!(!stored[0].contains(&key[13..]), "{stored:?}");
        let reply = viewer(&server, &key).await;
        let known = json!({"id": listed[0]["id"], "name": "The site", "role": null, "email": null, "scopes": ["READ_DRAFTS", "WRITE"]});
        assert_eq!(*reply.data("/viewer"), known);
        assert_eq!(*server.ask_with(&key, CREATE, json!({})).await.data("/createArticle/userErrors"), json!([]));
        while list(&server.database)[0]["lastUsedAt"].is_null() {
            tokio::task::yield_now().await;
        }
    }

    a_key_that_was_revoked_is_refused_at_once(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scopes", "WRITE"]);
        assert_eq!(viewer(&server, &key).await.status, 200);
        run(&server.database, &["key", "revoke", &key[..12]], 0);
        assert_refused(&server, &format!("Bearer {key}"), "revoked").await;
        let done = audit(&server.database).await;
        assert_eq!(done, ["key.issue cli", "key.revoke cli"]);
    }

    a_key_ends_by_itself(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scopes", "WRITE", "--days", "30"]);
        assert_eq!(viewer(&server, &key).await.status, 200);
        execute(&server.database, "UPDATE api_key SET expires_at = 1").await;
        assert_refused(&server, &format!("Bearer {key}"), "expired").await;
    }

    a_key_with_another_secret_is_refused(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scopes", "WRITE"]);
        let other = issue(&server.database, &["--scopes", "WRITE"]);
        for wrong in [format!("{}{}", &key[..12], &other[12..]), format!("{key}x"), "byl_".into(), key[..20].to_owned()] {
            assert_refused(&server, &format!("Bearer {wrong}"), &wrong).await;
        }
    }

    a_key_without_the_scope_changes_nothing(kind) {
        let server = serve(kind).await;
        let key = issue(&server.database, &["--scopes", "READ_DRAFTS"]);
        assert_eq!(server.ask_with(&key, CREATE, json!({})).await.codes(), ["FORBIDDEN"]);
        assert_eq!(server.ask_with(&key, DESK, json!({})).await.data("/desk/articles/edges"), &json!([]));
        let reader = issue(&server.database, &["--scopes", "READ_PUBLISHED"]);
        assert_eq!(server.ask_with(&reader, DESK, json!({})).await.codes(), ["FORBIDDEN"]);
    }

    a_key_of_a_language_reaches_no_other(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        let key = issue(&server.database, &["--scopes", "READ_DRAFTS,WRITE", "--languages", "en"]);
        assert_eq!(server.ask_with(&key, CREATE, json!({})).await.codes(), ["FORBIDDEN"]);
        let own = server.ask_with(&key, &CREATE.replace("\"ko\"", "\"en\""), json!({})).await;
        assert_eq!(*own.data("/createArticle/userErrors"), json!([]));
        let (_, korean) = server.write(&editor, "ko", "한국어").await;
        let submit = format!("mutation {{ submitVariant(input: {{variantId: \"{korean}\"}}) {{ variant {{ id }} }} }}");
        assert_eq!(server.ask_with(&key, &submit, json!({})).await.codes(), ["NOT_FOUND"]);
    }
}

#[tokio::test]
async fn a_key_that_makes_no_sense_is_not_issued() {
    let database = Database::empty(Kind::Sqlite).await;
    for wrong in [
        &["--scopes", "EVERYTHING"][..],
        &[],
        &["--scopes", "WRITE", "--expires", "2020-01-01T00:00:00Z"],
        &["--scopes", "WRITE", "--expires", "tomorrow"],
        &["--scopes", "WRITE", "--languages", "fr"],
        &["--scopes", "WRITE", "--sections", "sec_00000000000000000000000001"],
    ] {
        run(&database, &[&["key", "issue", "x"][..], wrong].concat(), 2);
    }
    run(&database, &["key", "revoke", "byl_nothing"], 2);
}
