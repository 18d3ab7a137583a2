//! How many SQL statements an answer takes: it depends on what is asked, never on how much there is.

use super::fetch;
use crate::on_both;
use crate::support::{Newsroom, Story};

fn newsroom(size: usize) -> Newsroom {
    Newsroom::of((0..size).map(|n| {
        Story::new(&format!("s{n}"))
            .ko(&format!("제목 {n}"))
            .en(&format!("Title {n}"))
            .tags(&[&format!("tag-{n}"), "shared"])
            .authors(&[&format!("author-{n}"), "shared"])
            .section(&format!("section-{}", n % 4))
            .picture()
            .body("en", &format!("Text {n}.\n"))
    }))
}

on_both! {
    statements_depend_on_the_question_and_not_on_the_length_of_lists(db) {
        // Each server answers each question once: nothing comes from memory.
        let settings = [("BYLINE_CACHE__MEGABYTES", "0"), ("BYLINE_CACHE__ENTITIES", "0")];
        let everything = "html,seo,jsonLd,alternates,translation,authors";
        for size in [3, 12] {
            let server = newsroom(size).serve_with(db, &settings).await;
            for (path, most) in [
                ("/v1/articles/by-slug/en/title-1".to_owned(), 1),
                (format!("/v1/articles/by-slug/en/title-1?include={everything}"), 3),
                ("/v1/articles/by-slug/en/title-1?include=html,related".to_owned(), 3),
                ("/v1/articles?first=50".to_owned(), 2),
                ("/v1/articles?first=50&fields=title,url".to_owned(), 1),
                ("/v1/articles?first=50&total=true".to_owned(), 3),
                (format!("/v1/articles?first=50&include={everything}"), 5),
                ("/v1/search?query=title&language=en&first=50".to_owned(), 2),
                ("/v1/authors?first=50".to_owned(), 2),
                ("/v1/tags?first=50".to_owned(), 1),
                ("/v1/sections".to_owned(), 1),
                ("/v1/changes?first=50".to_owned(), 1),
                ("/v1/languages".to_owned(), 0),
            ] {
                let page = fetch(&server, &path).await;
                assert_eq!(page.status, 200, "{path}: {}", page.text);
                assert!(page.statements() <= most, "{path}: {} statements for {size} stories", page.statements());
            }
        }
    }
}
