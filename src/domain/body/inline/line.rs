//! Writing one run of inline HTML: a paragraph, a caption, a cell.
//!
//! A line is fed tags and text in document order and writes only what belongs on the allow-list. Tags are written when
//! the first visible character inside them arrives, so empty elements leave no trace; spaces are written when a visible
//! character follows, so lines begin and end with text. Elements still open when a line ends are opened again on the
//! next, which is how a picture can leave the middle of a sentence.

use super::escape::{is_gap, is_noise, push_attribute, push_escaped};
use super::{COMMON_ATTRIBUTES, TAGS, gate, plain_text};
use crate::domain::body::link;
use unicode_normalization::UnicodeNormalization;

/// Deeper nesting of inline elements than any text needs.
const MAX_DEPTH: usize = 24;
/// Elements that mean something new inside themselves.
const NESTABLE: &[&str] = &["q", "small", "span", "sub", "sup"];
/// What a link may say about its target.
const RELATIONS: &[&str] = &["author", "license", "nofollow", "noopener", "noreferrer", "sponsored", "tag", "ugc"];

/// A line of inline HTML in the making.
#[derive(Debug, Default)]
pub(in crate::domain::body) struct Line {
    html: String,
    /// Visible text since the last tag, kept apart because only whole runs of text can be normalised to NFC.
    text: String,
    /// Spaces since the last visible character.
    gap: String,
    /// Line breaks since the last visible character.
    breaks: usize,
    open: Vec<OpenTag>,
    /// How many of the open tags are written in the present line.
    written: usize,
}

#[derive(Debug)]
struct OpenTag {
    name: &'static str,
    attributes: String,
    href: Option<String>,
    /// Means nothing in this place and is not written.
    is_mute: bool,
}

impl Line {
    /// Enters an element; every call is paired with one of [`Line::close`].
    ///
    /// `attribute` looks up an attribute as the author wrote it.
    pub(in crate::domain::body) fn open<'v>(
        &mut self,
        name: &'static str,
        attribute: impl Fn(&str) -> Option<&'v str>,
    ) {
        let href = if name == "a" { attribute("href").and_then(link::link) } else { None };
        let attributes = attributes(name, &attribute, href.as_deref());
        let says_nothing = match name {
            "a" => href.is_none(),
            "span" => attributes.is_empty(),
            _ => false,
        };
        let is_mute = says_nothing || !self.fits(name);
        self.open.push(OpenTag { name, attributes, href, is_mute });
    }

    /// Leaves the innermost element.
    pub(in crate::domain::body) fn close(&mut self) {
        let Some(tag) = self.open.pop() else { return };
        if self.open.len() < self.written {
            self.written -= 1;
            self.push_end(&tag);
        }
    }

    /// Adds text as a reader sees it.
    pub(in crate::domain::body) fn text(&mut self, text: &str) {
        for c in text.chars() {
            if is_gap(c) {
                self.push_gap(c);
            } else if !is_noise(c) {
                self.settle_gap();
                self.text.push(c);
            }
        }
    }

    /// Adds a line break, which counts only between visible text.
    pub(in crate::domain::body) fn line_break(&mut self) {
        self.breaks += 1;
        self.gap.clear();
    }

    /// Where the link leads that the next character would be part of.
    pub(in crate::domain::body) fn href(&self) -> Option<String> {
        self.open.iter().rev().find(|tag| !tag.is_mute && tag.href.is_some())?.href.clone()
    }

    /// Ends the line; `None` when it shows nothing.
    pub(in crate::domain::body) fn finish(&mut self) -> Option<String> {
        self.gap.clear();
        self.breaks = 0;
        let written = std::mem::take(&mut self.written);
        let open = std::mem::take(&mut self.open);
        open.iter().take(written).rev().for_each(|tag| self.push_end(tag));
        self.open = open;
        self.settle_text();
        let html = std::mem::take(&mut self.html);
        (!html.is_empty()).then(|| gate(html))
    }

    /// Whether an element says something new here and is where parsers will leave it.
    fn fits(&self, name: &str) -> bool {
        let mut around = self.open.iter().rev().filter(|tag| !tag.is_mute);
        let is_new = NESTABLE.contains(&name) || around.clone().all(|tag| tag.name != name);
        let is_placed =
            !matches!(name, "rb" | "rp" | "rt") || around.next().is_some_and(|parent| parent.name == "ruby");
        is_new && is_placed && self.open.len() < MAX_DEPTH
    }

    fn push_gap(&mut self, c: char) {
        if self.breaks > 0 {
            return;
        }
        if !c.is_ascii_whitespace() && !c.is_control() {
            self.gap.push(c);
        } else if !self.gap.ends_with(' ') {
            self.gap.push(' ');
        }
    }

    /// Writes what had to wait for a visible character.
    fn settle_gap(&mut self) {
        let has_begun = !self.html.is_empty() || !self.text.is_empty();
        if has_begun && self.breaks > 0 {
            self.settle_text();
            (0..self.breaks).for_each(|_| self.html.push_str("<br>"));
        } else if has_begun {
            self.text.push_str(&self.gap);
        }
        self.gap.clear();
        self.breaks = 0;
        if self.written < self.open.len() {
            let open = std::mem::take(&mut self.open);
            open.iter().skip(self.written).for_each(|tag| self.push_start(tag));
            self.written = open.len();
            self.open = open;
        }
    }

    fn settle_text(&mut self) {
        push_escaped(&mut self.html, self.text.nfc());
        self.text.clear();
    }

    fn push_start(&mut self, tag: &OpenTag) {
        if !tag.is_mute {
            self.settle_text();
            self.html.push('<');
            self.html.push_str(tag.name);
            self.html.push_str(&tag.attributes);
            self.html.push('>');
        }
    }

    fn push_end(&mut self, tag: &OpenTag) {
        if !tag.is_mute {
            self.settle_text();
            self.html.push_str("</");
            self.html.push_str(tag.name);
            self.html.push('>');
        }
    }
}

/// The allowed attributes of an element, written out.
fn attributes<'v>(name: &str, attribute: &impl Fn(&str) -> Option<&'v str>, href: Option<&str>) -> String {
    let mut out = String::new();
    let own = TAGS.iter().find(|(tag, _)| *tag == name).map_or(&[][..], |(_, names)| *names);
    for key in own.iter().chain(COMMON_ATTRIBUTES) {
        let value = match *key {
            "href" => href.map(str::to_owned),
            "rel" => href.and_then(|href| relation(href, attribute("rel").unwrap_or_default())),
            "lang" => attribute("lang").map(str::trim).filter(|tag| is_language(tag)).map(str::to_owned),
            "dir" => attribute("dir")
                .map(|dir| dir.trim().to_ascii_lowercase())
                .filter(|dir| matches!(dir.as_str(), "ltr" | "rtl" | "auto")),
            key => attribute(key).and_then(plain_text),
        };
        if let Some(value) = value {
            push_attribute(&mut out, key, &value);
        }
    }
    out
}

fn relation(href: &str, written: &str) -> Option<String> {
    let written = written.to_ascii_lowercase();
    let mut relations: Vec<&str> = Vec::new();
    let external = link::is_external(href).then_some("noopener");
    for word in written.split_ascii_whitespace().chain(external) {
        if RELATIONS.contains(&word) && !relations.contains(&word) {
            relations.push(word);
        }
    }
    (!relations.is_empty()).then(|| relations.join(" "))
}

/// The shape of a BCP 47 tag; which tags exist is not asked.
fn is_language(tag: &str) -> bool {
    tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
