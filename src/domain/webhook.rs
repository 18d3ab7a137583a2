//! Telling partners of changes by webhook: when something that failed is tried again, and what came of it.

use super::named::named;
use std::time::Duration;

named! {
    /// What an endpoint is sent.
    Format "format" {
        /// Byline's own JSON.
        Byline "BYLINE",
        /// IPTC ninjs 3.
        Ninjs3 "NINJS3",
        /// IPTC ninjs 2.
        Ninjs2 "NINJS2",
    }
}

named! {
    /// Where a delivery stands.
    DeliveryState "state of a delivery" {
        /// It is to be sent, for the first time or again.
        Waiting "waiting",
        /// The endpoint took it.
        Delivered "delivered",
        /// The endpoint did not take it for as long as it was tried.
        GivenUp "given_up",
    }
}

/// The longest wait between two attempts.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);
/// What an endpoint asks for with `Retry-After` is honoured up to this.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 60 * 60);

/// How attempts that failed are repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The wait after the first failure; each later one is three times as long.
    pub first: Duration,
    /// For how long something is tried, from when it began to wait.
    pub limit: Duration,
}

impl Schedule {
    /// How long to wait after so many failures of something that is so old; nothing where it is given up.
    ///
    /// `spread` (0 to 1) moves the wait by a quarter to either side, so that what failed together does not come again
    /// together. The last attempt is at the limit.
    pub fn wait(&self, failures: u32, age: Duration, asked: Option<Duration>, spread: f64) -> Option<Duration> {
        let left = self.limit.checked_sub(age).filter(|left| !left.is_zero())?;
        let doubled = self.first.saturating_mul(3_u32.saturating_pow(failures.saturating_sub(1))).min(LONGEST);
        let spread = doubled.mul_f64(0.75 + spread.clamp(0.0, 1.0) / 2.0);
        let wait = asked.map_or(spread, |asked| asked.min(LONGEST_ASKED).max(spread));
        Some(wait.min(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEDULE: Schedule = Schedule { first: Duration::from_secs(5), limit: Duration::from_secs(72 * 3600) };

    fn wait(failures: u32, age: u64, asked: Option<u64>, spread: f64) -> Option<u64> {
        let asked = asked.map(Duration::from_secs);
        SCHEDULE.wait(failures, Duration::from_secs(age), asked, spread).map(|wait| wait.as_secs())
    }

    #[test]
    fn waits_grow_up_to_half_a_day_and_end_after_three_days() {
        let three_days = 72 * 3600;
        for (failures, age, asked, spread, expected) in [
            (1, 0, None, 0.5, Some(5)),
            (2, 5, None, 0.5, Some(15)),
            (5, 600, None, 0.5, Some(405)),
            (9, 50_000, None, 0.5, Some(32_805)),
            (10, 90_000, None, 0.5, Some(43_200)),
            (60, 90_000, None, 0.5, Some(43_200)),
            // A quarter to either side.
            (10, 90_000, None, 0.0, Some(32_400)),
            (10, 90_000, None, 1.0, Some(54_000)),
            // The endpoint may ask for more, not for less, and not for more than a day.
            (1, 0, Some(120), 0.5, Some(120)),
            (2, 5, Some(1), 0.5, Some(15)),
            (1, 0, Some(1_000_000), 0.5, Some(86_400)),
            // The last attempt is at the end.
            (12, three_days - 60, None, 0.5, Some(60)),
            (13, three_days, None, 0.5, None),
            (13, three_days + 1, Some(10), 0.5, None),
        ] {
            assert_eq!(
                wait(failures, age, asked, spread),
                expected,
                "{failures} failures, {age} s old, asked {asked:?}"
            );
        }
    }

    #[test]
    fn something_that_always_fails_is_tried_for_the_whole_time_and_not_too_often() {
        let (mut age, mut failures) = (0, 0);
        while let Some(wait) = wait(failures + 1, age, None, 0.5) {
            (age, failures) = (age + wait, failures + 1);
        }
        assert_eq!(age, 72 * 3600);
        assert!((10..20).contains(&failures), "{failures} attempts");
    }
}
