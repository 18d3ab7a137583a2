//! What documents are written with: the reader's language, the newsroom's languages and addresses, and what stories name.

use crate::domain::address::Addresses;
use crate::domain::entity::Entity;
use crate::domain::language::{LanguageTag, Languages, Localized};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// What documents are written with.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The language that names and texts are wanted in.
    pub language: &'a LanguageTag,
    /// The newsroom's languages.
    pub languages: &'a Languages,
    /// Where things are found.
    pub addresses: &'a Addresses,
    /// Authors, sections, tags and images that are visible, by id. What is not here is left out.
    pub entities: &'a HashMap<Uuid, Arc<Entity>>,
}

impl Setting<'_> {
    /// The best of a kind of texts.
    pub fn text(&self, texts: &Localized) -> Option<String> {
        self.languages.best(texts, self.language).map(|(_, text)| text.to_owned())
    }

    /// Something that is visible.
    pub fn entity(&self, id: Uuid) -> Option<&Entity> {
        self.entities.get(&id).map(AsRef::as_ref)
    }
}
