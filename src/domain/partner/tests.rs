//! Tables of what partners should have, and what they are told.

use super::*;
use crate::domain::article::{Correction, CorrectionKind, Seo, Shared};
use crate::domain::body::Body;
use crate::domain::entity::{Entity, Image};
use crate::domain::ids::{ArticleId, CorrectionId, ImageId, RevisionId, VariantId};
use crate::domain::published::{Card, PublishedVariant};
use std::collections::HashMap;
use std::sync::Arc;
use time::macros::datetime;
use uuid::Uuid;

const NOW: OffsetDateTime = datetime!(2026-11-26 09:00 UTC);
const SECTION: SectionId = SectionId(Uuid::from_u128(1));
const ABOVE: SectionId = SectionId(Uuid::from_u128(2));
const PICTURE: ImageId = ImageId(Uuid::from_u128(3));

fn card() -> Card {
    let shared = Shared {
        kind: Kind::News,
        section: Some(SECTION),
        lead_image: Some(PICTURE),
        tags: Vec::new(),
        bylines: Vec::new(),
        related: Vec::new(),
    };
    Card {
        slug: "기사".into(),
        title: "기사".into(),
        deks: Vec::new(),
        summary: None,
        seo: Seo::default(),
        shared,
        translation: None,
        corrections: Vec::new(),
        text_hash: String::new(),
        word_count: 1,
        reading_time: 1,
        original: true,
    }
}

fn story() -> Candidate {
    let variant = PublishedVariant {
        id: VariantId(Uuid::from_u128(5)),
        article: ArticleId(Uuid::from_u128(6)),
        language: "ko".parse().unwrap(),
        revision: RevisionId(Uuid::from_u128(7)),
        published_at: NOW,
        modified_at: NOW,
        card: card(),
    };
    Candidate { variant: Arc::new(variant), body: Arc::new(Body { blocks: Vec::new() }), embargoed_until: None }
}

fn planned(until: OffsetDateTime) -> Candidate {
    Candidate { embargoed_until: Some(until), ..story() }
}

fn corrected(kind: CorrectionKind) -> Candidate {
    let mut story = story();
    let correction = Correction {
        id: CorrectionId(Uuid::from_u128(9)),
        kind,
        at: NOW,
        text: "고침".into(),
        signed: None,
        carries: None,
    };
    Arc::make_mut(&mut story.variant).card.corrections.push(correction);
    story
}

fn entities(rights: Rights) -> HashMap<Uuid, Arc<Entity>> {
    let section = Section { id: SECTION, names: [].into(), slugs: [].into(), ancestors: vec![ABOVE], position: 0 };
    let image: Image = serde_json::from_value(serde_json::json!({"id": PICTURE})).unwrap();
    let image = Image { rights, ..image };
    [(SECTION.0, Arc::new(Entity::Section(section))), (PICTURE.0, Arc::new(Entity::Image(image)))].into()
}

use super::rights::{Refusal, Rights};

fn status(story: Option<&Candidate>, terms: &Terms) -> (Status, Option<Reason>) {
    let standing = standing(story, false, terms, &entities(Rights::default()), NOW);
    (standing.status, standing.reason)
}

#[test]
fn what_a_partner_should_have_follows_from_story_terms_and_moment() {
    let hour = Duration::HOUR;
    let terms = |change: fn(&mut Terms)| {
        let mut terms = Terms::default();
        change(&mut terms);
        terms
    };
    let lead = terms(|terms| terms.lead_minutes = 120);
    let usable = (Status::Usable, None);
    let outside = (Status::Withheld, Some(Reason::OutsideTerms));
    for (name, story, terms, expected) in [
        ("all", Some(story()), Terms::default(), usable),
        ("its language", Some(story()), terms(|terms| terms.languages = vec!["ko".parse().unwrap()]), usable),
        ("another language", Some(story()), terms(|terms| terms.languages = vec!["en".parse().unwrap()]), outside),
        ("its section", Some(story()), terms(|terms| terms.sections = vec![SECTION]), usable),
        ("a section above", Some(story()), terms(|terms| terms.sections = vec![ABOVE]), usable),
        ("another section", Some(story()), terms(|terms| terms.sections = vec![SectionId(Uuid::nil())]), outside),
        ("its kind", Some(story()), terms(|terms| terms.kinds = vec![Kind::News, Kind::Brief]), usable),
        ("another kind", Some(story()), terms(|terms| terms.kinds = vec![Kind::Opinion]), outside),
        ("withdrawn", None, Terms::default(), (Status::Canceled, Some(Reason::Withdrawn))),
        (
            "retracted",
            Some(corrected(CorrectionKind::Retraction)),
            Terms::default(),
            (Status::Canceled, Some(Reason::Retracted)),
        ),
        ("corrected", Some(corrected(CorrectionKind::Correction)), Terms::default(), usable),
        ("planned", Some(planned(NOW + hour)), Terms::default(), (Status::Canceled, Some(Reason::Withdrawn))),
        ("planned, within the lead", Some(planned(NOW + hour)), lead.clone(), usable),
        ("planned, just within the lead", Some(planned(NOW + 2 * hour)), lead.clone(), usable),
        ("planned, before the lead", Some(planned(NOW + 3 * hour)), lead, (Status::Canceled, Some(Reason::Withdrawn))),
    ] {
        assert_eq!(status(story.as_ref(), &terms), expected, "{name}");
    }
    let called_off = standing(None, true, &Terms::default(), &entities(Rights::default()), NOW);
    assert_eq!(called_off.reason, Some(Reason::CalledOff));
}

