//! The root of the delivery side.

use super::article::Article;
use super::by::{ArticleBy, AuthorBy, EntityBy, find_article, find_entity, parse, split};
use super::changes::{ChangeConnection, ChangeFilter, changes};
use super::collection::Collection;
use super::connection::{Paging, page_cost};
use super::context::reading;
use super::desk::{Desk, Sight, is_staff};
use super::directory::{AuthorConnection, CollectionConnection, TagConnection, directory};
use super::entities::{Author, Section, Tag, sections_in};
use super::enums::{Direction, TagKind};
use super::image::Image;
use super::lists::{ArticleConnection, ArticleFilter, ArticleOrder, NEWEST, connection};
use super::node::{Node, find_node};
use super::preview::{Preview, preview};
use super::scalars::Language;
use super::viewer::{Viewer, viewer};
use crate::domain::entity::EntityKind;
use crate::domain::ids::{AuthorId, CollectionId, ImageId, SectionId, TagId};
use crate::domain::listing::{DEFAULT_PAGE, Filter, Listing};
use crate::error::Error;
use crate::service::conditions::words;
use async_graphql::{Context, ID, Object, Result, SimpleObject};

/// A language that the newsroom publishes in.
#[derive(SimpleObject)]
#[graphql(name = "Language")]
pub struct LanguageInfo {
    /// Its tag.
    tag: Language,
    /// Its name in itself.
    name: String,
    /// Which way it is written.
    direction: Direction,
    /// Whether it is served to those who do not say.
    is_default: bool,
    /// What is served where a story lacks it and `fallback` is on, best first.
    fallback: Vec<Language>,
}

/// What is published, for websites, phones and partners. Drafts are not here.
pub struct Query;

/// What is published, for websites, phones and partners. Drafts are not here.
#[Object]
impl Query {
    /// What is worked on, published or not. For staff, and for keys with the scope READ_DRAFTS.
    #[graphql(visible = "is_staff")]
    async fn desk(&self, ctx: &Context<'_>) -> Result<Desk> {
        Ok(Desk::new(Sight::of(ctx).await?))
    }

