//! Writing XML: feeds and sitemaps put their elements together here, and nothing that they are given breaks a document.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::borrow::Cow;
use std::fmt;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

/// A document in the making.
pub struct Xml(Writer<Vec<u8>>);

/// The attributes of an element. One whose value is empty is left out.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    /// Begins a document.
    pub fn new() -> Self {
        let mut xml = Self(Writer::new(Vec::with_capacity(64 * 1024)));
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml
    }

    /// Begins an element.
    pub fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        self.event(Event::Start(start(name, attributes)));
    }

    /// Ends an element.
    pub fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.event(Event::Empty(start(name, attributes)));
    }

    /// An element with a text.
    pub fn text(&mut self, name: &str, attributes: Attributes<'_>, text: impl fmt::Display) {
        self.open(name, attributes);
        let text = text.to_string();
        self.event(Event::Text(BytesText::new(&allowed(&text))));
        self.close(name);
    }

    /// The finished document.
    pub fn finish(self) -> Vec<u8> {
        self.0.into_inner()
    }

    fn event(&mut self, event: Event<'_>) {
        // Memory takes whatever is written into it.
        let _ = self.0.write_event(event);
    }
}

fn start<'a>(name: &'a str, attributes: Attributes<'a>) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
        start.push_attribute((*name, allowed(value).as_ref()));
    }
    start
}

/// A text without the characters that no XML document may hold, not even escaped.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    if text.chars().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_allowed(*c)).collect())
}

/// A moment as Atom, JSON Feed and sitemaps write it.
pub fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// A moment as RSS writes it; nothing before 1900, which it cannot write.
pub fn rfc2822(at: OffsetDateTime) -> Option<String> {
    at.format(&Rfc2822).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_breaks_a_document() {
        let every: String =
            (0..=0x2f).chain([0x7f, 0x85, 0xfffe, 0xffff, 0x1f600]).filter_map(char::from_u32).collect();
        let mut xml = Xml::new();
        xml.open("a", &[("b", "\"<&\u{1}>\n"), ("c", "")]);
        xml.text("d", &[], format!("{every}]]><!-- 한글 مرحبا"));
        xml.close("a");
        let text = String::from_utf8(xml.finish()).unwrap();
        assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?><a b=\"&quot;&lt;&amp;&gt;"), "{text}");
        let forbidden = text.chars().find(|c| (*c < ' ' && !"\t\n\r".contains(*c)) || "\u{fffe}\u{ffff}".contains(*c));
        assert_eq!(forbidden, None);
        assert!(text.ends_with("\u{1f600}]]&gt;&lt;!-- 한글 مرحبا</d></a>"), "{text}");
        assert!(!text.contains("c="));
    }

    #[test]
    fn a_moment_is_written_as_each_format_wants_it() {
        let at = time::macros::datetime!(2026-01-02 03:04:05 +9);
        assert_eq!(rfc2822(at).unwrap(), "Fri, 02 Jan 2026 03:04:05 +0900");
        assert_eq!(rfc3339(at), "2026-01-02T03:04:05+09:00");
        assert_eq!(rfc2822(time::macros::datetime!(1896-04-07 00:00 UTC)), None);
    }
}
