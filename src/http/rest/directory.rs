//! Authors, sections, tags, images, collections, languages and the change log.

use super::answer::{Scene, answer, content_language, json};
use super::articles::{many, refuse};
use super::documents::{ArticlePage, AuthorPage, ChangePage, CollectionPage, LanguageList, SectionList, TagPage, page};
use super::given::Given;
use super::parameters::{Changes, Directory, FoundArticles, InLanguage, Nothing, Tags};
use super::reads::{Known, setting};
use super::{notes, parts, read_id};
use crate::domain::entity::{Entity, EntityKind, TagKind};
use crate::domain::ids::{AuthorId, CollectionId, EventId, ImageId, SectionId, TagId};
use crate::domain::language::LanguageTag;
use crate::domain::listing::{DEFAULT_PAGE, Filter, Listing, MAX_PAGE, Source};
use crate::domain::published::ChangeFilter;
use crate::error::{Error, Result};
use crate::http::State;
use crate::json::{Author, Change, Collection, Image, Language, Section, Setting, Tag};
use crate::service::EntityWindow;
use crate::service::paging::{PageInfo, bad_cursor, entity_cursor};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// The document of an entity of one kind.
type Write<T> = fn(&Entity, &Setting<'_>) -> Option<T>;

fn author(entity: &Entity, setting: &Setting<'_>) -> Option<Author> {
    if let Entity::Author(author) = entity { Some(Author::new(author, setting)) } else { None }
}

fn section(entity: &Entity, setting: &Setting<'_>) -> Option<Section> {
    if let Entity::Section(section) = entity { Some(Section::new(section, setting)) } else { None }
}

fn tag(entity: &Entity, setting: &Setting<'_>) -> Option<Tag> {
    if let Entity::Tag(tag) = entity { Some(Tag::new(tag, setting)) } else { None }
}

fn image(entity: &Entity, setting: &Setting<'_>) -> Option<Image> {
    if let Entity::Image(image) = entity { Some(Image::new(image, setting)) } else { None }
}

fn collection(entity: &Entity, setting: &Setting<'_>) -> Option<Collection> {
    if let Entity::Collection(collection) = entity { Some(Collection::new(collection, setting)) } else { None }
}

/// Writes entities down, and notes what of them is shown. Authors are shown with all that is known, portraits too.
async fn write<T>(scene: &Scene, entities: &[Arc<Entity>], write: Write<T>) -> Result<Vec<T>> {
    let mut known = Known::default();
    known.add(entities.iter().cloned());
    known.read_portraits(scene).await?;
    scene.reader.notes().note(|footprint| {
        for entity in known.entities.values() {
            match entity.as_ref() {
                Entity::Author(_) => notes::full(footprint, entity),
                _ => notes::brief(scene, footprint, entity),
            }
        }
    });
    let setting = setting(scene, &known.entities);
    Ok(entities.iter().filter_map(|entity| write(entity, &setting)).collect())
}

async fn one<T: Serialize>(
    state: &State,
    request: &HttpRequest,
    kind: &'static str,
    id: impl FnOnce(&[String]) -> Result<Uuid>,
    document: Write<T>,
) -> HttpResponse {
    let given = Given::parse::<InLanguage>(request.query_string());
    answer(state, request, given, async |scene| {
        let parts = parts(request, &["id"]);
        let id = id(&parts)?;
        let found = scene.reader.entities(&[id]).await?.remove(&id);
        let written = write(&scene, found.as_slice(), document).await?.pop();
        let missing = || Error::NotFound { kind, id: parts.first().cloned().unwrap_or_default() };
        json(&written.ok_or_else(missing)?, content_language(&scene.language).into_iter().collect())
    })
    .await
}

/// A page of the list of a kind.
async fn listed<T>(
    scene: &Scene,
    kind: EntityKind,
    tag_kind: Option<TagKind>,
    document: Write<T>,
) -> Result<(Vec<T>, PageInfo, Option<u64>)> {
    let paging = scene.given.paging()?;
    let (amount, window) = paging.entity_window(tag_kind)?;
    let found = scene.reader.entity_page(kind, &window).await?;
    let (found, info) = paging.finish(amount, found, |entity| entity_cursor(entity));
    let items = write(scene, &found, document).await?;
    let total = match scene.given.flag("total")? {
        Some(true) => Some(scene.reader.entity_count(kind, tag_kind).await?),
        _ => None,
    };
    Ok((items, info, total))
}

/// The authors that something published names.
///
/// By slug.
#[utoipa::path(get, path = "/v1/authors", tag = "Authors", params(Directory), responses((status = 200, body = AuthorPage)))]
pub async fn authors(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<Directory>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let (items, info, total) = listed(&scene, EntityKind::Author, None, author).await?;
        page(&scene, &AuthorPage { items, page: info.clone().into(), total }, &info)
    })
    .await
}

