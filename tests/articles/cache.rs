//! A client with a normalised cache keeps each field of each object once. No two answers may disagree about one.

use crate::on_both;
use crate::support::{Server, root};
use async_graphql::Variables;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Values by object and field: `art_… . title`, `art_… . variant(language: "ko").…`.
#[derive(Default)]
struct Cache {
    fields: HashMap<(String, String), Value>,
    clashes: Vec<String>,
    objects: usize,
}

impl Cache {
    fn keep(&mut self, owner: &str, path: String, value: Value) {
        let before = self.fields.insert((owner.to_owned(), path.clone()), value.clone());
        if let Some(before) = before.filter(|before| *before != value) {
            self.clashes.push(format!("{owner} {path}: {before} and {value}"));
        }
    }

    /// Takes an object apart as Apollo and Relay do: by its id if it has one, else as a part of what holds it.
    fn read(&mut self, document: &Query<'_>, set: &SelectionSet, object: &Value, owner: &str, prefix: &str) {
        for item in &set.items {
            let spread = match &item.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let value = &object[field.response_key().node.as_str()];
                    let path = format!("{prefix}.{}{}", field.name.node, document.arguments(field));
                    self.value(document, &field.selection_set.node, value, owner, path);
                    continue;
                }
                Selection::InlineFragment(fragment) => &fragment.node.selection_set.node,
                Selection::FragmentSpread(spread) => {
                    &document.parsed.fragments[&spread.node.fragment_name.node].node.selection_set.node
                }
            };
            self.read(document, spread, object, owner, prefix);
        }
    }

    fn value(&mut self, document: &Query<'_>, set: &SelectionSet, value: &Value, owner: &str, path: String) {
        match value {
            Value::Object(fields) => match fields.get("id").and_then(Value::as_str) {
                Some(id) => {
                    self.objects += 1;
                    self.keep(owner, path, json!({"ref": id}));
                    self.read(document, set, value, id, "");
                }
                None => self.read(document, set, value, owner, &path),
            },
            Value::Array(items) => {
                self.keep(owner, format!("{path}.length"), items.len().into());
                for (index, item) in items.iter().enumerate() {
                    self.value(document, set, item, owner, format!("{path}[{index}]"));
                }
            }
            scalar => self.keep(owner, path, scalar.clone()),
        }
    }
}

struct Query<'a> {
    parsed: &'a ExecutableDocument,
    variables: &'a Variables,
}

impl Query<'_> {
    /// The arguments with the variables put in.
    fn arguments(&self, field: &Field) -> String {
        let mut written = Vec::new();
        for (name, argument) in &field.arguments {
            let variable = |name| Ok::<_, ()>(self.variables.get(&name).cloned().unwrap_or_default());
            written.push(format!("{}: {}", name.node, argument.node.clone().into_const_with(variable).unwrap()));
        }
        if written.is_empty() { String::new() } else { format!("({})", written.join(", ")) }
    }
}

/// Asks and remembers the answer.
async fn ask(server: &Server, cache: &mut Cache, query: &str, variables: Value) {
    let reply = server.query_with(query, variables.clone()).await;
    let parsed = parse_query(query).unwrap();
    let document = Query { parsed: &parsed, variables: &Variables::from_json(variables) };
    let operation = parsed.operations.iter().next().unwrap().1;
    cache.read(&document, &operation.node.selection_set.node, reply.data(""), "ROOT", "");
}

fn example(name: &str) -> String {
    std::fs::read_to_string(root().join("examples/queries").join(name)).unwrap()
}

on_both! {
    no_field_of_an_object_has_two_values_whatever_the_language(kind) {
        let server = Server::sample(kind).await;
        let mut cache = Cache::default();
        let (page, front) = (example("article-page.graphql"), example("front-page.graphql"));
        let (author, tag, search) = (example("author-page.graphql"), example("tag-page.graphql"), example("search-box.graphql"));
        for language in ["ko", "en", "en-GB"] {
            ask(&server, &mut cache, &front, json!({"language": language, "first": 100})).await;
            for slug in ["han-seo-yun", "daniel-marsh", "claire-moon"] {
                ask(&server, &mut cache, &author, json!({"language": language, "slug": slug})).await;
            }
            for word in ["the", "데이터"] {
                ask(&server, &mut cache, &search, json!({"language": language, "query": word})).await;
            }
        }
        for (slug, language) in [("여객선", "ko"), ("ferries", "en")] {
            ask(&server, &mut cache, &tag, json!({"slug": slug, "language": language})).await;
        }
        let slugs = server.query("{ articles(first: 100, fallback: true, language: \"en\") { nodes { variants { slug language } } } }").await;
        for variant in slugs.data("/articles/nodes").as_array().unwrap().iter().flat_map(|node| node["variants"].as_array().unwrap()) {
            ask(&server, &mut cache, &page, variant.clone()).await;
        }
        assert!(cache.objects > 1_000 && cache.fields.len() > 2_000, "{} {}", cache.objects, cache.fields.len());
        assert!(cache.clashes.is_empty(), "{}", cache.clashes.join("\n"));
    }
}

#[test]
fn two_languages_under_one_key_would_be_noticed() {
    let parsed = parse_query("{ article(by: 1) { id title } }").unwrap();
    let document = Query { parsed: &parsed, variables: &Variables::default() };
    let operation = parsed.operations.iter().next().unwrap().1;
    let mut cache = Cache::default();
    for title in ["제목", "제목", "Title"] {
        let answer = json!({"article": {"id": "art_1", "title": title}});
        cache.read(&document, &operation.node.selection_set.node, &answer, "ROOT", "");
    }
    assert_eq!(cache.clashes, [r#"art_1 .title: "제목" and "Title""#]);
}
