//! The sender of webhooks among several servers and endpoints, and its signatures in the eyes of others.

mod sending;
mod signing;

use crate::support::{Database, Kind, Receiver, Server, run};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// What lets webhooks go to this machine, and fail fast.
const HERE: &[(&str, &str)] = &[
    ("BYLINE_WEBHOOKS__ALLOW_HTTP", "true"),
    ("BYLINE_WEBHOOKS__ALLOW_NETWORKS", "[\"127.0.0.0/8\", \"::1/128\"]"),
    ("BYLINE_WEBHOOKS__RETRY_MS", "20"),
    ("BYLINE_LOG__FILTER", "off"),
];

/// Runs a statement past the service.
async fn execute(database: &Database, statement: &str, values: Vec<sea_orm::Value>) {
    let connection = database.connect().await;
    let backend = connection.get_database_backend();
    let mut text = String::new();
    // Numbers that the database gives itself are given by the test.
    let statement = match backend {
        DbBackend::Postgres => statement.replace(") VALUES", ") OVERRIDING SYSTEM VALUE VALUES"),
        _ => statement.to_owned(),
    };
    for (number, part) in statement.split('?').enumerate() {
        match (number, backend) {
            (0, _) => {}
            (number, DbBackend::Postgres) => text += &format!("${number}"),
            _ => text.push('?'),
        }
        text += part;
    }
    connection.execute_raw(Statement::from_sql_and_values(backend, text, values)).await.unwrap();
    connection.close().await.unwrap();
}

/// Adds a partner.
async fn partner(database: &Database, slug: &str, tier: &str) -> Uuid {
    let id = Uuid::now_v7();
    let doc = format!("{{\"name\": \"{slug}\", \"tier\": \"{tier}\"}}");
    let insert = "INSERT INTO partner (id, slug, doc, version, created_at, updated_at) VALUES (?, ?, ?, 1, 0, 0)";
    execute(database, insert, vec![id.into(), slug.into(), doc.into()]).await;
    id
}

/// Lets a change of a story concern a partner.
async fn change(database: &Database, partner: Uuid, article: Uuid, id: i64) {
    let insert = "INSERT INTO partner_change (id, partner_id, article_id, language, kind, status, detail, at) \
                  VALUES (?, ?, ?, 'ko', 'UPDATED', 'usable', '{}', 1)";
    execute(database, insert, vec![id.into(), partner.into(), article.into()]).await;
}

/// The command line, with webhooks to this machine allowed; gives what it printed.
fn cli(database: &Database, arguments: &[&str]) -> String {
    let mut command = crate::support::byline(database, arguments);
    let output = command.envs(HERE.iter().copied()).output().unwrap();
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "byline {arguments:?}\n{out}\n{err}");
    out
}

fn endpoint(database: &Database, arguments: &[&str]) -> String {
    cli(database, &[&["partner", "endpoint"], arguments].concat())
}

/// The same as JSON.
fn endpoint_json(database: &Database, arguments: &[&str]) -> Value {
    serde_json::from_str(&endpoint(database, &[arguments, &["--json"]].concat())).unwrap()
}

/// Adds an endpoint; gives it with its secret.
fn add(database: &Database, partner: &str, address: &str) -> Value {
    endpoint_json(database, &["add", partner, address])
}

fn id(endpoint: &Value) -> &str {
    endpoint["id"].as_str().unwrap()
}

/// Lets changes wait for an endpoint.
fn replay(database: &Database, endpoint: &Value, from: i64, to: i64) {
    self::endpoint(database, &["replay", id(endpoint), "--from", &from.to_string(), "--to", &to.to_string()]);
}

/// How an endpoint is listed.
fn listed(database: &Database, endpoint: &Value) -> Value {
    let all = endpoint_json(database, &["list"]);
    all.as_array().unwrap().iter().find(|one| one["id"] == endpoint["id"]).unwrap().clone()
}

/// Waits until something that the command line prints is what is looked for.
async fn until<T: std::fmt::Debug>(look: impl Fn() -> T, wanted: impl Fn(&T) -> bool) -> T {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let seen = look();
        if wanted(&seen) {
            return seen;
        }
        assert!(std::time::Instant::now() < end, "still {seen:#?}");
        tokio::task::yield_now().await;
    }
}

/// A server without stories, with one partner and a receiver of its own.
struct Setting {
    _server: Server,
    database: Arc<Database>,
    partner: Uuid,
    receiver: Receiver,
    endpoint: Value,
}

impl Setting {
    async fn start(kind: Kind, more: &[(&str, &str)]) -> Self {
        let database = Arc::new(Database::empty(kind).await);
        run(&database, &["migrate", "up"], 0);
        let partner = partner(&database, "daily", "standard").await;
        let receiver = Receiver::start().await;
        let endpoint = add(&database, "daily", &receiver.address);
        let server = Server::start(database.clone(), &[HERE, more].concat());
        Self { _server: server, database, partner, receiver, endpoint }
    }

    /// Changes from `first` on, one for each of these stories; they wait together.
    async fn tell(&self, first: i64, stories: &[Uuid]) {
        for (id, story) in (first..).zip(stories) {
            change(&self.database, self.partner, *story, id).await;
        }
        replay(&self.database, &self.endpoint, first, first + stories.len() as i64 - 1);
    }

    /// The numbers of the changes that the receiver took, in the order in which they came.
    fn taken(&self) -> Vec<i64> {
        changes(&self.receiver)
    }
}

/// The numbers of the changes that a receiver took, in the order in which they came.
fn changes(receiver: &Receiver) -> Vec<i64> {
    let body = |told: crate::support::receiver::Told| serde_json::from_str::<Value>(&told.body).unwrap();
    receiver.taken().into_iter().filter_map(|told| body(told)["data"]["id"].as_str()?.parse().ok()).collect()
}
