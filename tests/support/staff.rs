//! People of the newsroom, signed in.

use super::{Database, Reply, Server, byline};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Output, Stdio};

pub const PASSWORD: &str = "correct horse battery";

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct Staff {
    /// `usr_…`
    pub id: String,
    pub email: String,
    pub access: String,
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

impl Server {
    /// Adds a person by the command line; gives their id.
    pub fn add_user(&self, email: &str, role: &str) -> String {
        let name = email.split('@').next().unwrap();
        let arguments = ["user", "add", email, "--name", name, "--role", role];
        let output = run_with_password(&self.database, &arguments, PASSWORD);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().split_whitespace().next().unwrap().to_owned()
    }

    /// Asks for tokens.
    pub async fn ask_token(&self, email: &str, password: &str) -> (u16, Value) {
        let body = json!({"email": email, "password": password});
        let response = self.post("/auth/token").json(&body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Signs somebody in who was added before.
    pub async fn sign_in(&self, email: &str) -> Staff {
        let (status, tokens) = self.ask_token(email, PASSWORD).await;
        assert_eq!(status, 200, "{tokens:#}");
        let me = self.ask_with(tokens["accessToken"].as_str().unwrap(), "{ viewer { id } }", json!({})).await;
        let id = me.data("/viewer/id").as_str().unwrap().to_owned();
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        Staff { id, email: email.to_owned(), access: text("accessToken"), refresh: text("refreshToken") }
    }

    /// A new person with a role, signed in: `editor`, `reporter-2`.
    pub async fn staff(&self, who: &str) -> Staff {
        let email = format!("{who}@news.example");
        let role = who.split('-').next().unwrap().to_uppercase();
        self.add_user(&email, &role);
        self.sign_in(&email).await
    }

    /// A query or mutation of somebody, with variables.
    pub async fn ask(&self, who: &Staff, query: &str, variables: Value) -> Reply {
        self.ask_with(&who.access, query, variables).await
    }

    /// A query or mutation with a credential.
    pub async fn ask_with(&self, credential: &str, query: &str, variables: Value) -> Reply {
        let body = json!({"query": query, "variables": variables});
        let request = self.post("/graphql").header("accept", "application/graphql-response+json").json(&body);
        Reply::of(request.bearer_auth(credential).send().await.unwrap()).await
    }

    /// Runs a mutation; `selection` is what is asked of the payload besides errors.
    pub async fn change(&self, who: &Staff, mutation: &str, selection: &str, input: Value) -> Reply {
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!(
            "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} clientMutationId userErrors {{ path code }} }} }}"
        );
        self.ask(who, &query, json!({ "input": input })).await
    }

    /// A mutation that has to succeed; its payload.
    pub async fn changed(&self, who: &Staff, mutation: &str, selection: &str, input: Value) -> Value {
        let reply = self.change(who, mutation, selection, input).await;
        let payload = reply.data(&format!("/{mutation}"));
        assert_eq!(payload["userErrors"], json!([]), "{mutation}");
        payload.clone()
    }

    /// What a mutation is told to correct: paths and codes.
    pub async fn refused(&self, who: &Staff, mutation: &str, input: Value) -> Vec<(String, String)> {
        let reply = self.change(who, mutation, "", input).await;
        let errors = reply.data(&format!("/{mutation}/userErrors")).as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        errors.iter().map(|error| (text(&error["path"]), text(&error["code"]))).collect()
    }

    /// The answer to a question of staff.
    pub async fn desk(&self, who: &Staff, selection: &str) -> Value {
        let reply = self.ask(who, &format!("{{ desk {{ {selection} }} }}"), json!({})).await;
        reply.data("/desk").clone()
    }

    /// Does something to a variant: `("publishVariant", {"expectedVersion": 3})`. Gives the variant, or the reply.
    pub async fn step(&self, who: &Staff, mutation: &str, variant: &str, more: Value) -> Reply {
        let input = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!(
            "mutation($input: {input}!) {{ {mutation}(input: $input) {{ variant {{ id version state hasUnpublishedChanges }} \
             userErrors {{ path code message }} }} }}"
        );
        let mut fields = more;
        fields["variantId"] = json!(variant);
        self.ask(who, &query, json!({ "input": fields })).await
    }

    /// A step that has to succeed; the variant's version after it.
    pub async fn done(&self, who: &Staff, mutation: &str, variant: &str, more: Value) -> i64 {
        let reply = self.step(who, mutation, variant, more).await;
        assert_eq!(reply.data(&format!("/{mutation}/userErrors")), &json!([]), "{mutation}");
        reply.data(&format!("/{mutation}/variant/version")).as_i64().unwrap()
    }

    /// Writes a story; gives the ids of the article and its variant.
    pub async fn write(&self, who: &Staff, language: &str, title: &str) -> (String, String) {
        let query = "mutation($input: CreateArticleInput!) { createArticle(input: $input) {
            variant { id articleId } userErrors { path code message } } }";
        let text = json!({"title": title, "body": {"markdown": format!("{title}.\n\nA second paragraph.")}});
        let reply = self.ask(who, query, json!({"input": {"language": language, "text": text}})).await;
        assert_eq!(reply.data("/createArticle/userErrors"), &json!([]));
        let id = |pointer: &str| reply.data(pointer).as_str().unwrap().to_owned();
        (id("/createArticle/variant/articleId"), id("/createArticle/variant/id"))
    }

    /// Writes a story and brings it to a state: DRAFT, IN_REVIEW, SCHEDULED, PUBLISHED, WITHDRAWN.
    pub async fn bring(&self, editor: &Staff, variant: &str, state: &str) {
        if state == "DRAFT" {
            return;
        }
        self.done(editor, "submitVariant", variant, json!({})).await;
        if state == "SCHEDULED" {
            self.done(editor, "scheduleVariant", variant, json!({"at": "2099-01-01T09:00:00+09:00"})).await;
        }
        if ["PUBLISHED", "WITHDRAWN"].contains(&state) {
            self.done(editor, "publishVariant", variant, json!({})).await;
        }
        if state == "WITHDRAWN" {
            self.done(editor, "withdrawVariant", variant, json!({"reason": "wrong"})).await;
        }
    }
}
