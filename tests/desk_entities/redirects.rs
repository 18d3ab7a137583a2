//! Paths that lead to a story besides its own.

use super::pair;
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::{Value, json};

async fn newsroom(kind: Kind) -> Server {
    let story = |name: &str| Story::new(name).ko(name).at("2026-01-01T09:00:00+09:00");
    Newsroom::of([story("a"), story("b")]).serve(kind).await
}

async fn found(server: &Server, path: &str) -> Value {
    let query = "query($path: String!) { article(by: {path: $path}) { id } }";
    server.query_with(query, json!({"path": path})).await.data("/article").clone()
}

const REDIRECT: &str = "redirect { path articleId createdBy }";

on_both! {
    a_path_leads_to_a_published_story_at_once_until_it_is_taken_away(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let a = server.article_id("a").await;
        let made = server.changed(&editor, "createRedirect", REDIRECT, json!({"articleId": a, "path": "/2019/%EC%98%9B-%EA%B8%80/"})).await;
        assert_eq!(made["redirect"], json!({"path": "/2019/옛-글", "articleId": a, "createdBy": "editor"}));
        for path in ["/2019/옛-글", "/2019/옛-글/", "/2019/%EC%98%9B-%EA%B8%80"] {
            assert_eq!(found(&server, path).await, json!({"id": a}), "{path}");
        }
        let again = server.changed(&editor, "createRedirect", REDIRECT, json!({"articleId": a, "path": "/2019/옛-글"})).await;
        assert_eq!(again["redirect"], made["redirect"], "it leads there already");
        let list = server.desk(&editor, &format!("redirects(articleId: \"{a}\") {{ path }}")).await;
        assert_eq!(list["redirects"], json!([{"path": "/2019/옛-글"}]));
        server.changed(&editor, "deleteRedirect", REDIRECT, json!({"path": "/2019/%EC%98%9B-%EA%B8%80"})).await;
        assert_eq!(found(&server, "/2019/옛-글").await, Value::Null);
        let b = server.article_id("b").await;
        server.changed(&editor, "createRedirect", REDIRECT, json!({"articleId": b, "path": "/2019/옛-글"})).await;
        assert_eq!(found(&server, "/2019/옛-글").await, json!({"id": b}), "a path that was taken away is free");
    }

    a_path_of_a_draft_is_kept_on_the_desk_until_the_draft_is_published(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (article, variant) = server.write(&editor, "ko", "초고").await;
        server.changed(&editor, "createRedirect", REDIRECT, json!({"articleId": article, "path": "/soon"})).await;
        assert_eq!(found(&server, "/soon").await, Value::Null);
        server.bring(&editor, &variant, "PUBLISHED").await;
        assert_eq!(found(&server, "/soon").await, json!({"id": article}));
        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "x"})).await;
        let gone = server.query("{ article(by: {path: \"/soon\"}) { id } }").await;
        assert_eq!(gone.codes(), ["WITHDRAWN"]);
    }

    a_path_that_nobody_could_follow_or_that_leads_elsewhere_is_refused(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (a, b) = (server.article_id("a").await, server.article_id("b").await);
        server.changed(&editor, "createRedirect", REDIRECT, json!({"articleId": a, "path": "/old"})).await;
        for (path, code) in [
            ("", "INVALID"),
            ("/", "INVALID"),
            ("old", "INVALID"),
            ("//elsewhere.example/old", "INVALID"),
            ("/old?page=2", "INVALID"),
            ("/old#top", "INVALID"),
            ("/old/", "TAKEN"),
            ("/ko/a", "TAKEN"),
        ] {
            let refused = server.refused(&editor, "createRedirect", json!({"articleId": b, "path": path})).await;
            assert_eq!(refused, [pair("path", code)], "{path}");
        }
        assert_eq!(found(&server, "/old").await, json!({"id": a}));
    }
}
