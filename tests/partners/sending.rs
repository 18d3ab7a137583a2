//! What is sent to endpoints: signed, in order, again when it was not taken, and nowhere inside.

use super::receiver::{Answer, Receiver, until};
use super::world::World;
use crate::on_both;
use crate::support::Kind;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::json;
use std::time::{Duration, Instant};
use uuid::Uuid;

on_both! {
    a_change_arrives_signed_and_is_acknowledged(kind) {
        let (world, receiver) = (World::serve(kind, &[]).await, Receiver::start().await);
        let partner = world.partner("wire", "standard").await;
        let endpoint = world.add_endpoint("wire", &receiver.url);
        let article = Uuid::now_v7();
        let change = world.change(partner, article, "usable").await;
        world.send(&endpoint, change, change);
        let message = receiver.wait_taken(1).await.remove(0);
        assert!(message.is_signed_by(&endpoint.secret), "{message:?}");
        assert!(message.headers["webhook-signature"].contains(" v1a,"));
        // There is no such story: what goes out is what holds when it goes out.
        assert_eq!(message.body["type"], "article.canceled");
        assert_eq!(message.change(), Some(change));
        let href = message.body["data"]["href"].as_str().unwrap();
        assert!(href.starts_with("https://api.news.example/v1/partner/articles/art_"), "{href}");
        let told = "SELECT count(*) FROM partner_change WHERE told_by = 'push' AND acked_at >= told_at";
        wait_for(&world, told, 1).await;
        let log = world.log(&endpoint);
        assert_eq!((&log[0]["state"], &log[0]["change"], &log[0]["attempts"]), (&json!("delivered"), &json!(change), &json!(1)));
        assert_eq!((&log[0]["log"][0]["status"], &log[0]["log"][0]["answer"]), (&json!(204), &json!("")));
        assert_eq!(log[0]["log"][0]["request"]["body"], json!(message.text));
        // A change that was not sent is not told.
        let other = world.change(partner, article, "canceled").await;
        assert_eq!(world.number(&format!("SELECT count(*) FROM partner_change WHERE id = {other} AND told_at IS NULL")).await, 1);
    }

    what_is_not_taken_comes_again_with_the_same_id_and_a_story_waits_for_it(kind) {
        let (world, receiver) = (World::serve(kind, &[]).await, Receiver::start().await);
        let partner = world.partner("wire", "standard").await;
        let endpoint = world.add_endpoint("wire", &receiver.url);
        let (story, other) = (Uuid::now_v7(), Uuid::now_v7());
        let mut changes = Vec::new();
        for (article, status) in [(story, "usable"), (story, "canceled"), (other, "usable")] {
            changes.push(world.change(partner, article, status).await);
        }
        let first = changes[0];
        receiver.answer_with(move |message| Answer::Status(if message.change() == Some(first) { 500 } else { 200 }));
        world.send(&endpoint, changes[0], changes[2]);
        receiver.wait_taken(1).await;
        until("three attempts", || receiver.seen().iter().filter(|(message, _)| message.change() == Some(first)).count() >= 3).await;
        // Another story does not wait; the same story does.
        assert_eq!(receiver.taken().iter().map(|message| message.change().unwrap()).collect::<Vec<_>>(), [changes[2]]);
        let ids: Vec<String> = receiver.seen().iter().filter(|(message, _)| message.change() == Some(first))
            .map(|(message, _)| message.headers["webhook-id"].clone()).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        receiver.answer_with(|_| Answer::Status(200));
        let order: Vec<i64> = receiver.wait_taken(3).await.iter().map(|message| message.change().unwrap()).collect();
        assert_eq!(order, [changes[2], changes[0], changes[1]]);
        wait_for(&world, "SELECT count(*) FROM webhook_endpoint WHERE failing_since IS NULL", 1).await;
    }

    an_endpoint_that_is_gone_is_disabled_at_once_and_what_waits_comes_when_it_is_enabled(kind) {
        let (world, receiver) = (World::serve(kind, &[]).await, Receiver::start().await);
        let partner = world.partner("wire", "standard").await;
        let endpoint = world.add_endpoint("wire", &receiver.url);
        let story = Uuid::now_v7();
        let first = world.change(partner, story, "usable").await;
        let second = world.change(partner, story, "canceled").await;
        receiver.answer_with(|_| Answer::Status(410));
        world.send(&endpoint, first, second);
        wait_for(&world, "SELECT count(*) FROM webhook_endpoint WHERE disabled_reason = 'GONE'", 1).await;
        assert_eq!(world.listed(&endpoint)["waiting"], 1);
        assert_eq!(world.number("SELECT count(*) FROM audit WHERE action = 'endpoint.disable' AND actor = 'webhooks'").await, 1);
        receiver.answer_with(|_| Answer::Status(200));
        world.endpoint(&["enable", &endpoint.id]);
        assert_eq!(receiver.wait_taken(1).await[0].change(), Some(second));
    }

    an_endpoint_that_takes_nothing_for_three_days_is_disabled_with_notice(kind) {
        let (world, receiver) = (World::serve(kind, &[]).await, Receiver::start().await);
        let partner = world.partner("wire", "standard").await;
        let endpoint = world.add_endpoint("wire", &receiver.url);
        receiver.answer_with(|_| Answer::Status(500));
        let change = world.change(partner, Uuid::now_v7(), "usable").await;
        world.send(&endpoint, change, change);
        receiver.wait_seen(1).await;
        wait_for(&world, "SELECT count(*) FROM webhook_endpoint WHERE failing_since IS NOT NULL", 1).await;
        let days = 3_i64 * 86_400 * 1_000_000 + 1;
        world.sql("UPDATE webhook_endpoint SET failing_since = failing_since - $1", vec![days.into()]).await;
        world.sql("UPDATE webhook_delivery SET created_at = created_at - $1", vec![days.into()]).await;
        wait_for(&world, "SELECT count(*) FROM webhook_endpoint WHERE disabled_reason = 'FAILING'", 1).await;
        assert_eq!(world.log(&endpoint)[0]["state"], "given_up");
        assert_eq!(world.number("SELECT count(*) FROM audit WHERE action = 'endpoint.disable'").await, 1);
        assert_eq!(world.number("SELECT count(*) FROM partner_change WHERE told_at IS NULL").await, 1);
    }

    an_endpoint_that_hangs_keeps_nobody_else_waiting(kind) {
        let world = World::serve(kind, &[("BYLINE_WEBHOOKS__TIMEOUT_SECONDS", "30")]).await;
        let (hanging, well) = (Receiver::start().await, Receiver::start().await);
        hanging.answer_with(|_| Answer::Hang);
        let (one, two) = (world.partner("hanging", "standard").await, world.partner("well", "standard").await);
        let (slow, quick) = (world.add_endpoint("hanging", &hanging.url), world.add_endpoint("well", &well.url));
        let mut last = 0;
        for _ in 0..12 {
            last = world.change(one, Uuid::now_v7(), "usable").await;
        }
        world.send(&slow, 1, last);
        hanging.wait_seen(4).await;
        let change = world.change(two, Uuid::now_v7(), "usable").await;
        world.send(&quick, change, change);
        let began = Instant::now();
        well.wait_taken(1).await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        assert_eq!(hanging.seen().len(), 4, "it has four places and no more");
    }

    a_ping_and_a_replay_are_sent_when_they_are_asked_for(kind) {
        let (world, receiver) = (World::serve(kind, &[]).await, Receiver::start().await);
        let partner = world.partner("wire", "standard").await;
        let endpoint = world.add_endpoint("wire", &receiver.url);
        world.endpoint(&["ping", &endpoint.id]);
        let ping = receiver.wait_taken(1).await.remove(0);
        assert_eq!((&ping.body["type"], ping.change()), (&json!("ping"), None));
        let change = world.change(partner, Uuid::now_v7(), "usable").await;
        world.send(&endpoint, change, change);
        receiver.wait_taken(2).await;
        wait_for(&world, "SELECT count(*) FROM webhook_delivery WHERE state = 'delivered'", 2).await;
        world.send(&endpoint, change, change);
        let taken = receiver.wait_taken(3).await;
        assert_eq!(taken[1].headers["webhook-id"], taken[2].headers["webhook-id"]);
    }
}

