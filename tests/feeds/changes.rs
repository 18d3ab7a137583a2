//! Feeds after changes: what they say of corrections and withdrawals, and which of them stay in memory.

use super::{Page, fetch, found, titles};
use crate::on_both;
use crate::support::{Newsroom, Server, Staff, Story};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Two sections, tags, authors, a front page; one story in two languages.
fn newsroom() -> Newsroom {
    let story = |name: &str, day: u32| Story::new(name).ko(name).at(&format!("2026-01-{day:02}T09:00:00+09:00"));
    Newsroom::of([
        story("가", 1).en("Ga").at("2026-01-01T09:00:00+09:00").section("city").tags(&["물"]).authors(&["ann"]).picture(),
        story("나", 2).section("city").tags(&["물", "불"]).authors(&["bob"]),
        story("다", 3).section("sport").tags(&["불"]).authors(&["bob"]),
        Story::new("e").en("English only").at("2026-01-04T09:00:00+09:00").section("sport").tags(&["불"]),
    ])
    .file(
        "sections.yaml",
        "- { key: city, names: { ko: 도시, en: City } }\n- { key: sport, names: { ko: 운동, en: Sport } }\n",
    )
    .file("authors.yaml", "ann: { names: { ko: 안나, en: Ann } }\nbob: { names: { ko: 밥 } }\n")
    .file("tags.yaml", "물: { names: { ko: 물 }, slugs: { ko: 물 } }\n불: { names: { ko: 불, en: Fire }, slugs: { ko: 불, en: fire } }\n")
    .file("collections.yaml", "- { key: front, names: { ko: 첫 면 }, slugs: { ko: 첫-면 }, items: { ko: [나, 가] } }\n")
}

const OTHERS: [&str; 6] = [
    "/sitemap.xml",
    "/sitemap-news.xml",
    "/sitemaps/ko/2025-12-18.xml",
    "/sitemaps/en/2025-12-18.xml",
    "/oembed?url=https://news.example/ko/%EA%B0%80",
    "/oembed?url=https://news.example/en/ga&format=xml&maxwidth=10",
];

/// Every feed of the newsroom in every format, and what else is kept.
fn paths() -> Vec<String> {
    let mut paths: Vec<String> = OTHERS.iter().map(|path| (*path).to_owned()).collect();
    let of = ["ko/", "en/", "ko/section/도시/", "en/section/city/", "ko/section/운동/", "en/section/sport/"];
    let of = of.into_iter().chain([
        "ko/tag/물/",
        "ko/tag/불/",
        "en/tag/fire/",
        "ko/author/ann/",
        "ko/author/bob/",
        "ko/collection/첫-면/",
    ]);
    for of in of {
        for query in ["rss.xml", "atom.xml", "feed.json", "feed.json?full=false", "atom.xml?fallback=true"] {
            paths.push(format!("/feeds/{of}{query}"));
        }
    }
    paths
}

async fn all(server: &Server) -> BTreeMap<String, Page> {
    let mut pages = BTreeMap::new();
    for path in paths() {
        pages.insert(path.clone(), fetch(server, &path).await);
    }
    pages
}

async fn variant(server: &Server, folder: &str, language: &str) -> String {
    let query = "query($id: String!) { article(by: {externalId: {system: \"markdown\", id: $id}}) { variants { id language } } }";
    let reply = server.query_with(query, json!({ "id": folder })).await;
    let variants = reply.data("/article/variants").as_array().unwrap().clone();
    let own = variants.iter().find(|variant| variant["language"] == language).unwrap();
    own["id"].as_str().unwrap().to_owned()
}

async fn id_of(server: &Server, selection: &str) -> Value {
    let reply = server.query(&format!("{{ {selection} {{ id }} }}")).await;
    reply.data(&format!("/{}/id", selection.split('(').next().unwrap())).clone()
}

