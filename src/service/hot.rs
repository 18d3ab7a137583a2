//! Small things that many answers need: authors, sections, tags, pictures. They are kept true by the change log.

use super::follow::Hearing;
use crate::domain::effect::Effect;
use crate::domain::entity::Entity;
use crate::domain::ids::EventId;
use quick_cache::sync::Cache;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// How many changes are remembered for what is being read while they happen.
const RECENT: usize = 1_000;

/// How often something that was asked for was in memory, and how often not, since the process began.
#[derive(Debug, Default)]
pub struct Tally {
    found: AtomicU64,
    missed: AtomicU64,
}

impl Tally {
    /// Counts what was asked for.
    pub fn count(&self, found: usize, missed: usize) {
        self.found.fetch_add(found as u64, Ordering::Relaxed);
        self.missed.fetch_add(missed as u64, Ordering::Relaxed);
    }

    /// How often it was there.
    pub fn found(&self) -> u64 {
        self.found.load(Ordering::Relaxed)
    }

    /// How often it was not.
    pub fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

/// Entities in memory, as readers see them.
#[derive(Debug)]
pub struct Hot {
    kept: Cache<Uuid, Arc<Entity>>,
    changes: Mutex<Changes>,
    hearing: Arc<Hearing>,
    enabled: bool,
    tally: Tally,
}

/// What was heard of entities.
#[derive(Debug)]
struct Changes {
    heard: EventId,
    recent: VecDeque<(EventId, Uuid)>,
    /// What happened up to here is not in `recent` any more.
    forgotten: EventId,
}

impl Hot {
    /// At most so many entities; a few kilobytes each at most.
    pub(super) fn new(entities: u64, hearing: Arc<Hearing>) -> Self {
        let kept = Cache::new(usize::try_from(entities).unwrap_or(usize::MAX));
        let changes = Changes { heard: EventId(0), recent: VecDeque::new(), forgotten: EventId(0) };
        Self { kept, changes: Mutex::new(changes), hearing, enabled: entities > 0, tally: Tally::default() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.kept.len() as u64
    }

    /// How often they were in memory.
    pub(super) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// What we know of before something is read.
    pub(super) fn place(&self) -> EventId {
        self.changes().heard
    }

    /// Those of them that are in memory and can be vouched for.
    pub(super) fn find(&self, ids: &[Uuid]) -> HashMap<Uuid, Arc<Entity>> {
        let found: HashMap<_, _> = ids.iter().filter_map(|id| Some((*id, self.find_one(*id)?))).collect();
        self.tally.count(0, ids.len().saturating_sub(found.len()));
        found
    }

    /// One of them, if it is in memory and can be vouched for.
    pub(super) fn find_one(&self, id: Uuid) -> Option<Arc<Entity>> {
        // That it is not there is counted when it is asked for with others.
        let found = self.kept.get(&id).filter(|_| self.enabled && self.hearing.is_current())?;
        self.tally.count(1, 0);
        Some(found)
    }

    /// Keeps what was read after `place`, unless it changed meanwhile.
    pub(super) fn keep(&self, place: EventId, read: &[Arc<Entity>]) {
        // The lock is held: a change that comes now waits, and finds them.
        let changes = self.changes();
        if !self.enabled || changes.forgotten > place {
            return;
        }
        let since: Vec<Uuid> =
            changes.recent.iter().rev().take_while(|(at, _)| *at > place).map(|(_, id)| *id).collect();
        for entity in read.iter().filter(|entity| !since.contains(&entity.uuid())) {
            self.kept.insert(entity.uuid(), entity.clone());
        }
    }

    /// Drops what changed; everything, where nobody knows what did.
    pub(super) fn hear(&self, effects: &[(EventId, Option<Effect>)]) {
        let mut changes = self.changes();
        for (event, effect) in effects {
            changes.heard = *event;
            let Some(effect) = effect else {
                changes.forgotten = *event;
                self.kept.clear();
                continue;
            };
            for entity in &effect.entities {
                self.kept.remove(&entity.id);
                changes.recent.push_back((*event, entity.id));
            }
        }
        while changes.recent.len() > RECENT {
            if let Some((oldest, _)) = changes.recent.pop_front() {
                changes.forgotten = changes.forgotten.max(oldest);
            }
        }
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
