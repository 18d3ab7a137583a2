//! Authors, tags, sections, images and collections: what they are called is live when it is saved.

use super::inputs::{LocalizedTextInput, given, merge};
use super::variant::id;
use super::{Outcome, begin, finish, payload};
use crate::domain::entity::{self, Entity};
use crate::domain::ids::{AuthorId, CollectionId, ImageId, SectionId, TagId};
use crate::domain::language::Localized;
use crate::error::Error;
use crate::graphql::context::reading;
use crate::graphql::entities::{LocalizedText, all_texts};
use crate::graphql::enums::{DigitalSourceType, TagKind};
use crate::graphql::scalars::Language;
use crate::service::App;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use uuid::Uuid;

/// An author, tag, section, image or collection as the desk has it, referred to by a story or not.
#[derive(SimpleObject)]
pub struct DeskEntity {
    /// Its id, with its kind: `aut_…`, `tag_…`, `sec_…`, `img_…`, `col_…`.
    id: ID,
    /// Grows by one with each change: the `expectedVersion` of the next one.
    version: i32,
    /// What it is called, per language; the alternative texts of an image.
    names: Vec<LocalizedText>,
    /// The slugs per language; one without a language is an author's.
    slugs: Vec<Slug>,
}

/// A slug.
#[derive(SimpleObject)]
pub struct Slug {
    /// The language; null where the slug is the same in all.
    language: Option<Language>,
    /// The slug.
    slug: String,
}

impl DeskEntity {
    fn new(version: i32, entity: &Entity) -> Self {
        let (id, names) = match entity {
            Entity::Author(author) => (author.id.to_string(), &author.names),
            Entity::Tag(tag) => (tag.id.to_string(), &tag.names),
            Entity::Section(section) => (section.id.to_string(), &section.names),
            Entity::Image(image) => (image.id.to_string(), &image.alts),
            Entity::Collection(collection) => (collection.id.to_string(), &collection.names),
        };
        let slug = |(language, slug): (Option<&crate::domain::language::LanguageTag>, &str)| Slug {
            language: language.cloned().map(Language),
            slug: slug.to_owned(),
        };
        let slugs = entity.slugs().into_iter().map(slug).collect();
        Self { id: id.into(), version, names: all_texts(names), slugs }
    }
}

payload! {
    /// What changing an author, tag, section, image or collection came to.
    EntityPayload {
        /// The thing as it stands now.
        entity: DeskEntity
    }
}

async fn changed<T>(ctx: &Context<'_>, id: Uuid, outcome: Outcome<T>, mark: Option<String>) -> Result<EntityPayload> {
    let entity = match outcome {
        Ok(_) => {
            let (version, entity) = ctx.data::<App>()?.desk(super::actor(ctx)).await?.entity(id).await?;
            Ok(DeskEntity::new(version, &entity))
        }
        Err(errors) => Err(errors),
    };
    Ok(EntityPayload::new(entity, mark))
}

