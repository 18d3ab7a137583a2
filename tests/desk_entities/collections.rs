//! Front pages: the desk makes a list, readers see it when it is published.

use super::{pair, texts};
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::{Value, json};

async fn newsroom(kind: Kind) -> Server {
    let stories = ["a", "b", "c"].map(|name| Story::new(name).ko(name).en(name).at("2026-01-01T09:00:00+09:00"));
    Newsroom::of(stories.into_iter().chain([Story::new("draft").ko("draft").status("draft")])).serve(kind).await
}

const LISTS: &str = "collection { id version hasUnpublishedChanges items { language articleIds } publishedItems { language articleIds } }";

async fn titles(server: &Server, language: &str) -> Option<Vec<String>> {
    let query = format!(
        "{{ collection(by: {{slug: {{slug: \"front\", language: \"en\"}}}}) {{ articles(language: \"{language}\") {{ edges {{ variant {{ title }} }} }} }} }}"
    );
    let reply = server.query(&query).await;
    let edges = reply.data("/collection").pointer("/articles/edges")?.as_array()?;
    Some(edges.iter().map(|edge| edge["variant"]["title"].as_str().unwrap().to_owned()).collect())
}

on_both! {
    a_front_page_is_made_on_the_desk_and_published_at_once(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (a, b) = (server.article_id("a").await, server.article_id("b").await);
        let drafts = server.desk(&editor, "articles(filter: {states: [DRAFT]}) { edges { node { id } } }").await;
        let draft = &drafts["articles"]["edges"][0]["node"]["id"];
        let input = json!({"names": texts(&[("ko", "첫 면"), ("en", "Front")])});
        let made = server.changed(&editor, "createCollection", LISTS, input).await["collection"].clone();
        let id = &made["id"];
        assert_eq!((&made["items"], &made["hasUnpublishedChanges"]), (&json!([]), &json!(false)));
        let set = |language: &str, stories: Value| json!({"collectionId": id, "language": language, "articleIds": stories});
        server.changed(&editor, "setCollectionItems", LISTS, set("ko", json!([b, draft, a]))).await;
        let done = server.changed(&editor, "setCollectionItems", LISTS, set("en", json!([a]))).await["collection"].clone();
        assert_eq!(done["items"], json!([{"language": "en", "articleIds": [a]}, {"language": "ko", "articleIds": [b, draft, a]}]));
        assert_eq!((&done["publishedItems"], &done["hasUnpublishedChanges"], &done["version"]), (&json!([]), &json!(true), &json!(3)));
        assert_eq!(titles(&server, "ko").await, None, "readers do not see it");

        let cursor = server.changes_after(None).await.1;
        let done = server.changed(&editor, "publishCollection", LISTS, json!({"collectionId": id, "expectedVersion": 3})).await["collection"].clone();
        assert_eq!((&done["hasUnpublishedChanges"], &done["publishedItems"]), (&json!(false), &done["items"]));
        assert_eq!(titles(&server, "ko").await.unwrap(), ["b", "a"], "what is not published is left out");
        assert_eq!(titles(&server, "en").await.unwrap(), ["a"]);
        assert_eq!(server.changes_after(Some(&cursor)).await.0, [format!("COLLECTION_PUBLISHED {}", id.as_str().unwrap())]);

        server.changed(&editor, "setCollectionItems", LISTS, set("ko", json!([a]))).await;
        assert_eq!(titles(&server, "ko").await.unwrap(), ["b", "a"], "the desk's list is another one");
        let done = server.changed(&editor, "setCollectionItems", LISTS, set("ko", json!([a]))).await["collection"].clone();
        assert_eq!(done["version"], 5, "nothing changed");
        server.changed(&editor, "setCollectionItems", LISTS, set("en", json!([]))).await;
        server.changed(&editor, "publishCollection", LISTS, json!({"collectionId": id})).await;
        assert_eq!(titles(&server, "ko").await.unwrap(), ["a"]);

        let input = json!({"collectionId": id, "names": texts(&[("en", "Home")]), "slugs": texts(&[("en", "home")])});
        server.changed(&editor, "updateCollection", LISTS, input).await;
        let reply = server.query("{ collection(by: {slug: {slug: \"front\", language: \"en\"}}) { name(language: \"en\") slug(language: \"en\") } }").await;
        assert_eq!(reply.data("/collection"), &json!({"name": "Home", "slug": "home"}));
    }

    what_cannot_be_on_a_front_page_is_named_place_by_place(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let a = server.article_id("a").await;
        let made = server.changed(&editor, "createCollection", LISTS, json!({"names": texts(&[("en", "Front")])})).await;
        let set = |stories: Value| json!({"collectionId": made["collection"]["id"], "language": "ko", "articleIds": stories});
        for (stories, expected) in [
            (json!([a, "art_00000000000000000000000000", a]), vec![pair("articleIds[1]", "NOT_FOUND"), pair("articleIds[2]", "DUPLICATE")]),
            (json!([a, "nothing"]), vec![pair("articleIds[1]", "INVALID")]),
            (json!(vec![&a; 501]), vec![pair("articleIds", "TOO_LONG")]),
        ] {
            assert_eq!(server.refused(&editor, "setCollectionItems", set(stories)).await, expected);
        }
        assert_eq!(server.refused(&editor, "createCollection", json!({"names": []})).await, [pair("names", "REQUIRED")]);
        let slug = json!({"names": texts(&[("en", "Other")]), "slugs": texts(&[("en", "front")])});
        assert_eq!(server.refused(&editor, "createCollection", slug).await, [pair("slugs.en", "TAKEN")]);
    }
}
