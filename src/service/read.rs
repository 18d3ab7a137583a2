//! Reading what is published. Everything here answers for many at once, so that a page costs few statements.

use super::preview::Preview;
pub use crate::store::live::articles::{Along, Key};
pub use crate::store::live::entities::EntityWindow;
pub use crate::store::live::lists::Entry;

use crate::domain::body::Body;
use crate::domain::credential::Account;
use crate::domain::entity::{Entity, EntityKind, TagKind};
use crate::domain::ids::{ArticleId, CollectionId, EventId, UserId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::listing::{Listing, Window};
use crate::domain::published::{Change, ChangeFilter, PublishedVariant};
use crate::domain::related::{CANDIDATES_PER_FACET, Candidate};
use crate::error::{Error, Result};
use crate::store::live::{articles, collections, entities, lists};
use crate::store::people::accounts;
use crate::store::{Session, log};
use std::collections::HashMap;
use std::sync::Arc;
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
}

impl Reader {
    pub(super) fn new(session: Session) -> Self {
        Self { session, preview: None }
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

    /// How many SQL statements it took so far.
    pub fn statements(&self) -> u32 {
        self.session.statements()
    }

    /// The story of that name, and what else was asked for. A withdrawn story is an error of its own.
    pub async fn find_story(&self, key: &Key, along: Along<'_>) -> Result<Option<StoryPage>> {
        let named = self.preview().filter(|preview| preview.is_named(key));
        let known = named.map(|preview| Key::Id(preview.article()));
        let found = articles::find(&self.session, known.as_ref().unwrap_or(key), along).await?;
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
        let found = articles::bodies(&self.session, ids).await?;
        let mut found = found.into_iter().map(|(id, body)| (id, Arc::new(body))).collect();
        if let Some(preview) = self.preview() {
            preview.lay_on_bodies(ids, &mut found);
        }
        Ok(found)
    }

    /// The part of each list that lies in its window.
    pub async fn pages(&self, lists: &[(Listing, Window)]) -> Result<Vec<Vec<Entry>>> {
        lists::pages(&self.session, lists).await
    }

    /// How long each list is.
    pub async fn counts(&self, lists: &[Listing]) -> Result<Vec<u64>> {
        lists::counts(&self.session, lists).await
    }

    /// The newest stories of each tag, section or author.
    pub async fn newest(&self, facets: &[Uuid], chain: &[LanguageTag]) -> Result<HashMap<Uuid, Vec<Candidate>>> {
        lists::newest(&self.session, facets, chain, CANDIDATES_PER_FACET).await
    }

    /// Authors, sections, tags, images and collections by id; what was merged is there as its survivor.
    pub async fn entities(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, Arc<Entity>>> {
        let found = entities::list_by_id(&self.session, ids).await?;
        let mut found: HashMap<Uuid, Arc<Entity>> =
            found.into_iter().map(|entity| (entity.uuid(), Arc::new(entity))).collect();
        if let Some(preview) = self.preview() {
            preview.add_entities(ids, &mut found);
        }
        // What is published refers to nothing that is missing: this is for clients that kept an id.
        let missing: Vec<Uuid> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if !missing.is_empty() {
            let survivors = entities::list_merged(&self.session, &missing).await?;
            found.extend(survivors.into_iter().map(|(id, entity)| (id, Arc::new(entity))));
        }
        Ok(found)
    }

    /// The author, section, tag or collection with a slug, current or former.
    pub async fn find_entity(
        &self,
        kind: EntityKind,
        language: Option<&LanguageTag>,
        slug: &str,
    ) -> Result<Option<Arc<Entity>>> {
        Ok(entities::find_by_slug(&self.session, kind, language, slug).await?.map(Arc::new))
    }

    /// The visible entities of a kind, in order.
    pub async fn entity_page(&self, kind: EntityKind, window: &EntityWindow) -> Result<Vec<Arc<Entity>>> {
        let page = entities::page(&self.session, kind, window).await?;
        Ok(page.into_iter().map(Arc::new).collect())
    }

    /// How many entities of a kind are visible.
    pub async fn entity_count(&self, kind: EntityKind, tag_kind: Option<TagKind>) -> Result<u64> {
        entities::count(&self.session, kind, tag_kind).await
    }

    /// In which languages several collections have a list.
    pub async fn collection_languages(&self, ids: &[CollectionId]) -> Result<HashMap<CollectionId, Vec<LanguageTag>>> {
        collections::languages(&self.session, ids).await
    }

    /// Which collections several stories are on.
    pub async fn collections_of(&self, articles: &[ArticleId]) -> Result<HashMap<ArticleId, Vec<CollectionId>>> {
        collections::of_articles(&self.session, articles).await
    }

    /// Entries of the change log after one that the reader has seen.
    pub async fn changes(&self, after: EventId, filter: &ChangeFilter, limit: u32) -> Result<Vec<Change>> {
        log::list_changes(&self.session, after, filter, limit).await
    }
}

fn story(mut variants: Vec<Arc<PublishedVariant>>) -> Story {
    variants.sort_by(|a, b| a.language.cmp(&b.language));
    Arc::new(variants)
}

fn name(key: &Key) -> String {
    match key {
        Key::Id(id) => id.to_string(),
        Key::Slug(_, text) | Key::External(_, text) | Key::Path(text) => text.clone(),
    }
}
