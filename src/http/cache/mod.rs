//! Answers from memory that are never wrong: each is kept with what it was made from, and goes with the first change that
//! makes it untrue.
//!
//! A change is heard from the change log ([`crate::service::Heard`]). An answer that was begun before a change and is
//! finished after it is compared with the change before it is kept. Who has not heard from the log for longer than the
//! configured bound answers nothing from memory.

mod kept;
mod written;

pub use kept::{Kept, Key};
pub use written::Written;

use crate::config;
use crate::domain::effect::Effect;
use crate::domain::footprint::{Footprint, Handle};
use crate::domain::ids::EventId;
use crate::domain::language::LanguageTag;
use crate::service::{Heard, Hearing, Tally};
use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Lifecycle, Weighter};
use std::collections::{HashMap, HashSet, VecDeque};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;
use written::Digest;

/// How many changes are remembered for answers that are being made while they happen.
const RECENT: usize = 1_000;

/// How many questions are remembered as they were written; a few hundred bytes each.
const WRITTEN: usize = 40_000;

/// What an answer takes, roughly: what the cache is laid out for.
const USUAL: u64 = 10_000;

/// What became of a question that was answered anew.
#[derive(Clone)]
pub struct Fresh {
    /// The HTTP status.
    pub status: u16,
    /// Whether it has no errors.
    pub is_sound: bool,
    /// How many SQL statements it took.
    pub statements: u32,
    /// The answer.
    pub answer: Arc<Kept>,
}

/// What is made of a question: the answer, and what it was made from where it may be kept.
pub struct Made {
    /// The answer.
    pub fresh: Fresh,
    /// What it was made from; nothing for what is not kept.
    pub footprint: Option<Footprint>,
}

/// The answers in memory.
#[derive(Clone)]
pub struct Answers(Arc<Inner>);

struct Inner {
    /// Questions as they were written: so that they need not be decoded again.
    written: Cache<Digest, Arc<Key>>,
    kept: Cache<Arc<Key>, Arc<Kept>, ByWeight, DefaultHashBuilder, Leaving>,
    index: Mutex<Index>,
    /// Which answers had to make room in `kept`, and are to leave the index.
    gone: Arc<Mutex<Vec<u64>>>,
    running: Mutex<HashMap<Arc<Key>, Arc<OnceCell<Fresh>>>>,
    hearing: Arc<Hearing>,
    enabled: bool,
    tally: Tally,
    /// How many were dropped because of a change.
    dropped: AtomicU64,
}

/// Answers have room by what they take.
#[derive(Clone)]
struct ByWeight;

impl Weighter<Arc<Key>, Arc<Kept>> for ByWeight {
    fn weight(&self, _: &Arc<Key>, kept: &Arc<Kept>) -> u64 {
        kept.weight()
    }
}

/// Notes what had to make room.
#[derive(Clone)]
struct Leaving(Arc<Mutex<Vec<u64>>>);

impl Lifecycle<Arc<Key>, Arc<Kept>> for Leaving {
    type RequestState = ();

    fn on_evict(&self, (): &mut (), _: Arc<Key>, kept: Arc<Kept>) {
        lock(&self.0).push(kept.number());
    }
}

/// How things stand with answers in memory.
pub struct Standing {
    /// How many there are.
    pub answers: u64,
    /// What they take, in bytes, roughly.
    pub bytes: u64,
    /// How many were dropped because a change made them untrue, since the process began.
    pub dropped: u64,
}

/// Which answers a change may concern.
#[derive(Default)]
struct Index {
    recent: VecDeque<(EventId, Effect)>,
    /// The newest change that `recent` does not have any more, or of which nobody knows what it changed.
    forgotten: Option<EventId>,
    numbers: HashMap<u64, (Arc<Key>, Footprint)>,
    handles: HashMap<Handle, HashSet<u64>>,
    next: u64,
}

impl Answers {
    /// Nothing in memory yet.
    pub fn new(config: &config::Cache, hearing: Arc<Hearing>) -> Self {
        let gone: Arc<Mutex<Vec<u64>>> = Arc::default();
        let bytes = config.megabytes.saturating_mul(1024 * 1024);
        let usually = usize::try_from(bytes / USUAL).unwrap_or(usize::MAX);
        let kept = Cache::with(usually, bytes, ByWeight, DefaultHashBuilder::default(), Leaving(gone.clone()));
        Self(Arc::new(Inner {
            written: Cache::new(WRITTEN),
            kept,
            index: Mutex::default(),
            gone,
            running: Mutex::default(),
            hearing,
            enabled: config.megabytes > 0,
            tally: Tally::default(),
            dropped: AtomicU64::new(0),
        }))
    }

    /// The answer in memory, if there is one that can be vouched for.
    pub fn find(&self, key: &Key) -> Option<Arc<Kept>> {
        if !self.is_current() {
            return None;
        }
        let found = self.0.kept.get(key);
        if found.is_some() {
            self.0.tally.count(1, 0);
        }
        found
    }

    /// How often the answer was there, and how often it was made.
    pub fn tally(&self) -> &Tally {
        &self.0.tally
    }

