//! The process is killed in a storm of writing: what was acknowledged is there, nothing is half done.

use crate::on_both;
use crate::support::{Database, Newsroom, Reply, Server, Staff};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

const WRITERS: usize = 6;

/// What a client was told about a variant.
#[derive(Debug, Clone, Default)]
struct Told {
    version: i64,
    /// Whether readers see it; not known while an answer is outstanding.
    live: Option<bool>,
}

/// A mutation; none if the server died before it answered.
async fn ask(server: &Server, who: &Staff, query: &str, input: Value) -> Option<Reply> {
    let body = json!({"query": query, "variables": {"input": input}});
    let request = server.post("/graphql").bearer_auth(&who.access).json(&body);
    let response = request.send().await.ok()?;
    let json: Value = response.json().await.ok()?;
    Some(Reply { status: 200, json, statements: 0 })
}

async fn step(server: &Server, who: &Staff, mutation: &str, variant: &str, more: Value) -> Option<i64> {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let query = format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ variant {{ version }} userErrors {{ code }} }} }}"
    );
    let mut input = more;
    input["variantId"] = json!(variant);
    ask(server, who, &query, input).await?.data(&format!("/{mutation}/variant/version")).as_i64()
}

/// Writes, publishes, edits, plans and withdraws until the server is gone.
async fn storm(server: &Server, who: &Staff, told: &RefCell<HashMap<String, Told>>, acknowledged: &Cell<usize>) {
    for number in 0.. {
        let create = "mutation($input: CreateArticleInput!) { createArticle(input: $input) { variant { id } } }";
        let text = json!({"title": format!("{} {number}", who.email), "body": {"markdown": "글."}});
        let Some(made) = ask(server, who, create, json!({"language": "ko", "text": text})).await else { return };
        let id = made.data("/createArticle/variant/id").as_str().unwrap().to_owned();
        told.borrow_mut().insert(id.clone(), Told { version: 1, live: Some(false) });
        if number % 4 == 3 {
            // The scheduler publishes it, perhaps after the server came back.
            told.borrow_mut().get_mut(&id).unwrap().live = None;
            let Some(_) = step(server, who, "submitVariant", &id, json!({})).await else { return };
            let at = time::OffsetDateTime::now_utc() + time::Duration::milliseconds(300);
            let at = at.format(&time::format_description::well_known::Rfc3339).unwrap();
            let Some(version) = step(server, who, "scheduleVariant", &id, json!({ "at": at })).await else { return };
            told.borrow_mut().insert(id, Told { version, live: None });
            continue;
        }
        for (mutation, more, live) in [
            ("submitVariant", json!({}), Some(false)),
            ("publishVariant", json!({}), Some(true)),
            ("reviseVariant", json!({"text": {"summary": "요약"}}), Some(true)),
            ("publishVariant", json!({}), Some(true)),
            ("addCorrection", json!({"kind": "UPDATE", "text": "x"}), Some(true)),
            ("scheduleWithdrawal", json!({"at": "2099-01-01T00:00:00Z", "reason": "x"}), Some(true)),
            ("withdrawVariant", json!({"reason": "x"}), Some(false)),
        ] {
            // Every third stays with its readers.
            if mutation == "withdrawVariant" && number % 3 > 0 {
                continue;
            }
            let before = told.borrow().get(&id).cloned().unwrap();
            told.borrow_mut().get_mut(&id).unwrap().live = before.live.filter(|known| Some(*known) == live);
            let Some(version) = step(server, who, mutation, &id, more).await else { return };
            told.borrow_mut().insert(id.clone(), Told { version, live });
            acknowledged.set(acknowledged.get() + 1);
        }
    }
}

/// Kills the server once so many steps were acknowledged.
async fn kill(server: &Server, acknowledged: &Cell<usize>, after: usize) {
    while acknowledged.get() < after {
        tokio::task::yield_now().await;
    }
    assert!(
        std::process::Command::new("kill").args(["-9", &server.process_id().to_string()]).status().unwrap().success()
    );
}

