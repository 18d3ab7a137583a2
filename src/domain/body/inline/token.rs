//! Reading stored inline HTML without a DOM.
//!
//! This only holds for HTML that has passed the gate: every `<` starts a tag of the allow-list (or the `<p>` of a
//! quote), every tag is closed, and five entities occur.

use std::borrow::Cow;

/// A piece of stored inline HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain::body) enum Token<'a> {
    /// Text with its entities; see [`decode`].
    Text(&'a str),
    /// A start tag with its attributes as written.
    Open { name: &'a str, attributes: &'a str },
    /// An end tag.
    Close(&'a str),
    /// A line break.
    Break,
}

impl<'a> Token<'a> {
    /// The value of an attribute with its entities; see [`decode`].
    pub(in crate::domain::body) fn attribute(self, name: &str) -> Option<&'a str> {
        let Self::Open { attributes, .. } = self else { return None };
        let mut quoted = attributes.split('"');
        while let (Some(key), Some(value)) = (quoted.next(), quoted.next()) {
            if key.trim().strip_suffix('=') == Some(name) {
                return Some(value);
            }
        }
        None
    }
}

/// The pieces of stored inline HTML in order.
pub(in crate::domain::body) fn tokens(html: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if let Some(tag) = rest.strip_prefix('<') {
            let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
            rest = after;
            return Some(tag_token(inside));
        }
        let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        rest = after;
        (!text.is_empty()).then_some(Token::Text(text))
    })
}

fn tag_token(inside: &str) -> Token<'_> {
    if let Some(name) = inside.strip_prefix('/') {
        return Token::Close(name);
    }
    let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
    if name == "br" { Token::Break } else { Token::Open { name, attributes } }
}

/// Text without entities.
pub(in crate::domain::body) fn decode(text: &str) -> Cow<'_, str> {
    const ENTITIES: [(&str, char); 5] =
        [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("nbsp;", '\u{a0}')];
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let entity = ENTITIES.iter().find_map(|(name, c)| part.strip_prefix(name).map(|after| (*c, after)));
        let (c, after) = entity.unwrap_or(('&', part));
        out.push(c);
        out.push_str(after);
    }
    Cow::Owned(out)
}

/// Inline HTML as plain text; a line break becomes a line break.
pub fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for token in tokens(html) {
        match token {
            Token::Text(text) => out.push_str(&decode(text)),
            Token::Break => out.push('\n'),
            Token::Open { .. } | Token::Close(_) => {}
        }
    }
    out
}
