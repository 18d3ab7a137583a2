//! What one request may ask for: every limit refuses with its own code, says what it allows, and leaves the service
//! able to answer the next one.

use crate::support::{Database, Kind, Reply, Server};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};

const NOBODY: &str = "sec_00000000000000000000000000";

/// Small enough for queries that fit on a line.
const SMALL: &[(&str, &str)] = &[
    ("BYLINE_LIMITS__DEPTH", "5"),
    ("BYLINE_LIMITS__COMPLEXITY", "101"),
    ("BYLINE_LIMITS__ALIASES", "2"),
    ("BYLINE_LIMITS__ROOT_FIELDS", "3"),
    ("BYLINE_LIMITS__DIRECTIVES", "2"),
    ("BYLINE_LIMITS__TOKENS", "60"),
];

/// The request was refused by this limit, which says what it allows.
fn assert_refused(reply: &Reply, code: &str, limit: u64, query: &str) {
    let extensions = &reply.json["errors"][0]["extensions"];
    assert_eq!(
        (reply.status, &extensions["code"], &extensions["limit"]),
        (400, &json!(code), &json!(limit)),
        "{query}\n{:#}",
        reply.json
    );
    assert!(reply.message().contains(&format!("at most {limit} allowed")), "{query}\n{}", reply.message());
    assert_eq!(reply.json.get("data"), None, "{query}");
}

/// Runs a query that is just allowed and one that is just too much, each twice: the second time the document is known.
async fn assert_limits(code: &str, limit: u64, pairs: &[(String, String, Value)]) {
    let server = Server::empty(SMALL).await;
    for (allowed, too_much, variables) in pairs {
        for _ in 0..2 {
            let reply = server.query_with(allowed, variables.clone()).await;
            assert_eq!((reply.status, reply.json.get("errors")), (200, None), "{allowed}");
            assert_refused(&server.query_with(too_much, variables.clone()).await, code, limit, too_much);
        }
    }
}

/// A pair of queries that differ in one place.
fn pair(query: &str, allowed: &str, too_much: &str) -> (String, String, Value) {
    (query.replace("HERE", allowed), query.replace("HERE", too_much), json!({}))
}

#[tokio::test]
async fn depth_is_limited_through_fields_and_fragments() {
    assert_limits(
        "QUERY_TOO_DEEP",
        5,
        &[
            pair("{ articles { nodes { section { parent { HERE } } } } }", "id", "parent { id }"),
            pair("{ ...Q } fragment Q on Query { articles { nodes { ...A } } } fragment A on Article { section { parent { HERE } } }", "id", "parent { id }"),
            pair("{ articles { nodes { ... on Article { ... { section { parent { HERE } } } } } } }", "id", "parent { id }"),
            pair("{ __schema { queryType { fields { type { HERE } } } } }", "name", "ofType { name }"),
        ],
    )
    .await;
}

#[tokio::test]
async fn complexity_multiplies_list_sizes_in_wherever_they_stand() {
    let ids = |n: usize| format!("\"{NOBODY}\" ").repeat(n);
    // The library alone does not know the types within a fragment on one of an interface's types.
    let hidden = "{ node(id: \"NOBODY\") { ...F } } fragment F on Section { articles(language: \"ko\", first: HERE) { nodes { id } } }";
    let inner = "articles(language: \"ko\") { nodes { id } }";
    assert_limits(
        "QUERY_TOO_COMPLEX",
        101,
        &[
            pair("{ articles(first: HERE) { nodes { id } } }", "50", "51"),
            pair("{ articles(last: HERE) { nodes { id } } }", "50", "51"),
            pair("{ tags(first: 3) { nodes { HERE } } }", "id", inner),
            pair("query($n: Int = HERE) { articles(first: $n) { nodes { id } } }", "50", "51"),
            pair("{ ...F } fragment F on Query { articles(first: HERE) { nodes { id } } }", "50", "51"),
            pair(&hidden.replace("NOBODY", NOBODY), "49", "50"),
            pair("{ nodes(ids: [HERE]) { id id id id } }", &ids(25), &ids(26)),
        ],
    )
    .await;
}

