//! Related stories: what editors say goes first and counts always, the formula fills up.

use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use serde_json::{Value, json};

const RELATED: &str =
    "query($id: String!, $language: LanguageTag!, $fallback: Boolean, $first: Int, $by: [RelatedReason!]) {
    article(by: {externalId: {system: \"markdown\", id: $id}}) {
        related(language: $language, fallback: $fallback, first: $first, by: $by) {
            pageInfo { hasNextPage hasPreviousPage }
            edges { reason score pinned servedAsFallback node { id } variant { title language } }
        }
    }
}";

const DAY: &str = "2026-06-01T09:00:00+09:00";

async fn ask(server: &Server, variables: Value) -> Vec<Value> {
    let mut all = json!({"id": "a", "language": "en", "fallback": true, "first": 20});
    all.as_object_mut().unwrap().extend(variables.as_object().unwrap().clone());
    let reply = server.query_with(RELATED, all).await;
    reply.data("/article/related/edges").as_array().unwrap().clone()
}

fn titles(edges: &[Value]) -> Vec<&str> {
    edges.iter().map(|edge| edge["variant"]["title"].as_str().unwrap()).collect()
}

fn both(name: &str) -> Story {
    Story::new(name).ko(&format!("{name} ko")).en(&format!("{name} en")).at(DAY)
}

fn links(names: &[(&str, &str)]) -> Value {
    names.iter().map(|(article, relation)| json!({"article": article, "relation": relation})).collect()
}

/// `a` has every kind of link; all stories share a tag.
fn newsroom() -> Newsroom {
    let chosen = [
        ("c2", "CURATED"),
        ("p1", "PINNED"),
        ("banned", "BANNED"),
        ("c1", "CURATED"),
        ("a", "CURATED"),
        ("p2", "PINNED"),
        ("p1", "CURATED"),
        ("c2", "PINNED"),
        ("p2", "BANNED"),
        ("draft", "PINNED"),
    ];
    let stories = ["p1", "p2", "c1", "c2", "banned", "free"].map(|name| both(name).tags(&["x"]));
    let draft = both("draft").tags(&["x"]).status("draft");
    let korean = Story::new("korean").ko("korean ko").at(DAY).tags(&["x"]);
    Newsroom::of(stories.into_iter().chain([both("a").tags(&["x"]).related(links(&chosen)), draft, korean]))
}

on_both! {
    pinned_stories_come_first_then_chosen_ones_and_banned_ones_never(kind) {
        let server = newsroom().serve(kind).await;
        let edges = ask(&server, json!({})).await;
        // A link that is both pinned and chosen is pinned; one that is banned, too, is banned.
        assert_eq!(titles(&edges), ["p1 en", "c2 en", "c1 en", "free en", "korean ko"]);
        let pinned: Vec<&Value> = edges.iter().map(|edge| &edge["pinned"]).collect();
        assert_eq!(pinned, [true, true, false, false, false]);
        for (edge, reason) in edges.iter().zip(["CURATED", "CURATED", "CURATED", "SHARED_TAGS", "SHARED_TAGS"]) {
            assert_eq!(edge["reason"], reason);
            assert_eq!(edge["score"].is_null(), reason == "CURATED");
        }
        assert_eq!(edges[4]["servedAsFallback"], true);
        assert_eq!(titles(&ask(&server, json!({"fallback": false})).await), ["p1 en", "c2 en", "c1 en", "free en"]);
        assert_eq!(titles(&ask(&server, json!({"language": "ko"})).await)[..3], ["p1 ko", "c2 ko", "c1 ko"]);
    }

    a_place_that_an_unpublished_choice_leaves_is_filled(kind) {
        let all = [("d1", "PINNED"), ("d2", "CURATED"), ("c1", "CURATED"), ("k1", "CURATED")];
        let server = Newsroom::of([
            both("a").tags(&["x"]).related(links(&all)),
            both("d1").status("draft"),
            both("d2").tags(&["x"]).status("in_review"),
            both("c1"),
            Story::new("k1").ko("k1 ko").at(DAY),
            both("n1").tags(&["x"]),
            both("n2").tags(&["x"]),
        ])
        .serve(kind)
        .await;
        for (arguments, expected) in [
            (json!({"first": 3, "fallback": false}), &["c1 en", "n2 en", "n1 en"][..]),
            (json!({"first": 4, "fallback": false}), &["c1 en", "n2 en", "n1 en"]),
            (json!({"first": 2, "fallback": false}), &["c1 en", "n2 en"]),
            (json!({"first": 3}), &["c1 en", "k1 ko", "n2 en"]),
            (json!({"first": 2}), &["c1 en", "k1 ko"]),
            (json!({"first": 1}), &["c1 en"]),
            (json!({"first": 20, "by": ["CURATED"]}), &["c1 en", "k1 ko"]),
        ] {
            let mut found = titles(&ask(&server, arguments.clone()).await).iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
            // n1 and n2 score the same: the smaller id goes first.
            let mut expected: Vec<String> = expected.iter().map(|t| (*t).to_owned()).collect();
            if found.len() == expected.len() && expected.iter().any(|title| title.starts_with('n')) {
                let hide = |title: &mut String| if title.starts_with('n') { *title = "n".into() };
                found.iter_mut().for_each(hide);
                expected.iter_mut().for_each(hide);
            }
            assert_eq!(found, expected, "{arguments}");
        }
    }

    the_formula_counts_tags_authors_section_and_distance_in_time(kind) {
        let at = |name: &str, days: i64| {
            let moment = time::macros::datetime!(2026-06-01 00:00 UTC) + time::Duration::days(days);
            both(name).at(&moment.format(&time::format_description::well_known::Rfc3339).unwrap())
        };
        let server = Newsroom::of([
            at("a", 0).tags(&["x", "y"]).authors(&["ann", "ben"]).section("news"),
            at("all", 0).tags(&["y", "x"]).authors(&["ann"]).section("news"),
            at("tags", 0).tags(&["x", "y", "z"]),
            at("after", 90).tags(&["x", "y"]).section("arts"),
            at("before", -180).tags(&["x", "y"]),
            at("tag", 0).tags(&["x"]).authors(&["cho"]),
            at("authors", 0).authors(&["ben", "ann"]),
            at("author", 0).authors(&["ann"]).section("news"),
            at("section", 0).section("news"),
            at("nothing", 0).tags(&["z"]).authors(&["cho"]).section("arts"),
            Story::new("korean").ko("korean ko").at("2026-06-01T00:00:00Z").tags(&["x", "y"]).authors(&["ann", "ben"]),
        ])
        .file("sections.yaml", "- { key: news, names: { en: News } }\n- { key: arts, names: { en: Arts } }\n")
        .serve(kind)
        .await;
        let edges = ask(&server, json!({})).await;
        // Sum of weights times 0.4 + 0.6 · 2^(−days / 90).
        let expected = [
            ("all en", "SHARED_TAGS", 2.0 + 0.5 + 0.25),
            ("tags en", "SHARED_TAGS", 2.0),
            ("after en", "SHARED_TAGS", 2.0 * 0.7),
            ("before en", "SHARED_TAGS", 2.0 * 0.55),
            ("tag en", "SHARED_TAGS", 1.0),
            ("authors en", "SHARED_BYLINE", 1.0),
            ("author en", "SHARED_BYLINE", 0.75),
            ("section en", "SAME_SECTION", 0.25),
            // The reader's language first, whatever the score.
            ("korean ko", "SHARED_TAGS", 3.0),
        ];
        let mut found: Vec<(&str, &str, f64)> = edges
            .iter()
            .map(|edge| (edge["variant"]["title"].as_str().unwrap(), edge["reason"].as_str().unwrap(), edge["score"].as_f64().unwrap()))
            .collect();
        // Equal scores are ordered by id.
        let tied: Vec<&Value> = edges[4..6].iter().map(|edge| &edge["node"]["id"]).collect();
        assert!(tied[0].as_str() < tied[1].as_str());
        found[4..6].sort_by_key(|(title, ..)| std::cmp::Reverse(title.len() == 6));
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!((found.0, found.1), (expected.0, expected.1));
            assert!((found.2 - expected.2).abs() < 1e-9, "{found:?} instead of {expected:?}");
        }
        assert_eq!(found.len(), expected.len());
        let by = |reasons: &[&str]| json!({"by": reasons});
        assert_eq!(titles(&ask(&server, by(&["SHARED_BYLINE"])).await), ["authors en", "author en"]);
        let both = ask(&server, by(&["SAME_SECTION", "SHARED_BYLINE"])).await;
        assert_eq!(titles(&both), ["authors en", "author en", "section en"]);
        assert_eq!(titles(&ask(&server, by(&["CURATED"])).await), Vec::<&str>::new());
    }

    a_story_is_related_to_a_reader_in_the_variant_that_is_served(kind) {
        // English readers know the translator's other stories; Korean readers have not heard of him.
        let english = |story: Story| story.set("en", "translators", json!(["dan"]));
        let server = Newsroom::of([english(both("a")), english(both("b")), both("c")]).serve(kind).await;
        assert_eq!(titles(&ask(&server, json!({})).await), ["b en"]);
        assert_eq!(titles(&ask(&server, json!({"language": "ko"})).await), Vec::<&str>::new());
    }

    the_number_of_related_stories_is_bounded(kind) {
        let stories = (0..30).map(|index| both(&format!("s{index}")).tags(&["x"]));
        let server = Newsroom::of(stories.chain([both("a").tags(&["x"])])).serve(kind).await;
        for (first, expected) in [(json!(null), 4), (json!(0), 0), (json!(1), 1), (json!(20), 20)] {
            let reply = server.query_with(RELATED, json!({"id": "a", "language": "en", "fallback": true, "first": first})).await;
            let edges = reply.data("/article/related/edges").as_array().unwrap();
            assert_eq!(edges.len(), expected, "{first}");
            let mut ids: Vec<String> = edges.iter().map(|edge| edge["node"]["id"].to_string()).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), expected, "each once");
            let one_page = json!({"hasNextPage": false, "hasPreviousPage": false});
            assert_eq!(reply.data("/article/related/pageInfo"), &one_page);
        }
        for first in [-1, 21] {
            let reply = server.query_with(RELATED, json!({"id": "a", "language": "en", "fallback": true, "first": first})).await;
            assert_eq!(reply.codes(), ["INVALID"]);
            let message = format!("first: {first} is not accepted: expected 0 to 20");
            assert_eq!(reply.message(), message);
            assert_eq!(reply.json["data"]["article"], json!({"related": null}), "the page stands without them");
        }
    }

    the_sample_newsroom_shows_what_its_editors_wrote(kind) {
        let server = Server::sample(kind).await;
        let reply = server.query_with(RELATED, json!({"id": "harbour-ferry-charging", "language": "ko", "fallback": true, "first": 20})).await;
        let edges = reply.data("/article/related/edges").as_array().unwrap();
        assert_eq!((&edges[0]["pinned"], &edges[1]["pinned"]), (&json!(true), &json!(false)));
        let captain = server.article_id("captain-of-the-neoul").await;
        let wind = server.article_id("wind-farm-curtailment").await;
        let banned = server.article_id("cruise-day-arithmetic").await;
        assert_eq!((&edges[0]["node"]["id"], &edges[1]["node"]["id"]), (&json!(captain), &json!(wind)));
        assert!(edges.len() > 4 && edges.iter().all(|edge| edge["node"]["id"] != banned));
        let own = edges.iter().position(|edge| edge["servedAsFallback"] == true).unwrap_or(edges.len());
        assert!(edges[own..].iter().all(|edge| edge["servedAsFallback"] == true));
    }
}