    /// How things stand.
    pub fn standing(&self) -> Standing {
        Standing {
            answers: self.0.kept.len() as u64,
            bytes: self.0.kept.weight(),
            dropped: self.0.dropped.load(Ordering::Relaxed),
        }
    }

    /// The answer in memory to a question as it was written, if it was seen before.
    pub fn find_as_written(&self, written: Written<'_>, language: &LanguageTag) -> Option<Arc<Kept>> {
        let key = self.0.written.get(&written.digest(language))?;
        self.find(&key)
    }

    /// Remembers what a question asks.
    pub fn remember_question(&self, written: Written<'_>, key: Arc<Key>) {
        if self.0.enabled {
            self.0.written.insert(written.digest(&key.language), key);
        }
    }

    /// Makes an answer and keeps it. Who asks the same meanwhile waits for it instead of making it again. `known` is the
    /// newest entry of the change log that was known before anything was read.
    pub async fn make(&self, key: Arc<Key>, known: EventId, make: impl Future<Output = Made>) -> Fresh {
        self.0.tally.count(0, 1);
        if !self.is_current() {
            // Others may have begun before something that nobody told us of.
            return make.await.fresh;
        }
        let cell = lock(&self.0.running).entry(key.clone()).or_default().clone();
        let first = async || {
            let made = make.await;
            if let Some(footprint) = made.footprint {
                self.keep(&key, &made.fresh.answer, footprint, known);
            }
            made.fresh
        };
        let answer = cell.get_or_init(first).await.clone();
        let mut running = lock(&self.0.running);
        if running.get(&key).is_some_and(|running| Arc::ptr_eq(running, &cell)) {
            running.remove(&key);
        }
        answer
    }

    fn keep(&self, key: &Arc<Key>, answer: &Arc<Kept>, footprint: Footprint, known: EventId) {
        let mut index = lock(&self.0.index);
        index.forget(&mut lock(&self.0.gone));
        let Some(number) = index.add(key, footprint, known) else { return };
        answer.set_number(number);
        if let Some(before) = self.0.kept.peek(key) {
            index.remove(before.number());
        }
        // The lock is held: a change that comes now waits, and finds it.
        self.0.kept.insert(key.clone(), answer.clone());
    }

    /// Drops what the changes make untrue.
    pub fn hear(&self, heard: &Heard<'_>) {
        if !heard.effects.is_empty() {
            let mut index = lock(&self.0.index);
            index.forget(&mut lock(&self.0.gone));
            let untrue: HashSet<u64> = heard.effects.iter().flat_map(|(id, effect)| index.hear(*id, effect)).collect();
            for number in untrue {
                if let Some(key) = index.remove(number) {
                    self.0.kept.remove(&key);
                    self.0.dropped.fetch_add(1, Ordering::Relaxed);
                }
            }
            // Who asks from now on does not want what was begun before.
            lock(&self.0.running).clear();
        }
    }

    fn is_current(&self) -> bool {
        self.0.enabled && self.0.hearing.is_current()
    }
}

impl Index {
    /// Adds an answer; nothing where a change since `known` made it untrue already, or nobody can tell.
    fn add(&mut self, key: &Arc<Key>, footprint: Footprint, known: EventId) -> Option<u64> {
        let mut since = self.recent.iter().filter(|(id, _)| *id > known);
        if self.forgotten > Some(known) || since.any(|(_, effect)| footprint.is_touched(effect)) {
            return None;
        }
        self.next += 1;
        for handle in footprint.handles() {
            self.handles.entry(handle).or_default().insert(self.next);
        }
        self.numbers.insert(self.next, (key.clone(), footprint));
        Some(self.next)
    }

    /// The answers that a change makes untrue.
    fn hear(&mut self, id: EventId, effect: &Option<Effect>) -> Vec<u64> {
        let Some(effect) = effect else {
            self.forgotten = Some(id);
            return self.numbers.keys().copied().collect();
        };
        let handles = effect.handles();
        let concerned: HashSet<u64> =
            handles.iter().filter_map(|handle| self.handles.get(handle)).flatten().copied().collect();
        if self.recent.len() == RECENT {
            let oldest = self.recent.pop_front().map(|(id, _)| id);
            self.forgotten = self.forgotten.max(oldest);
        }
        self.recent.push_back((id, effect.clone()));
        let touched =
            |number: &u64| self.numbers.get(number).is_some_and(|(_, footprint)| footprint.is_touched(effect));
        concerned.into_iter().filter(touched).collect()
    }

    fn remove(&mut self, number: u64) -> Option<Arc<Key>> {
        let (key, footprint) = self.numbers.remove(&number)?;
        for handle in footprint.handles() {
            if let Some(numbers) = self.handles.get_mut(&handle) {
                numbers.remove(&number);
                if numbers.is_empty() {
                    self.handles.remove(&handle);
                }
            }
        }
        Some(key)
    }

    fn forget(&mut self, gone: &mut Vec<u64>) {
        gone.drain(..).for_each(|number| drop(self.remove(number)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
