//! Front pages and series: the editor's order, a list per language.

use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use serde_json::{Value, json};

const LIST: &str = "query($slug: String!, $language: LanguageTag!, $fallback: Boolean, $first: Int, $after: String, $last: Int, $before: String) {
    collection(by: {slug: {slug: $slug, language: \"en\"}}) {
        name(language: $language)
        articles(language: $language, fallback: $fallback, first: $first, after: $after, last: $last, before: $before) {
            totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            edges { cursor servedAsFallback variant { title } }
        }
    }
}";

fn moment(day: usize) -> String {
    format!("2026-01-{day:02}T09:00:00+09:00")
}

/// `both` has two lists, `korean` one; `k` is Korean only, `e` English only.
fn newsroom() -> Newsroom {
    let both = |name: &str, day| Story::new(name).ko(&format!("{name} ko")).en(&format!("{name} en")).at(&moment(day));
    Newsroom::of([
        both("a", 3),
        both("b", 1),
        both("c", 2),
        Story::new("k").ko("k ko").at(&moment(5)),
        Story::new("e").en("e en").at(&moment(4)),
        both("draft", 6).status("draft"),
    ])
    .file(
        "collections.yaml",
        "- { key: both, names: { ko: 둘, en: Both }, slugs: { en: both }, items: { ko: [b, k, draft, a], en: [c, draft, k, e, a] } }
- { key: korean, names: { en: Korean }, slugs: { en: korean }, items: { ko: [k, c, e, b] } }
- { key: empty, names: { en: Empty }, slugs: { en: empty } }
",
    )
}

async fn titles(server: &Server, variables: Value) -> Vec<String> {
    let reply = server.query_with(LIST, variables).await;
    let edges = reply.data("/collection/articles/edges").as_array().unwrap();
    edges.iter().map(|edge| edge["variant"]["title"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    each_language_has_the_editors_order(kind) {
        let server = newsroom().serve(kind).await;
        for (slug, language, fallback, expected) in [
            ("both", "ko", false, &["b ko", "k ko", "a ko"] as &[&str]),
            ("both", "ko", true, &["b ko", "k ko", "a ko"]),
            ("both", "en", false, &["c en", "e en", "a en"]),
            ("both", "en", true, &["c en", "k ko", "e en", "a en"]),
            // Without a list of its own, English gets the list of the first language of its chain that has one.
            ("korean", "en", false, &["c en", "e en", "b en"]),
            ("korean", "en", true, &["k ko", "c en", "e en", "b en"]),
            ("korean", "ko", true, &["k ko", "c ko", "b ko"]),
            ("empty", "en", true, &[]),
        ] {
            let variables = json!({"slug": slug, "language": language, "fallback": fallback});
            let reply = server.query_with(LIST, variables.clone()).await;
            assert_eq!(titles(&server, variables.clone()).await, expected, "{variables}");
            assert_eq!(reply.data("/collection/articles/totalCount"), expected.len(), "{variables}");
            for edge in reply.data("/collection/articles/edges").as_array().unwrap() {
                assert_eq!(edge["servedAsFallback"], !edge["variant"]["title"].as_str().unwrap().ends_with(language));
            }
        }
    }

    a_collection_is_walked_in_pages_of_every_size(kind) {
        let server = newsroom().serve(kind).await;
        let whole = ["c en", "k ko", "e en", "a en"];
        for size in 1..=5 {
            for forwards in [true, false] {
                let (amount, place, more) = if forwards { ("first", "after", "hasNextPage") } else { ("last", "before", "hasPreviousPage") };
                let mut variables = json!({"slug": "both", "language": "en", "fallback": true, amount: size});
                let mut all: Vec<String> = Vec::new();
                loop {
                    let page = titles(&server, variables.clone()).await;
                    if forwards { all.extend(page) } else { all = page.into_iter().chain(all).collect() }
                    assert!(all.len() <= 4, "{all:?}");
                    let reply = server.query_with(LIST, variables.clone()).await;
                    let info = reply.data("/collection/articles/pageInfo");
                    if info[more] == false {
                        break;
                    }
                    variables[place] = info[if forwards { "endCursor" } else { "startCursor" }].clone();
                }
                assert_eq!(all, whole, "{size} {forwards}");
            }
        }
        let cursor = server.query("{ articles(language: \"en\", first: 1) { edges { cursor } } }").await;
        let cursor = cursor.data("/articles/edges/0/cursor");
        let reply = server.query_with(LIST, json!({"slug": "both", "language": "en", "fallback": true, "after": cursor})).await;
        assert_eq!(reply.codes(), ["INVALID"], "a cursor of another order");
    }

    a_collection_changes_at_once_and_leaves_out_what_is_withdrawn(kind) {
        let server = newsroom().serve(kind).await;
        let changed = Newsroom::of([Story::new("a").ko("a ko").en("a en").at(&moment(3)).status("draft")])
            .file("collections.yaml", "- { key: both, names: { ko: 둘, en: Both }, slugs: { en: both }, items: { en: [a, e, b] } }\n");
        changed.import(&server.database);
        assert_eq!(titles(&server, json!({"slug": "both", "language": "en", "fallback": true})).await, ["e en", "b en"]);
        // There is no Korean list any more, and Korean has no other language to turn to.
        assert_eq!(titles(&server, json!({"slug": "both", "language": "ko", "fallback": true})).await, Vec::<String>::new());
        assert_eq!(titles(&server, json!({"slug": "korean", "language": "ko", "fallback": true})).await, ["k ko", "c ko", "b ko"]);
    }

    a_story_knows_the_collections_that_it_is_on(kind) {
        let server = newsroom().serve(kind).await;
        let query = "query($id: String!) { article(by: {externalId: {system: \"markdown\", id: $id}}) { collections { slug(language: \"en\") } } }";
        for (folder, expected) in [("a", &["both"] as &[&str]), ("b", &["both", "korean"]), ("e", &["both", "korean"])] {
            let reply = server.query_with(query, json!({"id": folder})).await;
            let found: Vec<&str> = reply.data("/article/collections").as_array().unwrap().iter().map(|c| c["slug"].as_str().unwrap()).collect();
            assert_eq!(found, expected, "{folder}");
        }
        let names = server.query("{ collections { totalCount nodes { slug(language: \"en\") name(language: \"ko\") names { text } } } }").await;
        assert_eq!(names.data("/collections/nodes/0"), &json!({"slug": "both", "name": "둘", "names": [{"text": "Both"}, {"text": "둘"}]}));
        assert_eq!(names.data("/collections/totalCount"), 3);
    }
}
