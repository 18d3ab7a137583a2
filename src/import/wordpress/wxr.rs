//! Reads a WordPress export (WXR 1.0 to 1.2) record by record, whatever its size.
//!
//! Exports in the wild are not well-formed, so no strict XML parser stands here: `split` cuts the stream into records
//! by byte patterns, `fields` reads the flat fields of one record, `records` gives them types. This file decides what
//! becomes of damage. What an article makes of a record is the importer's business.

use std::collections::VecDeque;
use std::io::BufRead;

use super::item::WpItem;
pub use error::WxrError;
use split::{End, Span, Splitter};

pub(crate) mod attributes;
pub(crate) mod entities;
mod error;
mod fields;
mod marks;
mod records;
mod split;
#[cfg(test)]
mod tests;

/// The most that one item may have, in bytes, unless told otherwise.
pub const ITEM_LIMIT: usize = 32 * 1024 * 1024;

/// How often in a row a damaged item may turn out to hold the next one. Each time its bytes are read again, so a
/// hostile file must not decide how often.
const RESYNCS: u32 = 16;

/// One record of an export.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// What the export says of the site. Comes before the first other record of its channel.
    Channel(ChannelHead),
    /// A user who wrote something; the same login may come again.
    Author(WpAuthor),
    /// A category, a tag or a term of any other taxonomy; the same one may come again.
    Term(WpTerm),
    /// A post, a page, an attachment or anything else that WordPress stores as a post.
    Item(Box<WpItem>),
}

/// The head of a channel. What the export leaves out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelHead {
    /// The site's name.
    pub title: String,
    /// The site's address.
    pub link: String,
    /// The site's language, such as `ko-KR`.
    pub language: String,
    /// The address that links and uploads begin with.
    pub base_blog_url: String,
}

/// A user of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WpAuthor {
    /// What an item's `creator` names.
    pub login: String,
    /// The e-mail address.
    pub email: String,
    /// The name that readers see.
    pub display_name: String,
    /// The given name.
    pub first_name: String,
    /// The family name.
    pub last_name: String,
}

/// A term: a category, a tag, a language of Polylang ...
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WpTerm {
    /// The number that Yoast and Rank Math refer to.
    pub id: Option<u64>,
    /// `category`, `post_tag` (also for WXR 1.0, which says `tag`) or any other.
    pub taxonomy: String,
    /// The slug in its own script.
    pub slug: String,
    /// The parent's slug.
    pub parent: Option<String>,
    /// The name as HTML.
    pub name: String,
    /// The description; Polylang keeps serialised data there.
    pub description: String,
    /// Keys and values that plugins keep with the term.
    pub meta: Vec<(String, String)>,
}

/// Reads an export. Records come in file order; damage comes as an error in its place.
pub fn read<R: BufRead>(input: R) -> Reader<R> {
    let splitter = Splitter::new(input, ITEM_LIMIT);
    Reader {
        splitter,
        queue: VecDeque::new(),
        head: None,
        state: State::Fresh,
        has_channel: false,
        has_records: false,
        resyncs: 0,
    }
}

/// The iterator over an export's records. Memory is bounded by one item.
#[derive(Debug)]
pub struct Reader<R> {
    splitter: Splitter<R>,
    queue: VecDeque<Result<Record, WxrError>>,
    head: Option<ChannelHead>,
    state: State,
    has_channel: bool,
    has_records: bool,
    resyncs: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Reading,
    Done,
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Record, WxrError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.queue.is_empty() && self.state != State::Done {
            if let Err(source) = self.advance() {
                self.state = State::Done;
                self.queue.push_back(Err(WxrError::Io { at: self.splitter.position, source }));
            }
        }
        self.queue.pop_front()
    }
}

impl<R: BufRead> Reader<R> {
    /// The same reader with another limit for the size of one item, in bytes.
    #[must_use]
    pub fn with_item_limit(mut self, bytes: usize) -> Self {
        self.splitter.limit = bytes;
        self
    }

    /// How much of the input was read so far.
    pub fn bytes_read(&self) -> u64 {
        self.splitter.bytes_read()
    }

    fn advance(&mut self) -> std::io::Result<()> {
        if self.state == State::Fresh {
            self.state = State::Reading;
            if self.splitter.is_utf16()? {
                self.state = State::Done;
                self.queue.push_back(Err(WxrError::Utf16));
                return Ok(());
            }
        }
        let span = self.splitter.next_span()?;
        if let Some(name) = self.splitter.declaration.take().and_then(|tag| other_encoding(&tag)) {
            self.queue.push_back(Err(WxrError::Encoding(name)));
        }
        let Some(span) = span else {
            self.finish();
            return Ok(());
        };
        match span.name {
            "channel" => {
                self.has_channel = true;
                self.flush_head();
                self.head = Some(ChannelHead::default());
            }
            "title" | "link" | "language" | "wp:base_blog_url" => self.head_field(span),
            "item" => self.item(span),
            "wp:author" | "wp:category" | "wp:tag" | "wp:term" => self.author_or_term(span),
            _ => {}
        }
        Ok(())
    }

