//! What an import says of itself: counts that stay in memory, entries that go to whoever listens.

use crate::domain::entity::EntityKind;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// What became of one thing of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there and is different now.
    Updated,
    /// It was there already, exactly so.
    Unchanged,
    /// Readers saw it and do not see it any more.
    Withdrawn,
    /// It was left out on purpose.
    Skipped,
    /// It could not be imported.
    Failed,
}

/// How many things had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "see Outcome")]
pub struct Counts {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub withdrawn: u64,
    pub skipped: u64,
    pub failed: u64,
}

impl Counts {
    /// Counts one more.
    pub fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Created => &mut self.created,
            Outcome::Updated => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Withdrawn => &mut self.withdrawn,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Failed => &mut self.failed,
        } += 1;
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.withdrawn += other.withdrawn;
        self.skipped += other.skipped;
        self.failed += other.failed;
    }
}

/// How many original picture files came along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Files {
    /// Read from a folder.
    pub read: u64,
    /// Fetched from their addresses.
    pub fetched: u64,
    /// Neither found nor fetched; the pictures keep their facts and addresses.
    pub missing: u64,
}

impl AddAssign for Files {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.fetched += other.fetched;
        self.missing += other.missing;
    }
}

/// What an import did, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing was kept.
    pub dry_run: bool,
    /// Stories. A post of the source that says a story in a further language counts here, too.
    pub articles: Counts,
    /// Stories in one language.
    pub variants: Counts,
    /// People and desks.
    pub authors: Counts,
    /// Topics and the like.
    pub tags: Counts,
    /// Places in the tree of sections.
    pub sections: Counts,
    /// Pictures.
    pub images: Counts,
    /// Lists of stories.
    pub collections: Counts,
    /// Files of pictures.
    pub files: Files,
    /// What the source holds besides, by its name there: pages, menus, comments ...
    pub left_out: BTreeMap<String, u64>,
    /// Places of the source that could not be read.
    pub damaged: u64,
}

/// How many kinds of things that are left out are told apart. A hostile file could name any number.
const MOST_LEFT_OUT: usize = 100;

impl Report {
    /// The counts of authors, sections, tags, images or collections.
    pub(super) fn entities(&mut self, kind: EntityKind) -> &mut Counts {
        match kind {
            EntityKind::Author => &mut self.authors,
            EntityKind::Section => &mut self.sections,
            EntityKind::Tag => &mut self.tags,
            EntityKind::Image => &mut self.images,
            EntityKind::Collection => &mut self.collections,
        }
    }

    /// Counts what is left out.
    pub fn leave_out(&mut self, what: &str, number: u64) {
        let known = self.left_out.contains_key(what) || self.left_out.len() < MOST_LEFT_OUT;
        let what = if known { what } else { "others" };
        *self.left_out.entry(what.to_owned()).or_default() += number;
    }

    /// Counts what is left out, if there is any.
    pub(super) fn leave_out_some(&mut self, what: &str, number: u64) {
        if number > 0 {
            self.leave_out(what, number);
        }
    }

    /// Whether everything that was meant to come in did.
    pub fn is_complete(&self) -> bool {
        self.articles.failed == 0 && self.damaged == 0
    }
}

impl AddAssign for Report {
    fn add_assign(&mut self, other: Self) {
        self.articles += other.articles;
        self.variants += other.variants;
        self.authors += other.authors;
        self.tags += other.tags;
        self.sections += other.sections;
        self.images += other.images;
        self.collections += other.collections;
        self.files += other.files;
        self.damaged += other.damaged;
        for (what, number) in &other.left_out {
            self.leave_out(what, *number);
        }
    }
}

/// Something that did not come over as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// What stands in the source.
    pub what: String,
    /// What became of it.
    pub became: String,
}

/// One thing of the source about which there is something to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What it is: `article`, `image`, `section` ...
    pub kind: &'static str,
    /// Its name in the source: a post's number, a folder's name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What did not come over as it was.
    pub messages: Vec<Message>,
}

/// Whoever watches an import.
pub trait Progress: Send + Sync {
    /// So much of the source is done: bytes of a file, or folders.
    fn advanced(&self, done: u64, total: u64);
    /// There is something to say about this one. Entries are not kept: write them where they are wanted.
    fn noted(&self, entry: &Entry);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advanced(&self, _: u64, _: u64) {}
    fn noted(&self, _: &Entry) {}
}
