//! The archive: not offered any more, not given to anything new, and readers notice nothing.

use super::{pair, texts};
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::{Value, json};

async fn newsroom(kind: Kind) -> Server {
    let story = Story::new("a")
        .ko("제목")
        .at("2026-01-01T09:00:00+09:00")
        .tags(&["x"])
        .authors(&["ann"])
        .section("s")
        .picture();
    Newsroom::of([story])
        .file("collections.yaml", "- { key: front, names: { en: Front }, slugs: { en: front }, items: { ko: [a] } }\n")
        .serve(kind)
        .await
}

on_both! {
    what_is_in_the_archive_is_hidden_from_those_who_choose_and_from_nobody_else(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let seen = "{ articles(language: \"ko\") { nodes { tags { id } section { id } leadImage { id } bylines { author { id } } collections { id } } } }";
        let before = server.query(seen).await;
        let story = before.data("/articles/nodes/0");
        let things = [
            ("authors", &story["bylines"][0]["author"]["id"]),
            ("tags", &story["tags"][0]["id"]),
            ("sections", &story["section"]["id"]),
            ("images", &story["leadImage"]["id"]),
            ("collections", &story["collections"][0]["id"]),
        ];
        for (list, id) in things {
            let found = async |archived: bool| {
                let nodes = if list == "sections" { "{ id archivedAt }" } else { "{ edges { node { id archivedAt } } }" };
                let answer = server.desk(&editor, &format!("{list}(archived: {archived}) {nodes}")).await;
                answer[list].to_string().contains(id.as_str().unwrap())
            };
            assert_eq!((found(false).await, found(true).await), (true, false), "{list}");
            let entity = "entity { __typename id version archivedAt updatedBy }";
            let done = server.changed(&editor, "archiveEntity", entity, json!({"id": id, "expectedVersion": 1})).await["entity"].clone();
            assert_eq!((&done["id"], &done["version"], &done["updatedBy"]), (id, &json!(2), &json!("editor")));
            assert!(done["archivedAt"].is_string() && done["__typename"].as_str().unwrap().starts_with("Desk"));
            assert_eq!((found(false).await, found(true).await), (false, true), "{list}");
            assert_eq!(server.query(seen).await.json, before.json, "{list}");
            let again = server.changed(&editor, "archiveEntity", entity, json!({"id": id})).await["entity"].clone();
            assert_eq!(again, done, "it is there already");
            let done = server.changed(&editor, "unarchiveEntity", entity, json!({"id": id})).await["entity"].clone();
            assert_eq!((&done["archivedAt"], &done["version"]), (&Value::Null, &json!(3)));
            assert_eq!((found(false).await, found(true).await), (true, false), "{list}");
        }
        let reply = server.change(&editor, "archiveEntity", "", json!({"id": server.article_id("a").await})).await;
        assert_eq!(reply.codes(), ["INVALID"]);
    }

    what_is_in_the_archive_is_kept_where_it_is_and_given_to_nothing_new(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (tag, ann, section) = (server.id_of("tag", "ko", "x").await, server.author_id("ann").await, server.id_of("section", "ko", "s").await);
        let image = server.desk(&editor, "images { edges { node { id } } }").await["images"]["edges"][0]["node"]["id"].clone();
        for id in [json!(tag), json!(ann), json!(section), image.clone()] {
            server.changed(&editor, "archiveEntity", "entity { version }", json!({"id": id})).await;
        }
        let all = json!({"tagIds": [tag], "sectionId": section, "leadImageId": image, "bylines": [{"authorId": ann}]});
        let old = server.article_id("a").await;
        server.changed(&editor, "updateArticle", "article { version }", json!({"articleId": old, "shared": all})).await;
        let (article, _) = server.write(&editor, "ko", "새 글").await;
        let refused = server.refused(&editor, "updateArticle", json!({"articleId": article, "shared": all})).await;
        let codes: Vec<&str> = refused.iter().map(|(_, code)| code.as_str()).collect();
        assert_eq!(codes, ["ARCHIVED"; 4], "{refused:?}");
        let new = json!({"names": texts(&[("ko", "새 사람")]), "portraitId": image});
        assert_eq!(server.refused(&editor, "createAuthor", new).await, [pair("portraitId", "ARCHIVED")]);
        let below = json!({"names": texts(&[("ko", "아래")]), "parentId": section});
        assert_eq!(server.refused(&editor, "createSection", below).await, [pair("parentId", "ARCHIVED")]);
        let front = server.id_of("collection", "en", "front").await;
        server.changed(&editor, "archiveEntity", "entity { version }", json!({"id": front})).await;
        assert_eq!(server.refused(&editor, "publishCollection", json!({"collectionId": front})).await, [pair("collectionId", "ARCHIVED")]);
    }
}
