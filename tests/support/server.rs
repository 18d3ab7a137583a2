//! A running `byline serve`, and a client that speaks to it over HTTP.

use super::Database;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

/// A server on a port of its own. It is killed with the test.
pub struct Server {
    process: Running,
    address: String,
    client: reqwest::Client,
    pub database: std::sync::Arc<Database>,
}

/// A process that does not outlive the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An answer to a GraphQL request.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub json: Value,
    /// How many SQL statements it took.
    pub statements: u32,
}

impl Reply {
    /// Reads what came over HTTP.
    pub async fn of(response: reqwest::Response) -> Self {
        let statements = response.headers().get("byline-sql-statements");
        let statements = statements.and_then(|count| count.to_str().ok()?.parse().ok()).unwrap_or(0);
        Self { status: response.status().as_u16(), statements, json: response.json().await.unwrap() }
    }

    /// What is at a JSON pointer below `data`; the test fails on any error.
    pub fn data(&self, pointer: &str) -> &Value {
        assert!(self.json.get("errors").is_none(), "{:#}", self.json);
        self.json["data"].pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} in {:#}", self.json))
    }

    /// The codes of all errors, in order.
    pub fn codes(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().unwrap_or_else(|| panic!("no errors in {:#}", self.json));
        errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or("none")).collect()
    }

    /// The message of the first error.
    pub fn message(&self) -> &str {
        self.json["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("no errors in {:#}", self.json))
    }
}

impl Server {
    /// Serves a copy of the sample newsroom.
    pub async fn sample(kind: super::Kind) -> Self {
        Self::start(Database::sample(kind).await, &[])
    }

    /// Serves a database without stories, for what does not depend on any.
    pub async fn empty(settings: &[(&str, &str)]) -> Self {
        Self::start(Database::empty(super::Kind::Sqlite).await, settings)
    }

    /// Serves a database with more settings from the environment: `("BYLINE_LIMITS__DEPTH", "5")`.
    pub fn start(database: impl Into<std::sync::Arc<Database>>, settings: &[(&str, &str)]) -> Self {
        let database = database.into();
        let mut command = super::byline(&database, &["serve"]);
        command
            .env("BYLINE_LISTEN", "127.0.0.1:0")
            .env("BYLINE_HTTP__WORKERS", "1")
            .env("BYLINE_HTTP__CONNECTIONS", "2")
            .env("BYLINE_HTTP__STATEMENT_COUNT", "true")
            .env("BYLINE_BASE_URL", "https://api.news.example")
            .env("BYLINE_SITE__URL", "https://news.example")
            .env("BYLINE_LOG__FILTER", "warn")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped());
        let mut process = Running(command.spawn().unwrap());
        let mut line = String::new();
        BufReader::new(process.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("byline listens on ");
        let address = address.unwrap_or_else(|| panic!("the server did not start: {line:?}")).to_owned();
        Self { process, address, client: reqwest::Client::new(), database }
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn process_id(&self) -> u32 {
        self.process.0.id()
    }

    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.get(format!("{}{path}", self.address))
    }

    pub fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.post(format!("{}{path}", self.address))
    }

    /// A connection to it, without a client library.
    pub fn wire(&self) -> super::Wire {
        super::Wire::open(&self.address)
    }

    /// A query without variables.
    pub async fn query(&self, query: &str) -> Reply {
        self.query_with(query, json!({})).await
    }

    /// A query with variables.
    pub async fn query_with(&self, query: &str, variables: Value) -> Reply {
        let body = json!({"query": query, "variables": variables});
        let request = self.post("/graphql").header("accept", "application/graphql-response+json").json(&body);
        Reply::of(request.send().await.unwrap()).await
    }

    /// Another server on the same database.
    pub fn beside(&self) -> Self {
        Self::start(self.database.clone(), &[])
    }

    /// Kills it; its database stays.
    pub fn stop(self) -> std::sync::Arc<Database> {
        self.database.clone()
    }

    /// Waits for the end of a server that was told to stop.
    pub fn wait(mut self) -> std::process::ExitStatus {
        self.process.0.wait().unwrap()
    }
}
