//! What translators are told.

use super::*;
use crate::domain::article::Seo;
use crate::domain::body::{Body, Content as BlockContent};
use proptest::prelude::*;

/// Blocks by their first character: `#` heading, `-` divider, else a paragraph.
fn contents(texts: &str) -> Vec<BlockContent> {
    let content = |text: &str| match text.strip_prefix('#') {
        Some(heading) => BlockContent::Heading { level: 2, html: heading.to_owned() },
        None if text == "-" => BlockContent::Divider,
        None => BlockContent::Paragraph { html: text.to_owned() },
    };
    texts.split_whitespace().map(content).collect()
}

fn story(body: Body) -> Content {
    Content {
        title: "t".into(),
        deks: Vec::new(),
        slug: "s".into(),
        summary: None,
        body,
        seo: Seo::default(),
        translation: None,
    }
}

fn source(texts: &str) -> Content {
    story(Body::from_contents(contents(texts), None))
}

fn edited(source: &Content, texts: &str) -> Content {
    story(Body::from_contents(contents(texts), Some(&source.body)))
}

/// A translation made from a scaffold: every text in capitals, under the ids of its source.
fn translated(source: &Content) -> Content {
    let mut drafts = scaffold(source);
    for draft in &mut drafts {
        if let BlockContent::Paragraph { html } | BlockContent::Heading { html, .. } = &mut draft.content {
            *html = html.to_uppercase();
        }
    }
    story(Body::from_blocks(drafts, None, Some(&source.body)))
}

