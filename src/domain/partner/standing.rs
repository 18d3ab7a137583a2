//! What a partner should have of a story, as one pure function of the story, the partner's terms and the moment; and how
//! that differs from what it was told.

use super::Terms;
use super::rights::Refusal;
use crate::domain::article::{Correction, CorrectionKind};
use crate::domain::body::Body;
use crate::domain::entity::{Entity, Image};
use crate::domain::hex::hex;
use crate::domain::ids::{CorrectionId, ImageId, RevisionId};
use crate::domain::named::named;
use crate::domain::published::{PublishedVariant, body_images};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

named! {
    /// What a partner may do with a story: IPTC's `pubStatus`.
    Status "status" {
        /// Publish it.
        Usable "usable",
        /// Not publish it for now: it is not, or no longer, within the partner's terms.
        Withheld "withheld",
        /// Take it down.
        Canceled "canceled",
    }
}

named! {
    /// Why a story is not usable.
    Reason "reason" {
        /// The newsroom withdrew it.
        Withdrawn "WITHDRAWN",
        /// The newsroom does not stand by it any more.
        Retracted "RETRACTED",
        /// It was planned, and is not any more.
        CalledOff "CALLED_OFF",
        /// The partner has other languages, sections or kinds.
        OutsideTerms "OUTSIDE_TERMS",
    }
}

named! {
    /// What a partner is told.
    NoticeKind "kind of notice" {
        /// A story is there, for the first time or again.
        Published "PUBLISHED",
        /// A story is there before its embargo ends.
        Embargoed "EMBARGOED",
        /// A story, or what the partner may have of it, is another one now.
        Updated "UPDATED",
        /// A story has a correction that the partner does not have.
        Corrected "CORRECTED",
        /// A story is to be taken down.
        Canceled "CANCELED",
        /// A story may not be shown for now.
        Withheld "WITHHELD",
    }
}

/// A story in a language as it stands, published or planned.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The variant as it is, or would be, published.
    pub variant: Arc<PublishedVariant>,
    /// Its text.
    pub body: Arc<Body>,
    /// When everybody may see it, where that is still to come.
    pub embargoed_until: Option<OffsetDateTime>,
}

/// What a partner should have of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether it may be published.
    pub status: Status,
    /// Why not.
    pub reason: Option<Reason>,
    /// A hash of what the partner may have of it; empty where that is nothing.
    pub shown: String,
    /// The pictures that the partner does not get.
    pub withheld: Vec<(ImageId, Refusal)>,
    /// What the newsroom says about a story that it does not stand by any more.
    pub corrections: Vec<Correction>,
}

impl Standing {
    fn nothing(status: Status, reason: Reason) -> Self {
        Self { status, reason: Some(reason), shown: String::new(), withheld: Vec::new(), corrections: Vec::new() }
    }
}

impl Candidate {
    /// The newsroom's word that the story does not stand.
    pub fn retraction(&self) -> Option<&Correction> {
        self.variant.card.corrections.iter().find(|correction| correction.kind == CorrectionKind::Retraction)
    }

    /// Every picture, each once.
    pub fn images(&self) -> Vec<ImageId> {
        let mut images: Vec<ImageId> = self.variant.lead_image().into_iter().collect();
        images.extend(body_images(&self.body).into_iter().filter(|image| Some(*image) != self.variant.lead_image()));
        images
    }

    /// When rights to one of its pictures end next, or its embargo does.
    pub fn next_change(&self, entities: &HashMap<Uuid, Arc<Entity>>, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let ends = self.images().into_iter().filter_map(|id| image(entities, id)?.rights.expires_at);
        ends.chain(self.embargoed_until).filter(|end| *end > now).min()
    }
}

fn image(entities: &HashMap<Uuid, Arc<Entity>>, id: ImageId) -> Option<&Image> {
    match entities.get(&id.0).map(AsRef::as_ref) {
        Some(Entity::Image(image)) => Some(image),
        _ => None,
    }
}

/// What a partner should have of a story at a moment. `entities` has the story's section and pictures; nothing is known
/// of a story that is neither published nor planned. `embargoed`: what the partner has of it is under embargo.
pub fn standing(
    story: Option<&Candidate>,
    embargoed: bool,
    terms: &Terms,
    entities: &HashMap<Uuid, Arc<Entity>>,
    now: OffsetDateTime,
) -> Standing {
    let gone = if embargoed {
        Standing::nothing(Status::Canceled, Reason::CalledOff)
    } else {
        Standing::nothing(Status::Canceled, Reason::Withdrawn)
    };
    let Some(story) = story else { return gone };
    if story.embargoed_until.is_some_and(|until| until > now && until - terms.lead() > now) {
        // Planned, but not for this partner yet: what it had before is called off.
        return gone;
    }
    let variant = &story.variant;
    let section = match variant.section().and_then(|id| entities.get(&id.0)).map(AsRef::as_ref) {
        Some(Entity::Section(section)) => Some(section),
        _ => None,
    };
    let has_kind = terms.kinds.is_empty() || terms.kinds.contains(&variant.kind());
    if !terms.has_language(&variant.language) || !has_kind || !terms.has_section(section) {
        return Standing::nothing(Status::Withheld, Reason::OutsideTerms);
    }
    if let Some(retraction) = story.retraction() {
        let corrections = vec![retraction.clone()];
        return Standing { corrections, ..Standing::nothing(Status::Canceled, Reason::Retracted) };
    }
    let refused = |id: ImageId| {
        // A picture that is not known any more is one that nobody vouches for.
        let refusal =
            image(entities, id).map_or(Some(Refusal::NoSyndication), |image| image.rights.refusal(terms, now));
        refusal.map(|refusal| (id, refusal))
    };
    let withheld: Vec<_> = story.images().into_iter().filter_map(refused).collect();
    let shown = shown(story, terms, &withheld, entities);
    Standing { status: Status::Usable, reason: None, shown, withheld, corrections: Vec::new() }
}

