//! A consumer of the change log that is cut off anywhere and goes on: it sees every event exactly as committed.

use super::events::Events;
use crate::on_both;
use crate::support::{Newsroom, Server, Staff};
use futures_util::future::join_all;
use serde_json::{Value, json};

const WRITERS: usize = 8;
const STORIES: usize = 6;
const CHANGES: &str = "subscription { changes(after: \"evt_0000000000000\") { id kind articleId language at } }";

/// Writes stories and brings each through its life; gives how many events that makes.
async fn write(server: &Server, who: &Staff) -> usize {
    for number in 0..STORIES {
        let (_, variant) = server.write(who, "ko", &format!("글 {number}")).await;
        server.bring(who, &variant, "PUBLISHED").await;
        server.done(who, "reviseVariant", &variant, json!({"text": {"summary": "요약"}})).await;
        server.done(who, "publishVariant", &variant, json!({})).await;
        server.done(who, "addCorrection", &variant, json!({"kind": "UPDATE", "text": "x"})).await;
        server.done(who, "withdrawVariant", &variant, json!({"reason": "x"})).await;
    }
    STORIES * 4
}

/// The whole log, page by page.
async fn log(server: &Server) -> Vec<Value> {
    let query = "query($after: String) { changes(after: $after, first: 100) {
        pageInfo { hasNextPage endCursor } edges { node { id kind articleId language at } } } }";
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let reply = server.query_with(query, json!({ "after": after })).await;
        let page = reply.data("/changes");
        all.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            return all;
        }
    }
}

on_both! {
    a_consumer_that_is_killed_anywhere_sees_every_event_exactly_as_committed(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let beside = server.beside();
        let mut staff = Vec::new();
        for number in 0..WRITERS {
            staff.push(server.staff(&format!("editor-{number}")).await);
        }
        let expected = WRITERS * STORIES * 4;
        let writing = join_all(staff.iter().enumerate().map(|(number, who)| {
            write(if number % 2 == 0 { &server } else { &beside }, who)
        }));
        // It reads a few events, differently many each time, and is gone; all it keeps is the last id.
        let consume = async {
            let (mut seen, mut last, mut lives) = (Vec::new(), None::<String>, 0_usize);
            while seen.len() < expected {
                lives += 1;
                let mut events = Events::open(if lives % 2 == 0 { &server } else { &beside }, CHANGES, last.as_deref()).await;
                for _ in 0..lives * 7 % 11 + 1 {
                    if seen.len() == expected {
                        break;
                    }
                    let change = events.change().await;
                    last = change["id"].as_str().map(str::to_owned);
                    seen.push(change);
                }
            }
            assert!(lives > 10);
            seen
        };
        let (written, seen) = tokio::join!(writing, consume);
        assert_eq!(written.iter().sum::<usize>(), expected);
        assert_eq!(seen, log(&server).await);
    }
}