#[tokio::test]
async fn complexity_multiplies_list_sizes_in_that_are_in_variables() {
    let server = Server::empty(SMALL).await;
    for (query, allowed, too_much) in [
        ("query($v: Int) { articles(first: $v) { nodes { id } } }", json!(50), json!(51)),
        ("query($v: Int) { ...F } fragment F on Query { articles(first: $v) { nodes { id } } }", json!(50), json!(51)),
        ("query($v: [ID!]!) { nodes(ids: $v) { id } }", json!(vec![NOBODY; 100]), json!(vec![NOBODY; 101])),
    ] {
        for _ in 0..2 {
            let reply = server.query_with(query, json!({"v": allowed})).await;
            assert_eq!(reply.status, 200, "{query}\n{:#}", reply.json);
            let reply = server.query_with(query, json!({"v": too_much})).await;
            assert_refused(&reply, "QUERY_TOO_COMPLEX", 101, query);
        }
    }
    // Without a value, a page has its usual twenty.
    let query = "query($v: Int) { articles(first: $v) { nodes { id HERE } } }";
    assert_eq!(server.query(&query.replace("HERE", "kind publishedAt a: id")).await.status, 200);
    assert_refused(
        &server.query(&query.replace("HERE", "kind publishedAt a: id b: kind")).await,
        "QUERY_TOO_COMPLEX",
        101,
        query,
    );
}

#[tokio::test]
async fn aliases_root_fields_directives_and_tokens_are_counted_also_in_fragments() {
    let language = "a: tag b: name";
    assert_limits(
        "TOO_MANY_ALIASES",
        2,
        &[
            pair("{ languages { HERE } }", language, "a: tag b: name c: tag"),
            pair("{ languages { ...L } } fragment L on Language { HERE }", language, "a: tag ... { b: tag c: tag }"),
        ],
    )
    .await;
    assert_limits(
        "TOO_MANY_ROOT_FIELDS",
        3,
        &[
            pair("{ sections { id } languages { tag } __typename HERE }", "", "sections { id }"),
            pair(
                "{ ...Q ... { __typename HERE } } fragment Q on Query { a: __typename b: __typename }",
                "",
                "sections { id }",
            ),
            pair("{ ...Q HERE } fragment Q on Query { __typename }", "...Q ...Q", "...Q ...Q ...Q"),
        ],
    )
    .await;
    assert_limits(
        "TOO_MANY_DIRECTIVES",
        2,
        &[
            pair("{ languages @include(if: true) { tag @skip(if: false) HERE } }", "name", "name @skip(if: false)"),
            pair(
                "{ languages @include(if: true) { ...L @skip(if: false) } } fragment L on Language { tag HERE }",
                "",
                "name @skip(if: true)",
            ),
        ],
    )
    .await;
    let tags = |n: usize| "tag ".repeat(n);
    assert_limits(
        "TOO_MANY_TOKENS",
        60,
        &[
            pair("{ languages { HERE } }", &tags(55), &tags(56)),
            pair("{ languages { HERE } } # \" {", &tags(55), &tags(56)),
            pair("# \r{ languages { HERE } }", &tags(55), &tags(56)),
            pair("{ author(by: {slug: \"\"\" one \" quote \"\"\"}) { id } languages { HERE } }", &tags(42), &tags(43)),
        ],
    )
    .await;
}

/// So many fragments, each of which spreads the next one twice.
fn bomb(levels: usize, on: &str, leaf: &str) -> String {
    let fragment = |n| format!("fragment f{n} on {on} {{ ...f{0} ...f{0} }} ", n + 1);
    (0..levels).map(fragment).collect::<String>() + &format!("fragment f{levels} on {on} {{ {leaf} }}")
}

#[tokio::test]
async fn fragments_that_double_at_each_level_are_refused_without_being_counted_one_by_one() {
    let server = Server::empty(&[]).await;
    let roots = format!("{{ ...f0 }} {}", bomb(200, "Query", "__typename"));
    assert_refused(&server.query(&roots).await, "TOO_MANY_ROOT_FIELDS", 20, &roots);
    let fields = format!("{{ articles {{ nodes {{ ...f0 }} }} }} {}", bomb(40, "Article", "id"));
    assert_refused(&server.query(&fields).await, "QUERY_TOO_COMPLEX", 20_000, &fields);
    let nested = format!("{{ articles {{ nodes {{ ...f0 }} }} }} {}", bomb(200, "Article", "id"));
    assert_refused(&server.query(&nested).await, "QUERY_TOO_DEEP", 16, &nested);
}

#[tokio::test]
async fn fragments_that_spread_themselves_are_not_valid() {
    let server = Server::empty(&[]).await;
    for cycle in [
        "{ ...f } fragment f on Query { ...f }".to_owned(),
        "{ sections { ...f } } fragment f on Section { children { ...g } } fragment g on Section { id ...f }"
            .to_owned(),
        "{ __typename } fragment f on Query { ...g } fragment g on Query { ...f }".to_owned(),
        format!("{{ ...f0 }} {}", bomb(200, "Query", "...f0")),
    ] {
        let reply = server.query(&cycle).await;
        assert_eq!((reply.status, reply.codes()[0]), (400, "GRAPHQL_VALIDATION_FAILED"), "{cycle}");
        assert_eq!(reply.json.get("data"), None, "{cycle}");
    }
}

