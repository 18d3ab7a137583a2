//! ninjs 2.2: the names of 3.1 in lower case, a few properties fewer.

use serde_json::Value;

/// An item of 3.1 in the words of 2.2.
///
/// An association has no `rel` there: its `name` says how it relates, and its own name becomes its title.
pub fn renamed(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(renamed).collect(),
        Value::Object(object) => Value::Object(object.into_iter().filter_map(property).collect()),
        other => other,
    }
}

fn property((name, value): (String, Value)) -> Option<(String, Value)> {
    match name.as_str() {
        "embargoedUntil" => Some(("embargoed".to_owned(), value)),
        "associations" => {
            let Value::Array(associations) = value else { return None };
            Some((name, associations.into_iter().map(|one| renamed(related(one))).collect()))
        }
        // Where to look first in a rendition came with 3.
        "poi" => None,
        _ => Some((name.to_ascii_lowercase(), renamed(value))),
    }
}

fn related(mut association: Value) -> Value {
    if let Some(object) = association.as_object_mut()
        && let Some(rel) = object.remove("rel")
        && let Some(name) = object.insert("name".to_owned(), rel)
    {
        object.entry("title").or_insert(name);
    }
    association
}
