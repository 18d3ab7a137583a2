//! The public contract: `schema.graphql` is what the code says, and whoever reads only that file can use it.

use crate::support::{Database, Kind, Server, run};
use serde_json::Value;

/// The schema as clients are told it.
async fn introspect() -> Value {
    let reply = Server::empty(&[]).await.query(include_str!("data/introspection.graphql")).await;
    reply.data("/__schema").clone()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap()
}

/// The types that are ours.
fn types(schema: &Value) -> impl Iterator<Item = &Value> {
    let given = ["Boolean", "Float", "ID", "Int", "String"];
    list(schema, "types").iter().filter(move |kind| !name(kind).starts_with("__") && !given.contains(&name(kind)))
}

/// A type as it is written: `[Tag!]!`.
fn written(kind: &Value) -> String {
    match kind["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&kind["ofType"])),
        Some("LIST") => format!("[{}]", written(&kind["ofType"])),
        _ => name(kind).to_owned(),
    }
}

/// The fields of a type with their written types.
fn fields(kind: &Value) -> Vec<(&str, String)> {
    list(kind, "fields").iter().map(|field| (name(field), written(&field["type"]))).collect()
}

#[tokio::test]
async fn the_file_in_the_repository_is_what_the_command_prints() {
    let database = Database::empty(Kind::Sqlite).await;
    let printed = String::from_utf8(run(&database, &["schema"], 0).stdout).unwrap();
    let kept = std::fs::read_to_string(crate::support::root().join("schema.graphql")).unwrap();
    let differs = printed.lines().zip(kept.lines()).position(|(printed, kept)| printed != kept);
    assert!(printed == kept, "schema.graphql differs at line {differs:?}: cargo run -- schema > schema.graphql");
    assert!(printed.ends_with("}\n") || printed.ends_with("SCALAR\n"), "it ends with one line end");
}

#[tokio::test]
async fn everything_that_can_be_asked_for_is_described() {
    let schema = introspect().await;
    let mut bare = Vec::new();
    let mut seen = 0;
    let mut look = |value: &Value, place: String| {
        seen += 1;
        if value["description"].as_str().is_none_or(|text| text.trim().len() < 3) {
            bare.push(place);
        }
    };
    for kind in types(&schema) {
        look(kind, name(kind).to_owned());
        for field in list(kind, "fields") {
            look(field, format!("{}.{}", name(kind), name(field)));
            // A mutation has one argument, and its type says what it is.
            for argument in list(field, "args").iter().filter(|_| name(kind) != "Mutation") {
                look(argument, format!("{}.{}({})", name(kind), name(field), name(argument)));
            }
        }
        for value in list(kind, "inputFields").iter().chain(list(kind, "enumValues")) {
            look(value, format!("{}.{}", name(kind), name(value)));
        }
    }
    assert!(seen > 300, "only {seen} things were looked at");
    assert!(bare.is_empty(), "without a description:\n{}", bare.join("\n"));
}

#[tokio::test]
async fn every_scalar_of_ours_names_the_standard_that_it_follows() {
    let schema = introspect().await;
    let scalars: Vec<&Value> = types(&schema).filter(|kind| kind["kind"] == "SCALAR").collect();
    assert!(scalars.len() >= 4);
    for scalar in scalars {
        let url = scalar["specifiedByURL"].as_str().unwrap_or_default();
        assert!(url.starts_with("https://"), "{} names no standard", name(scalar));
    }
}

#[tokio::test]
async fn every_list_in_pages_is_a_relay_connection() {
    let schema = introspect().await;
    let find = |wanted: &str| types(&schema).find(|kind| name(kind) == wanted).unwrap_or_else(|| panic!("no {wanted}"));
    let info = fields(find("PageInfo"));
    for field in [
        ("hasNextPage", "Boolean!"),
        ("hasPreviousPage", "Boolean!"),
        ("startCursor", "String"),
        ("endCursor", "String"),
    ] {
        assert!(info.contains(&(field.0, field.1.to_owned())), "PageInfo.{}: {info:?}", field.0);
    }
    let connections: Vec<&str> = types(&schema).map(name).filter(|name| name.ends_with("Connection")).collect();
    assert!(connections.len() >= 5, "{connections:?}");
    for connection in connections {
        let edge = connection.replace("Connection", "Edge");
        let own = fields(find(connection));
        assert!(own.contains(&("edges", format!("[{edge}!]!"))), "{connection}: {own:?}");
        assert!(own.contains(&("pageInfo", "PageInfo!".to_owned())), "{connection}: {own:?}");
        let edge_fields = fields(find(&edge));
        assert!(edge_fields.contains(&("cursor", "String!".to_owned())), "{edge}: {edge_fields:?}");
        assert!(edge_fields.iter().any(|(name, _)| *name == "node"), "{edge}: {edge_fields:?}");
    }
}

#[tokio::test]
async fn every_field_that_gives_pages_takes_a_size_and_a_cursor() {
    let schema = introspect().await;
    let mut found = 0;
    for kind in types(&schema) {
        for field in list(kind, "fields")
            .iter()
            .filter(|field| written(&field["type"]).trim_end_matches('!').ends_with("Connection"))
        {
            let place = format!("{}.{}", name(kind), name(field));
            let arguments: Vec<(&str, String)> =
                list(field, "args").iter().map(|argument| (name(argument), written(&argument["type"]))).collect();
            assert!(
                arguments.iter().any(|(name, kind)| *name == "first" && kind.starts_with("Int")),
                "{place}: {arguments:?}"
            );
            // What is related is few, and the best come first: there is no second page.
            if name(field) != "related" {
                assert!(arguments.contains(&("after", "String".to_owned())), "{place}: {arguments:?}");
            }
            found += 1;
        }
    }
    assert!(found >= 8, "only {found} fields give pages");
}

#[tokio::test]
async fn what_implements_node_has_an_id_and_inputs_that_choose_are_one_of() {
    let schema = introspect().await;
    let nodes: Vec<&Value> =
        types(&schema).filter(|kind| list(kind, "interfaces").iter().any(|of| name(of) == "Node")).collect();
    assert!(nodes.len() >= 7, "{nodes:#?}");
    for node in nodes {
        assert!(fields(node).contains(&("id", "ID!".to_owned())), "{}", name(node));
    }
    for kind in types(&schema).filter(|kind| kind["kind"] == "INPUT_OBJECT") {
        let chooses = name(kind).ends_with("By") || name(kind) == "BodyInput";
        assert_eq!(kind["isOneOf"], chooses, "{}", name(kind));
    }
}
