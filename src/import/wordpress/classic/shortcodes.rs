//! Shortcodes: `[name attributes]` and `[name]content[/name]`, as far as a text in square brackets is one.
//!
//! Korean headlines (`[속보]`) and English quotations (`[the company] said`) use square brackets too, so what is no
//! shortcode for certain stays text. What the shortcodes of WordPress itself mean is written in `media`.

use std::collections::HashMap;

use super::markup::{Token, Tokens, tokens};
use super::{Context, figures, media};
use crate::import::wordpress::wxr::attributes::{Attributes, closing_quotes};

/// Elements whose text shows code, brackets included.
const CODE: &[&str] = &["pre", "code", "script", "style", "textarea"];

/// How deep shortcodes may lie in each other.
const DEPTH: usize = 32;

/// Words that editors put into quotations, in brackets and alone.
const EDITORIAL: [&str; 13] =
    ["sic", "he", "she", "it", "they", "we", "his", "her", "its", "their", "them", "him", "laughs"];

/// The start of a shortcode.
pub(super) struct Opening<'a> {
    pub(super) name: &'a str,
    pub(super) attributes: Attributes,
    /// As it is written, brackets included.
    pub(super) raw: &'a str,
}

/// What a shortcode becomes.
pub(super) enum Outcome {
    /// HTML that stands between paragraphs.
    Block(String),
    /// HTML inside of a paragraph, or nothing.
    Inline(String),
    /// It stays as it is written. Only for one without content.
    Text,
}

/// Content with its shortcodes resolved.
pub(super) fn expand(html: &str, context: &mut Context<'_>) -> String {
    expand_at(html, context, 0)
}

fn expand_at(html: &str, context: &mut Context<'_>, depth: usize) -> String {
    if depth == DEPTH || !html.contains('[') {
        return html.to_owned();
    }
    let mut expander = Expander { html, ends: ends(html), tokens: tokens(html, CODE), out: String::new(), depth };
    while let Some(token) = expander.tokens.next() {
        match token {
            Token::Tag(tag) => expander.out.push_str(tag.raw),
            Token::Comment(raw) | Token::Verbatim(_, raw) => expander.out.push_str(raw),
            Token::Text(text) => match text.split_once('[') {
                None => expander.out.push_str(text),
                Some((before, _)) => {
                    expander.out.push_str(before);
                    let read = expander.tokens.rest().len() + text.len();
                    expander.bracket(html.len() - read + before.len(), context);
                }
            },
        }
    }
    expander.out
}

/// Where the end tags of each name stand.
fn ends(html: &str) -> HashMap<&str, Vec<usize>> {
    let mut ends: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, _) in html.match_indices("[/") {
        if let Some((name, rest)) = html.get(at + 2..).and_then(split_name)
            && rest.starts_with(']')
        {
            ends.entry(name).or_default().push(at);
        }
    }
    ends
}

struct Expander<'a> {
    html: &'a str,
    ends: HashMap<&'a str, Vec<usize>>,
    tokens: Tokens<'a>,
    out: String,
    depth: usize,
}

impl<'a> Expander<'a> {
    /// Reads on at a `[`: an escaped shortcode, a shortcode, or a bracket.
    fn bracket(&mut self, at: usize, context: &mut Context<'_>) {
        let here = self.from(at);
        let escaped = self.from(at + 1);
        if let Some(inner) = opening(escaped)
            && (media::is_known(inner.name) || inner.attributes.has_named())
            && let Some(end) = self.escaped_end(at + 1, &inner)
        {
            self.out.push_str(self.html.get(at + 1..end).unwrap_or_default());
            self.go_to(end + 1);
        } else if let Some(opening) = opening(here) {
            self.shortcode(at, &opening, context);
        } else {
            if let Some((name, rest)) = here.strip_prefix("[/").and_then(split_name)
                && rest.starts_with(']')
            {
                context.note(format!("[/{name}]"), "text: the shortcode that it ends has no beginning");
            }
            self.out.push('[');
            self.go_to(at + 1);
        }
    }

    /// Where `[[name]]` or `[[name]content[/name]]` ends, before its last bracket.
    fn escaped_end(&self, at: usize, opening: &Opening<'_>) -> Option<usize> {
        let inside = at + opening.raw.len();
        if self.from(inside).starts_with(']') {
            return Some(inside);
        }
        let end = self.end_of(opening.name, inside)? + opening.name.len() + 3;
        self.from(end).starts_with(']').then_some(end)
    }

