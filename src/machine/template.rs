//! What a service is sent, and where its answers are: both are configuration, because every service has its own form.

use serde_json::Value;

/// The body of a request. A value that is `{texts}` alone becomes a list; within a longer text (a prompt) the same list
/// stands as JSON.
pub(super) fn fill(template: &Value, source: &str, target: &str, texts: &[String]) -> Value {
    match template {
        Value::String(text) if text == "{texts}" => Value::from(texts),
        Value::String(text) => {
            // The texts last: what looks like a placeholder in them is none.
            let text = text.replace("{source}", source).replace("{target}", target);
            Value::String(text.replace("{texts}", &Value::from(texts).to_string()))
        }
        Value::Array(values) => values.iter().map(|value| fill(value, source, target, texts)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), fill(value, source, target, texts)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

/// The texts at a JSON pointer (RFC 6901) in which `*` stands for each element of a list: a list of texts, texts, or one
/// text that is a list of texts as JSON. `None` where there is something else.
pub(super) fn answers(answer: &Value, pointer: &str) -> Option<Vec<String>> {
    let mut found = vec![answer];
    for name in pointer.split('/').skip(1) {
        let next = found.into_iter().map(|value| match value {
            Value::Array(values) if name == "*" => Some(values.iter().collect()),
            Value::Array(values) => Some(vec![values.get(name.parse::<usize>().ok()?)?]),
            Value::Object(fields) => Some(vec![fields.get(&name.replace("~1", "/").replace("~0", "~"))?]),
            _ => None,
        });
        let next: Option<Vec<Vec<&Value>>> = next.collect();
        found = next?.concat();
    }
    if pointer.split('/').any(|name| name == "*") {
        return found.into_iter().map(|value| value.as_str().map(str::to_owned)).collect();
    }
    match found.as_slice() {
        [Value::String(text)] => serde_json::from_str(text).ok(),
        [value] => serde_json::from_value((*value).clone()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_template_is_filled_and_texts_stay_as_they_are() {
        let texts = ["a \"b\"".to_owned(), "{target} {texts}".to_owned()];
        let template = json!({
            "text": "{texts}", "langs": ["{source}|{target}"], "n": 1,
            "messages": [{ "content": "To {target}: {texts}" }],
        });
        let expected = json!({
            "text": ["a \"b\"", "{target} {texts}"], "langs": ["ko|EN"], "n": 1,
            "messages": [{ "content": "To EN: [\"a \\\"b\\\"\",\"{target} {texts}\"]" }],
        });
        assert_eq!(fill(&template, "ko", "EN", &texts), expected);
    }

    #[test]
    fn answers_are_found_where_the_pointer_says() {
        let list = || Some(vec!["a".to_owned(), "b".to_owned()]);
        for (answer, pointer, expected) in [
            (json!(["a", "b"]), "", list()),
            (json!({ "t": ["a", "b"] }), "/t", list()),
            (json!({ "t/~": ["a", "b"] }), "/t~1~0", list()),
            (json!({ "t": [{ "x": "a" }, { "x": "b" }] }), "/t/*/x", list()),
            (json!({ "t": ["a", "b"] }), "/t/*", list()),
            (json!([{ "c": [{ "m": "[\"a\", \"b\"]" }] }]), "/0/c/0/m", list()),
            (json!({ "t": [] }), "/t/*/x", Some(Vec::new())),
            (json!({ "t": [{ "x": "a" }, {}] }), "/t/*/x", None),
            (json!({ "t": ["a", 1] }), "/t", None),
            (json!({ "t": ["a", 1] }), "/t/*", None),
            (json!({ "t": "no list" }), "/t", None),
            (json!({ "t": {} }), "/t/*", None),
            (json!({ "t": ["a"] }), "/t/7", None),
            (json!({ "t": ["a"] }), "/u", None),
            (json!(null), "", None),
        ] {
            assert_eq!(answers(&answer, pointer), expected, "{answer} {pointer}");
        }
    }
}