/// An author.
#[utoipa::path(get, path = "/v1/authors/{id}", tag = "Authors",
    params(("id" = String, Path, description = "The author's id."), InLanguage),
    responses((status = 200, body = Author)))]
pub async fn one_author(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let id = |parts: &[String]| read_id("author", parts).map(|AuthorId(id)| id);
    one(&state, &request, "author", id, author).await
}

/// All sections that something is published in.
///
/// In order, the top of the tree first.
#[utoipa::path(get, path = "/v1/sections", tag = "Sections and tags", params(InLanguage),
    responses((status = 200, body = SectionList)))]
pub async fn sections(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<InLanguage>(request.query_string());
    answer(&state, &request, given, async |scene| {
        // Newsrooms have dozens, not thousands.
        let window = EntityWindow { tag_kind: None, after: None, before: None, limit: 1_000, from_end: false };
        let found = scene.reader.entity_page(EntityKind::Section, &window).await?;
        let items = write(&scene, &found, section).await?;
        json(&SectionList { items }, content_language(&scene.language).into_iter().collect())
    })
    .await
}

/// A section.
#[utoipa::path(get, path = "/v1/sections/{id}", tag = "Sections and tags",
    params(("id" = String, Path, description = "The section's id."), InLanguage),
    responses((status = 200, body = Section)))]
pub async fn one_section(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let id = |parts: &[String]| read_id("section", parts).map(|SectionId(id)| id);
    one(&state, &request, "section", id, section).await
}

/// The tags of what is published.
///
/// By slug.
#[utoipa::path(get, path = "/v1/tags", tag = "Sections and tags", params(Tags), responses((status = 200, body = TagPage)))]
pub async fn tags(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<Tags>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let kind = scene.given.text("kind").map(str::parse).transpose();
        let kind = kind.map_err(|error| Error::invalid("kind", error))?;
        let (items, info, total) = listed(&scene, EntityKind::Tag, kind, tag).await?;
        page(&scene, &TagPage { items, page: info.clone().into(), total }, &info)
    })
    .await
}

/// A tag.
#[utoipa::path(get, path = "/v1/tags/{id}", tag = "Sections and tags",
    params(("id" = String, Path, description = "The tag's id."), InLanguage),
    responses((status = 200, body = Tag)))]
pub async fn one_tag(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let id = |parts: &[String]| read_id("tag", parts).map(|TagId(id)| id);
    one(&state, &request, "tag", id, tag).await
}

/// A picture that something published shows.
#[utoipa::path(get, path = "/v1/images/{id}", tag = "Images",
    params(("id" = String, Path, description = "The picture's id."), InLanguage),
    responses((status = 200, body = Image)))]
pub async fn one_image(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let id = |parts: &[String]| read_id("image", parts).map(|ImageId(id)| id);
    one(&state, &request, "image", id, image).await
}

/// All front pages and series.
///
/// By slug.
#[utoipa::path(get, path = "/v1/collections", tag = "Collections", params(Directory),
    responses((status = 200, body = CollectionPage)))]
pub async fn collections(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<Directory>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let (items, info, total) = listed(&scene, EntityKind::Collection, None, collection).await?;
        page(&scene, &CollectionPage { items, page: info.clone().into(), total }, &info)
    })
    .await
}

/// A front page or series.
#[utoipa::path(get, path = "/v1/collections/{id}", tag = "Collections",
    params(("id" = String, Path, description = "The collection's id."), InLanguage),
    responses((status = 200, body = Collection)))]
