//! How clients name things, and how what they name is found.

use super::article::{Article, served};
use super::context::{BodyOf, reading};
use super::scalars::Language;
use crate::domain::address::plain_path;
use crate::domain::entity::{Entity, EntityKind};
use crate::error::Error;
use crate::service::{Along, Key, StoryPage};
use async_graphql::{Context, ID, InputObject, Lookahead, OneofObject, Result};
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;
use uuid::Uuid;

/// A slug in a language.
#[derive(Debug, InputObject)]
pub struct SlugInput {
    /// The slug, current or former, in its own script.
    slug: String,
    /// The language that it is a slug in.
    language: Language,
}

/// An id in another system.
#[derive(Debug, InputObject)]
pub struct ExternalIdInput {
    /// The system, such as `wordpress` or `markdown`.
    system: String,
    /// The id there.
    id: String,
}

/// How to name a story: exactly one of these.
#[derive(Debug, OneofObject)]
pub enum ArticleBy {
    /// Its id.
    Id(ID),
    /// A slug, current or former.
    Slug(SlugInput),
    /// A path of the site, or of the site that it was imported from; percent-encoded or not.
    Path(String),
    /// Its id in the system that it was imported from.
    ExternalId(ExternalIdInput),
}

/// How to name an author: exactly one of these.
#[derive(Debug, OneofObject)]
pub enum AuthorBy {
    /// The author's id.
    Id(ID),
    /// The author's slug, the same in all languages.
    Slug(String),
}

/// How to name a section, tag or collection: exactly one of these.
#[derive(Debug, OneofObject)]
pub enum EntityBy {
    /// Its id.
    Id(ID),
    /// Its slug, current or former.
    Slug(SlugInput),
}

pub(super) fn parse<T: FromStr<Err: Display>>(path: &str, id: &ID) -> Result<T, Error> {
    id.parse().map_err(|error: T::Err| Error::invalid(path, error))
}

/// What to look for, and what else if that is nothing.
fn article_keys(ctx: &Context<'_>, by: ArticleBy) -> Result<(Key, Option<Key>)> {
    let reading = reading(ctx)?;
    let key = match by {
        ArticleBy::Id(id) => Key::Id(parse("by.id", &id)?),
        ArticleBy::Slug(SlugInput { slug, language }) => Key::Slug(reading.language(Some(&language))?, slug),
        ArticleBy::ExternalId(ExternalIdInput { system, id }) => Key::External(system, id),
        ArticleBy::Path(path) => {
            // A path of the old site may look like one of this: WordPress in two languages has /en/name, too.
            let old = Key::Path(plain_path(&path));
            return Ok(match reading.addresses.parse(&path) {
                Some((language, slug)) if reading.languages.find(&language).is_some() => {
                    (Key::Slug(language, slug), Some(old))
                }
                _ => (old, None),
            });
        }
    };
    Ok((key, None))
}

pub(super) async fn find_entity(
    ctx: &Context<'_>,
    kind: EntityKind,
    id: Option<Uuid>,
    by: Option<SlugInput>,
) -> Result<Option<Arc<Entity>>> {
    let reading = reading(ctx)?;
    match (id, by) {
        (Some(id), _) => Ok(reading.entity(id).await?),
        (None, Some(SlugInput { slug, language })) => {
            let language = reading.language(Some(&language))?;
            Ok(reading.reader().find_entity(kind, Some(&language), &slug).await?)
        }
        (None, None) => Ok(None),
    }
}

pub(super) fn split<T: FromStr<Err: Display>>(by: EntityBy) -> Result<(Option<T>, Option<SlugInput>), Error> {
    match by {
        EntityBy::Id(id) => Ok((Some(parse("by.id", &id)?), None)),
        EntityBy::Slug(slug) => Ok((None, Some(slug))),
    }
}

/// The story of that name, if it is served in the language.
pub(super) async fn find_article(
    ctx: &Context<'_>,
    by: ArticleBy,
    language: Option<&Language>,
    fallback: bool,
) -> Result<Option<Article>> {
    let reading = reading(ctx)?;
    let (key, other) = article_keys(ctx, by)?;
    // The page of a story asks for its body in the language that it names or is addressed in.
    let mut bodies = Vec::new();
    if wants_body(ctx) {
        bodies = reading.chain(language, fallback)?;
        if let (Key::Slug(own, _), None) = (&key, language) {
            bodies = vec![own.clone()];
        }
    }
    let along = Along { bodies: &bodies, entities: wants_entities(ctx) };
    let mut found = reading.reader().find_story(&key, along).await?;
    if let (None, Some(key)) = (&found, &other) {
        found = reading.reader().find_story(key, along).await?;
    }
    let Some(StoryPage { story, bodies, entities }) = found else { return Ok(None) };
    if language.is_some() {
        let chain = reading.chain(language, fallback)?;
        if served(reading, &story, &chain).is_none() {
            return Ok(None);
        }
    }
    let Some(first) = story.first() else { return Ok(None) };
    let id = first.article;
    reading.feed(bodies.into_iter().map(|(id, body)| (BodyOf(id), Arc::new(body)))).await;
    for entity in entities {
        reading.show(entity.uuid(), entity);
    }
    reading.feed([(id, story.clone())]).await;
    Ok(Some(Article::loaded(id, story)))
}

/// Whether the selection asks for a body of the story itself.
fn wants_body(ctx: &Context<'_>) -> bool {
    let article = ctx.look_ahead();
    article.field("variant").field("body").exists() || article.field("variants").field("body").exists()
}

/// Whether the selection asks for what the story refers to.
fn wants_entities(ctx: &Context<'_>) -> bool {
    let article = ctx.look_ahead();
    let wants = |of: &Lookahead<'_>| {
        ["bylines", "section", "tags", "leadImage", "jsonLd"].iter().any(|field| of.field(field).exists())
    };
    wants(&article) || wants(&article.field("variant")) || wants(&article.field("variants"))
}
