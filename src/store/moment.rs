//! Moments as the tables keep them: microseconds since 1970 in UTC, and the zone's minutes beside them.

use time::{OffsetDateTime, UtcOffset};

/// Microseconds since 1970, UTC.
pub fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

/// Minutes east of UTC.
pub fn offset(at: OffsetDateTime) -> i16 {
    at.offset().whole_minutes()
}

/// The moment, in its zone.
pub fn moment(micros: i64, offset: i16) -> OffsetDateTime {
    let zone = UtcOffset::from_whole_seconds(i32::from(offset) * 60).unwrap_or(UtcOffset::UTC);
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .to_offset(zone)
}
