//! Authors, tags and sections: how they are found, what they are called, and how they are listed.

use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use serde_json::{Value, json};

fn story(name: &str) -> Story {
    Story::new(name).ko(name).at("2026-01-01T09:00:00+09:00")
}

/// All slugs of a list in pages of a size, from either end.
async fn walk(server: &Server, list: &str, slug: &str, size: usize, forwards: bool) -> Vec<String> {
    let (amount, cursor_name) = if forwards { ("first", "after") } else { ("last", "before") };
    let query = format!(
        "query($size: Int!, $cursor: String) {{ {list}({amount}: $size, {cursor_name}: $cursor) {{ totalCount
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} edges {{ cursor node {{ {slug} }} }} }} }}"
    );
    let (mut all, mut cursor): (Vec<String>, Value) = (Vec::new(), Value::Null);
    loop {
        let reply = server.query_with(&query, json!({"size": size, "cursor": cursor})).await;
        let page = reply.data(&format!("/{list}"));
        let edges = page["edges"].as_array().unwrap();
        let slugs = edges.iter().map(|edge| edge["node"]["slug"].as_str().unwrap().to_owned());
        assert!((1..=size).contains(&edges.len()), "{list} {size}: {page}");
        assert_eq!(page["pageInfo"]["endCursor"], edges[edges.len() - 1]["cursor"]);
        if forwards {
            all.extend(slugs)
        } else {
            all = slugs.chain(all).collect()
        }
        let (more, behind) =
            if forwards { ("hasNextPage", "hasPreviousPage") } else { ("hasPreviousPage", "hasNextPage") };
        assert_eq!(page["pageInfo"][behind], !cursor.is_null(), "{list} {size}");
        if page["pageInfo"][more] == false {
            assert_eq!(page["totalCount"], all.len());
            return all;
        }
        cursor = page["pageInfo"][if forwards { "endCursor" } else { "startCursor" }].clone();
    }
}