fn shown(lags: &[Lag]) -> String {
    let passage = |passage: &Option<Passage>| match passage {
        None => "∅".to_owned(),
        Some(Passage::Texts(texts)) => texts.join("/"),
        Some(Passage::Block(block)) => match &block.content {
            BlockContent::Paragraph { html } | BlockContent::Heading { html, .. } => html.clone(),
            _ => "-".to_owned(),
        },
    };
    let line = |lag: &Lag| {
        format!("{} {}→{} ({})", lag.part, passage(&lag.before), passage(&lag.after), passage(&lag.translation))
    };
    lags.iter().map(line).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_translation_lags_where_the_content_of_its_source_changed() {
    for (then, now, expected) in [
        ("a b c", "a b c", ""),
        ("a b c", "c a b", ""),
        ("a b c", "a x c", "BLOCK b→x (B)"),
        ("a b c", "x a y", "BLOCK ∅→x (∅), BLOCK b→y (B), BLOCK c→∅ (C)"),
        ("a b c", "a c", "BLOCK b→∅ (B)"),
        ("a b", "", "BLOCK a→∅ (A), BLOCK b→∅ (B)"),
        ("a b c", "n a b c", "BLOCK ∅→n (∅)"),
        ("#h a - b", "#h a - x", "BLOCK b→x (B)"),
        ("a a b", "a b a", ""),
        ("a b", "a #b", "BLOCK b→∅ (B), BLOCK ∅→b (∅)"),
    ] {
        let source_then = source(then);
        let source_now = edited(&source_then, now);
        let lags = lagging(&source_then, &source_now, &translated(&source_then));
        assert_eq!(shown(&lags), expected, "{then} → {now}");
    }
}

#[test]
fn lags_are_listed_in_the_order_of_the_source() {
    let then = source("a b c d");
    let now = edited(&then, "a n c x");
    assert_eq!(shown(&lagging(&then, &now, &translated(&then))), "BLOCK b→n (B), BLOCK d→x (D)");
    let shorter = edited(&then, "x d");
    assert_eq!(shown(&lagging(&then, &shorter, &translated(&then))), "BLOCK a→x (A), BLOCK b→∅ (B), BLOCK c→∅ (C)");
}

#[test]
fn headline_deks_and_summary_lag_too_and_slug_and_seo_do_not() {
    let then = source("a");
    let mut now = then.clone();
    now.title = "u".into();
    now.deks = vec!["d".into(), "e".into()];
    now.summary = Some("s".into());
    let translation = Content { title: "T".into(), deks: vec!["D".into()], ..translated(&then) };
    assert_eq!(shown(&lagging(&then, &now, &translation)), "TITLE t→u (T), DEKS ∅→d/e (D), SUMMARY ∅→s (∅)");
    let mut same = then.clone();
    same.slug = "other".into();
    same.seo.title = Some("seo".into());
    same.summary = Some(String::new());
    assert!(lagging(&then, &same, &translation).is_empty());
}

#[test]
fn a_translation_with_ids_of_its_own_is_tied_by_order_and_kind() {
    for (then, now, translation, expected) in [
        ("a b c", "a x c", "1 2 3", "BLOCK b→x (2)"),
        ("#h a b", "#h a x", "1 2 #H", "BLOCK b→x (2)"),
        ("#h a b", "#x a b", "1 2 #H", "BLOCK h→x (H)"),
        ("a b c", "a b x", "1 2", "BLOCK c→x (∅)"),
        // The divider is the same in both, its place is not: paragraphs are tied among themselves.
        ("a b - c", "a b - x", "- 1 2 3", "BLOCK c→x (3)"),
    ] {
        let then = source(then);
        let lags = lagging(&then, &edited(&then, now), &source(translation));
        assert_eq!(shown(&lags), expected, "{translation}");
    }
}

#[test]
fn blocks_without_a_known_id_are_tied_between_those_that_have_one() {
    let then = source("a b c d");
    let mut translation = translated(&then);
    translation.body.blocks[1].id = "own".into();
    translation.body.blocks.remove(0);
    let now = edited(&then, "x y c d");
    assert_eq!(shown(&lagging(&then, &now, &translation)), "BLOCK a→x (B), BLOCK b→y (∅)");
    translation.body.blocks.rotate_left(1);
    assert_eq!(shown(&lagging(&then, &now, &translation)), "BLOCK a→x (∅), BLOCK b→y (∅)");
}

#[test]
fn a_block_that_was_translated_already_is_named() {
    let then = source("a");
    let now = edited(&then, "a n");
    let translation = translated(&now);
    assert_eq!(shown(&lagging(&then, &now, &translation)), "BLOCK ∅→n (N)");
}

#[test]
fn a_scaffold_keeps_the_ids_of_its_source() {
    let source = source("#h a a -");
    let ids = |content: &Content| content.body.blocks.iter().map(|block| block.id.clone()).collect::<Vec<_>>();
    let translation = translated(&source);
    assert_eq!(ids(&translation), ids(&source));
    assert_ne!(translation.body, source.body);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_other_content_makes_stale(
        texts in prop::collection::vec("[a-e]", 0..10),
        order in any::<u64>(),
        other in prop::collection::vec("[a-e]", 0..10),
    ) {
        let then = source(&texts.join(" "));
        let translation = translated(&then);
        let mut shuffled = texts.clone();
        shuffled.sort_by_key(|text| (text.len() as u64 + u64::from(text.as_bytes()[0])).wrapping_mul(order | 1));
        prop_assert!(lagging(&then, &edited(&then, &shuffled.join(" ")), &translation).is_empty());

        let now = edited(&then, &other.join(" "));
        let (mut before, mut after) = (texts, other);
        before.sort();
        after.sort();
        prop_assert_eq!(lagging(&then, &now, &translation).is_empty(), before == after);
    }

    #[test]
    fn an_edited_block_names_its_own_translation(count in 1..12usize, at in any::<prop::sample::Index>()) {
        let texts: Vec<String> = (0..count).map(|n| format!("p{n}")).collect();
        let then = source(&texts.join(" "));
        let mut changed = texts.clone();
        let at = at.index(count);
        changed[at] = "edited".to_owned();
        let lags = lagging(&then, &edited(&then, &changed.join(" ")), &translated(&then));
        prop_assert_eq!(shown(&lags), format!("BLOCK p{at}→edited (P{at})"));
    }
}