/// Changes of every kind that readers of feeds could notice; each tells its name.
async fn change(server: &Server, editor: &Staff, step: usize) -> &'static str {
    let done = async |mutation: &str, variant: &str, more: Value| server.done(editor, mutation, variant, more).await;
    match step {
        0 => {
            let (_, new) = server.write(editor, "ko", "새 기사").await;
            server.bring(editor, &new, "PUBLISHED").await;
            "published"
        }
        1 => {
            done(
                "addCorrection",
                &variant(server, "나", "ko").await,
                json!({"kind": "CORRECTION", "text": "둘이 아니라 셋."}),
            )
            .await;
            "corrected"
        }
        2 => {
            let na = variant(server, "나", "ko").await;
            done("reviseVariant", &na, json!({"text": {"title": "나 고침", "slug": "나-고침"}})).await;
            done("publishVariant", &na, json!({})).await;
            "published again"
        }
        3 => {
            let input = json!({"authorId": id_of(server, "author(by: {slug: \"bob\"})").await, "names": [{"language": "ko", "text": "밥 딜런"}]});
            server.changed(editor, "updateAuthor", "author { id }", input).await;
            "an author renamed"
        }
        4 => {
            let input = json!({"tagId": id_of(server, "tag(by: {slug: {slug: \"불\", language: \"ko\"}})").await, "slugs": [{"language": "en", "text": "flames"}]});
            server.changed(editor, "updateTag", "tag { id }", input).await;
            "a tag's other slug changed"
        }
        5 => {
            let image = "article(by: {slug: {slug: \"가\", language: \"ko\"}}) { variant(language: \"ko\") { leadImage { id } } }";
            let reply = server.query(&format!("{{ {image} }}")).await;
            let input = json!({"imageId": reply.data("/article/variant/leadImage/id"), "credit": "다른 사람"});
            server.changed(editor, "updateImage", "image { id }", input).await;
            "a credit mended"
        }
        6 => {
            done("withdrawVariant", &variant(server, "나", "ko").await, json!({"reason": "wrong"})).await;
            "withdrawn"
        }
        7 => {
            let english = variant(server, "가", "en").await;
            done("withdrawVariant", &english, json!({"reason": "wrong"})).await;
            "a translation withdrawn"
        }
        _ => unreachable!(),
    }
}

