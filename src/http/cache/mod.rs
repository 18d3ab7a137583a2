//! Answers from memory that are never wrong: each is kept with what it was made from, and goes with the first change that
//! makes it untrue.
//!
//! A change is heard from the change log ([`crate::service::Heard`]). An answer that was begun before a change and is
//! finished after it is compared with the change before it is kept. Who has not heard from the log for longer than the
//! configured bound answers nothing from memory.

mod encoding;
mod index;
mod kept;
mod key;

pub use encoding::Encoding;
pub use kept::Kept;
pub use key::Key;

use crate::config;
use crate::domain::footprint::Footprint;
use crate::domain::ids::EventId;
use crate::service::{Heard, Hearing, Tally};
use actix_web::web::Bytes;
use index::Index;
use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Lifecycle, Weighter};
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

/// What an answer takes, roughly: what the cache is laid out for.
const USUAL: u64 = 6_000;

/// In how many ways each answer is asked for, roughly: by POST and by GET. A hundred bytes each.
const WAYS: usize = 2;

/// The part of the memory that is for bodies that are ready to be sent, even where packed answers would fill all of it.
const READY: u64 = 8;

/// Room for bodies that are ready to be sent is looked at again when this part of the memory changed hands.
const NOTICED: u64 = 64;

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
    /// The HTTP status.
    pub status: u16,
    /// Whether it has no errors.
    pub is_sound: bool,
    /// How many SQL statements it took.
    pub statements: u32,
    /// The answer.
    pub answer: Kept,
    /// What it was made from; nothing for what is not kept.
    pub footprint: Option<Footprint>,
}

impl Made {
    fn unkept(self) -> Fresh {
        let Self { status, is_sound, statements, answer, footprint: _ } = self;
        Fresh { status, is_sound, statements, answer: Arc::new(answer) }
    }
}

/// The answers in memory.
#[derive(Clone)]
pub struct Answers(Arc<Inner>);

struct Inner {
    /// Questions as they were written: so that they need not be decoded again.
    written: Cache<Key, Key>,
    /// All answers, packed.
    kept: Cache<Key, Arc<Kept>, ByWeight, DefaultHashBuilder, Leaving>,
    /// The bodies of those that are asked for most, by their numbers, as they are sent. They have the room that `kept` leaves.
    ready: Cache<(u64, Encoding), Bytes, ByWeight>,
    bytes: u64,
    index: Mutex<Index>,
    /// Which answers had to make room in `kept`, and are to leave the index.
    gone: Arc<Mutex<Vec<u64>>>,
    running: Mutex<HashMap<Key, Arc<OnceCell<Fresh>>>>,
    hearing: Arc<Hearing>,
    enabled: bool,
    tally: Tally,
    /// How many were dropped because of a change.
    dropped: AtomicU64,
}

/// Answers and bodies have room by what they take.
#[derive(Clone)]
struct ByWeight;

impl Weighter<Key, Arc<Kept>> for ByWeight {
    fn weight(&self, _: &Key, kept: &Arc<Kept>) -> u64 {
        kept.weight()
    }
}

impl Weighter<(u64, Encoding), Bytes> for ByWeight {
    fn weight(&self, _: &(u64, Encoding), body: &Bytes) -> u64 {
        // With its place in the cache, and what counts who is sending it.
        kept::allocated(body) as u64 + 150
    }
}

/// Notes what had to make room.
#[derive(Clone)]
struct Leaving(Arc<Mutex<Vec<u64>>>);

impl Lifecycle<Key, Arc<Kept>> for Leaving {
    type RequestState = ();

