//! Which addresses a body may hold and how they are written.
//!
//! Whether an address answers is nobody's business here.

use unicode_normalization::UnicodeNormalization;
use url::{ParseError, Url};

/// What a reader may be sent to.
pub(super) const LINK_SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];
/// Where pictures and embedded things may come from.
const ADDRESS_SCHEMES: &[&str] = &["http", "https"];

/// What stays as it is in an address besides letters and digits; the same set as CommonMark writers use, so that an
/// address reads back from Markdown as it was.
const PLAIN: &str = "-_.+!*(),#@?=;:/$~&'";

/// The target of a link, or `None` for what must not be followed, such as `javascript:`.
pub(super) fn link(written: &str) -> Option<String> {
    allowed(written, LINK_SCHEMES)
}

/// The address of a picture or an embedded thing. Without a scheme it would mean the page's own, which is https.
pub(super) fn address(written: &str) -> Option<String> {
    let address = allowed(written, ADDRESS_SCHEMES)?;
    if address.starts_with("//") { allowed(&format!("https:{address}"), ADDRESS_SCHEMES) } else { Some(address) }
}

/// A text that is nothing but the full address of a page.
pub(super) fn bare(text: &str) -> Option<String> {
    let is_full = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
    if !is_full || text.contains(char::is_whitespace) { None } else { address(text) }
}

/// Whether the link leaves the site for another one, as far as the address tells.
pub(super) fn is_external(link: &str) -> bool {
    link.starts_with("//") || link.split_once(':').is_some_and(|(scheme, _)| is_web(scheme))
}

/// Whether two spellings mean one address.
pub(super) fn same(one: &str, other: &str) -> bool {
    canonical(one).nfc().eq(canonical(other).nfc())
}

fn is_web(scheme: &str) -> bool {
    ADDRESS_SCHEMES.iter().any(|web| scheme.eq_ignore_ascii_case(web))
}

/// The parser of the `url` crate decides, because it reads an address as browsers do: it sees the scheme through
/// capitals, tabs and line breaks.
fn allowed(written: &str, schemes: &[&str]) -> Option<String> {
    let written = canonical(written);
    let fits = match Url::parse(&written) {
        Ok(url) => schemes.contains(&url.scheme()),
        Err(ParseError::RelativeUrlWithoutBase) => !written.is_empty(),
        Err(_) => false,
    };
    fits.then_some(written)
}

/// One spelling for each address: letters of all scripts readable, all else that is not plain ASCII percent-encoded.
fn canonical(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let visible: String = written.chars().filter(|c| !c.is_control()).collect();
    let mut rest = visible.trim().chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            push(&mut out, c);
        } else if let Some((letter, after)) = encoded_letter(rest.as_str()) {
            out.push(letter);
            rest = after.chars();
        } else {
            out.push_str(if encoded_byte(rest.as_str()).is_some() { "%" } else { "%25" });
        }
    }
    out
}

fn push(out: &mut String, c: char) {
    if c.is_alphanumeric() || PLAIN.contains(c) {
        out.push(c);
        return;
    }
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        out.push('%');
        for digit in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(digit.into(), 16).map(|digit| digit.to_ascii_uppercase()));
        }
    }
}

/// The byte that two hexadecimal digits after a `%` stand for.
fn encoded_byte(after_percent: &str) -> Option<(u8, &str)> {
    let (digits, rest) = after_percent.split_at_checked(2)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let byte = u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    Some((byte, rest))
}

/// The letter outside ASCII whose encoded bytes start after this `%`.
fn encoded_letter(after_percent: &str) -> Option<(char, &str)> {
    let (first, mut rest) = encoded_byte(after_percent)?;
    let mut bytes = vec![first];
    for _ in 1..first.leading_ones() {
        let (byte, after) = encoded_byte(rest.strip_prefix('%')?)?;
        bytes.push(byte);
        rest = after;
    }
    let letter = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    (!letter.is_ascii() && letter.is_alphanumeric()).then_some((letter, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_and_relative_addresses_pass() {
        for written in
            ["https://a.example/", "HTTP://a.example", "mailto:a@b.c", "tel:+82", "#n", "/a", "?q", "사진.jpg"]
        {
            assert!(link(written).is_some(), "{written}");
        }
        for written in [
            "",
            " ",
            "javascript:x",
            "JaVa\tScript:x",
            "\u{1}javascript:x",
            "data:,x",
            "vbscript:x",
            "file:///",
            "http://[",
        ] {
            assert_eq!(link(written), None, "{written}");
        }
        assert_eq!(address("mailto:a@b.c"), None);
    }

    #[test]
    fn an_address_has_one_spelling() {
        assert_eq!(canonical("/%ea%b8%b0사 1%"), "/기사%201%25");
        assert_eq!(canonical("/a%2Fb%E3%80%80%zz\u{200b}"), "/a%2Fb%E3%80%80%25zz%E2%80%8B");
        assert!(same("https://x.example/%EA%B8%B0", "https://x.example/기"));
        for written in ["a%", "%%41", "a b", "%EA%B8", "[x]", "a\\b", "%EA%B8%B0%"] {
            assert_eq!(canonical(&canonical(written)), canonical(written));
        }
    }
}
