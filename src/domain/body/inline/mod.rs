//! Inline HTML: the allow-list, and the one gate that all inline HTML of a body has passed.
//!
//! [`line`] writes inline HTML piece by piece, [`token`] reads it back. Blocks and the tree of a page are not known
//! here.

pub(super) mod escape;
pub(super) mod line;
#[cfg(test)]
mod tests;
mod token;

pub use escape::escaped;
pub(super) use escape::plain_text;
pub use token::plain;
pub(super) use token::{Token, decode, tokens};

use super::link;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The elements that inline HTML may hold, each with its own attributes in the order in which they are written.
pub(super) const TAGS: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "rel"]),
    ("abbr", &["title"]),
    ("br", &[]),
    ("cite", &[]),
    ("code", &[]),
    ("del", &[]),
    ("em", &[]),
    ("ins", &[]),
    ("kbd", &[]),
    ("mark", &[]),
    ("q", &[]),
    ("rb", &[]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("small", &[]),
    ("span", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("sup", &[]),
    ("time", &["datetime"]),
];

/// Attributes that every inline element may have.
pub(super) const COMMON_ATTRIBUTES: &[&str] = &["lang", "dir"];

/// The allowed element that means what this one means.
pub(super) fn canonical_tag(name: &str) -> Option<&'static str> {
    let name = match name {
        "b" => "strong",
        "i" => "em",
        "strike" => "s",
        "tt" | "samp" => "code",
        "acronym" => "abbr",
        "bdi" | "bdo" => "span",
        other => other,
    };
    TAGS.iter().map(|(tag, _)| *tag).find(|tag| *tag == name)
}

/// Inline HTML made safe and regular: only what the allow-list names, balanced, NFC, spaces collapsed. Blocks and
/// pictures in it are left out, their text is kept.
pub fn sanitise(html: &str) -> String {
    super::html::inline_of(html)
}

/// The last word on every piece of inline HTML before it is stored.
///
/// What [`line`] writes is on the allow-list already. It passes the field's reviewed sanitiser all the same, so that a
/// slip in our own code stays without consequence.
fn gate(html: String) -> String {
    static POLICY: LazyLock<ammonia::Builder<'static>> = LazyLock::new(policy);
    if html.contains('<') { POLICY.clean(&html).to_string() } else { html }
}

fn policy() -> ammonia::Builder<'static> {
    let attributes: HashMap<_, HashSet<_>> =
        TAGS.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect();
    let mut policy = ammonia::Builder::empty();
    policy
        .tags(TAGS.iter().map(|(tag, _)| *tag).collect())
        .tag_attributes(attributes)
        .generic_attributes(COMMON_ATTRIBUTES.iter().copied().collect())
        .url_schemes(link::LINK_SCHEMES.iter().copied().collect())
        .url_relative(ammonia::UrlRelative::PassThrough)
        // `rel` is written by `line`, which knows whether a link leaves the site.
        .link_rel(None);
    policy
}
