//! What a partner asks for in an address.

use crate::domain::ids::ArticleId;
use crate::domain::listing::{DEFAULT_PAGE, MAX_PAGE};
use crate::domain::webhook::Format;
use crate::error::{Error, Result};
use crate::service::SnapshotPlace;
use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};
use url::form_urlencoded;

/// How long a client may wait for a change, in seconds.
const LONGEST_WAIT: u64 = 60;

/// The parameters of a request, each at most once.
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads them; an unknown one is named beside those that are known.
    pub fn read(request: &HttpRequest, known: &[&str]) -> Result<Self> {
        let mut found: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
            let name: String = name.chars().take(60).collect();
            if !known.contains(&name.as_str()) {
                return Err(Error::invalid(&name, format!("is not a parameter here; accepted: {}", known.join(", "))));
            }
            if found.iter().any(|(other, _)| *other == name) {
                return Err(Error::invalid(&name, "is there twice"));
            }
            found.push((name, value.into_owned()));
        }
        Ok(Self(found))
    }

    /// A parameter as it is written.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str, expected: &str) -> Result<Option<T>> {
        let shown = |text: &str| text.chars().take(60).collect::<String>();
        let wrong =
            |text: &str| Error::invalid(name, format!("`{}` is not accepted: expected {expected}", shown(text)));
        self.get(name).map(|text| text.parse().map_err(|_| wrong(text))).transpose()
    }

    /// How many are wanted.
    pub fn first(&self) -> Result<u32> {
        let expected = format!("1 to {MAX_PAGE}");
        let first = self.parsed("first", &expected)?.unwrap_or(DEFAULT_PAGE);
        if (1..=MAX_PAGE).contains(&first) {
            return Ok(first);
        }
        Err(Error::invalid("first", format!("{first} is not accepted: expected {expected}")))
    }

    /// A place in the feed.
    pub fn position(&self, name: &str) -> Result<Option<i64>> {
        let expected = "0, or `next` of an answer";
        let found: Option<i64> = self.parsed(name, expected)?;
        match found {
            Some(place) if place < 0 => {
                Err(Error::invalid(name, format!("`{place}` is not accepted: expected {expected}")))
            }
            found => Ok(found),
        }
    }

    /// How long to wait, in seconds.
    pub fn wait(&self) -> Result<u64> {
        let expected = format!("0 to {LONGEST_WAIT} seconds");
        let wait = self.parsed("wait", &expected)?.unwrap_or(0);
        if wait <= LONGEST_WAIT {
            return Ok(wait);
        }
        Err(Error::invalid("wait", format!("{wait} is not accepted: expected {expected}")))
    }

    /// A moment.
    pub fn moment(&self, name: &str) -> Result<Option<OffsetDateTime>> {
        let wrong = |_| Error::invalid(name, "is no moment: expected RFC 3339, such as 2026-11-26T09:00:00+09:00");
        self.get(name).map(|text| OffsetDateTime::parse(text, &Rfc3339).map_err(wrong)).transpose()
    }

    /// A day; today where it is missing.
    pub fn day(&self, name: &str) -> Result<Option<Date>> {
        let form = time::macros::format_description!("[year]-[month]-[day]");
        let wrong = |_| Error::invalid(name, "is no day: expected such as 2026-11-26");
        self.get(name).map(|text| Date::parse(text, &form).map_err(wrong)).transpose()
    }

    /// Where a snapshot goes on.
    pub fn place(&self, name: &str) -> Result<Option<SnapshotPlace>> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let read = || {
            let mut parts = text.split('.');
            let position = parts.next()?.parse().ok()?;
            let at = parts.next()?.parse().ok()?;
            let article: ArticleId = parts.next()?.parse().ok()?;
            let language = parts.next()?.parse().ok()?;
            parts.next().is_none().then_some(SnapshotPlace { position, at, article, language })
        };
        let wrong = || Error::invalid(name, "is no place of a snapshot; use `next` of an answer");
        read().map(Some).ok_or_else(wrong)
    }

    /// The format: by `format`, else by `Accept`, else our own.
    pub fn format(&self, request: &HttpRequest) -> Result<Format> {
        if let Some(text) = self.get("format") {
            return text.to_uppercase().parse().map_err(|error| Error::invalid("format", error));
        }
        let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let ninjs = accept.split(',').map(str::trim).find(|range| range.starts_with("application/vnd.iptc.ninjs+json"));
        Ok(match ninjs {
            None => Format::Byline,
            Some(range) if range.replace(' ', "").contains(";version=2") => Format::Ninjs2,
            Some(_) => Format::Ninjs3,
        })
    }

    /// The same address with another value of a parameter.
    pub fn with(&self, request: &HttpRequest, name: &str, value: &str) -> String {
        let others = self.0.iter().filter(|(own, _)| own != name);
        let query =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(others).append_pair(name, value).finish();
        format!("{}?{query}", request.path())
    }
}

/// A place of a snapshot as it is written.
pub fn written(place: &SnapshotPlace) -> String {
    format!("{}.{}.{}.{}", place.position, place.at, place.article, place.language)
}