/// An author to add.
#[derive(InputObject)]
pub struct CreateAuthorInput {
    /// The names, in at least one language.
    names: Vec<LocalizedTextInput>,
    /// The same in all languages; made from the first name where nothing is given.
    slug: Option<String>,
    /// A few words about the author, per language.
    #[graphql(default)]
    bios: Vec<LocalizedTextInput>,
    /// A picture of the author: `img_…`.
    portrait_id: Option<ID>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to an author; what is absent stays.
#[derive(InputObject)]
pub struct UpdateAuthorInput {
    /// `aut_…`
    id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Names in these languages; the others stay. An empty text takes one away.
    names: Option<Vec<LocalizedTextInput>>,
    /// The same in all languages; the old one still leads here.
    slug: Option<String>,
    /// A few words, in these languages; the others stay.
    bios: Option<Vec<LocalizedTextInput>>,
    /// A picture of the author; null takes it away.
    #[graphql(default)]
    portrait_id: MaybeUndefined<ID>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A tag to add.
#[derive(InputObject)]
pub struct CreateTagInput {
    /// What it stands for.
    #[graphql(default_with = "TagKind::Topic")]
    kind: TagKind,
    /// The names, in at least one language.
    names: Vec<LocalizedTextInput>,
    /// Slugs; made from the names where nothing is given. Old ones still lead here.
    #[graphql(default)]
    slugs: Vec<LocalizedTextInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to a tag; what is absent stays.
#[derive(InputObject)]
pub struct UpdateTagInput {
    /// `tag_…`
    id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// What it stands for.
    kind: Option<TagKind>,
    /// Names in these languages; the others stay. An empty text takes one away.
    names: Option<Vec<LocalizedTextInput>>,
    /// Slugs; made from the names where nothing is given. Old ones still lead here.
    #[graphql(default)]
    slugs: Vec<LocalizedTextInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A section to add.
#[derive(InputObject)]
pub struct CreateSectionInput {
    /// The section that it is in; none for one at the top.
    parent_id: Option<ID>,
    /// Its place among its siblings, smallest first.
    #[graphql(default)]
    position: i32,
    /// The names, in at least one language.
    names: Vec<LocalizedTextInput>,
    /// Slugs; made from the names where nothing is given. Old ones still lead here.
    #[graphql(default)]
    slugs: Vec<LocalizedTextInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to a section; what is absent stays.
#[derive(InputObject)]
pub struct UpdateSectionInput {
    /// `sec_…`
    id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Its place among its siblings, smallest first.
    position: Option<i32>,
    /// Names in these languages; the others stay. An empty text takes one away.
    names: Option<Vec<LocalizedTextInput>>,
    /// Slugs; made from the names where nothing is given. Old ones still lead here.
    #[graphql(default)]
    slugs: Vec<LocalizedTextInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A collection to add: a front page, a series.
#[derive(InputObject)]
pub struct CreateCollectionInput {
    /// The names, in at least one language.
    names: Vec<LocalizedTextInput>,
    /// Slugs; made from the names where nothing is given. Old ones still lead here.
    #[graphql(default)]
    slugs: Vec<LocalizedTextInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to a collection; what is absent stays.
#[derive(InputObject)]
pub struct UpdateCollectionInput {
    /// `col_…`
    id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Names in these languages; the others stay. An empty text takes one away.
    names: Option<Vec<LocalizedTextInput>>,
    /// Slugs; made from the names where nothing is given. Old ones still lead here.
    #[graphql(default)]
    slugs: Vec<LocalizedTextInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// What readers of a language see on a collection from now on.
#[derive(InputObject)]
pub struct PublishCollectionInput {
    /// `col_…`
    id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// The language.
    language: Language,
    /// The stories in order; what is not published shows as soon as it is.
    article_ids: Vec<ID>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to an image's facts; what is absent stays, null takes away.
#[derive(InputObject)]
pub struct UpdateImageInput {
    /// `img_…`
    id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// What a reader who can't see it is told, in these languages; the others stay.
    alts: Option<Vec<LocalizedTextInput>>,
    /// What stands under it, in these languages; the others stay. Plain text.
    captions: Option<Vec<LocalizedTextInput>>,
    /// Who made it.
    #[graphql(default)]
    credit: MaybeUndefined<String>,
    /// Under which terms it may be used.
    #[graphql(default)]
    licence: MaybeUndefined<String>,
    /// Where to look first when it is cut.
    #[graphql(default)]
    focal_point: MaybeUndefined<FocalPointInput>,
    /// How it came to be.
    #[graphql(default)]
    digital_source_type: MaybeUndefined<DigitalSourceType>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Where to look first when a picture is cut: both from 0 to 1, from the top left.
#[derive(InputObject)]
pub struct FocalPointInput {
    /// From the left.
    #[graphql(validator(minimum = 0.0, maximum = 1.0))]
    x: f64,
    /// From the top.
    #[graphql(validator(minimum = 0.0, maximum = 1.0))]
    y: f64,
}

fn texts(given: Vec<LocalizedTextInput>) -> Localized {
    let mut texts = Localized::new();
    merge(&mut texts, Some(given));
    texts
}

/// What articles refer to.
#[derive(Default)]
pub struct EntityMutation;

/// What articles refer to.
#[Object]
impl EntityMutation {
    /// Adds an author.
    async fn create_author(&self, ctx: &Context<'_>, input: CreateAuthorInput) -> Result<EntityPayload> {
        let author = entity::Author {
            id: AuthorId::new(),
            slug: input.slug.unwrap_or_default(),
            names: texts(input.names),
            bios: texts(input.bios),
            portrait: input.portrait_id.map(|portrait| id::<ImageId>("portraitId", &portrait)).transpose()?,
            links: Vec::new(),
        };
        let (uuid, mut work) = (author.id.0, begin(ctx).await?);
        let done = Box::pin(work.add_entity(author)).await;
        changed(ctx, uuid, finish(work, done).await?, input.client_mutation_id).await
    }

