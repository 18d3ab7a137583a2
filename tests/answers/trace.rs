//! `X-Byline-Trace`: what an answer cost, for those who may know.

use crate::on_both;
use crate::support::{Newsroom, Reply, Server, Staff, Story};
use serde_json::{Value, json};

const PAGE: &str = "{ articles(first: 2, language: \"en\") { totalCount nodes { id variants { title section { name(language: \"en\") } } } } }";

fn newsroom() -> Newsroom {
    let story = |name: &str| Story::new(name).en(name).section("news").at("2026-01-01T09:00:00+09:00");
    Newsroom::of([story("a"), story("b"), story("c")])
}

async fn traced(server: &Server, who: Option<&Staff>, value: &str, query: &str) -> Reply {
    let mut request = server.post("/graphql").header("x-byline-trace", value).json(&json!({ "query": query }));
    if let Some(who) = who {
        request = request.bearer_auth(&who.access);
    }
    Reply::of(request.send().await.unwrap()).await
}

on_both! {
    an_editor_learns_what_an_answer_cost_and_whether_readers_get_it_from_memory(kind) {
        let server = newsroom().serve(kind).await;
        let editor = server.staff("editor").await;
        let before = traced(&server, Some(&editor), "1", PAGE).await;
        let cost = &before.json["extensions"]["cost"];
        assert!(cost.is_object(), "{}", before.json);
        assert_eq!((&cost["cached"], &cost["cacheable"]), (&json!(false), &json!(true)));
        for measure in ["complexity", "depth", "statements", "rows"] {
            assert!(cost[measure].as_u64().unwrap() > 0, "{measure}: {cost}");
        }
        let keys: Vec<&str> = cost["keys"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(keys.contains(&"list:en"), "{keys:?}");
        assert!(keys.iter().any(|key| key.starts_with("thing:")), "{keys:?}");

        // What a reader asked for is in memory then; what is traced is made anew each time.
        let read = server.query(PAGE).await;
        assert_eq!(read.json["extensions"], Value::Null);
        let after = traced(&server, Some(&editor), "1", PAGE).await;
        assert_eq!(after.json["extensions"]["cost"]["cached"], true);
        assert_eq!(after.json["data"], read.json["data"]);
        assert!(after.json["extensions"]["cost"]["statements"].as_u64().unwrap() > 0);
        let desk = traced(&server, Some(&editor), "1", "{ desk { __typename } }").await;
        assert_eq!(desk.json["extensions"]["cost"]["cacheable"], false);
    }

    nobody_else_learns_it(kind) {
        let server = newsroom().serve(kind).await;
        let reporter = server.staff("reporter").await;
        for who in [None, Some(&reporter)] {
            let refused = traced(&server, who, "1", PAGE).await;
            assert_eq!(refused.json["errors"][0]["extensions"]["code"], "FORBIDDEN", "{}", refused.json);
            assert!(refused.json["errors"][0]["message"].as_str().unwrap().contains("EDITOR, ADMIN"));
            let off = traced(&server, who, "0", PAGE).await;
            assert_eq!((off.json["data"].is_object(), off.json["extensions"].is_null()), (true, true));
        }
        let unclear = traced(&server, None, "yes", PAGE).await;
        assert_eq!(unclear.json["errors"][0]["extensions"]["code"], "INVALID", "{}", unclear.json);
    }
}
