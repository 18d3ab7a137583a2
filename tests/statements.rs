//! How many SQL statements an answer takes: it depends on what is asked, never on how much there is.

use crate::on_both;
use crate::support::{Database, Newsroom, Reply, Server, Story, root};
use serde_json::{Value, json};

fn example(name: &str) -> String {
    std::fs::read_to_string(root().join("examples/queries").join(name)).unwrap()
}

/// Stories that each have tags, authors, a section, pictures and relations of their own, in two languages.
fn newsroom(size: usize) -> Newsroom {
    let stories = (0..size).map(|n| {
        let chosen = format!("s{}", (n + 1) % size);
        Story::new(&format!("s{n}"))
            .ko(&format!("제목 {n}"))
            .en(&format!("Title {n}"))
            .at(&format!("2026-01-{:02}T09:00:00+09:00", n + 1))
            .tags(&[&format!("tag-{n}"), "shared"])
            .authors(&[&format!("author-{n}"), "shared"])
            .section(&format!("section-{}", n % 4))
            .picture()
            .body("ko", &format!("글 {n}.\n\n![](one-{n}.svg)\n\n![](two-{n}.svg)\n"))
            .set("en", "translators", json!([format!("translator-{n}")]))
            .related(json!([chosen]))
    });
    let mut newsroom = Newsroom::of(stories);
    let (mut authors, mut items) = (String::new(), Vec::new());
    for n in 0..size {
        authors.push_str(&format!("author-{n}: {{ names: {{ en: A{n} }}, portrait: {{ file: portrait-{n}.svg }} }}\n"));
        items.push(format!("s{n}"));
        for name in [format!("portrait-{n}"), format!("s{n}/one-{n}"), format!("s{n}/two-{n}")] {
            newsroom = newsroom.file(&format!("{name}.svg"), &crate::support::newsroom::drawing(&name));
        }
    }
    let sections: String = (0..4)
        .map(|n| {
            format!(
                "- {{ key: section-{n}, {}names: {{ en: S{n} }} }}\n",
                if n > 0 { "parent: section-0, " } else { "" }
            )
        })
        .collect();
    let collections =
        format!("- {{ key: front, names: {{ en: Front }}, slugs: {{ en: front }}, items: {{ en: {items:?} }} }}\n");
    newsroom.file("authors.yaml", &authors).file("sections.yaml", &sections).file("collections.yaml", &collections)
}

const LIST: &str = "articles(language: \"en\", fallback: true, first: $first)";

