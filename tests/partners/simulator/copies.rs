//! A partner's side: what it asked, what arrived, what was acknowledged, and the copy that it keeps.

use crate::partners::dice::Dice;
use crate::partners::receiver::Receiver;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use time::OffsetDateTime;

/// A story in a language: the article's id and the language.
pub type Place = (String, String);

/// A story, or word that it is gone, as it arrived.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub place: Place,
    pub item: Value,
    /// The number in the feed; nothing in a snapshot.
    pub change: Option<i64>,
    /// Nothing in it is older than this.
    pub composed_after: OffsetDateTime,
    pub arrived: OffsetDateTime,
    /// Whether the partner said, or meant to say, that it has it.
    pub taken: bool,
}

impl Arrival {
    pub fn is_usable(&self) -> bool {
        self.item["status"] == "usable"
    }

    pub fn title(&self) -> &str {
        self.item["story"]["title"].as_str().unwrap_or_default()
    }

    pub fn shows(&self, image: &str) -> bool {
        self.item["story"]["leadImage"]["id"] == image || self.item.to_string().contains(&format!("{image}/"))
    }
}

/// What an administrator agreed with a partner.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub slug: &'static str,
    pub arguments: &'static [&'static str],
    pub language: Option<&'static str>,
    pub is_early: bool,
    pub territory: &'static str,
}

/// How a partner gets its changes.
pub enum Way {
    Pull(Arc<Pulled>),
    Push(Receiver),
}

/// What a partner that asks knows and did.
#[derive(Default)]
pub struct Pulled {
    arrivals: Mutex<Vec<Arrival>>,
    /// The places that it asked behind, and when.
    pub asked: Mutex<Vec<(i64, OffsetDateTime)>>,
    copy: Mutex<BTreeMap<Place, Value>>,
}

/// A partner with all that it has.
pub struct Partner {
    pub terms: Terms,
    pub key: String,
    pub way: Way,
}

impl Partner {
    /// Whether it may have that language.
    pub fn has(&self, language: &str) -> bool {
        self.terms.language.is_none_or(|own| own == language)
    }

    /// Everything that reached it, in order.
    pub fn arrivals(&self) -> Vec<Arrival> {
        match &self.way {
            Way::Pull(pulled) => pulled.arrivals.lock().unwrap().clone(),
            Way::Push(receiver) => {
                receiver.seen().iter().map(|(message, answer)| pushed(message, answer.is_success())).collect()
            }
        }
    }

    /// What it shows its readers now.
    pub fn copy(&self) -> BTreeMap<Place, Value> {
        match &self.way {
            Way::Pull(pulled) => pulled.copy.lock().unwrap().clone(),
            Way::Push(_) => {
                let mut copy = BTreeMap::new();
                self.arrivals().iter().filter(|arrival| arrival.taken).for_each(|arrival| keep(&mut copy, arrival));
                copy
            }
        }
    }

    /// When it first said that it knows what came of a story since a moment; nothing where it never did.
    pub fn acknowledged(&self, since: impl Fn(&Arrival) -> bool) -> Option<OffsetDateTime> {
        let arrivals = self.arrivals();
        let since = arrivals.iter().filter(|arrival| since(arrival));
        match &self.way {
            Way::Push(_) => since.filter(|arrival| arrival.taken).map(|arrival| arrival.arrived).min(),
            Way::Pull(pulled) => {
                let first = since.filter_map(|arrival| arrival.change).min()?;
                let asked = pulled.asked.lock().unwrap();
                asked.iter().filter(|(after, _)| *after >= first).map(|(_, at)| *at).min()
            }
        }
    }
}

fn pushed(message: &crate::partners::receiver::Message, taken: bool) -> Arrival {
    let data = &message.body["data"];
    let seconds: i64 = message.headers["webhook-timestamp"].parse().unwrap();
    Arrival {
        place: place(data),
        item: data["item"].clone(),
        change: message.change(),
        composed_after: OffsetDateTime::from_unix_timestamp(seconds).unwrap(),
        arrived: message.arrived,
        taken,
    }
}

