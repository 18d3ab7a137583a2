//! Related stories: why they are shown, and in which language.

pub use super::enums::RelatedReason;

use super::article::Article;
use super::connection::PageInfo;
use super::context::{NewestOf, Reading, ServedIn, reading};
use super::variant::ArticleVariant;
use crate::domain::language::LanguageTag;
use crate::domain::published::PublishedVariant;
use crate::domain::related::{Candidate, Reason, Related};
use crate::service::related::{Shelf, Wanted, choose, related_count};
use async_graphql::{Context, Result, SimpleObject};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

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
    let count = related_count("first", first)?;
    let by: Option<Vec<Reason>> = by.map(|reasons| reasons.into_iter().map(Into::into).collect());
    let reading = reading(ctx)?;
    let image = ctx.look_ahead().field("edges").field("variant").field("leadImage").exists();
    let together = Together { reading, chain: chain.into(), image };
    let page = choose(reading.reader().notes(), of, Wanted { chain, count, by }, &together).await?;
    let page_info = PageInfo {
        has_next_page: false,
        has_previous_page: false,
        start_cursor: page.first().map(|edge: &RelatedEdge| edge.cursor.clone()),
        end_cursor: page.last().map(|edge| edge.cursor.clone()),
    };
    Ok(RelatedConnection { edges: page, page_info })
}

/// Reads for all fields that ask at once.
struct Together<'a> {
    reading: &'a Reading,
    chain: Arc<[LanguageTag]>,
    /// Whether lead images are wanted.
    image: bool,
}

impl Shelf for Together<'_> {
    type Item = RelatedEdge;
    type Error = async_graphql::Error;

    async fn newest(&self, facets: Vec<Uuid>) -> Result<HashMap<Uuid, Vec<Candidate>>> {
        let keys: Vec<NewestOf> = facets.into_iter().map(|facet| NewestOf(facet, self.chain.to_vec())).collect();
        let loads = keys.iter().map(|key| async { Ok((key.0, self.reading.load(key.clone()).await?)) });
        let found: Result<Vec<_>> = futures_util::future::try_join_all(loads).await;
        Ok(found?.into_iter().filter_map(|(facet, stories)| Some((facet, stories?.to_vec()))).collect())
    }

    async fn visible(&self, candidates: &[Related]) -> Result<Vec<RelatedEdge>> {
        let key =
            |related: &Related| ServedIn { article: related.article, chain: self.chain.clone(), image: self.image };
        let served = self.reading.load_all(candidates.iter().map(key).collect()).await?;
        for image in served.iter().filter_map(|(_, image)| image.as_ref()) {
            self.reading.show(image.uuid(), image.clone());
        }
        let edge = |related: &Related| {
            let (variant, _) = served.iter().find(|(variant, _)| variant.article == related.article)?;
            Some(RelatedEdge {
                node: Article::new(related.article),
                served_as_fallback: self.chain.first() != Some(&variant.language),
                variant: ArticleVariant::new(self.reading, variant.clone()),
                reason: related.reason.into(),
                score: related.score,
                pinned: related.pinned,
                cursor: related.article.to_string(),
            })
        };
        Ok(candidates.iter().filter_map(edge).collect())
    }
}
