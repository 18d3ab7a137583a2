//! Variables: refused before anything is executed, and in the same words whether the document is new or known.

use crate::support::{Reply, Server};
use serde_json::{Value, json};

const ARTICLE: &str = "query($slug: String!, $language: LanguageTag!) { article(by: {slug: {slug: $slug, language: $language}}) \
     { variant(language: $language) { title } } }";
const LIST: &str = "query($n: Int, $kinds: [ArticleKind!], $fallback: Boolean, $order: ArticleOrder) \
     { articles(first: $n, fallback: $fallback, filter: {kinds: $kinds}, orderBy: $order) { totalCount } }";
const BY: &str = "query($by: ArticleBy!, $filter: ArticleFilter) { article(by: $by) { id } articles(filter: $filter) { totalCount } }";
/// The variable is not looked at by any resolver: there is no such article.
const UNUSED: &str =
    "query($l: LanguageTag!) { article(by: {path: \"/nowhere\"}) { variant(language: $l) { title } } }";

/// A query, its variables, and the places and codes that are wrong with them.
type Row = (&'static str, Value, &'static [(&'static str, &'static str)]);

fn rows() -> Vec<Row> {
    vec![
        (ARTICLE, json!({"slug": "a", "language": "ko"}), &[]),
        (ARTICLE, json!({"slug": "a", "language": "ko", "more": [1]}), &[]),
        (ARTICLE, json!({"slug": 1, "language": "ko"}), &[("variables.slug", "INVALID")]),
        (ARTICLE, json!({"slug": "a"}), &[("variables.language", "REQUIRED")]),
        (
            ARTICLE,
            json!({"slug": null, "language": 5}),
            &[("variables.slug", "REQUIRED"), ("variables.language", "INVALID")],
        ),
        (ARTICLE, json!({}), &[("variables.slug", "REQUIRED"), ("variables.language", "REQUIRED")]),
        (UNUSED, json!({"l": "ko"}), &[]),
        (UNUSED, json!({"l": ["ko"]}), &[("variables.l", "INVALID")]),
        (UNUSED, json!({"l": 5}), &[("variables.l", "INVALID")]),
        (UNUSED, json!({}), &[("variables.l", "REQUIRED")]),
        (LIST, json!({}), &[]),
        (LIST, json!({"n": null, "kinds": null, "order": null}), &[]),
        (LIST, json!({"n": 5, "kinds": ["NEWS", "DATA"], "fallback": true, "order": {"field": "MODIFIED_AT"}}), &[]),
        (LIST, json!({"kinds": "NEWS"}), &[]),
        (LIST, json!({"n": "5"}), &[("variables.n", "INVALID")]),
        (LIST, json!({"n": 1.5}), &[("variables.n", "INVALID")]),
        (LIST, json!({"n": 3_000_000_000_i64}), &[("variables.n", "INVALID")]),
        (LIST, json!({"fallback": "true"}), &[("variables.fallback", "INVALID")]),
        (LIST, json!({"kinds": ["NEWS", "GOSSIP"]}), &[("variables.kinds[1]", "INVALID")]),
        (
            LIST,
            json!({"kinds": ["news", null]}),
            &[("variables.kinds[0]", "INVALID"), ("variables.kinds[1]", "REQUIRED")],
        ),
        (LIST, json!({"order": {}}), &[("variables.order.field", "REQUIRED")]),
        (LIST, json!({"order": {"field": "TITLE"}}), &[("variables.order.field", "INVALID")]),
        (LIST, json!({"order": {"field": "MODIFIED_AT", "by": 1}}), &[("variables.order", "INVALID")]),
        (LIST, json!({"order": "MODIFIED_AT"}), &[("variables.order", "INVALID")]),
        (BY, json!({"by": {"path": "/a"}, "filter": {"publishedFrom": "2026-11-23T09:00:00+09:00"}}), &[]),
        (BY, json!({"by": {}}), &[("variables.by", "INVALID")]),
        (BY, json!({"by": {"id": "a", "path": "/a"}}), &[("variables.by", "INVALID")]),
        (BY, json!({"by": {"path": null}}), &[("variables.by", "INVALID")]),
        (BY, json!({"by": {"slug": {"slug": "a"}}}), &[("variables.by.slug.language", "REQUIRED")]),
        (
            BY,
            json!({"by": {"path": "/a"}, "filter": {"publishedFrom": 5}}),
            &[("variables.filter.publishedFrom", "INVALID")],
        ),
    ]
}

