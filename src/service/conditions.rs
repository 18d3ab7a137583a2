//! Conditions of lists as clients write them: every one is checked, and all that are wrong are named.

use crate::domain::listing::folded;
use crate::error::FieldError;
use std::fmt::Display;
use std::str::FromStr;
use time::OffsetDateTime;

/// The most values that one condition may list.
pub const MAX_VALUES: usize = 100;

/// The values of one condition: not none, because that would match nothing, and not too many.
pub fn bounded<T>(path: &str, values: Option<Vec<T>>, errors: &mut Vec<FieldError>) -> Vec<T> {
    let Some(values) = values else { return Vec::new() };
    let message = match values.len() {
        0 => "an empty list matches nothing; leave it out to match everything".to_owned(),
        1..=MAX_VALUES => return values,
        found => format!("at most {MAX_VALUES} values are accepted, found {found}"),
    };
    errors.push(FieldError { path: path.to_owned(), code: "INVALID", message });
    Vec::new()
}

/// The values of one condition that are ids, kinds, languages: whatever is read from text.
pub fn parsed<T: FromStr<Err: Display>, S: Display>(
    path: &str,
    values: Option<Vec<S>>,
    errors: &mut Vec<FieldError>,
) -> Vec<T> {
    let values = bounded(path, values, errors);
    let parse = |(index, value): (usize, &S)| match value.to_string().parse() {
        Ok(value) => Some(value),
        Err(error) => {
            let (path, message) = (format!("{path}[{index}]"), T::Err::to_string(&error));
            errors.push(FieldError { path, code: "INVALID", message });
            None
        }
    };
    values.iter().enumerate().filter_map(parse).collect()
}

/// A moment as lists know it.
pub fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

/// The words of a search, in lower case: at most ten count.
pub fn words(text: &str) -> Vec<String> {
    folded(text).split_whitespace().take(10).map(|word| word.chars().take(100).collect()).collect()
}