    /// Changes an author. Readers see it at once.
    async fn update_author(&self, ctx: &Context<'_>, input: UpdateAuthorInput) -> Result<EntityPayload> {
        let AuthorId(uuid) = id("id", &input.id)?;
        let portrait = given(input.portrait_id);
        let portrait = portrait.map(|given| given.map(|image| id::<ImageId>("portraitId", &image)).transpose());
        let portrait = portrait.transpose()?;
        let mut work = begin(ctx).await?;
        let edit = |author: &mut entity::Author| {
            merge(&mut author.names, input.names);
            merge(&mut author.bios, input.bios);
            author.slug = input.slug.unwrap_or(std::mem::take(&mut author.slug));
            author.portrait = portrait.unwrap_or(author.portrait);
        };
        let done = Box::pin(work.change_entity(uuid, input.expected_version, edit)).await;
        changed(ctx, uuid, finish(work, done).await?, input.client_mutation_id).await
    }

    /// Adds a tag.
    async fn create_tag(&self, ctx: &Context<'_>, input: CreateTagInput) -> Result<EntityPayload> {
        let (names, slugs) = (texts(input.names), texts(input.slugs));
        let tag = entity::Tag { id: TagId::new(), kind: input.kind.into(), names, slugs };
        let (uuid, mut work) = (tag.id.0, begin(ctx).await?);
        let done = Box::pin(work.add_entity(tag)).await;
        changed(ctx, uuid, finish(work, done).await?, input.client_mutation_id).await
    }

    /// Changes a tag. Readers see it at once.
    async fn update_tag(&self, ctx: &Context<'_>, input: UpdateTagInput) -> Result<EntityPayload> {
        let TagId(uuid) = id("id", &input.id)?;
        let mut work = begin(ctx).await?;
        let edit = |tag: &mut entity::Tag| {
            merge(&mut tag.names, input.names);
            merge(&mut tag.slugs, Some(input.slugs));
            tag.kind = input.kind.map_or(tag.kind, Into::into);
        };
        let done = Box::pin(work.change_entity(uuid, input.expected_version, edit)).await;
        changed(ctx, uuid, finish(work, done).await?, input.client_mutation_id).await
    }

    /// Adds a section.
    async fn create_section(&self, ctx: &Context<'_>, input: CreateSectionInput) -> Result<EntityPayload> {
        let parent = input.parent_id.map(|parent| id::<SectionId>("parentId", &parent)).transpose()?;
        let (names, slugs, position) = (texts(input.names), texts(input.slugs), input.position);
        let section = entity::Section { id: SectionId::new(), names, slugs, ancestors: Vec::new(), position };
        let (uuid, mut work) = (section.id.0, begin(ctx).await?);
        let done = Box::pin(work.add_section(section, parent)).await;
        changed(ctx, uuid, finish(work, done).await?, input.client_mutation_id).await
    }