    fn on_evict(&self, (): &mut (), _: Key, kept: Arc<Kept>) {
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

impl Answers {
    /// Nothing in memory yet.
    pub fn new(config: &config::Cache, hearing: Arc<Hearing>) -> Self {
        let gone: Arc<Mutex<Vec<u64>>> = Arc::default();
        let bytes = config.megabytes.saturating_mul(1024 * 1024);
        let usually = usize::try_from(bytes / USUAL).unwrap_or(usize::MAX);
        let (hasher, leaving) = (DefaultHashBuilder::default(), Leaving(gone.clone()));
        Self(Arc::new(Inner {
            written: Cache::new(usually.saturating_mul(WAYS)),
            kept: Cache::with(usually, bytes - bytes / READY, ByWeight, hasher, leaving),
            ready: Cache::with_weighter(usually, bytes, ByWeight),
            bytes,
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
            bytes: self.0.kept.weight() + self.0.ready.weight(),
            dropped: self.0.dropped.load(Ordering::Relaxed),
        }
    }

    /// The answer in memory to a question as it was written, if it was seen before.
    pub fn find_as_written(&self, written: &Key) -> Option<Arc<Kept>> {
        self.find(&self.0.written.get(written)?)
    }

    /// Remembers what a question asks.
    pub fn remember_question(&self, written: Key, key: Key) {
        if self.0.enabled {
            self.0.written.insert(written, key);
        }
    }

    /// Makes an answer and keeps it. Who asks the same meanwhile waits for it instead of making it again. `known` is the
    /// newest entry of the change log that was known before anything was read.
    pub async fn make(&self, key: Key, known: EventId, make: impl Future<Output = Made>) -> Fresh {
        self.0.tally.count(0, 1);
        if !self.is_current() {
            // Others may have begun before something that nobody told us of.
            return make.await.unkept();
        }
        let cell = lock(&self.0.running).entry(key).or_default().clone();
        let answer = cell.get_or_init(async || self.keep(key, make.await, known)).await.clone();
        let mut running = lock(&self.0.running);
        if running.get(&key).is_some_and(|running| Arc::ptr_eq(running, &cell)) {
            running.remove(&key);
        }
        answer
    }

    fn keep(&self, key: Key, made: Made, known: EventId) -> Fresh {
        let Made { status, is_sound, statements, answer, footprint: Some(mut footprint) } = made else {
            return made.unkept();
        };
        footprint.shrink();
        // All that takes time comes before the lock.
        let hashes: Vec<u64> = index::hashes(&footprint.handles()).collect();
        let (mut answer, plain) = answer.packed(index::weight(&footprint, hashes.len()));
        let fresh = |answer: Kept| Fresh { status, is_sound, statements, answer: Arc::new(answer) };
        let mut index = self.index();
        let Some(number) = index.add(key, footprint, &hashes, known) else { return fresh(answer) };
        answer.set_number(number);
        if let Some(before) = self.0.kept.peek(&key) {
            self.let_go(&mut index, before.number());
        }
        if let Some(plain) = plain {
            self.0.ready.insert((number, Encoding::Identity), plain);
        }
        let fresh = fresh(answer);
        // The lock is held: a change that comes now waits, and finds it.
        self.0.kept.insert(key, fresh.answer.clone());
        let left = self.0.bytes.saturating_sub(self.0.kept.weight());
        if left.abs_diff(self.0.ready.capacity()) > self.0.bytes / NOTICED {
            self.0.ready.set_capacity(left);
        }
        fresh
    }

    /// The index, without what had to make room.
    fn index(&self) -> MutexGuard<'_, Index> {
        let mut index = lock(&self.0.index);
        for number in lock(&self.0.gone).drain(..) {
            self.let_go(&mut index, number);
        }
        index
    }

    /// Forgets what is noted of an answer, and gives what it was kept by.
    fn let_go(&self, index: &mut Index, number: u64) -> Option<Key> {
        for encoding in [Encoding::Identity, Encoding::Brotli, Encoding::Gzip] {
            self.0.ready.remove(&(number, encoding));
        }
        index.remove(number)
    }

    /// The body of an answer as it is sent.
    pub fn body(&self, answer: &Kept, encoding: Encoding) -> io::Result<Bytes> {
        if let Some(ready) = answer.ready(encoding) {
            return Ok(ready.clone());
        }
        let place = (answer.number(), encoding);
        if let Some(ready) = self.0.ready.get(&place) {
            return Ok(ready);
        }
        let made = answer.made(encoding)?;
        if answer.number() > 0 {
            self.0.ready.insert(place, made.clone());
        }
        Ok(made)
    }

    /// Drops what the changes make untrue.
    pub fn hear(&self, heard: &Heard<'_>) {
        if !heard.effects.is_empty() {
            let mut index = self.index();
            let untrue: HashSet<u64> = heard.effects.iter().flat_map(|(id, effect)| index.hear(*id, effect)).collect();
            for number in untrue {
                if let Some(key) = self.let_go(&mut index, number) {
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
