//! Reading what is published. Everything here answers for many at once, so that a page costs few statements.

mod entities;

use super::hot::Hot;
use super::preview::Preview;
pub use crate::store::live::articles::{Along, Key};
pub use crate::store::live::entities::EntityWindow;
pub use crate::store::live::lists::Entry;

use crate::domain::body::Body;
use crate::domain::credential::Account;
use crate::domain::effect::{Address, Parts};
use crate::domain::entity::Entity;
use crate::domain::footprint::{Dependency, Footprint};
use crate::domain::ids::{ArticleId, CollectionId, EventId, UserId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::listing::{Listing, Window};
use crate::domain::published::{Change, ChangeFilter, PublishedVariant};
use crate::domain::related::{CANDIDATES_PER_FACET, Candidate};
use crate::error::{Error, Result};
use crate::store::live::{articles, collections, lists};
use crate::store::people::accounts;
use crate::store::{Session, log};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// A story: all its published variants, sorted by language.
pub type Story = Arc<Vec<Arc<PublishedVariant>>>;

/// A variant, and its lead image where that was asked for.
pub type Served = (Arc<PublishedVariant>, Option<Arc<Entity>>);

/// A story, and what was asked for along with it.
#[derive(Debug)]
pub struct StoryPage {
    /// The story.
    pub story: Story,
    /// Bodies of its variants.
    pub bodies: Vec<(VariantId, Body)>,
    /// What it refers to.
    pub entities: Vec<Arc<Entity>>,
}

/// One reader's view of what is published. Cheap to make; made for each request, because it counts its statements.
#[derive(Clone, Debug)]
pub struct Reader {
    session: Session,
    preview: Option<Arc<Preview>>,
    notes: Notes,
    hot: Option<Arc<Hot>>,
}

/// Where a reader notes what is read; nowhere, unless somebody wants to know.
#[derive(Clone, Debug, Default)]
pub struct Notes(Option<Arc<Mutex<Footprint>>>);

impl Notes {
    /// Notes what is read.
    pub fn note(&self, read: impl FnOnce(&mut Footprint)) {
        if let Some(footprint) = &self.0 {
            read(&mut footprint.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// What was noted so far, and begins anew.
    pub fn take(&self) -> Option<Footprint> {
        let footprint = self.0.as_ref()?;
        Some(std::mem::take(&mut footprint.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Reader {
    pub(super) fn new(session: Session) -> Self {
        Self { session, preview: None, notes: Notes::default(), hot: None }
    }

    /// The same reader, who leaves a footprint: what is read is noted, so that one can tell which changes matter.
    pub fn noting(self) -> Self {
        Self { notes: Notes(Some(Arc::default())), ..self }
    }

    /// The same reader, who takes small things that many answers need from memory.
    pub(super) fn remembering(self, hot: Arc<Hot>) -> Self {
        Self { hot: Some(hot), ..self }
    }

    /// Where it notes what is read.
    pub fn notes(&self) -> &Notes {
        &self.notes
    }

    pub(super) fn note(&self, read: impl FnOnce(&mut Footprint)) {
        self.notes.note(read);
    }

    pub(super) fn note_dependency(&self, dependency: impl FnOnce() -> Dependency) {
        self.note(|footprint| footprint.others.push(dependency()));
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// The same reader, who sees one revision more.
    pub(super) fn with_preview(self, preview: Preview) -> Self {
        Self { preview: Some(Arc::new(preview)), ..self }
    }

    /// What the reader sees beside what is published.
    pub fn preview(&self) -> Option<&Preview> {
        self.preview.as_deref()
    }

    /// A person who asks.
    pub async fn account(&self, id: UserId) -> Result<Option<Account>> {
        accounts::read(&self.session, accounts::Named::Id(id)).await
    }

    /// How many rows it read so far.
    pub fn rows(&self) -> u32 {
        self.session.rows()
    }

    /// How many SQL statements it took so far.
    pub fn statements(&self) -> u32 {
        self.session.statements()
    }

    /// The story of that name, and what else was asked for. A withdrawn story is an error of its own.
    pub async fn find_story(&self, key: &Key, along: Along<'_>) -> Result<Option<StoryPage>> {
        let named = self.preview().filter(|preview| preview.is_named(key));
        let known = named.map(|preview| Key::Id(preview.article()));
        let found = articles::find(&self.session, known.as_ref().unwrap_or(key), along).await?;
        self.note(|footprint| {
            footprint.saw_address(address(key), found.variants.first().map(|variant| variant.article))
        });
        if found.variants.is_empty() && named.is_none() {
            if articles::is_withdrawn(&self.session, key).await? {
                return Err(Error::Withdrawn { kind: "article", id: name(key) });
            }
            return Ok(None);
        }
        let mut page = StoryPage {
            story: story(found.variants.into_iter().map(Arc::new).collect()),
            bodies: found.bodies,
            entities: found.entities.into_iter().map(Arc::new).collect(),
        };
        self.note(|footprint| page.entities.iter().for_each(|entity| footprint.saw(entity.uuid(), Parts::EXISTENCE)));
        let is_of = |preview: &&Preview| page.story.iter().all(|variant| variant.article == preview.article());
        if let Some(preview) = self.preview().filter(is_of) {
            preview.lay_on_page(&mut page);
        }
        Ok(Some(page))
    }

    /// Several stories, each in the best language of a chain, perhaps with their lead images. Those that are not published
    /// in it are missing.
    pub async fn served(&self, ids: &[ArticleId], chain: &[LanguageTag], images: bool) -> Result<Vec<Served>> {
        let found = articles::list_served(&self.session, ids, chain, images).await?;
        self.note(|footprint| {
            for id in ids {
                let served = found.iter().find(|(variant, _)| variant.article == *id).map(|(variant, _)| variant);
                footprint.saw_served(*id, chain, served.map(|variant| &variant.language));
            }
            let images = found.iter().filter_map(|(_, image)| image.as_ref());
            images.for_each(|image| footprint.saw(image.uuid(), Parts::EXISTENCE));
        });
        let mut found: Vec<Served> =
            found.into_iter().map(|(variant, image)| (Arc::new(variant), image.map(Arc::new))).collect();
        if let Some(preview) = self.preview().filter(|preview| ids.contains(&preview.article())) {
            found.retain(|(variant, _)| variant.article != preview.article());
            let story = self.stories(&[preview.article()]).await?.remove(&preview.article()).unwrap_or_default();
            let best = chain.iter().find_map(|language| story.iter().find(|variant| variant.language == *language));
            if let Some(best) = best {
                let wanted = best.lead_image().filter(|_| images).map(|image| image.0);
                let image = self.entities(wanted.as_slice()).await?.into_values().next();
                found.push((best.clone(), image));
            }
        }
        Ok(found)
    }

    /// Several stories by id. Those without a published variant are missing.
    pub async fn stories(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, Story>> {
        self.note(|footprint| ids.iter().for_each(|id| footprint.saw_article(*id)));
        let mut groups: HashMap<ArticleId, Vec<Arc<PublishedVariant>>> = HashMap::new();
        for variant in articles::list_variants(&self.session, ids).await? {
            groups.entry(variant.article).or_default().push(Arc::new(variant));
        }
        let mut found: HashMap<ArticleId, Story> =
            groups.into_iter().map(|(id, variants)| (id, story(variants))).collect();
        if let Some(preview) = self.preview().filter(|preview| ids.contains(&preview.article())) {
            let story = found.entry(preview.article()).or_default();
            *story = preview.lay_on(story);
        }
        Ok(found)
    }

    /// Several variants by their own ids.
    pub async fn variants(&self, ids: &[VariantId]) -> Result<HashMap<VariantId, Arc<PublishedVariant>>> {
        self.note(|footprint| ids.iter().for_each(|id| footprint.saw(id.0, Parts::EXISTENCE)));
        let found = articles::list_by_variant(&self.session, ids).await?;
        let mut found: HashMap<VariantId, _> =
            found.into_iter().map(|variant| (variant.id, Arc::new(variant))).collect();
        if let Some(preview) = self.preview().filter(|preview| ids.contains(&preview.variant.id)) {
            found.insert(preview.variant.id, preview.variant.clone());
        }
        Ok(found)
    }

    /// The bodies of several variants.
    pub async fn bodies(&self, ids: &[VariantId]) -> Result<HashMap<VariantId, Arc<Body>>> {
        self.note(|footprint| ids.iter().for_each(|id| footprint.saw(id.0, Parts::BODY)));
        let found = articles::bodies(&self.session, ids).await?;
        let mut found = found.into_iter().map(|(id, body)| (id, Arc::new(body))).collect();
        if let Some(preview) = self.preview() {
            preview.lay_on_bodies(ids, &mut found);
        }
        Ok(found)
    }

    /// The part of each list that lies in its window.
    pub async fn pages(&self, lists: &[(Listing, Window)]) -> Result<Vec<Vec<Entry>>> {
        let pages = lists::pages(&self.session, lists).await?;
        self.note(|footprint| {
            for ((listing, window), page) in lists.iter().zip(&pages) {
                let read = page.iter().map(|(position, variant)| (*position, &variant.language));
                footprint.saw_page(listing, window, read);
            }
        });
        Ok(pages)
    }

    /// How long each list is.
    pub async fn counts(&self, lists: &[Listing]) -> Result<Vec<u64>> {
        self.note(|footprint| footprint.others.extend(lists.iter().cloned().map(Box::new).map(Dependency::Count)));
        lists::counts(&self.session, lists).await
    }

    /// The newest stories of each tag, section or author. They leave no footprint: what a formula makes of them does.
    pub async fn newest(&self, facets: &[Uuid], chain: &[LanguageTag]) -> Result<HashMap<Uuid, Vec<Candidate>>> {
        lists::newest(&self.session, facets, chain, CANDIDATES_PER_FACET).await
    }

    /// In which languages several collections have a list.
    pub async fn collection_languages(&self, ids: &[CollectionId]) -> Result<HashMap<CollectionId, Vec<LanguageTag>>> {
        self.note(|footprint| {
            footprint.others.extend(ids.iter().copied().map(Dependency::CollectionLanguages));
        });
        collections::languages(&self.session, ids).await
    }

    /// Which collections several stories are on.
    pub async fn collections_of(&self, articles: &[ArticleId]) -> Result<HashMap<ArticleId, Vec<CollectionId>>> {
        self.note(|footprint| footprint.others.extend(articles.iter().copied().map(Dependency::CollectionsOf)));
        collections::of_articles(&self.session, articles).await
    }

    /// Entries of the change log after one that the reader has seen.
    pub async fn changes(&self, after: EventId, filter: &ChangeFilter, limit: u32) -> Result<Vec<Change>> {
        let changes = log::list_changes(&self.session, after, filter, limit).await?;
        if changes.len() < limit as usize {
            // Whoever reads up to the end sees each entry that is new; what was written before never changes.
            self.note_dependency(|| Dependency::Log);
        }
        Ok(changes)
    }
}

pub(super) fn story(mut variants: Vec<Arc<PublishedVariant>>) -> Story {
    variants.sort_by(|a, b| a.language.cmp(&b.language));
    Arc::new(variants)
}

fn name(key: &Key) -> String {
    match key {
        Key::Id(id) => id.to_string(),
        Key::Slug(_, text) | Key::External(_, text) | Key::Path(text) => text.clone(),
    }
}

/// The address that a story is named by, where it is not its id.
fn address(key: &Key) -> std::result::Result<Address, ArticleId> {
    let (kind, scope, address) = match key {
        Key::Id(id) => return Err(*id),
        Key::Slug(language, slug) => ("article", language.to_string(), slug),
        Key::External(system, id) => ("external", system.clone(), id),
        Key::Path(path) => ("path", String::new(), path),
    };
    Ok(Address { kind: kind.into(), scope, address: address.clone() })
}
