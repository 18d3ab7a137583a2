//! Counting in this process: exact, whatever the number of threads, and forgotten with it.

use super::Standing;
use crate::config::Tier;
use governor::clock::{Clock, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use time::OffsetDateTime;

/// How many clients are remembered before those that are not needed are forgotten.
const CLIENTS: usize = 10_000;
/// How many clients' days are remembered before those that are far from their end are forgotten.
const DAYS: usize = 100_000;
const DAY: i64 = 86_400;

type Limiter = RateLimiter<String, HashMapStateStore<String>, MonotonicClock, StateInformationMiddleware>;

/// The clients of one tier.
pub(super) struct Local {
    limiter: Limiter,
    tier: Tier,
    today: Mutex<Today>,
}

#[derive(Default)]
struct Today {
    day: i64,
    counts: HashMap<String, u32>,
}

impl Local {
    pub(super) fn new(tier: Tier) -> Self {
        let number = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(number(tier.per_second)).allow_burst(number(tier.burst));
        let limiter = Limiter::new(quota, HashMapStateStore::default(), MonotonicClock);
        Self { limiter, tier, today: Mutex::default() }
    }

    /// Counts a request. One that is refused counts for nothing.
    pub(super) fn count(&self, client: &str, now: OffsetDateTime) -> Standing {
        if self.limiter.len() > CLIENTS {
            self.limiter.retain_recent();
        }
        let (day, day_left) = day(now);
        let mut today = self.today.lock().unwrap_or_else(PoisonError::into_inner);
        if today.day != day {
            *today = Today { day, counts: HashMap::new() };
        }
        let count = today.counts.get(client).copied().unwrap_or(0);
        let left = self.tier.per_day.saturating_sub(count);
        if left == 0 {
            let wait = Some(std::time::Duration::from_secs(day_left));
            return Standing { at_once: 0, today: 0, wait, day_left };
        }
        match self.limiter.check_key(&client.to_owned()) {
            Ok(state) => {
                if today.counts.len() >= DAYS {
                    today.counts.retain(|_, count| *count > self.tier.per_day / 2);
                }
                today.counts.insert(client.to_owned(), count + 1);
                let at_once = state.remaining_burst_capacity();
                Standing { at_once, today: left - 1, wait: None, day_left }
            }
            Err(refused) => {
                let wait = refused.wait_time_from(MonotonicClock.now());
                Standing { at_once: 0, today: left, wait: Some(wait), day_left }
            }
        }
    }
}

/// The day since 1970 in UTC, and the seconds until it ends.
pub(super) fn day(now: OffsetDateTime) -> (i64, u64) {
    let seconds = now.unix_timestamp();
    (seconds.div_euclid(DAY), (DAY - seconds.rem_euclid(DAY)).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    #[test]
    fn exactly_a_burst_is_let_through_by_many_threads_together() {
        let local = Local::new(Tier { per_second: 1, burst: 50, per_day: 1_000_000 });
        let let_through = std::sync::atomic::AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        if local.count("a", at(0)).wait.is_none() {
                            let_through.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        let through = let_through.into_inner();
        // One more a second may have come back on a machine that is busy.
        assert!((50..=53).contains(&through), "{through} of 400");
        assert!(local.count("b", at(0)).wait.is_none(), "another client is counted for itself");
    }

    #[test]
    fn a_day_has_so_many_and_the_next_one_as_many_again() {
        let local = Local::new(Tier { per_second: 1_000, burst: 1_000, per_day: 3 });
        let mut left = Vec::new();
        for _ in 0..4 {
            let standing = local.count("a", at(86_400 - 10));
            left.push((standing.today, standing.wait.map(|wait| wait.as_secs())));
        }
        assert_eq!(left, [(2, None), (1, None), (0, None), (0, Some(10))]);
        let next = local.count("a", at(86_400) + Duration::SECOND);
        assert_eq!((next.today, next.wait, next.day_left), (2, None, 86_399));
    }
}
