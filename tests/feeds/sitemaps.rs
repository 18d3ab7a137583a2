//! Sitemaps: everything that is published is in exactly one, with all its languages, and nothing else is.

use super::{found, local};
use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The languages that an address names, with theirs.
type Alternates = BTreeMap<String, String>;

/// All addresses by the index, with their alternates.
async fn addresses(server: &Server) -> BTreeMap<String, Alternates> {
    let mut all = BTreeMap::new();
    for file in found(server, "/sitemap.xml").await.elements("loc") {
        for url in found(server, local(file)).await.elements("url") {
            let loc = url.split("</loc>").next().unwrap().trim_start_matches("<loc>").to_owned();
            let attribute = |link: &str, name: &str| {
                link.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap().to_owned()
            };
            let links = url.split("<xhtml:link").skip(1);
            let alternates = links.map(|link| (attribute(link, "hreflang"), attribute(link, "href"))).collect();
            assert_eq!(all.insert(loc.clone(), alternates), None, "{loc} is there twice");
        }
    }
    all
}

on_both! {
    every_language_of_every_story_is_there_once_and_names_all_others(kind) {
        let server = Server::sample(kind).await;
        let reply = server.query("{ articles(language: \"ko\", fallback: true, first: 100) { nodes { variants { canonicalUrl } } } }").await;
        let reply = reply.data("/articles/nodes").as_array().unwrap().clone();
        let english = server.query("{ articles(language: \"en\", first: 100) { nodes { variants { canonicalUrl } } } }").await;
        let english = english.data("/articles/nodes").as_array().unwrap().clone();
        let variants = reply.iter().chain(&english).flat_map(|article| article["variants"].as_array().unwrap());
        let expected: BTreeSet<String> = variants.map(|variant| variant["canonicalUrl"].as_str().unwrap().to_owned()).collect();
        let all = addresses(&server).await;
        assert_eq!(all.keys().cloned().collect::<BTreeSet<_>>(), expected);
        assert!(all.values().any(|alternates| !alternates.is_empty()));
        for (url, alternates) in &all {
            let mut languages = alternates.clone();
            let others = languages.remove("x-default");
            assert!(languages.is_empty() || languages.values().any(|own| own == url), "{url} does not name itself");
            assert_eq!(others.is_some(), !languages.is_empty(), "{url}");
            assert!(others.is_none_or(|others| languages.get("ko") == Some(&others)), "{url}: readers of all other languages get the newsroom's own");
            for other in languages.values() {
                assert_eq!(&all[other], alternates, "{other} and {url} name different ones");
            }
        }
    }

    a_sitemap_ends_where_the_next_one_begins(kind) {
        let moments = ["1945-08-15T12:00:00+09:00", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2026-10-21T23:59:59.999999Z", "2026-10-22T00:00:00Z"];
        let stories = moments.iter().enumerate().map(|(n, moment)| Story::new(&format!("s{n}")).ko(&format!("글 {n}")).at(moment));
        let server = Newsroom::of(stories).serve(kind).await;
        let index = found(&server, "/sitemap.xml").await;
        let files: Vec<&str> = index.elements("loc").into_iter().map(|file| file.rsplit('/').next().unwrap()).collect();
        assert_eq!(files, ["1945-07-19.xml", "1969-12-04.xml", "1970-01-01.xml", "2026-09-24.xml", "2026-10-22.xml"]);
        let mut counts = Vec::new();
        for file in index.elements("loc") {
            counts.push(found(&server, local(file)).await.elements("url").len());
        }
        assert_eq!(counts, [1; 5]);
        assert_eq!(addresses(&server).await.len(), 5);
    }

    the_news_are_those_of_two_days_in_all_languages_and_never_from_elsewhere(kind) {
        let ago = |hours: i64| {
            let at = time::OffsetDateTime::now_utc() - time::Duration::hours(hours);
            at.format(&time::format_description::well_known::Rfc3339).unwrap()
        };
        let server = Newsroom::of([
            Story::new("old").ko("사흘 전").at(&ago(72)),
            Story::new("just").ko("이틀 전").at(&ago(49)),
            Story::new("day").ko("어제 & 오늘").en("Yesterday").at(&ago(24)),
        ])
        .serve_with(kind, &[("BYLINE_SITE__NAME", "한결 & 뉴스"), ("BYLINE_CACHE__SHARED_SECONDS", "86400")])
        .await;
        let editor = server.staff("editor").await;
        let (_, variant) = server.write(&editor, "ko", "방금").await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        let news = found(&server, "/sitemap-news.xml").await;
        let titles: BTreeSet<&str> = news.elements("news:title").into_iter().collect();
        assert_eq!(titles, BTreeSet::from(["방금", "어제 &amp; 오늘", "Yesterday"]));
        assert_eq!(news.elements("news:title")[0], "방금", "the newest first");
        assert_eq!(news.elements("news:name")[0], "한결 &amp; 뉴스");
        let languages: BTreeSet<&str> = news.elements("news:language").into_iter().collect();
        assert_eq!(languages, BTreeSet::from(["en", "ko"]));
        assert_eq!(news.header("cache-control"), "public, max-age=0, must-revalidate", "it becomes old by itself");
        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "wrong"})).await;
        assert!(!found(&server, "/sitemap-news.xml").await.text.contains("방금"));
        assert!(!addresses(&server).await.keys().any(|url| url.contains("%EB%B0%A9%EA%B8%88")));
    }
}
