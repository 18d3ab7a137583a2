//! An article and its variants as the desk knows them: what is shared by all languages, and what one language says.

use super::body::Body;
use super::ids::{ArticleId, AuthorId, ImageId, RevisionId, SectionId, TagId};
use super::language::LanguageTag;
use super::named::named;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

named! {
    /// What kind of journalism a story is.
    Kind "kind" {
        /// What happened.
        News "NEWS",
        /// What it means.
        Analysis "ANALYSIS",
        /// Graphic and data news.
        Data "DATA",
        /// Somebody's view.
        Opinion "OPINION",
        /// A reporter's column: "this is not an article".
        Notebook "NOTEBOOK",
        /// Questions and answers.
        Interview "INTERVIEW",
        /// The newsroom's own view.
        Editorial "EDITORIAL",
        /// A few lines.
        Brief "BRIEF",
    }
}

impl Kind {
    /// The constant under which "all stories of this kind" is kept in the index of lists.
    pub fn facet(self) -> Uuid {
        Uuid::from_u128(1 + self as u128)
    }
}

named! {
    /// What an author did for a story.
    BylineRole "byline role" {
        /// Wrote it.
        Author "AUTHOR",
        /// Took the pictures.
        Photographer "PHOTOGRAPHER",
        /// Translated it.
        Translator "TRANSLATOR",
        /// Edited it.
        Editor "EDITOR",
        /// Helped.
        Contributor "CONTRIBUTOR",
    }
}

named! {
    /// How an editor relates one story to another.
    Relation "relation" {
        /// Always shown, before all others.
        Pinned "PINNED",
        /// Shown, in the editor's order.
        Curated "CURATED",
        /// Never shown.
        Banned "BANNED",
    }
}

named! {
    /// Where a variant's text came from.
    Origin "translation origin" {
        /// Written in this language.
        Original "ORIGINAL",
        /// Translated by a person.
        Human "HUMAN",
        /// Translated by a machine and not reviewed.
        Machine "MACHINE",
        /// Translated by a machine, edited by a person.
        MachineEdited "MACHINE_EDITED",
    }
}

named! {
    /// What a correction is.
    CorrectionKind "correction kind" {
        /// Something was wrong.
        Correction "CORRECTION",
        /// Something could be misread.
        Clarification "CLARIFICATION",
        /// Something happened since.
        Update "UPDATE",
        /// The story does not stand.
        Retraction "RETRACTION",
    }
}

/// An author's place on a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Byline {
    /// Who.
    pub author: AuthorId,
    /// Did what.
    pub role: BylineRole,
}

/// An editor's word on another story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RelatedLink {
    /// The other story.
    pub article: ArticleId,
    /// How it relates.
    pub relation: Relation,
}

/// What all languages of a story share. A variant is published with a snapshot of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// What kind of journalism it is.
    pub kind: Kind,
    /// Its section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<SectionId>,
    /// The picture that stands for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_image: Option<ImageId>,
    /// Its tags, in the editor's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<TagId>,
    /// Who made it, in order. Translators are named by the variant that they translated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bylines: Vec<Byline>,
    /// Other stories that an editor pinned, chose or banned, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedLink>,
}

/// What search engines and social networks are told instead of headline and summary.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seo {
    /// Instead of the headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Instead of the summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Seo {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a translated variant came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// Who or what made it.
    pub origin: Origin,
    /// The language that it was made from.
    pub source_language: LanguageTag,
    /// The revision of the source that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_revision: Option<RevisionId>,
    /// The hash of the source's text in that revision: another one now means that the translation is stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_hash: Option<String>,
    /// Who read it against the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_by: Option<String>,
    /// Who translated it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub translators: Vec<AuthorId>,
}

/// What a variant says: everything that an editor types in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The headline. Plain text.
    pub title: String,
    /// The lines under the headline. Plain text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deks: Vec<String>,
    /// The part of the address that names the story.
    pub slug: String,
    /// A few sentences for lists and previews. Plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The story.
    pub body: Body,
    /// For search engines.
    #[serde(default, skip_serializing_if = "Seo::is_empty")]
    pub seo: Seo,
    /// Where it was translated from; nothing for an original.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translation: Option<Translation>,
}

impl Content {
    /// A hash of the text that a translator would have to read again: headline, deks, summary and blocks.
    ///
    /// 128 bits of SHA-256, in hexadecimal. Slug, SEO and translation record do not count.
    pub fn text_hash(&self) -> String {
        let mut hasher = Sha256::new();
        let mut part = |text: &str| {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text.as_bytes());
        };
        part(&self.title);
        part(&self.deks.len().to_string());
        self.deks.iter().for_each(|dek| part(dek));
        part(self.summary.as_deref().unwrap_or_default());
        self.body.blocks.iter().for_each(|block| part(&block.hash));
        hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A dated, public note on a published variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Its id.
    pub id: super::ids::CorrectionId,
    /// What it is.
    pub kind: CorrectionKind,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What it says. Plain text.
    pub text: String,
    /// Who signs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
    /// The correction of another language that this one passes on to its own readers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carries: Option<super::ids::CorrectionId>,
}
