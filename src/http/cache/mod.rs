//! Answers from memory that are never wrong: each is kept with what it was made from, and goes with the first change that
//! makes it untrue.
//!
//! A change is heard from the change log ([`crate::service::Heard`]). An answer that was begun before a change and is
//! finished after it is compared with the change before it is kept. Who has not heard from the log for longer than the
//! configured bound answers nothing from memory.

mod kept;

pub use kept::{Kept, Key};

use crate::config;
use crate::domain::effect::Effect;
use crate::domain::footprint::{Footprint, Handle};
use crate::domain::ids::EventId;
use crate::domain::language::LanguageTag;
use crate::service::{Heard, Hearing};
use moka::sync::Cache;
use std::collections::{HashMap, HashSet, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

/// How many changes are remembered for answers that are being made while they happen.
const RECENT: usize = 1_000;

/// How many bytes of addresses are remembered.
const ADDRESS_BYTES: u64 = 16 * 1024 * 1024;

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
    /// What is asked by an address, as it is written, in a language: so that it need not be decoded again.
    addresses: Cache<(String, LanguageTag), Arc<Key>>,
    kept: Cache<Arc<Key>, Arc<Kept>>,
    index: Mutex<Index>,
    /// Which answers left `kept`, and are to leave the index.
    gone: Arc<Mutex<Vec<u64>>>,
    running: Mutex<HashMap<Arc<Key>, Arc<OnceCell<Fresh>>>>,
    hearing: Arc<Hearing>,
    enabled: bool,
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
        let left = gone.clone();
        let kept = Cache::builder()
            .max_capacity(config.megabytes.saturating_mul(1024 * 1024))
            .weigher(|_: &Arc<Key>, kept: &Arc<Kept>| kept.weight())
            .eviction_listener(move |_, kept: Arc<Kept>, _| lock(&left).push(kept.number()))
            .build();
        let weigh =
            |(address, _): &(String, LanguageTag), _: &Arc<Key>| u32::try_from(address.len() + 200).unwrap_or(u32::MAX);
        let addresses = Cache::builder().max_capacity(ADDRESS_BYTES).weigher(weigh).build();
        Self(Arc::new(Inner {
            addresses,
            kept,
            index: Mutex::default(),
            gone,
            running: Mutex::default(),
            hearing,
            enabled: config.megabytes > 0,
        }))
    }

    /// The answer in memory, if there is one that can be vouched for.
    pub fn find(&self, key: &Key) -> Option<Arc<Kept>> {
        if !self.is_current() {
            return None;
        }
        self.0.kept.get(key)
    }

    /// The answer in memory to what an address asks, if the address was seen before.
    pub fn find_by_address(&self, address: &str, language: LanguageTag) -> Option<Arc<Kept>> {
        let key = self.0.addresses.get(&(address.to_owned(), language))?;
        self.find(&key)
    }

    /// Remembers what an address asks.
    pub fn remember_address(&self, address: &str, key: Arc<Key>) {
        self.0.addresses.insert((address.to_owned(), key.language.clone()), key);
    }

    /// Makes an answer and keeps it. Who asks the same meanwhile waits for it instead of making it again. `known` is the
    /// newest entry of the change log that was known before anything was read.
    pub async fn make(&self, key: Arc<Key>, known: EventId, make: impl Future<Output = Made>) -> Fresh {
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
                    self.0.kept.invalidate(&key);
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
