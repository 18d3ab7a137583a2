//! Cuts the byte stream into records: items, authors, terms and the fields of the channel.
//!
//! This is where memory is bounded and where byte offsets come from. It knows CDATA, comments and tags as byte patterns
//! and nothing of what a record means; it never looks at DOCTYPE or entities, so there is nothing to expand.

use std::io::{self, BufRead, Read};

use super::marks::{Inside, Marks, Tag};

/// The elements that are records of their own. An `image` is one so that its title is not taken for the channel's.
const RECORDS: [&str; 11] = [
    "item",
    "wp:author",
    "wp:category",
    "wp:tag",
    "wp:term",
    "title",
    "link",
    "language",
    "wp:base_blog_url",
    "wp:base_site_url",
    "image",
];

/// How much is read at once while looking for the next `>`.
const PIECE: u64 = 64 * 1024;

/// Enough of a dropped piece to recognise a mark that continues in the next one.
const OVERLAP: usize = 16;

/// Why a record's bytes end where they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Its end tag.
    Closed,
    /// Another item, or the end of the channel, came first.
    Interrupted,
    /// It is larger than the limit; `bytes` has its beginning only.
    Oversized,
    /// The file ends inside of it.
    File,
}

/// One record as bytes, from its start tag on.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) start: u64,
    pub(super) end: End,
    /// The id of an item too large to be kept: `wp:post_id` stands behind the content.
    pub(super) id: Option<u64>,
}

#[derive(Debug)]
pub(super) struct Splitter<R> {
    input: R,
    /// Bytes that are to be read again, last byte first.
    again: Vec<u8>,
    /// Offset of the next byte to read.
    pub(super) position: u64,
    pub(super) limit: usize,
    /// The first tag of the file when it is an XML declaration.
    pub(super) declaration: Option<Vec<u8>>,
    /// Whether the end of the channel was the last thing seen at its level.
    pub(super) ended: bool,
    /// Where the last record or the channel's beginning ended.
    record_end: u64,
}

impl<R: BufRead> Splitter<R> {
    pub(super) fn new(input: R, limit: usize) -> Self {
        Self { input, again: Vec::new(), position: 0, limit, declaration: None, ended: false, record_end: 0 }
    }

    /// Bytes taken from the input so far, whether or not they are to be read again.
    pub(super) fn bytes_read(&self) -> u64 {
        self.position + self.again.len() as u64
    }

    /// Hands back the end of what was read.
    pub(super) fn push_back(&mut self, bytes: &[u8]) {
        self.position -= bytes.len() as u64;
        self.again.extend(bytes.iter().rev());
    }

