//! Who is sent what: each change once by many servers, nothing to who is disabled, and nobody waits for another.

use super::{
    HERE, Setting, add, change, changes, endpoint, endpoint_json, execute, id, listed, partner, replay, until,
};
use crate::on_both;
use crate::support::receiver::HANG;
use crate::support::{Receiver, Server};
use serde_json::Value;
use uuid::Uuid;

fn log(setting: &Setting) -> Value {
    endpoint_json(&setting.database, &["log", id(&setting.endpoint)])
}

on_both! {
    who_hangs_keeps_nobody_else_waiting(kind) {
        let setting = Setting::start(kind, &[("BYLINE_WEBHOOKS__IN_FLIGHT", "4")]).await;
        let hanging = Receiver::start().await;
        hanging.answer_next(std::iter::repeat_n(HANG, 100));
        let other = add(&setting.database, "daily", &hanging.address);
        let stories: Vec<Uuid> = (0..12).map(|_| Uuid::now_v7()).collect();
        for (number, story) in (1..).zip(&stories) {
            change(&setting.database, setting.partner, *story, number).await;
        }
        replay(&setting.database, &other, 1, 12);
        replay(&setting.database, &setting.endpoint, 1, 12);
        setting.receiver.until(|taken| taken.len() == 12).await;
        assert!(hanging.taken().is_empty());
        assert_eq!(listed(&setting.database, &other)["waiting"], 12);
    }

    two_servers_send_once(kind) {
        let setting = Setting::start(kind, &[]).await;
        let _beside = Server::start(setting.database.clone(), HERE);
        let stories: Vec<Uuid> = (0..30).map(|_| Uuid::now_v7()).collect();
        setting.tell(1, &stories).await;
        setting.receiver.until(|taken| taken.len() >= 30).await;
        until(|| listed(&setting.database, &setting.endpoint), |one| one["waiting"] == 0).await;
        let mut taken = setting.taken();
        taken.sort_unstable();
        assert_eq!(taken, (1..=30).collect::<Vec<i64>>());
    }

    a_partner_that_is_disabled_is_sent_nothing(kind) {
        let setting = Setting::start(kind, &[]).await;
        execute(&setting.database, "UPDATE partner SET disabled_at = 1", vec![]).await;
        setting.tell(1, &[Uuid::now_v7()]).await;
        // Another partner, told later, is told first: so the first had its turn.
        partner(&setting.database, "weekly", "standard").await;
        let other = Receiver::start().await;
        let weekly = add(&setting.database, "weekly", &other.address);
        endpoint(&setting.database, &["ping", id(&weekly)]);
        other.until(|taken| taken.len() == 1).await;
        assert!(setting.receiver.taken().is_empty() && changes(&other).is_empty());
        execute(&setting.database, "UPDATE partner SET disabled_at = NULL", vec![]).await;
        setting.receiver.until(|taken| taken.len() == 1).await;
    }

    what_ended_long_ago_is_forgotten(kind) {
        let setting = Setting::start(kind, &[]).await;
        setting.tell(1, &[Uuid::now_v7(), Uuid::now_v7()]).await;
        setting.receiver.until(|taken| taken.len() == 2).await;
        until(|| listed(&setting.database, &setting.endpoint), |one| one["waiting"] == 0).await;
        execute(&setting.database, "UPDATE webhook_delivery SET ended_at = 1 WHERE change_id = 1", vec![]).await;
        let _another = Server::start(setting.database.clone(), HERE);
        let log = until(|| log(&setting), |log| log.as_array().unwrap().len() == 1).await;
        assert_eq!(log[0]["change"], 2);
    }
}
