use super::*;
use crate::domain::effect::{CollectionEffect, Listed};
use crate::domain::ids::{SectionId, TagId, VariantId};
use crate::domain::listing::OrderBy;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn tag(text: &str) -> LanguageTag {
    text.parse().unwrap()
}

fn listed(at: i64, facets: &[u128]) -> Listed {
    let direct = facets.iter().copied().map(id).collect();
    Listed { published_at: at, modified_at: at, direct, above: Vec::new(), text: "a headline".into() }
}

/// Story 9 in Korean, before and after.
fn korean(before: Option<Listed>, after: Option<Listed>, english: Option<Listed>) -> Effect {
    let variant = VariantEffect {
        id: VariantId(id(90)),
        article: ArticleId(id(9)),
        language: tag("ko"),
        before,
        after,
        others: english.into_iter().map(|listed| (tag("en"), listed)).collect(),
        parts: Parts::TITLE,
        collections: Vec::new(),
    };
    Effect { variant: Some(variant), ..Effect::default() }
}

fn listing(chain: &[&str], filter: Filter) -> Listing {
    let source = Source::Published { order: OrderBy::PublishedAt, ascending: false };
    Listing { chain: chain.iter().map(|language| tag(language)).collect(), filter, source }
}

fn with_tag(number: u128) -> Filter {
    Filter { tags_all: vec![TagId(id(number))], ..Filter::default() }
}

/// A page of the newest stories with these moments and ids; full when it has three.
fn page(listing: Listing, entries: &[(i64, u128)]) -> Footprint {
    let window = Window { after: None, before: None, limit: 3, from_end: false };
    let position = |(at, article): &(i64, u128)| (Position { at: *at, article: ArticleId(id(*article)) }, 0);
    let entries = entries.iter().map(position).collect();
    Footprint {
        others: vec![Dependency::Page(Box::new(PageRead { listing, window, entries }))],
        ..Footprint::default()
    }
}

/// Whether the change reaches the answer, by its handles and by the rule.
fn touches(effect: &Effect, footprint: &Footprint) -> bool {
    let found = footprint.handles().intersection(&effect.handles()).next().is_some();
    let touched = footprint.is_touched(effect);
    assert!(found || !touched, "{effect:?} would not be found for {footprint:?}");
    touched
}

#[test]
fn a_page_changes_when_a_story_enters_leaves_or_moves_on_it_and_only_then() {
    let (full, short) = (&[(50, 1), (40, 2), (30, 3)][..], &[(50, 1), (40, 2)][..]);
    let at = |moment| Some(listed(moment, &[101]));
    let shown = &[(50, 1), (45, 9), (30, 3)][..];
    for (entries, before, after, expected) in [
        (full, None, at(45), true),
        (full, None, at(20), false),
        (short, None, at(20), true),
        (full, at(20), None, false),
        (shown, at(45), None, true),
        (shown, at(45), at(45), false),
        (shown, at(45), at(46), true),
        (shown, at(45), Some(listed(45, &[102])), true),
        (full, None, Some(listed(45, &[102])), false),
        (full, Some(listed(45, &[102])), at(45), true),
    ] {
        let effect = korean(before.clone(), after.clone(), None);
        let footprint = page(listing(&["ko"], with_tag(101)), entries);
        assert_eq!(touches(&effect, &footprint), expected, "{entries:?} {before:?} {after:?}");
    }
}

#[test]
fn a_better_language_hides_what_happens_in_a_worse_one_and_what_goes_gives_way_to_it() {
    let full = &[(50, 1), (40, 2), (30, 3)][..];
    let at = |moment| Some(listed(moment, &[101]));
    for (chain, before, after, english, expected) in [
        (&["en", "ko"][..], None, at(45), at(20), false),
        (&["en", "ko"], None, at(45), at(60), true),
        (&["en", "ko"], None, at(45), None, true),
        (&["ko", "en"], at(20), None, at(45), true),
        (&["ko", "en"], at(20), None, at(10), false),
        (&["en"], None, at(45), at(20), false),
    ] {
        let effect = korean(before.clone(), after.clone(), english.clone());
        let footprint = page(listing(chain, with_tag(101)), full);
        // Where English is served and would be on the page, the page without it was no true one before.
        let shown = chain == ["en", "ko"] && english.as_ref().is_some_and(|english| english.published_at == 60);
        assert_eq!(touches(&effect, &footprint), expected || shown, "{chain:?} {before:?} {after:?} {english:?}");
    }
}

