//! The walk through the tree: which element is a block, which is part of a line, which is neither.
//!
//! Blocks that hold other blocks collect them with [`Walker::within`] and fold them into themselves.

use super::{Note, Parsed, fold};
use crate::domain::body::inline::line::Line;
use crate::domain::body::inline::{canonical_tag, plain_text};
use crate::domain::body::{Content, Figure, embed, link};
use scraper::ElementRef;

/// Nobody reads more of them.
const MAX_NOTES: usize = 200;
/// What a reader of the page does not see as text.
const DROPPED: &[&str] = &[
    "base", "canvas", "datalist", "head", "link", "math", "meta", "noembed", "noframes", "noscript", "param", "script",
    "style", "svg", "template", "title",
];
/// What starts and ends a line but is no block of its own.
const WRAPPERS: &[&str] = &[
    "address",
    "article",
    "aside",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dt",
    "fieldset",
    "figcaption",
    "footer",
    "header",
    "hgroup",
    "legend",
    "li",
    "main",
    "nav",
    "optgroup",
    "option",
    "p",
    "search",
    "section",
    "summary",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
];
/// Blocks whose language is that of their words and not of the whole page.
const SPOKEN: &[&str] =
    &["blockquote", "caption", "dd", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "td", "th"];

#[derive(Default)]
pub(super) struct Walker<'a> {
    contents: Vec<Content>,
    notes: Vec<Note>,
    pub(super) line: Line,
    /// Elements that have their own place already, such as a figure's caption.
    pub(super) skipped: Vec<ElementRef<'a>>,
    /// Whether lines are folded into a block and a lone address therefore stays text.
    is_confined: bool,
    /// How many lists the walk is inside of.
    pub(super) list_depth: usize,
}

impl<'a> Walker<'a> {
    pub(super) fn finish(mut self) -> Parsed {
        self.flush();
        Parsed { contents: self.contents, notes: self.notes }
    }

