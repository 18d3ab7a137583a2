//! What a story says: its body in four forms, its dates, notes and translation, and what stays when a part fails.

use crate::on_both;
use crate::support::{Newsroom, Server, Story, root};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

const MARKDOWN: &str = "First *paragraph* & more.

## A heading

- one
- two

> Said.
>
> — somebody

![](lead.svg \"A caption\")

| a | b |
|---|--:|
| 1 | 2 |

```rust
let x = 1 < 2;
```

---

Last.
";

async fn by_folder(server: &Server, folder: &str, selection: &str) -> Value {
    let query = format!(
        "query($id: String!) {{ article(by: {{externalId: {{system: \"markdown\", id: $id}}}}) {{ {selection} }} }}"
    );
    server.query_with(&query, json!({"id": folder})).await.data("/article").clone()
}

/// How many folders of the sample newsroom hold something published.
fn sample_stories() -> usize {
    let folders = std::fs::read_dir(root().join("examples/newsroom")).unwrap();
    let published = |folder: std::path::PathBuf| {
        let files = ["ko.md", "en.md"].map(|file| std::fs::read_to_string(folder.join(file)).unwrap_or_default());
        files.iter().any(|text| text.contains("\npublishedAt: ") && !text.contains("\nstatus: draft"))
    };
    folders.filter(|folder| published(folder.as_ref().unwrap().path())).count()
}

on_both! {
    a_body_reads_the_same_as_html_text_markdown_and_blocks(kind) {
        let story = Story::new("a").en("Title").at("2026-01-01T09:00:00+09:00").body("en", MARKDOWN);
        let server = Newsroom::of([story]).serve(kind).await;
        let selection = "variant(language: \"en\") { id body { html text markdown blocks { __typename id anchor
            ... on ParagraphBlock { text } ... on HeadingBlock { level text } ... on ListBlock { ordered items { text } }
            ... on QuoteBlock { text } ... on FigureBlock { image { id width height } caption }
            ... on TableBlock { header { cells { html } } rows { cells { html } } } ... on CodeBlock { language code } } } }";
        let article = by_folder(&server, "a", selection).await;
        let body = &article["variant"]["body"];
        let blocks = body["blocks"].as_array().unwrap();
        let types: Vec<&str> = blocks.iter().map(|block| block["__typename"].as_str().unwrap()).collect();
        let expected = ["Paragraph", "Heading", "List", "Quote", "Figure", "Table", "Code", "Divider", "Paragraph"];
        assert_eq!(types, expected.map(|name| format!("{name}Block")));
        assert_eq!(blocks[0]["text"], "First paragraph & more.");
        assert_eq!(blocks[1]["level"], 2);
        assert_eq!(blocks[2]["items"], json!([{"text": "one"}, {"text": "two"}]));
        assert_eq!(blocks[4]["image"]["width"], 40, "{:#}", blocks[4]);
        assert_eq!(blocks[5]["rows"], json!([{"cells": [{"html": "1"}, {"html": "2"}]}]));
        assert_eq!(blocks[6]["code"].as_str().unwrap().trim_end(), "let x = 1 < 2;");
        let html = body["html"].as_str().unwrap();
        for block in blocks {
            let (id, anchor) = (block["id"].as_str().unwrap(), block["anchor"].as_str().unwrap());
            assert_eq!(id, format!("{}/{anchor}", article["variant"]["id"].as_str().unwrap()));
            assert!(html.contains(&format!("id=\"{anchor}\"")), "{anchor} is not in {html}");
        }
        assert!(html.contains("<em>paragraph</em> &amp; more") && html.contains("1 &lt; 2"), "{html}");
        let image = blocks[4]["image"]["id"].as_str().unwrap();
        assert!(html.contains(&format!("https://api.news.example/images/{image}/original?v=")), "{html}");
        let text = body["text"].as_str().unwrap();
        assert!(text.starts_with("First paragraph & more.\n\nA heading\n\n") && text.ends_with("Last."), "{text}");
        let markdown = body["markdown"].as_str().unwrap();
        assert!(markdown.contains("## A heading") && markdown.contains("*paragraph*") && !markdown.contains("<p"), "{markdown}");
    }

    korean_is_measured_in_characters_and_english_in_words(kind) {
        let story = Story::new("a").ko("제목").en("Title").at("2026-01-01T09:00:00+09:00");
        let story = story.body("ko", &"가나다라마 ".repeat(201)).body("en", &"word ".repeat(461));
        let server = Newsroom::of([story, Story::new("none").en("Empty").body("en", "")]).serve(kind).await;
        let selection = "variants { language wordCount readingTimeMinutes }";
        let variants = by_folder(&server, "a", selection).await;
        // 1,005 syllables at 500 a minute; 461 words at 230.
        let expected = json!([
            {"language": "en", "wordCount": 461, "readingTimeMinutes": 3},
            {"language": "ko", "wordCount": 201, "readingTimeMinutes": 3},
        ]);
        assert_eq!(variants["variants"], expected);
        let empty = by_folder(&server, "none", selection).await;
        assert_eq!(empty["variants"], json!([{"language": "en", "wordCount": 0, "readingTimeMinutes": 0}]));
    }

    moments_keep_the_zone_that_the_newsroom_wrote(kind) {
        let story = Story::new("a").ko("제목").en("Title").at("2026-01-01T08:30:00+09:00");
        let story = story.set("en", "publishedAt", json!("2025-12-31T18:30:00.25-05:30"));
        let story = story.set("ko", "updatedAt", json!("2026-01-02T00:00:00+09:00"));
        let old = Story::new("old").ko("호외").at("1945-08-16T06:00:00+09:00");
        let server = Newsroom::of([story, old]).serve(kind).await;
        let variants = by_folder(&server, "a", "publishedAt variants { publishedAt modifiedAt }").await;
        // The earliest of the languages.
        assert_eq!(variants["publishedAt"], "2026-01-01T08:30:00+09:00");
        assert_eq!(variants["variants"][0]["publishedAt"], "2025-12-31T18:30:00.25-05:30");
        assert_eq!(variants["variants"][1]["publishedAt"], "2026-01-01T08:30:00+09:00");
        assert_eq!(variants["variants"][1]["modifiedAt"], "2026-01-02T00:00:00+09:00");
        let old = by_folder(&server, "old", "publishedAt variants { publishedAt modifiedAt }").await;
        assert_eq!(old["variants"][0]["modifiedAt"], "1945-08-16T06:00:00+09:00");
    }

    a_translation_says_where_it_came_from_and_when_it_is_stale(kind) {
        let server = Server::sample(kind).await;
        let query = "{ articles(first: 100, language: \"en\", fallback: true) { nodes {
            variants { slug language translation { origin sourceLanguage isStale reviewedBy source { language } } } } } }";
        let reply = server.query(query).await;
        let nodes = reply.data("/articles/nodes").as_array().unwrap();
        let variants: Vec<&Value> = nodes.iter().flat_map(|node| node["variants"].as_array().unwrap()).collect();
        let stale: Vec<&Value> = variants.iter().filter(|v| v["translation"]["isStale"] == true).map(|v| &v["slug"]).collect();
        assert_eq!(stale, ["electric-ferry-first-year"]);
        let find = |slug: &str| &variants.iter().find(|variant| variant["slug"] == slug).unwrap()["translation"];
        let human = json!({"origin": "HUMAN", "sourceLanguage": "ko", "isStale": true, "reviewedBy": "Daniel Marsh", "source": {"language": "ko"}});
        assert_eq!(find("electric-ferry-first-year"), &human);
        let machine = json!({"origin": "MACHINE", "sourceLanguage": "ko", "isStale": false, "reviewedBy": null, "source": {"language": "ko"}});
        assert_eq!(find("mulmi-depot-18-chargers"), &machine);
        let original = json!({"origin": "ORIGINAL", "sourceLanguage": null, "isStale": false, "reviewedBy": null, "source": null});
        assert_eq!(find("전기여객선-1년-지연의-이유"), &original);
        assert_eq!(find("크루즈-하루의-셈법")["sourceLanguage"], "en");
    }

    corrections_belong_to_their_language_oldest_first(kind) {
        let note = |at: &str, text: &str| json!({"kind": "CORRECTION", "at": at, "text": text, "signed": "Desk"});
        let story = Story::new("a").ko("제목").en("Title").at("2026-01-01T09:00:00+09:00");
        let story = story.set("en", "corrections", json!([note("2026-01-03T09:00:00+09:00", "two"), note("2026-01-02T09:00:00+09:00", "one")]));
        let server = Newsroom::of([story]).serve(kind).await;
        let found = by_folder(&server, "a", "variants { language corrections { kind at text signed } }").await;
        assert_eq!(found["variants"][1], json!({"language": "ko", "corrections": []}));
        let expected = json!([note("2026-01-02T09:00:00+09:00", "one"), note("2026-01-03T09:00:00+09:00", "two")]);
        assert_eq!(found["variants"][0]["corrections"], expected);
        let sample = Server::sample(kind).await;
        let ferry = by_folder(&sample, "crosswalk-seconds", "variants { corrections { id kind } }").await;
        let ids: Vec<&Value> = ferry["variants"].as_array().unwrap().iter().map(|v| &v["corrections"][0]["id"]).collect();
        assert_ne!(ids[0], ids[1], "each language has its own note");
    }

    alternates_are_complete_and_every_variant_names_the_same(kind) {
        let server = Server::sample(kind).await;
        let query = "{ articles(first: 100, language: \"en\", fallback: true) { totalCount nodes {
            alternates { language title canonicalPath url isOriginal }
            variants { language title canonicalPath canonicalUrl alternates { language title canonicalPath url isOriginal } } } } }";
        let reply = server.query(query).await;
        let nodes = reply.data("/articles/nodes").as_array().unwrap();
        assert_eq!(reply.data("/articles/totalCount"), nodes.len());
        assert_eq!(nodes.len(), sample_stories());
        for node in nodes {
            let variants = node["variants"].as_array().unwrap();
            let alternates = node["alternates"].as_array().unwrap();
            assert_eq!(alternates.iter().filter(|alternate| alternate["isOriginal"] == true).count(), 1, "{node:#}");
            assert_eq!(variants.len(), alternates.len());
            for (variant, alternate) in variants.iter().zip(alternates) {
                assert_eq!(variant["alternates"], node["alternates"]);
                for field in ["language", "title", "canonicalPath"] {
                    assert_eq!(variant[field], alternate[field]);
                }
                assert_eq!(variant["canonicalUrl"], alternate["url"]);
                assert!(alternate["url"].as_str().unwrap().is_ascii());
            }
        }
    }

    a_change_of_what_is_shared_reaches_a_language_when_that_is_published(kind) {
        let story = Story::new("a").ko("제목").en("Title").at("2026-01-01T09:00:00+09:00");
        let server = Newsroom::of([story.clone().tags(&["old"]).kind("NEWS")]).serve_anew(kind).await;
        let selection = "kind tags { name(language: \"ko\") } variants { language kind tags { name(language: \"ko\") } }";
        // The English text becomes a draft again: what is shared changes for Korean readers only.
        Newsroom::of([story.clone().tags(&["new"]).kind("DATA").set("en", "status", json!("draft"))]).import(&server.database);
        let new = json!({"language": "ko", "kind": "DATA", "tags": [{"name": "New"}]});
        let found = by_folder(&server, "a", selection).await;
        assert_eq!(found, json!({"kind": "DATA", "tags": [{"name": "New"}], "variants": [new]}));
        // An import without the English file publishes that language again with what it shares.
        Newsroom::of([story.clone().tags(&["new"]).kind("DATA")]).import(&server.database);
        let korean = Story::new("a").ko("제목").at("2026-01-01T09:00:00+09:00").tags(&["newest"]).kind("BRIEF");
        Newsroom::of([korean]).import(&server.database);
        let found = by_folder(&server, "a", selection).await;
        for variant in found["variants"].as_array().unwrap() {
            assert_eq!(variant["tags"], json!([{"name": "Newest"}]), "{variant}");
        }
        assert_eq!(found["variants"].as_array().unwrap().len(), 2);
    }

    a_part_that_fails_leaves_the_rest_of_the_page(kind) {
        let story = |name: &str| Story::new(name).en(name).at("2026-01-01T09:00:00+09:00").tags(&["kept", "lost"]).authors(&["ann"]);
        let server = Newsroom::of([story("a").picture().section("news"), story("b")]).serve_anew(kind).await;
        let selection = "leadImage { id } section { id } tags { name(language: \"en\") } bylines { author { slug } }
            collections { id } related(language: \"en\") { edges { variant { title } } }
            variant(language: \"en\") { title body { html } leadImage { id } }";
        let whole = by_folder(&server, "a", selection).await;
        assert!(whole["leadImage"].is_object() && whole["section"].is_object() && whole["variant"]["leadImage"].is_object());
        let connection = server.database.connect().await;
        for statement in [
            "DELETE FROM live_entity WHERE kind = 'image'",
            "UPDATE live_entity SET doc = 'broken' WHERE kind = 'section' OR doc LIKE '%Lost%'",
        ] {
            assert!(connection.execute_unprepared(statement).await.unwrap().rows_affected() > 0, "{statement}");
        }
        let mut expected = whole.clone();
        expected["leadImage"] = Value::Null;
        expected["section"] = Value::Null;
        expected["variant"]["leadImage"] = Value::Null;
        expected["tags"] = json!([{"name": "Kept"}]);
        assert_eq!(by_folder(&server, "a", selection).await, expected);

        connection.execute_unprepared("ALTER TABLE live_facet RENAME TO lost_facet").await.unwrap();
        connection.execute_unprepared("ALTER TABLE live_collection_item RENAME TO lost_item").await.unwrap();
        let id = server.article_id("a").await;
        let reply = server.query(&format!("{{ article(by: {{id: \"{id}\"}}) {{ {selection} }} }}")).await;
        expected["related"] = Value::Null;
        expected["collections"] = Value::Null;
        assert_eq!(reply.json["data"]["article"], expected, "{:#}", reply.json);
        assert_eq!(reply.codes(), ["INTERNAL", "INTERNAL"]);
    }
}
