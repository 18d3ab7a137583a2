//! What articles refer to: authors, sections, tags, images and collections.
//!
//! Which of them an article names belongs to the article's snapshot; what they are called is saved here and is live when
//! saved.

pub use super::image::Image;

use super::ids::{AuthorId, CollectionId, ImageId, InvalidId, SectionId, TagId};
use super::language::{LanguageTag, Localized};
use super::named::named;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

named! {
    /// The kinds of things that articles refer to.
    EntityKind "kind of entity" {
        /// An author.
        Author "author",
        /// A section.
        Section "section",
        /// A tag.
        Tag "tag",
        /// An image.
        Image "image",
        /// A collection.
        Collection "collection",
    }
}

impl EntityKind {
    /// The id of an entity of this kind as it is written: `tag_…`.
    pub fn id(self, id: Uuid) -> String {
        match self {
            Self::Author => AuthorId(id).to_string(),
            Self::Section => SectionId(id).to_string(),
            Self::Tag => TagId(id).to_string(),
            Self::Image => ImageId(id).to_string(),
            Self::Collection => CollectionId(id).to_string(),
        }
    }

    /// What a written id names, where it is an entity.
    pub fn parse_id(id: &str) -> Option<(Self, Uuid)> {
        let author = id.parse().map(|AuthorId(id)| (Self::Author, id));
        let section = || id.parse().map(|SectionId(id)| (Self::Section, id));
        let tag = || id.parse().map(|TagId(id)| (Self::Tag, id));
        let image = || id.parse().map(|ImageId(id)| (Self::Image, id));
        let collection = || id.parse().map(|CollectionId(id)| (Self::Collection, id));
        let found = author.or_else(|_: InvalidId| section()).or_else(|_| tag()).or_else(|_| image());
        found.or_else(|_| collection()).ok()
    }
}

named! {
    /// What a tag stands for.
    TagKind "kind of tag" {
        /// A subject.
        Topic "TOPIC",
        /// A person.
        Person "PERSON",
        /// An organisation.
        Organisation "ORGANISATION",
        /// A place.
        Place "PLACE",
        /// An event.
        Event "EVENT",
    }
}

/// A link of an author: a page, an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What it is called.
    pub label: String,
    /// Where it leads: `http`, `https` or `mailto`.
    pub url: String,
}

impl Link {
    /// Whether it is a full address of a kind that readers may be sent to.
    pub fn is_full(&self) -> bool {
        url::Url::parse(&self.url).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"))
    }
}

/// A person or a desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Its id.
    pub id: AuthorId,
    /// The same in all languages.
    pub slug: String,
    /// The name by script and language.
    pub names: Localized,
    /// A few words about the author.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub bios: Localized,
    /// A picture of the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portrait: Option<ImageId>,
    /// Pages and accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// A place in the tree of sections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its id.
    pub id: SectionId,
    /// The name per language.
    pub names: Localized,
    /// The slug per language.
    pub slugs: Localized,
    /// All sections above it, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ancestors: Vec<SectionId>,
    /// Its place among its siblings, smallest first.
    #[serde(default)]
    pub position: i32,
}

impl Section {
    /// The section that it is in.
    pub fn parent(&self) -> Option<SectionId> {
        self.ancestors.first().copied()
    }
}

/// A topic, person, organisation, place or event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// What it stands for.
    pub kind: TagKind,
    /// The name per language.
    pub names: Localized,
    /// The slug per language.
    pub slugs: Localized,
}

/// A curated, ordered list of articles per language: a front page, a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// Its id.
    pub id: CollectionId,
    /// The name per language.
    pub names: Localized,
    /// The slug per language.
    pub slugs: Localized,
}

/// Anything that an article can refer to.
#[derive(Debug, Clone, PartialEq)]
pub enum Entity {
    /// An author.
    Author(Author),
    /// A section.
    Section(Section),
    /// A tag.
    Tag(Tag),
    /// An image.
    Image(Image),
    /// A collection.
    Collection(Collection),
}

impl Entity {
    /// What kind of thing it is.
    pub fn kind(&self) -> EntityKind {
        match self {
            Self::Author(_) => EntityKind::Author,
            Self::Section(_) => EntityKind::Section,
            Self::Tag(_) => EntityKind::Tag,
            Self::Image(_) => EntityKind::Image,
            Self::Collection(_) => EntityKind::Collection,
        }
    }

    /// What a tag stands for; empty for the others.
    pub fn subkind(&self) -> &'static str {
        match self {
            Self::Tag(tag) => tag.kind.as_str(),
            _ => "",
        }
    }

    /// Its id without its kind.
    pub fn uuid(&self) -> Uuid {
        match self {
            Self::Author(author) => author.id.0,
            Self::Section(section) => section.id.0,
            Self::Tag(tag) => tag.id.0,
            Self::Image(image) => image.id.0,
            Self::Collection(collection) => collection.id.0,
        }
    }

    /// What lists of its kind are ordered by: tree position for sections, slug or first name for the others.
    pub fn sort_key(&self) -> String {
        let first = |texts: &Localized| texts.values().next().cloned().unwrap_or_default();
        match self {
            Self::Author(author) => author.slug.clone(),
            Self::Section(section) => format!("{:02}{:010}", section.ancestors.len(), section.position),
            Self::Tag(tag) => first(&tag.slugs),
            Self::Image(image) => image.file_name.clone().unwrap_or_default(),
            Self::Collection(collection) => first(&collection.slugs),
        }
    }

    /// The slugs by which readers address it: the scope is the language, or nothing where the slug is the same in all.
    pub fn slugs(&self) -> Vec<(Option<&LanguageTag>, &str)> {
        let localized = |slugs| Localized::iter(slugs).map(|(tag, slug)| (Some(tag), slug.as_str())).collect();
        match self {
            Self::Author(author) => vec![(None, author.slug.as_str())],
            Self::Section(section) => localized(&section.slugs),
            Self::Tag(tag) => localized(&tag.slugs),
            Self::Image(_) => Vec::new(),
            Self::Collection(collection) => localized(&collection.slugs),
        }
    }
}

macro_rules! entity_from {
    ($($name:ident),+) => {$(
        impl From<$name> for Entity {
            fn from(value: $name) -> Self {
                Self::$name(value)
            }
        }
    )+};
}
entity_from!(Author, Section, Tag, Image, Collection);
