//! People of the newsroom: added on the command line, signed in over HTTP.

use super::{Database, Reply, Server, byline};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Output, Stdio};
use uuid::Uuid;

/// The password of everybody who is made here.
pub const PASSWORD: &str = "correct horse battery staple";

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct Staff {
    /// `usr_…`
    pub id: String,
    pub email: String,
    /// The access token.
    pub token: String,
    pub refresh: String,
}

/// Runs the command line with a password on its standard input.
pub fn run_with_password(database: &Database, arguments: &[&str], password: &str) -> Output {
    let mut command = byline(database, arguments);
    let command = command.arg("--password-stdin").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    child.wait_with_output().unwrap()
}

impl Database {
    /// Adds a person with [`PASSWORD`]; gives their id.
    pub fn add_person(&self, email: &str, role: &str) -> String {
        let arguments = ["user", "add", "--email", email, "--name", "Kim Haneul", "--role", role];
        let output = run_with_password(self, &arguments, PASSWORD);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().split_whitespace().next().unwrap().to_owned()
    }
}

impl Server {
    /// Adds somebody with a role (`EDITOR`) and signs them in.
    pub async fn staff(&self, role: &str) -> Staff {
        let email = format!("{}@news.example", Uuid::now_v7().simple());
        let id = self.database.add_person(&email, role);
        let (status, json) = self.sign_in(&email, PASSWORD).await;
        assert_eq!(status, 200, "{json}");
        let text = |key: &str| json[key].as_str().unwrap().to_owned();
        Staff { id, token: text("accessToken"), refresh: text("refreshToken"), email }
    }

    /// The access token of a new person with a role.
    pub async fn editor(&self, role: &str) -> String {
        self.staff(role).await.token
    }

    /// `POST /auth/token`: the status and the answer.
    pub async fn sign_in(&self, email: &str, password: &str) -> (u16, Value) {
        let response = self.post("/auth/token").json(&json!({"email": email, "password": password})).send().await;
        let response = response.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// A request in somebody's name.
    pub async fn query_as(&self, token: &str, query: &str, variables: Value) -> Reply {
        let body = json!({"query": query, "variables": variables});
        let request = self.post("/graphql").header("accept", "application/graphql-response+json").bearer_auth(token);
        Reply::of(request.json(&body).send().await.unwrap()).await
    }
}