#[test]
fn a_count_changes_with_what_it_counts() {
    let at = |moment, facets: &[u128]| Some(listed(moment, facets));
    let sections = Filter { sections: vec![SectionId(id(301))], ..Filter::default() };
    let both = Filter { has_variants: vec![tag("en")], ..Filter::default() };
    let words = Filter { words: vec!["headline".into()], ..Filter::default() };
    for (filter, before, after, english, expected) in [
        (with_tag(101), None, at(1, &[101]), None, true),
        (with_tag(101), None, at(1, &[102]), None, false),
        (with_tag(101), at(1, &[101]), at(2, &[101]), None, false),
        (with_tag(101), at(1, &[101]), at(1, &[102]), None, true),
        (sections.clone(), at(1, &[301]), None, None, true),
        (both.clone(), None, at(1, &[]), None, false),
        (both, None, at(1, &[]), at(1, &[]), true),
        (words, None, at(1, &[]), None, true),
    ] {
        let effect = korean(before.clone(), after.clone(), english.clone());
        let count = Dependency::Count(Box::new(listing(&["ko"], filter.clone())));
        let footprint = Footprint { others: vec![count], ..Footprint::default() };
        assert_eq!(touches(&effect, &footprint), expected, "{filter:?} {before:?} {after:?} {english:?}");
    }
}

#[test]
fn what_is_shown_changes_with_the_parts_that_were_read() {
    let at = || Some(listed(1, &[]));
    let renamed = korean(at(), at(), None);
    let gone = korean(at(), None, None);
    for (parts, by_a_title, by_a_withdrawal) in
        [(Parts::TITLE, true, true), (Parts::BODY, false, true), (Parts::EXISTENCE, false, true)]
    {
        let mut footprint = Footprint::default();
        footprint.saw(id(90), parts);
        assert_eq!((touches(&renamed, &footprint), touches(&gone, &footprint)), (by_a_title, by_a_withdrawal));
    }
}

#[test]
fn presence_matters_in_the_languages_that_were_looked_for_or_when_it_is_the_last_one() {
    let at = || Some(listed(1, &[]));
    for (looked, english, expected) in
        [(&["ko"][..], true, true), (&["en"], true, false), (&["en"], false, true), (&["en", "ko"], true, true)]
    {
        let mut footprint = Footprint::default();
        footprint.saw_presence(ArticleId(id(9)), Presence::In(looked.iter().map(|language| tag(language)).collect()));
        let effect = korean(at(), None, english.then(|| listed(1, &[])));
        assert_eq!(touches(&effect, &footprint), expected, "{looked:?} {english}");
    }
}

#[test]
fn names_are_told_apart_by_language() {
    let name = |language: &str| Parts::TITLE.and(Parts::in_language(&tag(language)));
    let change = |parts| {
        let place = || Some(Place { key: "a".into(), subkind: String::new() });
        let entity = EntityEffect { kind: EntityKind::Tag, id: id(7), before: place(), after: place(), parts };
        Effect { entities: vec![entity], ..Effect::default() }
    };
    for (read, changed, expected) in [
        (name("ko"), name("ko"), true),
        (name("ko"), name("en"), false),
        (Parts::TITLE.and(Parts::LANGUAGES), name("en"), true),
        (Parts::SLUG.and(Parts::LANGUAGES), name("en"), false),
        (Parts::EXISTENCE, Parts::ALL, true),
    ] {
        let mut footprint = Footprint::default();
        footprint.saw(id(7), read);
        assert_eq!(touches(&change(changed), &footprint), expected, "{read:?} {changed:?}");
    }
}

#[test]
fn addresses_collections_and_the_log_are_found_by_what_they_name() {
    let address = || Address { kind: "path".into(), scope: String::new(), address: "/old".into() };
    let leads = |to: Option<u128>| Effect {
        addresses: vec![(address(), to.map(|number| ArticleId(id(number))))],
        ..Effect::default()
    };
    let depends = |dependency| Footprint { others: vec![dependency], ..Footprint::default() };
    assert!(touches(&leads(Some(9)), &depends(Dependency::Address(address(), None))));
    assert!(touches(&leads(None), &depends(Dependency::Address(address(), Some(ArticleId(id(9)))))));
    assert!(!touches(&leads(Some(9)), &depends(Dependency::Address(address(), Some(ArticleId(id(9)))))));
    let collection = CollectionEffect {
        id: CollectionId(id(5)),
        languages: vec![tag("ko")],
        other_languages: false,
        articles: vec![ArticleId(id(9))],
    };
    let published = Effect { collection: Some(collection), ..Effect::default() };
    let on = |language: &str| Listing {
        source: Source::Collection(CollectionId(id(5)), tag(language)),
        ..listing(&["ko"], Filter::default())
    };
    assert!(touches(&published, &page(on("ko"), &[])));
    assert!(!touches(&published, &page(on("en"), &[])));
    assert!(touches(&published, &depends(Dependency::CollectionsOf(ArticleId(id(9))))));
    assert!(!touches(&published, &depends(Dependency::CollectionsOf(ArticleId(id(8))))));
    assert!(!touches(&published, &depends(Dependency::CollectionLanguages(CollectionId(id(5))))));
    assert!(touches(&Effect::default(), &depends(Dependency::Log)));
}
