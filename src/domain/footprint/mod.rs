//! What an answer was made from, and whether a change makes it untrue.
//!
//! Exact in both directions as far as it can be told without asking the database: never says that an answer stays true
//! when it does not.

mod feeds;
mod handle;
mod notes;
mod related;
#[cfg(test)]
mod tests;

pub use feeds::{SpanRead, WithdrawnRead};
pub use handle::Handle;
pub use related::{RelatedTo, Shown};

use super::effect::{Address, Effect, EntityEffect, Parts, Place, VariantEffect};
use super::entity::EntityKind;
use super::ids::{ArticleId, CollectionId};
use super::language::LanguageTag;
use super::listing::{Filter, Listing, Position, Source, Window};
use litemap::LiteMap;
use std::collections::BTreeSet;
use uuid::Uuid;

/// In which languages it matters whether a story is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// In these, in any order. Whether it is published at all matters always.
    In(Vec<LanguageTag>),
    /// In any.
    All,
}

/// A page of a list of stories that was read.
#[derive(Debug)]
pub struct PageRead {
    /// The list.
    pub listing: Listing,
    /// The part of it.
    pub window: Window,
    /// What was found: the place, and the rank of the language that is served.
    pub entries: Vec<(Position, usize)>,
}

/// A page of the list of a kind that was read.
#[derive(Debug)]
pub struct DirectoryRead {
    /// The kind.
    pub kind: EntityKind,
    /// Only tags of this kind.
    pub subkind: Option<String>,
    /// Behind this place.
    pub after: Option<(String, Uuid)>,
    /// Before this place.
    pub before: Option<(String, Uuid)>,
}

/// Something that an answer was made from, other than a thing that it shows.
#[derive(Debug)]
pub enum Dependency {
    /// A page of a list of stories.
    Page(Box<PageRead>),
    /// How long a list is.
    Count(Box<Listing>),
    /// Stories that a formula found beside another.
    Related(Box<RelatedTo>),
    /// A page of the list of a kind; both ends belong to it.
    Directory(DirectoryRead),
    /// Which author, section, tag or collection has a slug.
    Slug(EntityKind),
    /// Which story an address leads to.
    Address(Address, Option<ArticleId>),
    /// In which languages a collection has a list.
    CollectionLanguages(CollectionId),
    /// On which collections a story is.
    CollectionsOf(ArticleId),
    /// The newest withdrawn stories.
    Withdrawn(WithdrawnRead),
    /// The stories of a span of time.
    Span(SpanRead),
    /// Where the change log ends.
    Log,
}

/// What an answer was made from. Tens of thousands are kept beside their answers: sorted lists take half of what maps do.
#[derive(Debug, Default)]
pub struct Footprint {
    /// Variants and entities that it shows, or tells to be missing, and what of them.
    pub things: LiteMap<Uuid, Parts>,
    /// Stories, and in which languages they are published.
    pub articles: LiteMap<ArticleId, Option<Presence>>,
    /// Everything else.
    pub others: Vec<Dependency>,
    /// Nobody would be told when it becomes untrue.
    pub untold: bool,
}

/// What a list of so many takes on the heap, with what the allocator keeps beside it.
fn allocated<T>(count: usize) -> usize {
    if count == 0 { 0 } else { count * size_of::<T>() + 16 }
}

fn shrink<K: Ord, V>(map: &mut LiteMap<K, V>) {
    let mut entries = std::mem::take(map).into_tuple_vec();
    entries.shrink_to_fit();
    *map = LiteMap::from_sorted_store_unchecked(entries);
}

fn address(address: &Address) -> Handle {
    Handle::Address(format!("{}:{}:{}", address.kind, address.scope, address.address))
}

/// Every tag, author and section that a filter speaks of.
fn facets(filter: &Filter) -> impl Iterator<Item = Uuid> + '_ {
    let tags = filter.tags_any.iter().chain(&filter.tags_all).chain(&filter.tags_none).map(|id| id.0);
    tags.chain(filter.authors.iter().map(|id| id.0)).chain(filter.sections.iter().map(|id| id.0))
}

fn list_handles(listing: &Listing, handles: &mut BTreeSet<Handle>) {
    handles.extend(facets(&listing.filter).map(Handle::Facet));
    if let Source::Collection(id, _) = listing.source {
        handles.insert(Handle::Thing(id.0));
        return;
    }
    let driving = listing.filter.driving_facet();
    handles.extend(listing.chain.iter().map(|language| Handle::List(driving, language.clone())));
    handles.extend(listing.filter.has_variants.iter().map(|language| Handle::List(driving, language.clone())));
}

