//! Which stories stand under a story: what editors chose, then what a formula finds.
//!
//! The formula: each shared tag counts 1, a shared byline 0.5, the same section 0.25; the sum is multiplied by
//! `0.4 + 0.6 · 2^(−age / 90 days)`, where the age is the distance between the two publication times. Stories of an
//! event stand together in time, so that distance says more than the age itself. The weights are this product's own
//! choice; a text-similarity reason joins them when full-text search exists.

use super::article::{RelatedLink, Relation};
use super::ids::ArticleId;
use super::named::named;
use super::published::PublishedVariant;
use std::collections::HashMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// How many of the newest stories of each tag, section and author are looked at.
pub const CANDIDATES_PER_FACET: u32 = 24;

const HALF_LIFE_DAYS: f64 = 90.0;

named! {
    /// Why a story is related.
    Reason "reason" {
        /// An editor chose it.
        Curated "CURATED",
        /// It shares tags.
        SharedTags "SHARED_TAGS",
        /// It shares an author.
        SharedByline "SHARED_BYLINE",
        /// It is in the same section.
        SameSection "SAME_SECTION",
    }
}

/// A story found beside another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The story.
    pub article: ArticleId,
    /// When the variant that would be served was published.
    pub published_at: OffsetDateTime,
    /// Whether it would be served in another language than the reader's.
    pub fallback: bool,
}

/// A story to show, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Related {
    /// The story.
    pub article: ArticleId,
    /// Why it is shown.
    pub reason: Reason,
    /// From the formula; nothing for what an editor chose.
    pub score: Option<f64>,
    /// Whether the editor pinned it.
    pub pinned: bool,
}

/// What editors chose, pinned ones first, each story once, never the story itself.
pub fn curated(of: ArticleId, links: &[RelatedLink]) -> Vec<Related> {
    let mut chosen: Vec<Related> = Vec::new();
    for relation in [Relation::Pinned, Relation::Curated] {
        for link in links.iter().filter(|link| link.relation == relation && link.article != of) {
            if !is_banned(links, link.article) && chosen.iter().all(|other| other.article != link.article) {
                let pinned = relation == Relation::Pinned;
                chosen.push(Related { article: link.article, reason: Reason::Curated, score: None, pinned });
            }
        }
    }
    chosen
}

fn is_banned(links: &[RelatedLink], article: ArticleId) -> bool {
    links.iter().any(|link| link.article == article && link.relation == Relation::Banned)
}

/// What a shared facet of a story counts, and the reason that it gives.
pub fn weigh(of: &PublishedVariant, facet: &Uuid) -> (f64, Reason) {
    if of.tags().iter().any(|tag| tag.0 == *facet) {
        (1.0, Reason::SharedTags)
    } else if of.section().is_some_and(|section| section.0 == *facet) {
        (0.25, Reason::SameSection)
    } else {
        (0.5, Reason::SharedByline)
    }
}

/// The score of a story whose shared facets count `sum`, by when the two were published.
pub fn score(sum: f64, of: OffsetDateTime, other: OffsetDateTime) -> f64 {
    let days = (of - other).as_seconds_f64().abs() / 86_400.0;
    sum * (0.4 + 0.6 * (-days / HALF_LIFE_DAYS).exp2())
}

