//! What staff do with what stories refer to: names, the tree of sections, front pages, merges, the archive, redirects.

mod archive;
mod changing;
mod collections;
mod desk_lists;
mod guard;
mod merge;
mod redirects;
mod sections;

use crate::support::Server;
use serde_json::{Value, json};

impl Server {
    /// The id of a tag, section or collection by its slug in a language, as readers see it.
    async fn id_of(&self, kind: &str, language: &str, slug: &str) -> String {
        let query = format!("{{ {kind}(by: {{slug: {{slug: \"{slug}\", language: \"{language}\"}}}}) {{ id }} }}");
        let reply = self.query(&query).await;
        reply.data(&format!("/{kind}/id")).as_str().unwrap_or_else(|| panic!("no {kind} {slug}")).to_owned()
    }

    /// The id of an author by slug, as readers see it.
    async fn author_id(&self, slug: &str) -> String {
        let reply = self.query(&format!("{{ author(by: {{slug: \"{slug}\"}}) {{ id }} }}")).await;
        reply.data("/author/id").as_str().unwrap_or_else(|| panic!("no author {slug}")).to_owned()
    }

    /// The kinds of all entries of the change log behind one, with what they are about.
    async fn changes_after(&self, cursor: Option<&str>) -> (Vec<String>, String) {
        let query = "query($after: String) { changes(after: $after, first: 100) { edges { cursor node { kind language entityId } } } }";
        let reply = self.query_with(query, json!({ "after": cursor })).await;
        let edges = reply.data("/changes/edges").as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let line = |edge: &Value| {
            let node = &edge["node"];
            format!("{} {}{}", text(&node["kind"]), text(&node["language"]), text(&node["entityId"]))
        };
        let last = edges.last().map(|edge| text(&edge["cursor"]));
        (edges.iter().map(line).collect(), last.or(cursor.map(str::to_owned)).unwrap_or_default())
    }
}

/// `[{language, text}]`
fn texts(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(language, text)| json!({"language": language, "text": text})).collect()
}

fn pair(path: &str, code: &str) -> (String, String) {
    (path.to_owned(), code.to_owned())
}
