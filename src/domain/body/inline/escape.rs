//! How plain text becomes HTML, and what counts as text at all.

use unicode_normalization::UnicodeNormalization;

/// Appends text to HTML, as the content of an element or of a quoted attribute.
///
/// The angle brackets of attributes are written as entities too, so that every `<` of stored HTML starts a tag.
pub(in crate::domain::body) fn push_escaped(out: &mut String, text: impl IntoIterator<Item = char>) {
    for c in text {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c => out.push(c),
        }
    }
}

/// Appends ` name="value"`.
pub(in crate::domain::body) fn push_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for (at, part) in value.split('"').enumerate() {
        if at > 0 {
            out.push_str("&quot;");
        }
        push_escaped(out, part.chars());
    }
    out.push('"');
}

/// Plain text as HTML.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text.chars());
    out
}

/// Plain text in NFC with its spaces collapsed, or `None` when there is nothing to read.
pub(in crate::domain::body) fn plain_text(text: &str) -> Option<String> {
    let spaced: String = text.chars().filter(|c| is_gap(*c) || !is_noise(*c)).collect();
    let words: Vec<&str> = spaced.split(is_gap).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" ").nfc().collect())
}

/// What separates words and shows nothing itself.
pub(in crate::domain::body) fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

/// What XML forbids and no reader misses.
pub(in crate::domain::body) fn is_noise(c: char) -> bool {
    c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')
}
