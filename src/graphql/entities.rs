//! Authors, sections and tags, and the bylines that name authors.

use super::connection::{Paging, page_cost};
use super::context::reading;
use super::enums::{BylineRole, TagKind};
use super::image::Image;
use super::lists::{ArticleConnection, articles_of};
use super::scalars::{Language, Url};
use super::seen::{Seen, loaded};
use crate::domain::effect::Parts;
use crate::domain::entity::{self, Entity};
use crate::domain::language::Localized;
use crate::domain::listing::Filter;
use crate::domain::{article, ids};
use crate::error::Error;
use crate::service::Notes;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use futures_util::FutureExt;
use std::sync::Arc;
use uuid::Uuid;

/// A text in a language.
#[derive(SimpleObject)]
pub struct LocalizedText {
    /// The language.
    pub language: Language,
    /// The text.
    pub text: String,
}

/// All texts of a field.
pub fn all_texts(texts: &Localized) -> Vec<LocalizedText> {
    let text = |(tag, text): (&crate::domain::language::LanguageTag, &String)| LocalizedText {
        language: Language(tag.clone()),
        text: text.clone(),
    };
    texts.iter().map(text).collect()
}

/// A person or a desk.
pub struct Author(Seen);
/// A place in the tree of sections.
pub struct Section(Seen);
/// A topic, person, organisation, place or event.
pub struct Tag(Seen);
loaded! {
    Author(entity::Author, ids::AuthorId, Author);
    Section(entity::Section, ids::SectionId, Section);
    Tag(entity::Tag, ids::TagId, Tag);
}

/// An author's place on a story.
#[derive(SimpleObject)]
pub struct Byline {
    /// Who.
    pub author: Author,
    /// Did what.
    pub role: BylineRole,
}

impl Byline {
    /// The bylines whose authors are visible, in order.
    pub async fn load_all(ctx: &Context<'_>, bylines: Vec<article::Byline>) -> Result<Vec<Self>> {
        let mut ids: Vec<Uuid> = Vec::new();
        bylines.iter().for_each(|byline| {
            if !ids.contains(&byline.author.0) {
                ids.push(byline.author.0);
            }
        });
        let reading = reading(ctx)?;
        let (authors, notes) = (reading.entities(&ids).await?, reading.reader().notes());
        let find = |byline: &article::Byline| {
            let author = authors.iter().find(|author| author.uuid() == byline.author.0)?;
            Some(Self { author: Author::from_entity(notes, author.clone())?, role: byline.role.into() })
        };
        Ok(bylines.iter().filter_map(find).collect())
    }
}

/// A link of an author.
#[derive(SimpleObject)]
pub struct AuthorLink {
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub url: Url,
}

/// A person or a desk.
#[Object]
impl Author {
    /// `aut_` and 26 characters.
    pub async fn id(&self) -> Result<ID> {
        Ok(self.plain()?.id.to_string().into())
    }

    /// The same in all languages.
    async fn slug(&self) -> Result<&str> {
        Ok(&self.read(Parts::SLUG)?.slug)
    }

    /// The name for readers of a language, in its script where it is known.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<String> {
        Ok(self.0.required_text(reading(ctx)?, Parts::TITLE, &self.plain()?.names, &language)?)
    }

    /// The name in every script and language that it is known in.
    async fn names(&self) -> Result<Vec<LocalizedText>> {
        Ok(all_texts(&self.read(Parts::TITLE.and(Parts::LANGUAGES))?.names))
    }

    /// A few words about the author.
    async fn bio(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<Option<String>> {
        Ok(self.0.text(reading(ctx)?, Parts::DETAILS, &self.plain()?.bios, &language)?)
    }

    /// A picture of the author.
    async fn portrait(&self, ctx: &Context<'_>) -> Option<Result<Image>> {
        match self.read(Parts::IMAGE) {
            Ok(author) => Image::load(ctx, author.portrait?).await,
            Err(error) => Some(Err(error)),
        }
    }

    /// Pages and accounts.
    async fn links(&self) -> Result<Vec<AuthorLink>> {
        let link = |link: &entity::Link| AuthorLink { label: link.label.clone(), url: Url(link.url.clone()) };
        Ok(self.read(Parts::DETAILS)?.links.iter().map(link).collect())
    }

    /// The author's stories, newest first, whatever the role.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
        #[graphql(default, desc = "Serve the best other language of the configured chain.")] fallback: bool,
        #[graphql(desc = "The first so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<ArticleConnection> {
        let filter = Filter { authors: vec![self.plain()?.id], ..Filter::default() };
        articles_of(ctx, filter, &language, fallback, Paging { first, after, last, before }).boxed().await
    }
}

