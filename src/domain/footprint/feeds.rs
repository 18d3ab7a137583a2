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
