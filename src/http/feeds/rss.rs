//! RSS 2.0 with the modules `content`, `dc`, `media` (Media RSS) and `atom`.

use super::entry::{Entry, Picture};
use super::feed::Feed;
use super::question::Format;
use super::xml::{Xml, rfc2822, rfc3339};

/// The feed as RSS 2.0.
pub fn write(feed: &Feed) -> Vec<u8> {
    let mut xml = Xml::new();
    let namespaces = [
        ("version", "2.0"),
        ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ];
    xml.open("rss", &namespaces);
    xml.open("channel", &[]);
    xml.text("title", &[], &feed.title);
    xml.text("link", &[], &feed.site);
    // It must be there.
    xml.text("description", &[], &feed.title);
    xml.text("language", &[], &feed.question.language);
    if let Some(updated) = rfc2822(feed.updated) {
        xml.text("lastBuildDate", &[], updated);
    }
    xml.text("generator", &[], "Byline");
    xml.text("docs", &[], "https://www.rssboard.org/rss-specification");
    let media_type = Format::Rss.media_type();
    xml.empty("atom:link", &[("rel", "self"), ("type", media_type), ("href", &feed.address)]);
    links(&mut xml, feed, media_type);
    feed.entries.iter().for_each(|entry| item(&mut xml, entry));
    xml.close("channel");
    xml.close("rss");
    xml.finish()
}

/// Hubs, the feed's other pages, and the feed in other languages.
fn links(xml: &mut Xml, feed: &Feed, media_type: &str) {
    for hub in &feed.hubs {
        xml.empty("atom:link", &[("rel", "hub"), ("href", hub)]);
    }
    if feed.first != feed.address {
        xml.empty("atom:link", &[("rel", "first"), ("type", media_type), ("href", &feed.first)]);
    }
    if let Some(next) = &feed.next {
        xml.empty("atom:link", &[("rel", "next"), ("type", media_type), ("href", next)]);
    }
    for (language, address) in &feed.alternates {
        let attributes =
            [("rel", "alternate"), ("type", media_type), ("hreflang", language.as_str()), ("href", address)];
        xml.empty("atom:link", &attributes);
    }
}

fn item(xml: &mut Xml, entry: &Entry) {
    xml.open("item", &[]);
    xml.text("title", &[], &entry.title);
    xml.text("link", &[], &entry.url);
    xml.text("guid", &[("isPermaLink", "false")], entry.id);
    if let Some(published) = rfc2822(entry.published) {
        xml.text("pubDate", &[], published);
    }
    xml.text("atom:updated", &[], rfc3339(entry.updated));
    for author in &entry.authors {
        xml.text("dc:creator", &[], author);
    }
    for contributor in &entry.contributors {
        xml.text("dc:contributor", &[], contributor);
    }
    xml.text("dc:language", &[], &entry.language);
    for category in &entry.categories {
        xml.text("category", &[], &category.label);
    }
    if let Some(summary) = &entry.summary {
        // Readers take it for HTML.
        xml.text("description", &[], crate::domain::body::inline::escaped(summary));
    }
    if let Some(html) = &entry.html {
        xml.text("content:encoded", &[], html);
    }
    for (language, url) in &entry.alternates {
        let attributes = [("rel", "alternate"), ("type", "text/html"), ("hreflang", language.as_str()), ("href", url)];
        xml.empty("atom:link", &attributes);
    }
    if let Some(picture) = &entry.picture {
        media(xml, picture);
    }
    xml.close("item");
}

/// A picture with what is said of it, in the words of Media RSS.
pub fn media(xml: &mut Xml, picture: &Picture) {
    let image = &picture.image;
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let (width, height) = (number(image.width.map(u64::from)), number(image.height.map(u64::from)));
    let size = number(image.file.as_ref().map(|file| file.size));
    let attributes = [
        ("url", picture.url.as_str()),
        ("medium", "image"),
        ("type", picture.media_type().unwrap_or_default()),
        ("fileSize", &size),
        ("width", &width),
        ("height", &height),
    ];
    xml.open("media:content", &attributes);
    // What is said instead of it has no place of its own.
    if let Some(alt) = &picture.alt {
        xml.text("media:title", &[("type", "plain")], alt);
    }
    if let Some(caption) = &picture.caption {
        xml.text("media:description", &[("type", "plain")], caption);
    }
    if let Some(credit) = &image.credit {
        xml.text("media:credit", &[("role", "author"), ("scheme", "urn:ebu")], credit);
    }
    match (&image.licence, image.licence_url()) {
        (Some(licence), Some(url)) => xml.text("media:license", &[("type", "text/html"), ("href", url)], licence),
        (Some(licence), None) => xml.text("media:copyright", &[], licence),
        (None, _) => {}
    }
    xml.close("media:content");
}