    fn begin_record(&mut self) {
        self.has_records = true;
        self.flush_head();
    }

    fn flush_head(&mut self) {
        self.queue.extend(self.head.take().map(Record::Channel).map(Ok));
    }

    fn finish(&mut self) {
        self.state = State::Done;
        self.flush_head();
        if !self.has_channel && !self.has_records {
            self.queue.push_back(Err(WxrError::NotAnExport));
        } else if self.has_channel && !self.splitter.ended {
            self.truncated(None, None);
        }
    }

    fn truncated(&mut self, id: Option<u64>, title: Option<String>) {
        self.state = State::Done;
        self.queue.push_back(Err(WxrError::Truncated { at: self.splitter.position, id, title }));
    }

    fn head_field(&mut self, span: Span) {
        if self.is_cut(&span) {
            return;
        }
        let Some(head) = &mut self.head else { return };
        let field = match span.name {
            "title" => &mut head.title,
            "link" => &mut head.link,
            "language" => &mut head.language,
            _ => &mut head.base_blog_url,
        };
        if field.is_empty() {
            *field = records::leaf(&span.bytes);
            self.note_bad_bytes(&span);
        }
    }

    fn author_or_term(&mut self, span: Span) {
        self.begin_record();
        if self.is_cut(&span) {
            return;
        }
        let record = match span.name {
            "wp:author" => Record::Author(records::author(&span.bytes)),
            name => Record::Term(records::term(name, &span.bytes)),
        };
        self.queue.push_back(Ok(record));
        self.note_bad_bytes(&span);
    }

    /// An item carries notes; for all else the error is the note.
    fn note_bad_bytes(&mut self, span: &Span) {
        if std::str::from_utf8(&span.bytes).is_err() {
            self.queue.push_back(Err(WxrError::NotUtf8 { at: span.start, what: span.name }));
        }
    }

    /// Reports a record other than an item that has no end of its own.
    fn is_cut(&mut self, span: &Span) -> bool {
        match span.end {
            End::Closed => return false,
            End::File => self.truncated(None, Some(format!("<{}>", span.name))),
            End::Interrupted | End::Oversized => {
                let title = Some(format!("<{}>", span.name));
                let damaged = WxrError::Damaged { from: span.start, to: self.splitter.position, id: None, title };
                self.queue.push_back(Err(damaged));
            }
        }
        true
    }

    fn item(&mut self, mut span: Span) {
        self.begin_record();
        let mut parsed = records::item(&span.bytes);
        let suspect = span.end == End::File || (span.end == End::Closed && parsed.damaged);
        if suspect && let Some(border) = border_inside(&span.bytes) {
            if self.resyncs < RESYNCS {
                self.resyncs += 1;
                let next = span.bytes.split_off(border);
                self.splitter.push_back(&next);
                parsed = records::item(&span.bytes);
                let is_whole = span.bytes.trim_ascii_end().ends_with(b"</item>");
                span.end = if is_whole { End::Closed } else { End::Interrupted };
            } else {
                self.resyncs = 0;
                span.end = End::Interrupted;
            }
        } else {
            self.resyncs = 0;
        }
        let id = parsed.item.id.or(span.id);
        let title = Some(parsed.item.title_text()).filter(|title| !title.is_empty());
        let to = self.splitter.position;
        match span.end {
            End::Closed => self.queue.push_back(Ok(Record::Item(Box::new(parsed.item)))),
            End::File => self.truncated(id, title),
            End::Interrupted => {
                self.queue.push_back(Err(WxrError::Damaged { from: span.start, to, id, title }));
            }
            End::Oversized => {
                let limit = self.splitter.limit;
                self.queue.push_back(Err(WxrError::TooLarge { at: span.start, limit, id, title }));
            }
        }
    }
}

/// Where the next item begins inside of a damaged one, whose end or whose CDATA's end is missing. Every exporter writes
/// the title first, which tells an item from the word in a text.
fn border_inside(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        let found = bytes.get(at..)?.windows(5).position(|window| window == b"<item")?;
        at += found;
        let tail = bytes.get(at + 5..)?;
        let end = tail.iter().position(|byte| *byte == b'>')?;
        let (attributes, behind) = tail.split_at(end + 1);
        let is_tag = attributes.first().is_some_and(|byte| matches!(byte, b'>' | b' '));
        if is_tag && behind.trim_ascii_start().starts_with(b"<title") {
            return Some(at);
        }
        at += 5;
    }
}

fn other_encoding(declaration: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(declaration);
    let name = attributes::Attributes::read(text.trim_end_matches(['?', '>'])).get("encoding")?.to_owned();
    let is_utf8 = ["utf-8", "utf8", "us-ascii"].contains(&name.to_ascii_lowercase().as_str());
    (!is_utf8).then_some(name)
}
