//! What resolvers share during one request: who reads in which language, and loaders that ask for many things at once.

use crate::domain::address::Addresses;
use crate::domain::body::Body;
use crate::domain::effect::Parts;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::footprint::Presence;
use crate::domain::ids::{ArticleId, CollectionId, VariantId};
use crate::domain::language::{LanguageTag, Languages};
use crate::domain::listing::{Listing, Window};
use crate::domain::published::PublishedVariant;
use crate::domain::related::Candidate;
use crate::error::Error;
use crate::service::{App, EntityWindow, Entry, Reader, Served, Story};
use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use async_graphql::runtime::{Timer, TokioSpawner};
use futures_util::future::{BoxFuture, FutureExt};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// Errors of loaders are shared by all who waited.
pub type Shared<T> = Result<T, Arc<Error>>;

/// What resolvers share during one request.
pub struct Reading {
    loader: DataLoader<Batches, HashMapCache>,
    /// The entities that were read, so that all of an answer shows one state of each; none for what goes on reading.
    shown: Option<Mutex<HashMap<Uuid, Arc<Entity>>>>,
    /// The newsroom's languages.
    pub languages: Arc<Languages>,
    /// Where things are found.
    pub addresses: Arc<Addresses>,
    /// What the request's `Accept-Language` asks for.
    pub preferred: LanguageTag,
}

impl Reading {
    /// A new request of a reader.
    pub fn new(app: &App, reader: Reader, accept_language: Option<&str>) -> Self {
        let mut addresses = app.addresses().clone();
        if let Some(preview) = reader.preview() {
            Arc::make_mut(&mut addresses).preview = Some(preview.token.clone());
        }
        Self {
            loader: DataLoader::with_cache(Batches(reader), TokioSpawner::current(), NextTurn, HashMapCache::default()),
            shown: Some(Mutex::default()),
            languages: app.languages().clone(),
            addresses,
            preferred: app.languages().negotiate(accept_language),
        }
    }

    /// The reader, for what is asked once.
    pub fn reader(&self) -> &Reader {
        &self.loader.loader().0
    }

    /// Notes that these parts of all languages of a story were read, and which languages there are.
    pub fn saw_all(&self, story: &Story, parts: Parts) {
        self.reader().notes().note(|footprint| {
            for variant in story.iter() {
                footprint.saw_presence(variant.article, Presence::All);
                footprint.saw(variant.id.0, parts);
            }
        });
    }

    /// Notes that everything of these was read.
    pub fn saw_entities(&self, entities: &[Arc<Entity>]) {
        let notes = self.reader().notes();
        notes.note(|footprint| entities.iter().for_each(|entity| footprint.saw(entity.uuid(), Parts::ALL)));
    }

    /// The visible sections in order, the top of the tree first. Newsrooms have dozens, not thousands.
    pub async fn sections(&self) -> Shared<Arc<Vec<Arc<Entity>>>> {
        Ok(self.load(AllSections).await?.unwrap_or_default())
    }

    /// Forgets what was read, from now on: for what goes on reading while things change.
    pub fn keep_nothing(self) -> Self {
        self.loader.enable_all_cache(false);
        Self { shown: None, ..self }
    }

    /// The language of an argument, else of the request.
    pub fn language(&self, argument: Option<&super::scalars::Language>) -> Result<LanguageTag, Error> {
        match argument {
            Some(asked) => self.languages.require(&asked.0).map_err(|error| Error::invalid("language", error)),
            None => Ok(self.preferred.clone()),
        }
    }

    /// The languages to serve, best first.
    pub fn chain(
        &self,
        argument: Option<&super::scalars::Language>,
        fallback: bool,
    ) -> Result<Vec<LanguageTag>, Error> {
        Ok(self.languages.chain(&self.language(argument)?, fallback))
    }

    // Each field of an object runs in a future with room for the longest field of its type: `name` would take and move what
    // `articles` needs. What is long keeps its state behind a pointer, here and where a resolver says `boxed`.

    /// Something by its key, asked for together with all others of its kind.
    pub fn load<K>(&self, key: K) -> BoxFuture<'_, Shared<Option<<Batches as Loader<K>>::Value>>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batches: Loader<K, Error = Arc<Error>>,
    {
        self.loader.load_one(key).boxed()
    }

