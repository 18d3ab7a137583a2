//! Stories: one, and lists of them.

use super::answer::{Scene, answer, content_language, json, link};
use super::documents::{ArticlePage, Problem, RelatedList, page};
use super::given::Given;
use super::parameters::{BySlug, ManyArticles, OneArticle, RelatedArticles, Search};
use super::reads::{Known, articles, wants_entities};
use super::{parts, read_id};
use crate::domain::effect::Parts;
use crate::domain::footprint::Presence;
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::listing::{Filter, Listing, OrderBy, Source};
use crate::domain::published::{PublishedVariant, principal};
use crate::domain::related::Related;
use crate::error::{Error, FieldError, Result};
use crate::http::State;
use crate::http::public::Found;
use crate::json::{Article, Member, Members, RelatedArticle};
use crate::service::conditions::{micros, words};
use crate::service::paging::{order_mark, story_cursor};
use crate::service::related::{Wanted, related_count};
use crate::service::{Along, Key, Served, StoryPage};
use actix_web::{HttpRequest, HttpResponse, web};
use std::sync::Arc;

/// What a related story shows below another: nothing that needs another statement.
const BRIEF: &[Member] = &[
    Member::Id,
    Member::VariantId,
    Member::Language,
    Member::ServedAsFallback,
    Member::Kind,
    Member::Slug,
    Member::Path,
    Member::Url,
    Member::Title,
    Member::Deks,
    Member::Summary,
    Member::PublishedAt,
    Member::LeadImage,
];

/// A list of stories.
///
/// Each story once, in the best language; the newest first unless asked otherwise.
#[utoipa::path(get, path = "/v1/articles", tag = "Articles", params(ManyArticles),
    responses((status = 200, body = ArticlePage)))]
pub async fn list(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<ManyArticles>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let (filter, source) = (filter(&scene.given)?, order(&scene.given)?);
        many(&scene, Listing { chain: scene.chain.clone(), filter, source }).await
    })
    .await
}

/// Stories with all words of a query in headline or deks.
///
/// The newest first. Full-text search is not here yet.
#[utoipa::path(get, path = "/v1/search", tag = "Articles", params(Search),
    responses((status = 200, body = ArticlePage)))]
pub async fn search(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<Search>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let words = words(scene.given.text("query").unwrap_or_default());
        if words.is_empty() {
            return Err(Error::invalid("query", "is needed, and may not be blank"));
        }
        let filter = Filter { words, ..Filter::default() };
        many(&scene, Listing { chain: scene.chain.clone(), filter, source: order(&scene.given)? }).await
    })
    .await
}

/// One story.
///
/// In the language that `language` names, else in the best that the reader prefers. 410 where it was withdrawn.
#[utoipa::path(get, path = "/v1/articles/{id}", tag = "Articles",
    params(("id" = String, Path, description = "The story's id."), OneArticle),
    responses((status = 200, body = Article), (status = 410, body = Problem, content_type = "application/problem+json")))]
pub async fn one(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<OneArticle>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let key = Key::Id(read_id("article", &parts(&request, &["id"]))?);
        let members = scene.given.members(true)?;
        let (story, known, served) = find(&scene, &key, &scene.chain, &members).await?;
        story_page(&scene, story, known, served, &members).await
    })
    .await
}

/// One story, by its slug in a language.
///
/// A former slug leads to the present one. 410 where the story was withdrawn.
#[utoipa::path(get, path = "/v1/articles/by-slug/{language}/{slug}", tag = "Articles",
    params(("language" = String, Path, description = "The language that it is a slug in."),
        ("slug" = String, Path, description = "The slug, in its own script."), BySlug),
    responses((status = 200, body = Article),
        (status = 301, description = "The slug has changed; `Location` has the present one."),
        (status = 410, body = Problem, content_type = "application/problem+json")))]
