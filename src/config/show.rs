//! The effective configuration and where each value came from, secrets hidden.

use super::{Flags, layers};
use crate::error::{Error, Result};
use figment::value::{Dict, Value};
use figment::{Metadata, Source};
use serde::Serialize;
use url::Url;

/// One value of the effective configuration.
#[derive(Debug, Clone, Serialize)]
pub struct Setting {
    /// The dotted key.
    pub key: String,
    /// Its value, as JSON.
    pub value: serde_json::Value,
    /// `default`, a file, an environment variable or `flag`.
    pub source: String,
}

/// Every value, sorted by key.
pub fn settings(flags: &Flags) -> Result<Vec<Setting>> {
    let figment = layers(flags)?;
    let root: Dict = figment.extract().map_err(|error| Error::invalid("configuration", error))?;
    let mut found = Vec::new();
    walk(&figment, "", &root, &mut found)?;
    Ok(found)
}

fn walk(figment: &figment::Figment, prefix: &str, dict: &Dict, found: &mut Vec<Setting>) -> Result<()> {
    for (name, value) in dict {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let mut shown = serde_json::to_value(value).map_err(Error::internal)?;
        let text = shown.as_str().map_or_else(|| shown.to_string(), str::to_owned);
        if is_secret(&key, &text) {
            shown = "***".into();
        } else if let Value::Dict(_, inner) = value {
            walk(figment, &key, inner, found)?;
            continue;
        } else if shown.is_string() {
            shown = without_password(&text).into();
        }
        let metadata = figment.find_metadata(&key);
        let source = metadata.map(|metadata| name_source(metadata, &key)).unwrap_or_default();
        found.push(Setting { key, value: shown, source });
    }
    Ok(())
}

/// A key by its name, and a header that has its key written into it.
fn is_secret(key: &str, value: &str) -> bool {
    if key == "purge.token" || key == "partners.redis" {
        return !value.is_empty();
    }
    let Some(key) = key.strip_prefix("machine_translation.") else { return false };
    match key {
        "key" => !value.is_empty(),
        "endpoint" => value.contains('?') && !value.contains("{key}"),
        header => header.starts_with("headers.") && !value.contains("{key}"),
    }
}

fn name_source(metadata: &Metadata, key: &str) -> String {
    if metadata.name.contains("environment") {
        return format!("BYLINE_{}", key.to_uppercase().replace('.', "__"));
    }
    source(metadata)
}

/// A layer in a few words.
pub fn source(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(Source::File(path)) => path.display().to_string(),
        Some(Source::Code(_)) => "flag".to_owned(),
        _ if metadata.name.contains("environment") => "environment".to_owned(),
        _ => "default".to_owned(),
    }
}

/// A text that may be an address, with its password replaced by `***`. PostgreSQL takes one as a parameter, too.
pub fn without_password(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else { return text.to_owned() };
    let parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let secret = parameters.iter().any(|(name, _)| name == "password");
    if url.password().is_none() && !secret {
        return text.to_owned();
    }
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "***".to_owned();
    }
    if secret {
        let hide =
            |(name, value): (String, String)| if name == "password" { (name, "***".to_owned()) } else { (name, value) };
        url.query_pairs_mut().clear().extend_pairs(parameters.into_iter().map(hide));
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_service_is_shown_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("byline.toml");
        let flags = Flags { config: Some(file.clone()), ..Flags::default() };
        for (toml, key, expected) in [
            ("key = \"s3cret\"", "key", "***"),
            ("key = 12345", "key", "***"),
            ("key = \"\"", "key", ""),
            ("headers = { a = \"Key {key}\" }", "headers.a", "Key {key}"),
            ("headers = { a = \"Key s3cret\" }", "headers.a", "***"),
            ("headers = { a = 12345 }", "headers.a", "***"),
            ("endpoint = \"https://mt.example/v2\"", "endpoint", "https://mt.example/v2"),
            ("endpoint = \"https://mt.example/?k={key}\"", "endpoint", "https://mt.example/?k={key}"),
            ("endpoint = \"https://mt.example/?k=s3cret\"", "endpoint", "***"),
        ] {
            std::fs::write(&file, format!("[machine_translation]\n{toml}")).unwrap();
            let settings = settings(&flags).unwrap();
            let key = format!("machine_translation.{key}");
            let found = settings.iter().find(|setting| setting.key == key).unwrap();
            assert_eq!(found.value, expected, "{toml}");
        }
        // A value of the wrong type is not quoted either.
        std::fs::write(&file, "[machine_translation]\nheaders = \"Key s3cret\"").unwrap();
        let error = crate::config::Config::load(&flags).unwrap_err().to_string();
        assert!(error.contains("machine_translation.headers: ") && !error.contains("s3cret"), "{error}");
    }
}
