//! Requests that we send, and how long to wait after one that failed.

use reqwest::Response;
use reqwest::header::RETRY_AFTER;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// The longest wait after a request that failed.
pub const LONGEST: Duration = Duration::from_secs(60);

/// How long to wait after so many failures in a row: twice as long each time, and not all servers equally long.
pub fn back_off(failures: u32) -> Duration {
    let doubled =
        Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(6))).min(LONGEST);
    doubled.mul_f64(0.75 + (RandomState::new().hash_one(failures) % 256) as f64 / 512.0)
}

/// When an answer asks to be asked again.
pub fn retry_after(response: &Response) -> Option<Duration> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}
