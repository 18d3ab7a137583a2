//! Going on with a refresh token, and signing out.

use super::{CREATE, audit, execute, post, role, serve, texts};
use crate::on_both;
use serde_json::json;

on_both! {
    a_refresh_token_gives_new_tokens_once(kind) {
        let server = serve(kind).await;
        let editor = server.staff("reporter").await;
        let (status, next) = post(&server, "/auth/refresh", json!({"refreshToken": editor.refresh})).await;
        assert_eq!((status, &next["tokenType"], &next["expiresIn"]), (200, &json!("Bearer"), &json!(900)));
        assert_ne!(next["refreshToken"], json!(editor.refresh));
        assert_eq!(role(&server, next["accessToken"].as_str().unwrap()).await, json!("REPORTER"));
        let (status, _) = post(&server, "/auth/refresh", json!({"refreshToken": next["refreshToken"]})).await;
        assert_eq!(status, 200);
        let stored = texts(&server.database, "SELECT hash FROM refresh_token").await;
        assert_eq!(stored.len(), 3);
        assert!(stored.iter().all(|hash| hash.len() == 64 && *hash != editor.refresh));
    }

    a_refresh_token_that_is_shown_again_ends_its_family_and_no_other(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        let elsewhere = server.ask_token(&editor.email, crate::support::PASSWORD).await.1;
        let (_, next) = post(&server, "/auth/refresh", json!({"refreshToken": editor.refresh})).await;
        for token in [&json!(editor.refresh), &next["refreshToken"]] {
            let (status, answer) = post(&server, "/auth/refresh", json!({"refreshToken": token})).await;
            assert_eq!((status, &answer["code"]), (401, &json!("UNAUTHENTICATED")));
        }
        let stolen = next["accessToken"].as_str().unwrap();
        assert_eq!(server.ask_with(stolen, CREATE, json!({})).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(post(&server, "/auth/refresh", json!({"refreshToken": elsewhere["refreshToken"]})).await.0, 200);
        let reused = audit(&server.database).await;
        assert_eq!(reused.iter().filter(|row| *row == "refresh_reused 127.0.0.1").count(), 1, "{reused:?}");
    }

    of_two_who_use_a_refresh_token_at_once_one_is_second(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        let body = json!({"refreshToken": editor.refresh});
        let (one, other) = tokio::join!(
            post(&server, "/auth/refresh", body.clone()),
            post(&server, "/auth/refresh", body.clone()),
        );
        let mut statuses = [one.0, other.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
    }

    who_signed_out_changes_nothing_any_more(kind) {
        let server = serve(kind).await;
        for by_refresh_token in [true, false] {
            let editor = server.staff(if by_refresh_token { "editor-1" } else { "editor-2" }).await;
            let request = server.post("/auth/logout");
            let request = match by_refresh_token {
                true => request.json(&json!({"refreshToken": editor.refresh})),
                false => request.bearer_auth(&editor.access),
            };
            assert_eq!(request.send().await.unwrap().status().as_u16(), 204);
            assert_eq!(server.ask_with(&editor.access, CREATE, json!({})).await.codes(), ["UNAUTHENTICATED"]);
            assert_eq!(post(&server, "/auth/refresh", json!({"refreshToken": editor.refresh})).await.0, 401);
        }
        let unknown = post(&server, "/auth/logout", json!({"refreshToken": "unknown"})).await;
        assert_eq!(unknown.0, 204);
        let bad = server.post("/auth/logout").bearer_auth("nonsense").send().await.unwrap();
        assert_eq!(bad.status().as_u16(), 401);
    }

    a_session_ends_by_itself(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        execute(&server.database, "UPDATE session SET expires_at = 1").await;
        assert_eq!(server.ask_with(&editor.access, CREATE, json!({})).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(post(&server, "/auth/refresh", json!({"refreshToken": editor.refresh})).await.0, 401);
    }

    a_refresh_token_ends_by_itself(kind) {
        let server = serve(kind).await;
        let editor = server.staff("editor").await;
        execute(&server.database, "UPDATE refresh_token SET expires_at = 1").await;
        assert_eq!(post(&server, "/auth/refresh", json!({"refreshToken": editor.refresh})).await.0, 401);
    }
}
