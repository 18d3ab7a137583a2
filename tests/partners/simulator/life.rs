//! A newsroom's side: stories are published, corrected, planned and withdrawn, rights end, and the server is killed.

use super::copies::{Partner, Place};
use crate::partners::dice::Dice;
use crate::partners::sending::wait_for;
use crate::partners::world::World;
use crate::support::Staff;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// Where a story should stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Live,
    Planned(OffsetDateTime),
    /// Called off, withdrawn or retracted.
    Gone,
}

/// A story as the newsroom knows it.
#[derive(Debug, Clone)]
pub struct Tale {
    variant: String,
    pub title: String,
    pub image: Option<usize>,
    pub corrections: usize,
    pub stands: Stands,
    /// The first moment at which everybody may know of it; nothing while that is to come and not fixed.
    pub public_from: Option<OffsetDateTime>,
    is_withdrawn: bool,
}

impl Tale {
    /// Whether something can be done to it that can be done to what is published.
    fn is_live(&self) -> bool {
        self.stands == Stands::Live && !self.variant.is_empty()
    }
}

/// A picture, and from when on it may not be shown: everywhere, or in the United States only.
#[derive(Debug, Clone)]
pub struct Picture {
    pub id: String,
    pub ends: Option<OffsetDateTime>,
    pub ends_abroad: Option<OffsetDateTime>,
}

impl Picture {
    /// From when on a partner may not have it.
    pub fn ends_for(&self, partner: &Partner) -> Option<OffsetDateTime> {
        let abroad = self.ends_abroad.filter(|_| partner.terms.territory == "US");
        self.ends.into_iter().chain(abroad).min()
    }
}

/// Something that who has the story has to be told.
#[derive(Debug, Clone)]
pub struct Notice {
    pub place: Place,
    pub kind: &'static str,
    pub began: OffsetDateTime,
    pub ended: OffsetDateTime,
}

/// The newsroom, and what it did.
pub struct Life {
    pub world: World,
    pub address: Arc<Mutex<String>>,
    pub tales: BTreeMap<Place, Tale>,
    pub pictures: Vec<Picture>,
    pub notices: Vec<Notice>,
    editor: Staff,
    dice: Dice,
    count: usize,
}

impl Life {
    /// A newsroom with the pictures of the stories that it begins with.
    pub async fn begin(world: World, dice: Dice) -> Self {
        let editor = world.server().staff("editor").await;
        let address = Arc::new(Mutex::new(world.server().address().to_owned()));
        let mut life = Self {
            world,
            address,
            editor,
            dice,
            tales: BTreeMap::new(),
            pictures: Vec::new(),
            notices: Vec::new(),
            count: 0,
        };
        let query = "{ articles(first: 10) { edges { variant { id title article { id } leadImage { id } } } } }";
        let answer = life.world.server().query(query).await;
        for edge in answer.data("/articles/edges").as_array().unwrap() {
            let text = |pointer: &str| edge.pointer(pointer).unwrap().as_str().unwrap().to_owned();
            let image = Some(life.pictures.len());
            life.pictures.push(Picture { id: text("/variant/leadImage/id"), ends: None, ends_abroad: None });
            let tale = Tale {
                variant: text("/variant/id"),
                title: text("/variant/title"),
                image,
                corrections: 0,
                stands: Stands::Live,
                public_from: Some(OffsetDateTime::UNIX_EPOCH),
                is_withdrawn: false,
            };
            life.tales.insert((text("/variant/article/id"), "ko".to_owned()), tale);
        }
        life
    }

    /// Ends the rights of a picture abroad.
    pub async fn keep_at_home(&mut self, picture: usize) {
        self.change("updateImage", json!({"imageId": self.pictures[picture].id, "rights": {"territories": ["KR"]}}))
            .await;
        self.pictures[picture].ends_abroad = Some(OffsetDateTime::now_utc());
    }

