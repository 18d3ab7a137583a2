//! What a change changes for readers, in enough detail to tell which answers it makes untrue.
//!
//! An effect stands beside the entry of the change log that it belongs to. It says how things were before and how they
//! are after, so that each can be judged by itself, whatever happened since.

use super::article::Kind;
use super::entity::{Entity, EntityKind, Image};
use super::ids::{ArticleId, CollectionId, VariantId};
use super::language::{LanguageTag, Localized};
use super::listing::{Filter, Listing, OrderBy, Position, Source};
use super::published::PublishedVariant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which parts of a thing changed, or were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parts(pub u32);

impl Parts {
    /// That it is there at all.
    pub const EXISTENCE: Self = Self(1 << 31);
    /// Everything.
    pub const ALL: Self = Self(u32::MAX);

    /// The part of the address that names it.
    pub const SLUG: Self = Self(1);
    /// The headline of a variant, the names of an entity, what is said instead of a picture.
    pub const TITLE: Self = Self(1 << 1);
    /// The lines under the headline, or under a picture.
    pub const DEKS: Self = Self(1 << 2);
    /// The summary.
    pub const SUMMARY: Self = Self(1 << 3);
    /// The story itself.
    pub const BODY: Self = Self(1 << 4);
    /// What search engines are told.
    pub const SEO: Self = Self(1 << 5);
    /// The kind of journalism, of a tag.
    pub const KIND: Self = Self(1 << 6);
    /// The section of a variant; the place of a section in the tree.
    pub const SECTION: Self = Self(1 << 7);
    /// The tags.
    pub const TAGS: Self = Self(1 << 8);
    /// Who made it.
    pub const BYLINES: Self = Self(1 << 9);
    /// The picture that stands for it.
    pub const IMAGE: Self = Self(1 << 10);
    /// What editors pinned, chose or banned beside it.
    pub const RELATED: Self = Self(1 << 11);
    /// When it was first published.
    pub const PUBLISHED_AT: Self = Self(1 << 12);
    /// When it last changed.
    pub const MODIFIED_AT: Self = Self(1 << 13);
    /// How long it is.
    pub const LENGTH: Self = Self(1 << 14);
    /// Where the text came from.
    pub const TRANSLATION: Self = Self(1 << 15);
    /// Public notes.
    pub const CORRECTIONS: Self = Self(1 << 16);
    /// Whether the text is another one: what makes translations stale.
    pub const TEXT: Self = Self(1 << 17);
    /// All else of an entity.
    pub const DETAILS: Self = Self(1 << 18);

    /// Texts in any language, where a name or slug is told apart by language.
    pub const LANGUAGES: Self = Self(0b1111_1111_1111 << 19);

    /// A name or slug in a language. Several languages may share a mark: that costs a look too many, never one too few.
    pub fn in_language(tag: &LanguageTag) -> Self {
        let sum = tag.as_str().bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
        Self(1 << (19 + sum % 12))
    }

    /// Both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether they have one in common, in a language that they have in common where both name some.
    pub const fn meets(self, other: Self) -> bool {
        let (own, others) = (self.0 & Self::LANGUAGES.0, other.0 & Self::LANGUAGES.0);
        self.0 & other.0 & !Self::LANGUAGES.0 != 0 && (own == 0 || others == 0 || own & others != 0)
    }

    fn of(parts: impl IntoIterator<Item = (Self, bool)>) -> Self {
        parts.into_iter().filter(|(_, differs)| *differs).fold(Self(0), |all, (part, _)| all.and(part))
    }
}

/// In which parts two published texts differ.
pub fn variant_parts(a: &PublishedVariant, b: &PublishedVariant, same_body: bool) -> Parts {
    let (left, right) = (&a.card, &b.card);
    Parts::of([
        (Parts::SLUG, left.slug != right.slug),
        (Parts::TITLE, left.title != right.title),
        (Parts::DEKS, left.deks != right.deks),
        (Parts::SUMMARY, left.summary != right.summary),
        (Parts::BODY, !same_body),
        (Parts::SEO, left.seo != right.seo),
        (Parts::KIND, a.kind() != b.kind()),
        (Parts::SECTION, a.section() != b.section()),
        (Parts::TAGS, a.tags() != b.tags()),
        (Parts::BYLINES, a.bylines() != b.bylines() || left.shared.bylines != right.shared.bylines),
        (Parts::IMAGE, a.lead_image() != b.lead_image()),
        (Parts::RELATED, a.related() != b.related()),
        (Parts::PUBLISHED_AT, a.published_at != b.published_at || left.original != right.original),
        (Parts::MODIFIED_AT, a.modified_at != b.modified_at),
        (Parts::LENGTH, (left.word_count, left.reading_time) != (right.word_count, right.reading_time)),
        (Parts::TRANSLATION, left.translation != right.translation),
        (Parts::CORRECTIONS, left.corrections != right.corrections),
        (Parts::TEXT, left.text_hash != right.text_hash),
    ])
}

