//! Authors, tags, sections, images and collections: live when saved, seen once something published refers to them.

use crate::on_both;
use crate::support::{Newsroom, Server, Staff};
use serde_json::{Value, json};

const PAYLOAD: &str =
    "{ entity { id version names { language text } slugs { language slug } } userErrors { path code } }";

async fn change(server: &Server, who: &Staff, mutation: &str, input: Value) -> crate::support::Reply {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {PAYLOAD} }}");
    server.ask(who, &query, json!({ "input": input })).await
}

async fn made(server: &Server, who: &Staff, mutation: &str, input: Value) -> String {
    let reply = change(server, who, mutation, input).await;
    assert_eq!(reply.data(&format!("/{mutation}/userErrors")), &json!([]));
    reply.data(&format!("/{mutation}/entity/id")).as_str().unwrap().to_owned()
}

fn names(ko: &str, en: &str) -> Value {
    json!([{"language": "ko", "text": ko}, {"language": "en", "text": en}])
}

on_both! {
    what_a_published_story_names_is_seen_and_a_new_name_at_once(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let tag = made(&server, &editor, "createTag", json!({"names": names("자전거", "Cycling"), "kind": "TOPIC"})).await;
        let author = made(&server, &editor, "createAuthor", json!({"names": names("정도전", "Jeong Do-jeon")})).await;
        let top = made(&server, &editor, "createSection", json!({"names": names("뉴스", "News")})).await;
        let section = made(&server, &editor, "createSection", json!({"names": names("서울", "Seoul"), "parentId": top})).await;
        let (article, variant) = server.write(&editor, "ko", "자전거길").await;
        let update = "mutation($input: UpdateArticleInput!) { updateArticle(input: $input) { article { version } userErrors { path code } } }";
        let shared = json!({"tagIds": [tag], "bylines": [{"authorId": author}], "sectionId": section});
        let reply = server.ask(&editor, update, json!({"input": {"articleId": article, "shared": shared}})).await;
        assert_eq!(reply.data("/updateArticle/userErrors"), &json!([]));
        let seen = "{ tags { nodes { name(language: \"en\") slug(language: \"ko\") } } authors { nodes { slug } } sections { name(language: \"en\") } }";
        assert_eq!(server.query(seen).await.data("/tags/nodes"), &json!([]), "not before something published names it");
        server.bring(&editor, &variant, "PUBLISHED").await;
        let expected = json!({"tags": {"nodes": [{"name": "Cycling", "slug": "자전거"}]}, "authors": {"nodes": [{"slug": "jeong-do-jeon"}]}, "sections": [{"name": "News"}]});
        assert_eq!(server.query(seen).await.json["data"], expected);

        let input = json!({"id": tag, "expectedVersion": 1, "names": [{"language": "en", "text": "Bicycles"}], "slugs": [{"language": "en", "text": "bicycles"}]});
        assert_eq!(change(&server, &editor, "updateTag", input.clone()).await.data("/updateTag/entity/version"), 2);
        assert_eq!(server.query(seen).await.data("/tags/nodes/0"), &json!({"name": "Bicycles", "slug": "자전거"}));
        let old = "{ tag(by: {slug: {slug: \"cycling\", language: \"en\"}}) { name(language: \"en\") } }";
        assert_eq!(server.query(old).await.data("/tag/name"), "Bicycles", "the old slug still leads here");
        assert_eq!(change(&server, &editor, "updateTag", input).await.codes(), ["CONFLICT"]);
    }

    who_may_not_or_names_nothing_or_says_nothing_is_refused(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (editor, reporter) = (server.staff("editor").await, server.staff("reporter").await);
        let tag = made(&server, &editor, "createTag", json!({"names": names("물", "Water")})).await;
        for mutation in ["createTag", "createAuthor", "createSection", "createCollection"] {
            let denied = change(&server, &reporter, mutation, json!({"names": names("하나", "One")})).await;
            assert_eq!(denied.codes(), ["FORBIDDEN"], "{mutation}");
            let empty = change(&server, &editor, mutation, json!({"names": []})).await;
            assert_eq!(empty.data(&format!("/{mutation}/userErrors/0/path")), "names", "{mutation}");
        }
        let unknown = "tag_00000000000000000000000001";
        assert_eq!(change(&server, &editor, "updateTag", json!({"id": unknown})).await.codes(), ["NOT_FOUND"]);
        assert_eq!(change(&server, &reporter, "updateTag", json!({"id": tag})).await.codes(), ["FORBIDDEN"]);
        let taken = json!({"names": names("수", "Other"), "slugs": [{"language": "en", "text": "water"}]});
        let reply = change(&server, &editor, "createTag", taken).await;
        assert_eq!(reply.data("/createTag/userErrors"), &json!([{"path": "slugs.en", "code": "TAKEN"}]));
        let lost = json!({"names": names("갑", "A"), "parentId": "sec_00000000000000000000000001"});
        let reply = change(&server, &editor, "createSection", lost).await;
        assert_eq!(reply.data("/createSection/userErrors/0/path"), "parentId");
    }

    a_front_page_is_replaced_at_once(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let front = made(&server, &editor, "createCollection", json!({"names": names("대문", "Front")})).await;
        let mut stories = Vec::new();
        for title in ["가", "나", "다"] {
            let (article, variant) = server.write(&editor, "ko", title).await;
            server.bring(&editor, &variant, "PUBLISHED").await;
            stories.push(article);
        }
        let put = |list: Vec<&String>| json!({"id": front, "language": "ko", "articleIds": list});
        let shown = "{ collection(by: {slug: {slug: \"대문\", language: \"ko\"}}) { articles(language: \"ko\") { edges { variant { title } } } } }";
        made(&server, &editor, "publishCollection", put(vec![&stories[2], &stories[0]])).await;
        assert_eq!(server.texts(shown, "/collection/articles/edges", "/variant/title").await, ["다", "가"]);
        made(&server, &editor, "publishCollection", put(vec![&stories[1]])).await;
        assert_eq!(server.texts(shown, "/collection/articles/edges", "/variant/title").await, ["나"]);
        let reply = change(&server, &editor, "publishCollection", put(vec![&stories[1], &stories[1]])).await;
        assert_eq!(reply.data("/publishCollection/userErrors"), &json!([{"path": "articleIds[1]", "code": "INVALID"}]));
    }
}