    /// Something happens.
    pub async fn go_on(&mut self) {
        match self.dice.roll(21) {
            0..=4 => drop(self.publish().await),
            5..=7 => self.rewrite().await,
            8..=10 => self.correct().await,
            11..=13 => self.withdraw().await,
            14 => self.reopen().await,
            15 => self.plan_soon().await,
            16 => self.plan_later().await,
            17 => self.decide_planned().await,
            18 => self.end_rights().await,
            _ => self.be_followed().await,
        }
    }

    /// Whatever `go_on` may have left out: each thing that has to happen at least once.
    pub async fn complete(&mut self) {
        self.plan_soon().await;
        self.plan_later().await;
        self.publish().await;
        self.correct().await;
        self.withdraw().await;
        self.end_rights().await;
        self.be_killed();
    }

    /// Waits until partners were told of all that happened.
    pub async fn be_followed(&self) {
        let all = "SELECT count(*) FROM follower WHERE name = 'partners' AND seen >= (SELECT max(id) FROM event)";
        wait_for(&self.world, all, 1).await;
    }

    fn be_killed(&mut self) {
        self.world.restart();
        self.world.server().address().clone_into(&mut self.address.lock().unwrap());
    }

    async fn change(&self, mutation: &str, input: Value) -> Value {
        self.world.server().changed(&self.editor, mutation, "__typename", input).await
    }

    async fn step(&self, mutation: &str, variant: &str, input: Value) {
        self.world.server().done(&self.editor, mutation, variant, input).await;
    }

    async fn write(&mut self) -> Place {
        self.count += 1;
        let title = format!("이야기 {} story", self.count);
        let language = ["ko", "en"][self.dice.roll(2) as usize];
        let image = Some(self.dice.roll(5) as usize).filter(|image| *image < self.pictures.len());
        let text = json!({"title": title, "body": {"markdown": format!("{title}.\n\n두 번째 문단.")}});
        let shared = json!({"leadImageId": image.map(|image| self.pictures[image].id.clone())});
        let input = json!({"language": language, "text": text, "shared": shared});
        let made = self.world.server().changed(&self.editor, "createArticle", "variant { id articleId }", input).await;
        let text = |name: &str| made["variant"][name].as_str().unwrap().to_owned();
        let place = (text("articleId"), language.to_owned());
        let tale = Tale {
            variant: text("id"),
            title,
            image,
            corrections: 0,
            stands: Stands::Gone,
            public_from: None,
            is_withdrawn: false,
        };
        self.step("submitVariant", &tale.variant, json!({})).await;
        self.tales.insert(place.clone(), tale);
        place
    }

    async fn publish(&mut self) -> Place {
        let place = self.write().await;
        self.tell(&place).await;
        place
    }

    async fn tell(&mut self, place: &Place) {
        let began = OffsetDateTime::now_utc();
        self.step("publishVariant", &self.tales[place].variant, json!({})).await;
        let tale = self.tales.get_mut(place).unwrap();
        tale.stands = Stands::Live;
        tale.public_from = tale.public_from.or(Some(began));
    }

    /// One of the stories that stand so.
    fn any(&mut self, stands: impl Fn(&Tale) -> bool) -> Option<Place> {
        let all: Vec<&Place> = self.tales.iter().filter(|(_, tale)| stands(tale)).map(|(place, _)| place).collect();
        (!all.is_empty()).then(|| all[self.dice.roll(all.len() as u64) as usize].clone())
    }

    async fn rewrite(&mut self) {
        let Some(place) = self.any(Tale::is_live) else { return };
        self.count += 1;
        let title = format!("이야기 {} again", self.count);
        let tale = self.tales.get_mut(&place).unwrap();
        tale.title.clone_from(&title);
        let input = json!({"variantId": tale.variant, "text": {"title": title}});
        self.change("reviseVariant", input).await;
        self.tell(&place).await;
    }

