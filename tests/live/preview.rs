//! Previews: one revision for whoever has the link, and nothing else.

use crate::on_both;
use crate::support::{Kind, Newsroom, Reply, Server, Staff, Story};
use serde_json::{Value, json};

const PAGE: &str = "query($id: ID!) { article(by: {id: $id}) { id variants { language title body { text } bylines { author { name(language: \"ko\") } } } } }";

async fn newsroom(kind: Kind) -> Server {
    Newsroom::of([]).serve(kind).await
}

/// The token of a new link.
async fn link(server: &Server, who: &Staff, input: Value) -> String {
    let made = server.changed(who, "createPreview", "preview { token url revisionId }", input).await;
    let token = made["preview"]["token"].as_str().unwrap().to_owned();
    assert!(made["preview"]["url"].as_str().unwrap().ends_with(&format!("?preview={token}")));
    token
}

/// Anybody with a token.
async fn look(server: &Server, token: &str, query: &str, variables: Value) -> Reply {
    let body = json!({"query": query, "variables": variables});
    let request = server.post("/graphql").header("accept", "application/graphql-response+json").json(&body);
    let response = request.header("byline-preview", token).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    Reply::of(response).await
}

async fn titles(server: &Server, token: &str, id: &str) -> Vec<String> {
    let reply = look(server, token, PAGE, json!({ "id": id })).await;
    let variants = reply.data("/article").pointer("/variants").and_then(Value::as_array).cloned().unwrap_or_default();
    variants.iter().map(|variant| variant["title"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    a_link_shows_one_revision_as_if_it_were_published_and_nothing_else(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let names = json!([{"language": "ko", "text": "새 기자"}]);
        let author = server.changed(&editor, "createAuthor", "author { id }", json!({ "names": names })).await;
        let (article, variant) = server.write(&editor, "ko", "첫 판").await;
        let (other, _) = server.write(&editor, "ko", "다른 초안").await;
        let shared = json!({"articleId": article, "shared": {"bylines": [{"authorId": author["author"]["id"]}]}});
        server.changed(&editor, "updateArticle", "article { version }", shared).await;
        server.done(&editor, "reviseVariant", &variant, json!({"text": {"summary": "요약"}})).await;
        let token = link(&server, &editor, json!({"variantId": variant})).await;
        server.done(&editor, "reviseVariant", &variant, json!({"text": {"title": "둘째 판"}})).await;

        let seen = look(&server, &token, PAGE, json!({"id": article})).await;
        let expected = json!([{
            "language": "ko", "title": "첫 판", "body": {"text": "첫 판.\n\nA second paragraph."},
            "bylines": [{"author": {"name": "새 기자"}}],
        }]);
        assert_eq!(seen.data("/article/variants"), &expected);
        let query = "query($v: ID!, $other: ID!) {
            article(by: {slug: {slug: \"첫-판\", language: \"ko\"}}) { id }
            path: article(by: {path: \"/ko/첫-판\"}) { id }
            node(id: $v) { id ... on ArticleVariant { title article { alternates { language title } } } }
            draft: article(by: {id: $other}) { id }
            articles(language: \"ko\") { totalCount }
            authors { edges { node { id } } }
            preview { articleId variantId language canonicalPath expiresAt }
        }";
        let variables = json!({"v": variant, "other": other});
        let all = look(&server, &token, query, variables.clone()).await;
        assert_eq!((all.data("/article/id"), all.data("/path/id")), (&json!(article), &json!(article)));
        let node = json!({"id": variant, "title": "첫 판", "article": {"alternates": [{"language": "ko", "title": "첫 판"}]}});
        assert_eq!(all.data("/node"), &node);
        assert_eq!(all.data("/draft"), &Value::Null);
        assert_eq!((all.data("/articles/totalCount"), all.data("/authors/edges")), (&json!(0), &json!([])));
        let preview = all.data("/preview");
        assert_eq!((&preview["variantId"], &preview["canonicalPath"]), (&json!(variant), &json!("/ko/첫-판")));

        let without = server.query_with(query, variables).await;
        for nothing in ["/article", "/path", "/node", "/draft", "/preview"] {
            assert_eq!(without.data(nothing), &Value::Null, "{nothing}");
        }
    }

    what_is_published_in_other_languages_stays_beside_a_previewed_one(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (article, variant) = server.write(&editor, "ko", "나간 글").await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        let opened = server.changed(&editor, "translateArticle", "variant { id }", json!({"articleId": article, "to": "en"})).await;
        let english = opened["variant"]["id"].as_str().unwrap();
        server.done(&editor, "reviseVariant", english, json!({"text": {"title": "A draft"}})).await;
        let token = link(&server, &editor, json!({"variantId": english})).await;
        assert_eq!(titles(&server, &token, &article).await, ["A draft", "나간 글"]);

        // A newer text of what is published is seen in lists, too; everybody else goes on with the old one.
        server.done(&editor, "reviseVariant", &variant, json!({"text": {"title": "고친 글"}})).await;
        let token = link(&server, &editor, json!({"variantId": variant})).await;
        let list = "{ articles(language: \"ko\") { edges { node { variant(language: \"ko\") { title } } } } }";
        let title = "/articles/edges/0/node/variant/title";
        assert_eq!(look(&server, &token, list, json!({})).await.data(title), "고친 글");
        assert_eq!(server.query(list).await.data(title), "나간 글");
        assert_eq!(titles(&server, &token, &article).await, ["고친 글"]);

        // A withdrawn story is previewed before it comes back.
        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "x"})).await;
        assert_eq!(titles(&server, &token, &article).await, ["고친 글"]);
        let gone = server.query_with(PAGE, json!({"id": article})).await;
        assert_eq!(gone.codes(), ["WITHDRAWN"]);
    }

    an_older_revision_can_be_shown_and_an_autosave_does_not_take_its_place(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (article, variant) = server.write(&editor, "ko", "하나").await;
        let autosave = |title: &str| json!({"text": {"title": title}, "autosave": true});
        server.done(&editor, "reviseVariant", &variant, autosave("둘")).await;
        let token = link(&server, &editor, json!({"variantId": variant})).await;
        server.done(&editor, "reviseVariant", &variant, autosave("셋")).await;
        let query = "query($v: ID!) { desk { variant(id: $v) { revisions { edges { node { id title } } } } } }";
        let history = server.ask(&editor, query, json!({"v": variant})).await;
        let revisions = history.data("/desk/variant/revisions/edges").as_array().unwrap().clone();
        let all: Vec<&str> = revisions.iter().map(|edge| edge["node"]["title"].as_str().unwrap()).collect();
        assert_eq!(all, ["셋", "둘", "하나"]);
        let first = link(&server, &editor, json!({"variantId": variant, "revisionId": revisions[2]["node"]["id"]})).await;
        assert_eq!(titles(&server, &token, &article).await, ["둘"]);
        assert_eq!(titles(&server, &first, &article).await, ["하나"]);
    }

    pictures_that_nothing_published_shows_come_with_the_token(kind) {
        let story = Story::new("a").ko("그림이 있는 글").at("2026-01-01T09:00:00+09:00").status("draft").picture();
        let server = Newsroom::of([story]).serve(kind).await;
        let editor = server.staff("editor").await;
        let desk = server.desk(&editor, "articles { edges { node { id variants { id } } } }").await;
        let story = &desk["articles"]["edges"][0]["node"];
        let token = link(&server, &editor, json!({"variantId": story["variants"][0]["id"]})).await;
        let query = "query($id: ID!) { article(by: {id: $id}) { leadImage { url } } }";
        let url = look(&server, &token, query, json!({"id": story["id"]})).await;
        let url = url.data("/article/leadImage/url").as_str().unwrap().strip_prefix("https://api.news.example").unwrap().to_owned();
        let picture = server.get(&url).send().await.unwrap();
        assert_eq!((picture.status().as_u16(), &picture.headers()["cache-control"]), (200, &"no-store".parse().unwrap()));
        let path = url.split('?').next().unwrap();
        assert_eq!(server.get(path).send().await.unwrap().status(), 404);
        assert_eq!(server.get(&format!("{path}?preview=wrong")).send().await.unwrap().status(), 401);
    }

    a_link_that_is_unknown_ended_or_expired_opens_nothing(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let (article, variant) = server.write(&editor, "ko", "글").await;
        let ended = link(&server, &editor, json!({"variantId": variant})).await;
        let done = server.changed(&editor, "endPreviews", "ended", json!({"variantId": variant})).await;
        assert_eq!(done["ended"], 1);
        let expired = link(&server, &editor, json!({"variantId": variant, "validMinutes": 1})).await;
        let database = server.database.connect().await;
        sea_orm::ConnectionTrait::execute_unprepared(&database, "UPDATE preview SET expires_at = 1").await.unwrap();
        for token in ["", "wrong", &ended, &expired] {
            let body = json!({"query": PAGE, "variables": {"id": article}});
            let request = server.post("/graphql").header("accept", "application/graphql-response+json").json(&body);
            let response = request.header("byline-preview", token).send().await.unwrap();
            let reply = Reply::of(response).await;
            assert_eq!((reply.status, reply.codes()), (401, vec!["UNAUTHENTICATED"]), "{token}");
        }
        let at = server.get(&format!("/graphql?query={{languages{{tag}}}}&preview={ended}")).send().await.unwrap();
        assert_eq!(at.status(), 401);
    }

    who_may_not_show_a_text_makes_no_link_to_it(kind) {
        let server = newsroom(kind).await;
        let (editor, reporter) = (server.staff("editor").await, server.staff("reporter").await);
        let (_, own) = server.write(&reporter, "ko", "내 글").await;
        let (_, other) = server.write(&editor, "ko", "남의 글").await;
        let make = |who: Staff, input: Value| {
            let server = &server;
            async move { server.change(&who, "createPreview", "preview { token }", input).await }
        };
        assert!(make(reporter.clone(), json!({"variantId": own})).await.json["errors"].is_null());
        assert_eq!(make(reporter.clone(), json!({"variantId": other})).await.codes(), ["NOT_FOUND"]);
        server.bring(&editor, &other, "PUBLISHED").await;
        assert_eq!(make(reporter.clone(), json!({"variantId": other})).await.codes(), ["FORBIDDEN"]);
        let anonymous = format!("mutation {{ createPreview(input: {{variantId: \"{own}\"}}) {{ preview {{ token }} }} }}");
        assert_eq!(server.query(&anonymous).await.codes(), ["UNAUTHENTICATED"]);
        let wrong = |input: Value| server.refused(&editor, "createPreview", input);
        let pair = |path: &str| vec![(path.to_owned(), "INVALID".to_owned())];
        for minutes in [0, 43_201] {
            assert_eq!(wrong(json!({"variantId": other, "validMinutes": minutes})).await, pair("validMinutes"));
        }
        let query = "query($v: ID!) { desk { variant(id: $v) { head { id } } } }";
        let head = server.ask(&editor, query, json!({"v": own})).await.data("/desk/variant/head/id").clone();
        assert_eq!(wrong(json!({"variantId": other, "revisionId": head})).await, pair("revisionId"));
    }
}
