//! What the three formats say of a story, and that they say the same.

use super::{Page, found};
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use byline::domain::ids::VariantId;
use rss::validation::Validate;
use serde_json::{Value, json};

fn channel(page: &Page) -> rss::Channel {
    let channel = rss::Channel::read_from(page.text.as_bytes()).unwrap();
    channel.validate().unwrap_or_else(|error| panic!("{error:?}"));
    channel
}

/// The text of an element of an extension.
fn extension<'a>(item: &'a rss::Item, prefix: &str, name: &str) -> Vec<&'a rss::extension::Extension> {
    item.extensions().get(prefix).and_then(|all| all.get(name)).into_iter().flatten().collect()
}

/// Two authors, a translator, a section, a tag and a picture with all that can be said of one.
async fn newsroom(kind: Kind) -> Server {
    let story = Story::new("a")
        .ko("물 & 불 <그림>")
        .en("Water & fire")
        .at("2026-01-02T09:00:00+09:00")
        .set("ko", "summary", json!("첫 문장 & 둘째."))
        .set("en", "translators", json!(["tom"]))
        .tags(&["물"])
        .section("city")
        .authors(&["ann", "bob"])
        .body("ko", "글 **하나**.\n");
    let story = story.image(json!({
        "file": "lead.svg", "alt": "그림 대신", "caption": "그림 아래", "credit": "안나 / 통신",
        "licence": "https://creativecommons.org/licenses/by/4.0/", "digitalSourceType": "trainedAlgorithmicMedia",
    }));
    Newsroom::of([story])
        .file("sections.yaml", "- { key: city, names: { ko: 도시, en: City } }\n")
        .file(
            "authors.yaml",
            "ann: { names: { ko: 안나, en: Ann } }\nbob: { names: { ko: 밥 } }\ntom: { names: { en: Tom } }\n",
        )
        .serve_with(kind, &[("BYLINE_SITE__LICENSING_URL", "https://news.example/pictures")])
        .await
}

