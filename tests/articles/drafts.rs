//! A draft has no way out: not by name, in lists, in counts, in search, through relations, nor through what it names.

use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

const COLLECTIONS: &str = "- { key: front, names: { en: Front }, slugs: { ko: front, en: front }, items: { ko: [secret, open, half], en: [secret, half, open] } }
- { key: empty, names: { en: Empty }, slugs: { en: empty }, items: { en: [secret] } }
";
const SECTIONS: &str = "- { key: news, names: { en: News }, slugs: { en: news } }
- { key: below, parent: news, names: { en: Below }, slugs: { en: below } }
- { key: hidden, names: { en: Hidden }, slugs: { en: hidden } }
- { key: deeper, parent: hidden, names: { en: Deeper }, slugs: { en: deeper } }
";
const TAGS: &str = "shared: { names: { en: Shared }, slugs: { en: shared } }\nsecret-tag: { names: { en: Secret }, slugs: { en: secret-tag } }\n";
const AUTHORS: &str =
    "ann: { names: { en: Ann } }\nsecret-ann: { names: { en: Secret }, portrait: { file: portrait.svg } }\n";

/// `open` is published, `half` in Korean only (its English is a draft), `secret` not at all.
fn newsroom(status: &str) -> Newsroom {
    let moment = if status == "scheduled" { "2099-01-01T09:00:00+09:00" } else { "2026-02-01T09:00:00+09:00" };
    let open = Story::new("open").en("Open").at("2026-01-02T09:00:00+09:00").tags(&["shared"]).authors(&["ann"]);
    let half = Story::new("half").ko("절반").en("Unseen half").at("2026-01-03T09:00:00+09:00").tags(&["shared"]);
    let secret = Story::new("secret").ko("비밀").en("Secret plan").at(moment).status(status);
    let secret =
        secret.tags(&["shared", "secret-tag"]).authors(&["ann", "secret-ann"]).section("deeper").kind("OPINION");
    Newsroom::of([
        open.section("below").related(json!(["secret", {"article": "secret", "relation": "PINNED"}])),
        half.section("news").set("en", "status", json!(status)).set("en", "publishedAt", json!(moment)),
        secret.picture(),
    ])
    .file("collections.yaml", COLLECTIONS)
    .file("sections.yaml", SECTIONS)
    .file("tags.yaml", TAGS)
    .file("authors.yaml", AUTHORS)
    .file("portrait.svg", &crate::support::newsroom::drawing("portrait"))
}

/// The ids of everything on the desk, as the API would write them.
async fn desk_ids(server: &Server) -> Vec<(String, String)> {
    use byline::domain::ids::{ArticleId, AuthorId, CollectionId, ImageId, SectionId, TagId, VariantId};
    let connection = server.database.connect().await;
    let select = "SELECT 'article' AS kind, id FROM article UNION ALL SELECT 'variant', id FROM variant \
                  UNION ALL SELECT kind, id FROM entity";
    let rows =
        connection.query_all_raw(sea_orm::Statement::from_string(connection.get_database_backend(), select)).await;
    let id = |row: &sea_orm::QueryResult| {
        let (kind, id): (String, uuid::Uuid) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        let text = match kind.as_str() {
            "article" => ArticleId(id).to_string(),
            "variant" => VariantId(id).to_string(),
            "author" => AuthorId(id).to_string(),
            "section" => SectionId(id).to_string(),
            "tag" => TagId(id).to_string(),
            "image" => ImageId(id).to_string(),
            _ => CollectionId(id).to_string(),
        };
        (kind, text)
    };
    rows.unwrap().iter().map(id).collect()
}

