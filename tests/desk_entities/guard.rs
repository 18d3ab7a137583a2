//! Who may do it, to what, and on top of which version: for every mutation.

use super::texts;
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::{Value, json};

/// One of each, published.
async fn newsroom(kind: Kind) -> Server {
    let story = |name: &str, tag: &str, author: &str| {
        Story::new(name).ko("제목").at("2026-01-01T09:00:00+09:00").tags(&[tag]).authors(&[author])
    };
    Newsroom::of([story("a", "x", "ann").section("s").picture(), story("b", "y", "ben")])
        .file("collections.yaml", "- { key: front, names: { en: Front }, slugs: { en: front }, items: { ko: [a] } }\n")
        .serve(kind)
        .await
}

/// Every mutation with an input that would do, what names its object, and what its version is called.
async fn mutations(server: &Server) -> Vec<(&'static str, Value, Option<(&'static str, &'static str)>)> {
    let (x, y) = (server.id_of("tag", "ko", "x").await, server.id_of("tag", "ko", "y").await);
    let (ann, ben) = (server.author_id("ann").await, server.author_id("ben").await);
    let section = server.id_of("section", "ko", "s").await;
    let front = server.id_of("collection", "en", "front").await;
    let article = server.article_id("a").await;
    let image = server.query(&format!("{{ article(by: {{id: \"{article}\"}}) {{ leadImage {{ id }} }} }}")).await;
    let image = image.data("/article/leadImage/id").clone();
    let names = texts(&[("ko", "이름")]);
    let version = "expectedVersion";
    vec![
        ("createAuthor", json!({"names": names}), None),
        ("createTag", json!({"names": names}), None),
        ("createSection", json!({"names": names}), None),
        ("createCollection", json!({"names": names}), None),
        ("updateAuthor", json!({"authorId": ann, "names": names}), Some(("authorId", version))),
        ("updateTag", json!({"tagId": x, "names": names}), Some(("tagId", version))),
        ("updateSection", json!({"sectionId": section, "names": names}), Some(("sectionId", version))),
        ("updateImage", json!({"imageId": image, "credit": "Kim"}), Some(("imageId", version))),
        ("updateCollection", json!({"collectionId": front, "names": names}), Some(("collectionId", version))),
        (
            "setCollectionItems",
            json!({"collectionId": front, "language": "ko", "articleIds": []}),
            Some(("collectionId", version)),
        ),
        ("publishCollection", json!({"collectionId": front}), Some(("collectionId", version))),
        ("archiveEntity", json!({"id": ann}), Some(("id", version))),
        ("unarchiveEntity", json!({"id": ann}), Some(("id", version))),
        ("createRedirect", json!({"articleId": article, "path": "/old"}), None),
        ("deleteRedirect", json!({"path": "/old"}), None),
        ("mergeTags", json!({"fromId": x, "intoId": y}), Some(("intoId", version))),
        ("mergeTags", json!({"fromId": x, "intoId": y}), Some(("fromId", "expectedFromVersion"))),
        ("mergeAuthors", json!({"fromId": ann, "intoId": ben}), Some(("intoId", version))),
        ("mergeAuthors", json!({"fromId": ann, "intoId": ben}), Some(("fromId", "expectedFromVersion"))),
    ]
}

/// An id of the same kind that nothing has.
fn unknown(id: &Value) -> Value {
    json!(format!("{}{}", &id.as_str().unwrap()[..4], "0".repeat(26)))
}

on_both! {
    only_editors_change_what_stories_refer_to(kind) {
        let server = newsroom(kind).await;
        let others = [server.staff("reporter").await, server.staff("translator").await, server.staff("reader").await];
        for (mutation, input, _) in mutations(&server).await {
            for who in &others {
                let reply = server.change(who, mutation, "", input.clone()).await;
                assert_eq!(reply.codes(), ["FORBIDDEN"], "{mutation} {}", who.email);
            }
            let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
            let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ clientMutationId }} }}");
            let reply = server.query_with(&query, json!({"input": input})).await;
            assert_eq!(reply.codes(), ["UNAUTHENTICATED"], "{mutation}");
        }
        let (changes, _) = server.changes_after(None).await;
        assert_eq!(changes.len(), 3, "two stories and a collection, and nothing since: {changes:?}");
    }

    what_is_not_there_is_not_found_and_what_changed_meanwhile_is_a_conflict(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let all = mutations(&server).await;
        for (mutation, input, named) in &all {
            let Some((field, version)) = named else { continue };
            let mut other = input.clone();
            other[*field] = unknown(&input[*field]);
            assert_eq!(server.change(&editor, mutation, "", other).await.codes(), ["NOT_FOUND"], "{mutation} {field}");
            let mut older = input.clone();
            older[*version] = json!(99);
            let reply = server.change(&editor, mutation, "", older).await;
            assert_eq!(reply.codes(), ["CONFLICT"], "{mutation} {version}");
            let extensions = &reply.json["errors"][0]["extensions"];
            assert_eq!((&extensions["expected"], extensions["by"].is_string()), (&json!(99), true), "{mutation}: {extensions}");
        }
        let missing = json!({"articleId": unknown(&json!("art_")), "path": "/x"});
        assert_eq!(server.change(&editor, "createRedirect", "", missing).await.codes(), ["NOT_FOUND"]);
        assert_eq!(server.change(&editor, "deleteRedirect", "", json!({"path": "/x"})).await.codes(), ["NOT_FOUND"]);
    }

    who_saves_second_learns_who_was_first(kind) {
        let server = newsroom(kind).await;
        let (first, second) = (server.staff("editor-1").await, server.staff("editor-2").await);
        let tag = server.id_of("tag", "ko", "x").await;
        let input = |name: &str| json!({"tagId": tag, "expectedVersion": 1, "names": texts(&[("en", name)]), "clientMutationId": name});
        let done = server.changed(&first, "updateTag", "tag { version updatedBy }", input("One")).await;
        assert_eq!(done["tag"], json!({"version": 2, "updatedBy": "editor-1"}));
        assert_eq!(done["clientMutationId"], "One");
        let reply = server.change(&second, "updateTag", "", input("Two")).await;
        let extensions = &reply.json["errors"][0]["extensions"];
        assert_eq!(extensions, &json!({"code": "CONFLICT", "expected": 1, "found": 2, "by": "editor-1"}));
    }

    of_many_who_change_the_same_version_at_once_one_succeeds(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let tag = server.id_of("tag", "ko", "x").await;
        let all = (0..6).map(|n| {
            let input = json!({"tagId": tag, "expectedVersion": 1, "names": texts(&[("en", &format!("Name {n}"))])});
            server.change(&editor, "updateTag", "tag { version }", input)
        });
        let replies = futures_util::future::join_all(all).await;
        let done = replies.iter().filter(|reply| reply.json.get("errors").is_none()).count();
        assert_eq!(done, 1);
        for reply in replies.iter().filter(|reply| reply.json.get("errors").is_some()) {
            assert_eq!(reply.codes(), ["CONFLICT"]);
        }
    }
}
