//! JSON Feed 1.1. What it has no word for is in `_byline`.

use super::entry::{Entry, Picture};
use super::feed::Feed;
use super::xml::rfc3339;
use crate::domain::article::Correction;
use serde_json::{Map, Value, json};

/// What `_byline` means.
const ABOUT: &str = "Byline: ids, languages, corrections, pictures and withdrawn stories (docs/feeds.md)";

/// The feed as JSON Feed 1.1.
pub fn write(feed: &Feed) -> Vec<u8> {
    let hubs: Vec<Value> = feed.hubs.iter().map(|hub| json!({"type": "WebSub", "url": hub})).collect();
    let withdrawn: Vec<Value> =
        feed.withdrawn.iter().map(|(id, at)| json!({"id": id.to_string(), "at": rfc3339(*at)})).collect();
    let alternates: Vec<Value> = feed.alternates.iter().map(alternate).collect();
    let own = known([
        ("about", json!(ABOUT)),
        ("updated", json!(rfc3339(feed.updated))),
        ("alternates", json!(alternates)),
        ("withdrawn", json!(withdrawn)),
    ]);
    let document = known([
        ("version", json!("https://jsonfeed.org/version/1.1")),
        ("title", json!(feed.title)),
        ("home_page_url", json!(feed.site)),
        ("feed_url", json!(feed.address)),
        ("next_url", json!(feed.next)),
        ("language", json!(feed.question.language)),
        ("authors", json!([{"name": feed.site_name, "url": feed.site}])),
        ("hubs", json!(hubs)),
        ("_byline", own),
        ("items", feed.entries.iter().map(item).collect()),
    ]);
    let mut body = document.as_object().cloned().unwrap_or_default();
    // It must be there, even where there are no stories.
    body.entry("items").or_insert_with(|| json!([]));
    Value::Object(body).to_string().into_bytes()
}

/// What is known; what is not known or empty is left out.
fn known<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let is_known = |value: &Value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => true,
    };
    let known = fields.into_iter().filter(|(_, value)| is_known(value));
    Value::Object(known.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

fn alternate((language, url): &(crate::domain::language::LanguageTag, String)) -> Value {
    json!({"language": language, "url": url})
}

fn item(entry: &Entry) -> Value {
    let authors: Vec<Value> = entry.authors.iter().map(|name| json!({ "name": name })).collect();
    let tags: Vec<&str> = entry.categories.iter().map(|category| category.label.as_str()).collect();
    let alternates: Vec<Value> = entry.alternates.iter().map(alternate).collect();
    let corrections: Vec<Value> = entry.corrections.iter().map(correction).collect();
    // There must be a text of one kind.
    let text = match &entry.html {
        Some(_) => None,
        None => Some(entry.summary.as_ref().unwrap_or(&entry.title)),
    };
    let own = known([
        ("article", json!(entry.article.to_string())),
        ("kind", json!(entry.kind.as_str())),
        ("contributors", json!(entry.contributors)),
        ("alternates", json!(alternates)),
        ("corrections", json!(corrections)),
        ("image", entry.picture.as_ref().map(picture).into()),
    ]);
    known([
        ("id", json!(entry.id.to_string())),
        ("url", json!(entry.url)),
        ("title", json!(entry.title)),
        ("summary", json!(entry.summary)),
        ("content_html", json!(entry.html)),
        ("content_text", json!(text)),
        ("image", json!(entry.picture.as_ref().map(|picture| &picture.url))),
        ("date_published", json!(rfc3339(entry.published))),
        ("date_modified", json!(rfc3339(entry.updated))),
        ("authors", json!(authors)),
        ("tags", json!(tags)),
        ("language", json!(entry.language)),
        ("_byline", own),
    ])
}

fn correction(correction: &Correction) -> Value {
    known([
        ("id", json!(correction.id.to_string())),
        ("kind", json!(correction.kind.as_str())),
        ("at", json!(rfc3339(correction.at))),
        ("text", json!(correction.text)),
        ("signed", json!(correction.signed)),
    ])
}

fn picture(picture: &Picture) -> Value {
    let image = &picture.image;
    known([
        ("id", json!(image.id.to_string())),
        ("url", json!(picture.url)),
        ("mime_type", json!(picture.media_type())),
        ("width", json!(image.width)),
        ("height", json!(image.height)),
        ("alt", json!(picture.alt)),
        ("caption", json!(picture.caption)),
        ("credit", json!(image.credit)),
        ("licence", json!(image.licence)),
        ("digital_source_type", json!(image.digital_source_type.map(|kind| kind.uri()))),
    ])
}
