//! Values that PHP's `serialize()` wrote, read without trusting them: numbers, texts and arrays.
//!
//! Only reading belongs here. Objects and references are never built; they end the reading of what holds them.

/// How deep arrays may lie in each other. WordPress needs four.
const DEPTH: usize = 16;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// `null`, or a number with a fraction that nobody here asks for.
    Nothing,
    /// An integer or a boolean.
    Integer(i64),
    /// A string.
    Text(String),
    /// Keys and values in order; numeric keys are kept as text.
    Array(Vec<(String, Value)>),
}

impl Value {
    /// The value under a key of an array.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The entries of an array, none for all else.
    pub(crate) fn entries(&self) -> &[(String, Value)] {
        if let Self::Array(entries) = self { entries } else { &[] }
    }

    /// The integer, also when it was stored as a string.
    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The string.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// Reads a serialised value. An array that breaks off keeps the entries before the break.
pub(crate) fn read(text: &str) -> Option<Value> {
    value(text.trim_start(), 0).map(|(value, _)| value)
}

/// The value at the beginning and what follows it; no rest when the value breaks off.
fn value(text: &str, depth: usize) -> Option<(Value, Option<&str>)> {
    let (kind, after) = text.split_at_checked(2)?;
    match kind {
        "N;" => Some((Value::Nothing, Some(after))),
        "d:" => after.split_once(';').map(|(_, rest)| (Value::Nothing, Some(rest))),
        "i:" | "b:" => {
            let (number, rest) = after.split_once(';')?;
            Some((Value::Integer(number.parse().ok()?), Some(rest)))
        }
        "s:" => {
            let (content, rest) = string(after)?;
            Some((Value::Text(content.to_owned()), Some(rest)))
        }
        "a:" if depth < DEPTH => {
            let (_, inside) = after.split_once(":{")?;
            Some(array(inside, depth + 1))
        }
        _ => None,
    }
}

fn array(inside: &str, depth: usize) -> (Value, Option<&str>) {
    let mut entries = Vec::new();
    let mut rest = inside;
    loop {
        if let Some(after) = rest.strip_prefix('}') {
            return (Value::Array(entries), Some(after));
        }
        let key = match value(rest, depth) {
            Some((Value::Integer(key), Some(after))) => (key.to_string(), after),
            Some((Value::Text(key), Some(after))) => (key, after),
            _ => return (Value::Array(entries), None),
        };
        let Some((item, after)) = value(key.1, depth) else { return (Value::Array(entries), None) };
        entries.push((key.0, item));
        let Some(after) = after else { return (Value::Array(entries), None) };
        rest = after;
    }
}

/// A string's content. Its length counts bytes, and is wrong wherever somebody replaced an address in the database or
/// converted its encoding; then the string ends at the first `";`.
fn string(after: &str) -> Option<(&str, &str)> {
    let (length, quoted) = after.split_once(":\"")?;
    let length: usize = length.parse().ok()?;
    let exact = quoted.split_at_checked(length).and_then(|(content, rest)| Some((content, rest.strip_prefix("\";")?)));
    exact.or_else(|| quoted.split_once("\";"))
}
