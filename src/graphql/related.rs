//! Related stories: why they are shown, and in which language.

pub use super::enums::RelatedReason;

use super::article::Article;
use super::connection::PageInfo;
use super::context::{NewestOf, ServedIn, reading};
use super::variant::ArticleVariant;
use crate::domain::effect::Parts;
use crate::domain::footprint::{Dependency, RelatedTo, Shown};
use crate::domain::language::LanguageTag;
use crate::domain::published::PublishedVariant;
use crate::domain::related::{self, Reason, Related};
use crate::error::Error;
use async_graphql::{Context, Result, SimpleObject};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

const DEFAULT: i32 = 4;
const MOST: i32 = 20;

/// Related stories.
#[derive(SimpleObject)]
pub struct RelatedConnection {
    /// The stories, with why they are shown.
    edges: Vec<RelatedEdge>,
    /// Where the page stands: related stories have one page.
    page_info: PageInfo,
}

/// A related story.
#[derive(SimpleObject)]
pub struct RelatedEdge {
    /// The story, whatever its languages.
    node: Article,
    /// The variant that is served.
    variant: ArticleVariant,
    /// Whether the variant is served instead of the language that was asked for.
    served_as_fallback: bool,
    /// Why it is shown; the strongest reason.
    reason: RelatedReason,
    /// From the formula, higher is closer; null for what an editor chose.
    score: Option<f64>,
    /// Whether an editor pinned it.
    pinned: bool,
    /// Its place.
    cursor: String,
}

/// The stories to show under a variant.
pub async fn related(
    ctx: &Context<'_>,
    of: &PublishedVariant,
    chain: &[LanguageTag],
    first: Option<i32>,
    by: Option<Vec<RelatedReason>>,
) -> Result<RelatedConnection> {
    let first = first.unwrap_or(DEFAULT);
    let wanted = usize::try_from(first).ok().filter(|_| first <= MOST);
    let wanted =
        wanted.ok_or_else(|| Error::invalid("first", format!("{first} is not accepted: expected 0 to {MOST}")))?;
    let by: Option<Vec<Reason>> = by.map(|reasons| reasons.into_iter().map(Into::into).collect());
    let allowed = |related: &Related| by.as_ref().is_none_or(|reasons| reasons.contains(&related.reason));

    let parts = Parts::RELATED.and(Parts::TAGS).and(Parts::SECTION).and(Parts::BYLINES).and(Parts::TRANSLATION);
    let notes = reading(ctx)?.reader().notes();
    notes.note(|footprint| footprint.saw(of.id.0, parts.and(Parts::PUBLISHED_AT)));
    let mut candidates = related::curated(of.article, of.related());
    candidates.retain(allowed);
    let computes = by.as_ref().is_none_or(|reasons| reasons.iter().any(|reason| *reason != Reason::Curated));
    let mut page = Vec::new();
    // One statement for all stories, unless editors chose enough: then the formula is needed only where too few of those
    // are published in these languages.
    if candidates.len() >= wanted || !computes {
        page = visible(ctx, &candidates, chain).await?;
    }
    if page.len() < wanted && computes {
        let found = newest(ctx, of, chain).await?;
        let computed: Vec<Related> = related::computed(of, &found).into_iter().filter(allowed).take(wanted).collect();
        let chosen = page.len();
        candidates.extend(&computed);
        page = visible(ctx, &candidates, chain).await?;
        notes.note(|footprint| {
            let wanted = wanted - chosen.min(wanted);
            let shown = computed.get(..wanted).unwrap_or(&computed);
            let related = RelatedTo::new(of, chain, &found, Shown { shown, wanted, chosen: by.is_some() });
            footprint.others.push(Dependency::Related(Box::new(related)));
        });
    }
    page.truncate(wanted);
    let page_info = PageInfo {
        has_next_page: false,
        has_previous_page: false,
        start_cursor: page.first().map(|edge| edge.cursor.clone()),
        end_cursor: page.last().map(|edge| edge.cursor.clone()),
    };
    Ok(RelatedConnection { edges: page, page_info })
}

async fn newest(
    ctx: &Context<'_>,
    of: &PublishedVariant,
    chain: &[LanguageTag],
) -> Result<HashMap<Uuid, Vec<related::Candidate>>> {
    let reading = reading(ctx)?;
    let keys: Vec<NewestOf> = of.facets().into_iter().map(|facet| NewestOf(facet, chain.to_vec())).collect();
    let loads = keys.iter().map(|key| async { Ok((key.0, reading.load(key.clone()).await?)) });
    let found: Result<Vec<_>> = futures_util::future::try_join_all(loads).await;
    Ok(found?.into_iter().filter_map(|(facet, stories)| Some((facet, stories?.to_vec()))).collect())
}

/// Those that are published in the languages, as they are served.
async fn visible(ctx: &Context<'_>, candidates: &[Related], chain: &[LanguageTag]) -> Result<Vec<RelatedEdge>> {
    let edges = ctx.look_ahead().field("edges");
    let image = edges.field("variant").field("leadImage").exists();
    let chain: Arc<[LanguageTag]> = chain.into();
    let key = |related: &Related| ServedIn { article: related.article, chain: chain.clone(), image };
    let reading = reading(ctx)?;
    let served = reading.load_all(candidates.iter().map(key).collect()).await?;
    let images = served.iter().filter_map(|(_, image)| image.clone());
    reading.feed(images.map(|image| (image.uuid(), image))).await;
    let edge = |related: &Related| {
        let (variant, _) = served.iter().find(|(variant, _)| variant.article == related.article)?;
        Some(RelatedEdge {
            node: Article::new(related.article),
            served_as_fallback: chain.first() != Some(&variant.language),
            variant: ArticleVariant::new(reading, variant.clone()),
            reason: related.reason.into(),
            score: related.score,
            pinned: related.pinned,
            cursor: related.article.to_string(),
        })
    };
    Ok(candidates.iter().filter_map(edge).collect())
}