/// In which parts two states of an entity differ.
pub fn entity_parts(before: &Entity, after: &Entity) -> Parts {
    let texts = |part: Parts, a: &Localized, b: &Localized| {
        let all = a.keys().chain(b.keys()).filter(|language| a.get(*language) != b.get(*language));
        all.fold(Parts::default(), |parts, language| parts.and(part).and(Parts::in_language(language)))
    };
    let plain = |part: Parts, differs: bool| if differs { part.and(Parts::LANGUAGES) } else { Parts::default() };
    match (before, after) {
        (Entity::Author(a), Entity::Author(b)) => texts(Parts::TITLE, &a.names, &b.names)
            .and(plain(Parts::SLUG, a.slug != b.slug))
            .and(plain(Parts::IMAGE, a.portrait != b.portrait))
            .and(plain(Parts::DETAILS, (&a.bios, &a.links) != (&b.bios, &b.links))),
        (Entity::Section(a), Entity::Section(b)) => texts(Parts::TITLE, &a.names, &b.names)
            .and(texts(Parts::SLUG, &a.slugs, &b.slugs))
            .and(plain(Parts::SECTION, (&a.ancestors, a.position) != (&b.ancestors, b.position))),
        (Entity::Tag(a), Entity::Tag(b)) => texts(Parts::TITLE, &a.names, &b.names)
            .and(texts(Parts::SLUG, &a.slugs, &b.slugs))
            .and(plain(Parts::KIND, a.kind != b.kind)),
        (Entity::Collection(a), Entity::Collection(b)) => {
            texts(Parts::TITLE, &a.names, &b.names).and(texts(Parts::SLUG, &a.slugs, &b.slugs))
        }
        (Entity::Image(a), Entity::Image(b)) => {
            let plain_a = Image { alts: Localized::new(), captions: Localized::new(), ..a.clone() };
            let plain_b = Image { alts: Localized::new(), captions: Localized::new(), ..b.clone() };
            texts(Parts::TITLE, &a.alts, &b.alts)
                .and(texts(Parts::DEKS, &a.captions, &b.captions))
                .and(plain(Parts::DETAILS, plain_a != plain_b))
        }
        _ => Parts::ALL,
    }
}

/// What lists know of a published variant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Listed {
    /// Microseconds since 1970.
    pub published_at: i64,
    /// Microseconds since 1970.
    pub modified_at: i64,
    /// Its tags, authors, section and kind.
    pub direct: Vec<Uuid>,
    /// The sections above its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub above: Vec<Uuid>,
    /// Headline and deks as they are searched.
    pub text: String,
}

impl Listed {
    /// Whether it is on lists of that tag, author, section or kind.
    pub fn has(&self, facet: Uuid) -> bool {
        self.direct.contains(&facet) || self.above.contains(&facet)
    }
}

/// How one language of a story changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantEffect {
    /// The variant.
    pub id: VariantId,
    /// Its story.
    pub article: ArticleId,
    /// Its language.
    pub language: LanguageTag,
    /// Before; nothing where it was not published.
    pub before: Option<Listed>,
    /// After; nothing where it is not published any more.
    pub after: Option<Listed>,
    /// The story's other published languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<LanguageTag, Listed>,
    /// What of it changed.
    pub parts: Parts,
    /// The lists of collections that the story is on, and its place there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<(CollectionId, LanguageTag, i64)>,
}

/// Where an entity stands in the list of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What the list is ordered by.
    pub key: String,
    /// The kind of a tag; empty otherwise.
    pub subkind: String,
}

