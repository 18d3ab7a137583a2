//! A newsroom with partners whose feeds are written as the follower of the change log writes them.

use crate::support::{Database, Kind, Newsroom, Server, run};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement, Value as Bound};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// Webhooks to this machine, quickly.
pub const SETTINGS: [(&str, &str); 4] = [
    ("BYLINE_WEBHOOKS__ALLOW_NETWORKS", "[\"127.0.0.0/8\"]"),
    ("BYLINE_WEBHOOKS__ALLOW_HTTP", "true"),
    ("BYLINE_WEBHOOKS__RETRY_MS", "30"),
    ("BYLINE_WEBHOOKS__TIMEOUT_SECONDS", "2"),
];

/// A partner, its endpoints by the command line, its feed by SQL.
pub struct World {
    pub server: Option<Server>,
    pub database: Arc<Database>,
    pub tables: DatabaseConnection,
}

/// An endpoint as the command line gives it.
#[derive(Debug, Clone)]
pub struct Made {
    pub id: String,
    pub secret: String,
}

/// Adds a partner by the command line: `("wire", ["--languages", "ko"])`. Gives its key.
pub fn add_partner(database: &Database, slug: &str, terms: &[&str]) -> String {
    run(database, &[&["partner", "add", slug, "--name", slug], terms].concat(), 0);
    let issued = run(database, &["key", "issue", "pull", "--partner", slug], 0);
    String::from_utf8(issued.stdout).unwrap().trim().to_owned()
}

impl World {
    /// An empty newsroom that is served with more settings.
    pub async fn serve(kind: Kind, settings: &[(&str, &str)]) -> Self {
        Self::of(&Newsroom::default(), kind, settings).await
    }

    /// A newsroom that is served with more settings.
    pub async fn of(newsroom: &Newsroom, kind: Kind, settings: &[(&str, &str)]) -> Self {
        let server = newsroom.serve_with(kind, &[&SETTINGS[..], settings].concat()).await;
        let database = server.database.clone();
        std::fs::write(
            database.folder().join("byline.toml"),
            "[webhooks]\nallow_http = true\nallow_networks = [\"127.0.0.0/8\"]\n",
        )
        .unwrap();
        Self { tables: database.connect().await, server: Some(server), database }
    }

    pub fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    /// Kills the server and starts another.
    pub fn restart(&mut self) {
        drop(self.server.take());
        self.server = Some(Server::start(self.database.clone(), &SETTINGS));
    }

    pub async fn sql(&self, text: &str, values: Vec<Bound>) {
        let backend = self.tables.get_database_backend();
        self.tables.execute_raw(Statement::from_sql_and_values(backend, text, values)).await.unwrap();
    }

    pub async fn rows(&self, text: &str) -> Vec<QueryResult> {
        let backend = self.tables.get_database_backend();
        self.tables.query_all_raw(Statement::from_string(backend, text)).await.unwrap()
    }

    pub async fn number(&self, text: &str) -> i64 {
        self.rows(text).await[0].try_get_by_index(0).unwrap()
    }

    /// A partner with a tier; gives its id.
    pub async fn partner(&self, slug: &str, tier: &str) -> Uuid {
        let id = Uuid::now_v7();
        let doc = json!({"name": slug, "tier": tier}).to_string();
        let text = "INSERT INTO partner (id, slug, doc, version, created_at, updated_at) VALUES ($1, $2, $3, 1, 0, 0)";
        self.sql(text, vec![id.into(), slug.into(), doc.into()]).await;
        id
    }

    /// A key of a partner.
    pub async fn key(&self, partner: Uuid) -> String {
        let issued = self.cli(&["key", "issue", "pull", "--scopes", "READ_PUBLISHED", "--json"]);
        let issued: Value = serde_json::from_str(&issued).unwrap();
        let prefix = issued["prefix"].as_str().unwrap().trim_start_matches("byl_").to_owned();
        self.sql("UPDATE api_key SET partner_id = $1 WHERE prefix = $2", vec![partner.into(), prefix.into()]).await;
        issued["key"].as_str().unwrap().to_owned()
    }

    /// Appends to a partner's feed; gives the change's number.
    pub async fn change(&self, partner: Uuid, article: Uuid, status: &str) -> i64 {
        let text = "INSERT INTO partner_change (partner_id, article_id, language, kind, status, detail, at) \
                    VALUES ($1, $2, 'ko', 'PUBLISHED', $3, '{}', 0)";
        self.sql(text, vec![partner.into(), article.into(), status.into()]).await;
        self.number("SELECT max(id) FROM partner_change").await
    }

    /// The command line; what it prints.
    pub fn cli(&self, arguments: &[&str]) -> String {
        String::from_utf8(run(&self.database, arguments, 0).stdout).unwrap()
    }

    pub fn cli_json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.cli(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// `byline partner endpoint …`
    pub fn endpoint(&self, arguments: &[&str]) -> String {
        self.cli(&[&["partner", "endpoint"], arguments].concat())
    }

    pub fn add_endpoint(&self, partner: &str, url: &str) -> Made {
        let made = self.cli_json(&["partner", "endpoint", "add", partner, url]);
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        Made { id: text("id"), secret: text("secret") }
    }

    /// Lets changes wait for an endpoint.
    pub fn send(&self, endpoint: &Made, from: i64, to: i64) {
        self.endpoint(&["replay", &endpoint.id, "--from", &from.to_string(), "--to", &to.to_string()]);
    }

    /// How an endpoint is listed.
    pub fn listed(&self, endpoint: &Made) -> Value {
        let all = self.cli_json(&["partner", "endpoint", "list"]);
        all.as_array().unwrap().iter().find(|row| row["id"] == json!(endpoint.id)).unwrap().clone()
    }

    pub fn log(&self, endpoint: &Made) -> Value {
        self.cli_json(&["partner", "endpoint", "log", &endpoint.id])
    }
}
