//! Reads an export on a thread of its own and hands over what is ready to be saved.
//!
//! The thread waits when nobody takes, so that memory holds a few records whatever the size of the file.

use super::addresses::Hosts;
use super::classic::markup::{Token, tokens};
use super::classic::{self, AttachmentRef};
use super::item::WpItem;
use super::wxr::{self, ChannelHead, Record, WpAuthor, WpTerm, WxrError};
use crate::domain::body::{Content, html};
use crate::error::{Error, Result};
use crate::import::attempt::fingerprint;
use crate::import::report::Message;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use tokio::sync::mpsc;

/// So many records wait to be taken.
const WAITING: usize = 16;

/// What a pass over the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// What posts refer to.
    Library,
    /// The posts.
    Posts,
}

/// A record of the pass.
#[derive(Debug)]
pub(super) enum Incoming {
    Head(ChannelHead),
    Author(WpAuthor),
    Term(WpTerm),
    Attachment(Box<WpItem>),
    Post(Box<Post>),
    /// An item of a kind that is left out.
    Other(String, u64),
    Damage(WxrError),
}

/// A post with its content read.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) item: WpItem,
    /// Changes when something changes that an import looks at.
    pub(super) print: String,
    pub(super) contents: Vec<Content>,
    pub(super) messages: Vec<Message>,
    /// Which picture is which attachment.
    pub(super) attachments: HashMap<String, u64>,
    /// The attachments that the content asks the library for. Where there are any, the content is read once more.
    pub(super) wanted: Vec<u64>,
}

/// Opens an export; its records come with the number of bytes read so far.
pub(super) fn open(file: &Path, pass: Pass, mark: &str) -> Result<mpsc::Receiver<(u64, Incoming)>> {
    let unreadable = |error: std::io::Error| Error::invalid("file", format!("`{}`: {error}", file.display()));
    let input = BufReader::with_capacity(256 * 1024, File::open(file).map_err(unreadable)?);
    let (sender, receiver) = mpsc::channel(WAITING);
    let mark = mark.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut reader = wxr::read(input);
        while let Some(record) = reader.next() {
            let Some(incoming) = incoming(record, pass, &mark) else { continue };
            if sender.blocking_send((reader.bytes_read(), incoming)).is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

fn incoming(record: Result<Record, WxrError>, pass: Pass, mark: &str) -> Option<Incoming> {
    let first = pass == Pass::Library;
    match record {
        Ok(Record::Channel(head)) => first.then_some(Incoming::Head(head)),
        Ok(Record::Author(author)) => first.then_some(Incoming::Author(author)),
        Ok(Record::Term(term)) => first.then_some(Incoming::Term(term)),
        Ok(Record::Item(item)) if item.post_type == "attachment" => first.then_some(Incoming::Attachment(item)),
        Ok(Record::Item(_)) if first => None,
        Ok(Record::Item(item)) if item.post_type == "post" => Some(Incoming::Post(Box::new(Post::new(*item, mark)))),
        Ok(Record::Item(item)) => Some(Incoming::Other(item.post_type, item.comment_count as u64)),
        Err(error) => first.then_some(Incoming::Damage(error)),
    }
}

impl Post {
    fn new(item: WpItem, mark: &str) -> Self {
        let print = print(&item, mark);
        let (contents, messages, attachments, wanted) = (Vec::new(), Vec::new(), HashMap::new(), Vec::new());
        let mut post = Self { item, print, contents, messages, attachments, wanted };
        post.read(&HashMap::new());
        if post.wanted.is_empty() {
            // It may be large and is not needed any more.
            post.item.content = String::new();
        }
        post
    }

    /// Reads the content, with what the library knows of the attachments that it asks for.
    pub(super) fn read(&mut self, library: &HashMap<u64, AttachmentRef>) {
        let wanted = RefCell::new(Vec::new());
        let find = |id: u64| {
            let found = library.get(&id).cloned();
            if found.is_none() && !wanted.borrow().contains(&id) {
                wanted.borrow_mut().push(id);
            }
            found
        };
        let prepared = classic::to_html(&self.item.content, &find);
        let parsed = html::parse(&prepared.html);
        let own = self.item.notes.iter().map(|note| ("the post".to_owned(), note.clone()));
        let classic = prepared.notes.into_iter().map(|note| (note.what, note.became));
        let html = parsed.notes.into_iter().map(|note| (note.what, note.became));
        self.messages = own.chain(classic).chain(html).map(|(what, became)| Message { what, became }).collect();
        self.contents = parsed.contents;
        self.attachments = attachments(&prepared.html);
        self.wanted = wanted.into_inner();
    }
}

/// Which attachment each picture is, by its address as written.
fn attachments(html: &str) -> HashMap<String, u64> {
    let mut found = HashMap::new();
    if !html.contains("data-attachment") {
        return found;
    }
    let hosts = Hosts::default();
    for token in tokens(html, &["script", "style"]) {
        let Token::Tag(tag) = token else { continue };
        let attributes = if tag.is("img") { tag.attributes() } else { continue };
        let Some(id) = attributes.get("data-attachment").and_then(|id| id.parse().ok()) else { continue };
        for name in ["data-src", "data-lazy-src", "data-original", "src"] {
            if let Some(address) = attributes.get(name) {
                found.insert(hosts.key(address).unwrap_or_else(|| address.to_owned()), id);
            }
        }
    }
    found
}

/// Meta values that an import looks at.
const META: [&str; 8] = [
    "_thumbnail_id",
    "_yoast_wpseo_primary_category",
    "rank_math_primary_category",
    "_yoast_wpseo_title",
    "rank_math_title",
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_icl_lang_duplicate_of",
];

fn print(item: &WpItem, mark: &str) -> String {
    let dates = [item.post_date, item.post_date_gmt, item.post_modified, item.post_modified_gmt];
    let mut parts = vec![
        mark.to_owned(),
        item.title.clone(),
        item.link.clone().unwrap_or_default(),
        item.creator.clone().unwrap_or_default(),
        item.content.clone(),
        item.excerpt.clone(),
        item.name.clone(),
        item.status.clone(),
        format!("{dates:?} {:?} {} {}", item.pub_date, item.password.is_some(), item.is_sticky),
    ];
    for term in &item.categories {
        parts.push(format!("{}\n{}\n{}", term.domain, term.nicename, term.name));
    }
    let counts =
        |key: &str| META.contains(&key) || key.contains("wpml") || key.contains("lang") || key.contains("trid");
    for (key, value) in item.meta.iter().filter(|(key, _)| counts(key)) {
        parts.push(format!("{key}\n{value}"));
    }
    fingerprint(parts)
}
