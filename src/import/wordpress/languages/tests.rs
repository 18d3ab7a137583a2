//! Items as Polylang and WPML leave them.

use super::*;
use crate::import::wordpress::item::WpTermRef;

fn item(terms: &[(&str, &str)], meta: &[(&str, &str)]) -> WpItem {
    let term = |(domain, nicename): &(&str, &str)| WpTermRef {
        domain: (*domain).to_owned(),
        nicename: (*nicename).to_owned(),
        name: "한국어".to_owned(),
    };
    let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    WpItem { categories: terms.iter().map(term).collect(), meta: meta.iter().map(pair).collect(), ..WpItem::default() }
}

fn found(
    terms: &[(&str, &str)],
    meta: &[(&str, &str)],
) -> (Option<String>, Option<String>, Option<String>, Option<bool>) {
    let facts = facts(&item(terms, meta));
    (facts.language, facts.group, facts.source, facts.original)
}

#[test]
fn facts_of_both_plugins() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(found(&[("category", "ai")], &[("_edit_last", "1")]), (None, None, None, None));
    let polylang = [("language", "zh_tw"), ("post_translations", "pll_64271b55a257e")];
    assert_eq!(found(&polylang, &[]), (some("zh-tw"), some("pll_64271b55a257e"), None, None));
    let translation = [
        ("_wpml_import_language_code", "en"),
        ("_wpml_import_source_language_code", "ko"),
        ("_wpml_import_translation_group", "post_101"),
    ];
    assert_eq!(found(&[], &translation), (some("en"), some("post_101"), some("ko"), Some(false)));
    let original = [
        ("_wpml_import_language_code", "ko"),
        ("_wpml_import_source_language_code", ""),
        ("_wpml_import_translation_group", "post_101"),
    ];
    assert_eq!(found(&[], &original), (some("ko"), some("post_101"), None, Some(true)));
    assert_eq!(found(&[], &[("_wpml_language", "ko"), ("_wpml_trid", "7")]), (some("ko"), some("trid:7"), None, None));
    assert_eq!(
        found(&[], &[("_icl_lang_code", "pt-br"), ("trid", "42")]),
        (some("pt-br"), some("trid:42"), None, None)
    );
    assert_eq!(found(&[], &[("wpml_language", "fr")]), (some("fr"), None, None, None));
    let duplicate = facts(&item(&[], &[("_icl_lang_duplicate_of", "12")]));
    assert_eq!((duplicate.duplicate_of, duplicate.original), (Some(12), Some(false)));
}

#[test]
fn terms_of_polylang() {
    let term = |taxonomy: &str, description: &str| WpTerm {
        taxonomy: taxonomy.to_owned(),
        description: description.to_owned(),
        ..WpTerm::default()
    };
    let map = "a:4:{s:2:\"ko\";i:101;s:2:\"en\";s:3:\"102\";s:2:\"ja\";i:0;s:4:\"sync\";a:1:{s:2:\"ko\";s:2:\"en\";}}";
    assert_eq!(translations(&term("post_translations", map)), [("ko".to_owned(), 101), ("en".to_owned(), 102)]);
    assert_eq!(translations(&term("term_translations", map)), []);
    assert_eq!(translations(&term("post_translations", "damaged")), []);
    let language = "a:3:{s:6:\"locale\";s:5:\"cs_CZ\";s:3:\"rtl\";i:0;s:9:\"flag_code\";s:2:\"cz\";}";
    assert_eq!(locale(&term("language", language)).as_deref(), Some("cs-CZ"));
    assert_eq!(locale(&term("category", language)), None);
}