    /// Anything that has an id; null if it is not visible.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Option<Result<Node>> {
        find_node(ctx, &id).await.transpose()
    }

    /// Several things that have ids, in the order of the ids; null for those that are not visible. At most 100.
    #[graphql(complexity = "ids.len() * child_complexity.max(1) + 1")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their ids.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > 100 {
            return Err(Error::invalid("ids", format!("at most 100 ids are accepted, found {}", ids.len())).into());
        }
        futures_util::future::try_join_all(ids.iter().map(|id| find_node(ctx, id))).await
    }

    /// A story; null if there is none of that name, or, with `language`, none that is served in it. An error with the
    /// code WITHDRAWN if it was published once.
    async fn article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it.")] by: ArticleBy,
        #[graphql(desc = "Only if it is served in this language.")] language: Option<Language>,
        #[graphql(default, desc = "With `language`: or in another language of the configured chain.")] fallback: bool,
    ) -> Option<Result<Article>> {
        find_article(ctx, by, language.as_ref(), fallback).await.transpose()
    }

    /// Stories, each once, in the best language. Newest first unless asked otherwise.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in; else by `Accept-Language`, else the default.")] language: Option<
            Language,
        >,
        #[graphql(default, desc = "Serve the best other language of the configured chain.")] fallback: bool,
        #[graphql(desc = "Which stories; all unless asked.")] filter: Option<ArticleFilter>,
        #[graphql(desc = "In which order.")] order_by: Option<ArticleOrder>,
        #[graphql(desc = "The first so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<ArticleConnection> {
        let filter = filter.map(ArticleFilter::parse).transpose()?.unwrap_or_default();
        let chain = reading(ctx)?.chain(language.as_ref(), fallback)?;
        let source = order_by.map_or(NEWEST, Into::into);
        connection(ctx, Listing { chain, filter, source }, Paging { first, after, last, before }).await
    }

    /// Stories with all words of a query in headline or deks, newest first. Full-text search is not here yet.
    #[graphql(complexity = "page_cost(first, last, child_complexity) + 50")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words; at most ten count. Upper and lower case are alike.")] query: String,
        #[graphql(desc = "The language to read in; else by `Accept-Language`, else the default.")] language: Option<
            Language,
        >,
        #[graphql(default, desc = "Search and serve other languages of the configured chain, too.")] fallback: bool,
        #[graphql(desc = "The first so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<ArticleConnection> {
        let words = words(&query);
        if words.is_empty() {
            return Err(Error::invalid("query", "may not be blank").into());
        }
        let chain = reading(ctx)?.chain(language.as_ref(), fallback)?;
        let listing = Listing { chain, filter: Filter { words, ..Filter::default() }, source: NEWEST };
        connection(ctx, listing, Paging { first, after, last, before }).await
    }

    /// An author; null if there is none that something published names.
    async fn author(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name the author.")] by: AuthorBy,
    ) -> Option<Result<Author>> {
        let find = async {
            let reading = reading(ctx)?;
            let found = match by {
                AuthorBy::Id(id) => reading.entity(parse::<AuthorId>("by.id", &id)?.0).await?,
                AuthorBy::Slug(slug) => reading.reader().find_entity(EntityKind::Author, None, &slug).await?,
            };
            Ok(found.and_then(|entity| Author::from_entity(reading.reader().notes(), entity)))
        };
        find.await.transpose()
    }

    /// The authors that something published names, by slug.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    async fn authors(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<AuthorConnection> {
        directory(ctx, EntityKind::Author, Paging { first, after, last, before }, Author::from_entity).await
    }

    /// A picture; null if nothing published shows it.
    async fn image(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Option<Result<Image>> {
        match parse::<ImageId>("id", &id) {
            Ok(id) => Image::load(ctx, id).await,
            Err(error) => Some(Err(error.into())),
        }
    }

    /// A section; null if nothing is published in it or below it.
    async fn section(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it.")] by: EntityBy,
    ) -> Option<Result<Section>> {
        let find = async {
            let (id, slug) = split::<SectionId>(by)?;
            let found = find_entity(ctx, EntityKind::Section, id.map(|id| id.0), slug).await?;
            let notes = reading(ctx)?.reader().notes();
            Ok(found.and_then(|entity| Section::from_entity(notes, entity)))
        };
        find.await.transpose()
    }

    /// The sections at the top of the tree, in order; `children` leads down.
    #[graphql(complexity = "1 + 20 * child_complexity")]
    async fn sections(&self, ctx: &Context<'_>) -> Result<Vec<Section>> {
        sections_in(ctx, None).await
    }

    /// A tag; null if nothing published has it.
    async fn tag(&self, ctx: &Context<'_>, #[graphql(desc = "How to name it.")] by: EntityBy) -> Option<Result<Tag>> {
        let find = async {
            let (id, slug) = split::<TagId>(by)?;
            let found = find_entity(ctx, EntityKind::Tag, id.map(|id| id.0), slug).await?;
            let notes = reading(ctx)?.reader().notes();
            Ok(found.and_then(|entity| Tag::from_entity(notes, entity)))
        };
        find.await.transpose()
    }

    /// The tags of what is published, by slug.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only tags of this kind.")] kind: Option<TagKind>,
        #[graphql(desc = "The first so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<TagConnection> {
        let paging = Paging { first, after, last, before };
        super::directory::tags(ctx, kind.map(Into::into), paging).await
    }

    /// A front page or series; null if there is none of that name.
    async fn collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to name it.")] by: EntityBy,
    ) -> Option<Result<Collection>> {
        let find = async {
            let (id, slug) = split::<CollectionId>(by)?;
            let found = find_entity(ctx, EntityKind::Collection, id.map(|id| id.0), slug).await?;
            let notes = reading(ctx)?.reader().notes();
            Ok(found.and_then(|entity| Collection::from_entity(notes, entity)))
        };
        find.await.transpose()
    }

    /// All front pages and series, by slug.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    async fn collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<CollectionConnection> {
        directory(ctx, EntityKind::Collection, Paging { first, after, last, before }, Collection::from_entity).await
    }

    /// The languages that the newsroom publishes in, in its order.
    async fn languages(&self, ctx: &Context<'_>) -> Result<Vec<LanguageInfo>> {
        let languages = &reading(ctx)?.languages;
        let info = |language: &crate::domain::language::Language| LanguageInfo {
            tag: Language(language.tag.clone()),
            name: language.name.clone(),
            direction: language.direction.into(),
            is_default: language.tag == *languages.default_tag(),
            fallback: language.fallback.iter().cloned().map(Language).collect(),
        };
        Ok(languages.all().iter().map(info).collect())
    }

    /// Who asks; null without a credential.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer>> {
        viewer(ctx).await.transpose()
    }

    /// What the request's preview token (`Byline-Preview`) shows; null without one.
    async fn preview(&self, ctx: &Context<'_>) -> Option<Result<Preview>> {
        preview(ctx).transpose()
    }

    /// What happened after an entry of the change log that you have seen, oldest first. Whoever remembers the last
    /// cursor misses nothing.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Behind this entry; from the beginning unless given.")] after: Option<String>,
        #[graphql(desc = "Which changes; all unless asked.")] filter: Option<ChangeFilter>,
        #[graphql(desc = "At most so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
    ) -> Result<ChangeConnection> {
        changes(ctx, after, filter, first.unwrap_or(DEFAULT_PAGE as i32)).await
    }
}
