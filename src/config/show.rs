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
        if let Value::Dict(_, inner) = value {
            walk(figment, &key, inner, found)?;
            continue;
        }
        let metadata = figment.find_metadata(&key);
        let mut value = serde_json::to_value(value).map_err(Error::internal)?;
        if let Some(text) = value.as_str() {
            value = without_password(text).into();
        }
        let source = metadata.map(|metadata| name_source(metadata, &key)).unwrap_or_default();
        found.push(Setting { key, value, source });
    }
    Ok(())
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