#[tokio::test]
async fn what_nests_thousands_of_levels_deep_is_refused_and_overflows_no_stack() {
    let server = Server::empty(&[("BYLINE_LIMITS__TOKENS", "1000000"), ("BYLINE_LIMITS__BODY_BYTES", "2000000")]).await;
    let nest = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    for query in [
        nest("{a", "}"),
        nest("{", ""),
        format!("{{ articles(filter: {{ids: {}}}) {{ totalCount }} }}", nest("[", "]")),
        format!("{{ articles(filter: {}) {{ totalCount }} }}", nest("{ids:", "}")),
        format!("query($a: {}) {{ articles(first: $a) {{ totalCount }} }}", nest("[", "]")),
        format!("query($a: Int = {}) {{ articles(first: $a) {{ totalCount }} }}", nest("[", "]")),
        format!("{{ a @skip(if: {}) }}", nest("[", "]")),
        format!("{{ a(b: \"\"\" \" \"\"\") {} }}", nest("{a", "}")),
        format!("{{ {} }}", nest("... {", "}")),
    ] {
        assert_refused(&server.query(&query).await, "QUERY_TOO_DEEP", 16, &query.chars().take(60).collect::<String>());
    }
    for body in [
        nest("{", ""),
        nest("[", "]"),
        format!("{{\"query\":\"{{a}}\",\"variables\":{}}}", nest("{\"a\":", "}")),
        format!("{{\"query\":\"{{a}}\",\"unknown\":{}}}", nest("[", "]")),
    ] {
        let request = server.post("/graphql").header("content-type", "application/json").body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400);
        assert_eq!(response.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], "INVALID");
    }
    assert_eq!(server.query("{ __typename }").await.json, json!({"data": {"__typename": "Query"}}));
}

#[tokio::test]
async fn numbers_that_no_type_holds_are_refused() {
    let server = Server::empty(&[]).await;
    let huge = format!("1{}", "0".repeat(5_000));
    for number in ["2147483648", "-2147483649", "1e400", "1.5", &huge] {
        let reply = server.query(&format!("{{ articles(first: {number}) {{ totalCount }} }}")).await;
        assert_eq!(reply.status, 400, "{number}: {:#}", reply.json);
        let body = format!(
            "{{\"query\":\"query($n: Int) {{ articles(first: $n) {{ totalCount }} }}\",\"variables\":{{\"n\":{number}}}}}"
        );
        let request = server.post("/graphql").header("content-type", "application/json").body(body);
        let answer: Value =
            request.header("accept", "application/graphql-response+json").send().await.unwrap().json().await.unwrap();
        assert_eq!(
            (answer["errors"][0]["extensions"]["code"].as_str(), answer.get("data")),
            (Some("INVALID"), None),
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_for_readers_of_both_media_types() {
    let server = Server::empty(&[]).await;
    for accept in ["application/json", "application/graphql-response+json"] {
        let body = json!({"query": "{ __typename }", "padding": "x".repeat(300_000)});
        let response = server.post("/graphql").header("accept", accept).json(&body).send().await.unwrap();
        assert_eq!(response.status(), 413, "{accept}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"], json!({"code": "BODY_TOO_LARGE", "limit": 262_144}), "{accept}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up_and_the_next_one_is_not() {
    let database = Database::empty(Kind::Postgres).await;
    let server = Server::start(database, &[("BYLINE_LIMITS__TIME_MS", "100")]);
    let query = "{ changes { edges { cursor } } }";
    let connection = server.database.connect().await;
    let transaction = connection.begin().await.unwrap();
    transaction.execute_unprepared("LOCK TABLE event IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let reply = server.query(query).await;
    assert_eq!((reply.status, reply.codes()), (503, vec!["TIMEOUT"]), "{:#}", reply.json);
    assert_eq!(reply.json["errors"][0]["extensions"]["limit"], 100);
    transaction.rollback().await.unwrap();
    assert_eq!(server.query(query).await.json, json!({"data": {"changes": {"edges": []}}}));
}

#[tokio::test]
async fn the_usual_limits_let_introspection_and_every_example_pass() {
    let server = Server::empty(&[]).await;
    let reply = server.query(include_str!("data/introspection.graphql")).await;
    assert!(reply.data("/__schema/types").as_array().unwrap().len() > 50);
    let mut examples = 0;
    for entry in std::fs::read_dir(crate::support::root().join("examples/queries")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "graphql") {
            let variables = std::fs::read_to_string(path.with_extension("json")).unwrap();
            let query = std::fs::read_to_string(&path).unwrap();
            let reply = server.query_with(&query, serde_json::from_str(&variables).unwrap()).await;
            assert_eq!((reply.status, reply.json.get("errors")), (200, None), "{}", path.display());
            examples += 1;
        }
    }
    assert!(examples >= 5, "only {examples} examples");
}
