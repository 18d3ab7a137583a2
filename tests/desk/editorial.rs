//! The requests of docs/editorial.md, run in order as the people that they name.

use crate::on_both;
use crate::support::{Newsroom, root};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Every value of a payload's `userErrors`.
fn user_errors(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == "userErrors" {
                    found.extend(value.as_array().into_iter().flatten().cloned());
                }
                user_errors(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| user_errors(item, found)),
        _ => {}
    }
}

/// The kept values that a request declares as variables.
fn variables(request: &str, kept: &Map<String, Value>) -> Value {
    let used = kept.iter().filter(|(name, _)| request.contains(&format!("${name}:")));
    Value::Object(used.map(|(name, value)| (name.clone(), value.clone())).collect())
}

on_both! {
    the_requests_of_the_page_do_what_it_says(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let mut people = HashMap::new();
        for role in ["reporter", "editor", "translator", "admin"] {
            people.insert(role, server.staff(role).await);
        }
        // The last entry of the audit shall be an editor's work, not a sign-in.
        let page = std::fs::read_to_string(root().join("docs/editorial.md")).unwrap();
        let requests: Vec<&str> = page.split("```graphql\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        assert!(requests.len() >= 20, "only {} requests", requests.len());
        let mut kept = Map::new();
        for request in requests {
            let who = request.lines().next().unwrap().trim_start_matches("# ");
            let given = variables(request, &kept);
            let reply = match people.get(who) {
                Some(person) => server.ask(person, request, given).await,
                None => server.query_with(request, given).await,
            };
            assert!(reply.json.get("errors").is_none(), "{request}\n{:#}", reply.json);
            let mut wrong = Vec::new();
            user_errors(&reply.json, &mut wrong);
            assert_eq!(json!(wrong), json!([]), "{request}");
            for line in request.lines() {
                if let Some((name, pointer)) = line.strip_prefix("# keep: ").and_then(|line| line.split_once(" = ")) {
                    kept.insert(name.to_owned(), reply.data(pointer).clone());
                }
                if let Some((pointer, value)) = line.strip_prefix("# gives: ").and_then(|line| line.split_once(" = ")) {
                    let expected: Value = serde_json::from_str(value).unwrap();
                    assert_eq!(reply.data(pointer), &expected, "{request}\n{:#}", reply.json);
                }
            }
        }
    }
}