    /// Many things of a kind by their keys, in the order of the keys; those that are not visible are left out.
    pub fn load_all<K>(&self, keys: Vec<K>) -> BoxFuture<'_, Shared<Vec<<Batches as Loader<K>>::Value>>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batches: Loader<K, Error = Arc<Error>>,
    {
        let load = async move {
            let found = self.loader.load_many(keys.iter().cloned()).await?;
            Ok(keys.iter().filter_map(|key| found.get(key).cloned()).collect())
        };
        load.boxed()
    }

    /// An author, section, tag, picture or collection by id: at once where it is in memory, else with all others that are
    /// wanted.
    pub async fn entity(&self, id: Uuid) -> Shared<Option<Arc<Entity>>> {
        match self.at_hand(id) {
            Some(found) => Ok(Some(found)),
            None => Ok(self.load(AnEntity(id)).await?.map(|found| self.show(id, found))),
        }
    }

    /// The same for many, in the order of the ids; those that are not visible are left out.
    pub async fn entities(&self, ids: &[Uuid]) -> Shared<Vec<Arc<Entity>>> {
        let mut found: Vec<Option<Arc<Entity>>> = ids.iter().map(|id| self.at_hand(*id)).collect();
        let missing = || ids.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(id, _)| AnEntity(*id));
        if found.iter().any(Option::is_none) {
            let read = self.loader.load_many(missing()).boxed().await?;
            for (id, place) in ids.iter().zip(&mut found).filter(|(_, place)| place.is_none()) {
                *place = read.get(&AnEntity(*id)).map(|found| self.show(*id, found.clone()));
            }
        }
        Ok(found.into_iter().flatten().collect())
    }

    fn at_hand(&self, id: Uuid) -> Option<Arc<Entity>> {
        let shown = self.shown.as_ref().and_then(|shown| lock(shown).get(&id).cloned());
        shown.or_else(|| self.reader().entity_in_memory(id).map(|found| self.show(id, found)))
    }

    /// Remembers an entity that was read, and gives the state of it that this answer shows: the one that was read first.
    pub fn show(&self, id: Uuid, found: Arc<Entity>) -> Arc<Entity> {
        match &self.shown {
            Some(shown) => lock(shown).entry(id).or_insert(found).clone(),
            None => found,
        }
    }

    /// Remembers what another statement brought along.
    pub async fn feed<K>(&self, found: impl IntoIterator<Item = (K, <Batches as Loader<K>>::Value)>)
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Batches: Loader<K, Error = Arc<Error>>,
    {
        self.loader.feed_many(found).await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The request's [`Reading`].
pub fn reading<'a>(ctx: &Context<'a>) -> async_graphql::Result<&'a Reading> {
    ctx.data::<Reading>()
}

/// Waits until every resolver that can run has run. All of them run on one thread, so that a batch is complete then;
/// a clock would only add to the answer's time.
pub struct NextTurn;

impl Timer for NextTurn {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::task::yield_now())
    }
}

/// Loads many things with one statement.
pub struct Batches(Reader);

/// An entity, whatever its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct AnEntity(Uuid);

/// The body of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BodyOf(pub VariantId);

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Page(pub Listing, pub Window);

/// The newest stories of a tag, section or author, for readers of a chain of languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NewestOf(pub Uuid, pub Vec<LanguageTag>);

/// A story in the best language of a chain, and whether its lead image is wanted, too.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServedIn {
    /// The story.
    pub article: ArticleId,
    /// The languages, best first.
    pub chain: Arc<[LanguageTag]>,
    /// Whether to bring its lead image along.
    pub image: bool,
}

/// The tree of sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct AllSections;

/// The collections that a story is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CollectionsOf(pub ArticleId);

macro_rules! batch {
    ($key:ty => $value:ty, |$reader:ident, $keys:ident| $body:expr) => {
        impl Loader<$key> for Batches {
            type Value = $value;
            type Error = Arc<Error>;

            async fn load(&self, $keys: &[$key]) -> Shared<HashMap<$key, $value>> {
                let $reader = &self.0;
                let found: Result<HashMap<$key, $value>, Error> = async { $body }.await;
                found.map_err(Arc::new)
            }
        }
    };
}

