//! Where machine translation comes from: what of a configuration can be wrong is said when it is loaded.

use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use url::Url;

/// A value that no log and no error shows.
#[derive(Clone, Default)]
pub struct Secret(String);

impl Secret {
    /// The value itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<'de> Deserialize<'de> for Secret {
    /// A wrong type would be quoted in the error, so all scalars are taken: a key of digits alone is read as a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Self(text),
            serde_json::Value::Null => Self::default(),
            other => Self(other.to_string()),
        })
    }
}

/// A service that translates texts over HTTP. What each key means is written in `defaults.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct MachineTranslation {
    pub endpoint: Secret,
    pub key: Secret,
    pub headers: BTreeMap<String, Secret>,
    pub body: String,
    pub answers: String,
    pub languages: BTreeMap<LanguageTag, String>,
    pub max_texts: usize,
    pub max_chars: usize,
    pub max_answer_bytes: usize,
    pub timeout_seconds: u64,
}

impl MachineTranslation {
    /// Whether there is a service to ask.
    pub fn is_configured(&self) -> bool {
        !self.endpoint.expose().is_empty()
    }

    /// Checks what types do not. Values that may hold the key are not quoted.
    pub(super) fn check(&self) -> Result<()> {
        if !self.is_configured() {
            return Ok(());
        }
        let wrong = |key: &str, message: &str| Err(Error::invalid(format!("machine_translation.{key}"), message));
        let url = Url::parse(self.endpoint.expose()).ok();
        if url.is_none_or(|url| !matches!(url.scheme(), "http" | "https") || url.host_str().is_none()) {
            return wrong("endpoint", "is not an http or https address");
        }
        let used = self.headers.values().chain([&self.endpoint]).any(|value| value.expose().contains("{key}"));
        if used && self.key.expose().is_empty() {
            return wrong("key", "is empty, but a header or the endpoint names {key}");
        }
        if self.key.expose().chars().any(|c| !c.is_ascii_graphic()) {
            return wrong("key", "must be visible ASCII without spaces");
        }
        for (name, value) in &self.headers {
            let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            if name.is_empty() || !name.chars().all(is_token) {
                return wrong(&format!("headers.{name}"), "is not the name of a header");
            }
            if value.expose().chars().any(|c| !c.is_ascii_graphic() && c != ' ') {
                return wrong(&format!("headers.{name}"), "must be visible ASCII");
            }
        }
        match serde_json::from_str::<serde_json::Value>(&self.body) {
            Err(error) => return wrong("body", &format!("is not JSON: {error}")),
            Ok(body) if !holds(&body, "{texts}") => return wrong("body", "must name {texts} in one of its values"),
            Ok(body) if !holds(&body, "{target}") => return wrong("body", "must name {target} in one of its values"),
            Ok(_) => {}
        }
        if !self.answers.is_empty() && !self.answers.starts_with('/') {
            return wrong("answers", "is not a JSON pointer: it must be empty or begin with /");
        }
        let counts = [
            ("max_texts", self.max_texts),
            ("max_chars", self.max_chars),
            ("max_answer_bytes", self.max_answer_bytes),
            ("timeout_seconds", usize::from(self.timeout_seconds > 0)),
        ];
        match counts.iter().find(|(_, count)| *count == 0) {
            Some((key, _)) => wrong(key, "must be at least 1"),
            None => Ok(()),
        }
    }
}

/// Whether a text stands in a value of a JSON document; names do not count.
fn holds(json: &serde_json::Value, wanted: &str) -> bool {
    match json {
        serde_json::Value::String(text) => text.contains(wanted),
        serde_json::Value::Array(values) => values.iter().any(|value| holds(value, wanted)),
        serde_json::Value::Object(fields) => fields.values().any(|value| holds(value, wanted)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::DEFAULTS;
    use super::*;
    use figment::Figment;
    use figment::providers::{Format, Toml};

    fn configured(toml: &str) -> Result<(), String> {
        let figment = Figment::new().merge(Toml::string(DEFAULTS));
        let figment = figment.merge(Toml::string(&format!("[machine_translation]\n{toml}")));
        let found: MachineTranslation =
            figment.extract_inner("machine_translation").map_err(|error| error.to_string())?;
        assert!(!format!("{found:?}").contains("s3cret"), "{found:?}");
        found.check().map_err(|error| error.to_string())
    }

    #[test]
    fn without_an_endpoint_nothing_is_checked() {
        assert_eq!(configured("body = \"\""), Ok(()));
    }

    #[test]
    fn a_wrong_value_is_named_and_no_secret_is_shown() {
        let whole = "endpoint = \"https://mt.example/v2\"\nkey = \"s3cret\"\n";
        assert_eq!(configured(whole), Ok(()));
        assert_eq!(configured("endpoint = \"https://mt.example/?key={key}\"\nkey = 12345"), Ok(()));
        for (toml, expected) in [
            ("endpoint = \"mt.example/s3cret\"", "endpoint: is not an http or https address"),
            ("endpoint = \"ftp://mt.example/\"", "endpoint: is not an http or https address"),
            ("endpoint = \"https://mt.example/?k={key}\"", "key: is empty, but a header or the endpoint names {key}"),
            ("key = \"s3cret\\n\"", "key: must be visible ASCII without spaces"),
            ("headers = { \"a b\" = \"s3cret\" }", "headers.a b: is not the name of a header"),
            ("headers = { a = \"s3cret\\r\\nx: y\" }", "headers.a: must be visible ASCII"),
            ("body = \"{texts}\"", "body: is not JSON: "),
            ("body = '{\"{texts}\": \"{target}\"}'", "body: must name {texts} in one of its values"),
            ("body = '{\"q\": \"{texts}\"}'", "body: must name {target} in one of its values"),
            ("answers = \"translations\"", "answers: is not a JSON pointer"),
            ("max_texts = 0", "max_texts: must be at least 1"),
            ("timeout_seconds = 0", "timeout_seconds: must be at least 1"),
            ("max_texts = -1", "max_texts"),
            ("languages = { \"?\" = \"EN\" }", "is not a language tag"),
            ("url = \"\"", "unknown field"),
        ] {
            let key = toml.split(' ').next().unwrap();
            let rest: String = whole.lines().filter(|line| !line.starts_with(key)).collect::<Vec<_>>().join("\n");
            let rest = if toml.contains("?k={key}") { String::new() } else { rest };
            let error = configured(&format!("{rest}\n{toml}")).unwrap_err();
            assert!(error.contains(expected), "{toml}: {error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
