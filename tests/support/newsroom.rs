//! Small newsrooms, written as a folder of Markdown and brought in with `byline import markdown`.

use super::{Database, Kind, Server, run, write};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// A story on its way into a newsroom. The language that is given first is the original, the others translate it.
///
/// `Story::new("a").ko("제목").en("Title").at("2026-01-01T09:00:00+09:00").tags(&["x"])`
#[derive(Debug, Clone)]
pub struct Story {
    folder: String,
    shared: Map<String, Value>,
    texts: Vec<(&'static str, Map<String, Value>, String)>,
}

impl Story {
    /// A story that `externalId { system: "markdown", id: folder }` names.
    pub fn new(folder: &str) -> Self {
        Self { folder: folder.to_owned(), shared: Map::new(), texts: Vec::new() }
    }

    pub fn ko(self, title: &str) -> Self {
        self.text("ko", title)
    }

    pub fn en(self, title: &str) -> Self {
        self.text("en", title)
    }

    fn text(mut self, language: &'static str, title: &str) -> Self {
        let mut head = Map::new();
        head.insert("title".into(), title.into());
        if let Some((original, ..)) = self.texts.first() {
            head.insert("translation".into(), json!({"origin": "HUMAN", "from": original}));
        }
        self.texts.push((language, head, "Text.\n".to_owned()));
        self
    }

    /// When all languages given so far were published.
    pub fn at(mut self, moment: &str) -> Self {
        for (_, head, _) in &mut self.texts {
            head.insert("publishedAt".into(), moment.into());
        }
        self
    }

    /// One line of the front matter of one language.
    pub fn set(mut self, language: &str, key: &str, value: Value) -> Self {
        let text = self.texts.iter_mut().find(|(own, ..)| *own == language);
        text.expect("set before the language was given").1.insert(key.to_owned(), value);
        self
    }

    pub fn body(mut self, language: &str, markdown: &str) -> Self {
        let text = self.texts.iter_mut().find(|(own, ..)| *own == language);
        markdown.clone_into(&mut text.expect("a body before its language").2);
        self
    }

    /// Where all languages given so far stand: `draft`, `in_review`, `scheduled`, `published`.
    pub fn status(mut self, status: &str) -> Self {
        for (_, head, _) in &mut self.texts {
            head.insert("status".into(), status.into());
        }
        self
    }

    pub fn tags(self, names: &[&str]) -> Self {
        self.share("tags", json!(names))
    }

    pub fn authors(self, slugs: &[&str]) -> Self {
        self.share("authors", json!(slugs))
    }

    pub fn section(self, key: &str) -> Self {
        self.share("section", json!(key))
    }

    pub fn kind(self, kind: &str) -> Self {
        self.share("kind", json!(kind))
    }

    /// `json!(["b", {"article": "c", "relation": "PINNED"}])`
    pub fn related(self, links: Value) -> Self {
        self.share("related", links)
    }

    /// A lead image, drawn for this story.
    pub fn picture(self) -> Self {
        self.image(json!({"file": "lead.svg", "alt": "그림"}))
    }

    /// The same with more said of it: `json!({"file": "lead.svg", "credit": "..."})`.
    pub fn image(self, facts: Value) -> Self {
        self.share("image", facts)
    }

    fn share(mut self, key: &str, value: Value) -> Self {
        self.shared.insert(key.to_owned(), value);
        self
    }

    fn write(&self, newsroom: &TempDir) {
        for (index, (language, head, body)) in self.texts.iter().enumerate() {
            let mut head = head.clone();
            if index == 0 {
                head.extend(self.shared.clone());
            }
            // JSON is YAML.
            let text = format!("---\n{}\n---\n\n{body}", Value::Object(head));
            write(newsroom.path(), &format!("{}/{language}.md", self.folder), &text);
        }
        write(newsroom.path(), &format!("{}/lead.svg", self.folder), &drawing(&self.folder));
    }
}

/// A picture that no other name gives.
pub fn drawing(name: &str) -> String {
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><title>{name}</title></svg>"#)
}

/// A folder of stories and lists.
#[derive(Debug, Default)]
pub struct Newsroom {
    stories: Vec<Story>,
    files: Vec<(String, String)>,
}

impl Newsroom {
    pub fn of(stories: impl IntoIterator<Item = Story>) -> Self {
        Self { stories: stories.into_iter().collect(), files: Vec::new() }
    }

    /// A file beside the stories: `tags.yaml`, `sections.yaml`, a portrait.
    pub fn file(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Brings it into a database; what is there already stays.
    pub fn import(&self, database: &Database) {
        let folder = TempDir::new().unwrap();
        for story in &self.stories {
            story.write(&folder);
        }
        for (name, text) in &self.files {
            write(folder.path(), name, text);
        }
        run(database, &["import", "markdown", folder.path().to_str().unwrap()], 0);
    }

    /// Serves it from a database of its own.
    pub async fn serve(&self, kind: Kind) -> Server {
        self.serve_with(kind, &[]).await
    }

    /// The same by a server that makes each answer anew, for what is changed past it.
    pub async fn serve_anew(&self, kind: Kind) -> Server {
        self.serve_with(kind, &[("BYLINE_CACHE__MEGABYTES", "0"), ("BYLINE_CACHE__ENTITIES", "0")]).await
    }

    /// The same with more settings from the environment.
    pub async fn serve_with(&self, kind: Kind, settings: &[(&str, &str)]) -> Server {
        let database = Database::empty(kind).await;
        self.import(&database);
        Server::start(database, settings)
    }
}

impl Server {
    /// The id of the story that came from a folder.
    pub async fn article_id(&self, folder: &str) -> String {
        let query = "query($id: String!) { article(by: {externalId: {system: \"markdown\", id: $id}}) { id } }";
        let reply = self.query_with(query, json!({"id": folder})).await;
        reply.data("/article/id").as_str().unwrap().to_owned()
    }

    /// The texts at `pointer` in every element of the list at `list`.
    pub async fn texts(&self, query: &str, list: &str, pointer: &str) -> Vec<String> {
        let reply = self.query(query).await;
        let items = reply.data(list).as_array().unwrap_or_else(|| panic!("no list at {list} in {:#}", reply.json));
        let text = |item: &Value| item.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        items.iter().map(|item| text(item).unwrap_or_else(|| panic!("no text at {pointer} in {item:#}"))).collect()
    }
}
