//! Readers and validators that are not ours, over everything that we write. `scripts/test` installs them.

use super::{found, local};
use crate::on_both;
use crate::support::{Server, root};
use serde_json::json;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Fails with what they find wrong; gives what they counted.
fn validate(folder: &Path) -> String {
    let python = std::env::var("TEST_VALIDATORS");
    let python = python.expect("TEST_VALIDATORS is not set: run scripts/test, which installs validators of feeds");
    let script = root().join("tests/feeds/validate.py");
    let output = Command::new(python).arg(script).arg(folder).current_dir(folder).output().unwrap();
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{failed}");
    said.trim().to_owned()
}

on_both! {
    validators_that_are_not_ours_find_nothing(kind) {
        let server = Server::start(
            crate::support::Database::sample(kind).await,
            &[("BYLINE_FEEDS__HUBS", "[\"http://127.0.0.1:9/hub\"]"), ("BYLINE_SITE__LICENSING_URL", "https://news.example/pictures")],
        );
        let editor = server.staff("editor").await;
        // A correction, a withdrawn story, a story of today with what breaks documents, and a feed of nothing.
        let reply = server.query("{ articles(language: \"ko\", first: 2) { edges { variant { id } } } }").await;
        let id = |n: usize| reply.data(&format!("/articles/edges/{n}/variant/id")).as_str().unwrap().to_owned();
        server.done(&editor, "addCorrection", &id(0), json!({"kind": "CORRECTION", "text": "<b>둘</b> & 셋", "signed": "데스크"})).await;
        server.done(&editor, "withdrawVariant", &id(1), json!({"reason": "wrong"})).await;
        let nasty: String = (0..0x20).chain([0xfffe, 0xffff, 0x1f600]).filter_map(char::from_u32).collect();
        let (_, variant) = server.write(&editor, "ko", "오늘").await;
        let text = json!({"title": format!("오늘 {nasty}]]> مرحبا"), "body": {"markdown": format!("글 {nasty} ]]>\n")}});
        server.done(&editor, "reviseVariant", &variant, json!({ "text": text })).await;
        server.bring(&editor, &variant, "PUBLISHED").await;

        let folder = TempDir::new().unwrap();
        let mut count = 0;
        let mut keep = |ending: &str, text: String| {
            count += 1;
            std::fs::write(folder.path().join(format!("{count:03}{ending}")), text).unwrap();
        };
        for of in ["ko/", "en/", "ko/section/데이터/", "ko/section/사회/", "en/author/han-seo-yun/", "ko/collection/첫-화면/"] {
            keep(".rss", found(&server, &format!("/feeds/{of}rss.xml")).await.text);
            keep(".atom", found(&server, &format!("/feeds/{of}atom.xml")).await.text);
            keep(".feed.json", found(&server, &format!("/feeds/{of}feed.json")).await.text);
        }
        let index = found(&server, "/sitemap.xml").await;
        for file in index.elements("loc") {
            keep(".sitemap.xml", found(&server, local(file)).await.text);
        }
        keep(".sitemap.xml", found(&server, "/sitemap-news.xml").await.text);
        keep(".sitemap.xml", index.text.clone());
        for language in ["ko", "en"] {
            let query = format!("{{ articles(language: \"{language}\", first: 100) {{ edges {{ variant {{ jsonLd }} }} }} }}");
            let reply = server.query(&query).await;
            for edge in reply.data("/articles/edges").as_array().unwrap() {
                keep(".ld.json", edge["variant"]["jsonLd"].to_string());
            }
        }
        let counted = validate(folder.path());
        assert!(counted.contains("'.rss': 6"), "{counted}");
    }
}

#[test]
fn a_validator_that_finds_something_says_so() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("a.rss"), "<rss version=\"2.0\"><channel><title>\u{1}</title></channel></rss>")
        .unwrap();
    std::fs::write(
        folder.path().join("b.sitemap.xml"),
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url/></urlset>",
    )
    .unwrap();
    std::fs::write(folder.path().join("c.ld.json"), "{\"@type\": \"NewsArticle\", \"headlines\": \"x\"}").unwrap();
    std::fs::write(
        folder.path().join("d.feed.json"),
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}",
    )
    .unwrap();
    for name in ["a.rss", "b.sitemap.xml", "c.ld.json", "d.feed.json"] {
        let one = TempDir::new().unwrap();
        std::fs::copy(folder.path().join(name), one.path().join(name)).unwrap();
        let refused = std::panic::catch_unwind(|| validate(one.path()));
        assert!(refused.is_err(), "{name}");
    }
}
