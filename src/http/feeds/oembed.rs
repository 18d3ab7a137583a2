//! oEmbed 1.0 for articles: what other sites show where somebody pastes the address of a story.

use super::super::State;
use super::entry::{Entry, Maker};
use super::xml::Xml;
use super::{Asked, Found, answer};
use crate::domain::address::plain_path;
use crate::domain::effect::Parts;
use crate::domain::footprint::Presence;
use crate::domain::language::LanguageTag;
use crate::domain::published::{PublishedVariant, principal};
use crate::error::{Error, Result};
use crate::http::problem::{self, problem};
use crate::service::{Along, FeedStories, Key, Reader, Story};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;
use url::{Url, form_urlencoded};

/// What is asked for.
struct Question {
    url: String,
    is_xml: bool,
    /// How large a picture may be, in pixels.
    width: Option<u32>,
    height: Option<u32>,
}

/// What other sites show of a story.
pub async fn get(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    let question = match parse(request.query_string()) {
        Ok(Some(question)) => question,
        Ok(None) => return unknown_format(),
        Err(error) => return problem(&error),
    };
    let Some(key) = story_key(&state, &question.url) else {
        return problem(&Error::NotFound { kind: "article", id: question.url });
    };
    let content_type = if question.is_xml { "text/xml; charset=utf-8" } else { "application/json" };
    let room = [question.width, question.height];
    let address = format!("/oembed?{key:?}&{}&{:?}", question.is_xml, room);
    let asked = Asked { address, content_type, expires: false };
    answer(&state, &request, asked, async |reader| {
        let entry = entry(&state, &reader, &key).await?;
        let fields = fields(&state, &entry, room);
        let body = if question.is_xml { xml(&fields) } else { Value::Object(fields).to_string().into_bytes() };
        Ok(Found::Page(body, Vec::new()))
    })
    .await
}

/// Nothing for a format that we do not speak.
fn parse(query: &str) -> Result<Option<Question>> {
    let mut question = Question { url: String::new(), is_xml: false, width: None, height: None };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "url" => question.url = value.into_owned(),
            "format" if value == "json" => question.is_xml = false,
            "format" if value == "xml" => question.is_xml = true,
            "format" => return Ok(None),
            "maxwidth" => question.width = Some(pixels("maxwidth", &value)?),
            "maxheight" => question.height = Some(pixels("maxheight", &value)?),
            _ => {}
        }
    }
    if question.url.is_empty() {
        return Err(Error::invalid("url", "is missing: expected the address of an article"));
    }
    Ok(Some(question))
}

fn pixels(name: &str, value: &str) -> Result<u32> {
    value.parse().ok().filter(|pixels| *pixels > 0).ok_or_else(|| {
        let value: String = value.chars().take(40).collect();
        Error::invalid(name, format!("`{value}` is not accepted: expected a number of pixels, 1 or more"))
    })
}

/// The answer that oEmbed has for a format that is not there.
fn unknown_format() -> HttpResponse {
    let detail = "format: expected json or xml";
    let body = json!({"type": "about:blank", "title": "Not Implemented", "status": 501, "detail": detail});
    HttpResponse::NotImplemented().content_type(problem::TYPE).body(body.to_string())
}

/// What an address of the site names: a slug in a language, current or former, or a path that leads to a story. Nothing for
/// an address of another site.
fn story_key(state: &State, url: &str) -> Option<Key> {
    let addresses = state.app.addresses();
    let (asked, site) = (Url::parse(url.trim()).ok()?, Url::parse(&addresses.site).ok()?);
    let is_ours =
        matches!(asked.scheme(), "http" | "https") && asked.host() == site.host() && asked.port() == site.port();
    let path = asked.path().strip_prefix(site.path().trim_end_matches('/')).filter(|path| path.starts_with('/'));
    let path = path.filter(|_| is_ours)?;
    Some(match addresses.parse(path) {
        // Some systems take letters apart.
        Some((language, slug)) => Key::Slug(language, slug.nfc().collect()),
        None => Key::Path(plain_path(path)),
    })
}

async fn entry(state: &State, reader: &Reader, key: &Key) -> Result<Entry> {
    let missing = || Error::NotFound { kind: "article", id: name(key) };
    let page = reader.find_story(key, Along { bodies: &[], entities: true }).await?.ok_or_else(missing)?;
    let variant = match key {
        Key::Slug(language, _) => in_language(reader, &page.story, language),
        _ => first(reader, &page.story),
    };
    let variant = variant.ok_or_else(missing)?;
    let read = FeedStories {
        stories: [(variant.article, page.story.clone())].into(),
        entities: page.entities.iter().map(|entity| (entity.uuid(), entity.clone())).collect(),
        ..FeedStories::default()
    };
    Ok(Maker { state, notes: reader.notes(), read: &read }.entry(variant, false))
}

fn name(key: &Key) -> String {
    match key {
        Key::Slug(_, slug) => slug.clone(),
        Key::Path(path) => path.clone(),
        Key::Id(id) => id.to_string(),
        Key::External(_, id) => id.clone(),
    }
}

/// The variant that stands for the story, where a path names no language.
fn first<'a>(reader: &Reader, story: &'a Story) -> Option<&'a Arc<PublishedVariant>> {
    reader.notes().note(|footprint| {
        for variant in story.iter() {
            footprint.saw_presence(variant.article, Presence::All);
            footprint.saw(variant.id.0, Parts::PUBLISHED_AT);
        }
    });
    principal(story)
}

fn in_language<'a>(reader: &Reader, story: &'a Story, language: &LanguageTag) -> Option<&'a Arc<PublishedVariant>> {
    let found = story.iter().find(|variant| variant.language == *language);
    if let Some(first) = story.first() {
        let chain = std::slice::from_ref(language);
        reader.notes().note(|footprint| {
            footprint.saw_served(first.article, chain, found.map(|variant| &variant.language));
        });
    }
    found
}

/// A link: we have no page that could be shown inside another.
fn fields(state: &State, entry: &Entry, [width, height]: [Option<u32>; 2]) -> Map<String, Value> {
    let addresses = state.app.addresses();
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    put("type", json!("link"));
    put("version", json!("1.0"));
    put("title", json!(entry.title));
    if !entry.authors.is_empty() {
        put("author_name", json!(entry.authors.join(", ")));
    }
    put("provider_name", json!(addresses.site_name));
    put("provider_url", json!(addresses.site));
    // A picture without its size, or one that is too large, must not be named.
    let picture = entry.picture.as_ref();
    let size = picture.and_then(|picture| picture.image.width.zip(picture.image.height));
    let fits = |size: u32, room: Option<u32>| room.is_none_or(|room| size <= room);
    if let (Some(picture), Some((own_width, own_height))) = (picture, size)
        && fits(own_width, width)
        && fits(own_height, height)
    {
        put("thumbnail_url", json!(picture.url));
        put("thumbnail_width", json!(own_width));
        put("thumbnail_height", json!(own_height));
    }
    fields
}

fn xml(fields: &Map<String, Value>) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("oembed", &[]);
    for (name, value) in fields {
        xml.text(name, &[], value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    xml.close("oembed");
    xml.finish()
}
