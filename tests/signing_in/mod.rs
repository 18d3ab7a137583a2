//! Signing in: people, sessions, tokens, keys, outside issuers, and what happens when it fails.

mod attempts;
mod forged;
mod keys;
mod outside;
mod people;
mod programs;
mod sessions;

use crate::support::{Database, Kind, Reply, Server};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

/// Who asks.
const VIEWER: &str = "{ viewer { id name role email scopes } }";

/// A change.
const CREATE: &str =
    "mutation { createArticle(input: {language: \"ko\", text: {title: \"제목\"}}) { userErrors { message } } }";

/// Drafts.
const DESK: &str = "{ desk { articles { edges { node { id } } } } }";

async fn serve(kind: Kind) -> Server {
    // Rotated and retired keys are noticed at once.
    Server::start(Database::empty(kind).await, &[("BYLINE_AUTH__KEYS_SECONDS", "0")])
}

async fn viewer(server: &Server, token: &str) -> Reply {
    server.ask_with(token, VIEWER, json!({})).await
}

/// The role of whoever has the token; the test fails if it is refused.
async fn role(server: &Server, token: &str) -> Value {
    viewer(server, token).await.data("/viewer/role").clone()
}

/// Fails the test unless a credential is refused as RFC 6750 says.
async fn assert_refused(server: &Server, authorization: &str, why: &str) {
    for request in [
        server.post("/graphql").json(&json!({"query": VIEWER})),
        server.get("/graphql?query={viewer{name}}").header("accept", "application/json"),
    ] {
        let response = request.header("authorization", authorization).send().await.unwrap();
        let challenge = response.headers().get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(
            (response.status().as_u16(), challenge.as_deref()),
            (401, Some("Bearer error=\"invalid_token\"")),
            "{why}"
        );
        let reply = Reply::of(response).await;
        assert_eq!((reply.codes(), reply.json.get("data")), (vec!["UNAUTHENTICATED"], None), "{why}");
    }
}

/// `POST` with a JSON body: the status and the answer.
async fn post(server: &Server, path: &str, body: Value) -> (u16, Value) {
    let response = server.post(path).json(&body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

/// One text column of a query past the service.
async fn texts(database: &Database, sql: &str) -> Vec<String> {
    let connection: DatabaseConnection = database.connect().await;
    let rows = connection.query_all_raw(Statement::from_string(backend(database), sql)).await.unwrap();
    let found = rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect();
    connection.close().await.unwrap();
    found
}

/// Changes what is stored, past the service: for what time would do.
async fn execute(database: &Database, sql: &str) {
    let connection = database.connect().await;
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

fn backend(database: &Database) -> DbBackend {
    match database.kind() {
        Kind::Sqlite => DbBackend::Sqlite,
        Kind::Postgres => DbBackend::Postgres,
    }
}

/// What the audit says, oldest first: `sign_in 127.0.0.1`.
async fn audit(database: &Database) -> Vec<String> {
    texts(database, "SELECT action || ' ' || coalesce(address, 'cli') FROM audit ORDER BY id").await
}
