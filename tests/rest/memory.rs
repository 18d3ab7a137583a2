//! Answers from memory: kept under one form of the address, validated by tag, gone with what makes them untrue.

use super::{fetch, fetch_with};
use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use serde_json::json;

on_both! {
    an_answer_is_kept_whatever_the_order_of_its_parameters(db) {
        let server = Server::sample(db).await;
        let first = fetch(&server, "/v1/articles?language=en&first=3").await;
        let again = fetch(&server, "/v1/articles?first=3&language=e%6E").await;
        assert!(first.statements() > 0 && again.statements() == 0);
        assert_eq!((&first.text, first.header("etag")), (&again.text, again.header("etag")));
        assert_eq!(first.header("link"), again.header("link"));
        let tag = first.header("etag");
        let known = fetch_with(&server, "/v1/articles?first=3&language=en", &[("if-none-match", &tag)]).await;
        assert_eq!((known.status, known.text.as_str()), (304, ""));
        let head = server.client().head(format!("{}/v1/articles?first=3&language=en", server.address()));
        let head = head.send().await.unwrap();
        assert_eq!((head.status().as_u16(), head.headers()["etag"].to_str().unwrap()), (200, tag.as_str()));
        assert!(head.bytes().await.unwrap().is_empty());
    }

    a_change_takes_away_what_shows_it_and_nothing_else(db) {
        let server = Newsroom::of([Story::new("a").en("One"), Story::new("b").en("Two")]).serve(db).await;
        let editor = server.staff("editor").await;
        let paths = ["/v1/articles/by-slug/en/one", "/v1/articles/by-slug/en/two", "/v1/articles?language=en"];
        for path in paths {
            fetch(&server, path).await;
            assert_eq!(fetch(&server, path).await.statements(), 0, "{path}");
        }
        let one = fetch(&server, paths[0]).await.json();
        let variant = one["variantId"].as_str().unwrap();
        server.done(&editor, "reviseVariant", variant, json!({"text": {"title": "Another"}})).await;
        server.done(&editor, "publishVariant", variant, json!({})).await;
        assert_eq!(fetch(&server, paths[0]).await.json()["title"], "Another");
        assert_eq!(fetch(&server, paths[1]).await.statements(), 0, "it does not show the other story");
        assert!(fetch(&server, paths[2]).await.text.contains("Another"));
    }

    who_shows_a_credential_is_answered_anew_and_kept_nowhere(db) {
        let server = Server::sample(db).await;
        let editor = server.staff("editor").await;
        let bearer = format!("Bearer {}", editor.access);
        for _ in 0..2 {
            let page = fetch_with(&server, "/v1/articles?first=2", &[("authorization", &bearer)]).await;
            assert_eq!((page.status, page.header("cache-control").as_str()), (200, "no-store"));
            assert!(page.statements() > 0);
        }
    }
}