/// The sections below one, or those at the top.
pub async fn sections_in(ctx: &Context<'_>, parent: Option<ids::SectionId>) -> Result<Vec<Section>> {
    let below = |section: &Section| section.read(Parts::SECTION).is_ok_and(|own| own.parent() == parent);
    let reading = reading(ctx)?;
    let all = reading.sections().await?;
    let notes = reading.reader().notes();
    Ok(all.iter().filter_map(|entity| Section::from_entity(notes, entity.clone())).filter(below).collect())
}

/// A place in the tree of sections.
#[Object]
impl Section {
    /// `sec_` and 26 characters.
    pub async fn id(&self) -> Result<ID> {
        Ok(self.plain()?.id.to_string().into())
    }

    /// The name for readers of a language.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<String> {
        Ok(self.0.required_text(reading(ctx)?, Parts::TITLE, &self.plain()?.names, &language)?)
    }

    /// The name in every language that it is known in.
    async fn names(&self) -> Result<Vec<LocalizedText>> {
        Ok(all_texts(&self.read(Parts::TITLE.and(Parts::LANGUAGES))?.names))
    }

    /// The slug for readers of a language.
    async fn slug(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<String> {
        Ok(self.0.required_text(reading(ctx)?, Parts::SLUG, &self.plain()?.slugs, &language)?)
    }

    /// The section that it is in; null at the top.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Section>> {
        match self.read(Parts::SECTION) {
            Ok(section) => Section::load(ctx, section.parent()?).await,
            Err(error) => Some(Err(error)),
        }
    }

    /// All sections above it, the nearest first.
    async fn ancestors(&self, ctx: &Context<'_>) -> Result<Vec<Section>> {
        let ids: Vec<Uuid> = self.read(Parts::SECTION)?.ancestors.iter().map(|id| id.0).collect();
        let reading = reading(ctx)?;
        let wrap = |entity| Section::from_entity(reading.reader().notes(), entity);
        Ok(reading.entities(&ids).await?.into_iter().filter_map(wrap).collect())
    }

    /// The sections in it that something is published in, in order.
    #[graphql(complexity = "1 + 10 * child_complexity")]
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Section>> {
        sections_in(ctx, Some(self.plain()?.id)).await
    }

    /// The stories in it and in the sections below it, newest first.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
        #[graphql(default, desc = "Serve the best other language of the configured chain.")] fallback: bool,
        #[graphql(desc = "The first so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<ArticleConnection> {
        let filter = Filter { sections: vec![self.plain()?.id], ..Filter::default() };
        articles_of(ctx, filter, &language, fallback, Paging { first, after, last, before }).boxed().await
    }
}

impl Tag {
    /// Several tags, in order; those that readers may not see are left out.
    pub async fn load_all(ctx: &Context<'_>, ids: &[ids::TagId]) -> Result<Vec<Self>> {
        let reading = reading(ctx)?;
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let found = reading.entities(&ids).await?;
        Ok(found.into_iter().filter_map(|entity| Self::from_entity(reading.reader().notes(), entity)).collect())
    }
}

/// A topic, person, organisation, place or event.
#[Object]
impl Tag {
    /// `tag_` and 26 characters.
    pub async fn id(&self) -> Result<ID> {
        Ok(self.plain()?.id.to_string().into())
    }

    /// What it stands for.
    async fn kind(&self) -> Result<TagKind> {
        Ok(self.read(Parts::KIND)?.kind.into())
    }

    /// The name for readers of a language.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<String> {
        Ok(self.0.required_text(reading(ctx)?, Parts::TITLE, &self.plain()?.names, &language)?)
    }

    /// The name in every language that it is known in.
    async fn names(&self) -> Result<Vec<LocalizedText>> {
        Ok(all_texts(&self.read(Parts::TITLE.and(Parts::LANGUAGES))?.names))
    }

    /// The slug for readers of a language.
    async fn slug(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
    ) -> Result<String> {
        Ok(self.0.required_text(reading(ctx)?, Parts::SLUG, &self.plain()?.slugs, &language)?)
    }

    /// The stories with this tag, newest first.
    #[graphql(complexity = "page_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language to read in.")] language: Language,
        #[graphql(default, desc = "Serve the best other language of the configured chain.")] fallback: bool,
        #[graphql(desc = "The first so many, 0 to 100; 20 unless asked.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<ArticleConnection> {
        let filter = Filter { tags_any: vec![self.plain()?.id], ..Filter::default() };
        articles_of(ctx, filter, &language, fallback, Paging { first, after, last, before }).boxed().await
    }
}