pub async fn by_slug(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<BySlug>(request.query_string());
    answer(&state, &request, given, async |mut scene| {
        let parts = parts(&request, &["language", "slug"]);
        let [language, slug] = parts.as_slice() else { return Err(Error::internal("a route without its parts")) };
        let tag: Option<LanguageTag> = language.parse().ok();
        let language = tag.and_then(|tag| scene.languages.require(&tag).ok());
        let missing = || Error::NotFound { kind: "article", id: slug.clone() };
        let language = language.filter(|_| !slug.contains('\0')).ok_or_else(missing)?;
        scene.language = language.clone();
        scene.chain = vec![language.clone()];
        let members = scene.given.members(true)?;
        let key = Key::Slug(language.clone(), slug.clone());
        let (story, known, served) = find(&scene, &key, &scene.chain, &members).await?;
        scene.reader.notes().note(|footprint| footprint.saw(served.id.0, Parts::SLUG));
        if served.card.slug != *slug {
            let mut url = url::Url::parse(&scene.addresses.service).map_err(Error::internal)?;
            if let Ok(mut segments) = url.path_segments_mut() {
                segments.pop_if_empty().extend(["v1", "articles", "by-slug", language.as_str(), &served.card.slug]);
            }
            url.set_query(Some(scene.given.normal().as_str()).filter(|query| !query.is_empty()));
            return Ok(Found::Moved(url.into()));
        }
        story_page(&scene, story, known, served, &members).await
    })
    .await
}

/// The stories to show under a story.
///
/// What editors pinned and chose, then what a formula finds. Never the story itself, never a story twice, never what
/// editors banned.
#[utoipa::path(get, path = "/v1/articles/{id}/related", tag = "Articles",
    params(("id" = String, Path, description = "The story's id."), RelatedArticles),
    responses((status = 200, body = RelatedList),
        (status = 410, body = Problem, content_type = "application/problem+json")))]
pub async fn related(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<RelatedArticles>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let id: ArticleId = read_id("article", &parts(&request, &["id"]))?;
        let members = scene.given.members(false)?;
        let mut errors = Vec::new();
        let by = scene.given.values("by", &mut errors);
        refuse(errors)?;
        let by = Some(by).filter(|by| !by.is_empty());
        let count = related_count("first", scene.given.number("first")?)?;
        let page = scene.reader.find_story(&Key::Id(id), Along { bodies: &[], entities: false }).await?;
        let missing = || Error::NotFound { kind: "article", id: id.to_string() };
        let story = page.ok_or_else(missing)?.story;
        let of = match served(&scene, &story, &scene.chain) {
            Some(of) => of,
            None => {
                scene.reader.notes().note(|footprint| {
                    footprint.saw_presence(id, Presence::All);
                    story.iter().for_each(|variant| footprint.saw(variant.id.0, Parts::PUBLISHED_AT));
                });
                principal(&story).cloned().ok_or_else(missing)?
            }
        };
        let items = related_to(&scene, &of, count, by, &members).await?;
        json(&RelatedList { items }, content_language(&scene.language).into_iter().collect())
    })
    .await
}

async fn related_to(
    scene: &Scene,
    of: &PublishedVariant,
    count: usize,
    by: Option<Vec<crate::domain::related::Reason>>,
    members: &Members,
) -> Result<Vec<RelatedArticle>> {
    let found = scene.reader.related(of, Wanted { chain: &scene.chain, count, by }).await?;
    let mut known = Known::default();
    known.add(found.iter().filter_map(|(_, (_, image))| image.clone()));
    let variants: Vec<_> = found.iter().map(|(_, (variant, _))| variant.clone()).collect();
    let documents = articles(scene, &variants, known, members).await?;
    let item = |((related, _), article): ((Related, Served), Article)| RelatedArticle {
        reason: related.reason,
        score: related.score,
        pinned: related.pinned,
        article,
    };
    Ok(found.into_iter().zip(documents).map(item).collect())
}

/// The variant that is served to readers of a chain of languages.
fn served(scene: &Scene, story: &[Arc<PublishedVariant>], chain: &[LanguageTag]) -> Option<Arc<PublishedVariant>> {
    let found = chain.iter().find_map(|language| story.iter().find(|variant| variant.language == *language));
    let article = story.first()?.article;
    scene.reader.notes().note(|footprint| footprint.saw_served(article, chain, found.map(|found| &found.language)));
    found.cloned()
}

type Story = (crate::service::Story, Known, Arc<PublishedVariant>);