async fn pages(server: &Server, who: &Staff, query: &str, list: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let reply = server.ask(who, query, json!({ "after": after })).await;
        let page = reply.data(list);
        all.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"].clone()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            return all;
        }
    }
}

/// What has to hold whatever happened: readers see what the desk says they see, and each change was told once.
async fn check(server: &Server, admin: &Staff, told: &HashMap<String, Told>) {
    let query =
        "query($after: String) { desk { articles(first: 100, after: $after) { pageInfo { hasNextPage endCursor }
        edges { node { id variants { id version state head { id } live { id title } } } } } } }";
    // What was planned happens, whoever was killed before.
    let planned = "{ desk { articles(filter: {states: [SCHEDULED]}) { edges { node { id } } } } }";
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while server.ask(admin, planned, json!({})).await.data("/desk/articles/edges") != &json!([]) {
        assert!(std::time::Instant::now() < deadline, "what was planned did not happen");
    }
    let mut states = HashMap::new();
    for article in pages(server, admin, query, "/desk/articles").await {
        let variant = &article["variants"][0];
        let served = server
            .query_with(
                "query($id: ID!) { node(id: $id) { ... on ArticleVariant { title } } }",
                json!({"id": variant["id"]}),
            )
            .await;
        assert_eq!(served.data("/node").is_null(), variant["live"].is_null(), "{article:#}");
        assert_eq!(variant["state"] == "PUBLISHED", !variant["live"].is_null(), "{article:#}");
        if !variant["live"].is_null() {
            assert_eq!(served.data("/node/title"), &variant["live"]["title"]);
        }
        states.insert(variant["id"].as_str().unwrap().to_owned(), variant.clone());
    }
    for (id, told) in told {
        let state = states.get(id).unwrap_or_else(|| panic!("{id} was acknowledged and is not there"));
        assert!(state["version"].as_i64().unwrap() >= told.version, "{id}: {told:?}, but {state:#}");
        if let Some(live) = told.live {
            assert_eq!(!state["live"].is_null(), live, "{id}: {told:?}, but {state:#}");
        }
    }
    let query = "query($after: String) { changes(first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { node { kind } } } }";
    let mut events: BTreeMap<String, usize> = BTreeMap::new();
    for event in pages(server, admin, query, "/changes").await {
        *events.entry(event["kind"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let query = "query($after: String) { desk { audit(first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { node { action } } } } }";
    let mut done: BTreeMap<String, usize> = BTreeMap::new();
    for entry in pages(server, admin, query, "/desk/audit").await {
        *done.entry(entry["action"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let told = |kind: &str| events.get(kind).copied().unwrap_or(0);
    let did = |action: &str| done.get(action).copied().unwrap_or(0);
    assert_eq!(told("PUBLISHED") + told("UPDATED"), did("variant.publish"), "{events:?} {done:?}");
    assert_eq!(told("CORRECTED"), did("variant.correct"), "{events:?} {done:?}");
    assert_eq!(told("WITHDRAWN"), did("variant.withdraw"), "{events:?} {done:?}");
}

on_both! {
    nothing_acknowledged_is_lost_and_nothing_is_half_done_when_the_server_is_killed(kind) {
        let mut server = Newsroom::of([]).serve(kind).await;
        let mut staff = Vec::new();
        for number in 0..WRITERS {
            staff.push(server.staff(&format!("editor-{number}")).await);
        }
        let admin = server.staff("admin").await;
        let told = RefCell::default();
        for round in 1..=3 {
            let acknowledged = Cell::new(0);
            let storms = join_all(staff.iter().map(|who| storm(&server, who, &told, &acknowledged)));
            tokio::join!(storms, kill(&server, &acknowledged, 20 * round + 7));
            let database: std::sync::Arc<Database> = server.stop();
            server = Server::start(database, &[]);
            let seen = told.borrow().clone();
            check(&server, &admin, &seen).await;
        }
    }
}