/// What clients nest into each other, and the most statements that it may take, however long the list is.
///
/// It may take fewer: two branches of a query that reach things of one kind at the same time share a statement.
fn shapes() -> Vec<(&'static str, String, u32)> {
    let list = |selection: &str| format!("query($first: Int!) {{ {LIST} {{ nodes {{ {selection} }} }} }}");
    let inner = "(language: \"en\", fallback: true, first: 2) { totalCount edges { variant { title } } }";
    vec![
        (
            "nothing but titles",
            format!("query($first: Int!) {{ {LIST} {{ edges {{ variant {{ title deks }} }} }} }}"),
            1,
        ),
        ("alternates", list("alternates { language url }"), 2),
        ("variants", list("variants { title } variant(language: \"ko\") { title }"), 2),
        ("translation", list("variants { translation { isStale source { title } } }"), 2),
        (
            "tags, authors and pictures",
            list("tags { name(language: \"en\") } bylines { author { slug portrait { url } } } leadImage { url }"),
            4,
        ),
        (
            "sections and those above and below",
            list("section { id parent { id } ancestors { id } children { id } }"),
            5,
        ),
        ("stories of each tag", list(&format!("tags {{ articles{inner} }}")), 5),
        ("stories of each author", list(&format!("bylines {{ author {{ articles{inner} }} }}")), 5),
        ("stories of each section", list(&format!("section {{ articles{inner} children {{ articles{inner} }} }}")), 8),
        (
            "related stories",
            list("related(language: \"en\", first: 3) { edges { reason variant { title leadImage { url } } } }"),
            5,
        ),
        ("bodies", list("variants { body { html text } }"), 4),
        (
            "figures",
            list(
                "variants { body { markdown blocks { ... on FigureBlock { image { url alt(language: \"en\") } } } } }",
            ),
            4,
        ),
        ("collections", list(&format!("collections {{ articles{inner} }}")), 6),
        ("structured data", list("variants { jsonLd }"), 3),
        (
            "authors",
            format!(
                "query($first: Int!) {{ authors(first: $first) {{ totalCount nodes {{ portrait {{ url }} articles{inner} }} }} }}"
            ),
            5,
        ),
        ("tags", format!("query($first: Int!) {{ tags(first: $first) {{ nodes {{ articles{inner} }} }} }}"), 3),
        (
            "one collection",
            "query($first: Int!) { collection(by: {slug: {slug: \"front\", language: \"en\"}}) {
                articles(language: \"en\", first: $first) { nodes { tags { id } } } } }"
                .to_owned(),
            5,
        ),
    ]
}

async fn measure(server: &Server, query: &str, first: usize) -> Reply {
    let reply = server.query_with(query, json!({"first": first})).await;
    reply.data("");
    assert!(reply.statements > 0, "no statements were counted");
    reply
}

on_both! {
    the_number_of_statements_depends_on_the_shape_only(kind) {
        let database = Database::empty(kind).await;
        newsroom(20).import(&database);
        let server = Server::start(database, &[("BYLINE_LIMITS__COMPLEXITY", "1000000")]);
        let (mut wrong, mut table) = (Vec::new(), Vec::new());
        for (name, query, most) in shapes() {
            let mut counts = Vec::new();
            for first in [1, 5, 20] {
                counts.push(measure(&server, &query, first).await.statements);
            }
            table.push(format!("{name}: {counts:?}"));
            if counts.iter().any(|count| *count > most) {
                wrong.push(format!("{name}: {counts:?}, at most {most}"));
            }
        }
        println!("{}", table.join("\n"));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    the_lists_of_the_desk_take_as_many_statements_for_one_as_for_twenty(kind) {
        let server = newsroom(20).serve(kind).await;
        let editor = server.staff("editor").await;
        let page = |selection: &str| format!("query($first: Int!) {{ desk {{ articles(first: $first) {{ edges {{ node {{ {selection} }} }} }} }} }}");
        let (mut wrong, mut table) = (Vec::new(), Vec::new());
        for (name, query, most) in [
            ("what is worked on", page("id version variants { id state heldBy }"), 6),
            ("texts", page("variants { head { title blocks { id } } live { title } }"), 7),
            ("corrections", page("variants { corrections { text } outstandingCorrections { text } }"), 8),
            ("what lags", page("variants { lag { part } }"), 8),
            (
                "the translators' list",
                "query($first: Int!) { desk { translations(status: STALE, language: \"en\", first: $first) {
                    edges { node { id variants { language lag { part } } } } } } }".to_owned(),
                7,
            ),
            ("authors", "query($first: Int!) { desk { authors(first: $first) { edges { node { id names { text } } } } } }".to_owned(), 3),
        ] {
            let mut counts = Vec::new();
            for first in [1, 5, 20] {
                let reply = server.ask(&editor, &query, json!({ "first": first })).await;
                reply.data("/desk");
                assert!(reply.statements > 0, "no statements were counted");
                counts.push(reply.statements);
            }
            table.push(format!("{name}: {counts:?}"));
            if counts.iter().any(|count| *count > most) {
                wrong.push(format!("{name}: {counts:?}, at most {most}"));
            }
        }
        println!("{}", table.join("\n"));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    many_nodes_take_as_many_statements_as_one_of_each_kind(kind) {
        let server = newsroom(20).serve(kind).await;
        let everything = "{ articles(language: \"en\", first: 20) { nodes { id leadImage { id } tags { id } section { id } variants { id }
            bylines { author { id } } collections { id } } } }";
        let reply = server.query(everything).await;
        let nodes = reply.data("/articles/nodes").as_array().unwrap();
        let ids = |take: usize| {
            let mut ids = Vec::new();
            nodes.iter().take(take).for_each(|node| collect(node, &mut ids));
            ids.sort_unstable();
            ids.dedup();
            ids.truncate(100);
            ids
        };
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Article { alternates { url } }
            ... on ArticleVariant { title article { kind } } ... on Author { portrait { url } } ... on Tag { name(language: \"en\") } } }";
        let mut counts = Vec::new();
        for take in [1, 5, 20] {
            let reply = server.query_with(query, json!({"ids": ids(take)})).await;
            let found = reply.data("/nodes").as_array().unwrap();
            assert!(found.len() >= 10 && found.iter().all(|node| !node.is_null()), "{take}");
            counts.push(reply.statements);
        }
        assert!(counts.iter().all(|count| *count <= 5), "{counts:?}");
    }

    the_page_of_a_story_takes_three_statements_at_most(kind) {
        let server = Server::sample(kind).await;
        let query = example("article-page.graphql");
        let all = server.query("{ articles(first: 100, language: \"en\", fallback: true) { nodes { variants { slug language } } } }").await;
        let nodes = all.data("/articles/nodes").as_array().unwrap();
        let mut most = 0;
        for variant in nodes.iter().flat_map(|node| node["variants"].as_array().unwrap()) {
            let reply = server.query_with(&query, variant.clone()).await;
            assert!(reply.data("/article/variant/body/html").is_string());
            assert!(reply.statements <= 3, "{} for {variant}", reply.statements);
            most = most.max(reply.statements);
        }
        println!("article page: {most}");
    }

    a_page_with_chosen_stories_only_takes_two(kind) {
        let chosen = ["b", "c", "d", "e"];
        let story = |name: &str| Story::new(name).ko(name).at("2026-01-01T09:00:00+09:00").picture().tags(&["x"]).authors(&["ann"]).section("news");
        let server = Newsroom::of(chosen.map(story).into_iter().chain([story("a").related(json!(chosen))])).serve(kind).await;
        let reply = server.query_with(&example("article-page.graphql"), json!({"slug": "a", "language": "ko"})).await;
        let edges = reply.data("/article/related/edges").as_array().unwrap();
        assert!(edges.len() == 4 && edges.iter().all(|edge| edge["reason"] == "CURATED"), "{edges:?}");
        assert_eq!(reply.statements, 2);
    }

    a_front_page_takes_four_statements_at_most(kind) {
        let server = newsroom(20).serve(kind).await;
        let whole = example("front-page.graphql");
        let start = whole.find("  collection(").unwrap();
        let end = start + whole[start..].find("\n  }\n").unwrap() + 5;
        let plain = format!("{}{}", &whole[..start], &whole[end..]);
        let reply = server.query_with(&plain, json!({"language": "en", "first": 20})).await;
        let edges = reply.data("/articles/edges").as_array().unwrap();
        assert_eq!(edges.len(), 20);
        assert!(edges.iter().all(|edge| edge["variant"]["leadImage"]["url"].is_string()));
        println!("front page without its collection: {}", reply.statements);
        assert!(reply.statements <= 4, "{}", reply.statements);
        let sample = Server::sample(kind).await;
        let reply = sample.query_with(&whole, json!({"language": "en"})).await;
        assert_eq!(reply.data("/collection/articles/edges").as_array().unwrap().len(), 4);
        println!("front page: {}", reply.statements);
        assert!(reply.statements <= 7, "{}", reply.statements);
    }

    six_hundred_lists_in_one_query_are_answered(kind) {
        let tags = |n: usize| (0..6).map(|tag| format!("t{n}-{tag}")).collect::<Vec<_>>();
        let stories = (0..100).map(|n| {
            let tags = tags(n);
            Story::new(&format!("s{n}")).ko(&format!("제목 {n}")).tags(&tags.iter().map(String::as_str).collect::<Vec<_>>())
        });
        let server = Newsroom::of(stories).serve(kind).await;
        let query = "{ articles(language: \"ko\", first: 100) { nodes { related(language: \"ko\") { edges { reason } }
            tags { articles(language: \"ko\", first: 1) { totalCount nodes { id } } } } } }";
        let reply = server.query(query).await;
        let nodes = reply.data("/articles/nodes").as_array().unwrap();
        let lists: Vec<&Value> = nodes.iter().flat_map(|node| node["tags"].as_array().unwrap()).collect();
        assert_eq!(lists.len(), 600);
        assert!(lists.iter().all(|tag| tag["articles"]["totalCount"] == 1));
    }
}

/// Every id in an answer.
fn collect(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            ids.extend(fields.get("id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| collect(field, ids));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        _ => {}
    }
}
