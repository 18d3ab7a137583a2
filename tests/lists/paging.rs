//! Order, ties, pages of every size in both directions, and cursors.

use crate::on_both;
use crate::support::{Newsroom, Reply, Server, Story};
use serde_json::{Value, json};

const LIST: &str = "query($order: ArticleOrder, $first: Int, $after: String, $last: Int, $before: String) {
    articles(language: \"ko\", orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        edges { cursor node { id } variant { title publishedAt modifiedAt } }
    }
}";

/// Four stories of one moment, three of another, one from before 1970.
fn newsroom() -> Newsroom {
    let same = "2026-03-01T09:00:00+09:00";
    let also = "2026-02-01T09:00:00+09:00";
    let moments = [
        same,
        also,
        "2026-04-01T00:00:00Z",
        same,
        "1945-08-15T12:00:00+09:00",
        also,
        same,
        "2026-01-01T00:00:00Z",
        also,
        same,
    ];
    let stories = moments.iter().enumerate().map(|(index, moment)| {
        let story = Story::new(&format!("s{index}")).ko(&format!("제목 {index}")).at(moment);
        // In the order of change, other stories are tied.
        if index % 3 == 0 { story.set("ko", "updatedAt", json!("2026-05-01T00:00:00Z")) } else { story }
    });
    Newsroom::of(stories)
}

fn edges(reply: &Reply) -> &Vec<Value> {
    reply.data("/articles/edges").as_array().unwrap()
}

fn titles(reply: &Reply) -> Vec<String> {
    edges(reply).iter().map(|edge| edge["variant"]["title"].as_str().unwrap().to_owned()).collect()
}

fn moment(text: &Value) -> time::OffsetDateTime {
    time::OffsetDateTime::parse(text.as_str().unwrap(), &time::format_description::well_known::Rfc3339).unwrap()
}

/// The whole list in pages of a size, and what each page said of itself.
async fn walk(server: &Server, order: &Value, size: usize, forwards: bool) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let variables = if forwards {
            json!({"order": order, "first": size, "after": cursor})
        } else {
            json!({"order": order, "last": size, "before": cursor})
        };
        let reply = server.query_with(LIST, variables).await;
        let info = reply.data("/articles/pageInfo");
        let (more, behind) =
            if forwards { ("hasNextPage", "hasPreviousPage") } else { ("hasPreviousPage", "hasNextPage") };
        assert_eq!(info[behind], !cursor.is_null(), "{order} {size} {forwards} {info}");
        let page = titles(&reply);
        assert!((1..=size).contains(&page.len()), "{order} {size}: a page of {}", page.len());
        assert_eq!(info["startCursor"], edges(&reply)[0]["cursor"]);
        assert_eq!(info["endCursor"], edges(&reply)[page.len() - 1]["cursor"]);
        cursor = info[if forwards { "endCursor" } else { "startCursor" }].clone();
        if forwards {
            all.extend(page)
        } else {
            all.splice(0..0, page);
        }
        assert!(all.len() <= 10, "{order} {size} {forwards}: {all:?}");
        if info[more] == false {
            return all;
        }
    }
}