on_both! {
    every_feed_says_after_each_change_what_a_fresh_one_says(kind) {
        let server = newsroom().serve(kind).await;
        let fresh = Server::start(server.database.clone(), &[("BYLINE_CACHE__MEGABYTES", "0"), ("BYLINE_CACHE__ENTITIES", "0")]);
        let editor = server.staff("editor").await;
        for step in 0..8 {
            all(&server).await;
            let name = change(&server, &editor, step).await;
            let (kept, anew) = (all(&server).await, all(&fresh).await);
            for (path, page) in &kept {
                assert_eq!((page.status, &page.text), (anew[path].status, &anew[path].text), "{path} after: {name}");
            }
        }
    }

    what_a_change_does_not_concern_stays_in_memory(kind) {
        let server = newsroom().serve(kind).await;
        let editor = server.staff("editor").await;
        for (step, stays, goes) in [
            (0, &["en/rss.xml", "ko/section/도시/atom.xml", "ko/tag/물/feed.json", "ko/author/ann/rss.xml", "ko/collection/첫-면/atom.xml"][..], &["ko/rss.xml", "ko/atom.xml"][..]),
            (1, &["en/atom.xml", "ko/section/운동/atom.xml", "ko/author/ann/feed.json"], &["ko/section/도시/rss.xml", "ko/tag/불/atom.xml", "ko/collection/첫-면/rss.xml"]),
            (3, &["en/section/city/atom.xml", "ko/author/ann/rss.xml"], &["ko/author/bob/rss.xml", "ko/tag/물/rss.xml"]),
        ] {
            all(&server).await;
            let name = change(&server, &editor, step).await;
            for path in stays {
                assert_eq!(found(&server, &format!("/feeds/{path}")).await.statements(), 0, "{path} after: {name}");
            }
            for path in goes {
                assert!(found(&server, &format!("/feeds/{path}")).await.statements() > 0, "{path} after: {name}");
            }
        }
        // What is published today changes today's sitemap only.
        all(&server).await;
        change(&server, &editor, 0).await;
        for path in ["/sitemaps/ko/2025-12-18.xml", "/sitemaps/en/2025-12-18.xml"] {
            assert_eq!(found(&server, path).await.statements(), 0, "{path}");
        }
    }

    a_feed_made_anew_takes_at_most_four_statements_and_from_memory_none(kind) {
        let server = newsroom().serve_with(kind, &[("BYLINE_CACHE__ENTITIES", "0")]).await;
        for path in paths() {
            let first = fetch(&server, &path).await;
            if first.status == 200 {
                assert!(first.statements() <= 4, "{path}: {}", first.statements());
                let again = found(&server, &path).await;
                assert_eq!((again.statements(), &again.text), (0, &first.text), "{path}");
            }
        }
    }

    a_withdrawn_story_is_told_of_as_each_format_can_until_it_is_back(kind) {
        let server = newsroom().serve(kind).await;
        let editor = server.staff("editor").await;
        let id = variant(&server, "나", "ko").await;
        let urn = id.parse::<byline::domain::ids::VariantId>().unwrap().0.urn().to_string();
        let gone = format!("<at:deleted-entry ref=\"{urn}\" when=\"");
        let before = found(&server, "/feeds/ko/atom.xml").await.elements("updated")[0].to_owned();
        server.done(&editor, "withdrawVariant", &id, json!({"reason": "wrong"})).await;
        for of in ["", "section/도시/", "tag/물/", "tag/불/", "author/bob/", "collection/첫-면/"] {
            let atom = found(&server, &format!("/feeds/ko/{of}atom.xml")).await;
            assert!(atom.text.contains(&gone) && !atom.elements("id").contains(&urn.as_str()), "{of}: {}", atom.text);
            assert!(atom.elements("updated")[0] > before.as_str(), "{of}");
            let json = found(&server, &format!("/feeds/ko/{of}feed.json")).await.json();
            assert_eq!(json["_byline"]["withdrawn"][0]["id"], json!(id), "{of}");
            assert!(!found(&server, &format!("/feeds/ko/{of}rss.xml")).await.text.contains(&id), "{of}");
        }
        for of in ["ko/section/운동/", "ko/author/ann/", "en/"] {
            assert!(!found(&server, &format!("/feeds/{of}atom.xml")).await.text.contains(&urn), "{of}");
        }
        let embed = fetch(&server, "/oembed?url=https://news.example/ko/나").await;
        assert_eq!((embed.status, &embed.json()["code"]), (410, &json!("WITHDRAWN")));

        server.done(&editor, "reopenVariant", &id, json!({})).await;
        server.bring(&editor, &id, "PUBLISHED").await;
        let atom = found(&server, "/feeds/ko/section/도시/atom.xml").await;
        assert!(!atom.text.contains(&gone) && atom.elements("id").contains(&urn.as_str()), "{}", atom.text);
    }

    a_correction_is_in_the_text_and_in_the_moment_of_the_change(kind) {
        let server = newsroom().serve(kind).await;
        let editor = server.staff("editor").await;
        let id = variant(&server, "나", "ko").await;
        let before = found(&server, "/feeds/ko/feed.json").await.json();
        server.done(&editor, "addCorrection", &id, json!({"kind": "CLARIFICATION", "text": "둘 & 셋."})).await;
        let after = found(&server, "/feeds/ko/feed.json").await.json();
        let [old, new] = [&before, &after].map(|feed| {
            feed["items"].as_array().unwrap().iter().find(|item| item["id"] == json!(id)).unwrap().clone()
        });
        assert_eq!(old["date_published"], new["date_published"]);
        assert!(new["date_modified"].as_str() > old["date_modified"].as_str(), "{new:#}");
        assert!(new["content_html"].as_str().unwrap().contains("둘 &amp; 셋."), "{new:#}");
        assert_eq!((&new["_byline"]["corrections"][0]["kind"], &new["_byline"]["corrections"][0]["text"]), (&json!("CLARIFICATION"), &json!("둘 & 셋.")));
        assert_eq!(titles(&server, "/feeds/ko/feed.json").await, ["다", "나", "가"], "it stays where it stood");
    }
}