/// A hash of exactly what the partner may have.
fn shown(
    story: &Candidate,
    terms: &Terms,
    withheld: &[(ImageId, Refusal)],
    entities: &HashMap<Uuid, Arc<Entity>>,
) -> String {
    let mut hasher = Sha256::new();
    let mut part = |text: &str| {
        hasher.update(text.len().to_le_bytes());
        hasher.update(text.as_bytes());
    };
    part(&story.variant.revision.to_string());
    part(&story.variant.modified_at.unix_timestamp_nanos().to_string());
    story.variant.card.corrections.iter().for_each(|correction| part(&correction.id.to_string()));
    part(if terms.full_text { "full" } else { "summary" });
    part(&story.embargoed_until.map(|until| until.unix_timestamp_nanos().to_string()).unwrap_or_default());
    for id in story.images() {
        part(&id.to_string());
        match withheld.iter().find(|(refused, _)| *refused == id) {
            Some((_, refusal)) => part(refusal.as_str()),
            None => part(&image(entities, id).and_then(|image| serde_json::to_string(image).ok()).unwrap_or_default()),
        }
    }
    hex(hasher.finalize().get(..16).unwrap_or_default())
}

/// What of a story a partner has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Had {
    /// The revision.
    pub revision: Option<RevisionId>,
    /// The corrections.
    #[serde(default)]
    pub corrections: Vec<CorrectionId>,
}

/// What a partner was told last of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whether it may be published.
    pub status: Status,
    /// The hash of what it was told.
    pub shown: String,
    /// What it was told of.
    pub had: Had,
    /// Whether that was under embargo.
    pub embargoed: bool,
}

impl Told {
    /// The newest correction once more, for whoever may have it already; or that a story that was withdrawn meanwhile is there
    /// again.
    pub fn again(&self, owed: Owed, should: &Standing, story: Option<&Candidate>) -> Option<Notice> {
        if self.status != Status::Usable || should.status != Status::Usable {
            return None;
        }
        let newest = story?.variant.card.corrections.last().filter(|_| owed.correction);
        let kind = match newest {
            Some(_) => NoticeKind::Corrected,
            None if owed.withdrawal => NoticeKind::Published,
            None => return None,
        };
        Some(Notice { kind, corrections: newest.into_iter().cloned().collect() })
    }
}

/// What whoever has a story is told of in any case: even who fetched it as it is now before it was compared, and even where it
/// stands again as it stood. The ledger wants to know when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Owed {
    /// A correction.
    pub correction: bool,
    /// A withdrawal.
    pub withdrawal: bool,
}

/// What a partner is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// Corrections that it does not have.
    pub corrections: Vec<Correction>,
}

/// What to tell a partner that was told one thing and should have another; nothing where there is no difference.
pub fn difference(told: Option<&Told>, should: &Standing, story: Option<&Candidate>) -> Option<Notice> {
    let known = |correction: &&Correction| told.is_some_and(|told| told.had.corrections.contains(&correction.id));
    let corrections: Vec<Correction> = match (told, story) {
        (Some(_), Some(story)) => story.variant.card.corrections.iter().filter(|one| !known(one)).cloned().collect(),
        _ => Vec::new(),
    };
    let embargoed = story.is_some_and(|story| story.embargoed_until.is_some());
    let kind = match (told.map(|told| told.status), should.status) {
        (None, Status::Usable) if embargoed => NoticeKind::Embargoed,
        (None, Status::Usable) => NoticeKind::Published,
        (None, _) => return None,
        (Some(before), after) if before == after && told.is_some_and(|told| told.shown == should.shown) => return None,
        (Some(Status::Usable), Status::Usable) if told.is_some_and(|told| told.embargoed) && !embargoed => {
            NoticeKind::Published
        }
        (Some(Status::Usable), Status::Usable) if !corrections.is_empty() => NoticeKind::Corrected,
        (Some(Status::Usable), Status::Usable) => NoticeKind::Updated,
        (Some(_), Status::Usable) => NoticeKind::Published,
        (Some(_), Status::Canceled) => NoticeKind::Canceled,
        (Some(_), Status::Withheld) => NoticeKind::Withheld,
    };
    Some(Notice { kind, corrections })
}
