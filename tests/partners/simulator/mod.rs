//! Partners that pull and are sent to at once, while stories are published, corrected, planned and withdrawn, rights end, and
//! servers and programs are killed: in the end each copy is what the newsroom says, nothing reached who may not have it, and
//! the ledger is true.

mod copies;
mod life;

use super::dice::{Dice, seed};
use super::receiver::{Answer, Receiver, until};
use super::sending::wait_for;
use super::world::{World, add_partner};
use crate::on_both;
use crate::support::{Newsroom, Story};
use copies::{Arrival, Partner, Place, Program, Terms, Way};
use life::{Life, Stands};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How many things happen.
const STEPS: usize = 120;

const PARTNERS: [(Terms, bool); 5] = [
    (
        Terms { slug: "wire", arguments: &["--territory", "KR"], language: None, is_early: false, territory: "KR" },
        false,
    ),
    (
        Terms {
            slug: "early",
            arguments: &["--languages", "ko", "--lead-minutes", "120", "--territory", "US"],
            language: Some("ko"),
            is_early: true,
            territory: "US",
        },
        false,
    ),
    (
        Terms { slug: "abroad", arguments: &["--territory", "US"], language: None, is_early: false, territory: "US" },
        true,
    ),
    (
        Terms {
            slug: "short",
            arguments: &["--languages", "en", "--full-text", "false", "--territory", "KR"],
            language: Some("en"),
            is_early: false,
            territory: "KR",
        },
        true,
    ),
    (
        Terms {
            slug: "both",
            arguments: &["--lead-minutes", "120", "--territory", "US"],
            language: None,
            is_early: true,
            territory: "US",
        },
        true,
    ),
];

/// A receiver that fails in every way until it is calm.
async fn failing(seed: u64, is_calm: Arc<AtomicBool>) -> Receiver {
    let (receiver, moods) = (Receiver::start().await, Mutex::new(Dice(seed)));
    receiver.answer_with(move |_| match moods.lock().unwrap().roll(20) {
        _ if is_calm.load(Ordering::Relaxed) => Answer::Status(200),
        0..=3 => Answer::Status(500),
        4 => Answer::Hang,
        5 | 6 => Answer::Cut,
        // No acknowledgement is one that leads elsewhere, or says that it is not done yet.
        7 => Answer::Elsewhere,
        8 => Answer::Status(304),
        _ => Answer::Status(200),
    });
    receiver
}

async fn join(life: &Life, seed: u64, is_calm: &Arc<AtomicBool>) -> Vec<Partner> {
    let mut partners = Vec::new();
    for (number, (terms, is_pushed)) in (1..).zip(PARTNERS) {
        let key = add_partner(&life.world.database, terms.slug, terms.arguments);
        let dice = Dice(seed.wrapping_mul(31) + number);
        let way = if is_pushed {
            let receiver = failing(dice.0, is_calm.clone()).await;
            life.world.add_endpoint(terms.slug, &receiver.url);
            Way::Push(receiver)
        } else {
            let pulled = Arc::default();
            let (address, is_calm) = (life.address.clone(), is_calm.clone());
            tokio::spawn(Program { pulled: Arc::clone(&pulled), key: key.clone(), address, dice, is_calm }.run());
            Way::Pull(pulled)
        };
        partners.push(Partner { terms, key, way });
    }
    partners
}

/// What a partner should show: title, whether with a picture, how many corrections, whether under embargo.
type Shown = (String, bool, usize, bool);

/// What a partner should have, by what the newsroom did. Those that are sent to get what was published since they came.
fn expected(life: &Life, partner: &Partner) -> BTreeMap<Place, Shown> {
    let is_pushed = matches!(partner.way, Way::Push(_));
    let tales = life.tales.iter().filter(|((_, language), _)| partner.has(language));
    let shown = tales.filter_map(|(place, tale)| {
        let is_early = match tale.stands {
            Stands::Live => false,
            Stands::Planned(_) if partner.terms.is_early => true,
            _ => return None,
        };
        let picture = tale.image.is_some_and(|image| life.pictures[image].ends_for(partner).is_none());
        let had = !is_pushed || partner.arrivals().iter().any(|arrival| arrival.place == *place);
        let is_old = tale.public_from == Some(OffsetDateTime::UNIX_EPOCH);
        (had || !is_old).then(|| (place.clone(), (tale.title.clone(), picture, tale.corrections, is_early)))
    });
    shown.collect()
}

fn shown(item: &Value) -> Shown {
    let story = &item["story"];
    let corrections = story["corrections"].as_array().map_or(0, Vec::len);
    (
        story["title"].as_str().unwrap_or_default().to_owned(),
        story["leadImage"].is_object(),
        corrections,
        item["embargoedUntil"].is_string(),
    )
}

/// What the service says that a partner should have now, whole.
async fn reference(life: &Life, partner: &Partner) -> BTreeMap<Place, Value> {
    let mut items = BTreeMap::new();
    let mut after = String::new();
    loop {
        let path = format!("/v1/partner/articles?first=100{after}");
        let page: Value =
            life.world.server().get(&path).bearer_auth(&partner.key).send().await.unwrap().json().await.unwrap();
        for item in page["items"].as_array().unwrap() {
            let text = |name: &str| item[name].as_str().unwrap().to_owned();
            items.insert((text("article"), text("language")), item.clone());
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return items,
        }
    }
}