    /// Whether the file begins as UTF-16 does, which no tag could be found in.
    pub(super) fn is_utf16(&mut self) -> io::Result<bool> {
        let head = self.input.fill_buf()?;
        Ok(head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]))
    }

    /// The next record, `channel` for each start of a channel, or nothing at the end of the file.
    pub(super) fn next_span(&mut self) -> io::Result<Option<Span>> {
        let mut marks = Marks::new(true);
        let mut chunk = Vec::new();
        let mut id = None;
        while self.read_chunk(&mut chunk)? {
            if let Some(tag) = marks.feed(&chunk) {
                let record = RECORDS.into_iter().find(|record| record.as_bytes() == tag.name);
                match (tag.name, tag.closes, record) {
                    (b"channel", false, _) => return Ok(Some(self.channel())),
                    (b"channel" | b"rss", true, _) => self.ended = true,
                    (b"wp:post_id", true, _) => id = post_id(&chunk),
                    (b"?xml", ..) if self.declaration.is_none() => self.declaration = Some(chunk.clone()),
                    (_, true, Some(name)) if is_whole_record(name) => return Ok(Some(self.headless(name, id))),
                    (_, false, Some(name)) if !tag.is_empty => {
                        let opened = chunk.split_off(tag.at);
                        return self.record(name, opened).map(Some);
                    }
                    _ => {}
                }
            }
            chunk.clear();
        }
        // An open comment or CDATA section reaches to the end of the file: the rest is missing.
        self.ended &= marks.inside == Inside::Markup;
        Ok(None)
    }

    fn channel(&mut self) -> Span {
        self.ended = false;
        self.record_end = self.position;
        self.span("channel", Vec::new(), End::Closed)
    }

    /// A record whose end tag stands where none is open: its start tag is broken.
    fn headless(&mut self, name: &'static str, id: Option<u64>) -> Span {
        let start = std::mem::replace(&mut self.record_end, self.position);
        Span { name, bytes: Vec::new(), start, end: End::Interrupted, id }
    }

    fn record(&mut self, name: &'static str, opened: Vec<u8>) -> io::Result<Span> {
        self.ended = false;
        let span = self.read_record(name, opened)?;
        if is_whole_record(name) {
            self.record_end = self.position;
        }
        Ok(span)
    }

    /// Reads on from a record's start tag to its end.
    fn read_record(&mut self, name: &'static str, mut bytes: Vec<u8>) -> io::Result<Span> {
        let mut marks = Marks::new(false);
        loop {
            let at = bytes.len();
            if !self.read_chunk(&mut bytes)? {
                return Ok(self.span(name, bytes, End::File));
            }
            if let Some(tag) = marks.feed(bytes.get(at..).unwrap_or_default()) {
                if tag.closes && tag.name == name.as_bytes() {
                    return Ok(self.span(name, bytes, End::Closed));
                }
                if interrupts(&tag, name) {
                    let next = bytes.split_off(at + tag.at);
                    self.push_back(&next);
                    return Ok(self.span(name, bytes, End::Interrupted));
                }
            }
            if bytes.len() > self.limit {
                return self.drop_record(name, bytes, marks);
            }
        }
    }

    /// Reads on to the end of a record that is too large, keeping nothing but its beginning and its id.
    fn drop_record(&mut self, name: &'static str, mut bytes: Vec<u8>, mut marks: Marks) -> io::Result<Span> {
        let start = self.position - bytes.len() as u64;
        let mut piece = bytes.split_off(bytes.len().saturating_sub(OVERLAP));
        bytes.truncate(PIECE as usize);
        bytes.shrink_to_fit();
        let mut span = Span { name, bytes, start, end: End::Oversized, id: None };
        let mut ended_item = false;
        if piece.ends_with(b">") {
            piece.clear();
        }
        loop {
            if self.read_piece(&mut piece)? == 0 {
                return Ok(span);
            }
            if marks.feed(&piece).is_some_and(|tag| tag.closes && tag.name == name.as_bytes()) {
                return Ok(span);
            }
            span.id = span.id.or_else(|| post_id(&piece));
            // Inside CDATA that is never closed, the border of two items is the only way out.
            let text = piece.trim_ascii_start();
            let lost_the_end = ended_item || marks.inside == Inside::Markup;
            if lost_the_end && (text == b"<item>" || text.starts_with(b"<item ")) {
                let next = text.to_vec();
                self.push_back(&next);
                return Ok(span);
            }
            ended_item = text.ends_with(b"</item>");
            let keep = if piece.ends_with(b">") { 0 } else { OVERLAP };
            piece.drain(..piece.len().saturating_sub(keep));
        }
    }

    fn span(&self, name: &'static str, bytes: Vec<u8>, end: End) -> Span {
        Span { name, start: self.position - bytes.len() as u64, bytes, end, id: None }
    }

    /// Appends up to and with the next `>`, or to the end of the file, or until the limit is passed. Every mark that
    /// matters ends with `>`. False at the end of the file.
    fn read_chunk(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        let begun = bytes.len();
        while self.read_piece(bytes)? > 0 {
            if bytes.ends_with(b">") || bytes.len() - begun > self.limit {
                return Ok(true);
            }
        }
        Ok(bytes.len() > begun)
    }

    /// Appends up to and with the next `>`, but not more than a piece.
    fn read_piece(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let mut read = 0;
        while read < PIECE as usize
            && let Some(byte) = self.again.pop()
        {
            bytes.push(byte);
            read += 1;
            if byte == b'>' {
                break;
            }
        }
        if read == 0 {
            read = self.input.by_ref().take(PIECE).read_until(b'>', bytes)?;
        }
        self.position += read as u64;
        Ok(read)
    }
}

/// Whether the record is one of its own and not a field of the channel.
fn is_whole_record(name: &str) -> bool {
    name == "item" || name.starts_with("wp:")
}

fn post_id(chunk: &[u8]) -> Option<u64> {
    let digits = chunk.strip_suffix(b"</wp:post_id>")?;
    std::str::from_utf8(digits).ok()?.trim().parse().ok()
}

/// Whether this tag can only stand behind the end of the record, which is therefore missing.
fn interrupts(tag: &Tag<'_>, record: &str) -> bool {
    let is_other = record != "item" && tag.name.starts_with(b"wp:") && RECORDS.map(str::as_bytes).contains(&tag.name);
    if tag.closes { tag.name == b"channel" } else { tag.name == b"item" || is_other }
}
