//! A story of a newsroom that publishes in Korean and English.

use crate::domain::address::Addresses;
use crate::domain::article::{Byline, BylineRole, Correction, CorrectionKind, Kind, Seo, Shared};
use crate::domain::body::{Body, Content, Figure, markdown};
use crate::domain::entity::{Author, Entity, Image, Section, Tag, TagKind};
use crate::domain::ids::{ArticleId, AuthorId, CorrectionId, ImageId, RevisionId, SectionId, TagId, VariantId};
use crate::domain::language::{Direction, Language, LanguageTag, Languages, Localized};
use crate::domain::ninjs::{Item, Setting, Tombstone, tombstone};
use crate::domain::partner::{Reason, Status};
use crate::domain::published::{Card, PublishedVariant};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use time::macros::datetime;
use uuid::Uuid;

pub struct Newsroom {
    pub variant: PublishedVariant,
    pub languages: Vec<Arc<PublishedVariant>>,
    pub body: Body,
    pub entities: HashMap<Uuid, Arc<Entity>>,
    addresses: Addresses,
    names: Languages,
}

pub fn image_id(number: u128) -> ImageId {
    ImageId(Uuid::from_u128(number))
}

pub fn correction(kind: CorrectionKind, signed: Option<&str>) -> Correction {
    Correction {
        id: CorrectionId(Uuid::from_u128(50)),
        kind,
        at: datetime!(2026-11-26 12:00 UTC),
        text: "숫자를 고쳤습니다.".into(),
        signed: signed.map(str::to_owned),
        carries: None,
    }
}

fn both(korean: &str, english: &str) -> Localized {
    [("ko".parse().unwrap(), korean.to_owned()), ("en".parse().unwrap(), english.to_owned())].into()
}

fn variant(number: u128, language: &str, slug: &str, title: &str) -> PublishedVariant {
    let shared = Shared {
        kind: Kind::News,
        section: Some(SectionId(Uuid::from_u128(20))),
        lead_image: Some(image_id(1)),
        tags: (30..34).map(|number| TagId(Uuid::from_u128(number))).collect(),
        bylines: vec![Byline { author: AuthorId(Uuid::from_u128(10)), role: BylineRole::Author }],
        related: Vec::new(),
    };
    let card = Card {
        slug: slug.into(),
        title: title.into(),
        deks: vec!["1년".into()],
        summary: Some("요약".into()),
        seo: Seo::default(),
        shared,
        translation: None,
        corrections: Vec::new(),
        text_hash: String::new(),
        word_count: 4,
        reading_time: 1,
        original: language == "ko",
    };
    PublishedVariant {
        id: VariantId(Uuid::from_u128(number)),
        article: ArticleId(Uuid::from_u128(40)),
        language: language.parse().unwrap(),
        revision: RevisionId(Uuid::from_u128(number + 1)),
        published_at: datetime!(2026-11-25 9:00 +9),
        modified_at: datetime!(2026-11-25 10:00 +9),
        card,
    }
}

fn images() -> [Image; 2] {
    let lead = json!({
        "id": image_id(1), "file": {"sha256": "a".repeat(64), "media_type": "image/jpeg", "size": 90_000},
        "width": 1200, "height": 800, "focal_point": {"x": 0.25, "y": 0.5}, "credit": "Midjourney",
        "licence": "CC BY 4.0", "digital_source_type": "trainedAlgorithmicMedia",
        "captions": both("그림", "Drawing"),
        "rights": {"expires_at": "2027-01-01T00:00:00Z", "territories": ["KR", "JP"]},
    });
    let inside = json!({
        "id": image_id(2), "file": {"sha256": "b".repeat(64), "media_type": "image/png", "size": 1},
        "alts": both("배", "Ship"), "licence": "https://licence.example/terms",
    });
    [lead, inside].map(|json| serde_json::from_value(json).unwrap())
}

fn entities() -> HashMap<Uuid, Arc<Entity>> {
    let author = json!({"id": AuthorId(Uuid::from_u128(10)), "slug": "han", "names": both("한서윤", "Han Seo-yun")});
    let author: Author = serde_json::from_value(author).unwrap();
    let section = Section {
        id: SectionId(Uuid::from_u128(20)),
        names: both("교통", "Transport"),
        slugs: both("교통", "transport"),
        ancestors: Vec::new(),
        position: 0,
    };
    let kinds = [TagKind::Topic, TagKind::Person, TagKind::Place, TagKind::Organisation];
    let tags = (30..34).zip(kinds).map(|(number, kind)| {
        let (names, slugs) = (both("이름", "Name"), both("이름", "name"));
        Entity::from(Tag { id: TagId(Uuid::from_u128(number)), kind, names, slugs })
    });
    let others = [Entity::from(author), section.into()].into_iter().chain(images().map(Entity::from)).chain(tags);
    others.map(|entity| (entity.uuid(), Arc::new(entity))).collect()
}

impl Default for Newsroom {
    fn default() -> Self {
        let variant_ko = variant(60, "ko", "여객선", "첫 전기 여객선");
        let english = variant(70, "en", "ferry", "First electric ferry");
        let addresses = Addresses {
            service: "https://api.example".into(),
            site: "https://news.example".into(),
            article_path: "/{language}/{slug}".into(),
            site_name: "News".into(),
            licensing: Some("https://news.example/licensing".into()),
            preview: None,
        };
        let language = |tag: &str| Language {
            tag: tag.parse().unwrap(),
            name: tag.into(),
            direction: Direction::Ltr,
            fallback: Vec::new(),
        };
        let default: LanguageTag = "ko".parse().unwrap();
        let text = "승객은 230명이다.\n\n배가 왔다.\n\n![a](https://elsewhere.example/a.jpg \"arrives at the pier\")";
        let mut body = Self::body_of(text);
        let mut inside = body.blocks.last().unwrap().clone();
        inside.id = "figure-of-the-library".into();
        inside.content = Content::Figure(Figure { image: Some(image_id(2)), ..Figure::default() });
        body.blocks.push(inside);
        Self {
            languages: vec![Arc::new(variant_ko.clone()), Arc::new(english)],
            variant: variant_ko,
            body,
            entities: entities(),
            addresses,
            names: Languages::new(vec![language("ko"), language("en")], default).unwrap(),
        }
    }
}

impl Newsroom {
    pub fn body_of(text: &str) -> Body {
        Body::from_contents(markdown::parse(text).contents, None)
    }

    pub fn item(&self) -> Item<'_> {
        Item {
            variant: &self.variant,
            version: "1a2b",
            body: Some(&self.body),
            languages: &self.languages,
            embargoed_until: None,
            withheld: &[],
            changed: &[],
            setting: Setting { entities: &self.entities, addresses: &self.addresses, names: &self.names },
        }
    }

    pub fn tombstone(&self, status: Status, reason: Reason, corrections: &[Correction]) -> Value {
        let story = Tombstone {
            article: self.variant.article,
            language: &self.variant.language,
            version: "1a2b",
            status,
            reason: Some(reason),
            corrections,
        };
        tombstone(&story, &self.addresses)
    }
}
