//! Two texts, word by word.
//!
//! Words end where Unicode says (UAX 29): punctuation stands alone, Korean words end at spaces, Chinese and Japanese
//! are compared character by character. The space behind a word is its own; it does not decide what is the same word.

use super::pieces::{Kind, Piece, pieces};
use crate::domain::named::named;
use std::time::Instant;
use unicode_segmentation::UnicodeSegmentation;

named! {
    /// What happened to a piece of text.
    SegmentOp "change of a text" {
        /// In both texts.
        Equal "EQUAL",
        /// In the new text only.
        Insert "INSERT",
        /// In the old text only.
        Delete "DELETE",
    }
}

/// A piece of text. The equal and the deleted ones are the old text, the equal and the inserted ones the new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What happened to it.
    pub op: SegmentOp,
    /// The text, never empty.
    pub text: String,
}

/// What changed between two plain texts.
pub fn words(old: &str, new: &str) -> Vec<Segment> {
    segments(old, new, Instant::now() + super::TIME_LIMIT)
}

/// The same within somebody else's time.
pub(super) fn segments(old: &str, new: &str, deadline: Instant) -> Vec<Segment> {
    let mut writer = Writer::default();
    if old == new {
        writer.equal(old);
        return writer.finish();
    }
    let (old, new) = (tokens(old), tokens(new));
    for Piece { kind, old: from, new: to, stem } in pieces(&old, &new, deadline) {
        let old = old.get(from).unwrap_or_default();
        let new = new.get(to).unwrap_or_default();
        if kind == Kind::Changed {
            old.iter().for_each(|token| writer.delete(token.text));
            new.iter().for_each(|token| writer.insert(token.text));
            continue;
        }
        for (old, new) in old.iter().zip(new) {
            let shared = stem.unwrap_or(old.word().len());
            let (common, ending) = old.text.split_at_checked(shared).unwrap_or_default();
            writer.equal(common);
            writer.delete(ending);
            writer.insert(new.text.get(shared..).unwrap_or_default());
            writer.settle();
        }
    }
    writer.finish()
}

/// A word with the space behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    text: &'a str,
    word_len: usize,
}

impl<'a> Token<'a> {
    /// The word alone. Empty for space at the very beginning.
    pub(super) fn word(self) -> &'a str {
        self.text.get(..self.word_len).unwrap_or_default()
    }
}

pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    for (start, part) in text.split_word_bound_indices() {
        if part.chars().all(char::is_whitespace) {
            if words.is_empty() {
                words.push((start, start));
            }
        } else if part.chars().any(is_kana) {
            // UAX 29 keeps Katakana together, but a reader compares it like all other characters.
            words.extend(part.grapheme_indices(true).map(|(at, one)| (start + at, start + at + one.len())));
        } else {
            words.push((start, start + part.len()));
        }
    }
    let ends = words.iter().skip(1).map(|(start, _)| *start).chain([text.len()]);
    let ends: Vec<usize> = ends.collect();
    let token = |(&(start, word_end), end): (&(usize, usize), usize)| Token {
        text: text.get(start..end).unwrap_or_default(),
        word_len: word_end - start,
    };
    words.iter().zip(ends).map(token).collect()
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}')
}

/// Joins what belongs together: one deletion, then one insertion, then what is equal.
#[derive(Default)]
struct Writer {
    segments: Vec<Segment>,
    deleted: String,
    inserted: String,
}

impl Writer {
    fn delete(&mut self, text: &str) {
        self.deleted.push_str(text);
    }

    fn insert(&mut self, text: &str) {
        self.inserted.push_str(text);
    }

    fn equal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.settle();
        self.push(SegmentOp::Equal, text);
    }

    /// The space that both sides end with did not change.
    fn settle(&mut self) {
        let (mut deleted, mut inserted) = (std::mem::take(&mut self.deleted), std::mem::take(&mut self.inserted));
        let pairs = deleted.chars().rev().zip(inserted.chars().rev());
        let shared = pairs.take_while(|(one, other)| one == other && one.is_whitespace());
        let shared: usize = shared.map(|(c, _)| c.len_utf8()).sum();
        let space = deleted.split_off(deleted.len() - shared);
        inserted.truncate(inserted.len() - shared);
        self.push(SegmentOp::Delete, &deleted);
        self.push(SegmentOp::Insert, &inserted);
        self.push(SegmentOp::Equal, &space);
    }

    fn push(&mut self, op: SegmentOp, text: &str) {
        match self.segments.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.op == op => last.text.push_str(text),
            _ => self.segments.push(Segment { op, text: text.to_owned() }),
        }
    }

    fn finish(mut self) -> Vec<Segment> {
        self.settle();
        self.segments
    }
}
