//! What is on a feed, in which order, in which language, and by which addresses it is found.

use super::{Page, fetch, found, local, titles};
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::{Value, json};

/// A hundred and twenty stories, many of one moment.
fn archive() -> Newsroom {
    let story = |n: usize| {
        let story = Story::new(&format!("s{n}")).ko(&format!("제목 {n}"));
        let story = story.at(&format!("2026-01-{:02}T09:00:00+09:00", n % 7 + 1)).tags(&["모두"]);
        if n.is_multiple_of(40) { story.en(&format!("Title {n}")).at("2026-02-01T09:00:00+09:00") } else { story }
    };
    Newsroom::of((0..120).map(story))
}

/// The ids of a feed's stories from its first page to its last, by the feed's own links.
async fn walk(server: &Server, path: &str) -> (Vec<String>, usize) {
    let (mut ids, mut pages, mut next) = (Vec::new(), 0, Some(path.to_owned()));
    while let Some(path) = next {
        let feed = found(server, &path).await.json();
        let items = feed["items"].as_array().unwrap();
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        next = feed["next_url"].as_str().map(|url| local(url).to_owned());
        pages += 1;
    }
    (ids, pages)
}

async fn listed(server: &Server, filter: &str) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let query = format!(
            "query($after: String) {{ articles(language: \"ko\", first: 100, after: $after{filter}) {{
                pageInfo {{ hasNextPage endCursor }} edges {{ variant {{ id }} }} }} }}"
        );
        let reply = server.query_with(&query, json!({ "after": after })).await;
        let edges = reply.data("/articles/edges").as_array().unwrap();
        ids.extend(edges.iter().map(|edge| edge["variant"]["id"].as_str().unwrap().to_owned()));
        if reply.data("/articles/pageInfo/hasNextPage") == false {
            return ids;
        }
        after = reply.data("/articles/pageInfo/endCursor").clone();
    }
}

/// Stories with a section below another, tags, an author and a front page.
async fn newsroom(kind: Kind) -> Server {
    let story = |name: &str, day: u32| Story::new(name).ko(name).at(&format!("2026-01-{day:02}T09:00:00+09:00"));
    Newsroom::of([
        story("가", 1).section("city").tags(&["물"]).authors(&["ann"]),
        story("나", 2).section("bus").tags(&["물", "불"]).authors(&["bob"]),
        story("다", 3).section("bus").authors(&["ann", "bob"]),
        Story::new("only").en("English only").at("2026-01-04T09:00:00+09:00").section("bus"),
    ])
    .file("sections.yaml", "- { key: city, names: { ko: 도시, en: City }, slugs: { ko: 도시, en: city } }\n- { key: bus, parent: city, names: { ko: 버스, en: Bus }, slugs: { ko: 버스, en: bus } }\n")
    .file("authors.yaml", "ann: { names: { ko: 안나, en: Ann } }\nbob: { names: { ko: 밥 } }\n")
    .file("collections.yaml", "- { key: front, names: { ko: 첫 면, en: Front }, slugs: { ko: 첫-면, en: front }, items: { ko: [나, 가, only], en: [only] } }\n")
    .serve(kind)
    .await
}

