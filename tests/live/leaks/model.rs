//! What readers should see, in its simplest form: every text has a token that appears nowhere else.

use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is made by a mutation, and what its payload calls it.
pub const ENTITIES: [(&str, &str); 2] = [("createTag", "tag"), ("createAuthor", "author")];

/// A tag or an author.
pub struct Entity {
    pub kind: usize,
    pub id: String,
    token: String,
}

/// A story in one language.
pub struct Text {
    pub id: String,
    pub story: usize,
    pub language: &'static str,
    pub slug: String,
    pub head: String,
    /// What readers see: the text, and what it refers to.
    live: Option<(String, Vec<usize>)>,
    corrections: Vec<String>,
}

#[derive(Default)]
pub struct Model {
    tokens: usize,
    /// The ids of the stories, and what each refers to now.
    pub stories: Vec<String>,
    shared: Vec<Vec<usize>>,
    pub texts: Vec<Text>,
    pub entities: Vec<Entity>,
    /// Kind, and the id of the story or entity.
    pub events: Vec<(&'static str, String)>,
}

/// What of a story or text or entity is to be seen.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub tokens: BTreeSet<String>,
    pub ids: BTreeSet<String>,
}

fn pick(number: u8, of: usize) -> Option<usize> {
    usize::from(number).checked_rem(of)
}

impl Model {
    pub fn token(&mut self) -> String {
        self.tokens += 1;
        format!("zq{}z", self.tokens)
    }

    pub fn pick_text(&self, number: u8) -> Option<usize> {
        pick(number, self.texts.len())
    }

    pub fn pick_story(&self, number: u8) -> Option<usize> {
        pick(number, self.stories.len())
    }

    pub fn pick_entity(&self, number: u8) -> Option<usize> {
        pick(number, self.entities.len())
    }

    pub fn written(&mut self, story: String, id: String, language: &str, head: String, slug: String) {
        self.stories.push(story);
        self.shared.push(Vec::new());
        self.add_text(self.stories.len() - 1, id, if language == "ko" { "ko" } else { "en" }, head, slug);
    }

    pub fn translated(&mut self, story: usize, id: String, head: String, slug: String) {
        self.add_text(story, id, "en", head, slug);
    }

    fn add_text(&mut self, story: usize, id: String, language: &'static str, head: String, slug: String) {
        self.texts.push(Text { id, story, language, slug, head, live: None, corrections: Vec::new() });
    }

    pub fn added(&mut self, kind: usize, id: String, token: String) {
        self.entities.push(Entity { kind, id, token });
    }

    /// Adds an entity to a story, or takes it away; gives what all its languages share now.
    pub fn assigned(&mut self, story: usize, entity: usize) -> Value {
        let shared = &mut self.shared[story];
        match shared.iter().position(|own| *own == entity) {
            Some(place) => drop(shared.remove(place)),
            None => shared.push(entity),
        }
        let of = |kind: usize| shared.iter().map(|own| &self.entities[*own]).filter(move |entity| entity.kind == kind);
        let tags: Vec<&str> = of(0).map(|entity| entity.id.as_str()).collect();
        let bylines: Vec<Value> = of(1).map(|entity| json!({"authorId": entity.id})).collect();
        json!({"tagIds": tags, "bylines": bylines})
    }

    pub fn renamed(&mut self, entity: usize, token: String) {
        self.entities[entity].token = token;
        if self.texts.iter().any(|text| text.live.as_ref().is_some_and(|(_, shared)| shared.contains(&entity))) {
            self.events.push(("ENTITY_CHANGED", self.entities[entity].id.clone()));
        }
    }

    pub fn corrected(&mut self, text: usize, token: String) {
        self.texts[text].corrections.push(token);
        self.tell("CORRECTED", text);
    }

    pub fn stepped(&mut self, number: usize, step: &str) {
        let text = &mut self.texts[number];
        match step {
            "publishVariant" => {
                let shown = (text.head.clone(), self.shared[text.story].clone());
                let before = text.live.replace(shown);
                self.tell(if before.is_some() { "UPDATED" } else { "PUBLISHED" }, number);
            }
            "withdrawVariant" => {
                text.live = None;
                self.tell("WITHDRAWN", number);
            }
            "discardChanges" => text.head.clone_from(&text.live.as_ref().unwrap().0),
            _ => {}
        }
    }

    fn tell(&mut self, kind: &'static str, text: usize) {
        let story = self.texts[text].story;
        self.events.push((kind, self.stories[story].clone()));
    }

    pub fn is_live(&self, text: &Text) -> bool {
        text.live.is_some()
    }

    /// How many stories are served to readers of these languages.
    pub fn count(&self, languages: &[&str]) -> usize {
        let served = self.texts.iter().filter(|text| text.live.is_some() && languages.contains(&text.language));
        served.map(|text| text.story).collect::<BTreeSet<_>>().len()
    }

    /// Everything that is to be seen by somebody who looks everywhere.
    pub fn seen(&self) -> Seen {
        let mut seen = Seen::default();
        for text in &self.texts {
            let Some((token, shared)) = &text.live else { continue };
            seen.tokens.extend([token.clone(), text.slug.clone()]);
            seen.tokens.extend(text.corrections.iter().cloned());
            seen.ids.extend([text.id.clone(), self.stories[text.story].clone()]);
            for entity in shared.iter().map(|entity| &self.entities[*entity]) {
                seen.tokens.insert(entity.token.clone());
                seen.ids.insert(entity.id.clone());
            }
        }
        seen
    }
}
