//! A feed, whatever its format: what it is made from, and what it says.

use super::super::State;
use super::entry::{Entry, Maker};
use super::question::{Format, Question, path};
use crate::domain::effect::Parts;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::{AuthorId, CollectionId, SectionId, TagId};
use crate::domain::language::{LanguageTag, Localized};
use crate::domain::listing::{Filter, Listing, OrderBy, Source};
use crate::error::{Error, Result};
use crate::service::paging::{Paging, story_cursor};
use crate::service::{Reader, Withdrawn};
use std::sync::Arc;
use time::OffsetDateTime;

/// How many stories a page of a feed has, and how many withdrawn ones it names.
const PAGE: u32 = 50;

/// A feed.
pub struct Feed {
    /// What is asked for, by its current slug.
    pub question: Question,
    /// What it is called.
    pub title: String,
    /// What the site is called.
    pub site_name: String,
    /// Where readers find the site.
    pub site: String,
    /// What names it for ever, whatever its slug.
    pub id: String,
    /// Its own address.
    pub address: String,
    /// The address of its first page.
    pub first: String,
    /// The address of the next page, with older stories.
    pub next: Option<String>,
    /// Whom to ask to be told of changes.
    pub hubs: Vec<String>,
    /// The same feed in other languages.
    pub alternates: Vec<(LanguageTag, String)>,
    /// When readers last saw something of it change.
    pub updated: OffsetDateTime,
    /// Its stories.
    pub entries: Vec<Entry>,
    /// The newest variants that were withdrawn.
    pub withdrawn: Vec<Withdrawn>,
}

/// What a question leads to.
pub enum Found {
    /// A feed.
    Feed(Box<Feed>),
    /// The slug is a former one: this address is asked for now.
    Moved(String),
}

/// Reads a feed: at most four statements, whatever is on it.
pub async fn read(state: &State, reader: &Reader, question: &Question) -> Result<Found> {
    let entity = match &question.of {
        Some((kind, slug)) => Some(find(reader, question, *kind, slug).await?),
        None => None,
    };
    let current = entity.as_deref().and_then(|entity| slug(entity, &question.language));
    let mut question = question.clone();
    if let (Some((_, asked)), Some(current)) = (&mut question.of, current)
        && asked != current
    {
        current.clone_into(asked);
        return Ok(Found::Moved(format!("{}{}", state.config.base_url, question.address())));
    }
    let chain = state.app.languages().chain(&question.language, question.fallback);
    let paging = Paging { first: Some(PAGE as i32), after: question.after.clone(), ..Paging::default() };
    // A cursor of one order means nothing in another.
    let order = if matches!(entity.as_deref(), Some(Entity::Collection(_))) { 'c' } else { 'p' };
    let (amount, window) = paging.window(order)?;
    let listing = listing(entity.as_deref(), &question.language, &chain);
    let listed = reader.pages(&[(listing, window)]).await?.pop().unwrap_or_default();
    let (listed, page) = paging.finish(amount, listed, |(position, _)| story_cursor(order, *position));

    let full = question.full.unwrap_or(state.config.feeds.full_text);
    let ids: Vec<_> = listed.iter().map(|(_, variant)| variant.article).collect();
    let stories = reader.feed_stories(&ids, if full { &chain } else { &[] }).await?;
    let maker = Maker { state, notes: reader.notes(), read: &stories };
    let entries: Vec<Entry> = listed.iter().map(|(_, variant)| maker.entry(variant, full)).collect();
    // RSS has no word for it, and a page in the past has had its readers.
    let withdrawn = match (question.format, &question.after) {
        (Format::Atom | Format::Json, None) => {
            reader.withdrawn(entity.as_deref().map(Entity::uuid), &chain, PAGE).await?
        }
        _ => Vec::new(),
    };
    let next = page.end_cursor.filter(|_| page.has_next_page);
    Ok(Found::Feed(Box::new(feed(state, question, entity.as_deref(), entries, withdrawn, next))))
}