on_both! {
    a_feed_is_walked_page_by_page_in_the_order_of_the_api(kind) {
        let server = archive().serve(kind).await;
        let all = listed(&server, "").await;
        assert_eq!(all.len(), 120);
        assert_eq!(walk(&server, "/feeds/ko/feed.json").await, (all.clone(), 3));
        assert_eq!(walk(&server, "/feeds/ko/tag/모두/feed.json").await, (all.clone(), 3));
        // The other formats have the same pages.
        let first = found(&server, "/feeds/ko/atom.xml").await;
        let next = first.text.split("rel=\"next\" type=\"application/atom+xml\" href=\"").nth(1).unwrap();
        let second = found(&server, local(&next.split_once('"').unwrap().0.replace("&amp;", "&"))).await;
        let uuid = |id: &str| id.parse::<byline::domain::ids::VariantId>().unwrap().0.urn().to_string();
        let expected: Vec<String> = all[50..100].iter().map(|id| uuid(id)).collect();
        assert_eq!(second.elements("id")[1..], expected.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(second.text.contains("rel=\"first\"") && !second.header("link").is_empty());
        let rss = found(&server, "/feeds/ko/rss.xml").await;
        assert!(rss.text.contains("<atom:link rel=\"next\""), "{}", &rss.text[..2_000]);
    }

    a_feed_has_what_is_published_in_its_language_and_the_rest_only_when_asked(kind) {
        let server = archive().serve(kind).await;
        assert_eq!(titles(&server, "/feeds/en/feed.json").await, ["Title 80", "Title 40", "Title 0"]);
        let with_fallback = found(&server, "/feeds/en/feed.json?fallback=true").await.json();
        let items = with_fallback["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["language"], &items[3]["language"]), (50, &json!("en"), &json!("ko")));
        let atom = found(&server, "/feeds/en/atom.xml?fallback=true").await;
        assert_eq!(atom.text.matches("<entry xml:lang=\"ko\">").count(), 47);
    }

    sections_tags_authors_and_collections_have_feeds(kind) {
        let server = newsroom(kind).await;
        for (path, expected) in [
            ("", &["다", "나", "가"][..]),
            ("section/도시/", &["다", "나", "가"]),
            ("section/%EB%B2%84%EC%8A%A4/", &["다", "나"]),
            ("tag/물/", &["나", "가"]),
            ("tag/불/", &["나"]),
            ("author/ann/", &["다", "가"]),
            ("collection/첫-면/", &["나", "가"]),
        ] {
            let path = format!("/feeds/ko/{path}feed.json");
            assert_eq!(titles(&server, &path).await, expected, "{path}");
        }
        assert_eq!(titles(&server, "/feeds/en/collection/front/feed.json").await, ["English only"]);
        let feed = found(&server, "/feeds/ko/section/도시/feed.json").await.json();
        assert_eq!(feed["title"], "도시 – Byline");
        assert_eq!(feed["_byline"]["alternates"], json!([{"language": "en", "url": "https://api.news.example/feeds/en/section/city/feed.json"}]));
    }

    a_former_slug_leads_to_the_feed_as_it_is_called_now(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let reply = server.query("{ tag(by: {slug: {slug: \"물\", language: \"ko\"}}) { id } }").await;
        let before = found(&server, "/feeds/ko/tag/물/atom.xml").await;
        let input = json!({"tagId": reply.data("/tag/id"), "slugs": [{"language": "ko", "text": "바다"}]});
        server.changed(&editor, "updateTag", "tag { id }", input).await;
        let moved = fetch(&server, "/feeds/ko/tag/물/atom.xml?full=false").await;
        let now = "https://api.news.example/feeds/ko/tag/%EB%B0%94%EB%8B%A4/atom.xml?full=false";
        assert_eq!((moved.status, moved.header("location"), moved.header("cache-control")), (301, now, "no-store"));
        let after = found(&server, local(now)).await;
        assert_eq!(after.elements("id"), before.elements("id"), "the feed and its entries stay the same ones");
        let input = json!({"authorId": server.query("{ author(by: {slug: \"ann\"}) { id } }").await.data("/author/id"), "slug": "anna"});
        server.changed(&editor, "updateAuthor", "author { id }", input).await;
        let moved = fetch(&server, "/feeds/en/author/ann/rss.xml").await;
        assert_eq!(moved.header("location"), "https://api.news.example/feeds/en/author/anna/rss.xml");
    }

    a_path_that_names_no_feed_is_a_problem_and_a_bad_parameter_is_named(kind) {
        let server = newsroom(kind).await;
        let problem = |page: &Page| (page.status, page.header("content-type").to_owned(), page.json()["detail"].as_str().unwrap().to_owned());
        for (path, status, said) in [
            ("/feeds/fr/rss.xml", 404, "there is no feed `fr/rss.xml`"),
            ("/feeds/ko/rss", 404, "there is no feed `ko/rss`"),
            ("/feeds/ko/story/x/rss.xml", 404, "there is no feed `ko/story/x/rss.xml`"),
            ("/feeds/ko/tag/없음/rss.xml", 404, "there is no tag `없음`"),
            ("/feeds/en/tag/물/rss.xml", 404, "there is no tag `물`"),
            ("/feeds/ko/tag/%FF/rss.xml", 404, "there is no tag"),
            ("/feeds/ko", 404, "there is no page"),
            ("/feeds/ko/rss.xml?full=yes", 400, "full: `yes` is not accepted: expected true or false"),
            ("/feeds/ko/rss.xml?after=1", 400, "after: `1` is not a cursor of this list"),
            ("/sitemaps/ko/2026-01-01.xml", 404, "there is no sitemap"),
            ("/sitemaps/fr/2026-01-01.xml", 404, "there is no sitemap"),
        ] {
            let (found, media_type, detail) = problem(&fetch(&server, path).await);
            assert_eq!((found, media_type.as_str()), (status, "application/problem+json"), "{path}");
            assert!(detail.starts_with(said), "{path}: {detail}");
        }
        let response = server.post("/feeds/ko/rss.xml").send().await.unwrap();
        assert_eq!((response.status().as_u16(), response.headers()["allow"].to_str().unwrap()), (405, "GET, HEAD"));
        let response = server.get("/feeds/ko/rss.xml").bearer_auth("nonsense").send().await.unwrap();
        assert_eq!(response.status().as_u16(), 401);
    }

    a_draft_a_planned_and_an_embargoed_story_are_on_no_feed(kind) {
        let server = newsroom(kind).await;
        let editor = server.staff("editor").await;
        let paths = ["/feeds/ko/rss.xml", "/feeds/ko/atom.xml", "/feeds/ko/feed.json", "/sitemap.xml", "/sitemap-news.xml"];
        let mut before = Vec::new();
        for path in paths {
            before.push(found(&server, path).await.text);
        }
        for state in ["DRAFT", "IN_REVIEW", "SCHEDULED"] {
            let (_, variant) = server.write(&editor, "ko", &format!("비밀 {state}")).await;
            server.bring(&editor, &variant, state).await;
        }
        let (_, variant) = server.write(&editor, "ko", "비밀 엠바고").await;
        server.done(&editor, "reviseVariant", &variant, json!({"text": {"embargoUntil": "2099-01-01T09:00:00Z"}})).await;
        server.done(&editor, "submitVariant", &variant, json!({})).await;
        server.done(&editor, "scheduleVariant", &variant, json!({"at": "2099-01-01T09:00:00Z"})).await;
        // Past any memory, too.
        let other = Server::start(server.database.clone(), &[("BYLINE_CACHE__MEGABYTES", "0")]);
        for (path, before) in paths.iter().zip(before) {
            assert_eq!(found(&server, path).await.text, before, "{path}");
            assert_eq!(found(&other, path).await.text, before, "{path}");
        }
        let embed = "/oembed?url=https://news.example/ko/비밀-draft";
        assert_eq!(fetch(&server, embed).await.status, 404);
    }
}
