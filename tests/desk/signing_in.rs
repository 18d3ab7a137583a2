//! Signing in: what is accepted, what is refused, and that refusals tell nothing.

use crate::on_both;
use crate::support::staff::PASSWORD;
use crate::support::{Newsroom, Server, run};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

const WHO: &str = "{ viewer { identity { name role scopes } } }";

async fn refresh(server: &Server, token: &str) -> (u16, Value) {
    let response = server.post("/auth/refresh").json(&json!({"refreshToken": token})).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

on_both! {
    a_person_signs_in_and_is_known_by_name(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let reply = server.ask(&editor, WHO, json!({})).await;
        assert_eq!(reply.data("/viewer/identity"), &json!({"name": "editor", "role": "EDITOR", "scopes": []}));
        assert_eq!(server.query(WHO).await.data("/viewer/identity"), &Value::Null);
    }

    an_unknown_person_and_a_wrong_password_get_the_same_answer(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        server.add_user("kim@news.example", "EDITOR");
        let unknown = server.ask_token("nobody@news.example", PASSWORD).await;
        let wrong = server.ask_token("kim@news.example", "wrong horse battery").await;
        assert_eq!(unknown, wrong);
        assert_eq!((unknown.0, unknown.1["code"].as_str()), (401, Some("UNAUTHENTICATED")));
        for body in ["{}", "[]", "not json", "{\"email\": 1, \"password\": 2}"] {
            let request = server.post("/auth/token").header("content-type", "application/json").body(body);
            assert_eq!(request.send().await.unwrap().status(), 400, "{body}");
        }
        let form = server.post("/auth/token").header("content-type", "text/plain").body("{}").send().await.unwrap();
        assert_eq!(form.status(), 400);
    }

    failures_slow_down_but_do_not_lock_an_editor_out_where_they_signed_in_before(kind) {
        let database = crate::support::Database::empty(kind).await;
        let server = Server::start(database, &[("BYLINE_HTTP__TRUSTED_PROXIES", "[\"127.0.0.1\"]")]);
        server.add_user("kim@news.example", "EDITOR");
        let attempt = async |from: &str, password: &str| {
            let body = json!({"email": "kim@news.example", "password": password});
            let request = server.post("/auth/token").header("x-forwarded-for", from).json(&body);
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.headers().contains_key("retry-after"))
        };
        assert_eq!(attempt("10.0.0.1", PASSWORD).await, (200, false));
        for _ in 0..5 {
            assert_eq!(attempt("10.9.9.9", "wrong horse battery").await, (401, false));
        }
        assert_eq!(attempt("10.9.9.9", PASSWORD).await, (429, true), "even the right one has to wait there");
        // Many strangers: the account is slow for those who are not known.
        for stranger in 0..15 {
            assert_eq!(attempt(&format!("10.8.0.{stranger}"), "wrong horse battery").await.0, 401);
        }
        assert_eq!(attempt("10.7.0.1", PASSWORD).await, (429, true));
        assert_eq!(attempt("10.0.0.1", PASSWORD).await, (200, false), "the editor's own place is not locked");
    }

    who_is_disabled_is_out_at_once(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        run(&server.database, &["user", "disable", "editor@news.example"], 0);
        let reply = server.ask(&editor, WHO, json!({})).await;
        assert_eq!((reply.status, reply.codes()), (401, vec!["UNAUTHENTICATED"]));
        assert_eq!(server.ask_token("editor@news.example", PASSWORD).await.0, 401);
        assert_eq!(refresh(&server, &editor.refresh).await.0, 401);
        run(&server.database, &["user", "enable", "editor@news.example"], 0);
        server.sign_in("editor@news.example").await;
    }

    a_new_role_counts_from_the_next_request(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let person = server.staff("reporter").await;
        run(&server.database, &["user", "set-role", "reporter@news.example", "EDITOR"], 0);
        assert_eq!(server.ask(&person, WHO, json!({})).await.data("/viewer/identity/role"), "EDITOR");
    }

    a_refresh_token_is_used_once_and_a_reused_one_ends_the_session(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let (status, next) = refresh(&server, &editor.refresh).await;
        assert_eq!(status, 200);
        assert_ne!(next["refreshToken"], editor.refresh.as_str());
        assert_eq!(refresh(&server, &editor.refresh).await.0, 401);
        assert_eq!(refresh(&server, next["refreshToken"].as_str().unwrap()).await.0, 401, "the thief has nothing, either");
        assert_eq!(server.ask_with(next["accessToken"].as_str().unwrap(), WHO, json!({})).await.status, 401);
        assert_eq!(refresh(&server, "nothing").await.0, 401);
    }

    who_signs_out_is_out_at_once(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let out = server.post("/auth/logout").json(&json!({"refreshToken": editor.refresh})).send().await.unwrap();
        assert_eq!(out.status(), 204);
        assert_eq!(server.ask(&editor, WHO, json!({})).await.status, 401);
        assert_eq!(refresh(&server, &editor.refresh).await.0, 401);
    }

    a_forged_token_is_refused_and_never_taken_for_nobody(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let keys: Value = server.get("/.well-known/jwks.json").send().await.unwrap().json().await.unwrap();
        assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
        assert!(keys["keys"][0].get("d").is_none(), "no private part");
        let mut parts = editor.access.split('.');
        let (header, claims, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let with = |name: &str, value: Value| {
            let mut header = header.clone();
            header[name] = value;
            format!("{}.{claims}.{signature}", encoded(&header))
        };
        let mut other: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        other["exp"] = json!(4_000_000_000_u64);
        let forged = [
            with("alg", json!("none")),
            with("alg", json!("HS256")),
            with("kid", json!("unknown")),
            with("typ", json!("JWT")),
            with("jwk", keys["keys"][0].clone()),
            with("jku", json!("https://evil.example/jwks.json")),
            with("crit", json!(["exp"])),
            format!("{}.{claims}.", encoded(&json!({"alg": "none", "typ": "at+jwt", "kid": header["kid"]}))),
            format!("{}.{}.{signature}", encoded(&header), encoded(&other)),
            editor.access[..editor.access.len() - 4].to_owned(),
            String::from("x"),
            String::from("byl_unknown"),
        ];
        for token in forged {
            let body = json!({ "query": WHO });
            let response = server.post("/graphql").bearer_auth(&token).json(&body).send().await.unwrap();
            assert_eq!(response.status(), 401, "{token}");
            assert_eq!(response.headers()["www-authenticate"], "Bearer error=\"invalid_token\"");
        }
        let basic = server.post("/graphql").header("authorization", "Basic eDp5").json(&json!({"query": WHO})).send().await.unwrap();
        assert_eq!(basic.status(), 401);
    }

    old_tokens_stay_valid_after_a_rotation_until_their_key_is_retired(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let listed = || String::from_utf8(run(&server.database, &["keys", "list"], 0).stdout).unwrap();
        let first = listed().split(' ').next().unwrap().to_owned();
        run(&server.database, &["keys", "rotate"], 0);
        assert_eq!(listed().lines().count(), 2);
        assert_eq!(server.ask(&editor, WHO, json!({})).await.status, 200);
        run(&server.database, &["keys", "retire", &first], 0);
        assert_eq!(listed().lines().count(), 1);
        run(&server.database, &["keys", "retire", &first], 2);
    }

    a_key_is_shown_once_and_does_what_its_scopes_say(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let issue = |name: &str, scopes: &str, more: &[&str]| {
            let arguments = [&["key", "issue", name, "--scopes", scopes], more].concat();
            String::from_utf8(run(&server.database, &arguments, 0).stdout).unwrap().trim().to_owned()
        };
        let reader = issue("site", "READ_PUBLISHED", &[]);
        let writer = issue("tool", "READ_DRAFTS,WRITE", &["--languages", "en"]);
        let old = issue("old", "READ_DRAFTS", &["--expires", "2020-01-01T00:00:00Z"]);
        let shown = server.ask_with(&writer, WHO, json!({})).await;
        assert_eq!(shown.data("/viewer/identity"), &json!({"name": "tool", "role": null, "scopes": ["READ_DRAFTS", "WRITE"]}));
        assert_eq!(server.ask_with(&old, WHO, json!({})).await.status, 401);
        let desk = "{ desk { articles { edges { node { id } } } } }";
        assert_eq!(server.ask_with(&reader, desk, json!({})).await.codes(), ["FORBIDDEN"]);

        let create = |language: &str| format!("mutation {{ createArticle(input: {{language: \"{language}\", text: {{title: \"x\"}}}}) {{ variant {{ id }} }} }}");
        assert_eq!(server.ask_with(&reader, &create("en"), json!({})).await.codes(), ["FORBIDDEN"]);
        assert_eq!(server.ask_with(&writer, &create("ko"), json!({})).await.codes(), ["FORBIDDEN"]);
        let made = server.ask_with(&writer, &create("en"), json!({})).await;
        let id = made.data("/createArticle/variant/id").as_str().unwrap().to_owned();
        server.done(&editor, "submitVariant", &id, json!({})).await;
        let publish = format!("mutation {{ publishVariant(input: {{variantId: \"{id}\"}}) {{ variant {{ id }} }} }}");
        assert_eq!(server.ask_with(&writer, &publish, json!({})).await.codes(), ["FORBIDDEN"]);
        let (_, korean) = server.write(&editor, "ko", "한국어").await;
        let revise = format!("mutation {{ submitVariant(input: {{variantId: \"{korean}\"}}) {{ variant {{ id }} }} }}");
        assert_eq!(server.ask_with(&writer, &revise, json!({})).await.codes(), ["NOT_FOUND"]);

        let list = String::from_utf8(run(&server.database, &["key", "list", "--json"], 0).stdout).unwrap();
        assert!(!list.contains(&writer), "only its beginning is stored");
        let list: Value = serde_json::from_str(&list).unwrap();
        let row = list.as_array().unwrap().iter().find(|row| row["name"] == "tool").unwrap();
        assert!(writer.starts_with(row["prefix"].as_str().unwrap()));
        assert!(row["lastUsedAt"].is_string());
        run(&server.database, &["key", "revoke", row["id"].as_str().unwrap()], 0);
        assert_eq!(server.ask_with(&writer, WHO, json!({})).await.status, 401);
        run(&server.database, &["key", "issue", "x", "--scopes", "EVERYTHING"], 2);
    }

    accounts_are_listed_and_passwords_have_a_length(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        server.add_user("kim@news.example", "EDITOR");
        let list = String::from_utf8(run(&server.database, &["user", "list", "--json"], 0).stdout).unwrap();
        let list: Value = serde_json::from_str(&list).unwrap();
        assert_eq!((&list[0]["email"], &list[0]["disabled"]), (&json!("kim@news.example"), &json!(false)));
        run(&server.database, &["user", "set-role", "nobody@news.example", "EDITOR"], 2);
        run(&server.database, &["user", "set-role", "kim@news.example", "KING"], 2);
        // Standard input is empty: no password.
        run(&server.database, &["user", "add", "lee@news.example", "--name", "Lee", "--role", "EDITOR"], 2);
    }
}