batch!(ArticleId => Story, |reader, keys| reader.stories(keys).await);
batch!(VariantId => Arc<PublishedVariant>, |reader, keys| reader.variants(keys).await);
batch!(AnEntity => Arc<Entity>, |reader, keys| {
    let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
    Ok(reader.entities(&ids).await?.into_iter().map(|(id, entity)| (AnEntity(id), entity)).collect())
});
batch!(AllSections => Arc<Vec<Arc<Entity>>>, |reader, _keys| {
    let window = EntityWindow { tag_kind: None, after: None, before: None, limit: 1_000, from_end: false };
    Ok(HashMap::from([(AllSections, Arc::new(reader.entity_page(EntityKind::Section, &window).await?))]))
});
batch!(CollectionId => Vec<LanguageTag>, |reader, keys| reader.collection_languages(keys).await);
batch!(BodyOf => Arc<Body>, |reader, keys| {
    let ids: Vec<VariantId> = keys.iter().map(|key| key.0).collect();
    Ok(reader.bodies(&ids).await?.into_iter().map(|(id, body)| (BodyOf(id), body)).collect())
});
batch!(CollectionsOf => Vec<CollectionId>, |reader, keys| {
    let ids: Vec<ArticleId> = keys.iter().map(|key| key.0).collect();
    Ok(reader.collections_of(&ids).await?.into_iter().map(|(id, found)| (CollectionsOf(id), found)).collect())
});
batch!(Page => Arc<Vec<Entry>>, |reader, keys| {
    let lists: Vec<(Listing, Window)> = keys.iter().map(|key| (key.0.clone(), key.1)).collect();
    let pages = reader.pages(&lists).await?;
    Ok(keys.iter().cloned().zip(pages.into_iter().map(Arc::new)).collect())
});
batch!(Listing => u64, |reader, keys| Ok(keys.iter().cloned().zip(reader.counts(keys).await?).collect()));
batch!(ServedIn => Served, |reader, keys| {
    let mut chains: HashMap<(&[LanguageTag], bool), Vec<ArticleId>> = HashMap::new();
    for key in keys {
        chains.entry((&key.chain, key.image)).or_default().push(key.article);
    }
    let mut found = HashMap::new();
    for ((chain, image), articles) in chains {
        let chain: Arc<[LanguageTag]> = chain.into();
        for served in reader.served(&articles, &chain, image).await? {
            found.insert(ServedIn { article: served.0.article, chain: chain.clone(), image }, served);
        }
    }
    Ok(found)
});
batch!(NewestOf => Arc<Vec<Candidate>>, |reader, keys| {
    let mut chains: HashMap<&[LanguageTag], Vec<Uuid>> = HashMap::new();
    for NewestOf(facet, chain) in keys {
        chains.entry(chain).or_default().push(*facet);
    }
    let mut found = HashMap::new();
    for (chain, facets) in chains {
        for (facet, stories) in reader.newest(&facets, chain).await? {
            found.insert(NewestOf(facet, chain.to_vec()), Arc::new(stories));
        }
    }
    Ok(found)
});

#[cfg(test)]
mod tests {
    use super::super::{article, entities, image, lists, variant};
    use async_graphql::{ContainerType, Context};

    fn size<'a, T: 'a, F>(_: impl Fn(&'a T, &'a Context<'a>) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_field_of_what_lists_show_takes_less_than_a_kilobyte_while_it_runs() {
        let sizes = [
            ("Article", size(<article::Article as ContainerType>::resolve_field)),
            ("ArticleEdge", size(<lists::ArticleEdge as ContainerType>::resolve_field)),
            ("ArticleVariant", size(<variant::ArticleVariant as ContainerType>::resolve_field)),
            ("Author", size(<entities::Author as ContainerType>::resolve_field)),
            ("Section", size(<entities::Section as ContainerType>::resolve_field)),
            ("Tag", size(<entities::Tag as ContainerType>::resolve_field)),
            ("Image", size(<image::Image as ContainerType>::resolve_field)),
        ];
        let large: Vec<_> = sizes.iter().filter(|(_, size)| *size >= 1024).collect();
        assert!(large.is_empty(), "{large:?}");
    }
}
