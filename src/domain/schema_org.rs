//! schema.org's NewsArticle for a published variant, as JSON-LD.

use super::address::Addresses;
use super::article::BylineRole;
use super::entity::{Entity, Image};
use super::language::{LanguageTag, Languages, Localized};
use super::published::PublishedVariant;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// What is needed to describe a page.
pub struct Page<'a> {
    /// The variant.
    pub variant: &'a PublishedVariant,
    /// The variant that stands for the story, where that is another one.
    pub original: Option<&'a Arc<PublishedVariant>>,
    /// All published variants.
    pub story: &'a [Arc<PublishedVariant>],
    /// Its authors, section, tags and lead image.
    pub entities: &'a [Arc<Entity>],
    /// Where things are found.
    pub addresses: &'a Addresses,
    /// The newsroom's languages.
    pub languages: &'a Languages,
}

/// What a description names beside the story: its authors, lead image, section and tags.
pub fn named(variant: &PublishedVariant) -> Vec<Uuid> {
    let authors = variant.bylines().into_iter().map(|byline| byline.author.0);
    let image = variant.lead_image().map(|image| image.0);
    let section = variant.section().map(|section| section.0);
    authors.chain(image).chain(section).chain(variant.tags().iter().map(|tag| tag.0)).collect()
}

/// The page as schema.org describes it (<https://schema.org/NewsArticle>).
pub fn news_article(page: &Page<'_>) -> Value {
    let variant = page.variant;
    let card = &variant.card;
    let url = page.addresses.variant_url(variant);
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !empty {
            json.insert(key.to_owned(), value);
        }
    };
    put("@context", json!("https://schema.org"));
    put("@type", json!("NewsArticle"));
    put("@id", json!(url));
    put("url", json!(url));
    put("mainEntityOfPage", json!(url));
    put("headline", json!(card.title));
    put("alternativeHeadline", json!(card.deks.first()));
    put("description", json!(card.seo.description.as_ref().or(card.summary.as_ref())));
    put("inLanguage", json!(variant.language));
    put("datePublished", json!(rfc3339(variant.published_at)));
    put("dateModified", json!(rfc3339(variant.updated_at())));
    put("wordCount", json!(card.word_count));
    put("author", people(page, &[BylineRole::Author, BylineRole::Contributor, BylineRole::Photographer]));
    put("editor", people(page, &[BylineRole::Editor]));
    put("translator", people(page, &[BylineRole::Translator]));
    put("keywords", page.entities.iter().filter_map(|entity| tag(page, entity)).collect());
    put("articleSection", page.entities.iter().find_map(|entity| section(page, entity)).into());
    put("image", page.entities.iter().find_map(|entity| image(page, entity)).into());
    put("publisher", json!({"@type": "Organization", "name": page.addresses.site_name, "url": page.addresses.site}));
    put("correction", card.corrections.iter().map(correction).collect());
    match page.original {
        Some(original) => put("translationOfWork", reference(page, original)),
        None => {
            let others = page.story.iter().filter(|other| other.id != variant.id);
            put("workTranslation", others.map(|other| reference(page, other)).collect());
        }
    }
    Value::Object(json)
}

fn rfc3339(at: OffsetDateTime) -> Option<String> {
    at.format(&Rfc3339).ok()
}

fn reference(page: &Page<'_>, variant: &PublishedVariant) -> Value {
    json!({
        "@type": "NewsArticle",
        "@id": page.addresses.variant_url(variant),
        "inLanguage": variant.language,
        "headline": variant.card.title,
    })
}

fn best(page: &Page<'_>, texts: &Localized) -> Option<String> {
    let language: &LanguageTag = &page.variant.language;
    page.languages.best(texts, language).map(|(_, text)| text.to_owned())
}

fn people(page: &Page<'_>, roles: &[BylineRole]) -> Value {
    let bylines = page.variant.bylines();
    let named = bylines.iter().filter(|byline| roles.contains(&byline.role));
    let person = |id| {
        page.entities.iter().find_map(|entity| match entity.as_ref() {
            Entity::Author(author) if author.id == id => {
                Some(json!({"@type": "Person", "name": best(page, &author.names)}))
            }
            _ => None,
        })
    };
    named.filter_map(|byline| person(byline.author)).collect()
}

fn section(page: &Page<'_>, entity: &Entity) -> Option<String> {
    match entity {
        Entity::Section(section) => best(page, &section.names),
        _ => None,
    }
}

fn tag(page: &Page<'_>, entity: &Entity) -> Option<String> {
    match entity {
        Entity::Tag(tag) => best(page, &tag.names),
        _ => None,
    }
}

/// A length in pixels: a number alone is none of schema.org's lengths. E37 is the pixel of UN/CEFACT's common codes.
fn pixels(length: u32) -> Value {
    json!({"@type": "QuantitativeValue", "value": length, "unitCode": "E37"})
}

fn image(page: &Page<'_>, entity: &Entity) -> Option<Value> {
    let Entity::Image(image) = entity else { return None };
    let Image { width, height, credit, licence, digital_source_type, .. } = image;
    // Terms are an address, or words.
    let (terms, notice) = match image.licence_url() {
        Some(url) => (Some(url), None),
        None => (None, licence.as_ref()),
    };
    let mut json = json!({"@type": "ImageObject", "url": page.addresses.image(image)?});
    let fields = [
        ("width", json!(width.map(pixels))),
        ("height", json!(height.map(pixels))),
        ("caption", json!(best(page, &image.captions))),
        ("creditText", json!(credit)),
        ("copyrightNotice", json!(notice)),
        ("license", json!(terms)),
        ("acquireLicensePage", json!(page.addresses.licensing)),
        ("digitalSourceType", json!(digital_source_type.map(super::image::DigitalSourceType::schema_org))),
    ];
    if let Some(object) = json.as_object_mut() {
        let known = fields.into_iter().filter(|(_, value)| !value.is_null());
        object.extend(known.map(|(key, value)| (key.to_owned(), value)));
    }
    Some(json)
}

fn correction(correction: &super::article::Correction) -> Value {
    let mut json =
        json!({"@type": "CorrectionComment", "text": correction.text, "datePublished": rfc3339(correction.at)});
    if let (Some(signed), Some(object)) = (&correction.signed, json.as_object_mut()) {
        object.insert("author".to_owned(), json!({"@type": "Person", "name": signed}));
    }
    json
}