async fn find(scene: &Scene, key: &Key, chain: &[LanguageTag], members: &Members) -> Result<Story> {
    let name = match key {
        Key::Id(id) => id.to_string(),
        Key::Slug(_, name) | Key::External(_, name) | Key::Path(name) => name.clone(),
    };
    let missing = || Error::NotFound { kind: "article", id: name.clone() };
    let bodies = if members.body() { chain } else { &[] };
    let found = scene.reader.find_story(key, Along { bodies, entities: wants_entities(members) }).await?;
    let StoryPage { story, bodies, entities } = found.ok_or_else(missing)?;
    let served = served(scene, &story, chain).ok_or_else(missing)?;
    let mut known = Known::default();
    known.add(entities);
    known.stories.insert(served.article, story.clone());
    known.bodies.extend(bodies.into_iter().map(|(id, body)| (id, Arc::new(body))));
    Ok((story, known, served))
}

async fn story_page(
    scene: &Scene,
    story: crate::service::Story,
    known: Known,
    served: Arc<PublishedVariant>,
    members: &Members,
) -> Result<Found> {
    let variants = std::slice::from_ref(&served);
    let mut article = articles(scene, variants, known, members).await?.pop().unwrap_or_default();
    if members.has(Member::Related) {
        let count = related_count("first", None)?;
        let brief = Members::new(Some(BRIEF.to_vec()), Vec::new());
        article.related = Some(related_to(scene, &served, count, None, &brief).await?);
    }
    let mut links = Vec::new();
    if members.has(Member::Url) {
        links.extend(link(&scene.addresses.variant_url(&served), "rel=\"canonical\""));
    }
    if members.has(Member::Alternates) {
        let alternate = |variant: &Arc<PublishedVariant>| {
            let relation = format!("rel=\"alternate\"; hreflang=\"{}\"", variant.language);
            link(&scene.addresses.variant_url(variant), &relation)
        };
        links.extend(story.iter().filter_map(alternate));
    }
    links.extend(content_language(&served.language));
    json(&article, links)
}

/// A page of a list of stories.
pub async fn many(scene: &Scene, listing: Listing) -> Result<Found> {
    let members = scene.given.members(false)?;
    let paging = scene.given.paging()?;
    let mark = order_mark(&listing);
    let (amount, window) = paging.window(mark)?;
    let lists = [(listing.clone(), window)];
    let entries = scene.reader.pages(&lists).await?.pop().unwrap_or_default();
    let (entries, info) = paging.finish(amount, entries, |(position, _)| story_cursor(mark, *position));
    let variants: Vec<_> = entries.into_iter().map(|(_, variant)| variant).collect();
    let items = articles(scene, &variants, Known::default(), &members).await?;
    let total = match scene.given.flag("total")? {
        Some(true) => scene.reader.counts(&[listing]).await?.pop(),
        _ => None,
    };
    page(scene, &ArticlePage { items, page: info.clone().into(), total }, &info)
}

fn order(given: &Given) -> Result<Source> {
    let (name, ascending) = match given.text("order") {
        Some(text) => (text.strip_prefix('-').unwrap_or(text), !text.starts_with('-')),
        None => ("publishedAt", false),
    };
    let order = match name {
        "publishedAt" => OrderBy::PublishedAt,
        "modifiedAt" => OrderBy::ModifiedAt,
        _ => return Err(Error::invalid("order", "expected -publishedAt, publishedAt, -modifiedAt or modifiedAt")),
    };
    Ok(Source::Published { order, ascending })
}

fn filter(given: &Given) -> Result<Filter> {
    let mut errors = Vec::new();
    let filter = Filter {
        sections: given.values("sections", &mut errors),
        sections_only: given.flag("sectionsOnly")?.unwrap_or_default(),
        tags_any: given.values("tagsAny", &mut errors),
        tags_all: given.values("tagsAll", &mut errors),
        tags_none: given.values("tagsNone", &mut errors),
        authors: given.values("authors", &mut errors),
        kinds: given.values("kinds", &mut errors),
        published_from: given.moment("publishedFrom")?.map(micros),
        published_before: given.moment("publishedBefore")?.map(micros),
        has_variants: given.values("hasVariants", &mut errors),
        ids: given.values("ids", &mut errors),
        words: given.text("text").map(words).unwrap_or_default(),
    };
    refuse(errors)?;
    Ok(filter)
}

/// Fails where something is wrong.
pub fn refuse(errors: Vec<FieldError>) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
