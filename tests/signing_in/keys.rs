//! The keys that sign access tokens.

use super::{assert_refused, role, serve};
use crate::on_both;
use crate::support::{Database, PASSWORD, Server, run};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};

fn keys(database: &Database, arguments: &[&str]) -> String {
    let output = run(database, &[&["keys"][..], arguments].concat(), 0);
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn states(database: &Database) -> Vec<(String, String)> {
    let listed: Vec<Value> = serde_json::from_str(&keys(database, &["list", "--json"])).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    listed.iter().map(|key| (text(&key["kid"]), text(&key["state"]))).collect()
}

async fn published(server: &Server) -> Vec<Value> {
    let response = server.get("/.well-known/jwks.json").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/jwk-set+json");
    response.json::<Value>().await.unwrap()["keys"].as_array().unwrap().clone()
}

fn kid(token: &str) -> String {
    let header: Value = serde_json::from_slice(&BASE64.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
    header["kid"].as_str().unwrap().to_owned()
}

on_both! {
    a_key_that_was_rotated_is_believed_until_it_is_retired(kind) {
        let server = serve(kind).await;
        let staff = server.staff("editor").await;
        let first = kid(&staff.access);
        let second = keys(&server.database, &["create"]);
        assert_eq!(published(&server).await.len(), 2, "known to others before it signs");
        let again = server.ask_token(&staff.email, PASSWORD).await.1;
        assert_eq!(kid(again["accessToken"].as_str().unwrap()), first);
        assert_eq!(keys(&server.database, &["rotate"]), second);
        let states_now = |one: &str, other: &str| {
            vec![(first.clone(), one.to_owned()), (second.clone(), other.to_owned())]
        };
        assert_eq!(states(&server.database), states_now("believed", "signing"));
        let newer = server.ask_token(&staff.email, PASSWORD).await.1;
        let newer = newer["accessToken"].as_str().unwrap();
        assert_eq!(kid(newer), second);
        assert_eq!(role(&server, &staff.access).await, json!("EDITOR"));
        run(&server.database, &["keys", "retire", &second], 2);
        keys(&server.database, &["retire", &first]);
        assert_eq!(states(&server.database), states_now("retired", "signing"));
        assert_refused(&server, &format!("Bearer {}", staff.access), "retired").await;
        assert_eq!(role(&server, newer).await, json!("EDITOR"));
        assert_eq!(published(&server).await.len(), 1);
    }

    what_is_published_of_a_key_has_no_private_part(kind) {
        let server = serve(kind).await;
        assert_eq!(published(&server).await.len(), 1, "the first is made when it is needed");
        for key in published(&server).await {
            let names: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
        }
    }
}