/// Nothing reached a partner before everybody might see it, unless it is trusted with it; no picture after its rights ended.
fn assert_nothing_leaked(life: &Life, partner: &Partner, seed: u64) {
    for arrival in partner.arrivals().iter().filter(|arrival| arrival.is_usable()) {
        let (slug, title) = (partner.terms.slug, arrival.title());
        assert!(partner.has(&arrival.place.1), "seed {seed}: {slug} has {title}");
        let is_public = life.tales[&arrival.place].public_from.is_some_and(|from| from <= arrival.arrived);
        let is_trusted = partner.terms.is_early && arrival.item["embargoedUntil"].is_string();
        assert!(is_public || is_trusted, "seed {seed}: {slug} got {title} too early at {}", arrival.arrived);
        for picture in &life.pictures {
            let ended = picture.ends_for(partner).is_some_and(|ends| ends <= arrival.composed_after);
            assert!(
                !ended || !arrival.shows(&picture.id),
                "seed {seed}: {slug} got a picture of {title} without rights"
            );
        }
        let has_text = arrival.item["story"]["html"].is_string();
        assert_eq!(has_text, slug != "short", "seed {seed}: {slug} {title}");
    }
}

/// Each notice names who had the story, and when they were told and said so; and nobody else.
fn assert_ledger_is_true(life: &Life, partners: &[Partner], seed: u64) {
    let rows = life.world.cli_json(&["ledger"]);
    let moment =
        |row: &Value, name: &str| row[name].as_str().map(|text| OffsetDateTime::parse(text, &Rfc3339).unwrap());
    let rows = rows.as_array().unwrap();
    println!("{} notices, {} rows in the ledger", life.notices.len(), rows.len());
    assert!(rows.len() >= partners.len(), "seed {seed}: nobody had anything");
    for partner in partners {
        let own: Vec<&Value> = rows.iter().filter(|row| row["partner"] == partner.terms.slug).collect();
        for notice in &life.notices {
            let had = partner.arrivals().into_iter().any(|arrival| {
                arrival.place == notice.place && arrival.taken && arrival.is_usable() && arrival.arrived < notice.began
            });
            let is_listed = own.iter().any(|row| {
                let at = moment(row, "at").unwrap();
                let place = (row["article"].as_str().unwrap(), row["language"].as_str().unwrap());
                row["kind"] == notice.kind
                    && place == (&*notice.place.0, &*notice.place.1)
                    && (notice.began..=notice.ended).contains(&at)
            });
            assert!(is_listed || !had, "seed {seed}: {} had {notice:?}", partner.terms.slug);
        }
        for row in own {
            let place = (row["article"].as_str().unwrap().to_owned(), row["language"].as_str().unwrap().to_owned());
            let (at, told, acked) = (moment(row, "at").unwrap(), moment(row, "toldAt"), moment(row, "ackedAt"));
            let (Some(told), Some(acked)) = (told, acked) else {
                panic!("seed {seed}: never told or never acknowledged: {row:#}")
            };
            assert!(told <= acked && row["overdue"] == json!(false), "seed {seed}: {row:#}");
            let before = time::Duration::milliseconds(1);
            // Who was told before to take it down is not told so again.
            let tells =
                |arrival: &Arrival| if told < at { !arrival.is_usable() } else { arrival.arrived > at - before };
            let truly = partner.acknowledged(|arrival| arrival.place == place && tells(arrival));
            assert!(truly.is_some_and(|truly| truly - before <= acked), "seed {seed}: {truly:?} {row:#}");
        }
    }
}

on_both! {
    in_the_end_each_copy_is_true_nothing_leaked_and_the_ledger_knows(kind) {
        let seed = seed();
        let story = |name: &str| Story::new(name).ko(&format!("{name} 이야기")).at("2026-01-01T09:00:00+09:00").picture();
        let newsroom = Newsroom::of([story("a"), story("b"), story("c")]);
        let mut life = Life::begin(World::of(&newsroom, kind, &[]).await, Dice(seed)).await;
        wait_for(&life.world, "SELECT count(*) FROM follower WHERE name = 'partners'", 1).await;
        life.keep_at_home(0).await;
        let is_calm = Arc::new(AtomicBool::new(false));
        let partners = join(&life, seed, &is_calm).await;
        for step in 0..STEPS {
            if step == STEPS / 2 {
                life.complete().await;
            }
            life.go_on().await;
        }
        is_calm.store(true, Ordering::Relaxed);

        for partner in &partners {
            let shows = || partner.copy().iter().map(|(place, item)| (place.clone(), shown(item))).collect::<BTreeMap<_, _>>();
            let is_true = || shows() == expected(&life, partner);
            until(&format!("the copy of {}, seed {seed}", partner.terms.slug), is_true).await;
        }
        life.be_followed().await;
        let waiting = "SELECT count(*) FROM follower WHERE name = 'partners' AND NOT EXISTS (SELECT 1 FROM webhook_delivery WHERE state <> 'delivered')";
        wait_for(&life.world, waiting, 1).await;
        let acked = "SELECT count(*) FROM follower WHERE name = 'partners' AND NOT EXISTS (SELECT 1 FROM partner_change WHERE acked_at IS NULL)";
        wait_for(&life.world, acked, 1).await;
        let mut failures = 0;
        for partner in &partners {
            let arrivals = partner.arrivals();
            let failed = arrivals.iter().filter(|arrival| !arrival.taken).count();
            println!("{}: {} arrived, {failed} of them failed, {} kept", partner.terms.slug, arrivals.len(), partner.copy().len());
            failures += failed;
            assert_nothing_leaked(&life, partner, seed);
        }
        assert!(failures > 0, "seed {seed}: nothing went wrong");
        assert_ledger_is_true(&life, &partners, seed);
        for partner in &partners {
            let reference = reference(&life, partner).await;
            for (place, item) in partner.copy() {
                assert_eq!(Some(&item), reference.get(&place), "seed {seed}: {}", partner.terms.slug);
            }
        }
    }
}
