//! Two bodies, block by block. A block is the same block when it has the same id.

use super::words::{Segment, segments};
use crate::domain::body::render::block_text;
use crate::domain::body::{Block, Body};
use crate::domain::named::named;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use std::collections::{HashMap, HashSet};
use std::time::Instant;

named! {
    /// What happened to a block.
    BlockOp "change of a block" {
        /// It is new.
        Added "ADDED",
        /// It is gone.
        Removed "REMOVED",
        /// It has another content.
        Changed "CHANGED",
        /// It has the same content in another place.
        Moved "MOVED",
    }
}

/// A block that differs between two bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockChange {
    /// The block's id.
    pub id: String,
    /// What happened to it.
    pub op: BlockOp,
    /// Whether it changed its place among the others; a changed block may have moved as well.
    pub moved: bool,
    /// Its place in the old body, from 0.
    pub old_index: Option<usize>,
    /// Its place in the new body, from 0.
    pub new_index: Option<usize>,
    /// The block as it was.
    pub before: Option<Block>,
    /// The block as it is.
    pub after: Option<Block>,
    /// Its plain text, word by word. All of it may be equal: an address or an emphasis can change, too.
    pub text: Vec<Segment>,
}

type Placed<'a> = (usize, &'a Block);

/// The blocks that differ, in the order of the new body; a removed one follows what it followed.
pub(super) fn changes(old: &Body, new: &Body, deadline: Instant) -> Vec<BlockChange> {
    let places = |body: &Body| -> HashMap<String, usize> {
        body.blocks.iter().enumerate().map(|(at, block)| (block.id.clone(), at)).collect()
    };
    let (before, after) = (places(old), places(new));
    let moved = moved(old, new, &before, &after, deadline);
    let mut gone: HashMap<Option<&str>, Vec<Placed>> = HashMap::new();
    let mut last = None;
    for (at, block) in old.blocks.iter().enumerate() {
        if after.contains_key(&block.id) {
            last = Some(block.id.as_str());
        } else {
            gone.entry(last).or_default().push((at, block));
        }
    }
    let removed = |behind: Option<&str>| {
        let gone: Vec<Placed> = gone.get(&behind).cloned().unwrap_or_default();
        gone.into_iter().filter_map(|block| change(Some(block), None, false, deadline))
    };
    let mut changes: Vec<BlockChange> = removed(None).collect();
    for (at, block) in new.blocks.iter().enumerate() {
        let was = before.get(&block.id).and_then(|at| Some((*at, old.blocks.get(*at)?)));
        changes.extend(change(was, Some((at, block)), moved.contains(block.id.as_str()), deadline));
        changes.extend(removed(Some(&block.id)));
    }
    changes
}

/// The blocks in both bodies that are not where their neighbours are: all but a longest run in the old order.
fn moved<'a>(
    old: &Body,
    new: &'a Body,
    before: &HashMap<String, usize>,
    after: &HashMap<String, usize>,
    deadline: Instant,
) -> HashSet<&'a str> {
    let old: Vec<usize> = old.blocks.iter().filter_map(|block| after.get(&block.id).copied()).collect();
    let common: Vec<(usize, &Block)> =
        new.blocks.iter().enumerate().filter(|(_, block)| before.contains_key(&block.id)).collect();
    let places: Vec<usize> = common.iter().map(|(at, _)| *at).collect();
    let mut moved: HashSet<&str> = common.iter().map(|(_, block)| block.id.as_str()).collect();
    for op in capture_diff_slices_deadline(Algorithm::Myers, &old, &places, Some(deadline)) {
        if let DiffOp::Equal { new_index, len, .. } = op {
            common.iter().skip(new_index).take(len).for_each(|(_, block)| {
                moved.remove(block.id.as_str());
            });
        }
    }
    moved
}

fn change(before: Option<Placed>, after: Option<Placed>, moved: bool, deadline: Instant) -> Option<BlockChange> {
    let op = match (before, after) {
        (None, Some(_)) => BlockOp::Added,
        (Some(_), None) => BlockOp::Removed,
        (Some((_, old)), Some((_, new))) if old.hash != new.hash => BlockOp::Changed,
        (Some(_), Some(_)) if moved => BlockOp::Moved,
        _ => return None,
    };
    let text = |block: Option<Placed>| block.map(|(_, block)| block_text(&block.content)).unwrap_or_default();
    Some(BlockChange {
        id: after.or(before)?.1.id.clone(),
        op,
        moved,
        old_index: before.map(|(at, _)| at),
        new_index: after.map(|(at, _)| at),
        before: before.map(|(_, block)| block.clone()),
        after: after.map(|(_, block)| block.clone()),
        text: segments(&text(before), &text(after), deadline),
    })
}
