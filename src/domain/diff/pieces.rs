//! Which words two texts share, and which changes are easier to read as one.

use super::stem::stem;
use super::words::Token;
use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};
use std::collections::HashMap;
use std::ops::Range;
use std::time::Instant;

/// How far ahead a changed word looks for its other form.
const WINDOW: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The same words on both sides.
    Same,
    /// One word with another ending.
    Stem,
    /// Other words.
    Changed,
}

/// A run of words of the old text and what it became.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
    /// Of one word: how many bytes both forms begin with.
    pub(super) stem: Option<usize>,
}

/// All words of both texts, in order.
pub(super) fn pieces(old: &[Token], new: &[Token], deadline: Instant) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for piece in compared(old, new, deadline) {
        if piece.kind == Kind::Changed {
            endings(piece, old, new, &mut pieces);
        } else {
            pieces.push(piece);
        }
    }
    fold(pieces, old, new)
}

fn compared(old: &[Token], new: &[Token], deadline: Instant) -> Vec<Piece> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let (mut from, mut to) = (Vec::with_capacity(old.len()), Vec::with_capacity(new.len()));
    for (tokens, numbered) in [(old, &mut from), (new, &mut to)] {
        for token in tokens {
            let next = numbers.len();
            numbered.push(*numbers.entry(token.word()).or_insert(next));
        }
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut at, mut to_at) = (0, 0);
    for op in capture_diff_slices_deadline(Algorithm::Myers, &from, &to, Some(deadline)) {
        // Operations follow each other without gaps, but the place of a deletion in the new text may be out of date.
        let (old, new) = (at..at + op.old_range().len(), to_at..to_at + op.new_range().len());
        (at, to_at) = (old.end, new.end);
        match pieces.last_mut() {
            _ if op.tag() == DiffTag::Equal => pieces.push(Piece { kind: Kind::Same, old, new, stem: None }),
            Some(last) if last.kind == Kind::Changed => (last.old.end, last.new.end) = (old.end, new.end),
            _ => pieces.push(Piece { kind: Kind::Changed, old, new, stem: None }),
        }
    }
    pieces
}

/// Finds words among the changed ones that only have another ending.
fn endings(changed: Piece, old: &[Token], new: &[Token], pieces: &mut Vec<Piece>) {
    let mut push = |kind, old: Range<usize>, new: Range<usize>, stem| {
        if !old.is_empty() || !new.is_empty() {
            pieces.push(Piece { kind, old, new, stem });
        }
    };
    let (mut from, mut to) = (changed.old.start, changed.new.start);
    for (at, word) in old.iter().enumerate().take(changed.old.end).skip(changed.old.start) {
        let mut ahead = new.iter().enumerate().take(changed.new.end).skip(to).take(WINDOW);
        let found = ahead.find_map(|(place, other)| Some((place, stem(word.word(), other.word())?)));
        if let Some((place, stem)) = found {
            push(Kind::Changed, from..at, to..place, None);
            push(Kind::Stem, at..at + 1, place..place + 1, Some(stem));
            (from, to) = (at + 1, place + 1);
        }
    }
    push(Kind::Changed, from..changed.old.end, to..changed.new.end, None);
}

/// A word or two that stayed between larger changes is chance more often than meaning, and hard to read.
fn fold(pieces: Vec<Piece>, old: &[Token], new: &[Token]) -> Vec<Piece> {
    let size = |tokens: &[Token], range: &Range<usize>| -> usize {
        tokens.get(range.clone()).unwrap_or_default().iter().map(|token| token.word().chars().count()).sum()
    };
    let mut folded: Vec<(Piece, usize, usize)> = Vec::new();
    for piece in pieces {
        let (before, after) = (size(old, &piece.old), size(new, &piece.new));
        folded.push((piece, before, after));
        while let [.., (first, first_old, first_new), (same, kept, _), (last, last_old, last_new)] = folded.as_slice()
            && (first.kind, same.kind, last.kind) == (Kind::Changed, Kind::Same, Kind::Changed)
            && kept < first_old.max(first_new)
            && kept < last_old.max(last_new)
        {
            let (old, new) = (first.old.start..last.old.end, first.new.start..last.new.end);
            let joined = Piece { kind: Kind::Changed, old, new, stem: None };
            let joined = (joined, first_old + kept + last_old, first_new + kept + last_new);
            folded.truncate(folded.len() - 3);
            folded.push(joined);
        }
    }
    folded.into_iter().map(|(piece, ..)| piece).collect()
}
