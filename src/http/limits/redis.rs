//! Counting together: several servers, one Redis, one script that does it all at once.
//!
//! While Redis does not answer, each server counts for itself and lets through its share.

use super::Standing;
use super::local::day;
use crate::config::Tier;
use crate::error::{Error, Result};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult, Script};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use time::OffsetDateTime;

/// How long an answer may take: a client waits for it.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long Redis is not asked after it did not answer.
const AWAY: i64 = 2;

/// The generic cell rate algorithm, by Redis' clock, and a count of the day. A request that is refused counts for nothing.
const COUNT: &str = r"
local interval, burst, per_day, left = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local today = tonumber(redis.call('GET', KEYS[2]) or '0')
if today >= per_day then return {0, 0, 0, left * 1000000} end
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local ahead = due + interval - now
if ahead > interval * burst then return {0, 0, per_day - today, ahead - interval * burst} end
redis.call('SET', KEYS[1], string.format('%.0f', due + interval), 'PX', math.ceil(ahead / 1000) + 1000)
redis.call('INCR', KEYS[2])
redis.call('EXPIRE', KEYS[2], left + 60)
return {1, math.floor((interval * burst - ahead) / interval), per_day - today - 1, 0}
";

/// The connection, made anew when it breaks.
pub(super) struct Shared {
    connection: ConnectionManager,
    script: Script,
    away: AtomicBool,
    /// When Redis is asked again, in seconds since 1970.
    again: AtomicI64,
}

impl Shared {
    /// The configured Redis; nothing where none is.
    pub(super) fn new(url: &str) -> Result<Option<Self>> {
        if url.is_empty() {
            return Ok(None);
        }
        let wrong = |error: redis::RedisError| Error::invalid("partners.redis", error);
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let client = Client::open(url).map_err(wrong)?;
        let connection = ConnectionManager::new_lazy_with_config(client, config).map_err(wrong)?;
        let (away, again) = (AtomicBool::new(false), AtomicI64::new(0));
        Ok(Some(Self { connection, script: Script::new(COUNT), away, again }))
    }

    /// Whether each server counts for itself at the moment.
    pub(super) fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    /// Counts a request; nothing where Redis does not answer.
    pub(super) async fn count(&self, client: &str, tier: Tier, now: OffsetDateTime) -> Option<Standing> {
        let (day, day_left) = day(now);
        if self.is_away() && now.unix_timestamp() < self.again.load(Ordering::Relaxed) {
            return None;
        }
        let interval = 1_000_000 / u64::from(tier.per_second.max(1));
        let mut script = self.script.key(format!("byline:rate:{{{client}}}"));
        script.key(format!("byline:day:{{{client}}}:{day}"));
        script.arg(interval.max(1)).arg(tier.burst).arg(tier.per_day).arg(day_left);
        let mut connection = self.connection.clone();
        let asked = script.invoke_async(&mut connection);
        let answer: RedisResult<(u8, u32, u32, u64)> = match tokio::time::timeout(PATIENCE * 2, asked).await {
            Ok(answer) => answer,
            Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
        };
        match answer {
            Ok((through, at_once, today, wait)) => {
                if self.away.swap(false, Ordering::Relaxed) {
                    tracing::info!("Redis answers again: servers count requests together");
                }
                let wait = (through == 0).then(|| Duration::from_micros(wait));
                Some(Standing { at_once, today, wait, day_left })
            }
            Err(error) => {
                if !self.away.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "Redis does not answer: this server lets through its share of each limit");
                }
                self.again.store(now.unix_timestamp() + AWAY, Ordering::Relaxed);
                None
            }
        }
    }
}