/// Waits until a count is so high.
pub async fn wait_for(world: &World, query: &str, count: i64) {
    wait_in(&world.tables, query, count).await;
}

/// The same in the tables of any newsroom.
pub async fn wait_in(tables: &DatabaseConnection, query: &str, count: i64) {
    let began = Instant::now();
    let statement = Statement::from_string(tables.get_database_backend(), query);
    loop {
        let row = tables.query_one_raw(statement.clone()).await.unwrap().unwrap();
        if row.try_get_by_index::<i64>(0).unwrap() >= count {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(40), "waited in vain: {query}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn nothing_inside_is_reached_by_name_by_number_or_by_redirect() {
    let world = World::serve(Kind::Sqlite, &[("BYLINE_WEBHOOKS__ALLOW_NETWORKS", "[]")]).await;
    let inside = Receiver::start().await;
    world.partner("wire", "standard").await;
    let by_number = world.add_endpoint("wire", &inside.url);
    let by_name = world.add_endpoint("wire", &inside.url.replace("127.0.0.1", "localhost"));
    for endpoint in [&by_number, &by_name] {
        world.endpoint(&["ping", &endpoint.id]);
        let began = Instant::now();
        let answer = loop {
            if let Some(attempt) = world.log(endpoint)[0]["log"].get(0) {
                break attempt["answer"].as_str().unwrap().to_owned();
            }
            assert!(began.elapsed() < Duration::from_secs(20), "no attempt was logged");
        };
        assert!(answer.contains("is not on the public internet, nor in webhooks.allow_networks"), "{answer}");
    }
    assert!(inside.seen().is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_retry_after_is_honoured() {
    let (world, receiver) = (World::serve(Kind::Sqlite, &[]).await, Receiver::start().await);
    world.partner("wire", "standard").await;
    let endpoint = world.add_endpoint("wire", &receiver.url);
    receiver.answer_with(|_| Answer::Elsewhere);
    world.endpoint(&["ping", &endpoint.id]);
    receiver.wait_seen(1).await;
    receiver.answer_with(|_| Answer::Later(3_600));
    receiver.wait_seen(2).await;
    wait_for(&world, "SELECT count(*) FROM webhook_attempt", 2).await;
    let log = world.log(&endpoint);
    assert_eq!((&log[0]["log"][0]["status"], &log[0]["log"][1]["status"]), (&json!(307), &json!(503)));
    let waits = world.number("SELECT (next_at - created_at) / 1000000 FROM webhook_delivery").await;
    assert!((3_590..3_700).contains(&waits), "{waits} s");
}
