//! The few byte patterns that decide where a record ends: tags, CDATA sections and comments.
//!
//! Only chunks that end with `>` are understood here; reading them belongs to `split`.

/// What the bytes at hand are inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Markup,
    Cdata,
    Comment,
}

/// Follows CDATA and comments through the chunks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    pub(super) inside: Inside,
    /// Whether comments count. Inside a record they do not: there a `<!--` is text that nobody escaped.
    comments: bool,
}

impl Marks {
    pub(super) fn new(comments: bool) -> Self {
        Self { inside: Inside::Markup, comments }
    }

    /// Takes in a chunk, which has one `>` at most, as its last byte. The tag that it ends with, if it is plain markup;
    /// a `<` that stands before that tag is text.
    pub(super) fn feed<'a>(&mut self, chunk: &'a [u8]) -> Option<Tag<'a>> {
        let was_markup = self.inside == Inside::Markup;
        let opened = if was_markup { self.opened_in(chunk) } else { self.inside };
        self.inside = match opened {
            Inside::Cdata if chunk.ends_with(b"]]>") => Inside::Markup,
            Inside::Comment if chunk.ends_with(b"-->") => Inside::Markup,
            opened => opened,
        };
        if was_markup && opened == Inside::Markup { tag_of(chunk) } else { None }
    }

    fn opened_in(&self, chunk: &[u8]) -> Inside {
        let mut rest = chunk;
        while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
            let (_, tail) = rest.split_at(at);
            if tail.starts_with(b"<![CDATA[") {
                return Inside::Cdata;
            }
            if self.comments && tail.starts_with(b"<!--") {
                return Inside::Comment;
            }
            rest = tail.get(1..).unwrap_or_default();
        }
        Inside::Markup
    }
}

/// A tag as bytes.
pub(super) struct Tag<'a> {
    pub(super) name: &'a [u8],
    pub(super) closes: bool,
    pub(super) is_empty: bool,
    /// Where it begins in its chunk.
    pub(super) at: usize,
}

fn tag_of(chunk: &[u8]) -> Option<Tag<'_>> {
    let at = chunk.iter().rposition(|byte| *byte == b'<')?;
    let tag = chunk.get(at + 1..)?.strip_suffix(b">")?;
    let is_empty = tag.ends_with(b"/");
    let (closes, tag) = tag.strip_prefix(b"/").map_or((false, tag), |tag| (true, tag));
    let end = tag.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/').unwrap_or(tag.len());
    Some(Tag { name: tag.get(..end)?, closes, is_empty, at })
}
