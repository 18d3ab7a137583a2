//! What feeds and sitemaps are made from, beside lists: withdrawn stories, and all addresses of a span of time.

use super::Handle;
use crate::domain::effect::{Effect, Listed, Parts, VariantEffect};
use crate::domain::ids::CollectionId;
use crate::domain::language::LanguageTag;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The newest withdrawn stories that were read.
#[derive(Debug)]
pub struct WithdrawnRead {
    /// In these languages.
    pub languages: Vec<LanguageTag>,
    /// Only those that were listed under this tag, author, section or collection.
    pub facet: Option<Uuid>,
}

impl WithdrawnRead {
    pub(super) fn handles(&self, handles: &mut BTreeSet<Handle>) {
        handles.extend(self.languages.iter().map(|language| Handle::List(self.facet, language.clone())));
        handles.extend(self.facet.into_iter().flat_map(|facet| [Handle::Thing(facet), Handle::Facet(facet)]));
    }

    /// Whether a story leaves what was read or comes to it: withdrawn it is listed nowhere any more.
    pub(super) fn is_touched(&self, effect: &Effect) -> bool {
        let Some(facet) = self.facet else {
            return effect.variant.as_ref().is_some_and(|variant| self.concerns(variant) && variant.turns_presence());
        };
        effect.relisted.contains(&facet)
            || effect.collection.as_ref().is_some_and(|collection| collection.id.0 == facet)
            || effect.variant.as_ref().is_some_and(|variant| {
                let [before, after] = [&variant.before, &variant.after].map(|own| is_listed(variant, own, facet));
                self.concerns(variant) && before != after
            })
    }

    fn concerns(&self, variant: &VariantEffect) -> bool {
        self.languages.contains(&variant.language)
    }
}

/// Whether a variant as it was or is stands on the lists of a tag, author, section or collection.
fn is_listed(variant: &VariantEffect, listed: &Option<Listed>, facet: Uuid) -> bool {
    let on = |(id, language, _): &(CollectionId, LanguageTag, i64)| id.0 == facet && *language == variant.language;
    listed.as_ref().is_some_and(|listed| listed.has(facet) || variant.collections.iter().any(on))
}

/// All stories that were first published in a language in a span of time, as they were read.
#[derive(Debug)]
pub struct SpanRead {
    /// The language.
    pub language: LanguageTag,
    /// At this moment or later, in microseconds since 1970.
    pub from: i64,
    /// Before this moment.
    pub before: i64,
    /// What of a story's variants, this one and those in other languages, beside whether they are published.
    pub parts: Parts,
}

impl SpanRead {
    pub(super) fn handles(&self, handles: &mut BTreeSet<Handle>) {
        handles.insert(Handle::List(None, self.language.clone()));
    }

