//! Somebody without a credential who looks everywhere: every root, every relation, counts, search, ids of drafts.

use super::model::{Model, Seen};
use crate::support::Server;
use regex::Regex;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"zq\d+z").unwrap());
static ID: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:art|var|tag|aut|sec|img|col)_[0-9a-z]{26}").unwrap());

const EVERYTHING: &str = r#"
query Walk($language: LanguageTag!, $fallback: Boolean!) {
  articles(language: $language, fallback: $fallback, first: 100) { totalCount edges { node { ...Story } } }
  search(query: "글", language: $language, fallback: $fallback, first: 100) { totalCount edges { node { id } } }
  tags(first: 100) { edges { node { id name(language: "ko")
    articles(language: $language, fallback: $fallback, first: 100) { totalCount edges { node { id } } } } } }
  authors(first: 100) { edges { node { id name(language: "ko")
    articles(language: $language, fallback: $fallback, first: 100) { totalCount edges { node { id } } } } } }
  sections { id }
  collections { edges { node { id } } }
}
fragment Story on Article {
  id kind tags { id name(language: "ko") } bylines { author { id name(language: "ko") } }
  related(first: 20, language: $language, fallback: $fallback) { edges { node { id variants { id title } } } }
  alternates { language title canonicalPath }
  variants {
    id title deks summary slug canonicalUrl seo { title } body { html text markdown blocks { id } } jsonLd
    corrections { text } tags { id } bylines { author { id } } article { id }
    translation { source { id title } isStale }
  }
}"#;

const LOG: &str = "query($after: String) { changes(first: 100, after: $after) { edges { cursor node {
    kind articleId entityId article { variants { title } } } } pageInfo { hasNextPage } } }";

/// What is seen and should not be, or should be and is not.
pub async fn compare(server: &Server, model: &Model) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut seen = Seen::default();
    for (language, fallback, chain) in [("ko", false, &["ko"][..]), ("en", true, &["en", "ko"]), ("en", false, &["en"])]
    {
        let reply = server.query_with(EVERYTHING, json!({"language": language, "fallback": fallback})).await;
        let expected = model.count(chain);
        for list in ["articles", "search"] {
            let count = reply.data(&format!("/{list}/totalCount")).as_u64().unwrap();
            let edges = reply.data(&format!("/{list}/edges")).as_array().unwrap().len();
            if (count as usize, edges) != (expected, expected) {
                wrong.push(format!("{list} in {chain:?}: {count} counted, {edges} listed, {expected} expected"));
            }
        }
        look(&reply.json["data"], &mut seen);
    }
    let expected = model.seen();
    differ("tokens", &seen.tokens, &expected.tokens, &mut wrong);
    differ("ids", &seen.ids, &expected.ids, &mut wrong);
    probe(server, model, &expected, &mut wrong).await;
    follow(server, model, &expected, &mut wrong).await;
    wrong
}

fn look(answer: &Value, seen: &mut Seen) {
    let text = answer.to_string();
    seen.tokens.extend(TOKEN.find_iter(&text).map(|found| found.as_str().to_owned()));
    seen.ids.extend(ID.find_iter(&text).map(|found| found.as_str().to_owned()));
}

fn differ(what: &str, seen: &BTreeSet<String>, expected: &BTreeSet<String>, wrong: &mut Vec<String>) {
    wrong.extend(seen.difference(expected).map(|leak| format!("{what}: {leak} is seen")));
    wrong.extend(expected.difference(seen).map(|lack| format!("{what}: {lack} is not seen")));
}

/// Asks for everything by its name, known or guessed.
async fn probe(server: &Server, model: &Model, expected: &Seen, wrong: &mut Vec<String>) {
    let mut ids: Vec<&String> = model.stories.iter().chain(model.texts.iter().map(|text| &text.id)).collect();
    ids.extend(model.entities.iter().map(|entity| &entity.id));
    for ids in ids.chunks(100) {
        let reply = server.query_with("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
        for (id, node) in ids.iter().zip(reply.data("/nodes").as_array().unwrap()) {
            if node.is_null() == expected.ids.contains(*id) {
                wrong.push(format!("node {id}: {node}"));
            }
        }
    }
    for text in &model.texts {
        let query = "query($slug: String!, $language: LanguageTag!, $path: String!, $title: String!) {
            slug: article(by: {slug: {slug: $slug, language: $language}}, language: $language) { id }
            path: article(by: {path: $path}, language: $language) { id }
            search(query: $title, language: $language) { totalCount } }";
        let path = format!("/{}/{}", text.language, text.slug);
        let variables = json!({"slug": text.slug, "language": text.language, "path": path, "title": text.head});
        let reply = server.query_with(query, variables).await;
        let data = &reply.json["data"];
        for way in ["slug", "path"] {
            if data[way].is_null() == model.is_live(text) {
                wrong.push(format!("{way} of {} is {}", text.id, data[way]));
            }
        }
        let found = data["search"]["totalCount"] == 1;
        if found != expected.tokens.contains(&text.head) {
            wrong.push(format!("search for {}: {}", text.head, data["search"]));
        }
    }
}

/// Reads the change log from its beginning.
async fn follow(server: &Server, model: &Model, expected: &Seen, wrong: &mut Vec<String>) {
    let (mut events, mut after) = (Vec::new(), Value::Null);
    loop {
        let reply = server.query_with(LOG, json!({ "after": after })).await;
        let page = reply.data("/changes");
        for edge in page["edges"].as_array().unwrap() {
            let node = &edge["node"];
            let about = node["articleId"].as_str().or(node["entityId"].as_str()).unwrap_or_default();
            events.push((node["kind"].as_str().unwrap().to_owned(), about.to_owned()));
            let mut seen = Seen::default();
            look(&node["article"], &mut seen);
            wrong.extend(seen.tokens.difference(&expected.tokens).map(|leak| format!("the log shows {leak}")));
            after = edge["cursor"].clone();
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let told: Vec<(String, String)> = model.events.iter().map(|(kind, id)| ((*kind).to_owned(), id.clone())).collect();
    if events != told {
        wrong.push(format!("the log says {events:?}, and should say {told:?}"));
    }
}
