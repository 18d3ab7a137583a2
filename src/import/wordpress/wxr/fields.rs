//! The fields of one record: `<name attributes>text</name>`, side by side.
//!
//! An export is flat, so a field is all that stands before its own end tag outside CDATA. Read so, HTML or a lone `<`
//! in a title is text, which a strict XML parser would refuse. What a field means is not known here.

use std::borrow::Cow;

use super::entities;

const CDATA: &str = "<![CDATA[";

/// One field as it stands in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// The qualified name, such as `wp:post_id`: prefixes are a convention that every exporter keeps, while the
    /// namespace behind them changes with each version.
    pub(super) name: &'a str,
    pub(super) attributes: &'a str,
    pub(super) raw: &'a str,
}

impl Field<'_> {
    /// The field's text: CDATA as it is, references outside of it resolved.
    pub(super) fn text(&self) -> String {
        text(self.raw)
    }
}

/// Walks the fields of a record, and collects what it could not read cleanly.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    rest: &'a str,
    /// Names of fields whose end was not where it should be.
    pub(super) damaged: Vec<&'a str>,
}

impl<'a> Fields<'a> {
    /// The fields inside a record that begins with its own start tag.
    pub(super) fn of_record(record: &'a str) -> Self {
        Self::of(record.split_once('>').map_or("", |(_, inside)| inside))
    }

    /// The fields inside another field.
    pub(super) fn of(inside: &'a str) -> Self {
        Self { rest: inside, damaged: Vec::new() }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        loop {
            let (_, after) = self.rest.split_once('<')?;
            if let Some(passed) = pass_over(after) {
                self.rest = passed;
                continue;
            }
            let tag = after.split_once('>').and_then(|(tag, body)| Some((split_tag(tag)?, body)));
            let Some(((name, attributes), body)) = tag else {
                self.rest = after;
                continue;
            };
            if let Some(attributes) = attributes.strip_suffix('/') {
                self.rest = body;
                return Some(Field { name, attributes, raw: "" });
            }
            if let Some((raw, rest)) = up_to_end(body, name) {
                self.rest = rest;
                return Some(Field { name, attributes, raw });
            }
            self.damaged.push(name);
            let recovered = recover(body, name);
            self.rest = recovered.map_or(body, |(_, rest)| rest);
            if let Some((raw, _)) = recovered {
                return Some(Field { name, attributes, raw });
            }
        }
    }
}

/// What follows a piece of markup that is no start tag, given the text behind its `<`.
fn pass_over(after: &str) -> Option<&str> {
    let end = match after {
        _ if after.starts_with("![CDATA[") => "]]>",
        _ if after.starts_with("!--") => "-->",
        _ if after.starts_with(['!', '?', '/']) => ">",
        _ => return None,
    };
    Some(after.split_once(end).map_or("", |(_, rest)| rest))
}

fn split_tag(tag: &str) -> Option<(&str, &str)> {
    let end = tag.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(tag.len());
    let (name, attributes) = tag.split_at_checked(end)?;
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
    (begins && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-' | '.')))
        .then_some((name, attributes))
}

/// The text before the end tag of this name and what follows it. A second start tag of the name comes first only when
/// an end tag is missing.
fn up_to_end<'a>(body: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let mut at = 0;
    loop {
        let (before, tail) = body.split_at_checked(at + body.get(at..)?.find('<')?)?;
        if tail.starts_with(CDATA) {
            at = before.len() + tail.find("]]>")? + 3;
        } else if let Some(rest) = after_end_tag(tail, name) {
            return Some((before, rest));
        } else if tail.strip_prefix('<')?.strip_prefix(name).is_some_and(|t| t.starts_with(['>', ' '])) {
            return None;
        } else {
            at = before.len() + 1;
        }
    }
}

fn after_end_tag<'a>(tail: &'a str, name: &str) -> Option<&'a str> {
    tail.strip_prefix("</")?.strip_prefix(name)?.trim_start().strip_prefix('>')
}

/// A field whose CDATA or whose end tag is broken: whichever of the two is whole says where it ends.
fn recover<'a>(body: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let end_tag = body.match_indices("</").find_map(|(at, _)| {
        let (before, tail) = body.split_at_checked(at)?;
        Some((before, after_end_tag(tail, name)?))
    });
    if !body.trim_start().starts_with(CDATA) {
        // Plain text with a broken end tag ends at the next tag, whatever that is; fields within the field do not.
        let (text, rest) = body.split_at_checked(body.find('<')?)?;
        return if text.trim().is_empty() { end_tag } else { Some((text, rest)) };
    }
    let mut end = body.find("]]>").map(|at| at + 3);
    while let Some(at) = end
        && let Some(tail) = body.get(at..)
        && tail.starts_with(CDATA)
    {
        end = tail.find("]]>").map(|next| at + next + 3);
    }
    match (end_tag, end) {
        (Some((before, rest)), Some(end)) if before.len() < end => Some((before, rest)),
        (_, Some(end)) => body.split_at_checked(end),
        (end_tag, None) => end_tag,
    }
}

/// Text and CDATA sections in any order as one text. White space beside a CDATA section is the exporter's layout.
fn text(raw: &str) -> String {
    if !raw.contains(CDATA) {
        return entities::decode(raw).into_owned();
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once(CDATA) {
        push_unless_blank(&mut out, before);
        let (inside, tail) = after.split_once("]]>").unwrap_or((after, ""));
        out.push_str(inside);
        rest = tail;
    }
    push_unless_blank(&mut out, rest);
    out
}

fn push_unless_blank(out: &mut String, text: &str) {
    if !text.trim().is_empty() {
        out.push_str(&entities::decode(text));
    }
}

/// How many bytes of a record could not be kept as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cleaned {
    /// Byte sequences that are not UTF-8; each became U+FFFD.
    pub(super) replaced: usize,
    /// Control characters that XML forbids; they are gone.
    pub(super) removed: usize,
}

/// The bytes of a record as text that XML would allow, with line ends as XML reads them.
pub(super) fn clean(bytes: &[u8]) -> (Cow<'_, str>, Cleaned) {
    let mut cleaned = Cleaned::default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            cleaned.replaced = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
            String::from_utf8_lossy(bytes)
        }
    };
    // U+FFFE and U+FFFF are the only forbidden characters beyond ASCII; their bytes begin with 0xef 0xbf.
    let suspect =
        |(byte, next): (u8, u8)| (byte < b' ' && byte != b'\n' && byte != b'\t') || (byte == 0xef && next == 0xbf);
    let nexts = text.bytes().skip(1).chain([0]);
    if !text.bytes().zip(nexts).any(suspect) {
        return (text, cleaned);
    }
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = unix.chars().filter(|c| entities::is_allowed(*c)).collect();
    cleaned.removed = unix.chars().count() - kept.chars().count();
    (Cow::Owned(kept), cleaned)
}
