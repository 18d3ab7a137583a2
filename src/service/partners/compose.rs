//! What a partner gets of a story, in its format.

use super::super::App;
use super::stand::Stand;
use crate::domain::entity::Entity;
use crate::domain::ids::ImageId;
use crate::domain::ninjs::{self, Tombstone, Version};
use crate::domain::partner::{Candidate, Partner, Reason, Standing};
use crate::domain::published::PublishedVariant;
use crate::domain::webhook::Format;
use crate::error::{Error, Result};
use crate::json::{Article, Member, Members, Setting, Story};
use crate::store::partners::stories::Place;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// The bodies of an article, which a partner without full text does not get.
const BODIES: [Member; 4] = [Member::Html, Member::Text, Member::Markdown, Member::Blocks];

impl App {
    /// A story as a partner may have it; a tombstone where it may not.
    pub(super) fn item(
        &self,
        stand: &Stand,
        place: &Place,
        partner: &Partner,
        should: &Standing,
        format: Format,
    ) -> Result<Value> {
        let candidate = stand.candidates.get(place).filter(|_| should.reason.is_none());
        let siblings = stand.stories.get(&place.0).map(|story| story.as_slice()).unwrap_or_default();
        // ninjs names the pictures that it does not show, and why; our own JSON is made of what may be shown alone.
        let ninjs = || self.ninjs(stand, place, partner, should, candidate);
        match format {
            Format::Byline => {
                let entities = allowed(&stand.entities, should);
                let cut = candidate.map(|candidate| cut(candidate, should));
                self.own(place, partner, should, cut.as_ref().map(|cut| (cut, siblings)), &entities)
            }
            Format::Ninjs3 => Ok(Version::V3.write(ninjs())),
            Format::Ninjs2 => Ok(Version::V2.write(ninjs())),
        }
    }

    /// ninjs.
    fn ninjs(
        &self,
        stand: &Stand,
        place: &Place,
        partner: &Partner,
        should: &Standing,
        story: Option<&Candidate>,
    ) -> Value {
        let Some(story) = story else {
            let stone = Tombstone {
                article: place.0,
                language: &place.1,
                version: should.reason.map_or("", Reason::as_str),
                status: should.status,
                reason: should.reason,
                corrections: &should.corrections,
            };
            return ninjs::tombstone(&stone, &self.addresses);
        };
        let siblings = stand.stories.get(&place.0).map(|story| story.as_slice()).unwrap_or_default();
        let languages: Vec<Arc<PublishedVariant>> =
            siblings.iter().filter(|other| partner.facts.terms.has_language(&other.language)).cloned().collect();
        ninjs::item(&ninjs::Item {
            variant: &story.variant,
            version: &should.shown,
            body: Some(&*story.body).filter(|_| partner.facts.terms.full_text),
            languages: &languages,
            embargoed_until: story.embargoed_until,
            withheld: &should.withheld,
            changed: &[],
            setting: ninjs::Setting { entities: &stand.entities, addresses: &self.addresses, names: &self.languages },
        })
    }

    /// Our own JSON.
    fn own(
        &self,
        place: &Place,
        partner: &Partner,
        should: &Standing,
        story: Option<(&Candidate, &[Arc<PublishedVariant>])>,
        entities: &HashMap<Uuid, Arc<Entity>>,
    ) -> Result<Value> {
        let mut item = json!({"article": place.0, "language": place.1, "status": should.status});
        let Some(members) = item.as_object_mut() else { return Ok(item) };
        if let Some(reason) = should.reason {
            members.insert("reason".into(), json!(reason));
        }
        let Some((story, siblings)) = story else { return Ok(item) };
        if let Some(until) = story.embargoed_until {
            members.insert("embargoedUntil".into(), json!(until.format(&Rfc3339).map_err(Error::internal)?));
        }
        if !should.withheld.is_empty() {
            let withheld = should.withheld.iter().map(|(id, reason)| json!({"image": id, "reason": reason}));
            members.insert("withheldImages".into(), withheld.collect());
        }
        let wanted = if partner.facts.terms.full_text {
            Members::all()
        } else {
            BODIES.into_iter().fold(Members::all(), Members::without)
        };
        let setting = Setting { language: &place.1, languages: &self.languages, addresses: &self.addresses, entities };
        let source = Story { variant: &story.variant, languages: siblings, body: Some(&story.body), asked: &place.1 };
        let article = serde_json::to_value(Article::new(&source, &wanted, &setting)).map_err(Error::internal)?;
        members.insert("story".into(), article);
        Ok(item)
    }
}

/// What the partner may know of: all but the pictures that it may not have.
fn allowed(entities: &HashMap<Uuid, Arc<Entity>>, should: &Standing) -> HashMap<Uuid, Arc<Entity>> {
    let mut allowed = entities.clone();
    for (image, _) in &should.withheld {
        allowed.remove(&image.0);
    }
    allowed
}

/// The story without the pictures that the partner may not have: not even their place in the text says where they are. One
/// that never came into the library is one that nobody vouches for.
fn cut(story: &Candidate, should: &Standing) -> Candidate {
    let has = |image: ImageId| should.withheld.iter().all(|(refused, _)| *refused != image);
    let body = story.body.with_figures(|figure| figure.image.is_some_and(has));
    let mut variant = (*story.variant).clone();
    variant.card.shared.lead_image = variant.lead_image().filter(|image| has(*image));
    Candidate { variant: Arc::new(variant), body: Arc::new(body), embargoed_until: story.embargoed_until }
}