/// What the formula finds: the reader's language first, then by score, ties by id. Leaves out the story itself, what
/// editors chose already, and what they banned.
pub fn computed(of: &PublishedVariant, found: &HashMap<Uuid, Vec<Candidate>>) -> Vec<Related> {
    let mut stories: HashMap<ArticleId, (Candidate, f64, Reason)> = HashMap::new();
    for facet in of.facets() {
        let (weight, reason) = weigh(of, &facet);
        for candidate in found.get(&facet).into_iter().flatten() {
            let linked = of.related().iter().any(|link| link.article == candidate.article);
            if candidate.article == of.article || linked {
                continue;
            }
            let story = stories.entry(candidate.article).or_insert((*candidate, 0.0, reason));
            story.1 += weight;
            // ALL is in the order of strength.
            story.2 = story.2.min(reason);
        }
    }
    let mut scored: Vec<(bool, Related)> = stories
        .into_values()
        .map(|(candidate, sum, reason)| {
            let score = score(sum, of.published_at, candidate.published_at);
            let related = Related { article: candidate.article, reason, score: Some(score), pinned: false };
            (candidate.fallback, related)
        })
        .collect();
    scored.sort_by(|(fallback_a, a), (fallback_b, b)| {
        let by_score = b.score.unwrap_or_default().total_cmp(&a.score.unwrap_or_default());
        fallback_a.cmp(fallback_b).then(by_score).then(a.article.cmp(&b.article))
    });
    scored.into_iter().map(|(_, related)| related).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::{Byline, BylineRole, Kind, Seo, Shared};
    use crate::domain::ids::{AuthorId, RevisionId, SectionId, TagId, VariantId};
    use crate::domain::published::Card;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-06-01 09:00 +9);

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn article(number: u128) -> ArticleId {
        ArticleId(id(number))
    }

    /// A story's number, how many days away it is, and whether it would be served as a fallback.
    type Near = (u128, i64, bool);

    /// Story 1 with tags 101 and 102, author 201 and section 301.
    fn story(links: &[(u128, Relation)]) -> PublishedVariant {
        let related =
            links.iter().map(|(number, relation)| RelatedLink { article: article(*number), relation: *relation });
        let shared = Shared {
            kind: Kind::News,
            section: Some(SectionId(id(301))),
            lead_image: None,
            tags: vec![TagId(id(101)), TagId(id(102))],
            bylines: vec![Byline { author: AuthorId(id(201)), role: BylineRole::Author }],
            related: related.collect(),
        };
        let card = Card {
            slug: "a".into(),
            title: "A".into(),
            deks: Vec::new(),
            summary: None,
            seo: Seo::default(),
            shared,
            translation: None,
            corrections: Vec::new(),
            text_hash: String::new(),
            word_count: 0,
            reading_time: 0,
            original: true,
        };
        let (article, language) = (article(1), "ko".parse().unwrap());
        let (id, revision) = (VariantId(id(1)), RevisionId(id(1)));
        PublishedVariant { id, article, language, revision, published_at: NOW, modified_at: NOW, card }
    }

    /// Facets with the stories found under them.
    fn found(facets: &[(u128, &[Near])]) -> HashMap<Uuid, Vec<Candidate>> {
        let candidate = |(number, days, fallback): &Near| {
            let published_at = NOW + time::Duration::days(*days);
            Candidate { article: article(*number), published_at, fallback: *fallback }
        };
        facets.iter().map(|(facet, stories)| (id(*facet), stories.iter().map(candidate).collect())).collect()
    }

    fn numbers(related: &[Related]) -> Vec<u128> {
        related.iter().map(|related| related.article.0.as_u128()).collect()
    }

    #[test]
    fn editors_choices_are_pinned_first_each_once_and_banned_ones_never() {
        use Relation::{Banned, Curated, Pinned};
        for (links, expected, pinned) in [
            (vec![], vec![], 0),
            (vec![(2, Curated), (3, Pinned), (4, Curated), (5, Pinned)], vec![3, 5, 2, 4], 2),
            (vec![(2, Curated), (2, Pinned), (2, Curated)], vec![2], 1),
            (vec![(1, Pinned), (2, Curated)], vec![2], 0),
            (vec![(2, Pinned), (3, Curated), (2, Banned)], vec![3], 0),
            (vec![(2, Banned)], vec![], 0),
        ] {
            let chosen = curated(article(1), story(&links).related());
            assert_eq!(numbers(&chosen), expected, "{links:?}");
            assert_eq!(chosen.iter().filter(|related| related.pinned).count(), pinned, "{links:?}");
            assert!(chosen.iter().all(|related| related.reason == Reason::Curated && related.score.is_none()));
        }
    }

    #[test]
    fn the_formula_adds_weights_and_halves_the_better_part_every_ninety_days() {
        const NEAR: &[Near] = &[(2, 0, false)];
        let near = |facets: &[u128]| facets.iter().map(|facet| (*facet, NEAR)).collect::<Vec<_>>();
        for (facets, score, reason) in [
            (near(&[101]), 1.0, Reason::SharedTags),
            (near(&[101, 102]), 2.0, Reason::SharedTags),
            (near(&[201]), 0.5, Reason::SharedByline),
            (near(&[301]), 0.25, Reason::SameSection),
            (near(&[201, 301]), 0.75, Reason::SharedByline),
            (near(&[101, 102, 201, 301]), 2.75, Reason::SharedTags),
            (vec![(101, &[(2, 90, false)])], 0.7, Reason::SharedTags),
            (vec![(101, &[(2, -90, false)])], 0.7, Reason::SharedTags),
            (vec![(101, &[(2, 180, false)])], 0.55, Reason::SharedTags),
            (vec![(101, &[(2, 90_000, false)])], 0.4, Reason::SharedTags),
        ] {
            let related = computed(&story(&[]), &found(&facets));
            assert_eq!((related[0].reason, related.len()), (reason, 1), "{facets:?}");
            assert!((related[0].score.unwrap() - score).abs() < 1e-9, "{facets:?}: {related:?}");
        }
    }

    #[test]
    fn what_is_found_is_ordered_by_language_then_score_then_id() {
        let facets = found(&[
            (101, &[(9, 0, true), (5, 10, false), (4, 10, false), (1, 0, false), (6, 0, false), (7, 0, false)]),
            (102, &[(9, 0, true), (3, 0, false)]),
            (301, &[(8, 0, false), (3, 0, false)]),
            // Nothing that the story has.
            (999, &[(10, 0, false)]),
        ]);
        assert_eq!(numbers(&computed(&story(&[]), &facets)), [3, 6, 7, 4, 5, 8, 9]);
        let links = [(6, Relation::Curated), (3, Relation::Pinned), (7, Relation::Banned)];
        assert_eq!(numbers(&computed(&story(&links), &facets)), [4, 5, 8, 9], "nothing that editors spoke of");
    }

    #[test]
    fn stories_that_come_matter_once_the_window_they_come_into_is_full() {
        use crate::domain::effect::{Effect, Listed, Parts, VariantEffect};
        use crate::domain::footprint::{Dependency, Footprint, RelatedTo, Shown};
        let near: Vec<Near> = (2..22).map(|number| (number, -300 - number as i64, false)).collect();
        let found = found(&[(301, &near)]);
        let of = story(&[]);
        let shown: Vec<Related> = computed(&of, &found).into_iter().take(4).collect();
        let page = Shown { shown: &shown, wanted: 4, chosen: false };
        let related = RelatedTo::new(&of, std::slice::from_ref(&of.language), &found, page);
        let footprint = Footprint { others: vec![Dependency::Related(Box::new(related))], ..Footprint::default() };
        // Newer than those that are shown, but farther from the story than any of them.
        let at = i64::try_from((NOW + time::Duration::days(900)).unix_timestamp_nanos() / 1_000).unwrap();
        let come = |number: u128| {
            let after = Listed { published_at: at, modified_at: at, direct: vec![id(301)], ..Listed::default() };
            let variant = VariantEffect {
                id: VariantId(id(number)),
                article: article(number),
                language: of.language.clone(),
                before: None,
                after: Some(after),
                others: Default::default(),
                parts: Parts::ALL,
                collections: Vec::new(),
            };
            footprint.is_touched(&Effect { variant: Some(variant), ..Effect::default() })
        };
        // Twenty are there, twenty-four are looked at: three have room before it is full.
        assert_eq!((101..105).map(come).collect::<Vec<_>>(), [false, false, false, true]);
    }
}
