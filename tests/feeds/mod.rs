//! Feeds, sitemaps, oEmbed and pings of hubs, as readers' programs, aggregators and search engines meet them.

mod changes;
mod formats;
mod lists;
mod oembed;
mod sitemaps;
mod validators;
mod websub;

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
    /// A header's value; empty if it is not there.
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// How many SQL statements it took.
    fn statements(&self) -> u32 {
        self.header("byline-sql-statements").parse().unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The texts of all elements of a name, as they are written.
    fn elements(&self, name: &str) -> Vec<&str> {
        let (start, end) = (format!("<{name}>"), format!("</{name}>"));
        self.text.split(&start).skip(1).map(|rest| rest.split_once(&end).unwrap().0).collect()
    }
}

async fn fetch(server: &Server, path: &str) -> Page {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let response = client.get(format!("{}{path}", server.address())).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Page { status, headers, text: response.text().await.unwrap() }
}

/// A page that has to be there.
async fn found(server: &Server, path: &str) -> Page {
    let page = fetch(server, path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    page
}

/// The path of an address of the service.
fn local(address: &str) -> &str {
    address.strip_prefix("https://api.news.example").unwrap_or_else(|| panic!("not ours: {address}"))
}

/// The headlines of a JSON feed.
async fn titles(server: &Server, path: &str) -> Vec<String> {
    let feed = found(server, path).await.json();
    let title = |item: &Value| item["title"].as_str().unwrap().to_owned();
    feed["items"].as_array().unwrap().iter().map(title).collect()
}
