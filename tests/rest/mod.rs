//! The JSON API as programs meet it that don't speak GraphQL.

mod described;
mod errors;
mod examples;
mod lists;
mod memory;
mod reading;
mod statements;

use crate::support::Server;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// An answer as it came: redirects are not followed.
#[derive(Debug, Clone)]
struct Page {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Page {
    /// A header's values, one a line; empty if it is not there.
    fn header(&self, name: &str) -> String {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>().join("\n")
    }

    /// How many SQL statements it took.
    fn statements(&self) -> u32 {
        self.header("byline-sql-statements").parse().unwrap()
    }

    /// The document; the test fails if it was not found.
    fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    /// The problem.
    fn problem(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    /// The members of a document, in order.
    fn members(&self) -> Vec<String> {
        self.json().as_object().unwrap().keys().cloned().collect()
    }
}

async fn fetch(server: &Server, path: &str) -> Page {
    fetch_with(server, path, &[]).await
}

async fn fetch_with(server: &Server, path: &str, headers: &[(&str, &str)]) -> Page {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut request = client.get(format!("{}{path}", server.address()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Page { status, headers, text: response.text().await.unwrap() }
}

/// The texts of a member of all items of a list.
fn each<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list["items"].as_array().unwrap().iter().map(|item| item[member].as_str().unwrap_or("")).collect()
}
