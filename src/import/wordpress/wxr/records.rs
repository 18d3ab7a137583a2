//! From the fields of a record to the typed record: which field means what in WXR 1.0 to 1.2.
//!
//! How fields are found is decided in `fields`, how dates and meta values are understood in `item`.

use percent_encoding::percent_decode_str;
use time::format_description::well_known::Rfc2822;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::attributes::Attributes;
use super::fields::{Field, Fields, clean};
use super::{WpAuthor, WpTerm};
use crate::import::wordpress::item::{WpItem, WpTermRef};

/// An item, and whether something in its bytes shows that they are not all its own.
#[derive(Debug, Default)]
pub(super) struct ParsedItem {
    pub(super) item: WpItem,
    pub(super) damaged: bool,
}

pub(super) fn item(bytes: &[u8]) -> ParsedItem {
    let (text, cleaned) = clean(bytes);
    let mut parsed = ParsedItem::default();
    let mut fields = Fields::of_record(&text);
    let mut ids = 0;
    for field in fields.by_ref() {
        ids += usize::from(field.name == "wp:post_id");
        item_field(&mut parsed.item, field);
    }
    parsed.damaged = !fields.damaged.is_empty() || ids > 1;
    let item = &mut parsed.item;
    if cleaned.replaced > 0 {
        item.notes.push(format!("{} byte sequences that are not UTF-8 became U+FFFD", cleaned.replaced));
    }
    if cleaned.removed > 0 {
        item.notes.push(format!("{} control characters that XML forbids were removed", cleaned.removed));
    }
    if ids > 1 {
        item.notes.push(format!("it has {ids} ids: fields of another post may be among its own"));
    }
    for name in fields.damaged {
        item.notes.push(format!("<{name}> has no proper end; what it holds may be cut or missing"));
    }
    drop_doubled_terms(&mut item.categories);
    parsed
}

fn item_field(item: &mut WpItem, field: Field<'_>) {
    match field.name {
        "title" => item.title = trimmed(field),
        "link" => item.link = filled(field),
        "guid" => item.guid = filled(field),
        "pubDate" => item.pub_date = OffsetDateTime::parse(&trimmed(field), &Rfc2822).ok(),
        "dc:creator" => item.creator = filled(field),
        "content:encoded" => item.content = field.text(),
        "excerpt:encoded" => item.excerpt = field.text(),
        "wp:post_id" => item.id = trimmed(field).parse().ok().filter(|id| *id > 0),
        "wp:post_date" => item.post_date = date(&trimmed(field)),
        "wp:post_date_gmt" => item.post_date_gmt = date(&trimmed(field)),
        "wp:post_modified" => item.post_modified = date(&trimmed(field)),
        "wp:post_modified_gmt" => item.post_modified_gmt = date(&trimmed(field)),
        "wp:post_name" => item.name = percent_decoded(&trimmed(field)),
        "wp:status" => item.status = trimmed(field),
        "wp:post_type" => item.post_type = trimmed(field),
        "wp:post_parent" => item.parent = trimmed(field).parse().ok().filter(|id| *id > 0),
        "wp:post_password" => item.password = filled(field),
        "wp:is_sticky" => item.is_sticky = trimmed(field) == "1",
        "wp:attachment_url" => item.attachment_url = filled(field),
        "category" => item.categories.push(term_ref(field)),
        "wp:postmeta" => item.meta.extend(meta(field)),
        "wp:comment" => item.comment_count += 1,
        _ => {}
    }
}

fn term_ref(field: Field<'_>) -> WpTermRef {
    let attributes = Attributes::read(field.attributes);
    let domain = taxonomy(attributes.get("domain").unwrap_or("category"));
    let nicename = percent_decoded(attributes.get("nicename").unwrap_or_default());
    WpTermRef { domain, nicename, name: trimmed(field) }
}

/// WXR 1.0 writes each term twice, once without its nicename.
fn drop_doubled_terms(terms: &mut Vec<WpTermRef>) {
    let whole: Vec<WpTermRef> = terms.iter().filter(|term| !term.nicename.is_empty()).cloned().collect();
    let doubled =
        |term: &WpTermRef| whole.iter().any(|other| (&other.domain, &other.name) == (&term.domain, &term.name));
    terms.retain(|term| !term.nicename.is_empty() || !doubled(term));
}

/// The key and value of a `wp:postmeta` or `wp:termmeta`.
fn meta(field: Field<'_>) -> Option<(String, String)> {
    let (mut key, mut value) = (None, String::new());
    for part in Fields::of(field.raw) {
        match part.name {
            "wp:meta_key" => key = filled(part),
            "wp:meta_value" => value = part.text(),
            _ => {}
        }
    }
    Some((key?, value))
}

pub(super) fn author(bytes: &[u8]) -> WpAuthor {
    let (text, _) = clean(bytes);
    let mut author = WpAuthor::default();
    for field in Fields::of_record(&text) {
        match field.name {
            "wp:author_login" => author.login = trimmed(field),
            "wp:author_email" => author.email = trimmed(field),
            "wp:author_display_name" => author.display_name = trimmed(field),
            "wp:author_first_name" => author.first_name = trimmed(field),
            "wp:author_last_name" => author.last_name = trimmed(field),
            _ => {}
        }
    }
    author
}

/// A term of `wp:category`, `wp:tag` or `wp:term`, whose field names differ.
pub(super) fn term(record: &str, bytes: &[u8]) -> WpTerm {
    let (text, _) = clean(bytes);
    let mut term = WpTerm { taxonomy: taxonomy(record.trim_start_matches("wp:")), ..WpTerm::default() };
    for field in Fields::of_record(&text) {
        match field.name {
            "wp:term_id" => term.id = trimmed(field).parse().ok(),
            "wp:term_taxonomy" => term.taxonomy = taxonomy(&trimmed(field)),
            "wp:category_nicename" | "wp:tag_slug" | "wp:term_slug" => term.slug = percent_decoded(&trimmed(field)),
            "wp:category_parent" | "wp:term_parent" => term.parent = filled(field).map(|slug| percent_decoded(&slug)),
            "wp:cat_name" | "wp:tag_name" | "wp:term_name" => term.name = trimmed(field),
            "wp:category_description" | "wp:tag_description" | "wp:term_description" => {
                term.description = trimmed(field);
            }
            "wp:termmeta" => term.meta.extend(meta(field)),
            _ => {}
        }
    }
    term
}

/// The text of a channel's own field.
pub(super) fn leaf(bytes: &[u8]) -> String {
    let (text, _) = clean(bytes);
    Fields::of(&text).next().map(trimmed).unwrap_or_default()
}

/// WXR 1.0 calls tags `tag`, later versions `post_tag`, as WordPress itself does.
fn taxonomy(name: &str) -> String {
    if name == "tag" { "post_tag".to_owned() } else { name.to_owned() }
}

fn trimmed(field: Field<'_>) -> String {
    field.text().trim().to_owned()
}

fn filled(field: Field<'_>) -> Option<String> {
    Some(trimmed(field)).filter(|text| !text.is_empty())
}

/// A slug in its own script. WordPress cuts long slugs, at times inside a character: such a one stays encoded.
fn percent_decoded(slug: &str) -> String {
    percent_decode_str(slug).decode_utf8().map_or_else(|_| slug.to_owned(), |text| text.into_owned())
}

/// A date as WordPress stores it, without a zone. Its zeros, and dates that no calendar has, are absent.
fn date(text: &str) -> Option<PrimitiveDateTime> {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    PrimitiveDateTime::parse(text, format).ok().filter(|date| date.year() > 0)
}
