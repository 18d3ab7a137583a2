//! A story as ninjs, IPTC's News in JSON (<https://iptc.org/standards/ninjs/>): 3.1, and 2.2 for systems that read no other.
//!
//! There is one item for each language, because ninjs has no place for translations: the languages name each other as
//! associations. The standard allows no properties of our own, so what it has no word for is written in its words:
//! corrections, and pictures that a partner may not have, are associations, too.
//!
//! Everything here is a pure function of what it is given. Who may have what is decided elsewhere; what is withheld is
//! only named here, with the reason, and never its address.

mod corrections;
mod object;
mod older;
mod pictures;
mod story;
mod subjects;
#[cfg(test)]
mod tests;

pub use corrections::{ChangedBlock, changed_blocks};
pub use story::item;

use super::address::Addresses;
use super::article::Correction;
use super::body::Body;
use super::entity::{Entity, Image};
use super::ids::{ArticleId, CorrectionId, ImageId};
use super::language::{LanguageTag, Languages, Localized};
use super::named::named;
use super::partner::rights::Refusal;
use super::partner::{Reason, Status};
use super::published::PublishedVariant;
use object::Object;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

named! {
    /// A version of the standard that items are written in.
    Version "version of ninjs" {
        /// 3.1.
        V3 "ninjs3",
        /// 2.2.
        V2 "ninjs2",
    }
}

impl Version {
    /// The version as the standard numbers it.
    pub fn number(self) -> &'static str {
        match self {
            Self::V3 => "3.1",
            Self::V2 => "2.2",
        }
    }

    /// An item of [`item`] or [`tombstone`] in this version. What 2.2 has no property for is left out.
    pub fn write(self, item: Value) -> Value {
        let mut item = match self {
            Self::V3 => item,
            Self::V2 => older::renamed(item),
        };
        let schema = format!("http://www.iptc.org/std/ninjs/ninjs-schema_{}.json#", self.number());
        if let Some(object) = item.as_object_mut() {
            let standard = json!({"name": "ninjs", "version": self.number(), "schema": schema});
            object.insert("standard".to_owned(), standard);
        }
        item
    }
}

/// A story in one language, as somebody may have it.
pub struct Item<'a> {
    /// The story as it is published, or is going to be.
    pub variant: &'a PublishedVariant,
    /// What tells this state of the item from every other: two items of one version are the same.
    pub version: &'a str,
    /// The text; nothing for who gets headline, deks and summary.
    pub body: Option<&'a Body>,
    /// The languages that the receiver may have it in. Its own language may be among them.
    pub languages: &'a [Arc<PublishedVariant>],
    /// When everybody may see it, where that is still to come.
    pub embargoed_until: Option<OffsetDateTime>,
    /// The pictures that the receiver may not have, with the reason.
    pub withheld: &'a [(ImageId, Refusal)],
    /// What corrections changed in the text, as far as that is known.
    pub changed: &'a [(CorrectionId, Vec<ChangedBlock>)],
    /// Where and in which languages it is written.
    pub setting: Setting<'a>,
}

/// What items are written with.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The section, tags, authors and pictures that stories name, by id. What is not here is left out; a picture that is
    /// not here is one that nobody vouches for.
    pub entities: &'a HashMap<Uuid, Arc<Entity>>,
    /// Where things are found.
    pub addresses: &'a Addresses,
    /// The newsroom's languages.
    pub names: &'a Languages,
}

/// A story that is not to be shown, or not any more.
pub struct Tombstone<'a> {
    /// The story.
    pub article: ArticleId,
    /// The language that it is about.
    pub language: &'a LanguageTag,
    /// What tells this state of the item from every other.
    pub version: &'a str,
    /// Withheld or canceled.
    pub status: Status,
    /// Why.
    pub reason: Option<Reason>,
    /// What the newsroom says about it: a retraction.
    pub corrections: &'a [Correction],
}

/// The name of a story in a language, the same as long as there is the story. It is also where a partner finds it.
pub fn uri(addresses: &Addresses, article: ArticleId, language: &LanguageTag) -> String {
    format!("{}/v1/partner/articles/{article}?language={language}", addresses.service)
}

/// That a story is not to be shown, as ninjs 3.1: its name, and why, and nothing of what it said.
pub fn tombstone(story: &Tombstone<'_>, addresses: &Addresses) -> Value {
    let uri = uri(addresses, story.article, story.language);
    let notes = story.corrections.iter().map(corrections::sentence);
    let reason = story.reason.map(|reason| format!("{}: {reason}.", story.status));
    let notes: Vec<String> = reason.into_iter().chain(notes).collect();
    let told: Vec<Value> =
        story.corrections.iter().map(|one| corrections::association(one, &uri, story.language, &[])).collect();
    Object::default()
        .with("uri", json!(uri))
        .with("type", json!("text"))
        .with("representationType", json!("partial"))
        .with("version", json!(story.version))
        .with("pubStatus", json!(story.status))
        .with("language", json!(story.language))
        .with("edNote", json!(notes.join("\n")))
        .with("altIds", json!([object::alternative("article", &story.article)]))
        .with("associations", told.into())
        .into()
}

impl Setting<'_> {
    fn entity(&self, id: Uuid) -> Option<&Entity> {
        self.entities.get(&id).map(AsRef::as_ref)
    }

    fn image(&self, id: ImageId) -> Option<&Image> {
        match self.entity(id.0)? {
            Entity::Image(image) => Some(image),
            _ => None,
        }
    }

    fn best(&self, texts: &Localized, language: &LanguageTag) -> Option<String> {
        self.names.best(texts, language).map(|(_, text)| text.to_owned())
    }
}
