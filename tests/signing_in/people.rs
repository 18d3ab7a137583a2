//! People who sign in with a password.

use super::{CREATE, DESK, VIEWER, assert_refused, audit, post, role, serve, texts, viewer};
use crate::on_both;
use crate::support::staff::run_with_password;
use crate::support::{Database, Kind, PASSWORD, run};
use serde_json::{Value, json};

on_both! {
    somebody_who_signs_in_is_known_and_somebody_who_does_not_is_nobody(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        let reply = viewer(&server, &editor.access).await;
        let known = json!({"id": editor.id, "name": "editor", "role": "EDITOR", "email": editor.email, "scopes": null});
        assert_eq!(*reply.data("/viewer"), known);
        let nobody = server.query(VIEWER).await;
        assert_eq!((nobody.data("/viewer"), nobody.statements), (&Value::Null, 0));
        let created = server.ask_with(&editor.access, CREATE, json!({})).await;
        assert_eq!(*created.data("/createArticle/userErrors"), json!([]));
        assert_eq!(server.query(CREATE).await.codes(), ["UNAUTHENTICATED"]);
    }

    an_unknown_name_and_a_wrong_password_get_the_same_answer(kind) {
        let server = serve(kind).await;
        server.add_user("Kim@News.Example", "EDITOR");
        assert_eq!(server.ask_token(" kim@news.example ", PASSWORD).await.0, 200);
        let wrong = server.ask_token("kim@news.example", "correct horse battery stapler").await;
        let unknown = server.ask_token("lee@news.example", PASSWORD).await;
        assert_eq!((wrong.0, wrong.1["code"].as_str()), (401, Some("UNAUTHENTICATED")));
        assert_eq!(wrong, unknown);
        run(&server.database, &["user", "disable", "kim@news.example"], 0);
        assert_eq!(server.ask_token("kim@news.example", PASSWORD).await, wrong);
        run(&server.database, &["user", "enable", "kim@news.example"], 0);
        assert_eq!(server.ask_token("kim@news.example", PASSWORD).await.0, 200);
    }

    somebody_who_is_disabled_changes_nothing_any_more_and_cannot_go_on(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        run(&server.database, &["user", "disable", &editor.email], 0);
        for query in [CREATE, DESK] {
            assert_eq!(server.ask_with(&editor.access, query, json!({})).await.codes(), ["UNAUTHENTICATED"]);
        }
        assert_eq!(post(&server, "/auth/refresh", json!({"refreshToken": editor.refresh})).await.0, 401);
    }

    another_role_counts_for_changes_at_once_and_for_the_next_token(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        run(&server.database, &["user", "set-role", &editor.id, "READER"], 0);
        assert_eq!(server.ask_with(&editor.access, CREATE, json!({})).await.codes(), ["UNAUTHENTICATED"]);
        let (status, tokens) = post(&server, "/auth/refresh", json!({"refreshToken": editor.refresh})).await;
        assert_eq!((status, role(&server, tokens["accessToken"].as_str().unwrap()).await), (200, json!("READER")));
    }

    another_password_ends_what_was_begun_with_the_former_one(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        let output = run_with_password(&server.database, &["user", "set-password", &editor.email], "another long password");
        assert!(output.status.success());
        assert_eq!(server.ask_with(&editor.access, CREATE, json!({})).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(server.ask_token(&editor.email, PASSWORD).await.0, 401);
        assert_eq!(server.ask_token(&editor.email, "another long password").await.0, 200);
    }

    what_happens_to_people_is_in_the_audit(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        server.ask_token(&editor.email, "wrong password, sorry").await;
        server.ask_token("nobody@news.example", PASSWORD).await;
        server.post("/auth/logout").json(&json!({"refreshToken": editor.refresh})).send().await.unwrap();
        run(&server.database, &["user", "disable", &editor.email], 0);
        let expected = [
            "user.add cli", "sign_in 127.0.0.1", "signing_key.create cli", "sign_in_failed 127.0.0.1",
            "sign_in_failed 127.0.0.1", "sign_out 127.0.0.1", "user.disable cli",
        ];
        assert_eq!(audit(&server.database).await, expected);
        let details = texts(&server.database, "SELECT actor || detail FROM audit").await.join("\n");
        assert!(details.contains(&editor.id) && details.contains("nobody@news.example"), "{details}");
        assert!(!details.contains("password"), "{details}");
    }
}

#[tokio::test]
async fn people_are_listed_without_their_passwords_and_wrong_ones_are_refused() {
    let database = Database::empty(Kind::Sqlite).await;
    let added = ["user", "add", "kim@news.example", "--name", "Kim", "--role", "ADMIN"];
    let added = String::from_utf8(run_with_password(&database, &added, PASSWORD).stdout).unwrap();
    let id = added.split(' ').next().unwrap();
    let listed: Value = serde_json::from_slice(&run(&database, &["user", "list", "--json"], 0).stdout).unwrap();
    assert_eq!(listed[0]["id"], id);
    assert_eq!((&listed[0]["role"], &listed[0]["disabled"]), (&json!("ADMIN"), &json!(false)));
    assert!(!listed.to_string().contains("argon2"));
    let add = |email: &'static str, password: &'static str| {
        let arguments = ["user", "add", email, "--name", "Lee", "--role", "EDITOR"];
        run_with_password(&database, &arguments, password).status.code()
    };
    for (email, password) in [("KIM@news.example", PASSWORD), ("lee", PASSWORD), ("lee@news.example", "too short")] {
        assert_eq!(add(email, password), Some(2), "{email}");
    }
    run(&database, &["user", "add", "a@b.c", "--name", "Lee", "--role", "BOSS"], 2);
    run(&database, &["user", "add", "a@b.c", "--name", "Lee", "--role", "EDITOR"], 2);
    run(&database, &["user", "disable", "lee@news.example"], 2);
}

#[tokio::test]
async fn a_credential_that_is_no_bearer_token_is_refused_and_never_taken_for_nobody() {
    let server = serve(Kind::Sqlite).await;
    for header in
        ["Basic a2ltOnBhc3N3b3Jk", "Bearer", "Bearer ", "nonsense", "Bearer nonsense", "Bearer a.b.c", "Bearer ..", ""]
    {
        assert_refused(&server, header, header).await;
    }
}

#[tokio::test]
async fn a_request_to_sign_in_that_is_malformed_is_told_what_is_wrong() {
    let server = serve(Kind::Sqlite).await;
    let form = "application/x-www-form-urlencoded";
    let form =
        server.post("/auth/token").header("content-type", form).body("email=a%40b.c&password=x").send().await.unwrap();
    assert_eq!(form.status().as_u16(), 400);
    assert_eq!(post(&server, "/auth/token", json!({"email": "a@b.c"})).await.0, 400);
    let long = json!({"email": "a@b.c", "password": "x".repeat(20_000)});
    assert_eq!(post(&server, "/auth/token", long).await.0, 413);
    assert_eq!(server.get("/auth/token").send().await.unwrap().status().as_u16(), 405);
}
