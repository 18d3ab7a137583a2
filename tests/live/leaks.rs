//! Nothing unpublished leaks: random newsrooms are edited at random, and after each step somebody without a credential
//! walks everything that there is and must see exactly what a small model says is published.

mod model;
mod walk;

use crate::support::{Database, Kind, Server, Staff};
use model::{ENTITIES, Model};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use serde_json::{Value, json};

/// What to do, and two numbers that say to what.
type Step = (u8, u8, u8);

const STEPS: [&str; 8] = [
    "submitVariant",
    "publishVariant",
    "publishVariant",
    "withdrawVariant",
    "reopenVariant",
    "sendBackVariant",
    "discardChanges",
    "scheduleVariant",
];

/// One editor at work, and the model of what readers should see.
struct Desk {
    server: Server,
    editor: Staff,
    model: Model,
}

impl Desk {
    async fn open(kind: Kind) -> Self {
        let limits = ["ALIASES", "ROOT_FIELDS", "TOKENS", "COMPLEXITY"].map(|name| format!("BYLINE_LIMITS__{name}"));
        let settings: Vec<(&str, &str)> = limits.iter().map(|name| (name.as_str(), "100000000")).collect();
        let server = Server::start(Database::empty(kind).await, &settings);
        let editor = server.staff("editor").await;
        Self { server, editor, model: Model::default() }
    }

    /// Does a mutation; gives its payload where it was done.
    async fn try_to(&self, mutation: &str, selection: &str, input: Value) -> Option<Value> {
        let reply = self.server.change(&self.editor, mutation, selection, input).await;
        if let Some(code) = reply.json["errors"][0]["extensions"]["code"].as_str() {
            assert_eq!(code, "ILLEGAL_TRANSITION", "{mutation}: {:#}", reply.json);
            return None;
        }
        let payload = reply.data(&format!("/{mutation}"));
        (payload["userErrors"] == json!([])).then(|| payload.clone())
    }

    async fn run(&mut self, (what, a, b): Step) {
        let (text, story) = (self.model.pick_text(a), self.model.pick_story(a));
        match (what % 16, text, story) {
            (0..=1, ..) | (_, None, _) | (_, _, None) => self.write(if b % 2 == 0 { "ko" } else { "en" }).await,
            (2, _, Some(story)) => self.translate(story).await,
            (3..=4, Some(text), _) => self.revise(text).await,
            (5, ..) => self.add_entity(usize::from(b) % ENTITIES.len()).await,
            (6..=7, _, Some(story)) => self.assign(story, b).await,
            (8, ..) => self.rename(b).await,
            (9, Some(text), _) => self.correct(text).await,
            (_, Some(text), _) => self.step(text, STEPS[usize::from(b) % STEPS.len()]).await,
        }
    }

    async fn write(&mut self, language: &str) {
        let (token, slug) = (self.model.token(), self.model.token());
        let mut text = texts(&token);
        text["slug"] = json!(slug);
        let input = json!({"language": language, "text": text});
        let made = self.try_to("createArticle", "variant { id articleId }", input).await.unwrap();
        let id = |name: &str| made["variant"][name].as_str().unwrap().to_owned();
        self.model.written(id("articleId"), id("id"), language, token, slug);
    }

    async fn translate(&mut self, story: usize) {
        let input = json!({"articleId": self.model.stories[story], "to": "en"});
        let Some(made) = self.try_to("translateArticle", "variant { id head { title slug } }", input).await else {
            return;
        };
        let field = |pointer: &str| made.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        let id = field("/variant/id");
        // Its text is the source's until somebody writes over it.
        let (token, slug) = (self.model.token(), self.model.token());
        let mut text = texts(&token);
        text["slug"] = json!(slug);
        self.try_to("reviseVariant", "", json!({"variantId": id, "text": text})).await.unwrap();
        self.model.translated(story, id, token, slug);
    }

    async fn revise(&mut self, text: usize) {
        let token = self.model.token();
        let input = json!({"variantId": self.model.texts[text].id, "text": texts(&token)});
        if self.try_to("reviseVariant", "", input).await.is_some() {
            self.model.texts[text].head = token;
        }
    }

    async fn add_entity(&mut self, kind: usize) {
        let token = self.model.token();
        let (create, field) = ENTITIES[kind];
        let input = json!({"names": [{"language": "ko", "text": token}]});
        let made = self.try_to(create, &format!("{field} {{ id }}"), input).await.unwrap();
        self.model.added(kind, made[field]["id"].as_str().unwrap().to_owned(), token);
    }

    async fn assign(&mut self, story: usize, which: u8) {
        let Some(entity) = self.model.pick_entity(which) else { return };
        let shared = self.model.assigned(story, entity);
        let input = json!({"articleId": self.model.stories[story], "shared": shared});
        self.try_to("updateArticle", "", input).await.unwrap();
    }

    async fn rename(&mut self, which: u8) {
        let Some(entity) = self.model.pick_entity(which) else { return };
        let token = self.model.token();
        let (kind, id) = (self.model.entities[entity].kind, self.model.entities[entity].id.clone());
        let field = ENTITIES[kind].1;
        let mutation = ENTITIES[kind].0.replace("create", "update");
        let input = json!({format!("{field}Id"): id, "names": [{"language": "ko", "text": token}]});
        self.try_to(&mutation, "", input).await.unwrap();
        self.model.renamed(entity, token);
    }

    async fn correct(&mut self, text: usize) {
        let token = self.model.token();
        let input = json!({"variantId": self.model.texts[text].id, "kind": "UPDATE", "text": token});
        if self.try_to("addCorrection", "", input).await.is_some() {
            self.model.corrected(text, token);
        }
    }

    async fn step(&mut self, text: usize, step: &str) {
        let mut input = json!({"variantId": self.model.texts[text].id});
        match step {
            "withdrawVariant" => input["reason"] = json!(self.model.token()),
            "sendBackVariant" => input["note"] = json!(self.model.token()),
            "scheduleVariant" => input["at"] = json!("2099-01-01T00:00:00Z"),
            _ => {}
        }
        if self.try_to(step, "", input).await.is_some() {
            self.model.stepped(text, step);
        }
    }
}

/// Everything that a text says carries the token.
fn texts(token: &str) -> Value {
    json!({
        "title": format!("글 {token}"), "deks": [token], "summary": token, "seoTitle": token,
        "body": {"markdown": format!("{token}\n\n- {token}")},
    })
}

fn nothing_leaks(kind: Kind, cases: u32) {
    let config = Config {
        cases,
        max_shrink_iters: 40,
        failure_persistence: None::<Box<FileFailurePersistence>>.map(|it| it as _),
        ..Config::default()
    };
    let steps = prop::collection::vec(any::<Step>(), 10..40);
    let checked = TestRunner::new(config).run(&steps, |steps| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut desk = Desk::open(kind).await;
            for step in &steps {
                desk.run(*step).await;
                let wrong = walk::compare(&desk.server, &desk.model).await;
                prop_assert!(wrong.is_empty(), "after {step:?}: {wrong:#?}");
            }
            Ok(())
        })
    });
    if let Err(error) = checked {
        panic!("{error}");
    }
}

#[test]
fn nobody_sees_what_is_not_published_on_sqlite() {
    nothing_leaks(Kind::Sqlite, 8);
}

#[test]
fn nobody_sees_what_is_not_published_on_postgresql() {
    nothing_leaks(Kind::Postgres, 8);
}
