//! How the addresses of a site are parted into sitemaps: by language, and by when a story was first published.
//!
//! A moment of first publishing never changes, so a story stays in its sitemap, and what is published today changes today's.

use super::article::Correction;
use super::ids::{ArticleId, VariantId};
use super::language::LanguageTag;
use super::published::PublishedVariant;
use serde::Deserialize;
use std::fmt;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Four weeks, counted from 1970. Written as their first day: `2026-10-22`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span(i64);

impl Span {
    const SECONDS: i64 = 28 * 24 * 60 * 60;
    /// How long it is.
    pub const MICROSECONDS: usize = 28 * 24 * 60 * 60 * 1_000_000;
    /// The spans before 1970 that the database counts from: almost two thousand years.
    pub const OFFSET: usize = 25_000;

    /// The span that a database counted, [`Span::OFFSET`] spans before 1970 being the first.
    pub fn of_row(number: i64) -> Self {
        Self(number - Self::OFFSET as i64)
    }

    /// The span of that first day, where a span begins on it.
    pub fn parse(text: &str) -> Option<Self> {
        let seconds = Date::parse(text, DATE).ok()?.midnight().assume_utc().unix_timestamp();
        (seconds.rem_euclid(Self::SECONDS) == 0).then_some(Self(seconds.div_euclid(Self::SECONDS)))
    }

    /// Where it begins, in microseconds since 1970.
    pub fn start(self) -> i64 {
        self.0.saturating_mul(Self::MICROSECONDS as i64)
    }

    /// Where the next one begins.
    pub fn end(self) -> i64 {
        Self(self.0 + 1).start()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = OffsetDateTime::from_unix_timestamp(self.0.saturating_mul(Self::SECONDS)).map_err(|_| fmt::Error)?;
        f.write_str(&day.date().format(DATE).map_err(|_| fmt::Error)?)
    }
}

/// Where a published variant is found: of its card only what a sitemap says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Located {
    /// The variant.
    pub id: VariantId,
    /// Its story.
    pub article: ArticleId,
    /// Its language.
    pub language: LanguageTag,
    /// When this language was first published.
    #[serde(with = "time::serde::rfc3339")]
    pub published_at: OffsetDateTime,
    /// When its text last changed.
    #[serde(with = "time::serde::rfc3339")]
    modified_at: OffsetDateTime,
    card: LocatedCard,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct LocatedCard {
    slug: String,
    #[serde(default)]
    corrections: Vec<Correction>,
    original: bool,
}

impl Located {
    /// The part of the address that names the story.
    pub fn slug(&self) -> &str {
        &self.card.slug
    }

    /// Whether the story was first written in this language.
    pub fn is_original(&self) -> bool {
        self.card.original
    }

    /// When readers last saw something change: the text, or a correction.
    pub fn updated_at(&self) -> OffsetDateTime {
        updated(self.modified_at, &self.card.corrections)
    }
}

impl PublishedVariant {
    /// When readers last saw something change: the text, or a correction.
    pub fn updated_at(&self) -> OffsetDateTime {
        updated(self.modified_at, &self.card.corrections)
    }
}

fn updated(modified_at: OffsetDateTime, corrections: &[Correction]) -> OffsetDateTime {
    corrections.iter().map(|correction| correction.at).fold(modified_at, OffsetDateTime::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_written_as_its_first_day_and_found_by_it() {
        for (first, number) in [("1970-01-01", 0), ("1970-01-29", 1), ("1969-12-04", -1), ("2026-10-22", 741)] {
            let span = Span(number);
            assert_eq!(span.to_string(), first);
            assert_eq!(Span::parse(first), Some(span));
            assert_eq!(Span::of_row(number + 25_000), span);
            let day = Date::parse(first, DATE).unwrap().midnight().assume_utc();
            assert_eq!(span.start(), day.unix_timestamp() * 1_000_000);
            assert_eq!(span.end(), span.start() + 28 * 86_400 * 1_000_000);
        }
        for none in ["2026-10-23", "2026-11", "", "2026-02-30", "x"] {
            assert_eq!(Span::parse(none), None, "{none}");
        }
    }
}
