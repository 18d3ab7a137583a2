//! HTML as a flat run of tags, comments and text, tolerant of everything an editor can type.
//!
//! Only what the steps of `classic` share belongs here. It builds no tree and cleans nothing: the step that makes
//! blocks of HTML does that with a real parser.

use crate::import::wordpress::wxr::attributes::Attributes;
use crate::import::wordpress::wxr::entities;

/// A piece of HTML. All pieces in order are the whole text again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Text, with its references unresolved.
    Text(&'a str),
    /// A comment with its marks.
    Comment(&'a str),
    /// A start or end tag.
    Tag(Tag<'a>),
    /// An element whose inside is not to be looked at, from its start tag to its end tag.
    Verbatim(&'a str, &'a str),
}

/// A tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// The tag as it is written.
    pub(crate) raw: &'a str,
    /// The name as it is written.
    pub(crate) name: &'a str,
    /// Whether it is an end tag.
    pub(crate) closes: bool,
}

impl Tag<'_> {
    /// Whether the tag has this name.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The tag's attributes.
    pub(crate) fn attributes(&self) -> Attributes {
        let inside = self.raw.trim_start_matches('<').strip_prefix(self.name).unwrap_or_default();
        Attributes::read(inside.trim_end_matches('>').trim_end_matches('/'))
    }
}

/// Walks HTML piece by piece.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    rest: &'a str,
    verbatim: &'static [&'static str],
    /// Ends that were looked for and are nowhere ahead, so that no second search is made.
    missing: Vec<&'a str>,
}

/// Reads HTML; the elements named are passed whole.
pub(crate) fn tokens<'a>(html: &'a str, verbatim: &'static [&'static str]) -> Tokens<'a> {
    Tokens { rest: html, verbatim, missing: Vec::new() }
}

impl<'a> Tokens<'a> {
    /// What has not been read yet.
    pub(crate) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Goes on at another place, for a caller that read a piece itself.
    pub(crate) fn go_to(&mut self, rest: &'a str) {
        self.rest = rest;
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// How long the piece is that begins with `<` here; nothing when the `<` is text.
    fn markup(&mut self) -> Option<Token<'a>> {
        if self.rest.starts_with("<!--") {
            if self.missing.contains(&"-->") {
                return None;
            }
            let Some(end) = self.rest.get(4..).and_then(|inside| inside.find("-->")) else {
                self.missing.push("-->");
                return None;
            };
            return Some(Token::Comment(self.take(4 + end + 3)));
        }
        let tag = tag_at(self.rest)?;
        let verbatim =
            !tag.closes && self.verbatim.iter().any(|name| tag.is(name)) && !self.missing.contains(&tag.name);
        if verbatim && !tag.raw.ends_with("/>") {
            match end_of(self.rest, tag.name) {
                Some(end) => return Some(Token::Verbatim(tag.name, self.take(end))),
                None => self.missing.push(tag.name),
            }
        }
        self.take(tag.raw.len());
        Some(Token::Tag(tag))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if self.rest.starts_with('<')
            && let Some(token) = self.markup()
        {
            return Some(token);
        }
        let skip = usize::from(self.rest.starts_with('<'));
        let next = self.rest.get(skip..).and_then(|tail| tail.find('<'));
        let end = next.map_or(self.rest.len(), |at| at + skip);
        Some(Token::Text(self.take(end)))
    }
}

/// The tag at the beginning. A quote counts only behind a `=`; one that is never closed does not hide the `>`.
fn tag_at(text: &str) -> Option<Tag<'_>> {
    let inside = text.strip_prefix('<')?;
    let (closes, named) = inside.strip_prefix('/').map_or((false, inside), |named| (true, named));
    if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name_end = named.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'))?;
    let name = named.get(..name_end)?;
    let mut at = text.len() - named.len() + name_end;
    loop {
        at += text.get(at..)?.find(['>', '<', '='])?;
        let tail = text.get(at..)?;
        match tail.chars().next()? {
            '>' => return Some(Tag { raw: text.get(..=at)?, name, closes }),
            '<' => return None,
            _ => {
                let value = tail.get(1..)?.trim_start();
                let quoted = value.strip_prefix(['"', '\'']).unwrap_or_default();
                let quote = value.get(..1).filter(|_| !quoted.is_empty());
                let close = quote.and_then(|quote| quoted.find(quote));
                at = close.map_or(at + 1, |close| text.len() - quoted.len() + close + 1);
            }
        }
    }
}

/// Where an element ends, with its end tag.
fn end_of(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").find_map(|(at, _)| {
        let tag = tag_at(text.get(at..)?).filter(|tag| tag.is(name))?;
        Some(at + tag.raw.len())
    })
}

/// HTML as text on one line: no tags, references resolved, runs of white space made one space.
pub(crate) fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for token in tokens(html, &["script", "style"]) {
        match token {
            Token::Text(part) => text.push_str(part),
            Token::Tag(tag) if tag.is("br") || tag.is("p") => text.push(' '),
            _ => {}
        }
    }
    entities::decode(&text).split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole_text_again() {
        let table = [
            "a < b && c > d <b class='x>y'>e</b><br/>",
            "<!-- wp:image {\"id\":1} --><p title=\"a<b>\">x</p><!-- open",
            "<pre>a <b> [x]</pre><PRE>b</Pre><pre>c",
            "<a href=\"never closed>x</a><<<>>><",
            "<img alt=\"5\" tall\" src=x>한글<3",
        ];
        for html in table {
            let whole: String = tokens(html, &["pre"])
                .map(|token| match token {
                    Token::Text(raw) | Token::Comment(raw) | Token::Verbatim(_, raw) => raw,
                    Token::Tag(tag) => tag.raw,
                })
                .collect();
            assert_eq!(whole, html);
        }
    }

    #[test]
    fn tags_are_told_from_text() {
        let tags: Vec<_> = tokens("1 < 2 <b x='>'>t</b > <3 <a href=\"x>y</a>", &[])
            .filter_map(|token| if let Token::Tag(tag) = token { Some((tag.raw, tag.closes)) } else { None })
            .collect();
        assert_eq!(tags, [("<b x='>'>", false), ("</b >", true), ("<a href=\"x>", false), ("</a>", true)]);
    }

    #[test]
    fn text_of_a_title() {
        assert_eq!(plain_text("<em>속보</em>:  A &amp;amp; B &#8217;s\n3 < 5<br>끝"), "속보: A &amp; B ’s 3 < 5 끝");
        assert_eq!(plain_text("AT&T <script>x</script>[단독]"), "AT&T [단독]");
    }
}
