//! Objects of ninjs: what has no value is not there.

use serde_json::{Map, Value, json};
use std::fmt::Display;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// An object in the making.
#[derive(Default)]
pub struct Object(Map<String, Value>);

impl Object {
    /// With a property, unless the value is null, or an empty text, list or object.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        let is_empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(object) => object.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !is_empty {
            self.0.insert(name.to_owned(), value);
        }
        self
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}

/// A moment as the standard writes it (RFC 3339).
pub fn moment(at: OffsetDateTime) -> Value {
    json!(at.format(&Rfc3339).ok())
}

/// A text in a role.
pub fn text(role: &str, media_type: &str, value: &str) -> Value {
    json!({"role": role, "contentType": media_type, "value": value})
}

/// Another name of a thing.
pub fn alternative(role: &str, value: &dyn Display) -> Value {
    json!({"role": role, "value": value.to_string()})
}
