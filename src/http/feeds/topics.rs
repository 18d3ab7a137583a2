//! Which feeds a change concerns, and their addresses: what hubs call topics.

use super::entry::SHOWN;
use super::feed::slug;
use super::question::{Format, path};
use crate::domain::effect::{Effect, EntityEffect, Listed, Parts, VariantEffect};
use crate::domain::entity::EntityKind;
use crate::domain::language::LanguageTag;
use crate::error::Result;
use crate::service::App;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A feed, whatever its format: its language, and the section, tag, author or collection that it is of.
type Concerned = BTreeSet<(LanguageTag, Option<Uuid>)>;

/// The addresses of the feeds that changes concern; of those of all stories where it is not known what changed.
pub async fn topics(app: &App, service: &str, effects: &[Option<Effect>]) -> Result<BTreeSet<String>> {
    let languages: Vec<LanguageTag> = app.languages().all().iter().map(|language| language.tag.clone()).collect();
    let mut concerned = Concerned::new();
    for effect in effects {
        match effect {
            Some(effect) => add(&mut concerned, effect, &languages),
            None => concerned.extend(languages.iter().map(|language| (language.clone(), None))),
        }
    }
    concerned.retain(|(language, _)| languages.contains(language));
    let ids: BTreeSet<Uuid> = concerned.iter().filter_map(|(_, id)| *id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let entities = if ids.is_empty() { Default::default() } else { app.reader().entities(&ids).await? };
    let mut topics = BTreeSet::new();
    for (language, id) in &concerned {
        let of = match id {
            None => None,
            // Kinds of journalism have no feeds, and what readers do not see any more has none either.
            Some(id) => match entities.get(id).and_then(|entity| Some((entity.kind(), slug(entity, language)?))) {
                Some((EntityKind::Image, _)) | None => continue,
                named => named,
            },
        };
        topics.extend(Format::ALL.map(|format| format!("{service}{}", path(language, of, format))));
    }
    Ok(topics)
}

fn add(concerned: &mut Concerned, effect: &Effect, languages: &[LanguageTag]) {
    if let Some(variant) = &effect.variant {
        add_variant(concerned, variant);
    }
    // Where an entity is shown its effect does not say: it may be in each feed of all stories.
    let is_renamed = |entity: &&EntityEffect| entity.before.is_some() && entity.after.is_some();
    for entity in effect.entities.iter().filter(is_renamed) {
        let feeds =
            languages.iter().flat_map(|language| [(language.clone(), None), (language.clone(), Some(entity.id))]);
        concerned.extend(feeds);
    }
    for id in &effect.relisted {
        concerned.extend(languages.iter().map(|language| (language.clone(), Some(*id))));
    }
    if let Some(collection) = &effect.collection {
        concerned.extend(collection.languages.iter().map(|language| (language.clone(), Some(collection.id.0))));
    }
}

fn add_variant(concerned: &mut Concerned, variant: &VariantEffect) {
    let mut add = |language: &LanguageTag, listed: &Listed| {
        let facets = listed.direct.iter().chain(&listed.above).copied();
        let collections = variant.collections.iter().filter(|(_, own, _)| own == language).map(|(id, ..)| id.0);
        concerned.insert((language.clone(), None));
        concerned.extend(facets.chain(collections).map(|id| (language.clone(), Some(id))));
    };
    let turns = variant.turns_presence();
    if turns || variant.parts.meets(SHOWN.and(Parts::BODY)) {
        for listed in variant.before.iter().chain(&variant.after) {
            add(&variant.language, listed);
        }
    }
    // Other languages name its address.
    if turns || variant.parts.meets(Parts::SLUG) {
        for (language, listed) in &variant.others {
            add(language, listed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::effect::{CollectionEffect, Place};
    use crate::domain::ids::{ArticleId, CollectionId, VariantId};

    fn tag(text: &str) -> LanguageTag {
        text.parse().unwrap()
    }

    fn listed(facets: &[u128]) -> Listed {
        Listed { direct: facets.iter().copied().map(Uuid::from_u128).collect(), ..Listed::default() }
    }

    fn korean(before: Option<Listed>, after: Option<Listed>, parts: Parts) -> Effect {
        let variant = VariantEffect {
            id: VariantId(Uuid::from_u128(90)),
            article: ArticleId(Uuid::from_u128(9)),
            language: tag("ko"),
            before,
            after,
            others: [(tag("en"), listed(&[7]))].into(),
            parts,
            collections: vec![(CollectionId(Uuid::from_u128(5)), tag("ko"), 0)],
        };
        Effect { variant: Some(variant), ..Effect::default() }
    }

    fn concerned(effect: &Effect) -> Vec<String> {
        let mut concerned = Concerned::new();
        add(&mut concerned, effect, &[tag("ko"), tag("en")]);
        let name = |(language, id): (LanguageTag, Option<Uuid>)| {
            id.map_or_else(|| language.to_string(), |id| format!("{language}/{}", id.as_u128()))
        };
        concerned.into_iter().map(name).collect()
    }

    #[test]
    fn a_change_concerns_the_feeds_that_show_it_before_or_after_and_no_others() {
        let entity = EntityEffect {
            kind: EntityKind::Tag,
            id: Uuid::from_u128(3),
            before: Some(Place { key: "a".into(), subkind: String::new() }),
            after: Some(Place { key: "a".into(), subkind: String::new() }),
            parts: Parts::TITLE,
        };
        let appeared = EntityEffect { before: None, ..entity.clone() };
        let lists = CollectionEffect {
            id: CollectionId(Uuid::from_u128(5)),
            languages: vec![tag("en")],
            other_languages: false,
            articles: Vec::new(),
        };
        for (name, effect, expected) in [
            ("published", korean(None, Some(listed(&[1])), Parts::ALL), &["en", "en/7", "ko", "ko/1", "ko/5"][..]),
            ("moved", korean(Some(listed(&[1])), Some(listed(&[2])), Parts::TAGS), &["ko", "ko/1", "ko/2", "ko/5"]),
            ("corrected", korean(Some(listed(&[1])), Some(listed(&[1])), Parts::CORRECTIONS), &["ko", "ko/1", "ko/5"]),
            (
                "another address",
                korean(Some(listed(&[])), Some(listed(&[])), Parts::SLUG),
                &["en", "en/7", "ko", "ko/5"],
            ),
            ("for search engines", korean(Some(listed(&[1])), Some(listed(&[1])), Parts::SEO), &[]),
            ("renamed", Effect { entities: vec![entity], ..Effect::default() }, &["en", "en/3", "ko", "ko/3"]),
            ("appeared", Effect { entities: vec![appeared], ..Effect::default() }, &[]),
            ("relisted", Effect { relisted: vec![Uuid::from_u128(4)], ..Effect::default() }, &["en/4", "ko/4"]),
            ("a front page", Effect { collection: Some(lists), ..Effect::default() }, &["en/5"]),
        ] {
            assert_eq!(concerned(&effect), expected, "{name}");
        }
    }
}
