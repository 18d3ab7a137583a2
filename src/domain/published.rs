//! What readers see: a variant as it was published. The desk's side of it is in [`super::article`].

use super::article::{Byline, BylineRole, Correction, Kind, RelatedLink, Seo, Shared, Translation};
use super::body::{Body, Content as Block};
use super::ids::{ArticleId, ImageId, RevisionId, SectionId, TagId, VariantId};
use super::language::LanguageTag;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// A published variant without its body: what a list, a page or a feed needs to name the story. Stored as one document,
/// because it is always read as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublishedVariant {
    /// The variant's id.
    pub id: VariantId,
    /// The story that it belongs to.
    pub article: ArticleId,
    /// Its language.
    pub language: LanguageTag,
    /// The revision that was published.
    pub revision: RevisionId,
    /// When this language was first published, in the zone that the newsroom gave.
    #[serde(with = "time::serde::rfc3339")]
    pub published_at: OffsetDateTime,
    /// When its text last changed for readers.
    #[serde(with = "time::serde::rfc3339")]
    pub modified_at: OffsetDateTime,
    /// What it says.
    pub card: Card,
}

/// What a published variant says, without its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The part of the address that names the story.
    pub slug: String,
    /// The headline.
    pub title: String,
    /// The lines under the headline.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deks: Vec<String>,
    /// A few sentences for lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// For search engines.
    #[serde(default)]
    pub seo: Seo,
    /// What all languages share, as it was when this language was published.
    pub shared: Shared,
    /// Where the text was translated from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translation: Option<Translation>,
    /// Public notes, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// The hash of the text, for staleness of translations.
    pub text_hash: String,
    /// Words.
    pub word_count: u32,
    /// Minutes.
    pub reading_time: u32,
    /// Whether the story was first written in this language.
    pub original: bool,
}

impl PublishedVariant {
    /// Who made it: the story's bylines, then this variant's translators.
    pub fn bylines(&self) -> Vec<Byline> {
        let translators = self.card.translation.iter().flat_map(|translation| &translation.translators);
        let translators = translators.map(|author| Byline { author: *author, role: BylineRole::Translator });
        self.card.shared.bylines.iter().copied().chain(translators).collect()
    }

    /// The kind of journalism, as published.
    pub fn kind(&self) -> Kind {
        self.card.shared.kind
    }

    /// The tags, as published.
    pub fn tags(&self) -> &[TagId] {
        &self.card.shared.tags
    }

    /// The section, as published.
    pub fn section(&self) -> Option<SectionId> {
        self.card.shared.section
    }

    /// The picture that stands for it, as published.
    pub fn lead_image(&self) -> Option<ImageId> {
        self.card.shared.lead_image
    }

    /// Other stories that an editor pinned, chose or banned.
    pub fn related(&self) -> &[RelatedLink] {
        &self.card.shared.related
    }

    /// What lists and related stories find it by: authors, tags, section. Sections above it are the store's matter.
    pub fn facets(&self) -> Vec<Uuid> {
        let tags = self.tags().iter().map(|tag| tag.0);
        let section = self.section().map(|section| section.0);
        let authors = self.bylines().into_iter().map(|byline| byline.author.0);
        let mut facets = Vec::new();
        for facet in tags.chain(section).chain(authors) {
            if !facets.contains(&facet) {
                facets.push(facet);
            }
        }
        facets
    }

    /// What search engines are told as its title: the editor's, else the headline.
    pub fn seo_title(&self) -> &str {
        self.card.seo.title.as_ref().unwrap_or(&self.card.title)
    }

    /// What search engines are told about it: the editor's description, else the summary, else the deks.
    pub fn seo_description(&self) -> Option<String> {
        let card = &self.card;
        let deks = || (!card.deks.is_empty()).then(|| card.deks.join(" "));
        card.seo.description.clone().or_else(|| card.summary.clone()).or_else(deks)
    }

    /// Whether the text that it was translated from has changed since. Needs the other variants of the story.
    pub fn is_stale(&self, siblings: &[std::sync::Arc<PublishedVariant>]) -> bool {
        let Some(translation) = &self.card.translation else { return false };
        let Some(made_from) = &translation.source_hash else { return false };
        siblings
            .iter()
            .find(|sibling| sibling.language == translation.source_language)
            .is_some_and(|source| source.card.text_hash != *made_from)
    }
}

/// The pictures in a body, each once, in order.
pub fn body_images(body: &Body) -> Vec<ImageId> {
    let mut images = Vec::new();
    for block in &body.blocks {
        if let Block::Figure(figure) = &block.content
            && let Some(image) = figure.image
            && !images.contains(&image)
        {
            images.push(image);
        }
    }
    images
}

/// The story that stands for an article where no language was asked for: the original if it is published, else the
/// variant published first (ties by id). The choice does not depend on who asks.
pub fn principal(variants: &[std::sync::Arc<PublishedVariant>]) -> Option<&std::sync::Arc<PublishedVariant>> {
    variants.iter().min_by_key(|variant| (!variant.card.original, variant.published_at, variant.id))
}

/// One entry of the change log, as readers see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its place in the log.
    pub id: super::ids::EventId,
    /// What happened.
    pub kind: ChangeKind,
    /// The story that it happened to.
    pub article: Option<ArticleId>,
    /// The language that it happened in.
    pub language: Option<LanguageTag>,
    /// When.
    pub at: OffsetDateTime,
    /// The author, tag, section, image or collection that changed.
    pub entity: Option<(super::entity::EntityKind, Uuid)>,
}

/// Which entries of the change log; what is empty leaves nothing out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChangeFilter {
    /// Of these kinds.
    pub kinds: Vec<ChangeKind>,
    /// In one of these languages, or in none: what an author is called concerns all.
    pub languages: Vec<LanguageTag>,
    /// To one of these stories.
    pub articles: Vec<ArticleId>,
}

use super::named::named;

named! {
    /// What an entry of the change log says.
    ChangeKind "kind of change" {
        /// A variant became visible.
        Published "PUBLISHED",
        /// A visible variant was published again.
        Updated "UPDATED",
        /// A correction was added to a visible variant.
        Corrected "CORRECTED",
        /// A variant is no longer visible.
        Withdrawn "WITHDRAWN",
        /// What an author, tag, section or image is called changed.
        EntityChanged "ENTITY_CHANGED",
        /// A collection was published.
        CollectionPublished "COLLECTION_PUBLISHED",
        /// A redirect leads to a story, or no longer does.
        AddressChanged "ADDRESS_CHANGED",
    }
}
