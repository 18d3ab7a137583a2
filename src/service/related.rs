//! Which stories stand under a story. How they are read is the caller's matter: GraphQL reads for many fields at once.

use super::{Notes, Reader, Served};
use crate::domain::effect::Parts;
use crate::domain::footprint::{Dependency, RelatedTo, Shown};
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::published::PublishedVariant;
use crate::domain::related::{self, Candidate, Reason, Related};
use crate::error::{Error, Result};
use std::collections::HashMap;
use uuid::Uuid;

/// How many are shown unless somebody asks.
pub const DEFAULT_RELATED: i32 = 4;
/// The most that are shown.
pub const MOST_RELATED: i32 = 20;

/// Which related stories are wanted.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The languages to serve, best first.
    pub chain: &'a [LanguageTag],
    /// How many at most.
    pub count: usize,
    /// Only for these reasons; for any unless given.
    pub by: Option<Vec<Reason>>,
}

/// Checks how many are asked for. `argument` is where.
pub fn related_count(argument: &str, first: Option<i32>) -> Result<usize> {
    let first = first.unwrap_or(DEFAULT_RELATED);
    let wanted = usize::try_from(first).ok().filter(|_| first <= MOST_RELATED);
    wanted.ok_or_else(|| Error::invalid(argument, format!("{first} is not accepted: expected 0 to {MOST_RELATED}")))
}

/// Where stories are read from. GraphQL reads for many fields at once, [`Reader`] for one.
pub trait Shelf {
    /// A story as it is shown.
    type Item: Send;
    /// What may go wrong.
    type Error: From<Error> + Send;

    /// The newest stories of each facet.
    fn newest(
        &self,
        facets: Vec<Uuid>,
    ) -> impl Future<Output = Result<HashMap<Uuid, Vec<Candidate>>, Self::Error>> + Send;

    /// Those of several that are published in the languages, in their order.
    fn visible(&self, candidates: &[Related]) -> impl Future<Output = Result<Vec<Self::Item>, Self::Error>> + Send;
}

/// Chooses what to show under a variant, and notes what it was chosen from.
pub async fn choose<S: Shelf>(
    notes: &Notes,
    of: &PublishedVariant,
    wanted: Wanted<'_>,
    shelf: &S,
) -> Result<Vec<S::Item>, S::Error> {
    let Wanted { chain, count, by } = wanted;
    let allowed = |related: &Related| by.as_ref().is_none_or(|reasons| reasons.contains(&related.reason));
    let parts = Parts::RELATED.and(Parts::TAGS).and(Parts::SECTION).and(Parts::BYLINES).and(Parts::TRANSLATION);
    notes.note(|footprint| footprint.saw(of.id.0, parts.and(Parts::PUBLISHED_AT)));
    let mut candidates = related::curated(of.article, of.related());
    candidates.retain(allowed);
    let computes = by.as_ref().is_none_or(|reasons| reasons.iter().any(|reason| *reason != Reason::Curated));
    let mut page = Vec::new();
    // One statement for all stories, unless editors chose enough: then the formula is needed only where too few of those
    // are published in these languages.
    if candidates.len() >= count || !computes {
        page = shelf.visible(&candidates).await?;
    }
    if page.len() < count && computes {
        let found = shelf.newest(of.facets()).await?;
        let computed: Vec<Related> = related::computed(of, &found).into_iter().filter(allowed).take(count).collect();
        let chosen = page.len();
        candidates.extend(&computed);
        page = shelf.visible(&candidates).await?;
        notes.note(|footprint| {
            let wanted = count - chosen.min(count);
            let shown = computed.get(..wanted).unwrap_or(&computed);
            let related = RelatedTo::new(of, chain, &found, Shown { shown, wanted, chosen: by.is_some() });
            footprint.others.push(Dependency::Related(Box::new(related)));
        });
    }
    page.truncate(count);
    Ok(page)
}

/// The stories to show under one variant, with their lead images.
struct Alone<'a>(&'a Reader, &'a [LanguageTag]);

impl Shelf for Alone<'_> {
    type Item = (Related, Served);
    type Error = Error;

    async fn newest(&self, facets: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<Candidate>>> {
        self.0.newest(&facets, self.1).await
    }

    async fn visible(&self, candidates: &[Related]) -> Result<Vec<Self::Item>> {
        let ids: Vec<ArticleId> = candidates.iter().map(|related| related.article).collect();
        let served = self.0.served(&ids, self.1, true).await?;
        let find = |related: &Related| {
            Some((*related, served.iter().find(|(variant, _)| variant.article == related.article)?.clone()))
        };
        Ok(candidates.iter().filter_map(find).collect())
    }
}

impl Reader {
    /// The stories to show under a variant with their lead images: at most three statements.
    pub async fn related(&self, of: &PublishedVariant, wanted: Wanted<'_>) -> Result<Vec<(Related, Served)>> {
        let chain = wanted.chain;
        choose(self.notes(), of, wanted, &Alone(self, chain)).await
    }
}