pub async fn one_collection(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let id = |parts: &[String]| read_id("collection", parts).map(|CollectionId(id)| id);
    one(&state, &request, "collection", id, collection).await
}

/// The stories on a front page or in a series, in the editor's order.
///
/// Where the language has no list, the list of the first language of the configured chain that has one.
#[utoipa::path(get, path = "/v1/collections/{id}/articles", tag = "Collections",
    params(("id" = String, Path, description = "The collection's id."), FoundArticles),
    responses((status = 200, body = ArticlePage)))]
pub async fn collected(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<FoundArticles>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let parts = parts(&request, &["id"]);
        let asked: CollectionId = read_id("collection", &parts)?;
        let (found, languages) = futures_util::try_join!(async { scene.reader.entities(&[asked.0]).await }, async {
            scene.reader.collection_languages(&[asked]).await
        },)?;
        let Some(Entity::Collection(collection)) = found.get(&asked.0).map(AsRef::as_ref) else {
            return Err(Error::NotFound { kind: "collection", id: asked.to_string() });
        };
        let id = collection.id;
        let languages = match languages.get(&id) {
            Some(languages) => languages.clone(),
            // It was merged into another, under whose id its lists are.
            None => scene.reader.collection_languages(&[id]).await?.remove(&id).unwrap_or_default(),
        };
        let own = scene.languages.chain(&scene.language, true).into_iter().find(|own| languages.contains(own));
        let list = own.unwrap_or_else(|| scene.language.clone());
        let source = Source::Collection(id, list);
        many(&scene, Listing { chain: scene.chain.clone(), filter: Filter::default(), source }).await
    })
    .await
}

/// The languages that the newsroom publishes in.
#[utoipa::path(get, path = "/v1/languages", tag = "Languages", params(Nothing),
    responses((status = 200, body = LanguageList)))]
pub async fn languages(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<Nothing>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let default = scene.languages.default_tag();
        let items = scene.languages.all().iter().map(|language| Language::new(language, default)).collect();
        json(&LanguageList { items }, Vec::new())
    })
    .await
}

/// What happened after an entry of the change log that you have seen.
///
/// Oldest first. Whoever remembers the last cursor misses nothing.
#[utoipa::path(get, path = "/v1/changes", tag = "Changes", params(Changes), responses((status = 200, body = ChangePage)))]
pub async fn changes(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let given = Given::parse::<Changes>(request.query_string());
    answer(&state, &request, given, async |scene| {
        let after = scene.given.text("after");
        let seen = after.map_or(Ok(EventId(0)), |text| text.parse().map_err(|_| bad_cursor("after", text)))?;
        let filter = change_filter(&scene)?;
        let first = scene.given.number("first")?;
        let limit =
            first.map_or(Some(DEFAULT_PAGE), |first| u32::try_from(first).ok().filter(|first| *first <= MAX_PAGE));
        let limit = limit.ok_or_else(|| Error::invalid("first", format!("expected 0 to {MAX_PAGE}")))?;
        let mut found = scene.reader.changes(seen, &filter, limit + 1).await?;
        let has_next_page = found.len() > limit as usize;
        found.truncate(limit as usize);
        let info = PageInfo {
            has_next_page,
            has_previous_page: false,
            start_cursor: found.first().map(|change| change.id.to_string()),
            end_cursor: found.last().map(|change| change.id.to_string()),
        };
        let items = found.into_iter().map(Change::from).collect();
        page(&scene, &ChangePage { items, page: info.clone().into(), total: None }, &info)
    })
    .await
}

fn change_filter(scene: &Scene) -> Result<ChangeFilter> {
    let mut errors = Vec::new();
    let languages: Vec<LanguageTag> = scene.given.values("languages", &mut errors);
    let filter = ChangeFilter {
        kinds: scene.given.values("kinds", &mut errors),
        languages: Vec::new(),
        articles: scene.given.values("articles", &mut errors),
    };
    refuse(errors)?;
    let known = languages.iter().map(|tag| scene.languages.require(tag));
    let languages = known.collect::<Result<_, _>>().map_err(|error| Error::invalid("languages", error))?;
    Ok(ChangeFilter { languages, ..filter })
}
