//! Front pages and series on the desk.

use super::texts::{LocalizedTextInput, localized, optional};
use super::variant::id;
use super::views::{DeskCollection, shown};
use super::{begin, finish, payload};
use crate::domain::ids::ArticleId;
use crate::error::Error;
use crate::graphql::context::reading;
use crate::graphql::scalars::Language;
use crate::service::CollectionPatch;
use async_graphql::{Context, ID, InputObject, Object, Result};

payload! {
    /// What changing a collection came to.
    CollectionPayload {
        /// The collection as it stands now.
        collection: DeskCollection
    }
}

/// A collection to add.
#[derive(InputObject)]
pub struct CreateCollectionInput {
    /// The name per language, at least one, each at most 200 characters.
    names: Vec<LocalizedTextInput>,
    /// The slug per language; made from the name where a language has none.
    #[graphql(default)]
    slugs: Vec<LocalizedTextInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to what a collection is called: what is absent stays.
#[derive(InputObject)]
pub struct UpdateCollectionInput {
    /// `col_…`
    collection_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Names in these languages; the others stay.
    names: Option<Vec<LocalizedTextInput>>,
    /// Slugs in these languages; the others stay. Old ones still lead to the collection.
    slugs: Option<Vec<LocalizedTextInput>>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// What is to be on a collection in a language.
#[derive(InputObject)]
pub struct SetCollectionItemsInput {
    /// `col_…`
    collection_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// The language of the list; those of other languages stay.
    language: Language,
    /// The whole list in the editor's order, at most 500 stories, each once. They need not be published yet.
    article_ids: Vec<ID>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A collection to publish.
#[derive(InputObject)]
pub struct PublishCollectionInput {
    /// `col_…`
    collection_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

fn stories(ids: &[ID]) -> Result<Vec<ArticleId>, Error> {
    ids.iter().enumerate().map(|(index, story)| id(&format!("articleIds[{index}]"), story)).collect()
}

/// Mutations of collections.
#[derive(Default)]
pub struct CollectionMutation;

/// Mutations of collections.
#[Object]
impl CollectionMutation {
    /// Adds a collection. Readers see it once it is published.
    async fn create_collection(&self, ctx: &Context<'_>, input: CreateCollectionInput) -> Result<CollectionPayload> {
        let patch = localized("names", input.names).and_then(|names| {
            let slugs = localized("slugs", input.slugs)?;
            Ok(CollectionPatch { names: Some(names), slugs: Some(slugs) })
        });
        let mut work = begin(ctx).await?;
        let done = match patch {
            Ok(patch) => work.create_collection(patch).await,
            Err(error) => Err(error),
        };
        Ok(CollectionPayload::new(shown(ctx, finish(work, done).await?)?, input.client_mutation_id))
    }

    /// Changes what a collection is called. Readers who see it see the change at once.
    async fn update_collection(&self, ctx: &Context<'_>, input: UpdateCollectionInput) -> Result<CollectionPayload> {
        let collection = id("collectionId", &input.collection_id)?;
        let patch = optional("names", input.names)
            .and_then(|names| Ok(CollectionPatch { names, slugs: optional("slugs", input.slugs)? }));
        let mut work = begin(ctx).await?;
        let done = match patch {
            Ok(patch) => work.update_collection(collection, patch, input.expected_version).await,
            Err(error) => Err(error),
        };
        Ok(CollectionPayload::new(shown(ctx, finish(work, done).await?)?, input.client_mutation_id))
    }

    /// Replaces what the desk has on a collection in a language. Readers see it when the collection is published.
    async fn set_collection_items(
        &self,
        ctx: &Context<'_>,
        input: SetCollectionItemsInput,
    ) -> Result<CollectionPayload> {
        let collection = id("collectionId", &input.collection_id)?;
        let language = reading(ctx)?.language(Some(&input.language))?;
        let mut work = begin(ctx).await?;
        let done = match stories(&input.article_ids) {
            Ok(stories) => work.set_collection_items(collection, &language, stories, input.expected_version).await,
            Err(error) => Err(error),
        };
        Ok(CollectionPayload::new(shown(ctx, finish(work, done).await?)?, input.client_mutation_id))
    }

    /// Puts what the desk has on a collection before the readers, at once in all languages.
    async fn publish_collection(&self, ctx: &Context<'_>, input: PublishCollectionInput) -> Result<CollectionPayload> {
        let collection = id("collectionId", &input.collection_id)?;
        let mut work = begin(ctx).await?;
        let done = work.publish_collection(collection, input.expected_version).await;
        Ok(CollectionPayload::new(shown(ctx, finish(work, done).await?)?, input.client_mutation_id))
    }
}