fn place(item: &Value) -> Place {
    (item["article"].as_str().unwrap().to_owned(), item["language"].as_str().unwrap().to_owned())
}

fn keep(copy: &mut BTreeMap<Place, Value>, arrival: &Arrival) {
    if arrival.is_usable() {
        copy.insert(arrival.place.clone(), arrival.item.clone());
    } else {
        copy.remove(&arrival.place);
    }
}

/// A partner's program. It is killed while it asks and before it writes its place down, and lies about what it has.
pub struct Program {
    pub pulled: Arc<Pulled>,
    pub key: String,
    /// Where the service is now.
    pub address: Arc<Mutex<String>>,
    pub dice: Dice,
    pub is_calm: Arc<AtomicBool>,
}

impl Program {
    /// Takes a snapshot, then changes, for ever.
    pub async fn run(mut self) {
        let client = reqwest::Client::new();
        let (mut cursor, mut place, mut saved) = (None::<String>, None::<String>, None::<String>);
        loop {
            let mood = if self.is_calm.load(Ordering::Relaxed) { 9 } else { self.dice.roll(10) };
            let path = match (&place, &cursor) {
                (Some(place), _) if mood == 0 => self.lie(place),
                (Some(place), _) => {
                    format!("changes?after={place}&first={}&wait={}", 1 + self.dice.roll(4), self.dice.roll(2))
                }
                (None, Some(cursor)) => format!("articles?first=2&after={cursor}"),
                (None, None) => "articles?first=2".to_owned(),
            };
            let patience = if mood == 1 { self.dice.roll(15) } else { 20_000 };
            let began = OffsetDateTime::now_utc();
            if let Some(place) = place.as_ref().filter(|_| mood != 0) {
                self.pulled.asked.lock().unwrap().push((place.parse().unwrap(), began));
            }
            let Some((status, answer)) = self.ask(&client, &path, Duration::from_millis(patience)).await else {
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            };
            if status == 429 {
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            if mood == 0 && place.is_some() {
                assert_eq!((status, &answer["errors"][0]["path"]), (400, &Value::from("after")), "{path}: {answer:#}");
                continue;
            }
            assert_eq!(status, 200, "{path}: {answer:#}");
            // Killed before anything of it was written: the place is the one that was written down last.
            let is_killed = (2..=4).contains(&mood);
            self.take(&answer, began, !is_killed);
            if is_killed {
                (place, cursor) = (saved.clone(), None);
                continue;
            }
            match (&place, answer["next"].as_str()) {
                (Some(_), next) => place = next.map(str::to_owned),
                (None, Some(next)) => cursor = Some(next.to_owned()),
                (None, None) => place = answer["changesAfter"].as_str().map(str::to_owned),
            }
            // The place is not written down each time: who is killed then reads something twice.
            if mood != 5 {
                saved = place.clone();
            }
        }
    }

    /// Says that it has what it was never given.
    fn lie(&mut self, place: &str) -> String {
        let far = place.parse::<i64>().unwrap() + 1_000_000 + self.dice.roll(1_000) as i64;
        format!("changes?after={far}")
    }

    async fn ask(&self, client: &reqwest::Client, path: &str, patience: Duration) -> Option<(u16, Value)> {
        let url = format!("{}/v1/partner/{path}", self.address.lock().unwrap());
        let response = client.get(url).bearer_auth(&self.key).timeout(patience).send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.json().await.ok()?))
    }

    fn take(&self, answer: &Value, began: OffsetDateTime, taken: bool) {
        for one in answer["items"].as_array().unwrap() {
            let change = one["id"].as_str().and_then(|id| id.parse().ok());
            let item = one.get("item").unwrap_or(one).clone();
            let arrived = OffsetDateTime::now_utc();
            let arrival = Arrival { place: place(&item), item, change, composed_after: began, arrived, taken };
            if taken {
                keep(&mut self.pulled.copy.lock().unwrap(), &arrival);
            }
            self.pulled.arrivals.lock().unwrap().push(arrival);
        }
    }
}
