//! Articles as documents: what they are made of is read for all of them at once, and noted as exactly as it is shown.

use super::answer::Scene;
use super::notes;
use crate::domain::body::Body;
use crate::domain::entity::Entity;
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::published::{PublishedVariant, body_images};
use crate::domain::schema_org;
use crate::error::Result;
use crate::json::{Article, Member, Members, Setting, Story};
use crate::service;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// What is known already, because another statement brought it along.
#[derive(Default)]
pub struct Known {
    /// Stories with all their languages.
    pub stories: HashMap<ArticleId, service::Story>,
    /// Bodies.
    pub bodies: HashMap<VariantId, Arc<Body>>,
    /// Authors, sections, tags and images.
    pub entities: HashMap<Uuid, Arc<Entity>>,
}

impl Known {
    /// Adds entities.
    pub fn add(&mut self, entities: impl IntoIterator<Item = Arc<Entity>>) {
        self.entities.extend(entities.into_iter().map(|entity| (entity.uuid(), entity)));
    }

    /// Reads those of several that are not known.
    pub async fn read(&mut self, scene: &Scene, ids: impl IntoIterator<Item = Uuid>) -> Result<()> {
        let mut missing: Vec<Uuid> = ids.into_iter().filter(|id| !self.entities.contains_key(id)).collect();
        missing.sort();
        missing.dedup();
        if !missing.is_empty() {
            // Under the id that was asked for: what was merged is there as its survivor.
            self.entities.extend(scene.reader.entities(&missing).await?);
        }
        Ok(())
    }

    /// Reads the portraits of the authors that are known.
    pub async fn read_portraits(&mut self, scene: &Scene) -> Result<()> {
        let portrait = |entity: &Arc<Entity>| match entity.as_ref() {
            Entity::Author(author) => author.portrait.map(|id| id.0),
            _ => None,
        };
        let portraits: Vec<Uuid> = self.entities.values().filter_map(portrait).collect();
        self.read(scene, portraits).await
    }
}

/// Articles as documents, in the same order.
pub async fn articles(
    scene: &Scene,
    variants: &[Arc<PublishedVariant>],
    mut known: Known,
    members: &Members,
) -> Result<Vec<Article>> {
    if members.story() {
        let missing = variants.iter().map(|variant| variant.article).filter(|id| !known.stories.contains_key(id));
        let missing: Vec<ArticleId> = missing.collect();
        if !missing.is_empty() {
            known.stories.extend(scene.reader.stories(&missing).await?);
        }
    }
    if members.body() {
        let missing = variants.iter().map(|variant| variant.id).filter(|id| !known.bodies.contains_key(id));
        let missing: Vec<VariantId> = missing.collect();
        if !missing.is_empty() {
            known.bodies.extend(scene.reader.bodies(&missing).await?);
        }
    }
    let wanted: Vec<Uuid> =
        variants.iter().flat_map(|variant| wanted(variant, known.bodies.get(&variant.id), members)).collect();
    known.read(scene, wanted).await?;
    if members.has(Member::Authors) {
        known.read_portraits(scene).await?;
    }
    let setting = setting(scene, &known.entities);
    let document = |variant: &Arc<PublishedVariant>| {
        let (story, body) = (known.stories.get(&variant.article), known.bodies.get(&variant.id));
        let languages = story.map_or(&[][..], |story| story.as_slice());
        let body = body.map(AsRef::as_ref).filter(|_| members.body());
        let story = Story { variant, languages, body, asked: &scene.language };
        notes::article(scene, &story, members, &known.entities);
        Article::new(&story, members, &setting)
    };
    Ok(variants.iter().map(document).collect())
}

/// What documents are written with.
pub fn setting<'a>(scene: &'a Scene, entities: &'a HashMap<Uuid, Arc<Entity>>) -> Setting<'a> {
    Setting { language: &scene.language, languages: &scene.languages, addresses: &scene.addresses, entities }
}

/// What has to be read to show these members of a story.
fn wanted(variant: &PublishedVariant, body: Option<&Arc<Body>>, members: &Members) -> Vec<Uuid> {
    let mut wanted = Vec::new();
    if members.has(Member::Section) {
        wanted.extend(variant.section().map(|id| id.0));
    }
    if members.has(Member::Tags) {
        wanted.extend(variant.tags().iter().map(|id| id.0));
    }
    if members.has_any(&[Member::Bylines, Member::Authors]) {
        wanted.extend(variant.bylines().iter().map(|byline| byline.author.0));
    }
    if members.has(Member::LeadImage) {
        wanted.extend(variant.lead_image().map(|id| id.0));
    }
    if members.has(Member::JsonLd) {
        wanted.extend(schema_org::named(variant));
    }
    if let Some(body) = body.filter(|_| members.figures()) {
        wanted.extend(body_images(body).iter().map(|id| id.0));
    }
    wanted
}

/// Whether what a story refers to is needed for these members.
pub fn wants_entities(members: &Members) -> bool {
    let named = [Member::Section, Member::Tags, Member::Bylines, Member::Authors, Member::LeadImage, Member::JsonLd];
    members.has_any(&named) || members.figures()
}