/// The section, tag, author or collection with a slug, current or former.
async fn find(reader: &Reader, question: &Question, kind: EntityKind, slug: &str) -> Result<Arc<Entity>> {
    let language = Some(&question.language).filter(|_| kind != EntityKind::Author);
    let found = reader.find_entity(kind, language, slug).await?;
    let missing = || Error::NotFound { kind: kind.as_str(), id: slug.to_owned() };
    let entity = found.ok_or_else(missing)?;
    // Its name, and its slugs in all languages.
    reader.notes().note(|footprint| footprint.saw(entity.uuid(), Parts::TITLE.and(Parts::SLUG)));
    Ok(entity)
}

/// The slug of an entity in a language. Authors have one for all.
pub fn slug<'a>(entity: &'a Entity, language: &LanguageTag) -> Option<&'a str> {
    let is_it = |(scope, _): &(Option<&LanguageTag>, &str)| scope.is_none_or(|scope| scope == language);
    entity.slugs().into_iter().find(is_it).map(|(_, slug)| slug)
}

fn listing(entity: Option<&Entity>, language: &LanguageTag, chain: &[LanguageTag]) -> Listing {
    let mut filter = Filter::default();
    let mut source = Source::Published { order: OrderBy::PublishedAt, ascending: false };
    match entity.map(|entity| (entity.kind(), entity.uuid())) {
        Some((EntityKind::Section, id)) => filter.sections.push(SectionId(id)),
        Some((EntityKind::Tag, id)) => filter.tags_all.push(TagId(id)),
        Some((EntityKind::Author, id)) => filter.authors.push(AuthorId(id)),
        Some((EntityKind::Collection, id)) => source = Source::Collection(CollectionId(id), language.clone()),
        Some((EntityKind::Image, _)) | None => {}
    }
    Listing { chain: chain.to_vec(), filter, source }
}

fn names(entity: &Entity) -> Option<&Localized> {
    match entity {
        Entity::Author(author) => Some(&author.names),
        Entity::Section(section) => Some(&section.names),
        Entity::Tag(tag) => Some(&tag.names),
        Entity::Collection(collection) => Some(&collection.names),
        Entity::Image(_) => None,
    }
}

fn feed(
    state: &State,
    question: Question,
    entity: Option<&Entity>,
    entries: Vec<Entry>,
    withdrawn: Vec<Withdrawn>,
    next: Option<String>,
) -> Feed {
    let (service, addresses, languages) = (&state.config.base_url, state.app.addresses(), state.app.languages());
    let name = entity.and_then(names).and_then(|names| languages.best(names, &question.language));
    let site_name = addresses.site_name.clone();
    let part = entity.map(|entity| format!("{}/{}/", entity.kind(), entity.kind().id(entity.uuid())));
    let first = question.first_page();
    let other = |language: &LanguageTag| {
        let of = match entity {
            Some(entity) => Some((entity.kind(), slug(entity, language)?)),
            None => None,
        };
        Some((language.clone(), format!("{service}{}", path(language, of, question.format))))
    };
    let others = languages.all().iter().map(|language| &language.tag).filter(|tag| **tag != question.language);
    let changed = entries.iter().map(|entry| entry.updated).chain(withdrawn.iter().map(|(_, at)| *at)).max();
    Feed {
        title: name.map_or_else(|| site_name.clone(), |(_, name)| format!("{name} – {site_name}")),
        site: addresses.site.clone(),
        id: format!("{service}/feeds/{}/{}", question.language, part.unwrap_or_default()),
        address: format!("{service}{}", question.address()),
        next: next.map(|after| {
            let next = Question { after: Some(after), ..question.clone() };
            format!("{service}{}", next.address())
        }),
        first: format!("{service}{}", first.address()),
        hubs: if question.is_topic() { state.config.feeds.hubs.clone() } else { Vec::new() },
        alternates: others.filter_map(other).collect(),
        // One that was always empty never changed.
        updated: changed.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        site_name,
        question,
        entries,
        withdrawn,
    }
}