    pub(super) fn is_touched(&self, effect: &Effect) -> bool {
        let Some(variant) = &effect.variant else { return false };
        let inside = |listed: &Listed| (self.from..self.before).contains(&listed.published_at);
        let is_own = variant.language == self.language;
        let own = variant.before.iter().chain(&variant.after).any(inside);
        let other = variant.others.get(&self.language).is_some_and(inside);
        (if is_own { own } else { other }) && (variant.turns_presence() || variant.parts.meets(self.parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::effect::CollectionEffect;
    use crate::domain::footprint::{Dependency, Footprint};
    use crate::domain::ids::{ArticleId, VariantId};

    fn tag(text: &str) -> LanguageTag {
        text.parse().unwrap()
    }

    fn listed(at: i64, facets: &[u128]) -> Option<Listed> {
        let direct = facets.iter().copied().map(Uuid::from_u128).collect();
        Some(Listed { published_at: at, direct, ..Listed::default() })
    }

    /// A change of the Korean variant of a story that is in English, too.
    fn korean(before: Option<Listed>, after: Option<Listed>, parts: Parts) -> Effect {
        let variant = VariantEffect {
            id: VariantId(Uuid::from_u128(90)),
            article: ArticleId(Uuid::from_u128(9)),
            language: tag("ko"),
            before,
            after,
            others: [(tag("en"), listed(500, &[]).unwrap())].into(),
            parts,
            collections: vec![(CollectionId(Uuid::from_u128(5)), tag("ko"), 0)],
        };
        Effect { variant: Some(variant), ..Effect::default() }
    }

    /// Whether the change reaches the answer, by its handles and by the rule.
    fn touches(effect: &Effect, read: Dependency) -> bool {
        let footprint = Footprint { others: vec![read], ..Footprint::default() };
        let found = footprint.handles().intersection(&effect.handles()).next().is_some();
        let touched = footprint.is_touched(effect);
        assert!(found || !touched, "{effect:?} would not be found for {footprint:?}");
        touched
    }

    #[test]
    fn what_was_withdrawn_changes_when_a_story_goes_from_the_lists_or_comes_back() {
        let read = |languages: &[&str], facet: Option<u128>| {
            let languages = languages.iter().map(|language| tag(language)).collect();
            Dependency::Withdrawn(WithdrawnRead { languages, facet: facet.map(Uuid::from_u128) })
        };
        let withdrawn = || korean(listed(1, &[7]), None, Parts::ALL);
        let back = || korean(None, listed(1, &[8]), Parts::ALL);
        let moved = || korean(listed(1, &[7]), listed(1, &[8]), Parts::TAGS);
        let relisted = || Effect { relisted: vec![Uuid::from_u128(7)], ..Effect::default() };
        let list = CollectionEffect {
            id: CollectionId(Uuid::from_u128(5)),
            languages: vec![tag("ko")],
            other_languages: false,
            articles: Vec::new(),
        };
        let list = || Effect { collection: Some(list.clone()), ..Effect::default() };
        for (name, effect, languages, facet, expected) in [
            ("withdrawn", withdrawn(), &["en", "ko"][..], None, true),
            ("in another language", withdrawn(), &["en"], None, false),
            ("from its tag", withdrawn(), &["ko"], Some(7), true),
            ("not from another", withdrawn(), &["ko"], Some(8), false),
            ("from a collection", withdrawn(), &["ko"], Some(5), true),
            ("back", back(), &["ko"], None, true),
            ("back with another tag", back(), &["ko"], Some(8), true),
            ("never with the old one", back(), &["ko"], Some(7), false),
            ("moved", moved(), &["ko"], Some(7), true),
            ("moved, but there", moved(), &["ko"], None, false),
            ("a tag merged", relisted(), &["ko"], Some(7), true),
            ("a list changed", list(), &["ko"], Some(5), true),
            ("another list changed", list(), &["ko"], Some(7), false),
        ] {
            assert_eq!(touches(&effect, read(languages, facet)), expected, "{name}");
        }
    }

    #[test]
    fn a_span_changes_with_the_stories_that_were_first_published_in_it() {
        let read = |language: &str, from: i64, before: i64| {
            Dependency::Span(SpanRead { language: tag(language), from, before, parts: Parts::SLUG })
        };
        let published = || korean(None, listed(100, &[]), Parts::ALL);
        let renamed = |parts| korean(listed(100, &[]), listed(100, &[]), parts);
        for (name, effect, span, expected) in [
            ("published", published(), read("ko", 100, 200), true),
            ("before it", published(), read("ko", 101, 200), false),
            ("behind it", published(), read("ko", 0, 100), false),
            ("a translation of one in it", published(), read("en", 500, 501), true),
            ("of none in it", published(), read("en", 100, 200), false),
            ("another address", renamed(Parts::SLUG), read("ko", 100, 200), true),
            ("in the other language's", renamed(Parts::SLUG), read("en", 500, 501), true),
            ("another headline", renamed(Parts::TITLE), read("ko", 100, 200), false),
            ("withdrawn", korean(listed(100, &[]), None, Parts::ALL), read("ko", 100, 200), true),
        ] {
            assert_eq!(touches(&effect, span), expected, "{name}");
        }
    }
}