    fn shortcode(&mut self, at: usize, opening: &Opening<'_>, context: &mut Context<'_>) {
        let inside = at + opening.raw.len();
        let end = self.end_of(opening.name, inside).filter(|_| !opening.raw.ends_with("/]"));
        let content = end.and_then(|end| self.html.get(inside..end));
        let content = content.map(|content| expand_at(content, context, self.depth + 1));
        let after = end.map_or(inside, |end| end + opening.name.len() + 3);
        let outcome = match media::outcome(opening, content.as_deref(), context) {
            Some(outcome) => outcome,
            None => unknown(opening, content, context),
        };
        match outcome {
            Outcome::Block(html) => self.push_block(&html, after),
            Outcome::Inline(html) => {
                self.out.push_str(&html);
                self.go_to(after);
            }
            Outcome::Text => {
                self.out.push_str(opening.raw);
                self.go_to(inside);
            }
        }
    }

    /// A figure takes the place of the paragraph that it is alone in.
    fn push_block(&mut self, html: &str, after: usize) {
        let before = self.out.trim_end();
        let paragraph = before.rfind('<').filter(|at| {
            before.get(*at..).is_some_and(|tag| tag == "<p>" || (tag.starts_with("<p ") && tag.ends_with('>')))
        });
        let behind = self.from(after).trim_start().strip_prefix("</p>");
        let alone = paragraph.zip(behind);
        if let Some((start, _)) = alone {
            self.out.truncate(start);
        }
        self.out.push_str(html);
        self.go_to(alone.map_or(after, |(_, behind)| self.html.len() - behind.len()));
    }

    fn end_of(&self, name: &str, from: usize) -> Option<usize> {
        let ends = self.ends.get(name)?;
        ends.get(ends.partition_point(|end| *end < from)).copied()
    }

    fn from(&self, at: usize) -> &'a str {
        self.html.get(at..).unwrap_or_default()
    }

    fn go_to(&mut self, at: usize) {
        self.tokens.go_to(self.from(at));
    }
}

/// What nobody here knows: it may be a plugin's, or it may be prose.
fn unknown(opening: &Opening<'_>, content: Option<String>, context: &mut Context<'_>) -> Outcome {
    if let Some(content) = content {
        context.note(opening.raw, "its content, without the shortcode around it");
        return Outcome::Inline(content);
    }
    let words: Vec<&str> = opening.attributes.positional().collect();
    if let [address] = words.as_slice()
        && media::is_address(address)
    {
        context.note(opening.raw, "a link");
        return Outcome::Block(figures::embed(address));
    }
    if opening.attributes.has_named() || opening.raw.ends_with("/]") {
        context.note(opening.raw, "dropped: a plugin makes its content when the page is shown");
        return Outcome::Inline(String::new());
    }
    let is_technical = opening.name.contains(|c: char| !c.is_ascii_lowercase());
    let is_prose = !words.is_empty() || opening.name.len() < 2 || EDITORIAL.contains(&opening.name);
    if is_technical || !is_prose {
        context.note(opening.raw, "text: it may be a shortcode or a word in brackets");
    }
    Outcome::Text
}

/// A name as WordPress's plugins give them, and what follows it.
fn split_name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-')));
    let (name, rest) = text.split_at_checked(end.unwrap_or(text.len()))?;
    name.starts_with(|c: char| c.is_ascii_lowercase()).then_some((name, rest))
}

/// The shortcode tag at the beginning. Outside of quotes it holds no bracket and no HTML tag.
fn opening(text: &str) -> Option<Opening<'_>> {
    let (name, rest) = split_name(text.strip_prefix('[')?)?;
    if !rest.starts_with(|c: char| c.is_whitespace() || matches!(c, ']' | '/' | '=')) {
        return None;
    }
    let mut at = text.len() - rest.len();
    loop {
        at += text.get(at..)?.find(['[', ']', '<', '='])?;
        let tail = text.get(at..)?;
        if tail.starts_with(']') {
            let attributes = text.get(1 + name.len()..at)?.trim_end_matches('/');
            // `[youtube=https://…]` was once the way to write it.
            let attributes = Attributes::read(attributes.strip_prefix('=').unwrap_or(attributes));
            return Some(Opening { name, attributes, raw: text.get(..=at)? });
        }
        let value = tail.strip_prefix('=')?.trim_start();
        let mut characters = value.chars();
        let quotes = characters.next().map(closing_quotes).unwrap_or_default();
        let quoted = characters.as_str();
        let close = if quotes.is_empty() { None } else { quoted.split_once(quotes) };
        at = text.len() - close.map_or(tail.len() - 1, |(_, behind)| behind.len());
    }
}
