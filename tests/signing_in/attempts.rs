//! Failed attempts: they slow down and lock, and lock nobody out who was there before.

use super::{execute, texts};
use crate::on_both;
use crate::support::{Database, Kind, PASSWORD, Server};
use serde_json::json;

/// A server behind a proxy, so that a test comes from anywhere.
async fn behind_a_proxy(kind: Kind) -> Server {
    Server::start(Database::empty(kind).await, &[("BYLINE_HTTP__TRUSTED_PROXIES", "[\"127.0.0.1/32\"]")])
}

/// Tries to sign in from an address: the status and how long to wait.
async fn attempt(server: &Server, email: &str, password: &str, from: &str) -> (u16, Option<u64>) {
    let body = json!({"email": email, "password": password});
    let response = server.post("/auth/token").header("x-forwarded-for", from).json(&body).send().await.unwrap();
    let wait = response.headers().get("retry-after").map(|wait| wait.to_str().unwrap().parse().unwrap());
    (response.status().as_u16(), wait)
}

/// As if so many seconds had passed.
async fn later(server: &Server, seconds: i64) {
    let sql = format!("UPDATE sign_in_failure SET last_at = last_at - {seconds}000000");
    execute(&server.database, &sql).await;
}

on_both! {
    failures_slow_down_and_the_right_password_waits_too(kind) {
        let server = behind_a_proxy(kind).await;
        server.add_user("kim@news.example", "EDITOR");
        for _ in 0..5 {
            assert_eq!(attempt(&server, "kim@news.example", "a wrong password", "198.51.100.1").await, (401, None));
        }
        let (status, wait) = attempt(&server, "kim@news.example", PASSWORD, "198.51.100.1").await;
        assert!(status == 429 && wait.is_some_and(|wait| (1..=2).contains(&wait)), "{status} {wait:?}");
        later(&server, 2).await;
        assert_eq!(attempt(&server, "kim@news.example", "a wrong password", "198.51.100.1").await.0, 401);
        let (_, wait) = attempt(&server, "kim@news.example", PASSWORD, "198.51.100.1").await;
        assert!(wait.is_some_and(|wait| (3..=4).contains(&wait)), "{wait:?}");
        later(&server, 4).await;
        assert_eq!(attempt(&server, "kim@news.example", PASSWORD, "198.51.100.1").await.0, 200);
        assert_eq!(attempt(&server, "kim@news.example", "a wrong password", "198.51.100.1").await.0, 401);
    }

    a_stranger_cannot_lock_an_editor_out_where_the_editor_was_before(kind) {
        let server = behind_a_proxy(kind).await;
        server.add_user("kim@news.example", "EDITOR");
        assert_eq!(attempt(&server, "kim@news.example", PASSWORD, "203.0.113.7").await.0, 200);
        for stranger in 1..=10 {
            let from = format!("198.51.100.{stranger}");
            assert_eq!(attempt(&server, "kim@news.example", "a wrong password", &from).await.0, 401);
        }
        assert_eq!(attempt(&server, "kim@news.example", PASSWORD, "198.51.100.99").await.0, 429, "the account is locked");
        assert_eq!(attempt(&server, "kim@news.example", PASSWORD, "203.0.113.7").await.0, 200, "not for its owner");
        later(&server, 15 * 60).await;
        assert_eq!(attempt(&server, "kim@news.example", PASSWORD, "198.51.100.99").await.0, 200, "and not for good");
    }

    an_unknown_name_is_slowed_down_like_a_known_one(kind) {
        let server = behind_a_proxy(kind).await;
        for _ in 0..5 {
            assert_eq!(attempt(&server, "nobody@news.example", PASSWORD, "198.51.100.1").await.0, 401);
        }
        assert_eq!(attempt(&server, "nobody@news.example", PASSWORD, "198.51.100.1").await.0, 429);
    }

    one_address_cannot_try_many_names(kind) {
        let server = behind_a_proxy(kind).await;
        for name in 0..20 {
            // An IPv6 network counts as one: whoever has an address has all of it.
            let (email, from) = (format!("{name}@news.example"), format!("2001:db8:1:2::{name}"));
            assert_eq!(attempt(&server, &email, PASSWORD, &from).await.0, 401);
        }
        assert_eq!(attempt(&server, "another@news.example", PASSWORD, "2001:db8:1:2::99").await.0, 429);
        assert_eq!(attempt(&server, "another@news.example", PASSWORD, "2001:db8:1:3::99").await.0, 401);
        let stored = texts(&server.database, "SELECT scope FROM sign_in_failure").await.join("\n");
        assert!(!stored.contains("news.example"), "{stored}");
    }
}
