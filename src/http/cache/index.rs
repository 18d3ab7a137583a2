//! Which answers a change may concern.

use super::key::Key;
use crate::domain::effect::Effect;
use crate::domain::footprint::{Footprint, Handle};
use crate::domain::ids::EventId;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many changes are remembered for answers that are being made while they happen.
const RECENT: usize = 1_000;

/// What each handle of an answer takes, in bytes: nodes of a tree are about two thirds full.
const HANDLE: usize = 25;

/// Which answers a change may concern.
#[derive(Default)]
pub(super) struct Index {
    recent: VecDeque<(EventId, Effect)>,
    /// The newest change that `recent` does not have any more, or of which nobody knows what it changed.
    forgotten: Option<EventId>,
    numbers: HashMap<u64, (Key, Footprint)>,
    /// Hashes of handles, with the numbers of answers that have them. Should two handles share one, answers are looked at
    /// that the change does not concern.
    handles: BTreeSet<(u64, u64)>,
    next: u64,
}

/// The hashes of what changes and answers are brought together by.
pub(super) fn hashes(handles: &BTreeSet<Handle>) -> impl Iterator<Item = u64> {
    handles.iter().map(|handle| {
        let mut hasher = DefaultHasher::new();
        handle.hash(&mut hasher);
        hasher.finish()
    })
}

/// What the index takes for an answer with so many handles, in bytes, roughly.
pub(super) fn weight(footprint: &Footprint, handles: usize) -> usize {
    size_of::<Footprint>() + footprint.weight() + handles * HANDLE
}

impl Index {
    /// Adds an answer, with the hashes of its handles, and gives its number; nothing where a change since `known` made it
    /// untrue already, or nobody can tell.
    pub(super) fn add(&mut self, key: Key, footprint: Footprint, hashes: &[u64], known: EventId) -> Option<u64> {
        let mut since = self.recent.iter().filter(|(id, _)| *id > known);
        if self.forgotten > Some(known) || since.any(|(_, effect)| footprint.is_touched(effect)) {
            return None;
        }
        self.next += 1;
        let number = self.next;
        self.handles.extend(hashes.iter().map(|hash| (*hash, number)));
        self.numbers.insert(number, (key, footprint));
        Some(number)
    }

    /// The answers that a change makes untrue.
    pub(super) fn hear(&mut self, id: EventId, effect: &Option<Effect>) -> HashSet<u64> {
        let Some(effect) = effect else {
            self.forgotten = Some(id);
            return self.numbers.keys().copied().collect();
        };
        if self.recent.len() == RECENT {
            let oldest = self.recent.pop_front().map(|(id, _)| id);
            self.forgotten = self.forgotten.max(oldest);
        }
        self.recent.push_back((id, effect.clone()));
        let sharing = |hash| self.handles.range((hash, 0)..=(hash, u64::MAX)).map(|(_, number)| *number);
        let touched =
            |number: &u64| self.numbers.get(number).is_some_and(|(_, footprint)| footprint.is_touched(effect));
        let concerned: HashSet<u64> = hashes(&effect.handles()).flat_map(sharing).collect();
        concerned.into_iter().filter(touched).collect()
    }

    /// Removes an answer and gives its key.
    pub(super) fn remove(&mut self, number: u64) -> Option<Key> {
        let (key, footprint) = self.numbers.remove(&number)?;
        for hash in hashes(&footprint.handles()) {
            self.handles.remove(&(hash, number));
        }
        Some(key)
    }
}
