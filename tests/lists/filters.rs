//! Every filter, alone and together, with and without fallback, against the reference.

use super::reference::{AUTHORS, Dice, Filter, KINDS, Made, SECTIONS, TAGS, WORDS, newsroom};
use crate::on_both;
use crate::support::{Kind, Newsroom, Server, Story};
use serde_json::{Value, json};
use std::collections::HashMap;

const LIST: &str = "query($language: LanguageTag!, $fallback: Boolean!, $filter: ArticleFilter, $order: ArticleOrder, $first: Int, $after: String) {
    articles(language: $language, fallback: $fallback, filter: $filter, orderBy: $order, first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { servedAsFallback node { id } variant { title } }
    }
}";

struct Stage {
    server: Server,
    stories: Vec<Made>,
    ids: HashMap<String, String>,
}

impl Stage {
    async fn new(kind: Kind, dice: &mut Dice) -> Self {
        let mut stories: Vec<Made> = (0..40).map(|index| Made::roll(dice, index)).collect();
        let server = newsroom(&stories).serve(kind).await;
        for story in &mut stories {
            story.id = server.article_id(&story.folder).await;
        }
        let names = "{ authors(first: 100) { nodes { id slug } } tags(first: 100) { nodes { id slug(language: \"en\") } }
            sections { ...S children { ...S children { ...S } } } } fragment S on Section { id slug(language: \"en\") }";
        let reply = server.query(names).await;
        let mut ids = HashMap::new();
        remember(reply.data(""), &mut ids);
        Self { server, stories, ids }
    }

    /// The ids and headlines that a list should hold, in order.
    fn expected(&self, chain: &[&str], filter: &Filter, order: (&str, bool)) -> Vec<Value> {
        let mut found: Vec<_> = self
            .stories
            .iter()
            .filter_map(|story| Some((story, story.served(chain)?)))
            .filter(|(story, served)| filter.accepts(story, served))
            .map(|(story, served)| {
                let at = if order.0 == "MODIFIED_AT" { served.modified } else { served.published };
                let edge = json!({"servedAsFallback": served.language != chain[0], "node": {"id": story.id},
                                  "variant": {"title": served.title.trim()}});
                ((at, story.id.clone()), edge)
            })
            .collect();
        found.sort_by(|a, b| if order.1 { a.0.cmp(&b.0) } else { b.0.cmp(&a.0) });
        found.into_iter().map(|(_, edge)| edge).collect()
    }

    async fn check(&self, filter: &Filter, dice: &mut Dice, seed: u64) -> usize {
        let mut most = 0;
        for (language, fallback, chain) in
            [("en", true, &["en", "ko"] as &[&str]), ("en", false, &["en"]), ("ko", true, &["ko"])]
        {
            let order = (*dice.pick(&["PUBLISHED_AT", "MODIFIED_AT"]), dice.one_in(3));
            let size = 1 + dice.below(40);
            let direction = if order.1 { "ASC" } else { "DESC" };
            let mut variables = json!({
                "language": language, "fallback": fallback, "first": size,
                "filter": filter.input(|name| self.ids[name].clone()), "order": {"field": order.0, "direction": direction},
            });
            let expected = self.expected(chain, filter, order);
            most = most.max(expected.len());
            let mut found = Vec::new();
            loop {
                let reply = self.server.query_with(LIST, variables.clone()).await;
                assert_eq!(reply.data("/articles/totalCount"), expected.len(), "seed {seed} {variables} {filter:?}");
                found.extend(reply.data("/articles/edges").as_array().unwrap().iter().cloned());
                if reply.data("/articles/pageInfo/hasNextPage") == false {
                    break;
                }
                variables["after"] = reply.data("/articles/pageInfo/endCursor").clone();
            }
            let brief =
                |edges: &[Value]| edges.iter().map(|edge| edge["variant"]["title"].to_string()).collect::<String>();
            let (is, should) = (brief(&found), brief(&expected));
            assert_eq!(found, expected, "seed {seed} {variables} {filter:?}\n{is}\n{should}");
        }
        most
    }
}

fn remember(value: &Value, ids: &mut HashMap<String, String>) {
    if let (Some(id), Some(slug)) = (value["id"].as_str(), value["slug"].as_str()) {
        ids.insert(slug.to_owned(), id.to_owned());
    }
    let children: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    };
    children.into_iter().for_each(|child| remember(child, ids));
}

