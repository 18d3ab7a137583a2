//! What staff choose from: also what nothing published refers to, found by any of its words, in pages.

use super::texts;
use crate::on_both;
use crate::support::Newsroom;
use serde_json::{Value, json};

fn slugs(answer: &Value, list: &str) -> Vec<String> {
    let edges = answer[list]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"]["slug"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    staff_find_what_nothing_published_refers_to(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let (editor, reporter) = (server.staff("editor").await, server.staff("reporter").await);
        for (ko, en) in [("정도전", "Jeong Do-jeon"), ("김 기자", "Kim"), ("100%", "Hundred_Percent")] {
            server.changed(&editor, "createAuthor", "author { id }", json!({"names": texts(&[("ko", ko), ("en", en)])})).await;
        }
        for (query, expected) in [
            ("", &["hundred-percent", "jeong-do-jeon", "kim"] as &[&str]),
            ("JEONG", &["jeong-do-jeon"]),
            ("도전 do-", &["jeong-do-jeon"]),
            ("기자 정도전", &[]),
            ("100%", &["hundred-percent"]),
            ("%", &["hundred-percent"]),
            ("_", &["hundred-percent"]),
        ] {
            let answer = server.ask(&reporter, "query($q: String) { desk { authors(query: $q) { edges { node { slug } } } } }", json!({"q": query})).await;
            assert_eq!(slugs(answer.data("/desk"), "authors"), expected, "{query}");
        }
        assert_eq!(server.query("{ authors { totalCount } }").await.data("/authors/totalCount"), 0);
        for (kind, count) in [("PLACE", 1), ("PERSON", 0)] {
            if count > 0 {
                server.changed(&editor, "createTag", "tag { id }", json!({"kind": kind, "names": texts(&[("ko", "서울")])})).await;
            }
            let answer = server.desk(&reporter, &format!("tags(kind: {kind}) {{ edges {{ node {{ id }} }} }}")).await;
            assert_eq!(answer["tags"]["edges"].as_array().unwrap().len(), count);
        }
    }

    a_list_of_the_desk_is_walked_in_pages(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        for n in 0..5 {
            server.changed(&editor, "createAuthor", "author { id }", json!({"names": texts(&[("en", &format!("Author {n}"))])})).await;
        }
        let (mut all, mut after) = (Vec::new(), Value::Null);
        let query = "query($after: String) { desk { authors(first: 2, after: $after) { edges { node { slug } } pageInfo { hasNextPage endCursor } } } }";
        loop {
            let page = server.ask(&editor, query, json!({"after": after})).await;
            all.extend(slugs(page.data("/desk"), "authors"));
            let info = page.data("/desk/authors/pageInfo");
            if info["hasNextPage"] == false {
                break;
            }
            after = info["endCursor"].clone();
            assert!(all.len() < 6, "{all:?}");
        }
        assert_eq!(all, ["author-0", "author-1", "author-2", "author-3", "author-4"]);
        let bad = server.ask(&editor, query, json!({"after": "nothing"})).await;
        assert_eq!(bad.codes(), ["INVALID"]);
    }

    the_lists_of_the_desk_are_for_staff(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let reader = server.staff("reader").await;
        let query = "{ desk { tags { edges { node { id } } } } }";
        assert_eq!(server.query(query).await.codes(), ["UNAUTHENTICATED"]);
        assert_eq!(server.ask(&reader, query, json!({})).await.codes(), ["FORBIDDEN"]);
        let editor = server.staff("editor").await;
        let none = "author(id: \"aut_00000000000000000000000000\") { id } tag(id: \"tag_00000000000000000000000000\") { id }
            section(id: \"sec_00000000000000000000000000\") { id } image(id: \"img_00000000000000000000000000\") { id }
            collection(id: \"col_00000000000000000000000000\") { id }";
        let expected = json!({"author": null, "tag": null, "section": null, "image": null, "collection": null});
        assert_eq!(server.desk(&editor, none).await, expected);
    }
}