/// How an author, section, tag, image or collection changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityEffect {
    /// What it is.
    pub kind: EntityKind,
    /// Its id.
    pub id: Uuid,
    /// Before; nothing where readers did not see it.
    pub before: Option<Place>,
    /// After; nothing where readers do not see it any more.
    pub after: Option<Place>,
    /// What of it changed.
    pub parts: Parts,
}

/// An address that leads somewhere now, or nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// `article` for slugs, `external`, `path`.
    pub kind: String,
    /// The language or the system; empty for paths.
    pub scope: String,
    /// The address.
    pub address: String,
}

/// How the lists of a collection changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionEffect {
    /// The collection.
    pub id: CollectionId,
    /// The languages whose lists are others now.
    pub languages: Vec<LanguageTag>,
    /// Whether it has lists in other languages than before.
    pub other_languages: bool,
    /// The stories that came onto it or went from it.
    pub articles: Vec<ArticleId>,
}

/// What a change changes for readers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Effect {
    /// The language of a story that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<VariantEffect>,
    /// Entities that appeared, changed or disappeared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<EntityEffect>,
    /// Where addresses lead now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<(Address, Option<ArticleId>)>,
    /// Sections, tags and authors whose lists changed for many stories at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relisted: Vec<Uuid>,
    /// A collection whose lists changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<CollectionEffect>,
}

impl VariantEffect {
    /// Whether the story came to this language, or went from it.
    pub fn turns_presence(&self) -> bool {
        self.before.is_some() != self.after.is_some()
    }

    /// How the story is served to readers of a chain of languages, before and after: the language's rank in the chain.
    pub fn served(&self, chain: &[LanguageTag]) -> [Option<(usize, &Listed)>; 2] {
        [&self.before, &self.after].map(|own| {
            chain.iter().enumerate().find_map(|(rank, language)| {
                let listed = if *language == self.language { own.as_ref() } else { self.others.get(language) };
                listed.map(|listed| (rank, listed))
            })
        })
    }

    /// Where the story stands on a list, before and after: its place, and the rank of the language that is served.
    pub fn places(&self, listing: &Listing) -> [Option<(Position, usize)>; 2] {
        let place = match &listing.source {
            Source::Published { .. } => None,
            Source::Collection(id, language) => {
                let on = self.collections.iter().find(|(own, list, _)| (own, list) == (id, language));
                let Some((.., place)) = on else { return [None, None] };
                Some(*place)
            }
        };
        let [before, after] = self.served(&listing.chain);
        let [had, has] = [&self.before, &self.after].map(Option::is_some);
        [(before, had), (after, has)].map(|(served, own)| {
            let (rank, listed) = served.filter(|(_, listed)| self.matches(&listing.filter, listed, own))?;
            let at = place.unwrap_or(match listing.source {
                Source::Published { order: OrderBy::ModifiedAt, .. } => listed.modified_at,
                _ => listed.published_at,
            });
            Some((Position { at, article: self.article }, rank))
        })
    }

    /// Whether a filter finds what is served; `own`: whether the changed language is published.
    fn matches(&self, filter: &Filter, listed: &Listed, own: bool) -> bool {
        // No condition finds everything.
        fn any<T: Copy>(wanted: &[T], facet: impl Fn(T) -> Uuid, has: impl Fn(Uuid) -> bool) -> bool {
            wanted.is_empty() || wanted.iter().any(|one| has(facet(*one)))
        }
        let has = |facet| listed.has(facet);
        let in_section = |facet| if filter.sections_only { listed.direct.contains(&facet) } else { listed.has(facet) };
        let published = |language: &LanguageTag| {
            if *language == self.language { own } else { self.others.contains_key(language) }
        };
        any(&filter.sections, |id| id.0, in_section)
            && any(&filter.tags_any, |id| id.0, has)
            && any(&filter.authors, |id| id.0, has)
            && any(&filter.kinds, Kind::facet, has)
            && filter.tags_all.iter().all(|id| listed.has(id.0))
            && !filter.tags_none.iter().any(|id| listed.has(id.0))
            && filter.published_from.is_none_or(|moment| listed.published_at >= moment)
            && filter.published_before.is_none_or(|moment| listed.published_at < moment)
            && filter.has_variants.iter().all(published)
            && (filter.ids.is_empty() || filter.ids.contains(&self.article))
            && filter.words.iter().all(|word| listed.text.contains(word.as_str()))
    }
}
