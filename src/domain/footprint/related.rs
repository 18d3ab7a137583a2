//! Stories that the formula found beside another, and which changes find others.
//!
//! The formula looks at the newest stories of each facet. One that comes newly into such a window pushes the oldest out
//! of it: that matters only where the page shows a story that stands so near to the end.

use super::{Handle, allocated};
use crate::domain::effect::{Effect, Listed, VariantEffect};
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::published::PublishedVariant;
use crate::domain::related::{CANDIDATES_PER_FACET, Candidate, Related, score, weigh};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};
use time::OffsetDateTime;
use uuid::Uuid;

/// The newest stories of each facet, as they were found.
pub type Windows = HashMap<Uuid, Vec<Candidate>>;

/// The end of the newest stories of a facet: in the reader's language, or in the others.
#[derive(Debug)]
struct End {
    /// Nothing older was looked at (microseconds since 1970); nothing where all that there is was looked at.
    oldest: Option<i64>,
    /// So many may come before it pushes out what the page shows.
    room: AtomicU32,
}

impl End {
    fn of(all: &[Candidate], is_shown: impl Fn(&Candidate) -> bool) -> Self {
        if let Some(left) = (CANDIDATES_PER_FACET as usize).checked_sub(all.len() + 1) {
            // With one more than these it is full, and begins to push out.
            return Self { oldest: None, room: AtomicU32::new(u32::try_from(left).unwrap_or(0)) };
        }
        let deepest = all.iter().rposition(is_shown);
        let room = deepest.map_or(u32::MAX, |place| u32::try_from(all.len() - 1 - place).unwrap_or(0));
        let oldest = all.iter().map(|candidate| micros(candidate.published_at)).min();
        Self { oldest, room: AtomicU32::new(room) }
    }
}

/// What a page shows of what the formula found.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The stories.
    pub shown: &'a [Related],
    /// How many there might have been.
    pub wanted: usize,
    /// Whether the reader chose among the reasons.
    pub chosen: bool,
}

/// Stories that a formula found beside another.
#[derive(Debug)]
pub struct RelatedTo {
    article: ArticleId,
    published_at: OffsetDateTime,
    chain: Vec<LanguageTag>,
    facets: Vec<(Uuid, f64, [End; 2])>,
    /// The stories on the page.
    shown: Vec<ArticleId>,
    /// What a story needs to get onto the page: whether the last one is a fallback, and its score. Nothing where the
    /// page has room.
    last: Option<(bool, f64)>,
}

impl RelatedTo {
    /// What the page beside `of` was made from. `shown` are the stories that the formula found for it, `wanted` how many
    /// there might have been; `chosen` says that only some reasons count.
    pub fn new(of: &PublishedVariant, chain: &[LanguageTag], found: &Windows, page: Shown<'_>) -> Self {
        let Shown { shown, wanted, chosen } = page;
        let fallback = |article: ArticleId| {
            found.values().flatten().any(|candidate| candidate.article == article && candidate.fallback)
        };
        let ends = |facet: Uuid| {
            let all = found.get(&facet).map(Vec::as_slice).unwrap_or_default();
            let (own, others): (Vec<Candidate>, Vec<Candidate>) =
                all.iter().copied().partition(|candidate| !candidate.fallback);
            let is_shown = |candidate: &Candidate| shown.iter().any(|related| related.article == candidate.article);
            let mut first = End::of(&own, is_shown);
            let mut second = End::of(&others, is_shown);
            if first.oldest.is_some() {
                // The other languages are looked at as far back as the reader's own reaches.
                second.oldest = second.oldest.max(first.oldest);
                if others.iter().any(is_shown) {
                    first.room = AtomicU32::new(0);
                }
            } else if chain.len() > 2 && second.oldest.is_some() {
                // Each of the other languages has an end of its own, wherever that is.
                second.oldest = Some(i64::MIN);
            }
            if chosen || chain.len() > 2 {
                [&mut first, &mut second].into_iter().filter(|end| end.oldest.is_some()).for_each(|end| {
                    end.room = AtomicU32::new(0);
                });
            }
            [first, second]
        };
        let last = shown.last().filter(|_| shown.len() >= wanted);
        Self {
            article: of.article,
            published_at: of.published_at,
            chain: chain.to_vec(),
            facets: of.facets().into_iter().map(|facet| (facet, weigh(of, &facet).0, ends(facet))).collect(),
            shown: shown.iter().map(|related| related.article).collect(),
            last: last.map(|related| (fallback(related.article), related.score.unwrap_or_default())),
        }
    }

    /// How many bytes it takes, roughly.
    pub(super) fn weight(&self) -> usize {
        size_of::<Self>()
            + allocated::<LanguageTag>(self.chain.len())
            + allocated::<(Uuid, f64, [End; 2])>(self.facets.len())
            + allocated::<ArticleId>(self.shown.len())
            + 16
    }

    pub(super) fn handles(&self, handles: &mut BTreeSet<Handle>) {
        for (facet, ..) in &self.facets {
            handles.insert(Handle::Facet(*facet));
            handles.extend(self.chain.iter().map(|language| Handle::List(Some(*facet), language.clone())));
        }
    }

    pub(super) fn is_touched(&self, effect: &Effect) -> bool {
        effect.relisted.iter().any(|changed| self.facets.iter().any(|(facet, ..)| facet == changed))
            || effect.variant.as_ref().is_some_and(|variant| self.meets(variant))
    }

    fn meets(&self, variant: &VariantEffect) -> bool {
        let [before, after] = variant.served(&self.chain);
        let mut comes = false;
        for (facet, _, ends) in &self.facets {
            let stands = |served: Option<(usize, &Listed)>| {
                let (rank, listed) = served.filter(|(_, listed)| listed.has(*facet))?;
                let [own, other] = ends;
                let end = if rank == 0 { own } else { other };
                let near = end.oldest.is_none_or(|oldest| listed.published_at >= oldest);
                near.then_some((rank, listed.published_at, end))
            };
            match (stands(before), stands(after)) {
                (None, None) => {}
                (Some((rank, at, _)), Some((rank_now, at_now, _))) if (rank, at) == (rank_now, at_now) => {}
                // What takes its place is not known, where there is more than was looked at.
                (Some((_, _, end)), _) if end.oldest.is_some() || self.shown.contains(&variant.article) => return true,
                (Some(_), None) => {}
                (_, Some((.., end))) => {
                    comes = true;
                    let left = |room: u32| if room == u32::MAX { Some(room) } else { room.checked_sub(1) };
                    if end.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_err() {
                        return true;
                    }
                }
            }
        }
        comes && variant.article != self.article && after.is_some_and(|(rank, listed)| self.takes(rank > 0, listed))
    }

    /// Whether a story that came would be on the page.
    fn takes(&self, fallback: bool, listed: &Listed) -> bool {
        let Some((last_is_fallback, least)) = self.last else { return true };
        let sum: f64 = self.facets.iter().filter(|(facet, ..)| listed.has(*facet)).map(|(_, weight, _)| weight).sum();
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(listed.published_at) * 1_000);
        let best = at.map_or(f64::MAX, |at| score(sum, self.published_at, at));
        match (fallback, last_is_fallback) {
            (true, false) => false,
            (false, true) => true,
            _ => best >= least,
        }
    }
}

fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}
