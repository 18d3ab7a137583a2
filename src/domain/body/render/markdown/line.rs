//! One line of inline HTML as Markdown.
//!
//! Markdown's own marks are used where every reader sees them; where the rules about what is next to a mark get subtle,
//! as they do between Hangul and punctuation, the HTML element stays.

use crate::domain::body::inline::escape::push_attribute;
use crate::domain::body::inline::{Token, decode, tokens};
use crate::domain::body::link;

/// How a line break can be written in this place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Breaks {
    /// A backslash at the end of the line.
    Backslash,
    /// A `<br>`, where the text must stay on one line.
    Tag,
    /// A `<br>`, and a `|` in code would end the cell.
    Cell,
}

pub(super) fn markdown_line(html: &str, breaks: Breaks) -> String {
    let tokens: Vec<Token<'_>> = tokens(html).collect();
    Writer { out: String::with_capacity(html.len() + 16), breaks, tokens, ends: Vec::new() }.write()
}

/// Plain text with all marks escaped, for a place that is not the start of a line.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    push_text(&mut out, text, false);
    out
}

/// A link's target and title, as between the parentheses.
pub(super) fn push_target(out: &mut String, target: &str, title: Option<&str>) {
    out.push('<');
    for c in target.chars() {
        match c {
            '\\' | '<' | '>' => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out.push('>');
    if let Some(title) = title {
        out.push_str(" \"");
        for c in title.chars() {
            match c {
                '\\' | '"' | '|' => out.extend(['\\', c]),
                '&' => out.push_str("&amp;"),
                c => out.push(c),
            }
        }
        out.push('"');
    }
}

/// The length of the longest run of a character.
pub(super) fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

struct Writer<'a> {
    out: String,
    breaks: Breaks,
    tokens: Vec<Token<'a>>,
    /// What ends the elements that are open, innermost last.
    ends: Vec<String>,
}

impl<'a> Writer<'a> {
    fn write(mut self) -> String {
        let mut at = 0;
        while let Some(token) = self.tokens.get(at).copied() {
            at += 1;
            match token {
                Token::Text(text) => {
                    let starts_line = self.out.is_empty() || self.out.ends_with('\n');
                    push_text(&mut self.out, &decode(text), starts_line);
                }
                Token::Break if self.breaks == Breaks::Backslash => self.out.push_str("\\\n"),
                Token::Break => self.out.push_str("<br>"),
                Token::Close(_) => {
                    let end = self.ends.pop().unwrap_or_default();
                    self.out.push_str(&end);
                }
                Token::Open { name: "code", attributes: "" } if self.push_code(at) => at += 2,
                Token::Open { name, attributes } => {
                    let end = self.push_start(token, at, name, attributes);
                    self.ends.push(end);
                }
            }
        }
        self.out
    }

    /// Writes the start of an element and returns its end. `at` is the place of the next token.
    fn push_start(&mut self, token: Token<'a>, at: usize, name: &str, attributes: &str) -> String {
        let mark = match name {
            "strong" => "**",
            "em" => "*",
            "del" => "~~",
            _ => "",
        };
        if !mark.is_empty() && attributes.is_empty() && self.can_mark(at) {
            self.out.push_str(mark);
            return mark.to_owned();
        }
        if let Some(target) = target(token, attributes) {
            if self.out.ends_with('!') {
                self.out.pop();
                self.out.push_str("\\!");
            }
            self.out.push('[');
            return format!("]({target})");
        }
        self.out.push('<');
        self.out.push_str(name);
        if !attributes.is_empty() {
            self.out.push(' ');
            self.out.push_str(&attributes.replace('|', "&#124;"));
        }
        self.out.push('>');
        format!("</{name}>")
    }

    /// Whether marks around the element that starts before `at` are seen by every reader: letters on their inner sides,
    /// no other mark touching them, none inside of them.
    fn can_mark(&self, at: usize) -> bool {
        let mut inside = 0;
        let end = self.tokens.iter().skip(at).position(|token| match token {
            Token::Open { .. } => {
                inside += 1;
                false
            }
            Token::Close(_) if inside == 0 => true,
            Token::Close(_) => {
                inside -= 1;
                false
            }
            _ => false,
        });
        let text = |at: usize| match self.tokens.get(at) {
            Some(Token::Text(text)) => Some(decode(text)),
            _ => None,
        };
        let first = text(at).and_then(|text| text.chars().next());
        let last = end.and_then(|end| text((at + end).checked_sub(1)?)).and_then(|text| text.chars().last());
        let is_marked = |end: &String| matches!(end.as_str(), "**" | "*" | "~~");
        first.is_some_and(is_letter)
            && last.is_some_and(is_letter)
            && !self.ends.iter().any(is_marked)
            && !self.out.ends_with(['*', '~'])
    }

    /// Writes an element that is nothing but code, and says whether it was one.
    fn push_code(&mut self, at: usize) -> bool {
        let (Some(Token::Text(text)), Some(Token::Close("code"))) = (self.tokens.get(at), self.tokens.get(at + 1))
        else {
            return false;
        };
        let code = decode(text);
        if self.out.ends_with('`') || (self.breaks == Breaks::Cell && code.contains(['|', '\\'])) {
            return false;
        }
        let fence = "`".repeat(longest_run(&code, '`') + 1);
        let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
        for part in [&fence, space, &code, space, &fence] {
            self.out.push_str(part);
        }
        true
    }
}

/// What Markdown writes between the parentheses of this link, when it can say all of it.
fn target(token: Token<'_>, attributes: &str) -> Option<String> {
    let href = decode(token.attribute("href")?);
    let title = token.attribute("title").map(decode);
    let mut expected = String::new();
    push_attribute(&mut expected, "href", &href);
    if let Some(title) = &title {
        push_attribute(&mut expected, "title", title);
    }
    if link::is_external(&href) {
        push_attribute(&mut expected, "rel", "noopener");
    }
    if expected.trim_start() != attributes {
        return None;
    }
    let mut target = String::new();
    push_target(&mut target, &href, title.as_deref());
    Some(target)
}

/// Letters and digits that no reader of Markdown takes for punctuation; circled letters are symbols.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}')
}

fn push_text(out: &mut String, text: &str, starts_line: bool) {
    let mut rest = text;
    if starts_line {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let (number, after) = rest.split_at(rest.len() - digits.len());
        if !number.is_empty() && after.starts_with(['.', ')']) {
            out.push_str(number);
            out.push('\\');
            rest = after;
        } else if rest.starts_with(['#', '+', '-', '=', '>']) {
            out.push('\\');
        }
    }
    let mut chars = rest.chars();
    while let Some(c) = chars.next() {
        let after = chars.as_str();
        let is_mark = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '~' | '@' => true,
            '&' => after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#').starts_with(';'),
            ':' => after.starts_with("//"),
            '.' => out.len() >= 3 && out.as_bytes().iter().rev().take(3).all(|byte| byte.eq_ignore_ascii_case(&b'w')),
            _ => false,
        };
        if is_mark {
            out.push('\\');
        }
        out.push(c);
    }
}