#[test]
fn a_picture_that_may_not_go_out_is_named_and_makes_another_story_of_it() {
    let of = |rights: Rights| standing(Some(&story()), false, &Terms::default(), &entities(rights), NOW);
    let free = of(Rights::default());
    assert!(free.withheld.is_empty());
    let ended = of(Rights { expires_at: Some(NOW), ..Rights::default() });
    assert_eq!(ended.withheld, [(PICTURE, Refusal::Expired)]);
    assert_ne!(free.shown, ended.shown);
    let unknown = standing(Some(&story()), false, &Terms::default(), &HashMap::new(), NOW);
    assert_eq!(unknown.withheld, [(PICTURE, Refusal::NoSyndication)]);
    let later = NOW + Duration::HOUR;
    let rights = Rights { expires_at: Some(later), ..Rights::default() };
    assert_eq!(story().next_change(&entities(rights), NOW), Some(later));
    assert_eq!(planned(later).next_change(&entities(Rights::default()), NOW), Some(later));
    assert_eq!(story().next_change(&entities(Rights::default()), NOW), None);
}

#[test]
fn a_partner_is_told_the_difference_and_nothing_twice() {
    let terms = Terms { lead_minutes: 120, ..Terms::default() };
    let entities = entities(Rights::default());
    let should = |story: Option<&Candidate>| standing(story, false, &terms, &entities, NOW);
    let told = |story: &Candidate| Told {
        status: should(Some(story)).status,
        shown: should(Some(story)).shown,
        had: Had {
            revision: Some(story.variant.revision),
            corrections: story.variant.card.corrections.iter().map(|correction| correction.id).collect(),
        },
        embargoed: story.embargoed_until.is_some(),
    };
    let (plain, early) = (story(), planned(NOW + Duration::HOUR));
    let fixed = corrected(CorrectionKind::Correction);
    let retracted = corrected(CorrectionKind::Retraction);
    let mut rewritten = story();
    Arc::make_mut(&mut rewritten.variant).revision = RevisionId(Uuid::from_u128(8));
    let gone = Told { status: Status::Canceled, shown: String::new(), ..told(&plain) };
    for (name, before, now, expected) in [
        ("new", None, Some(&plain), Some(NoticeKind::Published)),
        ("never had it", None, None, None),
        ("early", None, Some(&early), Some(NoticeKind::Embargoed)),
        ("the same", Some(told(&plain)), Some(&plain), None),
        ("released", Some(told(&early)), Some(&plain), Some(NoticeKind::Published)),
        ("rewritten", Some(told(&plain)), Some(&rewritten), Some(NoticeKind::Updated)),
        ("corrected", Some(told(&plain)), Some(&fixed), Some(NoticeKind::Corrected)),
        ("corrected before", Some(told(&fixed)), Some(&fixed), None),
        ("retracted", Some(told(&plain)), Some(&retracted), Some(NoticeKind::Canceled)),
        ("withdrawn", Some(told(&plain)), None, Some(NoticeKind::Canceled)),
        ("withdrawn twice", Some(gone.clone()), None, None),
        ("back", Some(gone), Some(&plain), Some(NoticeKind::Published)),
    ] {
        let notice = difference(before.as_ref(), &should(now), now);
        assert_eq!(notice.map(|notice| notice.kind), expected, "{name}");
    }
    let notice = difference(Some(&told(&plain)), &should(Some(&fixed)), Some(&fixed)).unwrap();
    assert_eq!(notice.corrections.len(), 1);
}