    async fn correct(&mut self) {
        let Some(place) = self.any(Tale::is_live) else { return };
        let kind = ["CORRECTION", "UPDATE", "CLARIFICATION", "RETRACTION"][self.dice.roll(4) as usize];
        let began = OffsetDateTime::now_utc();
        let input = json!({"variantId": self.tales[&place].variant, "kind": kind, "text": "숫자를 고침"});
        self.change("addCorrection", input).await;
        self.notices.push(Notice { place: place.clone(), kind: "CORRECTED", began, ended: OffsetDateTime::now_utc() });
        let tale = self.tales.get_mut(&place).unwrap();
        tale.corrections += 1;
        if kind == "RETRACTION" {
            tale.stands = Stands::Gone;
        }
    }

    async fn withdraw(&mut self) {
        let Some(place) = self.any(Tale::is_live) else { return };
        let began = OffsetDateTime::now_utc();
        self.step("withdrawVariant", &self.tales[&place].variant, json!({"reason": "wrong"})).await;
        self.notices.push(Notice { place: place.clone(), kind: "WITHDRAWN", began, ended: OffsetDateTime::now_utc() });
        let tale = self.tales.get_mut(&place).unwrap();
        (tale.stands, tale.is_withdrawn) = (Stands::Gone, true);
    }

    async fn reopen(&mut self) {
        let Some(place) = self.any(|tale| tale.is_withdrawn) else { return };
        let tale = self.tales.get_mut(&place).unwrap();
        tale.is_withdrawn = false;
        let variant = tale.variant.clone();
        self.step("reopenVariant", &variant, json!({})).await;
        self.step("submitVariant", &variant, json!({})).await;
        self.tell(&place).await;
    }

    async fn plan(&mut self, at: OffsetDateTime) -> Place {
        let place = self.write().await;
        let at = at.replace_nanosecond(at.nanosecond() / 1_000 * 1_000).unwrap();
        self.step("scheduleVariant", &self.tales[&place].variant, json!({"at": at.format(&Rfc3339).unwrap()})).await;
        self.tales.get_mut(&place).unwrap().stands = Stands::Planned(at);
        place
    }

    /// Becomes public by itself while the test runs.
    async fn plan_soon(&mut self) {
        let at = OffsetDateTime::now_utc() + Duration::milliseconds(1_500 + self.dice.roll(1_500) as i64);
        let place = self.plan(at).await;
        let tale = self.tales.get_mut(&place).unwrap();
        (tale.public_from, tale.stands) = (Some(at), Stands::Live);
        // Nothing more is done to it: it may be planned or public by then.
        tale.variant = String::new();
    }

    /// Nobody but who is trusted with it may know of it before it is published.
    async fn plan_later(&mut self) {
        self.plan(OffsetDateTime::now_utc() + Duration::minutes(30)).await;
    }

    async fn decide_planned(&mut self) {
        let Some(place) = self.any(|tale| matches!(tale.stands, Stands::Planned(_))) else { return };
        if self.dice.roll(2) == 0 {
            return self.tell(&place).await;
        }
        self.step("sendBackVariant", &self.tales[&place].variant, json!({"note": "not yet"})).await;
        self.tales.get_mut(&place).unwrap().stands = Stands::Gone;
    }

    /// The second picture ends abroad, the third everywhere.
    async fn end_rights(&mut self) {
        if self.pictures[1].ends_abroad.is_none() {
            return self.keep_at_home(1).await;
        }
        if self.pictures[2].ends.is_none() {
            let ends = (OffsetDateTime::now_utc() + Duration::SECOND).replace_nanosecond(0).unwrap();
            let rights = json!({"expiresAt": ends.format(&Rfc3339).unwrap()});
            self.change("updateImage", json!({"imageId": self.pictures[2].id, "rights": rights})).await;
            // When it was said, or when it comes, whichever is later.
            self.pictures[2].ends = Some(ends.max(OffsetDateTime::now_utc()));
        }
    }
}
