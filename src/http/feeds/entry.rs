//! One story in a feed: all that the formats say of it, and what of it was read.

use super::super::State;
use crate::domain::article::{BylineRole, Correction, Kind};
use crate::domain::body::render::{self, FigureView};
use crate::domain::body::{self, Body};
use crate::domain::effect::Parts;
use crate::domain::entity::{Entity, Image};
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::language::{LanguageTag, Localized};
use crate::domain::published::PublishedVariant;
use crate::service::{FeedStories, Notes};
use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

/// A picture, as feeds show it.
pub struct Picture {
    /// Where it is.
    pub url: String,
    /// Its facts.
    pub image: Image,
    /// What is said instead of it, in the entry's language.
    pub alt: Option<String>,
    /// What stands under it, in the entry's language.
    pub caption: Option<String>,
}

impl Picture {
    /// Its media type, where we have the file.
    pub fn media_type(&self) -> Option<&str> {
        self.image.file.as_ref().map(|file| file.media_type.as_str())
    }
}

/// A tag or a section.
pub struct Category {
    /// The slug in the entry's language.
    pub term: String,
    /// What it is called in the entry's language.
    pub label: String,
}

/// A story in a feed.
pub struct Entry {
    /// The variant.
    pub id: VariantId,
    /// The story.
    pub article: ArticleId,
    /// The language of the text.
    pub language: LanguageTag,
    /// Where readers find it.
    pub url: String,
    /// The headline.
    pub title: String,
    /// The summary, else the deks. Plain text.
    pub summary: Option<String>,
    /// The whole text as HTML, where feeds have it.
    pub html: Option<String>,
    /// When this language was first published.
    pub published: OffsetDateTime,
    /// When readers last saw something change.
    pub updated: OffsetDateTime,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Who helped: translators, photographers, editors.
    pub contributors: Vec<String>,
    /// Its section, then its tags.
    pub categories: Vec<Category>,
    /// The picture that stands for it.
    pub picture: Option<Picture>,
    /// All published languages with their addresses, this one included.
    pub alternates: Vec<(LanguageTag, String)>,
    /// Public notes, oldest first.
    pub corrections: Vec<Correction>,
    /// What kind of journalism it is.
    pub kind: Kind,
}

/// Makes entries of what was read.
pub struct Maker<'a> {
    /// The service.
    pub state: &'a State,
    /// Where what is shown is noted.
    pub notes: &'a Notes,
    /// What was read.
    pub read: &'a FeedStories,
}

/// What every entry shows of its variant, beside the text.
pub const SHOWN: Parts = Parts::SLUG
    .and(Parts::TITLE)
    .and(Parts::DEKS)
    .and(Parts::SUMMARY)
    .and(Parts::KIND)
    .and(Parts::SECTION)
    .and(Parts::TAGS)
    .and(Parts::BYLINES)
    .and(Parts::TRANSLATION)
    .and(Parts::IMAGE)
    .and(Parts::PUBLISHED_AT)
    .and(Parts::MODIFIED_AT)
    .and(Parts::CORRECTIONS);