on_both! {
    a_story_has_all_that_each_format_has_a_word_for(kind) {
        let server = newsroom(kind).await;
        let feed = found(&server, "/feeds/ko/feed.json").await.json();
        let item = &feed["items"][0];
        let (id, url) = (item["id"].as_str().unwrap(), item["url"].as_str().unwrap());
        assert_eq!((&item["title"], &item["summary"], &item["language"]), (&json!("물 & 불 <그림>"), &json!("첫 문장 & 둘째."), &json!("ko")));
        assert_eq!(item["authors"], json!([{"name": "안나"}, {"name": "밥"}]));
        assert_eq!(item["tags"], json!(["도시", "물"]));
        assert!(item["content_html"].as_str().unwrap().contains("<strong>하나</strong>"), "{item:#}");
        let image = &item["_byline"]["image"];
        assert_eq!((&image["alt"], &image["caption"], &image["credit"]), (&json!("그림 대신"), &json!("그림 아래"), &json!("안나 / 통신")));
        assert_eq!(image["digital_source_type"], "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");

        let rss = found(&server, "/feeds/ko/rss.xml").await;
        let channel = channel(&rss);
        let entry = &channel.items()[0];
        assert_eq!((entry.title(), entry.link(), entry.pub_date()), (Some("물 & 불 <그림>"), Some(url), Some("Fri, 02 Jan 2026 09:00:00 +0900")));
        assert_eq!((entry.guid().unwrap().value(), entry.guid().unwrap().is_permalink()), (id, false));
        assert_eq!(entry.dublin_core_ext().unwrap().creators(), ["안나", "밥"]);
        assert_eq!(entry.content(), item["content_html"].as_str().map(str::trim));
        assert_eq!(entry.description(), Some("첫 문장 &amp; 둘째."), "readers take it for HTML");
        assert_eq!(entry.categories().iter().map(|category| category.name()).collect::<Vec<_>>(), ["도시", "물"]);
        let media = extension(entry, "media", "content")[0];
        assert_eq!((media.attrs()["url"].as_str(), media.attrs()["type"].as_str()), (image["url"].as_str().unwrap(), "image/svg+xml"));
        for (name, text) in [("title", "그림 대신"), ("description", "그림 아래"), ("credit", "안나 / 통신")] {
            assert_eq!(media.children()[name][0].value(), Some(text), "{name}");
        }
        assert_eq!(media.children()["license"][0].attrs()["href"], "https://creativecommons.org/licenses/by/4.0/");
        let hreflang: Vec<&str> = extension(entry, "atom", "link").iter().map(|link| link.attrs()["hreflang"].as_str()).collect();
        assert_eq!(hreflang, ["en", "ko"]);

        let atom = found(&server, "/feeds/ko/atom.xml").await;
        let urn = id.parse::<VariantId>().unwrap().0.urn().to_string();
        assert_eq!(atom.elements("id")[1], urn);
        assert_eq!(atom.elements("title")[1], "물 &amp; 불 &lt;그림&gt;");
        assert_eq!((atom.elements("published")[0], atom.elements("updated")[1]), ("2026-01-02T09:00:00+09:00", "2026-01-02T09:00:00+09:00"));
        assert_eq!(atom.elements("name"), ["Byline", "안나", "밥"]);
        assert!(atom.text.contains(&format!("hreflang=\"ko\" href=\"{url}\"")), "{}", atom.text);

        let english = found(&server, "/feeds/en/feed.json").await.json();
        let translated = &english["items"][0];
        assert_ne!(translated["id"], item["id"], "each language is an entry of its own");
        assert_eq!(translated["_byline"]["alternates"], item["_byline"]["alternates"], "and both name both");
        assert_eq!(translated["_byline"]["contributors"], json!(["Tom"]));
        for (page, media_type) in [(&rss, "application/rss+xml; charset=utf-8"), (&atom, "application/atom+xml; charset=utf-8")] {
            assert_eq!((page.header("content-type"), page.header("content-language"), page.header("vary").split(',').next()), (media_type, "ko", Some("accept-encoding")));
        }
    }

    summaries_instead_of_texts_are_a_matter_of_the_address_or_the_configuration(kind) {
        let server = newsroom(kind).await;
        let short = Server::start(server.database.clone(), &[("BYLINE_FEEDS__FULL_TEXT", "false")]);
        let content = async |server: &Server, query: &str| {
            let feed = found(server, &format!("/feeds/ko/feed.json{query}")).await.json();
            let rss = channel(&found(server, &format!("/feeds/ko/rss.xml{query}")).await);
            let atom = found(server, &format!("/feeds/ko/atom.xml{query}")).await;
            let item = feed["items"][0].clone();
            let full = item["content_html"].is_string();
            assert_eq!((full, full), (rss.items()[0].content().is_some(), atom.text.contains("<content ")), "{query}");
            if !full {
                assert_eq!(item["content_text"], "첫 문장 & 둘째.");
            }
            full
        };
        for (server, query, full) in [(&server, "", true), (&server, "?full=false", false), (&short, "", false), (&short, "?full=true", true)] {
            assert_eq!(content(server, query).await, full, "{query}");
        }
    }

    a_feed_comes_whole_packed_by_halves_and_not_at_all(kind) {
        let server = Server::sample(kind).await;
        let path = "/feeds/ko/rss.xml";
        let whole = found(&server, path).await;
        let head = server.client().head(format!("{}{path}", server.address())).send().await.unwrap();
        let header = |name: &str| head.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((header("content-length"), header("etag")), (whole.text.len().to_string(), whole.header("etag").to_owned()));
        assert_eq!(head.text().await.unwrap(), "");
        let known = server.get(path).header("if-none-match", whole.header("etag")).send().await.unwrap();
        assert_eq!((known.status().as_u16(), known.headers()["byline-sql-statements"].to_str().unwrap()), (304, "0"));
        let packed = server.get(path).header("accept-encoding", "gzip").send().await.unwrap();
        assert_eq!(packed.headers()["content-encoding"], "gzip");
        assert!(packed.bytes().await.unwrap().len() < whole.text.len() / 2);
    }

    what_no_document_may_hold_breaks_none(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let nasty: String = (0..0x20).chain([0x7f, 0x85, 0x2028, 0xfffe, 0xffff, 0x1f600]).filter_map(char::from_u32).collect();
        let title = format!("제목 {nasty}]]> <![CDATA[ &#0; مرحبا \u{202e}끝");
        let text = json!({"title": title, "summary": title, "deks": [title], "body": {"markdown": format!("글 {nasty} ]]>\n\n```\n{nasty}\n```\n")}});
        let query = "mutation($input: CreateArticleInput!) { createArticle(input: $input) { variant { id } userErrors { path message } } }";
        let reply = server.ask(&editor, query, json!({"input": {"language": "ko", "text": text}})).await;
        let variant = reply.data("/createArticle/variant/id").as_str().unwrap_or_else(|| panic!("{:#}", reply.json)).to_owned();
        server.bring(&editor, &variant, "PUBLISHED").await;
        let rss = channel(&found(&server, "/feeds/ko/rss.xml").await);
        let said = rss.items()[0].title().unwrap();
        for part in ["]]>", "<![CDATA[", "&#0;", "مرحبا", "끝", "\u{1f600}"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let feed = found(&server, "/feeds/ko/feed.json").await.json();
        assert!(feed["items"][0]["title"].as_str().unwrap().contains("]]>"));
        // Readers that are not ours read the others in tests/feeds/validators.rs.
        for path in ["/feeds/ko/atom.xml", "/sitemap-news.xml"] {
            let page = found(&server, path).await;
            assert!(!page.text.contains(|c: char| (c < ' ' && !"\t\n\r".contains(c)) || "\u{fffe}\u{ffff}".contains(c)), "{path}");
        }
    }
}

/// What structured data say of a translation, a correction and a picture.
#[tokio::test]
async fn structured_data_name_translations_corrections_and_the_terms_of_pictures() {
    let server = newsroom(Kind::Sqlite).await;
    let editor = server.staff("editor").await;
    let query = "{ article(by: {externalId: {system: \"markdown\", id: \"a\"}}) { variants { id language jsonLd } } }";
    let described = async || {
        let reply = server.query(query).await;
        let variants = reply.data("/article/variants").as_array().unwrap().clone();
        <[Value; 2]>::try_from(variants).unwrap()
    };
    let [english, korean] = described().await;
    let id = korean["id"].as_str().unwrap();
    server.done(&editor, "addCorrection", id, json!({"kind": "CORRECTION", "text": "셋이 아니라 둘."})).await;
    let [_, corrected] = described().await;
    let (en, ko) = (&english["jsonLd"], &corrected["jsonLd"]);
    assert_eq!((&en["inLanguage"], &en["translationOfWork"]["@id"]), (&json!("en"), &ko["@id"]));
    assert_eq!((&ko["workTranslation"][0]["@id"], &en["translator"][0]["name"]), (&en["@id"], &json!("Tom")));
    assert_eq!((&ko["correction"][0]["text"], &ko["keywords"]), (&json!("셋이 아니라 둘."), &json!(["물"])));
    assert!(ko["dateModified"].as_str().unwrap() > korean["jsonLd"]["dateModified"].as_str().unwrap(), "{ko:#}");
    let image = &ko["image"];
    assert_eq!(image["digitalSourceType"], "https://schema.org/TrainedAlgorithmicMediaDigitalSource");
    assert_eq!(image["license"], "https://creativecommons.org/licenses/by/4.0/");
    assert_eq!(
        (&image["acquireLicensePage"], &image["creditText"]),
        (&json!("https://news.example/pictures"), &json!("안나 / 통신"))
    );
}
