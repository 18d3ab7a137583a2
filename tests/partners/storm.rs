//! Receivers fail in every way and servers are killed: nothing is lost, and each story stays in order.

use super::dice::{Dice, seed};
use super::receiver::{Answer, Receiver};
use super::sending::wait_for;
use super::world::World;
use crate::on_both;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use uuid::Uuid;

on_both! {
    nothing_is_lost_and_each_story_is_told_in_order_whatever_fails(kind) {
        let seed = seed();
        let mut dice = Dice(seed);
        let mut world = World::serve(kind, &[]).await;
        let mut partners = Vec::new();
        for number in 0..3 {
            let receiver = Receiver::start().await;
            let moods = Mutex::new(Dice(seed + 1 + number));
            receiver.answer_with(move |_| match moods.lock().unwrap().roll(20) {
                0..=4 => Answer::Status(500),
                5 => Answer::Hang,
                6 | 7 => Answer::Cut,
                8 => Answer::Status(302),
                _ => Answer::Status(200),
            });
            let slug = format!("partner-{number}");
            let partner = world.partner(&slug, "standard").await;
            partners.push((partner, world.add_endpoint(&slug, &receiver.url), receiver));
        }
        let stories: Vec<Uuid> = (0..4).map(|_| Uuid::now_v7()).collect();
        let mut expected: BTreeMap<usize, BTreeSet<i64>> = BTreeMap::new();
        for round in 0..6 {
            for (index, (partner, endpoint, _)) in partners.iter().enumerate() {
                let mut changes = Vec::new();
                for _ in 0..4 {
                    let story = stories[dice.roll(4) as usize];
                    let status = ["usable", "withheld", "canceled"][dice.roll(3) as usize];
                    changes.push(world.change(*partner, story, status).await);
                }
                expected.entry(index).or_default().extend(&changes);
                world.send(endpoint, changes[0], changes[3]);
            }
            if round % 2 == 1 {
                world.restart();
            }
        }
        for (_, _, receiver) in &partners {
            receiver.answer_with(|_| Answer::Status(200));
        }
        wait_for(&world, "SELECT count(*) FROM partner_change WHERE acked_at IS NOT NULL", 72).await;
        for (index, (_, endpoint, receiver)) in partners.iter().enumerate() {
            let mut told: BTreeSet<i64> = BTreeSet::new();
            let mut newest: BTreeMap<String, i64> = BTreeMap::new();
            for message in receiver.taken() {
                assert!(message.is_signed_by(&endpoint.secret), "seed {seed}");
                let change = message.change().unwrap();
                if told.insert(change) {
                    let before = newest.insert(message.body["data"]["article"].to_string(), change);
                    assert!(before.is_none_or(|before| before < change), "seed {seed}: {change} came after {before:?}");
                }
            }
            assert_eq!(&told, &expected[&index], "seed {seed}");
        }
        assert_eq!(world.number("SELECT count(*) FROM webhook_delivery WHERE state <> 'delivered'").await, 0);
        assert_eq!(world.number("SELECT count(*) FROM partner_change WHERE told_at IS NULL OR told_by <> 'push'").await, 0);
    }
}
