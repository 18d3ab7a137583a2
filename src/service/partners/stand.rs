//! How stories stand: published, or planned. The only place that reads what is planned, for partners who are trusted with it.

use super::super::publish::projected;
use super::super::{Story, Work};
use crate::domain::entity::Entity;
use crate::domain::ids::ArticleId;
use crate::domain::partner::Candidate;
use crate::error::Result;
use crate::store::Session;
use crate::store::desk::{preview, variants};
use crate::store::live::articles;
use crate::store::partners::planned;
use crate::store::partners::stories::Place;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// Stories as they stand.
pub(super) struct Stand {
    /// In each language, published or planned.
    pub candidates: HashMap<Place, Candidate>,
    /// What is published of each.
    pub stories: HashMap<ArticleId, Story>,
    /// What they refer to.
    pub entities: HashMap<Uuid, Arc<Entity>>,
}

impl Work {
    /// How stories stand. What changes meanwhile is compared and sent again afterwards.
    pub(super) async fn stand(&self, session: &Session, ids: &[ArticleId]) -> Result<Stand> {
        let mut candidates = HashMap::new();
        let mut published: HashMap<ArticleId, Vec<Arc<_>>> = HashMap::new();
        let variants = articles::list_variants(session, ids).await?;
        let mut bodies =
            articles::bodies(session, &variants.iter().map(|variant| variant.id).collect::<Vec<_>>()).await?;
        for variant in variants {
            let variant = Arc::new(variant);
            published.entry(variant.article).or_default().push(variant.clone());
            let body = Arc::new(bodies.remove(&variant.id).unwrap_or_default());
            let place = (variant.article, variant.language.clone());
            candidates.insert(place, Candidate { variant, body, embargoed_until: None });
        }
        for (place, candidate) in self.planned(ids).await? {
            candidates.entry(place).or_insert(candidate);
        }
        let referred: BTreeSet<Uuid> = candidates.values().flat_map(referred).collect();
        let found = preview::entities(session, &referred.into_iter().collect::<Vec<_>>()).await?;
        let entities = found.into_iter().map(|entity| (entity.uuid(), Arc::new(entity))).collect();
        let sorted = |(id, mut story): (ArticleId, Vec<Arc<crate::domain::published::PublishedVariant>>)| {
            story.sort_by(|a, b| a.language.cmp(&b.language));
            (id, Arc::new(story))
        };
        Ok(Stand { candidates, stories: published.into_iter().map(sorted).collect(), entities })
    }

    async fn planned(&self, ids: &[ArticleId]) -> Result<Vec<(Place, Candidate)>> {
        let mut found = Vec::new();
        for id in planned::list_of(&self.tx, ids).await? {
            let Some(variant) = variants::read(&self.tx, id).await? else { continue };
            let (Some(at), Some(head)) = (variant.scheduled_at, variants::find_revision(&self.tx, variant.head).await?)
            else {
                continue;
            };
            let until = variant.embargo_until.map_or(at, |embargo| embargo.max(at));
            let corrections = variants::list_corrections(&self.tx, id).await?;
            let first = variant.published_at.unwrap_or(until);
            let place = (variant.article, variant.language.clone());
            let body = Arc::new(head.content.body.clone());
            let variant = Arc::new(projected(&variant, &head, corrections, [first, first.max(until)]));
            found.push((place, Candidate { variant, body, embargoed_until: Some(until) }));
        }
        Ok(found)
    }
}

fn referred(story: &Candidate) -> Vec<Uuid> {
    let images = story.images().into_iter().map(|image| image.0);
    images.chain(story.variant.facets()).collect()
}