    pub(super) fn note(&mut self, what: impl Into<String>, became: &str) {
        let note = Note { what: what.into(), became: became.to_owned() };
        if self.notes.len() < MAX_NOTES && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Ends the line; what it shows becomes a paragraph.
    pub(super) fn flush(&mut self) {
        if let Some(html) = self.line.finish() {
            self.place(Content::Paragraph { html });
        }
    }

    /// Adds a content; a paragraph that is nothing but an address is an embed.
    pub(super) fn place(&mut self, content: Content) {
        let content = match content {
            Content::Paragraph { html } if !self.is_confined => {
                embed::alone(&html).unwrap_or(Content::Paragraph { html })
            }
            other => other,
        };
        self.contents.push(content);
    }

    /// Adds blocks that had no room inside another one, after it.
    pub(super) fn place_moved(&mut self, moved: Vec<Content>, place: &str) {
        for content in moved {
            self.note(format!("{} in {place}", fold::kind(&content)), "moved after it");
            self.place(content);
        }
    }

    /// What `collect` adds, apart from what was there.
    pub(super) fn captured(&mut self, collect: impl FnOnce(&mut Self)) -> Vec<Content> {
        self.flush();
        let around = std::mem::take(&mut self.contents);
        let was_confined = std::mem::replace(&mut self.is_confined, true);
        collect(self);
        self.flush();
        self.is_confined = was_confined;
        std::mem::replace(&mut self.contents, around)
    }

    /// What an element holds, for a block that folds it into itself.
    pub(super) fn within(&mut self, element: ElementRef<'a>) -> Vec<Content> {
        self.captured(|walker| walker.children(element))
    }

    /// The lines that an element holds, and the blocks that are no lines.
    pub(super) fn lines_within(&mut self, element: ElementRef<'a>) -> fold::Folded {
        fold::flatten(self.within(element))
    }

    pub(super) fn children(&mut self, element: ElementRef<'a>) {
        let value = element.value();
        let is_marked = SPOKEN.contains(&value.name()) && (value.attr("lang").is_some() || value.attr("dir").is_some());
        if is_marked {
            self.line.open("span", |name| value.attr(name));
        }
        for child in element.children() {
            match child.value().as_text() {
                Some(text) => self.line.text(text),
                None => ElementRef::wrap(child).into_iter().for_each(|child| self.element(child)),
            }
        }
        if is_marked {
            self.line.close();
        }
    }

    pub(super) fn element(&mut self, element: ElementRef<'a>) {
        let name = element.value().name();
        if self.skipped.contains(&element) {
            return;
        }
        self.note_scripts(element);
        match name {
            _ if DROPPED.contains(&name) => self.note(format!("<{name}>"), "dropped"),
            "br" => self.line.line_break(),
            "hr" => {
                self.flush();
                self.place(Content::Divider);
            }
            "img" => self.image(element),
            "iframe" | "embed" | "object" | "video" | "audio" => self.media(element),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(element),
            "ul" | "ol" | "menu" | "dir" => self.list(element),
            "dl" => self.definitions(element),
            "blockquote" => self.quote(element),
            "figure" => self.figure(element),
            "pre" | "listing" | "xmp" | "plaintext" => self.code(element),
            "table" => self.table(element),
            "form" | "button" | "select" | "textarea" => {
                self.note(format!("<{name}>"), "paragraph");
                self.wrapper(element);
            }
            "input" => self.input(element),
            _ => self.plain(element),
        }
    }

    fn plain(&mut self, element: ElementRef<'a>) {
        let name = element.value().name();
        if let Some(tag) = canonical_tag(name) {
            self.line.open(tag, |name| element.value().attr(name));
            self.children(element);
            self.line.close();
        } else if WRAPPERS.contains(&name) {
            self.wrapper(element);
        } else {
            self.children(element);
        }
    }

    pub(super) fn wrapper(&mut self, element: ElementRef<'a>) {
        self.flush();
        self.children(element);
        self.flush();
    }

    fn heading(&mut self, element: ElementRef<'a>) {
        let level = element.value().name().bytes().last().map_or(2, |digit| digit.saturating_sub(b'0').clamp(2, 6));
        let held = self.lines_within(element);
        if !held.lines.is_empty() {
            self.place(Content::Heading { level, html: held.lines.join("<br>") });
        }
        self.place_moved(held.others, "a heading");
    }

    pub(super) fn image(&mut self, element: ElementRef<'a>) {
        let value = element.value();
        let alt = value.attr("alt").and_then(plain_text);
        // WordPress shows emoji as pictures whose alternative text is the character.
        if let Some(emoji) =
            alt.as_deref().filter(|_| value.classes().any(|class| matches!(class, "emoji" | "wp-smiley")))
        {
            self.line.text(emoji);
            return;
        }
        // Pages that load pictures late have a placeholder in `src`, so their own attributes come first.
        let sources = ["data-src", "data-lazy-src", "data-original", "src"];
        match sources.iter().find_map(|name| link::address(value.attr(name)?)) {
            Some(source) => {
                let link = self.line.href();
                self.flush();
                self.place(Content::Figure(Figure { source: Some(source), alt, link, ..Figure::default() }));
            }
            None => self.note(shown(element, "src"), "dropped"),
        }
    }

    fn input(&mut self, element: ElementRef<'a>) {
        let value = element.value();
        let is_button = matches!(value.attr("type"), Some("submit" | "button" | "reset"));
        let label = value.attr("value").filter(|_| is_button);
        self.note("<input>", if label.is_some() { "paragraph" } else { "dropped" });
        if let Some(label) = label {
            self.flush();
            self.line.text(label);
            self.flush();
        }
    }

    /// Records what could have run code and will not.
    fn note_scripts(&mut self, element: ElementRef<'a>) {
        for (name, _) in element.value().attrs().filter(|(name, _)| name.starts_with("on")) {
            self.note(format!("{}=", clipped(name)), "dropped");
        }
        let href = element.value().attr("href").unwrap_or_default();
        if element.value().name() == "a" && !href.trim().is_empty() && link::link(href).is_none() {
            self.note(shown(element, "href"), "dropped");
        }
    }
}

/// An element as a note names it, with the attribute that matters.
pub(super) fn shown(element: ElementRef<'_>, attribute: &str) -> String {
    let name = element.value().name();
    match element.value().attr(attribute) {
        Some(value) => format!("<{name} {attribute}={}>", clipped(value)),
        None => format!("<{name}>"),
    }
}

fn clipped(text: &str) -> String {
    const LENGTH: usize = 80;
    let mut out: String = text.chars().filter(|c| !c.is_control()).take(LENGTH).collect();
    if text.chars().nth(LENGTH).is_some() {
        out.push('…');
    }
    out
}
