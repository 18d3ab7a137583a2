//! oEmbed: by whatever way an address of a story is written, and for no other address.

use super::{Page, fetch, found};
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::json;
use url::form_urlencoded::byte_serialize;

async fn newsroom(kind: Kind) -> Server {
    let story = Story::new("a").ko("한글 제목").en("English title").at("2026-01-01T09:00:00+09:00");
    let story = story.authors(&["ann", "bob"]).picture().set("ko", "slug", json!("한글-슬러그"));
    Newsroom::of([story])
        .file("authors.yaml", "ann: { names: { ko: 안나 } }\nbob: { names: { ko: 밥 } }\n")
        .serve(kind)
        .await
}

async fn embed(server: &Server, url: &str, more: &str) -> Page {
    let url: String = byte_serialize(url.as_bytes()).collect();
    fetch(server, &format!("/oembed?url={url}{more}")).await
}

on_both! {
    a_story_is_found_by_every_spelling_of_its_address(kind) {
        let server = newsroom(kind).await;
        let apart: String = unicode_normalization::UnicodeNormalization::nfd("한글-슬러그").collect();
        for url in [
            "https://news.example/ko/한글-슬러그",
            "https://news.example/ko/%ED%95%9C%EA%B8%80-%EC%8A%AC%EB%9F%AC%EA%B7%B8",
            "https://news.example/ko/%ed%95%9c%ea%b8%80-슬러그/?utm_source=x#top",
            "http://NEWS.example/ko/한글-슬러그",
            &format!("https://news.example/ko/{apart}"),
        ] {
            let page = embed(&server, url, "").await;
            assert_eq!((page.status, page.json()["title"].clone()), (200, json!("한글 제목")), "{url}: {}", page.text);
        }
        assert_eq!(embed(&server, "https://news.example/en/english-title", "").await.json()["title"], "English title");
        // Encoded once, as browsers do it.
        assert_eq!(found(&server, "/oembed?url=https://news.example/ko/한글-슬러그").await.json()["author_name"], "안나, 밥");
    }

    a_former_slug_leads_to_the_story_as_it_is_now(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let reply = server.query("{ article(by: {slug: {slug: \"한글-슬러그\", language: \"ko\"}}) { variant(language: \"ko\") { id } } }").await;
        let id = reply.data("/article/variant/id").as_str().unwrap().to_owned();
        assert_eq!(embed(&server, "https://news.example/ko/한글-슬러그", "").await.status, 200);
        server.done(&editor, "reviseVariant", &id, json!({"text": {"slug": "새-이름", "title": "새 제목"}})).await;
        server.done(&editor, "publishVariant", &id, json!({})).await;
        for slug in ["한글-슬러그", "새-이름"] {
            assert_eq!(embed(&server, &format!("https://news.example/ko/{slug}"), "").await.json()["title"], "새 제목", "{slug}");
        }
        let input = json!({"path": "/2019/오래된", "articleId": server.article_id("a").await});
        server.changed(&editor, "createRedirect", "redirect { path }", input).await;
        assert_eq!(embed(&server, "https://news.example/2019/오래된", "").await.json()["title"], "새 제목");
    }

    a_picture_fits_or_is_left_out_and_both_formats_say_the_same(kind) {
        let server = newsroom(kind).await;
        let url = "https://news.example/ko/한글-슬러그";
        let whole = embed(&server, url, "").await.json();
        assert_eq!((&whole["type"], &whole["version"], &whole["provider_url"]), (&json!("link"), &json!("1.0"), &json!("https://news.example")));
        assert_eq!((&whole["thumbnail_width"], &whole["thumbnail_height"]), (&json!(40), &json!(30)));
        for (more, is_there) in [("&maxwidth=40&maxheight=30", true), ("&maxwidth=39", false), ("&maxheight=29", false)] {
            let page = embed(&server, url, more).await.json();
            assert_eq!(["thumbnail_url", "thumbnail_width", "thumbnail_height"].map(|name| page[name].is_null()), [!is_there; 3], "{more}");
        }
        let xml = embed(&server, url, "&format=xml").await;
        assert_eq!(xml.header("content-type"), "text/xml; charset=utf-8");
        for (name, value) in whole.as_object().unwrap() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            assert_eq!(xml.elements(name), [text], "{name}");
        }
    }

    what_is_no_story_or_cannot_be_told_is_said_so(kind) {
        let server = newsroom(kind).await;
        let ours = "https://news.example/ko/한글-슬러그";
        for (url, more, status) in [
            ("https://elsewhere.example/ko/한글-슬러그", "", 404),
            ("https://news.example:8443/ko/한글-슬러그", "", 404),
            ("https://news.example.evil.example/ko/한글-슬러그", "", 404),
            ("javascript:alert(1)", "", 404),
            ("no address", "", 404),
            ("https://news.example/ko/없음", "", 404),
            ("https://news.example/en/한글-슬러그", "", 404),
            ("https://news.example/", "", 404),
            ("", "", 400),
            (ours, "&format=yaml", 501),
            (ours, "&maxwidth=-1", 400),
            (ours, "&maxheight=0", 400),
        ] {
            let page = embed(&server, url, more).await;
            assert_eq!((page.status, page.header("content-type")), (status, "application/problem+json"), "{url}{more}");
        }
    }
}
