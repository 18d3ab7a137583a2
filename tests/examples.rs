//! The queries of `examples/`, each as a frontend would send it, on the sample newsroom.

use crate::on_both;
use crate::support::{Server, root};
use serde_json::{Value, json};

fn example(name: &str) -> (String, Value) {
    let read = |kind| std::fs::read_to_string(root().join(format!("examples/queries/{name}.{kind}"))).unwrap();
    (read("graphql"), serde_json::from_str(&read("json")).unwrap())
}

/// The GraphQL that a page of `examples/reader` sends.
fn reader_query(name: &str) -> String {
    let script = std::fs::read_to_string(root().join("examples/reader/reader.js")).unwrap();
    let (_, rest) = script.split_once(&format!("export const {name} = `")).unwrap();
    rest.split_once('`').unwrap().0.to_owned()
}

on_both! {
    every_example_query_is_answered_with_content(kind) {
        let server = Server::sample(kind).await;
        let names = ["article-page", "front-page", "tag-page", "author-page", "search-box"];
        let files = std::fs::read_dir(root().join("examples/queries")).unwrap();
        assert_eq!(files.count(), 2 * names.len(), "an example is not tested");
        for (name, pointer) in names.into_iter().zip([
            "/article/variant/title",
            "/articles/edges/9/variant/title",
            "/tag/articles/edges/0/variant/title",
            "/author/articles/edges/0/variant/title",
            "/search/edges/0/variant/title",
        ]) {
            let (query, variables) = example(name);
            let title = server.query_with(&query, variables).await.data(pointer).clone();
            assert!(title.as_str().is_some_and(|title| !title.is_empty()), "{name}: {title}");
        }
    }

    the_article_page_reads_in_either_language(kind) {
        let server = Server::sample(kind).await;
        let (query, korean) = example("article-page");
        let english = json!({"slug": "electric-ferry-first-year", "language": "en"});
        let korean = server.query_with(&query, korean).await;
        let english = server.query_with(&query, english).await;
        assert_eq!(korean.data("/article/id"), english.data("/article/id"));
        assert_eq!(korean.data("/article/alternates"), english.data("/article/alternates"));
        assert_eq!(korean.data("/article/variant/bylines/0/author/name"), "한서윤");
        assert_eq!(english.data("/article/variant/bylines/0/author/name"), "Han Seo-yun");
        assert_eq!(english.data("/article/variant/bylines/3/role"), "TRANSLATOR");
        assert_eq!(english.data("/article/variant/translation/isStale"), true);
        assert_eq!(korean.data("/article/variant/translation/isStale"), false);
        assert!(english.data("/article/variant/body/html").as_str().unwrap().contains("<table"));
        let related = korean.data("/article/related/edges").as_array().unwrap();
        assert_eq!((related.len(), &related[0]["reason"]), (4, &json!("CURATED")));
    }

    the_reader_page_gets_what_it_shows(kind) {
        let server = Server::sample(kind).await;
        let front = server.query_with(&reader_query("FRONT_PAGE"), json!({"language": "en"})).await;
        assert_eq!(front.data("/articles/edges").as_array().unwrap().len(), 20);
        for (slug, language) in [("전기여객선-1년-지연의-이유", "ko"), ("electric-ferry-first-year", "en")] {
            let page = server.query_with(&reader_query("ARTICLE"), json!({"slug": slug, "language": language})).await;
            assert_eq!(page.data("/article/variant/slug"), slug);
            assert_eq!(page.data("/article/alternates").as_array().unwrap().len(), 2);
        }
    }

    the_sample_newsroom_shows_what_the_product_is_for(kind) {
        let server = Server::sample(kind).await;
        let reply = server.query("{ articles(language: \"en\", fallback: true, first: 100) { totalCount edges {
            servedAsFallback
            variant { kind language title corrections { kind } leadImage { isAiGenerated } translation { isStale } }
        } } }").await;
        let edges = reply.data("/articles/edges").as_array().unwrap();
        assert_eq!((reply.data("/articles/totalCount"), edges.len()), (&json!(28), 28));
        let count = |holds: &dyn Fn(&Value) -> bool| edges.iter().filter(|edge| holds(&edge["variant"])).count();
        assert_eq!(count(&|variant| variant["language"] == "ko"), 3, "Korean only");
        assert_eq!(count(&|variant| variant["translation"]["isStale"] == true), 1);
        assert_eq!(count(&|variant| variant["leadImage"]["isAiGenerated"] == true), 1);
        assert_eq!(count(&|variant| !variant["corrections"].as_array().unwrap().is_empty()), 1);
        assert!(edges.iter().all(|edge| edge["servedAsFallback"] == (edge["variant"]["language"] == "ko")));
        for kind in ["NEWS", "ANALYSIS", "DATA", "OPINION", "NOTEBOOK", "INTERVIEW", "EDITORIAL", "BRIEF"] {
            assert!(count(&|variant| variant["kind"] == kind) > 0, "{kind}");
        }
    }
}
