//! What the standard says of an item, written down from its facts: the properties that there are, and what each may hold.
//! A property that is not here is one that we do not write, or that the standard does not have.

use crate::domain::ninjs::Version;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

enum Holds {
    Text,
    Uri,
    Moment,
    Whole,
    OneOf(&'static [&'static str]),
    Object(&'static str),
    List(&'static str),
}
use Holds::{List, Moment, Object, OneOf, Text, Uri, Whole};

const STATUS: &[&str] = &["usable", "withheld", "canceled"];
const TYPES: &[&str] = &["text", "audio", "video", "picture", "graphic", "composite", "component"];

/// Kind of object, property as 3.1 writes it, what it holds.
const PROPERTIES: &[(&str, &str, Holds)] = &[
    ("item", "uri", Uri),
    ("item", "type", OneOf(TYPES)),
    ("item", "representationType", OneOf(&["full", "partial"])),
    ("item", "version", Text),
    ("item", "firstCreated", Moment),
    ("item", "versionCreated", Moment),
    ("item", "embargoedUntil", Moment),
    ("item", "pubStatus", OneOf(STATUS)),
    ("item", "language", Text),
    ("item", "title", Text),
    ("item", "slugline", Text),
    ("item", "by", Text),
    ("item", "edNote", Text),
    ("item", "usageTerms", Text),
    ("item", "headlines", List("text")),
    ("item", "descriptions", List("text")),
    ("item", "bodies", List("body")),
    ("item", "people", List("concept")),
    ("item", "organisations", List("concept")),
    ("item", "places", List("concept")),
    ("item", "events", List("concept")),
    ("item", "subjects", List("concept")),
    ("item", "genres", List("genre")),
    ("item", "infoSources", List("source")),
    ("item", "altIds", List("id")),
    ("item", "renditions", List("rendition")),
    ("item", "associations", List("association")),
    ("item", "digitalSourceType", Object("genre")),
    ("item", "rightsInfo", Object("rights")),
    ("item", "expires", Moment),
    ("item", "standard", Object("standard")),
    ("text", "role", Text),
    ("text", "contentType", Text),
    ("text", "value", Text),
    ("body", "role", Text),
    ("body", "contentType", Text),
    ("body", "value", Text),
    ("body", "wordCount", Whole),
    ("body", "charCount", Whole),
    ("concept", "name", Text),
    ("concept", "rel", Text),
    ("concept", "uri", Uri),
    ("concept", "literal", Text),
    ("genre", "name", Text),
    ("genre", "uri", Uri),
    ("genre", "literal", Text),
    ("source", "name", Text),
    ("source", "role", Text),
    ("source", "uri", Uri),
    ("id", "role", Text),
    ("id", "value", Text),
    ("rendition", "name", Text),
    ("rendition", "href", Uri),
    ("rendition", "contentType", Text),
    ("rendition", "title", Text),
    ("rendition", "width", Whole),
    ("rendition", "height", Whole),
    ("rendition", "sizeInBytes", Whole),
    ("rights", "linkedRights", Uri),
    ("standard", "name", Text),
    ("standard", "version", Text),
    ("standard", "schema", Uri),
    // Only 3.1 has these.
    ("rendition", "poi", Object("point")),
    ("point", "x", Whole),
    ("point", "y", Whole),
];

/// What an object cannot be without.
const REQUIRED: &[(&str, &str)] = &[
    ("item", "uri"),
    ("association", "uri"),
    ("association", "name"),
    ("text", "value"),
    ("body", "value"),
    ("rendition", "name"),
];

/// The property of that name in a kind of object.
fn holds(version: Version, kind: &str, name: &str) -> Option<&'static Holds> {
    if kind == "association" && (name == "name" || (name == "rel" && version == Version::V3)) {
        return Some(&Text);
    }
    let kind = if kind == "association" { "item" } else { kind };
    let is = |known: &str| match version {
        Version::V3 => known == name,
        Version::V2 if known == "poi" => false,
        Version::V2 if known == "embargoedUntil" => name == "embargoed",
        Version::V2 => known.to_ascii_lowercase() == name,
    };
    PROPERTIES.iter().find(|(of, known, _)| *of == kind && is(known)).map(|(_, _, holds)| holds)
}

/// Everything in an item that the standard does not allow.
pub fn faults(version: Version, item: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    look(version, "item", item, "", &mut faults);
    faults
}

fn look(version: Version, kind: &str, value: &Value, at: &str, faults: &mut Vec<String>) {
    let Some(object) = value.as_object() else { return faults.push(format!("{at} is no object")) };
    for (_, name) in REQUIRED.iter().filter(|(of, name)| *of == kind && !object.contains_key(*name)) {
        faults.push(format!("{at} has no {name}"));
    }
    for (name, value) in object {
        let at = format!("{at}/{name}");
        let Some(holds) = holds(version, kind, name) else {
            faults.push(format!("{at} does not exist"));
            continue;
        };
        let text = value.as_str();
        let is_right = match holds {
            Text => text.is_some_and(|text| !text.is_empty()),
            Uri => text.is_some_and(|text| url::Url::parse(text).is_ok() && text.is_ascii()),
            Moment => text.is_some_and(|text| OffsetDateTime::parse(text, &Rfc3339).is_ok()),
            Whole => value.is_u64(),
            OneOf(words) => text.is_some_and(|text| words.contains(&text)),
            Object(kind) => {
                look(version, kind, value, &at, faults);
                true
            }
            List(kind) => value.as_array().is_some_and(|items| {
                items.iter().enumerate().for_each(|(n, one)| look(version, kind, one, &format!("{at}/{n}"), faults));
                !items.is_empty()
            }),
        };
        if !is_right {
            faults.push(format!("{at} may not be {value}"));
        }
    }
}