on_both! {
    lists_go_by_slug_and_can_be_walked_from_both_ends(kind) {
        let server = Server::sample(kind).await;
        for (list, slug) in [("authors", "slug"), ("tags", "slug(language: \"en\")"), ("collections", "slug(language: \"en\")")] {
            let whole = walk(&server, list, slug, 100, true).await;
            assert!(whole.is_sorted() && whole.len() >= 3, "{list} {whole:?}");
            for size in [1, 2, 3, 5, whole.len(), whole.len() + 1] {
                assert_eq!(walk(&server, list, slug, size, true).await, whole, "{list} {size}");
                assert_eq!(walk(&server, list, slug, size, false).await, whole, "{list} {size}");
            }
        }
        assert_eq!(walk(&server, "authors", "slug", 100, true).await[0], "baek-do-ha");
    }

    tags_are_listed_by_kind(kind) {
        let server = Server::sample(kind).await;
        let query = "query($kind: TagKind, $first: Int, $after: String) { tags(kind: $kind, first: $first, after: $after) {
            totalCount pageInfo { endCursor hasNextPage } nodes { kind slug(language: \"en\") } } }";
        let mut sum = 0;
        for tag_kind in ["TOPIC", "PERSON", "ORGANISATION", "PLACE", "EVENT"] {
            let reply = server.query_with(query, json!({"kind": tag_kind, "first": 100})).await;
            let nodes = reply.data("/tags/nodes").as_array().unwrap();
            assert!(!nodes.is_empty() && nodes.iter().all(|node| node["kind"] == tag_kind));
            assert_eq!(reply.data("/tags/totalCount"), nodes.len());
            sum += nodes.len();
        }
        let all = server.query_with(query, json!({"first": 1})).await;
        assert_eq!(all.data("/tags/totalCount"), sum);
        let next = json!({"kind": "PERSON", "first": 1, "after": all.data("/tags/pageInfo/endCursor")});
        assert_eq!(server.query_with(query, next).await.data("/tags/nodes/0/slug"), "cha-u-jin");
    }

    a_bad_place_in_a_list_is_refused(kind) {
        let server = Newsroom::of([story("a").tags(&["x"])]).serve(kind).await;
        for (arguments, field) in [
            ("first: 101", "first"),
            ("last: -1", "last"),
            ("first: 1, last: 1", "last"),
            ("after: \"x\"", "after"),
            ("before: \"00.x\"", "before"),
        ] {
            for list in ["authors", "tags", "collections"] {
                let reply = server.query(&format!("{{ {list}({arguments}) {{ nodes {{ id }} }} }}")).await;
                assert_eq!(reply.codes(), ["INVALID"], "{list} {arguments}");
                assert_eq!(reply.json["errors"][0]["extensions"]["fields"][0]["path"], field);
            }
        }
        let nul = server.query("{ tags(after: \"00000000000000000000000000000000.a\\u0000\") { totalCount } }").await;
        assert_eq!(nul.data("/tags/totalCount"), 1);
    }

    each_is_found_by_id_and_slug_and_named_for_its_reader(kind) {
        let server = Server::sample(kind).await;
        let query = "{
            author(by: {slug: \"claire-moon\"}) { id ko: name(language: \"ko\") en: name(language: \"en\") gb: name(language: \"en-GB\")
                names { language text } bio(language: \"ko\") links { label url } }
            tag(by: {slug: {slug: \"여객선\", language: \"ko\"}}) { id kind ko: name(language: \"ko\") slug(language: \"en\") }
            same: tag(by: {slug: {slug: \"ferries\", language: \"en\"}}) { id }
            other: tag(by: {slug: {slug: \"ferries\", language: \"ko\"}}) { id }
            section(by: {slug: {slug: \"transport\", language: \"en\"}}) { id ko: name(language: \"ko\") parent { slug(language: \"en\") } }
        }";
        let reply = server.query(query).await;
        let author = reply.data("/author");
        assert_eq!((&author["ko"], &author["en"], &author["gb"]), (&json!("클레어 문"), &json!("Claire Moon"), &json!("Claire Moon")));
        assert_eq!(author["names"], json!([{"language": "en", "text": "Claire Moon"}, {"language": "ko", "text": "클레어 문"}]));
        assert_eq!(author["links"], json!([{"label": "Mastodon", "url": "https://social.example/@clairemoon"}]));
        assert!(author["bio"].as_str().unwrap().starts_with("한영 번역가"));
        assert_eq!(reply.data("/tag/id"), reply.data("/same/id"));
        assert_eq!(reply.data("/other"), &Value::Null);
        assert_eq!(reply.data("/section/parent/slug"), "data");
        let by_id = "query($author: ID!, $tag: ID!, $section: ID!) { author(by: {id: $author}) { slug }
            tag(by: {id: $tag}) { slug(language: \"ko\") } section(by: {id: $section}) { slug(language: \"ko\") } }";
        let ids = json!({"author": author["id"], "tag": reply.data("/tag/id"), "section": reply.data("/section/id")});
        let expected = json!({"author": {"slug": "claire-moon"}, "tag": {"slug": "여객선"}, "section": {"slug": "교통"}});
        assert_eq!(server.query_with(by_id, ids).await.json["data"], expected);
        for (query, message) in [
            ("{ author(by: {id: \"x\"}) { id } }", "by.id: `x` is not an author id"),
            ("{ tag(by: {id: \"aut_00000000000000000000000000\"}) { id } }", "by.id: `aut_00000000000000000000000000` is not a tag id"),
            ("{ image(id: \"7\") { id } }", "id: `7` is not an image id"),
        ] {
            let reply = server.query(query).await;
            assert_eq!(reply.codes(), ["INVALID"]);
            assert!(reply.message().starts_with(message), "{}", reply.message());
        }
    }

    a_name_that_a_language_lacks_is_shown_in_another(kind) {
        let server = Newsroom::of([story("a").tags(&["one", "two"])])
            .file("tags.yaml", "one: { names: { en: One } }\ntwo: { names: { ko: 둘 }, slugs: { ko: 둘, en: two } }\n")
            .serve(kind)
            .await;
        let query = "{ tags { nodes { ko: name(language: \"ko\") en: name(language: \"en\") koSlug: slug(language: \"ko\") slug(language: \"en\") } } }";
        let expected = json!([
            {"ko": "One", "en": "One", "koSlug": "one", "slug": "one"},
            {"ko": "둘", "en": "둘", "koSlug": "둘", "slug": "two"},
        ]);
        assert_eq!(server.query(query).await.data("/tags/nodes"), &expected);
    }

    a_changed_name_is_live_and_a_changed_slug_is_remembered(kind) {
        let lists = |slug: &str, name: &str| {
            Newsroom::of([story("a").tags(&["t"]).section("s")])
                .file("tags.yaml", &format!("t: {{ names: {{ en: {name} }}, slugs: {{ en: tag-{slug} }} }}\n"))
                .file("sections.yaml", &format!("- {{ key: s, names: {{ en: {name} }}, slugs: {{ en: section-{slug} }} }}\n"))
                .file("collections.yaml", &format!("- {{ key: c, names: {{ en: {name} }}, slugs: {{ en: collection-{slug} }}, items: {{ ko: [a] }} }}\n"))
        };
        let server = lists("old", "Old").serve(kind).await;
        lists("new", "New").import(&server.database);
        for kind in ["tag", "section", "collection"] {
            for slug in ["old", "new"] {
                let query = format!("{{ {kind}(by: {{slug: {{slug: \"{kind}-{slug}\", language: \"en\"}}}}) {{ name(language: \"en\") slug(language: \"en\") }} }}");
                let reply = server.query(&query).await;
                assert_eq!(reply.data(&format!("/{kind}")), &json!({"name": "New", "slug": format!("{kind}-new")}), "{slug}");
            }
        }
    }

    sections_form_a_tree_in_the_order_of_the_menu(kind) {
        let server = Server::sample(kind).await;
        let query = "{ sections { ...S children { ...S parent { id } ancestors { id } children { id } } } }
            fragment S on Section { id slug(language: \"en\") articles(language: \"en\", fallback: true, first: 25) { nodes { id } } }";
        let reply = server.query(query).await;
        let top = reply.data("/sections").as_array().unwrap();
        let slugs: Vec<&str> = top.iter().map(|section| section["slug"].as_str().unwrap()).collect();
        assert_eq!(slugs, ["data", "city", "economy", "culture", "opinion"]);
        let mut all = 0;
        for section in top {
            let own = section["articles"]["nodes"].as_array().unwrap();
            all += own.len();
            for child in section["children"].as_array().unwrap() {
                assert_eq!(child["parent"]["id"], section["id"]);
                assert_eq!(child["ancestors"], json!([{"id": section["id"]}]));
                let below = child["articles"]["nodes"].as_array().unwrap();
                assert!(!below.is_empty() && below.iter().all(|article| own.contains(article)));
            }
        }
        let count = server.query("{ articles(language: \"en\", fallback: true) { totalCount } }").await;
        assert_eq!(count.data("/articles/totalCount"), all, "every story of the sample is in one section of the top");
        assert_eq!(top[0]["children"].as_array().unwrap().len(), 3);
        let menu = "{ sections { name(language: \"ko\") articles(language: \"ko\") { totalCount } children { name(language: \"ko\") } } }";
        let reply = server.query(menu).await;
        let counts = reply.data("/sections").as_array().unwrap().iter().map(|s| s["articles"]["totalCount"].as_u64().unwrap());
        assert!(counts.sum::<u64>() > 20, "a menu with counts is no query too much");
    }

    what_nothing_published_refers_to_any_more_goes(kind) {
        let kept = story("kept").tags(&["shared"]).authors(&["ann"]);
        let gone = story("gone").tags(&["shared", "own"]).authors(&["ann", "ben"]).section("s").picture();
        let server = Newsroom::of([kept, gone.clone()]).serve_anew(kind).await;
        let query = "{ authors { totalCount } tags { totalCount } sections { id } tag(by: {slug: {slug: \"own\", language: \"ko\"}}) { id } }";
        let before = server.query(query).await;
        assert_eq!((before.data("/authors/totalCount"), before.data("/tags/totalCount")), (&json!(2), &json!(2)));
        assert!(before.data("/tag").is_object() && before.data("/sections/0").is_object());
        Newsroom::of([gone.clone().status("draft")]).import(&server.database);
        let expected = json!({"authors": {"totalCount": 1}, "tags": {"totalCount": 1}, "sections": [], "tag": null});
        assert_eq!(server.query(query).await.json["data"], expected);
        Newsroom::of([gone]).import(&server.database);
        assert_eq!(server.query(query).await.json["data"], before.json["data"]);
    }
}