    /// Changes a section. Readers see it at once.
    async fn update_section(&self, ctx: &Context<'_>, input: UpdateSectionInput) -> Result<EntityPayload> {
        let SectionId(uuid) = id("id", &input.id)?;
        let mut work = begin(ctx).await?;
        let edit = |section: &mut entity::Section| {
            merge(&mut section.names, input.names);
            merge(&mut section.slugs, Some(input.slugs));
            section.position = input.position.unwrap_or(section.position);
        };
        let done = Box::pin(work.change_entity(uuid, input.expected_version, edit)).await;
        changed(ctx, uuid, finish(work, done).await?, input.client_mutation_id).await
    }

    /// Changes what is said of an image. Readers see it at once.
    async fn update_image(&self, ctx: &Context<'_>, input: UpdateImageInput) -> Result<EntityPayload> {
        let ImageId(uuid) = id("id", &input.id)?;
        let mut work = begin(ctx).await?;
        let point = given(input.focal_point);
        let edit = |image: &mut entity::Image| {
            merge(&mut image.alts, input.alts);
            merge(&mut image.captions, input.captions);
            image.credit = given(input.credit).unwrap_or(image.credit.take());
            image.licence = given(input.licence).unwrap_or(image.licence.take());
            if let Some(point) = point {
                image.focal_point = point.map(|FocalPointInput { x, y }| entity::FocalPoint { x, y });
            }
            if let Some(kind) = given(input.digital_source_type) {
                image.digital_source_type = kind.map(Into::into);
            }
        };
        let done = Box::pin(work.change_entity(uuid, input.expected_version, edit)).await;
        changed(ctx, uuid, finish(work, done).await?, input.client_mutation_id).await
    }

    /// Adds a collection: a front page, a series.
    async fn create_collection(&self, ctx: &Context<'_>, input: CreateCollectionInput) -> Result<EntityPayload> {
        let (names, slugs) = (texts(input.names), texts(input.slugs));
        let collection = entity::Collection { id: CollectionId::new(), names, slugs };
        let (uuid, mut work) = (collection.id.0, begin(ctx).await?);
        let done = Box::pin(work.add_entity(collection)).await;
        changed(ctx, uuid, finish(work, done).await?, input.client_mutation_id).await
    }

    /// Changes a collection. Readers see it at once.
    async fn update_collection(&self, ctx: &Context<'_>, input: UpdateCollectionInput) -> Result<EntityPayload> {
        let CollectionId(uuid) = id("id", &input.id)?;
        let mut work = begin(ctx).await?;
        let edit = |collection: &mut entity::Collection| {
            merge(&mut collection.names, input.names);
            merge(&mut collection.slugs, Some(input.slugs));
        };
        let done = Box::pin(work.change_entity(uuid, input.expected_version, edit)).await;
        changed(ctx, uuid, finish(work, done).await?, input.client_mutation_id).await
    }

    /// Replaces what readers of a language see on a collection, at once.
    async fn publish_collection(&self, ctx: &Context<'_>, input: PublishCollectionInput) -> Result<EntityPayload> {
        let collection: CollectionId = id("id", &input.id)?;
        let language = reading(ctx)?.language(Some(&input.language))?;
        let stories = input.article_ids.iter().zip(0..);
        let stories = stories.map(|(story, index)| id(&format!("articleIds[{index}]"), story));
        let stories: Result<Vec<_>, Error> = stories.collect();
        let mut work = begin(ctx).await?;
        let done = match stories {
            Ok(list) => Box::pin(work.fill_collection(collection, input.expected_version, &language, list)).await,
            Err(error) => Err(error),
        };
        changed(ctx, collection.0, finish(work, done).await?, input.client_mutation_id).await
    }
}