fn seed() -> u64 {
    let given = std::env::var("LISTS_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| uuid::Uuid::now_v7().as_u64_pair().1)
}

on_both! {
    each_filter_finds_what_the_reference_finds(kind) {
        let mut dice = Dice(7);
        let stage = Stage::new(kind, &mut dice).await;
        let mut filters: Vec<Filter> = vec![Filter::default()];
        for (section, _) in SECTIONS {
            filters.push(Filter { sections: vec![section], ..Filter::default() });
            filters.push(Filter { sections: vec![section], sections_only: true, ..Filter::default() });
        }
        filters.push(Filter { sections: vec!["news", "port"], ..Filter::default() });
        for tag in TAGS {
            filters.push(Filter { tags_any: vec![tag], ..Filter::default() });
            filters.push(Filter { tags_none: vec![tag], ..Filter::default() });
        }
        filters.push(Filter { tags_any: vec!["red", "grey"], ..Filter::default() });
        filters.push(Filter { tags_all: vec!["red", "green"], ..Filter::default() });
        filters.push(Filter { tags_none: vec!["red", "green"], ..Filter::default() });
        for author in AUTHORS.into_iter().chain(["dan"]) {
            filters.push(Filter { authors: vec![author], ..Filter::default() });
        }
        filters.push(Filter { authors: vec!["ben", "dan"], ..Filter::default() });
        for kind in KINDS {
            filters.push(Filter { kinds: vec![kind], ..Filter::default() });
        }
        filters.push(Filter { kinds: vec!["NEWS", "DATA"], ..Filter::default() });
        filters.push(Filter { from: Some(6), ..Filter::default() });
        filters.push(Filter { before: Some(6), ..Filter::default() });
        filters.push(Filter { from: Some(3), before: Some(9), ..Filter::default() });
        filters.push(Filter { has_variants: vec!["ko"], ..Filter::default() });
        filters.push(Filter { has_variants: vec!["en"], ..Filter::default() });
        filters.push(Filter { has_variants: vec!["ko", "en"], ..Filter::default() });
        filters.push(Filter { ids: stage.stories.iter().step_by(3).map(|story| story.id.clone()).collect(), ..Filter::default() });
        for word in WORDS {
            filters.push(Filter { words: vec![word], ..Filter::default() });
        }
        for filter in &filters {
            assert!(stage.check(filter, &mut dice, 7).await > 0, "{filter:?} finds nothing: choose another seed");
        }
    }

    filters_together_find_what_the_reference_finds(kind) {
        let seed = seed();
        println!("LISTS_SEED={seed}");
        let mut dice = Dice(seed);
        let stage = Stage::new(kind, &mut dice).await;
        let mut full = 0;
        for _ in 0..100 {
            let filter = Filter::roll(&mut dice, &stage.stories);
            full += usize::from(stage.check(&filter, &mut dice, seed).await > 0);
        }
        assert!(full > 5, "seed {seed}: only {full} of 100 filters found anything");
    }

    a_filter_that_walks_a_tag_and_bans_it_finds_nothing(kind) {
        let mut dice = Dice(11);
        let stage = Stage::new(kind, &mut dice).await;
        for filter in [
            Filter { tags_all: vec!["red"], tags_none: vec!["red"], ..Filter::default() },
            Filter { tags_any: vec!["red"], tags_none: vec!["red", "blue"], ..Filter::default() },
            Filter { from: Some(9), before: Some(3), ..Filter::default() },
        ] {
            assert_eq!(stage.check(&filter, &mut dice, 11).await, 0);
        }
    }

    a_story_that_a_filter_finds_twice_counts_once(kind) {
        let server = Newsroom::of([
            Story::new("new").en("New").at("2026-01-02T09:00:00+09:00").tags(&["x", "y"]).authors(&["ann", "ben"]),
            Story::new("old").ko("옛 기사").at("2026-01-01T09:00:00+09:00").tags(&["x", "y"]).authors(&["ann", "ben"]),
        ])
        .serve(kind)
        .await;
        let query = "{ authors { nodes { id } } tags { nodes { id } } }";
        let names = server.query(query).await;
        let ids = |pointer: &str| -> Vec<Value> {
            names.data(pointer).as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
        };
        for filter in [json!({"authors": ids("/authors/nodes")}), json!({"tagsAny": ids("/tags/nodes")})] {
            let mut titles = Vec::new();
            let mut variables = json!({"language": "en", "fallback": true, "filter": filter, "first": 1});
            for _ in 0..2 {
                let reply = server.query_with(LIST, variables.clone()).await;
                titles.push(reply.data("/articles/edges/0/variant/title").clone());
                variables["after"] = reply.data("/articles/pageInfo/endCursor").clone();
            }
            assert_eq!(titles, ["New", "옛 기사"], "{filter}");
        }
    }

    a_filter_that_cannot_be_meant_is_refused_by_name(kind) {
        let server = Newsroom::of([Story::new("a").ko("제목")]).serve(kind).await;
        let many: Vec<String> = (0..101).map(|_| "art_00000000000000000000000000".to_owned()).collect();
        for (filter, paths) in [
            (json!({"tagsAny": []}), json!(["filter.tagsAny"])),
            (json!({"kinds": []}), json!(["filter.kinds"])),
            (json!({"hasVariants": []}), json!(["filter.hasVariants"])),
            (json!({"hasVariants": vec!["ko"; 101]}), json!(["filter.hasVariants"])),
            (json!({"ids": many}), json!(["filter.ids"])),
            (json!({"ids": ["x"], "tagsAll": ["tag_00000000000000000000000000", "y"]}), json!(["filter.tagsAll[1]", "filter.ids[0]"])),
            (json!({"authors": ["tag_00000000000000000000000000"]}), json!(["filter.authors[0]"])),
        ] {
            let reply = server.query_with(LIST, json!({"language": "ko", "fallback": false, "filter": filter})).await;
            assert_eq!(reply.codes(), ["INVALID"], "{filter}");
            let fields = reply.json["errors"][0]["extensions"]["fields"].as_array().unwrap();
            let found: Vec<&Value> = fields.iter().map(|field| &field["path"]).collect();
            assert_eq!(json!(found), paths);
        }
    }

    words_are_found_however_they_were_typed(kind) {
        // macOS writes Hangul in pieces (NFD).
        let pieces = "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af} 50% İstanbul a_b";
        let server = Newsroom::of([Story::new("a").ko(pieces), Story::new("b").ko("한국 500 axb")]).serve(kind).await;
        for (words, found) in [("한글", 1), ("한", 2), ("50%", 1), ("50", 2), ("a_b", 1), ("İSTANBUL 한글", 1), ("한글 500", 0), ("\\", 0), ("a\u{0}b", 0)] {
            let query = "query($words: String!) { articles(language: \"ko\", filter: {text: $words}) { totalCount }
                search(query: $words, language: \"ko\") { totalCount } }";
            let reply = server.query_with(query, json!({"words": words})).await;
            assert_eq!(reply.data("/articles/totalCount"), found, "{words}");
            assert_eq!(reply.data("/search/totalCount"), found, "{words}");
        }
    }
}