on_both! {
    pages_of_every_size_show_the_whole_list_once_from_both_ends(kind) {
        let server = newsroom().serve(kind).await;
        for (field, direction) in [("PUBLISHED_AT", "DESC"), ("PUBLISHED_AT", "ASC"), ("MODIFIED_AT", "DESC"), ("MODIFIED_AT", "ASC")] {
            let order = json!({"field": field, "direction": direction});
            let reply = server.query_with(LIST, json!({"order": order, "first": 100})).await;
            let whole = titles(&reply);
            let at = if field == "PUBLISHED_AT" { "publishedAt" } else { "modifiedAt" };
            let mut keys: Vec<_> = edges(&reply).iter().map(|edge| (moment(&edge["variant"][at]), edge["node"]["id"].to_string())).collect();
            assert_eq!(keys.len(), 10);
            if direction == "DESC" {
                keys.reverse();
            }
            assert!(keys.is_sorted(), "ties are broken by id: {keys:?}");
            for size in 1..=11 {
                assert_eq!(walk(&server, &order, size, true).await, whole, "{order} first: {size}");
                assert_eq!(walk(&server, &order, size, false).await, whole, "{order} last: {size}");
            }
        }
    }

    a_page_between_two_cursors_knows_its_edges(kind) {
        let server = newsroom().serve(kind).await;
        let whole = server.query_with(LIST, json!({"first": 100})).await;
        let names = titles(&whole);
        let cursor = |index: usize| edges(&whole)[index]["cursor"].clone();
        for (variables, page, next, previous) in [
            (json!({"first": 2, "after": cursor(1), "before": cursor(6)}), 2..4, true, true),
            (json!({"first": 9, "after": cursor(1), "before": cursor(6)}), 2..6, true, true),
            (json!({"last": 2, "after": cursor(1), "before": cursor(6)}), 4..6, true, true),
            (json!({"last": 9, "after": cursor(1), "before": cursor(6)}), 2..6, true, true),
            (json!({"first": 3, "before": cursor(3)}), 0..3, true, false),
            (json!({"last": 3, "after": cursor(6)}), 7..10, false, true),
            (json!({"first": 5, "after": cursor(5), "before": cursor(4)}), 0..0, true, true),
            (json!({"first": 5, "after": cursor(9)}), 0..0, false, true),
            (json!({"last": 5, "before": cursor(0)}), 0..0, true, false),
            (json!({"first": 0}), 0..0, true, false),
            (json!({"last": 0}), 0..0, false, true),
        ] {
            let reply = server.query_with(LIST, variables.clone()).await;
            assert_eq!(titles(&reply), names[page], "{variables}");
            let info = reply.data("/articles/pageInfo");
            assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(next), &json!(previous)), "{variables}");
            assert_eq!(reply.data("/articles/totalCount"), 10, "the count is that of the whole list");
        }
    }

    an_empty_list_is_a_list(kind) {
        let server = Newsroom::of([Story::new("a").en("Only English")]).serve(kind).await;
        for arguments in [json!({}), json!({"first": 0}), json!({"last": 5})] {
            let reply = server.query_with(LIST, arguments).await;
            let info = json!({"hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null});
            assert_eq!(reply.data("/articles"), &json!({"totalCount": 0, "pageInfo": info, "edges": []}));
        }
    }

    twenty_are_given_unless_asked_and_a_hundred_at_most(kind) {
        let stories = (0..105).map(|index| Story::new(&format!("s{index}")).ko(&format!("제목 {index}")));
        let server = Newsroom::of(stories).serve(kind).await;
        for (arguments, expected) in [(json!({}), 20), (json!({"first": 100}), 100), (json!({"last": 100}), 100)] {
            assert_eq!(edges(&server.query_with(LIST, arguments).await).len(), expected);
        }
        for (arguments, field, message) in [
            (json!({"first": 101}), "first", "101 is not accepted: expected 0 to 100"),
            (json!({"first": -1}), "first", "-1 is not accepted: expected 0 to 100"),
            (json!({"last": 101}), "last", "101 is not accepted: expected 0 to 100"),
            (json!({"last": -2_000_000_000}), "last", "-2000000000 is not accepted: expected 0 to 100"),
            (json!({"first": 1, "last": 1}), "last", "first and last exclude each other"),
        ] {
            let reply = server.query_with(LIST, arguments).await;
            assert_eq!(reply.codes(), ["INVALID"]);
            let expected = json!({"path": field, "code": "INVALID", "message": message});
            assert_eq!(reply.json["errors"][0]["extensions"]["fields"], json!([expected]));
        }
    }

    a_cursor_that_the_list_did_not_give_is_refused(kind) {
        let server = newsroom().serve(kind).await;
        let good = server.query_with(LIST, json!({"first": 1})).await;
        let good = edges(&good)[0]["cursor"].as_str().unwrap().to_owned();
        let modified = json!({"field": "MODIFIED_AT"});
        let ascending = json!({"field": "PUBLISHED_AT", "direction": "ASC"});
        for (argument, cursor, order) in [
            ("after", "", Value::Null),
            ("after", "1", Value::Null),
            ("before", "p12.art_1", Value::Null),
            ("before", "%00", Value::Null),
            ("after", &good[..good.len() - 1], Value::Null),
            ("after", &format!("p{}", "f".repeat(20)), Value::Null),
            ("after", &good, modified),
            ("before", &good, ascending),
        ] {
            let first = if argument == "after" { "first" } else { "last" };
            let reply = server.query_with(LIST, json!({"order": order, first: 3, argument: cursor})).await;
            assert_eq!(reply.codes(), ["INVALID"], "{cursor}");
            let field = &reply.json["errors"][0]["extensions"]["fields"][0];
            assert_eq!(field["path"], argument);
            assert!(field["message"].as_str().unwrap().contains("is not a cursor of this list"), "{field}");
        }
    }

    a_cursor_stays_right_while_stories_are_published_and_withdrawn(kind) {
        let story = |name: &str, day: u32| Story::new(name).ko(name).at(&format!("2026-03-{day:02}T09:00:00+09:00"));
        let server = Newsroom::of((10..=17).map(|day| story(&format!("d{day}"), day))).serve(kind).await;
        let page = server.query_with(LIST, json!({"first": 3})).await;
        assert_eq!(titles(&page), ["d17", "d16", "d15"]);
        let cursor = page.data("/articles/pageInfo/endCursor").clone();
        let between = Story::new("between").ko("between").at("2026-03-16T12:00:00+09:00");
        let later = Story::new("later").ko("later").at("2026-03-12T12:00:00+09:00");
        // The story of the cursor goes, and so does one behind it.
        let gone = [story("d15", 15).status("draft"), story("d13", 13).status("draft")];
        Newsroom::of([story("d20", 20), between, later].into_iter().chain(gone)).import(&server.database);
        let page = server.query_with(LIST, json!({"first": 3, "after": cursor})).await;
        assert_eq!(titles(&page), ["d14", "later", "d12"]);
        let page = server.query_with(LIST, json!({"first": 3, "after": page.data("/articles/pageInfo/endCursor")})).await;
        assert_eq!(titles(&page), ["d11", "d10"]);
        assert_eq!(page.data("/articles/pageInfo/hasNextPage"), false);
        let page = server.query_with(LIST, json!({"last": 9, "before": cursor})).await;
        assert_eq!(titles(&page), ["d20", "d17", "between", "d16"]);
        assert_eq!(page.data("/articles/totalCount"), 9);
    }
}
