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

/// What the formula finds: the reader's language first, then by score, ties by id. Leaves out the story itself, what
/// editors chose already, and what they banned.
pub fn computed(of: &PublishedVariant, found: &HashMap<Uuid, Vec<Candidate>>) -> Vec<Related> {
    let weigh = |facet: &Uuid| {
        if of.tags().iter().any(|tag| tag.0 == *facet) {
            (1.0, Reason::SharedTags)
        } else if of.section().is_some_and(|section| section.0 == *facet) {
            (0.25, Reason::SameSection)
        } else {
            (0.5, Reason::SharedByline)
        }
    };
    let mut stories: HashMap<ArticleId, (Candidate, f64, Reason)> = HashMap::new();
    for facet in of.facets() {
        let (weight, reason) = weigh(&facet);
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
            let days = (of.published_at - candidate.published_at).as_seconds_f64().abs() / 86_400.0;
            let score = sum * (0.4 + 0.6 * (-days / HALF_LIFE_DAYS).exp2());
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
