//! Atom 1.0 (RFC 4287), with deleted entries (RFC 6721), pages (RFC 5005) and Media RSS for pictures.

use super::entry::Entry;
use super::feed::Feed;
use super::question::Format;
use super::rss::media;
use super::xml::{Xml, rfc3339};
use crate::domain::ids::VariantId;

/// The id of an entry: the same 128 bits as the variant's own id, in a form that is an address, as Atom wants it.
fn id(variant: VariantId) -> String {
    variant.0.urn().to_string()
}

/// The feed as Atom 1.0.
pub fn write(feed: &Feed) -> Vec<u8> {
    let mut xml = Xml::new();
    let language = feed.question.language.as_str();
    let namespaces = [
        ("xmlns", "http://www.w3.org/2005/Atom"),
        ("xmlns:at", "http://purl.org/atompub/tombstones/1.0"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
        ("xml:lang", language),
    ];
    xml.open("feed", &namespaces);
    xml.text("id", &[], &feed.id);
    xml.text("title", &[], &feed.title);
    xml.text("updated", &[], rfc3339(feed.updated));
    xml.text("generator", &[], "Byline");
    // Entries without an author are the newsroom's.
    xml.open("author", &[]);
    xml.text("name", &[], &feed.site_name);
    xml.text("uri", &[], &feed.site);
    xml.close("author");
    links(&mut xml, feed);
    feed.entries.iter().for_each(|entry| write_entry(&mut xml, feed, entry));
    for (variant, at) in &feed.withdrawn {
        xml.empty("at:deleted-entry", &[("ref", &id(*variant)), ("when", &rfc3339(*at))]);
    }
    xml.close("feed");
    xml.finish()
}

fn links(xml: &mut Xml, feed: &Feed) {
    let media_type = Format::Atom.media_type();
    xml.empty("link", &[("rel", "self"), ("type", media_type), ("href", &feed.address)]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &feed.site)]);
    for hub in &feed.hubs {
        xml.empty("link", &[("rel", "hub"), ("href", hub)]);
    }
    if feed.first != feed.address {
        xml.empty("link", &[("rel", "first"), ("type", media_type), ("href", &feed.first)]);
    }
    if let Some(next) = &feed.next {
        xml.empty("link", &[("rel", "next"), ("type", media_type), ("href", next)]);
    }
    for (language, address) in &feed.alternates {
        let attributes =
            [("rel", "alternate"), ("type", media_type), ("hreflang", language.as_str()), ("href", address)];
        xml.empty("link", &attributes);
    }
}

fn write_entry(xml: &mut Xml, feed: &Feed, entry: &Entry) {
    let language = if entry.language == feed.question.language { "" } else { entry.language.as_str() };
    xml.open("entry", &[("xml:lang", language)]);
    xml.text("id", &[], id(entry.id));
    xml.text("title", &[], &entry.title);
    xml.text("published", &[], rfc3339(entry.published));
    xml.text("updated", &[], rfc3339(entry.updated));
    for (element, names) in [("author", &entry.authors), ("contributor", &entry.contributors)] {
        for name in names {
            xml.open(element, &[]);
            xml.text("name", &[], name);
            xml.close(element);
        }
    }
    for (language, url) in &entry.alternates {
        let attributes = [("rel", "alternate"), ("type", "text/html"), ("hreflang", language.as_str()), ("href", url)];
        xml.empty("link", &attributes);
    }
    for category in &entry.categories {
        xml.empty("category", &[("term", &category.term), ("label", &category.label)]);
    }
    if let Some(summary) = &entry.summary {
        xml.text("summary", &[], summary);
    }
    if let Some(html) = &entry.html {
        xml.text("content", &[("type", "html")], html);
    }
    if let Some(picture) = &entry.picture {
        media(xml, picture);
    }
    xml.close("entry");
}
