//! Which block is which: hashes of contents, ids that survive edits, and what changed between two bodies.
//!
//! [`align`] finds the blocks that two bodies share; here it is decided what that means for ids. Nothing is random, so
//! the same steps give the same ids everywhere.

mod align;
#[cfg(test)]
mod tests;

use super::{Block, Body, Content, DraftBlock};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet, VecDeque};
use std::mem::{Discriminant, discriminant};

/// Which blocks differ between two bodies, by id and in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// In the new body only.
    pub added: Vec<String>,
    /// In both, with another content.
    pub changed: Vec<String>,
    /// In the old body only.
    pub removed: Vec<String>,
}

impl Changes {
    /// Whether the two bodies hold the same blocks; their order is not looked at.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

impl Body {
    /// Names contents. Blocks of the previous body keep their ids: those that stayed the same, those that moved, and,
    /// between them, those of the same type in order, which count as edited.
    pub fn from_contents(contents: Vec<Content>, previous: Option<&Self>) -> Self {
        let blocks = contents.into_iter().map(|content| DraftBlock { id: None, content });
        Self::from_blocks(blocks.collect(), previous, None)
    }

    /// Names blocks that an editor sent. An id is kept where it is known: from the previous body, or from the source
    /// that a translation was made from. Blocks without one, with an unknown one, or with one that came before are named
    /// as in [`Body::from_contents`].
    pub fn from_blocks(blocks: Vec<DraftBlock>, previous: Option<&Self>, source: Option<&Self>) -> Self {
        let old = previous.map_or(&[][..], |body| &body.blocks);
        let named_before = old.iter().chain(source.map_or(&[][..], |body| &body.blocks));
        // An id that means another block, here or in the source, would make edits and translations unreadable.
        let mut taken: HashSet<String> = named_before.map(|block| block.id.clone()).collect();
        let mut claimed = HashSet::new();
        let claim = |block: &DraftBlock| {
            let id = block.id.as_ref().filter(|id| taken.contains(*id))?;
            claimed.insert(id.clone()).then(|| id.clone())
        };
        let claims: Vec<Option<String>> = blocks.iter().map(claim).collect();
        let contents: Vec<Content> = blocks.into_iter().map(|block| block.content).collect();
        let hashes: Vec<String> = contents.iter().map(hash).collect();
        let kept = kept_blocks(old, &contents, &hashes, &claims);
        let blocks = contents.into_iter().zip(hashes).zip(claims).zip(kept).map(|(((content, hash), claim), kept)| {
            let id = claim.or_else(|| kept.map(|block| block.id.clone()));
            Block { id: id.unwrap_or_else(|| new_id(&hash, &mut taken)), hash, content }
        });
        Self { blocks: blocks.collect() }
    }

    /// The blocks that were added, changed or removed on the way from one body to another.
    pub fn changed_blocks(old: &Self, new: &Self) -> Changes {
        let hashes = |body: &Self| -> HashMap<String, String> {
            body.blocks.iter().map(|block| (block.id.clone(), block.hash.clone())).collect()
        };
        let (before, after) = (hashes(old), hashes(new));
        let mut changes = Changes::default();
        for block in &new.blocks {
            match before.get(&block.id) {
                None => changes.added.push(block.id.clone()),
                Some(hash) if *hash != block.hash => changes.changed.push(block.id.clone()),
                Some(_) => {}
            }
        }
        let gone = old.blocks.iter().filter(|block| !after.contains_key(&block.id));
        changes.removed.extend(gone.map(|block| block.id.clone()));
        changes
    }
}

/// The first 16 bytes of the SHA-256 of a content's JSON, whose fields have one order.
fn hash(content: &Content) -> String {
    // Serialising fails for maps with odd keys and for writers that fail; there are neither.
    let json = serde_json::to_vec(content).unwrap_or_default();
    Sha256::digest(json).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A short id from the first 40 bits of the hash; a number follows when the id is taken.
fn new_id(hash: &str, taken: &mut HashSet<String>) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bits = hash
        .chars()
        .take(10)
        .filter_map(|digit| digit.to_digit(16))
        .fold(0u64, |bits, digit| bits << 4 | u64::from(digit));
    let digits = (0..8).rev().filter_map(|place| ALPHABET.get((bits >> (5 * place) & 31) as usize).copied());
    let id: String = std::iter::once('b').chain(digits.map(char::from)).collect();
    let mut candidate = id.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{id}-{number}");
        number += 1;
    }
    candidate
}

/// For each new content the old block that it continues. A claimed id ties the two blocks whatever they hold.
fn kept_blocks<'a>(
    old: &'a [Block],
    contents: &[Content],
    hashes: &[String],
    claims: &[Option<String>],
) -> Vec<Option<&'a Block>> {
    let claimed: HashSet<&str> = claims.iter().flatten().map(String::as_str).collect();
    // No hash looks like an id: so what is claimed is only ever matched by its id, and that is unique on both sides.
    let key = |claim: Option<&str>, hash: &str| claim.map_or_else(|| hash.to_owned(), |id| format!("#{id}"));
    let old_keys: Vec<String> =
        old.iter().map(|block| key(claimed.get(block.id.as_str()).copied(), &block.hash)).collect();
    let new_keys: Vec<String> = claims.iter().zip(hashes).map(|(claim, hash)| key(claim.as_deref(), hash)).collect();
    let old_keys: Vec<&str> = old_keys.iter().map(String::as_str).collect();
    let new_keys: Vec<&str> = new_keys.iter().map(String::as_str).collect();
    let anchors = align::anchors(&old_keys, &new_keys);
    let moved = align::moved(&old_keys, &new_keys, &anchors);

    let mut kept: Vec<Option<&Block>> = vec![None; contents.len()];
    let mut is_used = vec![false; old.len()];
    for (from, to) in anchors.iter().chain(&moved) {
        if let (Some(place), Some(used), Some(block)) = (kept.get_mut(*to), is_used.get_mut(*from), old.get(*from)) {
            *place = Some(block);
            *used = true;
        }
    }
    let end = (old.len(), contents.len());
    let (mut old_start, mut new_start) = (0, 0);
    for (old_end, new_end) in anchors.into_iter().chain([end]) {
        let left = old.iter().zip(&is_used).take(old_end).skip(old_start);
        let mut by_type: HashMap<Discriminant<Content>, VecDeque<&Block>> = HashMap::new();
        for (block, _) in left.filter(|(_, used)| !**used) {
            by_type.entry(discriminant(&block.content)).or_default().push_back(block);
        }
        let gap = contents.iter().zip(claims).zip(&mut kept).take(new_end).skip(new_start);
        for ((content, claim), place) in gap {
            if place.is_none() && claim.is_none() {
                *place = by_type.get_mut(&discriminant(content)).and_then(VecDeque::pop_front);
            }
        }
        (old_start, new_start) = (old_end + 1, new_end + 1);
    }
    kept
}
