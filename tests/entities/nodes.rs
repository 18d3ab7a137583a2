//! `node` and `nodes`: anything by its id.

use crate::on_both;
use crate::support::{Newsroom, Server, Story};
use serde_json::{Value, json};

on_both! {
    every_kind_of_thing_is_found_by_its_id(kind) {
        let server = Server::sample(kind).await;
        let query = "{ article(by: {path: \"/ko/전기여객선-1년-지연의-이유\"}) { id variants { id } leadImage { id } section { id } tags { id }
            bylines { author { id } } collections { id } } }";
        let found = server.query(query).await;
        let article = found.data("/article");
        let things = [
            ("Article", &article["id"], "art_"),
            ("ArticleVariant", &article["variants"][0]["id"], "var_"),
            ("Image", &article["leadImage"]["id"], "img_"),
            ("Section", &article["section"]["id"], "sec_"),
            ("Tag", &article["tags"][0]["id"], "tag_"),
            ("Author", &article["bylines"][0]["author"]["id"], "aut_"),
            ("Collection", &article["collections"][0]["id"], "col_"),
        ];
        let ids: Vec<&Value> = things.iter().map(|(_, id, _)| *id).collect();
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
        let reply = server.query_with(query, json!({"ids": ids})).await;
        for ((name, id, prefix), node) in things.iter().zip(reply.data("/nodes").as_array().unwrap()) {
            assert_eq!(node, &json!({"__typename": name, "id": id}));
            let text = id.as_str().unwrap();
            assert!(text.starts_with(prefix) && text.len() == 30, "{text}");
            let one = server.query(&format!("{{ node(id: {id}) {{ __typename id }} }}")).await;
            assert_eq!(one.data("/node"), node);
            // An id of another kind with the same number is nothing.
            let other = if *prefix == "tag_" { "aut_" } else { "tag_" };
            let other = server.query(&format!("{{ node(id: \"{other}{}\") {{ id }} }}", &text[4..])).await;
            assert_eq!(other.data("/node"), &Value::Null, "{name}");
        }
    }

    what_is_unknown_is_null_in_its_place_and_what_is_no_id_is_an_error(kind) {
        let server = Newsroom::of([Story::new("a").ko("제목").tags(&["x"])]).serve(kind).await;
        let id = server.article_id("a").await;
        let none = |prefix: &str| format!("{prefix}_00000000000000000000000000");
        let ids = [none("art"), id.clone(), none("var"), none("img"), id.clone(), none("sec"), none("tag"), none("aut"), none("col")];
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let reply = server.query_with(query, json!({"ids": ids})).await;
        let own = json!({"id": id});
        assert_eq!(reply.data("/nodes"), &json!([null, own, null, null, own, null, null, null, null]));
        assert_eq!(server.query_with(query, json!({"ids": []})).await.data("/nodes"), &json!([]));
        for bad in ["", "art", "xyz_00000000000000000000000000", "art_1", "evt_0000000000000", "ART_00000000000000000000000000"] {
            for reply in [server.query_with(query, json!({"ids": [id, bad]})).await, server.query_with("query($id: ID!) { node(id: $id) { id } }", json!({"id": bad})).await] {
                assert_eq!(reply.codes(), ["INVALID"], "{bad}");
                assert_eq!(reply.json["errors"][0]["extensions"]["fields"][0]["path"], "id");
            }
        }
        let many = vec![id; 101];
        let reply = server.query_with(query, json!({"ids": many})).await;
        assert_eq!(reply.message(), "ids: at most 100 ids are accepted, found 101");
    }
}