impl Dependency {
    fn handles(&self, handles: &mut BTreeSet<Handle>) {
        match self {
            Self::Page(page) => list_handles(&page.listing, handles),
            Self::Count(listing) => list_handles(listing, handles),
            Self::Related(related) => related.handles(handles),
            Self::Directory(read) => drop(handles.insert(Handle::Directory(read.kind))),
            Self::Slug(kind) => drop(handles.insert(Handle::Slug(*kind))),
            Self::Address(read, _) => drop(handles.insert(address(read))),
            Self::CollectionLanguages(id) => drop(handles.insert(Handle::Thing(id.0))),
            Self::CollectionsOf(id) => drop(handles.insert(Handle::Thing(id.0))),
            Self::Withdrawn(read) => read.handles(handles),
            Self::Span(read) => read.handles(handles),
            Self::Log => drop(handles.insert(Handle::Log)),
        }
    }

    /// How many bytes it takes beside its own, roughly.
    fn beside(&self) -> usize {
        let list = |listing: &Listing| size_of::<Listing>() + allocated::<Uuid>(facets(&listing.filter).count());
        match self {
            Self::Page(page) => list(&page.listing) + allocated::<(Position, usize)>(page.entries.len()) + 100,
            Self::Count(listing) => list(listing),
            Self::Related(related) => related.weight(),
            Self::Address(address, _) => address.kind.len() + address.scope.len() + address.address.len() + 48,
            Self::Directory(_) | Self::Withdrawn(_) | Self::Span(_) => 100,
            Self::Slug(_) | Self::CollectionLanguages(_) | Self::CollectionsOf(_) | Self::Log => 0,
        }
    }

    fn is_touched(&self, effect: &Effect) -> bool {
        let variant = effect.variant.as_ref();
        let collection = effect.collection.as_ref();
        let relisted = |listing: &Listing| facets(&listing.filter).any(|facet| effect.relisted.contains(&facet));
        let relisted = |listing: &Listing| {
            let changed = |id: &CollectionId, language: &LanguageTag| {
                collection.is_some_and(|changed| changed.id == *id && changed.languages.contains(language))
            };
            relisted(listing) || matches!(&listing.source, Source::Collection(id, language) if changed(id, language))
        };
        match self {
            Self::Page(page) => relisted(&page.listing) || variant.is_some_and(|variant| page.is_touched(variant)),
            Self::Count(listing) => {
                let differs = |variant: &VariantEffect| {
                    let [before, after] = variant.places(listing);
                    before.is_some() != after.is_some()
                };
                relisted(listing) || variant.is_some_and(differs)
            }
            Self::Related(related) => related.is_touched(effect),
            Self::Directory(read) => effect.entities.iter().any(|entity| read.is_touched(entity)),
            Self::Slug(kind) => {
                effect.entities.iter().any(|entity| entity.kind == *kind && entity.parts.meets(Parts::SLUG))
            }
            Self::Address(read, target) => effect.addresses.iter().any(|(own, now)| own == read && now != target),
            Self::CollectionLanguages(id) => {
                collection.is_some_and(|changed| changed.id == *id && changed.other_languages)
            }
            Self::CollectionsOf(article) => collection.is_some_and(|changed| changed.articles.contains(article)),
            Self::Withdrawn(read) => read.is_touched(effect),
            Self::Span(read) => read.is_touched(effect),
            Self::Log => true,
        }
    }
}

impl PageRead {
    fn is_touched(&self, variant: &VariantEffect) -> bool {
        if variant.before.is_none() && variant.after.is_none() {
            // It says something else, and stands where it stood.
            return false;
        }
        let [_, now] = variant.places(&self.listing);
        let now = now.filter(|(position, _)| self.reaches(*position));
        now.as_ref() != self.entries.iter().find(|(position, _)| position.article == variant.article)
    }

    /// Whether a place lies in what was read: in the window, and not behind the end of a full page.
    fn reaches(&self, place: Position) -> bool {
        let ascending = self.listing.ascending();
        let behind = |a: Position, b: Position| if ascending { a > b } else { a < b };
        let inside = self.window.after.is_none_or(|after| behind(place, after))
            && self.window.before.is_none_or(|before| behind(before, place));
        let full = self.entries.len() >= self.window.limit as usize;
        let end = if self.window.from_end { self.entries.first() } else { self.entries.last() };
        let beyond = |end: &(Position, usize)| {
            if self.window.from_end { behind(end.0, place) } else { behind(place, end.0) }
        };
        inside && !(full && end.is_none_or(beyond))
    }
}

