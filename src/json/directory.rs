//! Authors, sections, tags, collections, languages and changes as JSON.

use super::Image;
use super::Setting;
use crate::domain::entity::{self, EntityKind, TagKind};
use crate::domain::ids::{ArticleId, AuthorId, CollectionId, SectionId, TagId};
use crate::domain::language::{self, Direction, LanguageTag, Localized};
use crate::domain::published::{self, ChangeKind};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// A person or a desk.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Author {
    /// `aut_` and 26 characters.
    #[schema(value_type = String)]
    pub id: AuthorId,
    /// The same in all languages.
    pub slug: String,
    /// The name, in the script of the language where it is known.
    pub name: String,
    /// The name in every language that it is known in, by language tag.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub names: Localized,
    /// A few words about the author.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bio: Option<String>,
    /// A picture of the author.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub portrait: Option<Image>,
    /// Pages and accounts.
    pub links: Vec<AuthorLink>,
}

/// A link of an author.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuthorLink {
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

impl Author {
    /// An author; the portrait is among what is visible.
    pub fn new(author: &entity::Author, setting: &Setting<'_>) -> Self {
        let link = |link: &entity::Link| AuthorLink { label: link.label.clone(), url: link.url.clone() };
        Self {
            id: author.id,
            slug: author.slug.clone(),
            name: setting.text(&author.names).unwrap_or_default(),
            names: author.names.clone(),
            bio: setting.text(&author.bios),
            portrait: author.portrait.and_then(|id| Image::find(id, setting)),
            links: author.links.iter().map(link).collect(),
        }
    }
}

/// A place in the tree of sections.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    /// `sec_` and 26 characters.
    #[schema(value_type = String)]
    pub id: SectionId,
    /// The name.
    pub name: String,
    /// The slug.
    pub slug: String,
    /// The sections above it, the nearest first.
    #[schema(value_type = Vec<String>)]
    pub ancestors: Vec<SectionId>,
}

impl Section {
    /// A section.
    pub fn new(section: &entity::Section, setting: &Setting<'_>) -> Self {
        Self {
            id: section.id,
            name: setting.text(&section.names).unwrap_or_default(),
            slug: setting.text(&section.slugs).unwrap_or_default(),
            ancestors: section.ancestors.clone(),
        }
    }
}

/// A topic, person, organisation, place or event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tag {
    /// `tag_` and 26 characters.
    #[schema(value_type = String)]
    pub id: TagId,
    /// What it stands for.
    pub kind: TagKind,
    /// The name.
    pub name: String,
    /// The slug.
    pub slug: String,
}

impl Tag {
    /// A tag.
    pub fn new(tag: &entity::Tag, setting: &Setting<'_>) -> Self {
        Self {
            id: tag.id,
            kind: tag.kind,
            name: setting.text(&tag.names).unwrap_or_default(),
            slug: setting.text(&tag.slugs).unwrap_or_default(),
        }
    }
}

/// A curated, ordered list of stories per language: a front page, a series.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Collection {
    /// `col_` and 26 characters.
    #[schema(value_type = String)]
    pub id: CollectionId,
    /// The name.
    pub name: String,
    /// The slug.
    pub slug: String,
}

impl Collection {
    /// A collection.
    pub fn new(collection: &entity::Collection, setting: &Setting<'_>) -> Self {
        Self {
            id: collection.id,
            name: setting.text(&collection.names).unwrap_or_default(),
            slug: setting.text(&collection.slugs).unwrap_or_default(),
        }
    }
}

/// A language that the newsroom publishes in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Language {
    /// Its tag after BCP 47.
    #[schema(value_type = String)]
    pub tag: LanguageTag,
    /// Its name in itself.
    pub name: String,
    /// Which way it is written.
    #[schema(value_type = WritingDirection)]
    pub direction: Direction,
    /// Whether it is served to those who do not say.
    pub is_default: bool,
    /// What is served where a story lacks it and `fallback` is on, best first.
    #[schema(value_type = Vec<String>)]
    pub fallback: Vec<LanguageTag>,
}

/// Which way a language is written.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code, reason = "describes the domain's own")]
enum WritingDirection {
    Ltr,
    Rtl,
}

impl Language {
    /// A language of the newsroom.
    pub fn new(language: &language::Language, default: &LanguageTag) -> Self {
        Self {
            tag: language.tag.clone(),
            name: language.name.clone(),
            direction: language.direction,
            is_default: language.tag == *default,
            fallback: language.fallback.clone(),
        }
    }
}

/// An entry of the change log.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// `evt_` and 13 characters; sorts in the order in which changes were committed.
    pub id: String,
    /// What happened.
    pub kind: ChangeKind,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub at: OffsetDateTime,
    /// The story that it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub article_id: Option<ArticleId>,
    /// The language that it happened in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<LanguageTag>,
    /// The author, section, tag, image or collection that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<String>,
}

impl From<published::Change> for Change {
    fn from(change: published::Change) -> Self {
        let id = |(kind, id): (EntityKind, uuid::Uuid)| kind.id(id);
        Self {
            id: change.id.to_string(),
            kind: change.kind,
            at: change.at,
            article_id: change.article,
            language: change.language,
            entity_id: change.entity.map(id),
        }
    }
}
