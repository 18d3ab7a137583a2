//! What articles refer to: authors, sections, tags, images and collections.
//!
//! Which of them an article names belongs to the article's snapshot; what they are called is saved here and is live when
//! saved.

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

/// Where to look first when a picture is cut: both from 0 to 1, from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FocalPoint {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// Facts of an original file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFile {
    /// SHA-256 in hexadecimal: the file's name in the store.
    pub sha256: String,
    /// Media type, read from the content.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// Its id.
    pub id: ImageId,
    /// The original file; nothing where only its facts are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<ImageFile>,
    /// The name that the file came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Where it came from, when it was imported from an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Where to look first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focal_point: Option<FocalPoint>,
    /// What a reader who can't see it is told, per language.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub alts: Localized,
    /// What stands under it, per language. Plain text.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub captions: Localized,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Under which terms it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// How it came to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digital_source_type: Option<DigitalSourceType>,
    /// What partners may do with it.
    #[serde(default, skip_serializing_if = "Rights::is_free")]
    pub rights: Rights,
}

impl Image {
    /// The terms under which it may be used, where they are given as an address.
    pub fn licence_url(&self) -> Option<&str> {
        let licence = self.licence.as_deref()?.trim();
        let is_address = url::Url::parse(licence).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        is_address.then_some(licence)
    }
}

pub use super::partner::rights::Rights;

named! {
    /// How a picture came to be: IPTC's digital source type NewsCodes
    /// (<http://cv.iptc.org/newscodes/digitalsourcetype/>), retired codes left out.
    DigitalSourceType "IPTC digital source type" {
        /// Taken with a camera.
        DigitalCapture "digitalCapture",
        /// Several exposures combined by the camera.
        ComputationalCapture "computationalCapture",
        /// Scanned from a negative.
        NegativeFilm "negativeFilm",
        /// Scanned from a slide.
        PositiveFilm "positiveFilm",
        /// Scanned from a print.
        Print "print",
        /// Retouched by a person.
        HumanEdits "humanEdits",
        /// Enhanced by an algorithm.
        AlgorithmicallyEnhanced "algorithmicallyEnhanced",
        /// Drawn by a person with digital tools.
        DigitalCreation "digitalCreation",
        /// Drawn from data.
        DataDrivenMedia "dataDrivenMedia",
        /// Made by a trained model.
        TrainedAlgorithmicMedia "trainedAlgorithmicMedia",
        /// Made by an algorithm without training.
        AlgorithmicMedia "algorithmicMedia",
        /// Taken from a screen.
        ScreenCapture "screenCapture",
        /// Recorded in a virtual world.
        VirtualRecording "virtualRecording",
        /// Put together from several.
        Composite "composite",
        /// Put together from several captures.
        CompositeCapture "compositeCapture",
        /// Put together, at least one part synthetic.
        CompositeSynthetic "compositeSynthetic",
        /// Put together, at least one part made by a trained model.
        CompositeWithTrainedAlgorithmicMedia "compositeWithTrainedAlgorithmicMedia",
    }
}

impl DigitalSourceType {
    /// The concept's address in IPTC's vocabulary.
    pub fn uri(self) -> String {
        format!("http://cv.iptc.org/newscodes/digitalsourcetype/{self}")
    }

    /// schema.org's member of the same meaning: `TrainedAlgorithmicMediaDigitalSource`.
    pub fn schema_org(self) -> String {
        let name = self.as_str();
        let mut chars = name.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase()).into_iter();
        format!("https://schema.org/{}DigitalSource", first.chain(chars).collect::<String>())
    }

    /// Whether a trained model made the picture or a part of it.
    pub fn is_ai_generated(self) -> bool {
        matches!(self, Self::TrainedAlgorithmicMedia | Self::CompositeWithTrainedAlgorithmicMedia)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_type_has_its_names_in_both_vocabularies() {
        let ai = DigitalSourceType::TrainedAlgorithmicMedia;
        assert_eq!(ai.uri(), "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");
        assert_eq!(ai.schema_org(), "https://schema.org/TrainedAlgorithmicMediaDigitalSource");
        assert!(ai.is_ai_generated() && !DigitalSourceType::DigitalCapture.is_ai_generated());
        let error = "minorHumanEdits".parse::<DigitalSourceType>().unwrap_err().to_string();
        assert!(error.starts_with("`minorHumanEdits` is no IPTC digital source type; accepted: digitalCapture, "));
    }
}
