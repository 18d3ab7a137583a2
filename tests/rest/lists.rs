//! Lists: pages, filters, counts, links to the pages beside.

use super::{each, fetch};
use crate::on_both;
use crate::support::{Newsroom, Server, Story};

fn five() -> Newsroom {
    Newsroom::of((1..=5).map(|n| {
        let story = Story::new(&format!("s{n}")).ko(&format!("제목 {n}")).at(&format!("2026-01-0{n}T09:00:00+09:00"));
        let story = story.tags(if n % 2 == 0 { &["even"] } else { &["odd"] }).authors(&["kim"]).section("world");
        if n > 3 { story.en(&format!("Title {n}")) } else { story }
    }))
}

/// The path and query of the link with a relation.
fn linked(header: &str, relation: &str) -> Option<String> {
    let line = header.lines().find(|line| line.contains(&format!("rel=\"{relation}\"")))?;
    let address = line.split_once('<')?.1.split_once('>')?.0;
    Some(address.strip_prefix("https://api.news.example")?.to_owned())
}

on_both! {
    links_lead_through_a_list_and_back(db) {
        let server = five().serve(db).await;
        let mut path = "/v1/articles?language=ko&first=2&total=true&fields=title".to_owned();
        let (mut titles, mut pages) = (Vec::new(), Vec::new());
        loop {
            let page = fetch(&server, &path).await;
            let list = page.json();
            assert_eq!(list["total"], 5);
            titles.extend(each(&list, "title").into_iter().map(str::to_owned));
            pages.push((page.header("link"), list));
            let Some(next) = linked(&pages.last().unwrap().0, "next") else { break };
            path = next;
        }
        assert_eq!(titles, ["제목 5", "제목 4", "제목 3", "제목 2", "제목 1"]);
        assert_eq!(pages.len(), 3);
        let back = linked(&pages[2].0, "prev").unwrap();
        assert_eq!(fetch(&server, &back).await.json()["items"], pages[1].1["items"]);
        assert!(pages[0].1["page"]["hasNextPage"].as_bool().unwrap() && linked(&pages[0].0, "prev").is_none());
    }

    conditions_hold_on_what_is_served(db) {
        let server = five().serve(db).await;
        let tags = fetch(&server, "/v1/tags?language=en").await.json();
        let even = tags["items"].as_array().unwrap().iter().find(|tag| tag["slug"] == "even").unwrap();
        let even = even["id"].as_str().unwrap();
        let titles = async |query: &str| {
            let list = fetch(&server, &format!("/v1/articles?{query}")).await.json();
            each(&list, "title").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(titles(&format!("language=ko&tagsAny={even}")).await, ["제목 4", "제목 2"]);
        assert_eq!(titles(&format!("language=ko&tagsNone={even}&order=publishedAt")).await, ["제목 1", "제목 3", "제목 5"]);
        assert_eq!(titles(&format!("language=ko&tagsNone={even}&order=-publishedAt")).await, ["제목 5", "제목 3", "제목 1"]);
        assert_eq!(titles("language=en").await, ["Title 5", "Title 4"]);
        assert_eq!(titles("language=ko&hasVariants=en").await, ["제목 5", "제목 4"]);
        assert_eq!(titles("language=en&fallback=true&first=3").await, ["Title 5", "Title 4", "제목 3"]);
        assert_eq!(titles("language=ko&publishedBefore=2026-01-02T09:00:00%2B09:00").await, ["제목 1"]);
        let found = fetch(&server, "/v1/search?query=TITLE%205&language=en").await.json();
        assert_eq!(each(&found, "title"), ["Title 5"]);
    }

    collections_sections_languages_and_changes_are_listed(db) {
        let server = Server::sample(db).await;
        let collections = fetch(&server, "/v1/collections?language=ko").await.json();
        let front = collections["items"][0]["id"].as_str().unwrap();
        let stories = fetch(&server, &format!("/v1/collections/{front}/articles?language=ko")).await.json();
        assert!(!stories["items"].as_array().unwrap().is_empty());
        let sections = fetch(&server, "/v1/sections?language=en").await.json();
        assert!(sections["items"][0]["ancestors"].as_array().unwrap().is_empty(), "the top comes first");
        let languages = fetch(&server, "/v1/languages").await.json();
        assert_eq!(languages["items"][0]["tag"], "ko");
        assert!(fetch(&server, "/v1/authors?language=ko").await.json()["items"][0]["name"].is_string());
        let first = fetch(&server, "/v1/changes?first=1").await;
        let rest = fetch(&server, &linked(&first.header("link"), "next").unwrap()).await.json();
        assert!(each(&rest, "id")[0] > each(&first.json(), "id")[0]);
    }
}