impl DirectoryRead {
    fn is_touched(&self, entity: &EntityEffect) -> bool {
        if entity.kind != self.kind || entity.before == entity.after {
            return false;
        }
        let reaches = |place: &Option<Place>| {
            place.as_ref().is_some_and(|place| {
                let own = (place.key.as_str(), entity.id);
                let key = |(key, id): &(String, Uuid)| own.cmp(&(key.as_str(), *id));
                self.subkind.as_ref().is_none_or(|subkind| *subkind == place.subkind)
                    && self.after.as_ref().is_none_or(|after| key(after).is_ge())
                    && self.before.as_ref().is_none_or(|before| key(before).is_le())
            })
        };
        reaches(&entity.before) || reaches(&entity.after)
    }
}

impl Footprint {
    /// What changes are found by that may concern the answer.
    pub fn handles(&self) -> BTreeSet<Handle> {
        let mut handles: BTreeSet<Handle> = self.things.keys().copied().map(Handle::Thing).collect();
        handles.extend(self.articles.keys().map(|id| Handle::Thing(id.0)));
        self.others.iter().for_each(|dependency| dependency.handles(&mut handles));
        handles
    }

    /// Gives back room that is not needed.
    pub fn shrink(&mut self) {
        shrink(&mut self.things);
        shrink(&mut self.articles);
        self.others.shrink_to_fit();
    }

    /// How many bytes it takes, roughly.
    pub fn weight(&self) -> usize {
        let other = |dependency: &Dependency| size_of::<Dependency>() + dependency.beside();
        let languages = |presence: &Option<Presence>| match presence {
            Some(Presence::In(languages)) => allocated::<LanguageTag>(languages.len()),
            _ => 0,
        };
        allocated::<(Uuid, Parts)>(self.things.len())
            + allocated::<(ArticleId, Option<Presence>)>(self.articles.len())
            + self.articles.values().map(languages).sum::<usize>()
            + self.others.iter().map(other).sum::<usize>()
    }

    /// Whether a change may make the answer untrue.
    pub fn is_touched(&self, effect: &Effect) -> bool {
        let read = |id: Uuid, parts: Parts| self.things.get(&id).is_some_and(|read| read.meets(parts));
        effect.variant.as_ref().is_some_and(|variant| {
            let parts = if variant.turns_presence() { Parts::ALL } else { variant.parts };
            read(variant.id.0, parts) || variant.turns_presence() && self.knows_of(variant)
        }) || effect.entities.iter().any(|entity| read(entity.id, entity.parts))
            || self.others.iter().any(|dependency| dependency.is_touched(effect))
    }

    /// Whether it matters that a story came to a language or went from it.
    fn knows_of(&self, variant: &VariantEffect) -> bool {
        self.articles.get(&variant.article).is_some_and(|presence| {
            variant.others.is_empty()
                || match presence {
                    None => false,
                    Some(Presence::All) => true,
                    Some(Presence::In(languages)) => languages.contains(&variant.language),
                }
        })
    }
}

impl Effect {
    /// What answers are found by that it may concern.
    pub fn handles(&self) -> BTreeSet<Handle> {
        let mut handles = BTreeSet::from([Handle::Log]);
        if let Some(variant) = &self.variant {
            handles.extend([Handle::Thing(variant.id.0), Handle::Thing(variant.article.0)]);
            handles.extend(variant.collections.iter().map(|(id, ..)| Handle::Thing(id.0)));
            let own = variant.before.iter().chain(&variant.after).map(|listed| (&variant.language, listed));
            // A story that comes to one language, or goes from it, comes to or goes from lists of the others, too.
            let all: Vec<_> = own.chain(&variant.others).collect();
            for (language, _) in &all {
                handles.insert(Handle::List(None, (*language).clone()));
                for (_, listed) in &all {
                    let facets = listed.direct.iter().chain(&listed.above);
                    handles.extend(facets.map(|facet| Handle::List(Some(*facet), (*language).clone())));
                }
            }
        }
        for entity in &self.entities {
            handles.extend([Handle::Thing(entity.id), Handle::Directory(entity.kind), Handle::Slug(entity.kind)]);
        }
        handles.extend(self.addresses.iter().map(|(read, _)| address(read)));
        handles.extend(self.relisted.iter().copied().map(Handle::Facet));
        if let Some(collection) = &self.collection {
            handles.insert(Handle::Thing(collection.id.0));
            handles.extend(collection.articles.iter().map(|id| Handle::Thing(id.0)));
        }
        handles
    }
}
