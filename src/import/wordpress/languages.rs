//! Which language an item is in, and which items are translations of each other, by what Polylang and WPML leave in
//! an export.
//!
//! Only the facts of one item or term belong here; bringing the items of a group together is the importer's business.
//!
//! **Polylang** keeps both in taxonomies, so that every export carries them. Its own importer reads them back from
//! there: polylang/polylang, `integrations/wp-importer/wp-import.php`. A post names its language as
//! `<category domain="language" nicename="ko">` and its group as
//! `<category domain="post_translations" nicename="pll_64271b55a257e">`. The description of the group's `wp:term` is a
//! serialised map of language slug to post id, that of a language's term a serialised array with its locale (a slug may
//! be `cz` where the locale is `cs_CZ`). Nothing says which post was first.
//!
//! **WPML** keeps both in a table of its own that no export carries. Its add-on "WPML Export and Import" writes them
//! into postmeta: `_wpml_import_language_code`, `_wpml_import_source_language_code` (empty on the original) and
//! `_wpml_import_translation_group`. `_wpml_language` and `_wpml_trid` are the fields that its core takes from remote
//! publishing; `wpml_language`, `_icl_lang_code` and `trid` are what hand-made migrations leave. A post that WPML
//! duplicated holds its original's id in `_icl_lang_duplicate_of`.

use super::item::{WpItem, php};
use super::wxr::WpTerm;

#[cfg(test)]
mod tests;

/// What an item says of its language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LanguageFacts {
    /// The language, as the plugin writes it but with hyphens: `ko`, `zh-hans`, `pt-br`.
    pub language: Option<String>,
    /// What all translations of a story share. Only good for comparing.
    pub group: Option<String>,
    /// The language that it was translated from.
    pub source: Option<String>,
    /// Whether it is the original of its group, when the export says so.
    pub original: Option<bool>,
    /// The item that it is a duplicate of, whose group it belongs to.
    pub duplicate_of: Option<u64>,
}

/// The language facts of an item; all empty when no plugin left any.
pub fn facts(item: &WpItem) -> LanguageFacts {
    let polylang = polylang(item);
    if polylang.language.is_some() { polylang } else { wpml(item, polylang.group) }
}

fn polylang(item: &WpItem) -> LanguageFacts {
    let term = |domain| item.categories.iter().find(|term| term.domain == domain && !term.nicename.is_empty());
    LanguageFacts {
        language: term("language").map(|term| tag(&term.nicename)),
        group: term("post_translations").map(|term| term.nicename.clone()),
        ..LanguageFacts::default()
    }
}

fn wpml(item: &WpItem, group: Option<String>) -> LanguageFacts {
    let text = |key| item.meta(key).map(str::trim).filter(|value| !value.is_empty());
    let keys = ["_wpml_import_language_code", "_wpml_language", "wpml_language", "_icl_lang_code"];
    let language = keys.into_iter().find_map(text);
    let source = text("_wpml_import_source_language_code");
    let trid = || text("_wpml_trid").or_else(|| text("trid")).map(|trid| format!("trid:{trid}"));
    let group = text("_wpml_import_translation_group").map(str::to_owned).or_else(trid).or(group);
    let duplicate_of: Option<u64> = text("_icl_lang_duplicate_of").and_then(|id| id.parse().ok());
    // Without a source it is the original, but only an item that the add-on wrote can mean that by saying nothing.
    let is_export = item.meta("_wpml_import_language_code").is_some() && group.is_some();
    let original = if source.is_some() || duplicate_of.is_some() { Some(false) } else { is_export.then_some(true) };
    LanguageFacts { language: language.map(tag), group, source: source.map(tag), original, duplicate_of }
}

/// The translations that a Polylang group names: language and post id. Empty for any other term.
pub fn translations(term: &WpTerm) -> Vec<(String, u64)> {
    if term.taxonomy != "post_translations" {
        return Vec::new();
    }
    let map = php::read(&term.description);
    let entries = map.iter().flat_map(php::Value::entries);
    // Polylang Pro keeps an array under `sync` there, which is no id.
    let pairs = entries.filter_map(|(language, id)| Some((tag(language), u64::try_from(id.integer()?).ok()?)));
    pairs.filter(|(_, id)| *id > 0).collect()
}

/// The locale of a Polylang language, such as `cs-CZ` for the slug `cz`.
pub fn locale(term: &WpTerm) -> Option<String> {
    let facts = php::read(&term.description).filter(|_| term.taxonomy == "language")?;
    facts.get("locale").and_then(php::Value::text).filter(|locale| !locale.is_empty()).map(tag)
}

fn tag(language: &str) -> String {
    language.trim().replace('_', "-")
}
