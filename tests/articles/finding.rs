//! By id, slug, path and external id, in the languages that somebody reads.

use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use serde_json::{Value, json};

const PATHS: &str = "query($path: String!) { article(by: {path: $path}) { id variants { canonicalPath } } }";
const SLUG: &str = "query($slug: String!, $language: LanguageTag!) {
    article(by: {slug: {slug: $slug, language: $language}}) { id variant(language: $language) { canonicalPath } }
}";

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

on_both! {
    a_story_is_found_by_every_name_that_it_has(kind) {
        let server = Server::sample(kind).await;
        let id = server.article_id("harbour-ferry-charging").await;
        let korean = "전기여객선-1년-지연의-이유";
        for path in [
            format!("/ko/{korean}"),
            format!("/ko/{korean}/"),
            format!("/ko/{}", percent_encoded(korean)),
            format!("/ko/{}/", percent_encoded(korean)),
            "/en/electric-ferry-first-year".to_owned(),
        ] {
            let reply = server.query_with(PATHS, json!({"path": path})).await;
            assert_eq!(reply.data("/article/id"), &json!(id), "{path}");
        }
        for (slug, language) in [(korean, "ko"), ("electric-ferry-first-year", "en"), (korean, "ko-KR")] {
            let reply = server.query_with(SLUG, json!({"slug": slug, "language": language})).await;
            assert_eq!(reply.data("/article/id"), &json!(id), "{slug}");
        }
        let by_id = "query($id: ID!) { article(by: {id: $id}) { id } node(id: $id) { __typename id } }";
        let reply = server.query_with(by_id, json!({"id": id})).await;
        assert_eq!(reply.json["data"], json!({"article": {"id": id}, "node": {"__typename": "Article", "id": id}}));
    }

    a_former_slug_leads_to_the_new_path(kind) {
        let story = Story::new("a").ko("제목").at("2026-01-01T09:00:00+09:00");
        let server = Newsroom::of([story.clone().set("ko", "slug", json!("옛-이름"))]).serve_anew(kind).await;
        let id = server.article_id("a").await;
        for (slug, former) in [("새-이름", "옛-이름"), ("셋째-이름", "새-이름")] {
            Newsroom::of([story.clone().set("ko", "slug", json!(slug))]).import(&server.database);
            for name in [slug, former, "옛-이름"] {
                let reply = server.query_with(SLUG, json!({"slug": name, "language": "ko"})).await;
                assert_eq!(reply.data("/article/id"), &json!(id), "{name}");
                assert_eq!(reply.data("/article/variant/canonicalPath"), &json!(format!("/ko/{slug}")), "{name}");
                let reply = server.query_with(PATHS, json!({"path": format!("/ko/{name}")})).await;
                assert_eq!(reply.data("/article/id"), &json!(id), "{name}");
            }
        }
    }

    what_does_not_exist_is_null_and_no_error(kind) {
        let server = Newsroom::of([Story::new("a").ko("제목").en("Title").at("2026-01-01T09:00:00+09:00")]).serve(kind).await;
        for by in [
            r#"{id: "art_00000000000000000000000000"}"#,
            r#"{slug: {slug: "title", language: "ko"}}"#,
            r#"{slug: {slug: "제목", language: "en"}}"#,
            r#"{slug: {slug: "", language: "ko"}}"#,
            r#"{slug: {slug: "a\u0000b", language: "ko"}}"#,
            r#"{path: "/"}"#,
            r#"{path: ""}"#,
            r#"{path: "/fr/title"}"#,
            r#"{path: "/en/title/more"}"#,
            r#"{path: "/en/%00"}"#,
            r#"{path: "/en/%ff"}"#,
            r#"{externalId: {system: "wordpress", id: "a"}}"#,
            r#"{externalId: {system: "markdown", id: "b\u0000"}}"#,
        ] {
            let reply = server.query(&format!("{{ article(by: {by}) {{ id }} }}")).await;
            assert_eq!(reply.data("/article"), &Value::Null, "{by}");
        }
    }

    a_bad_argument_is_an_error_that_names_it(kind) {
        let server = Newsroom::of([Story::new("a").ko("제목")]).serve(kind).await;
        for (query, field) in [
            (r#"{ article(by: {id: "7"}) { id } }"#, "by.id"),
            (r#"{ article(by: {id: "tag_00000000000000000000000000"}) { id } }"#, "by.id"),
            (r#"{ article(by: {slug: {slug: "a", language: "fr"}}) { id } }"#, "language"),
            (r#"{ article(by: {path: "/ko/제목"}, language: "fr") { id } }"#, "language"),
        ] {
            let reply = server.query(query).await;
            assert_eq!(reply.codes(), ["INVALID"], "{query}");
            assert_eq!(reply.json["errors"][0]["extensions"]["fields"][0]["path"], field, "{:#}", reply.json);
            assert_eq!(reply.json["data"]["article"], Value::Null);
        }
    }

    a_withdrawn_story_says_so_by_every_name(kind) {
        let story = Story::new("a").ko("제목").en("Title").at("2026-01-01T09:00:00+09:00");
        let server = Newsroom::of([story.clone()]).serve(kind).await;
        let id = server.article_id("a").await;
        Newsroom::of([story.clone().set("ko", "status", json!("draft"))]).import(&server.database);
        let reply = server.query_with(SLUG, json!({"slug": "제목", "language": "ko"})).await;
        assert_eq!(reply.data("/article"), &json!({"id": id, "variant": null}), "the other language is still there");
        Newsroom::of([story.clone().status("draft")]).import(&server.database);
        for by in [
            format!(r#"{{id: "{id}"}}"#),
            r#"{slug: {slug: "제목", language: "ko"}}"#.to_owned(),
            r#"{path: "/en/title"}"#.to_owned(),
            r#"{externalId: {system: "markdown", id: "a"}}"#.to_owned(),
        ] {
            assert_eq!(server.query(&format!("{{ article(by: {by}) {{ id }} }}")).await.codes(), ["WITHDRAWN"], "{by}");
        }
        let reply = server.query(&format!("{{ node(id: \"{id}\") {{ id }} articles(fallback: true) {{ totalCount }} }}")).await;
        assert_eq!(reply.json["data"], json!({"node": null, "articles": {"totalCount": 0}}));
        Newsroom::of([story]).import(&server.database);
        assert_eq!(server.article_id("a").await, id, "published again, it is the same story");
    }

    a_language_is_served_or_replaced_only_when_allowed(kind) {
        let moment = "2026-01-01T09:00:00+09:00";
        let both = Story::new("both").ko("둘").en("Both").at(moment);
        let server = Newsroom::of([both, Story::new("ko").ko("한국어").at(moment), Story::new("en").en("English").at(moment)]).serve(kind).await;
        let query = "query($id: String!, $language: LanguageTag!, $fallback: Boolean!) {
            article(by: {externalId: {system: \"markdown\", id: $id}}, language: $language, fallback: $fallback) {
                variant(language: $language, fallback: $fallback) { title servedAsFallback(requested: $language) }
            }
        }";
        for (id, language, fallback, served) in [
            ("both", "ko", false, json!({"title": "둘", "servedAsFallback": false})),
            ("both", "en", true, json!({"title": "Both", "servedAsFallback": false})),
            ("both", "en-GB", false, json!({"title": "Both", "servedAsFallback": false})),
            ("ko", "en", true, json!({"title": "한국어", "servedAsFallback": true})),
            ("ko", "en", false, Value::Null),
            // Readers of Korean are served nothing else: `ko` has no fallback.
            ("en", "ko", true, Value::Null),
        ] {
            let reply = server.query_with(query, json!({"id": id, "language": language, "fallback": fallback})).await;
            let article = reply.data("/article");
            assert_eq!(article.get("variant").unwrap_or(&Value::Null), &served, "{id} {language} {fallback}");
            assert_eq!(article.is_null(), served.is_null(), "{id} {language} {fallback}");
        }
        let whole = "{ article(by: {externalId: {system: \"markdown\", id: \"ko\"}}) { variant(language: \"en\") { id } variants { language } } }";
        let reply = server.query(whole).await;
        assert_eq!(reply.data("/article"), &json!({"variant": null, "variants": [{"language": "ko"}]}));
    }

    a_path_of_the_old_site_is_found_even_if_it_looks_like_a_new_one(kind) {
        let server = Newsroom::of([Story::new("a").ko("제목").at("2026-01-01T09:00:00+09:00")]).serve(kind).await;
        let id = server.article_id("a").await;
        // Importers of other systems leave such addresses: Polylang writes /en/name.
        let connection = server.database.connect().await;
        sea_orm::ConnectionTrait::execute_unprepared(
            &connection,
            "INSERT INTO live_address (kind, scope, address, target_id) \
             SELECT 'path', '', path.address, v.article_id FROM live_variant v \
             CROSS JOIN (SELECT '/en/old-name' AS address UNION ALL SELECT '/2023/11/옛글') path",
        )
        .await
        .unwrap();
        for path in ["/en/old-name", "/en/old-name/", "/2023/11/옛글", "/2023/11/%EC%98%9B%EA%B8%80/"] {
            let reply = server.query_with(PATHS, json!({"path": path})).await;
            assert_eq!(reply.data("/article/id"), &json!(id), "{path}");
        }
    }
}
