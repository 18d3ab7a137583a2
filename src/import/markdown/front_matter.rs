//! What the files may hold. A key that is not here is an error that names the file and the key.

use crate::domain::article::{BylineRole, CorrectionKind, Kind, Origin, Relation};
use crate::domain::entity::{Link, TagKind};
use crate::domain::image::{DigitalSourceType, FocalPoint};
use crate::domain::language::{LanguageTag, Localized};
use crate::error::{Error, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use time::OffsetDateTime;
use time::serde::rfc3339;

/// The head of a story's file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FrontMatter {
    pub(super) title: String,
    #[serde(default)]
    pub(super) deks: Vec<String>,
    pub(super) slug: Option<String>,
    pub(super) summary: Option<String>,
    #[serde(default)]
    pub(super) authors: Vec<Person>,
    #[serde(default)]
    pub(super) translators: Vec<String>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    pub(super) section: Option<String>,
    pub(super) kind: Option<Kind>,
    pub(super) image: Option<Picture>,
    #[serde(default)]
    pub(super) status: Status,
    #[serde(default, with = "rfc3339::option")]
    pub(super) published_at: Option<OffsetDateTime>,
    #[serde(default, with = "rfc3339::option")]
    pub(super) updated_at: Option<OffsetDateTime>,
    #[serde(default)]
    pub(super) related: Vec<Relative>,
    #[serde(default)]
    pub(super) corrections: Vec<Note>,
    pub(super) translation: Option<Source>,
    #[serde(default)]
    pub(super) seo: SeoTexts,
}

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Draft,
    InReview,
    Scheduled,
    #[default]
    Published,
}

/// An author, by slug alone or with a role.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected an author's slug, or { slug, role } with a byline role")]
pub(super) enum Person {
    Slug(String),
    #[serde(rename_all = "camelCase")]
    WithRole {
        slug: String,
        role: BylineRole,
    },
}

impl Person {
    pub(super) fn parts(&self) -> (&str, BylineRole) {
        match self {
            Self::Slug(slug) => (slug, BylineRole::Author),
            Self::WithRole { slug, role } => (slug, *role),
        }
    }
}

/// Another story, by folder alone or with a relation.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a folder's name, or { article, relation } with a relation")]
pub(super) enum Relative {
    Folder(String),
    WithRelation { article: String, relation: Relation },
}

impl Relative {
    pub(super) fn parts(&self) -> (&str, Relation) {
        match self {
            Self::Folder(folder) => (folder, Relation::Curated),
            Self::WithRelation { article, relation } => (article, *relation),
        }
    }
}

/// The lead image. A translation gives alt text and caption only.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Picture {
    pub(super) file: Option<String>,
    pub(super) alt: Option<String>,
    pub(super) caption: Option<String>,
    pub(super) credit: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) digital_source_type: Option<DigitalSourceType>,
    pub(super) focal_point: Option<FocalPoint>,
}

/// A correction.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Note {
    pub(super) kind: CorrectionKind,
    #[serde(with = "rfc3339")]
    pub(super) at: OffsetDateTime,
    pub(super) text: String,
    pub(super) signed: Option<String>,
}

/// Where a text was translated from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Source {
    pub(super) origin: Origin,
    pub(super) from: LanguageTag,
    pub(super) reviewed_by: Option<String>,
}

/// Texts for search engines.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeoTexts {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
}

/// An entry of `authors.yaml`, under the author's slug.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedAuthor {
    pub(super) names: Localized,
    #[serde(default)]
    pub(super) bios: Localized,
    #[serde(default)]
    pub(super) links: Vec<Link>,
    pub(super) portrait: Option<Portrait>,
}

/// A picture of an author.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Portrait {
    pub(super) file: String,
    #[serde(default)]
    pub(super) alt: Localized,
    #[serde(default)]
    pub(super) caption: Localized,
    pub(super) credit: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) digital_source_type: Option<DigitalSourceType>,
    pub(super) focal_point: Option<FocalPoint>,
}

/// An entry of `tags.yaml`, under the name that stories use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedTag {
    #[serde(default = "topic")]
    pub(super) kind: TagKind,
    pub(super) names: Localized,
    #[serde(default)]
    pub(super) slugs: Localized,
}

fn topic() -> TagKind {
    TagKind::Topic
}

/// An entry of `sections.yaml`, in the order of the menu.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedSection {
    pub(super) key: String,
    pub(super) parent: Option<String>,
    pub(super) names: Localized,
    #[serde(default)]
    pub(super) slugs: Localized,
}

/// An entry of `collections.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedCollection {
    pub(super) key: String,
    pub(super) names: Localized,
    #[serde(default)]
    pub(super) slugs: Localized,
    /// The names of folders, per language.
    #[serde(default)]
    pub(super) items: BTreeMap<LanguageTag, Vec<String>>,
}

/// Parts a file into its head and its text. `name` is what errors call it.
pub(super) fn read(name: &str, text: &str) -> Result<(FrontMatter, String)> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let wrong = || Error::invalid(name, "must begin with a line `---`, front matter, and another line `---`");
    let inside = text.strip_prefix("---\n").ok_or_else(wrong)?;
    let (head, body) = match inside.split_once("\n---\n") {
        Some(parts) => parts,
        None => (inside.strip_suffix("\n---").ok_or_else(wrong)?, ""),
    };
    // The line above makes the parser count lines as an editor does.
    let head = serde_yaml_ng::from_str(&format!("\n{head}\n")).map_err(|error| Error::invalid(name, error))?;
    Ok((head, body.to_owned()))
}

/// Reads one of the lists beside the stories; nothing where it is not there.
pub(super) fn read_list<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Option<T>> {
    let text = match std::fs::read_to_string(folder.join(name)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::invalid(name, error)),
    };
    serde_yaml_ng::from_str(&text).map(Some).map_err(|error| Error::invalid(name, error))
}