on_both! {
    a_draft_is_found_by_no_name(kind) {
        for status in ["draft", "in_review", "scheduled"] {
            let server = newsroom(status).serve(kind).await;
            for by in [
                r#"{externalId: {system: "markdown", id: "secret"}}"#,
                r#"{slug: {slug: "secret-plan", language: "en"}}"#,
                r#"{slug: {slug: "비밀", language: "ko"}}"#,
                r#"{slug: {slug: "unseen-half", language: "en"}}"#,
                r#"{path: "/en/secret-plan"}"#,
                r#"{path: "/en/unseen-half"}"#,
            ] {
                let reply = server.query(&format!("{{ article(by: {by}) {{ id }} }}")).await;
                assert_eq!(reply.data("/article"), &Value::Null, "{status} {by}");
            }
            let half = "{ article(by: {externalId: {system: \"markdown\", id: \"half\"}}) {
                alternates { language } variants { language } variant(language: \"en\", fallback: true) { title language } } }";
            let expected = json!({"alternates": [{"language": "ko"}], "variants": [{"language": "ko"}],
                                  "variant": {"title": "절반", "language": "ko"}});
            assert_eq!(server.query(half).await.data("/article"), &expected, "{status}");
        }
    }

    a_draft_is_on_no_list_and_in_no_count(kind) {
        let server = newsroom("draft").serve(kind).await;
        let query = "query($fallback: Boolean!, $ids: [ID!]!) {
            all: articles(language: \"en\", fallback: $fallback) { ...List }
            both: articles(language: \"ko\", fallback: $fallback, filter: {hasVariants: [\"en\"]}) { ...List }
            opinion: articles(language: \"en\", fallback: $fallback, filter: {kinds: [OPINION]}) { ...List }
            ids: articles(language: \"en\", fallback: $fallback, filter: {ids: $ids}) { ...List }
            search(query: \"secret\", language: \"en\", fallback: $fallback) { ...List }
            half: search(query: \"unseen\", language: \"en\", fallback: $fallback) { ...List }
            tag(by: {slug: {slug: \"shared\", language: \"en\"}}) { articles(language: \"en\", fallback: $fallback) { ...List } }
            author(by: {slug: \"ann\"}) { articles(language: \"en\", fallback: $fallback) { ...List } }
            section(by: {slug: {slug: \"news\", language: \"en\"}}) { articles(language: \"en\", fallback: $fallback) { ...List } }
            collection(by: {slug: {slug: \"front\", language: \"en\"}}) { articles(language: \"en\", fallback: $fallback) { ...List } }
            empty: collection(by: {slug: {slug: \"empty\", language: \"en\"}}) { articles(language: \"en\", fallback: $fallback) { ...List } }
            article(by: {path: \"/en/open\"}) { related(language: \"en\", fallback: $fallback) { edges { variant { title } } } }
        }
        fragment List on ArticleConnection { totalCount edges { variant { title } } }";
        let ids = desk_ids(&server).await;
        let ids: Vec<&String> = ids.iter().filter(|(kind, _)| kind == "article").map(|(_, id)| id).collect();
        assert_eq!(ids.len(), 3);
        for fallback in [false, true] {
            let reply = server.query_with(query, json!({"fallback": fallback, "ids": ids})).await;
            let list = |titles: &[&str]| {
                let edges: Vec<Value> = titles.iter().map(|title| json!({"variant": {"title": title}})).collect();
                json!({"totalCount": edges.len(), "edges": edges})
            };
            let all = if fallback { list(&["절반", "Open"]) } else { list(&["Open"]) };
            for pointer in ["/all", "/ids", "/tag/articles", "/section/articles", "/collection/articles"] {
                assert_eq!(reply.data(pointer), &all, "{pointer} {fallback}");
            }
            for pointer in ["/both", "/opinion", "/search", "/half", "/empty/articles"] {
                assert_eq!(reply.data(pointer), &list(&[]), "{pointer} {fallback}");
            }
            assert_eq!(reply.data("/author/articles"), &list(&["Open"]));
            let related = if fallback { json!([{"variant": {"title": "절반"}}]) } else { json!([]) };
            assert_eq!(reply.data("/article/related/edges"), &related, "{fallback}");
        }
    }

    what_only_a_draft_names_is_not_there(kind) {
        let server = newsroom("draft").serve(kind).await;
        let query = "{
            authors { totalCount nodes { slug } }
            tags { totalCount nodes { slug(language: \"en\") } }
            sections { slug(language: \"en\") children { slug(language: \"en\") } }
            author(by: {slug: \"secret-ann\"}) { id }
            tag(by: {slug: {slug: \"secret-tag\", language: \"en\"}}) { id }
            section(by: {slug: {slug: \"hidden\", language: \"en\"}}) { id }
        }";
        let expected = json!({
            "authors": {"totalCount": 1, "nodes": [{"slug": "ann"}]},
            "tags": {"totalCount": 1, "nodes": [{"slug": "shared"}]},
            "sections": [{"slug": "news", "children": [{"slug": "below"}]}],
            "author": null, "tag": null, "section": null,
        });
        assert_eq!(server.query(query).await.json["data"], expected);

        let ids = desk_ids(&server).await;
        let list: Vec<&String> = ids.iter().map(|(_, id)| id).collect();
        let reply = server.query_with("query($ids: [ID!]!) { nodes(ids: $ids) { __typename } }", json!({"ids": list})).await;
        let visible = reply.data("/nodes").as_array().unwrap().iter().filter_map(|node| node["__typename"].as_str());
        let mut visible: Vec<&str> = visible.collect();
        visible.sort_unstable();
        let expected = ["Article", "Article", "ArticleVariant", "ArticleVariant", "Author", "Collection", "Collection", "Section", "Section", "Tag"];
        assert_eq!(visible, expected);
        let images: Vec<&String> = ids.iter().filter(|(kind, _)| kind == "image").map(|(_, id)| id).collect();
        assert_eq!(images.len(), 2, "a lead image and a portrait");
        for id in images {
            assert_eq!(server.get(&format!("/images/{id}/original")).send().await.unwrap().status(), 404);
        }
    }

    a_draft_that_is_published_is_everywhere_at_once(kind) {
        let server = newsroom("draft").serve(kind).await;
        newsroom("published").import(&server.database);
        let query = "{
            articles(language: \"en\") { totalCount }
            search(query: \"secret\", language: \"en\") { totalCount }
            author(by: {slug: \"secret-ann\"}) { portrait { url } }
            section(by: {slug: {slug: \"hidden\", language: \"en\"}}) { articles(language: \"en\") { totalCount } }
            article(by: {path: \"/en/open\"}) { related(language: \"en\") { edges { pinned variant { title } } } }
        }";
        let reply = server.query(query).await;
        assert_eq!(reply.data("/articles/totalCount"), 3);
        assert_eq!(reply.data("/search/totalCount"), 1);
        assert!(reply.data("/author/portrait/url").is_string());
        assert_eq!(reply.data("/section/articles/totalCount"), 1);
        let first = json!({"pinned": true, "variant": {"title": "Secret plan"}});
        assert_eq!(reply.data("/article/related/edges/0"), &first);
    }
}
