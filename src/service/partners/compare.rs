//! What partners should have, beside what they were told: the difference is appended to their feeds.

use super::super::Work;
use super::stand::Stand;
use crate::domain::ids::{EventId, PartnerId, RevisionId};
use crate::domain::ninjs::changed_blocks;
use crate::domain::partner::{Candidate, Had, Notice, Owed, Partner, Standing, Told, difference, standing};
use crate::error::{Error, Result};
use crate::store::Session;
use crate::store::desk::variants;
use crate::store::partners::changes::{self, NewChange};
use crate::store::partners::records;
use crate::store::partners::stories::{self, Place, Stands};
use crate::store::webhooks::queue;
use serde_json::{Value, json};
use std::collections::HashMap;
use time::format_description::well_known::Rfc3339;

/// A story to compare, and why.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    /// The story.
    pub place: Place,
    /// The newest entry of the change log that it is compared for.
    pub event: Option<EventId>,
    /// What of it is to be told in any case.
    pub owed: Owed,
}

/// The texts that changed, by what they were before.
type Changed = HashMap<(Place, Option<RevisionId>), Value>;

impl Work {
    /// Compares stories for partners, appends what differs to their feeds, and lets it wait for their endpoints.
    pub(super) async fn compare(&self, session: &Session, compared: &[Compared]) -> Result<()> {
        let places: Vec<Place> = compared.iter().map(|one| one.place.clone()).collect();
        // First: partners, what they were told, and stories may all change while they are read.
        stories::begin_comparing(&self.tx, &places, self.now).await?;
        let partners = records::list_enabled(&self.tx).await?;
        if partners.is_empty() {
            return Ok(());
        }
        let mut ids: Vec<_> = places.iter().map(|(article, _)| *article).collect();
        ids.sort_unstable();
        ids.dedup();
        let told = stories::list_told(&self.tx, &ids).await?;
        let stand = self.stand(session, &ids).await?;
        let (mut notices, mut stands, mut changed) = (Vec::new(), Vec::new(), Changed::new());
        for Compared { place, event, owed } in compared {
            let story = stand.candidates.get(place);
            for partner in &partners {
                let before = told.get(&(partner.id, place.clone()));
                let embargoed = before.is_some_and(|told| told.embargoed);
                let should = standing(story, embargoed, &partner.facts.terms, &stand.entities, self.now);
                let again = || before.and_then(|told| told.again(*owed, &should, story));
                let Some(notice) = difference(before, &should, story).or_else(again) else { continue };
                let from = before.and_then(|told| told.had.revision);
                // Who gets no text gets no part of it, either.
                let readable = story.filter(|_| partner.facts.terms.full_text);
                let blocks = self.changed_blocks(&mut changed, (place, from), readable, &should).await?;
                notices.push(NewChange {
                    partner: partner.id,
                    place: place.clone(),
                    event: *event,
                    kind: notice.kind,
                    status: should.status,
                    detail: detail(&notice, &should, story, blocks)?.to_string(),
                });
                stands.push(stands_now(partner.id, place, story, should));
            }
        }
        self.put(&notices, stands).await?;
        for place in &places {
            let next = stand.candidates.get(place).and_then(|story| story.next_change(&stand.entities, self.now));
            if let Some(next) = next {
                stories::recheck_at(&self.tx, place, next).await?;
            }
        }
        Ok(())
    }

    async fn put(&self, notices: &[NewChange], stands: Vec<Stands>) -> Result<()> {
        if notices.is_empty() {
            return Ok(());
        }
        let end = changes::end_in(&self.tx).await?;
        stories::put(&self.tx, stands, None).await?;
        changes::append(&self.tx, notices, self.now).await?;
        queue::enqueue(&self.tx, end, self.now).await.map(drop)
    }

    /// Which blocks differ between what a partner had and what it should have: before and after, as plain text.
    async fn changed_blocks(
        &self,
        known: &mut Changed,
        (place, from): (&Place, Option<RevisionId>),
        story: Option<&Candidate>,
        should: &Standing,
    ) -> Result<Value> {
        let key = (place.clone(), from);
        let (Some(story), Some(before), None) = (story, from, should.reason) else { return Ok(Value::Null) };
        if before == story.variant.revision {
            return Ok(Value::Null);
        }
        if let Some(known) = known.get(&key) {
            return Ok(known.clone());
        }
        let before = variants::find_revision(&self.tx, before).await?;
        let blocks = before.map_or(Value::Null, |before| json!(changed_blocks(&before.content.body, &story.body)));
        known.insert(key, blocks.clone());
        Ok(blocks)
    }
}

/// What a notice says beside its kind and status.
fn detail(notice: &Notice, should: &Standing, story: Option<&Candidate>, blocks: Value) -> Result<Value> {
    let corrections: Vec<Value> = notice
        .corrections
        .iter()
        .map(|one| {
            let at = one.at.format(&Rfc3339).map_err(Error::internal)?;
            Ok(json!({"id": one.id, "kind": one.kind, "at": at, "text": one.text, "signed": one.signed}))
        })
        .collect::<Result<_>>()?;
    let until = story.and_then(|story| story.embargoed_until).filter(|_| should.reason.is_none());
    let mut detail = serde_json::Map::new();
    let mut put = |key: &str, value: Value| {
        if !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()) {
            detail.insert(key.to_owned(), value);
        }
    };
    put("reason", json!(should.reason));
    put("corrections", Value::Array(corrections));
    put("changedBlocks", blocks);
    put("embargoedUntil", json!(until.map(|until| until.format(&Rfc3339)).transpose().map_err(Error::internal)?));
    Ok(Value::Object(detail))
}

/// Where a story stands for a partner that is told all of it.
pub(super) fn stands_now(partner: PartnerId, place: &Place, story: Option<&Candidate>, should: Standing) -> Stands {
    let had = story.map_or_else(Had::default, |story| Had {
        revision: Some(story.variant.revision),
        corrections: story.variant.card.corrections.iter().map(|correction| correction.id).collect(),
    });
    let embargoed_until = story.and_then(|story| story.embargoed_until).filter(|_| should.reason.is_none());
    let told = Told { status: should.status, shown: should.shown, had, embargoed: embargoed_until.is_some() };
    Stands { partner, place: place.clone(), told, embargoed_until }
}

/// Everything is decided again when it is sent.
pub(super) fn decide(stand: &Stand, place: &Place, partner: &Partner, now: time::OffsetDateTime) -> Standing {
    standing(stand.candidates.get(place), false, &partner.facts.terms, &stand.entities, now)
}