impl Maker<'_> {
    /// The entry of a variant.
    pub fn entry(&self, variant: &PublishedVariant, full: bool) -> Entry {
        self.notes.note(|footprint| footprint.saw(variant.id.0, SHOWN));
        let names = |wanted: &[BylineRole]| self.names(variant, wanted);
        let card = &variant.card;
        let deks = Some(card.deks.join(" ")).filter(|deks| !deks.is_empty());
        Entry {
            id: variant.id,
            article: variant.article,
            language: variant.language.clone(),
            url: self.state.app.addresses().variant_url(variant),
            title: card.title.clone(),
            summary: card.summary.clone().or(deks),
            html: if full { self.html(variant) } else { None },
            published: variant.published_at,
            updated: variant.updated_at(),
            authors: names(&[BylineRole::Author]),
            contributors: names(&[
                BylineRole::Contributor,
                BylineRole::Photographer,
                BylineRole::Translator,
                BylineRole::Editor,
            ]),
            categories: self.categories(variant),
            picture: self.picture(variant),
            alternates: self.alternates(variant),
            corrections: card.corrections.clone(),
            kind: variant.kind(),
        }
    }

    fn entity(&self, id: Uuid, parts: Parts) -> Option<&Arc<Entity>> {
        self.notes.note(|footprint| footprint.saw(id, parts));
        self.read.entities.get(&id)
    }

    fn best(&self, texts: &Localized, language: &LanguageTag) -> Option<String> {
        self.state.app.languages().best(texts, language).map(|(_, text)| text.to_owned())
    }

    /// The names of those who did one of these things, each once.
    fn names(&self, variant: &PublishedVariant, wanted: &[BylineRole]) -> Vec<String> {
        let mut names = Vec::new();
        for byline in variant.bylines().iter().filter(|byline| wanted.contains(&byline.role)) {
            let author = self.entity(byline.author.0, Parts::TITLE.and(Parts::EXISTENCE));
            let Some(Entity::Author(author)) = author.map(AsRef::as_ref) else { continue };
            names.extend(self.best(&author.names, &variant.language).filter(|name| !names.contains(name)));
        }
        names
    }

    fn categories(&self, variant: &PublishedVariant) -> Vec<Category> {
        let section = variant.section().map(|section| section.0);
        let ids = section.into_iter().chain(variant.tags().iter().map(|tag| tag.0));
        let category = |id| {
            let entity = self.entity(id, Parts::TITLE.and(Parts::SLUG).and(Parts::EXISTENCE))?;
            let (names, slugs) = match entity.as_ref() {
                Entity::Section(section) => (&section.names, &section.slugs),
                Entity::Tag(tag) => (&tag.names, &tag.slugs),
                _ => return None,
            };
            let label = self.best(names, &variant.language)?;
            Some(Category { term: self.best(slugs, &variant.language).unwrap_or_else(|| label.clone()), label })
        };
        ids.filter_map(category).collect()
    }

    fn picture(&self, variant: &PublishedVariant) -> Option<Picture> {
        let entity = self.entity(variant.lead_image()?.0, Parts::ALL)?;
        let Entity::Image(image) = entity.as_ref() else { return None };
        Some(Picture {
            url: self.state.app.addresses().image(image)?,
            alt: self.best(&image.alts, &variant.language),
            caption: self.best(&image.captions, &variant.language),
            image: image.clone(),
        })
    }

    fn alternates(&self, variant: &PublishedVariant) -> Vec<(LanguageTag, String)> {
        let story = self.read.stories.get(&variant.article).into_iter().flat_map(|story| story.iter());
        let address = |other: &Arc<PublishedVariant>| {
            self.notes.note(|footprint| footprint.saw(other.id.0, Parts::SLUG));
            (other.language.clone(), self.state.app.addresses().variant_url(other))
        };
        story.map(address).collect()
    }

    /// The text, and the public notes on it: who reads a feed need not come to the site to learn of them.
    fn html(&self, variant: &PublishedVariant) -> Option<String> {
        let body: &Body = self.read.bodies.get(&variant.id)?;
        self.notes.note(|footprint| footprint.saw(variant.id.0, Parts::BODY));
        let (languages, addresses) = (self.state.app.languages(), self.state.app.addresses());
        let view = |figure: &body::Figure| {
            let image = figure.image.and_then(|id| self.entity(id.0, Parts::ALL)).map(AsRef::as_ref);
            let own = match image {
                Some(Entity::Image(image)) => FigureView::of_image(image, &variant.language, languages, addresses),
                _ => FigureView::of_source(figure),
            };
            own.within(figure)
        };
        let mut html = render::html(body, &view);
        for correction in &variant.card.corrections {
            let (day, text) = (correction.at.date(), body::inline::escaped(&correction.text));
            html += &format!("<aside><p><time datetime=\"{day}\">{day}</time>: {text}</p></aside>\n");
        }
        Some(html)
    }
}