/// Places and codes of the fields that an answer complains of.
fn complaints(reply: &Reply) -> Vec<(&str, &str)> {
    let fields = reply.json["errors"][0]["extensions"]["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    fields.iter().map(|field| (field["path"].as_str().unwrap(), field["code"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn values_of_the_wrong_type_are_refused_in_the_same_words_the_second_time() {
    let server = Server::empty(&[]).await;
    for (query, variables, wrong) in rows() {
        // A document that nobody sent before, one that was only refused, and one that ran.
        let new = format!("{query} # {variables}");
        let first = server.query_with(&new, variables.clone()).await;
        let second = server.query_with(&new, variables.clone()).await;
        let known = server.query_with(query, variables.clone()).await;
        for reply in [&first, &second, &known] {
            assert_eq!(complaints(reply), wrong, "{query}\n{variables}\n{:#}", reply.json);
            assert_eq!(
                reply.status,
                if wrong.is_empty() { 200 } else { 400 },
                "{query}\n{variables}\n{:#}",
                reply.json
            );
            assert_eq!(reply.json.get("data").is_some(), wrong.is_empty(), "{query}\n{variables}");
        }
        assert_eq!((&first.json, &first.json), (&second.json, &known.json), "{query}\n{variables}");
    }
}

#[tokio::test]
async fn documents_that_are_not_valid_are_refused_in_the_same_words_the_second_time() {
    let server = Server::empty(&[]).await;
    for query in [
        "{",
        "{ nothing }",
        "{ articles }",
        "{ articles(first: \"5\") { totalCount } }",
        "{ articles(filter: {kinds: [GOSSIP]}) { totalCount } }",
        "{ article(by: {}) { id } }",
        "{ article(by: {id: \"a\", path: \"/\"}) { id } }",
        "{ articles(first: $n) { totalCount } }",
        "query($n: Int) { languages { tag } }",
        "query($n: Nothing) { articles(first: $n) { totalCount } }",
        "{ languages { tag } } fragment f on Language { name }",
        "{ languages { ...f } }",
        "{ languages { tag: name tag } }",
        "{ languages @nothing { tag } }",
        "subscription { changes }",
    ] {
        let first = server.query_with(query, json!({"n": 5})).await;
        let second = server.query_with(query, json!({"n": 5})).await;
        assert_eq!((first.status, first.json.get("data")), (400, None), "{query}\n{:#}", first.json);
        assert!(first.codes()[0].starts_with("GRAPHQL_"), "{query}\n{:#}", first.json);
        assert_eq!(first.json, second.json, "{query}");
        let mut messages: Vec<String> = first.json["errors"].as_array().unwrap().iter().map(Value::to_string).collect();
        messages.dedup();
        assert_eq!(messages.len(), first.codes().len(), "an error is told twice: {query}\n{:#}", first.json);
    }
}

#[tokio::test]
async fn a_variable_without_a_value_leaves_the_argument_to_its_default() {
    let server = Server::empty(&[]).await;
    let query = "query($first: Int, $fallback: Boolean, $after: String) { changes(first: $first) { edges { cursor } } \
         articles(first: $first, after: $after, fallback: $fallback) { totalCount } }";
    for _ in 0..2 {
        let reply = server.query(query).await;
        assert_eq!(reply.json, json!({"data": {"changes": {"edges": []}, "articles": {"totalCount": 0}}}));
    }
}
