//! How much a key may ask for: alone, on two servers, and together over Redis.

use super::world::World;
use crate::on_both;
use crate::support::{Kind, Server};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const TIER: [(&str, &str); 3] = [
    ("BYLINE_PARTNERS__TIERS__SMALL__PER_SECOND", "1"),
    ("BYLINE_PARTNERS__TIERS__SMALL__BURST", "4"),
    ("BYLINE_PARTNERS__TIERS__SMALL__PER_DAY", "1000"),
];

async fn ask(server: &Server, key: &str) -> reqwest::Response {
    server.get("/v1/partner/changes").bearer_auth(key).send().await.unwrap()
}

fn header(response: &reqwest::Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// How many of so many requests are let through.
async fn through(servers: &[&Server], key: &str, count: usize) -> usize {
    let mut through = 0;
    for number in 0..count {
        through += usize::from(ask(servers[number % servers.len()], key).await.status() != 429);
    }
    through
}

on_both! {
    a_key_has_its_burst_then_waits_and_each_answer_says_so(kind) {
        let world = World::serve(kind, &TIER).await;
        let partner = world.partner("wire", "small").await;
        let (key, other) = (world.key(partner).await, world.key(partner).await);
        let first = ask(world.server(), &key).await;
        assert_eq!(header(&first, "ratelimit-policy"), "\"burst\";q=4;w=4, \"day\";q=1000;w=86400");
        assert!(header(&first, "ratelimit").starts_with("\"burst\";r=3;t=1, \"day\";r=999;t="), "{first:?}");
        for _ in 0..3 {
            assert_ne!(ask(world.server(), &key).await.status(), 429);
        }
        let mut refused = ask(world.server(), &key).await;
        if refused.status() != 429 {
            refused = ask(world.server(), &key).await; // A second went by.
        }
        assert_eq!(refused.status(), 429);
        assert_eq!(header(&refused, "retry-after"), "1");
        assert_eq!(header(&refused, "content-type"), "application/problem+json");
        assert!(header(&refused, "ratelimit").starts_with("\"burst\";r=0;t=1"), "{refused:?}");
        // Another key is counted for itself; who has none, and what is not below /v1, is not counted.
        assert_eq!(header(&ask(world.server(), &other).await, "ratelimit").split(',').next(), Some("\"burst\";r=3;t=1"));
        for path in ["/v1/partner/changes", "/healthz"] {
            assert_eq!(header(&world.server().get(path).send().await.unwrap(), "ratelimit"), "");
        }
        assert_eq!(ask(world.server(), "byl_abcdefgh_nonsense").await.status(), 401);
    }
}

#[tokio::test]
async fn anonymous_clients_are_counted_where_that_is_configured() {
    let settings = [&TIER[..], &[("BYLINE_PARTNERS__ANONYMOUS_TIER", "small")]].concat();
    let world = World::serve(Kind::Sqlite, &settings).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(world.server().get("/v1/articles").send().await.unwrap().status().as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn without_redis_each_of_two_servers_gives_its_half_and_says_so() {
    let settings = [&TIER[..], &[("BYLINE_PARTNERS__SERVERS", "2")]].concat();
    let world = World::serve(Kind::Sqlite, &settings).await;
    let key = world.key(world.partner("wire", "small").await).await;
    let answer = ask(world.server(), &key).await;
    let share = ";share=\"1/2\"";
    assert_eq!(header(&answer, "ratelimit-policy"), format!("\"burst\";q=2;w=2{share}, \"day\";q=500;w=86400{share}"));
}

/// A Redis of its own, on a socket.
struct Redis(Child, tempfile::TempDir);

impl Redis {
    fn start() -> Self {
        let folder = tempfile::TempDir::new().unwrap();
        let child = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--unixsocket", "redis.sock", "--dir"])
            .arg(folder.path())
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is needed: scripts/test installs it");
        let began = Instant::now();
        while !folder.path().join("redis.sock").exists() {
            assert!(began.elapsed() < Duration::from_secs(20), "redis-server did not start");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self(child, folder)
    }

    fn url(&self) -> String {
        format!("unix://{}", self.1.path().join("redis.sock").display())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn over_redis_two_servers_count_together_and_each_alone_when_it_is_gone() {
    let redis = Redis::start();
    let url = redis.url();
    let settings = [&TIER[..], &[("BYLINE_PARTNERS__SERVERS", "2"), ("BYLINE_PARTNERS__REDIS", url.as_str())]].concat();
    let world = World::serve(Kind::Sqlite, &settings).await;
    let second = Server::start(world.database.clone(), &settings);
    let key = world.key(world.partner("wire", "small").await).await;
    let began = Instant::now();
    let let_through = through(&[world.server(), &second], &key, 20).await;
    let seconds = began.elapsed().as_secs() as usize + 1;
    assert!((4..=4 + seconds).contains(&let_through), "{let_through} in {seconds} s");
    let answer = ask(world.server(), &key).await;
    assert_eq!(header(&answer, "ratelimit-policy"), "\"burst\";q=4;w=4, \"day\";q=1000;w=86400");
    drop(redis);
    let answer = ask(world.server(), &key).await;
    assert_ne!(answer.status(), 500);
    assert!(header(&answer, "ratelimit-policy").contains("q=2;w=2;share=\"1/2\""), "{answer:?}");
}
