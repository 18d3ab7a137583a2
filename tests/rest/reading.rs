//! One story, and what it names.

use super::{fetch, fetch_with};
use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use serde_json::json;

const FERRY: &str = "/v1/articles/by-slug/en/electric-ferry-first-year";

on_both! {
    a_story_is_small_unless_more_is_asked_for(db) {
        let server = Server::sample(db).await;
        let page = fetch(&server, FERRY).await;
        let story = page.json();
        assert!(story["id"].as_str().unwrap().starts_with("art_") && story["title"].is_string(), "{story:#}");
        assert!(story["bylines"][0]["author"]["name"].is_string(), "{story:#}");
        assert!(["html", "blocks", "jsonLd", "related"].iter().all(|member| story.get(member).is_none()), "{story:#}");
        assert_eq!(page.header("content-language"), "en");
        assert!(page.header("link").contains("rel=\"canonical\""), "{:?}", page.headers);
        let more = "html,text,markdown,blocks,seo,jsonLd,alternates,translation,authors,related";
        let story = fetch(&server, &format!("{FERRY}?include={more}")).await;
        assert!(story.header("link").contains("hreflang=\"ko\""), "{:?}", story.headers);
        let story = story.json();
        for member in more.split(',') {
            assert!(story.get(member).is_some(), "{member} is missing in {story:#}");
        }
        assert_eq!(story["blocks"][0]["type"], "paragraph");
        assert_eq!(story["jsonLd"]["@type"], "NewsArticle");
    }

    it_says_what_graphql_says(db) {
        let server = Server::sample(db).await;
        let include = "html,text,markdown,seo,jsonLd,alternates,translation,related";
        let story = fetch(&server, &format!("{FERRY}?include={include}")).await.json();
        let query = r#"{ article(by: {slug: {slug: "electric-ferry-first-year", language: "en"}}) {
            id variant(language: "en") { id title deks summary publishedAt wordCount body { html text markdown } jsonLd
                seo { title description canonicalUrl } translation { origin isStale } alternates { language url } }
            related(language: "en", fallback: false) { edges { reason score node { id } } } } }"#;
        let graphql = server.query(query).await;
        let variant = graphql.data("/article/variant");
        assert_eq!(story["id"], *graphql.data("/article/id"));
        assert_eq!(story["variantId"], variant["id"]);
        for member in ["title", "deks", "publishedAt", "wordCount", "jsonLd"] {
            assert_eq!(story[member], variant[member], "{member}");
        }
        for member in ["html", "text", "markdown"] {
            assert_eq!(story[member], variant["body"][member], "{member}");
        }
        assert_eq!(story["seo"]["canonicalUrl"], variant["seo"]["canonicalUrl"]);
        assert_eq!(story["translation"]["isStale"], variant["translation"]["isStale"]);
        let own: Vec<_> = story["related"].as_array().unwrap().iter().map(|item| &item["article"]["id"]).collect();
        let edges = graphql.data("/article/related/edges").as_array().unwrap();
        assert!(!own.is_empty());
        assert_eq!(own, edges.iter().map(|edge| &edge["node"]["id"]).collect::<Vec<_>>());
    }

    only_the_members_that_are_named_are_there(db) {
        let server = Server::sample(db).await;
        assert_eq!(fetch(&server, &format!("{FERRY}?fields=title,url")).await.members(), ["title", "url"]);
        let more = fetch(&server, &format!("{FERRY}?fields=title&include=text")).await;
        assert_eq!(more.members(), ["text", "title"]);
    }

    a_language_that_is_named_is_a_demand_and_a_preferred_one_is_a_wish(db) {
        let server = Newsroom::of([Story::new("one").ko("하나")]).serve(db).await;
        let path = format!("/v1/articles/{}", server_id(&server).await);
        let wish = fetch_with(&server, &path, &[("accept-language", "en")]).await;
        let story = wish.json();
        assert_eq!((story["language"].as_str(), story["servedAsFallback"].as_bool()), (Some("ko"), Some(true)));
        assert_eq!(wish.header("content-language"), "ko");
        assert_eq!(fetch(&server, &format!("{path}?language=en")).await.status, 404);
        assert_eq!(fetch(&server, &format!("{path}?language=en&fallback=true")).await.json()["language"], "ko");
        assert_eq!(fetch_with(&server, &format!("{path}?fallback=false"), &[("accept-language", "en")]).await.status, 404);
    }

    a_former_slug_leads_to_the_present_one_and_a_withdrawn_story_is_gone(db) {
        let server = Newsroom::of([Story::new("one").en("Old name")]).serve_anew(db).await;
        let editor = server.staff("editor").await;
        let id = fetch(&server, "/v1/articles/by-slug/en/old-name").await.json();
        let variant = id["variantId"].as_str().unwrap();
        server.done(&editor, "reviseVariant", variant, json!({"text": {"slug": "new-name"}})).await;
        server.done(&editor, "publishVariant", variant, json!({})).await;
        let moved = fetch(&server, "/v1/articles/by-slug/en/old-name?fields=title").await;
        assert_eq!(moved.status, 301);
        let wanted = "https://api.news.example/v1/articles/by-slug/en/new-name?fields=title";
        assert_eq!(moved.header("location"), wanted);
        assert_eq!(fetch(&server, "/v1/articles/by-slug/en/new-name").await.json()["slug"], "new-name");
        server.done(&editor, "withdrawVariant", variant, json!({"reason": "wrong"})).await;
        let gone = fetch(&server, "/v1/articles/by-slug/en/new-name").await;
        assert_eq!((gone.status, gone.problem()["code"].as_str().unwrap()), (410, "WITHDRAWN"));
    }

    what_a_story_names_is_found_by_its_id(db) {
        let server = Server::sample(db).await;
        let story = fetch(&server, &format!("{FERRY}?include=authors")).await.json();
        let tag = fetch(&server, &format!("/v1/tags/{}?language=en", story["tags"][0]["id"].as_str().unwrap())).await;
        assert_eq!(tag.json(), story["tags"][0]);
        let section = story["section"]["id"].as_str().unwrap();
        assert_eq!(fetch(&server, &format!("/v1/sections/{section}?language=en")).await.json(), story["section"]);
        let author = story["authors"][0]["id"].as_str().unwrap();
        assert_eq!(fetch(&server, &format!("/v1/authors/{author}?language=en")).await.json(), story["authors"][0]);
        let image = story["leadImage"]["id"].as_str().unwrap();
        assert_eq!(fetch(&server, &format!("/v1/images/{image}?language=en")).await.json(), story["leadImage"]);
    }
}

async fn server_id(server: &Server) -> String {
    fetch(server, "/v1/articles").await.json()["items"][0]["id"].as_str().unwrap().to_owned()
}
