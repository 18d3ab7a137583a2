//! Hubs are told of the feeds that changed, each of them, whatever happens in between.

use super::{found, titles};
use crate::on_both;
use crate::support::{Database, HANG, Kind, Newsroom, Receiver, Server, Story, Told, run, write};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

fn newsroom() -> Newsroom {
    let story = |name: &str, day: u32| Story::new(name).ko(name).at(&format!("2026-01-{day:02}T09:00:00+09:00"));
    Newsroom::of([
        story("가", 1).en("Ga").at("2026-01-01T09:00:00+09:00").section("city").tags(&["물"]).authors(&["ann"]),
        story("나", 2).section("sport"),
    ])
    .file(
        "sections.yaml",
        "- { key: city, names: { ko: 도시, en: City } }\n- { key: sport, names: { ko: 운동 }, slugs: { ko: sport } }\n",
    )
    .file("tags.yaml", "물: { names: { ko: 물 }, slugs: { ko: water } }\n")
    .file("authors.yaml", "ann: { names: { ko: 안나 } }\n")
    .file("collections.yaml", "- { key: front, names: { ko: 첫 면 }, slugs: { ko: front }, items: { ko: [나] } }\n")
}

/// Which feed a hub was told of.
fn topic(told: &Told) -> String {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(told.body.as_bytes()).into_owned().collect();
    let [(mode, publish), (name, topic)] = pairs.as_slice() else { panic!("{told:?}") };
    assert_eq!((mode.as_str(), publish.as_str(), name.as_str()), ("hub.mode", "publish", "hub.url"));
    assert_eq!(told.headers["content-type"], "application/x-www-form-urlencoded");
    topic.strip_prefix("https://api.news.example/feeds/").unwrap().to_owned()
}

fn topics(hub: &Receiver) -> BTreeSet<String> {
    hub.taken().iter().map(topic).collect()
}

/// The same feeds in all formats.
fn formats(feeds: &[&str]) -> BTreeSet<String> {
    let files = ["rss.xml", "atom.xml", "feed.json"];
    feeds.iter().flat_map(|feed| files.map(|file| format!("{feed}{file}"))).collect()
}

/// Waits until a hub was told of all these feeds.
async fn told(hub: &Receiver, expected: &BTreeSet<String>) {
    hub.until(|taken| taken.iter().map(topic).collect::<BTreeSet<_>>().is_superset(expected)).await;
}

fn hubs(hubs: &[&Receiver]) -> String {
    json!(hubs.iter().map(|hub| hub.address.as_str()).collect::<Vec<_>>()).to_string()
}

/// A server with these hubs, that has begun to follow the log for each.
async fn serve(newsroom: &Newsroom, kind: Kind, addresses: &str, count: i64) -> Server {
    let server = newsroom.serve_with(kind, &settings(addresses)).await;
    let connection = server.database.connect().await;
    let began = Instant::now();
    loop {
        use sea_orm::{ConnectionTrait, Statement};
        let sql = "SELECT count(*) FROM follower WHERE name LIKE 'websub %'";
        let row =
            connection.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await.unwrap();
        if row.unwrap().try_get_by_index::<i64>(0).unwrap() == count {
            return server;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "nobody follows");
        tokio::task::yield_now().await;
    }
}

fn settings(addresses: &str) -> [(&str, &str); 3] {
    [("BYLINE_FEEDS__HUBS", addresses), ("BYLINE_CACHE__STALE_MS", "400"), ("BYLINE_FEEDS__TIMEOUT_SECONDS", "1")]
}

async fn publish(server: &Server, title: &str) -> String {
    let editor = server.staff("editor").await;
    let (_, variant) = server.write(&editor, "ko", title).await;
    server.bring(&editor, &variant, "PUBLISHED").await;
    variant
}

async fn variant(server: &Server, slug: &str) -> String {
    let query = format!(
        "{{ article(by: {{slug: {{slug: \"{slug}\", language: \"ko\"}}}}) {{ variant(language: \"ko\") {{ id }} }} }}"
    );
    server.query(&query).await.data("/article/variant/id").as_str().unwrap().to_owned()
}

on_both! {
    a_hub_is_told_of_the_feeds_that_changed_and_of_no_others(kind) {
        let hub = Receiver::start().await;
        let addresses = hubs(&[&hub]);
        let server = serve(&newsroom(), kind, &addresses, 1).await;
        let editor = server.staff("editor").await;
        let own = ["ko/", "ko/section/%EB%8F%84%EC%8B%9C/", "ko/tag/water/", "ko/author/ann/"];
        let both = ["ko/", "ko/section/%EB%8F%84%EC%8B%9C/", "ko/tag/water/", "ko/author/ann/", "en/", "en/section/city/", "en/author/ann/"];
        let (ga, na) = (variant(&server, "가").await, variant(&server, "나").await);
        for (step, expected) in [("correct", &own[..]), ("rename", &both[..]), ("withdraw", &both[..]), ("another story", &["ko/", "ko/section/sport/", "ko/collection/front/"][..])] {
            match step {
                "correct" => drop(server.done(&editor, "addCorrection", &ga, json!({"kind": "CORRECTION", "text": "둘."})).await),
                "rename" => {
                    server.done(&editor, "reviseVariant", &ga, json!({"text": {"slug": "새-이름"}})).await;
                    server.done(&editor, "publishVariant", &ga, json!({})).await;
                }
                "withdraw" => drop(server.done(&editor, "withdrawVariant", &ga, json!({"reason": "wrong"})).await),
                _ => drop(server.done(&editor, "addCorrection", &na, json!({"kind": "UPDATE", "text": "셋."})).await),
            }
            let expected = formats(expected);
            told(&hub, &expected).await;
            assert_eq!(topics(&hub), expected, "{step}");
            hub.forget();
        }
        // As soon as it is told, it fetches: by then the feed says it.
        let (_, new) = server.write(&editor, "ko", "방금").await;
        server.bring(&editor, &new, "PUBLISHED").await;
        told(&hub, &formats(&["ko/"])).await;
        assert_eq!(titles(&server, "/feeds/ko/feed.json").await[0], "방금");
    }

    a_feed_names_its_hubs_and_itself_where_hubs_look(kind) {
        let (hub, other) = (Receiver::start().await, Receiver::start().await);
        let addresses = hubs(&[&hub, &other]);
        let server = serve(&newsroom(), kind, &addresses, 2).await;
        for (file, link) in [("rss.xml", "atom:link"), ("atom.xml", "link")] {
            let feed = found(&server, &format!("/feeds/ko/{file}")).await;
            let links: Vec<&str> = feed.headers.get_all("link").iter().map(|link| link.to_str().unwrap()).collect();
            let own = format!("https://api.news.example/feeds/ko/{file}");
            assert_eq!(links, [format!("<{own}>; rel=\"self\""), format!("<{}>; rel=\"hub\"", hub.address), format!("<{}>; rel=\"hub\"", other.address)]);
            for hub in [&hub, &other] {
                assert!(feed.text.contains(&format!("<{link} rel=\"hub\" href=\"{}\"/>", hub.address)), "{}", feed.text);
            }
            assert!(feed.text.contains(&format!("<{link} rel=\"self\"")) && feed.text.contains(&own));
        }
        let feed = found(&server, "/feeds/ko/feed.json").await.json();
        assert_eq!(feed["hubs"], json!([{"type": "WebSub", "url": hub.address}, {"type": "WebSub", "url": other.address}]));
        // Nobody is told of what is asked for with parameters.
        let feed = found(&server, "/feeds/ko/feed.json?full=false").await;
        assert!(feed.json()["hubs"].is_null() && !feed.header("link").contains("hub"));
    }

    a_hub_that_fails_and_hangs_is_told_again_even_by_the_next_server(kind) {
        let (hub, dead) = (Receiver::start().await, Receiver::start().await);
        dead.answer_next([HANG; 1_000]);
        let addresses = hubs(&[&hub, &dead]);
        let server = serve(&newsroom(), kind, &addresses, 2).await;
        hub.answer_next(["500 Broken\r\ncontent-length: 0\r\n\r\n", "429 Slow\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n", HANG]);
        publish(&server, "다시").await;
        // One that hangs holds back no other.
        told(&hub, &formats(&["ko/"])).await;
        assert!(hub.answers.lock().unwrap().is_empty() && dead.taken().is_empty());

        // It is out of order while the server dies.
        hub.answer_next(["503 Broken\r\ncontent-length: 0\r\n\r\n"; 1_000]);
        hub.forget();
        let editor = server.staff("editor-2").await;
        let (_, variant) = server.write(&editor, "ko", "죽기 전").await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        let database = server.stop();
        hub.answers.lock().unwrap().clear();
        dead.answers.lock().unwrap().clear();
        let _next = Server::start(database, &settings(&addresses));
        told(&hub, &formats(&["ko/"])).await;
        told(&dead, &formats(&["ko/"])).await;
    }

    what_a_hub_refuses_for_good_holds_nothing_back(kind) {
        let hub = Receiver::start().await;
        let addresses = hubs(&[&hub]);
        let server = serve(&newsroom(), kind, &addresses, 1).await;
        hub.answer_next(["403 No\r\ncontent-length: 0\r\n\r\n"]);
        publish(&server, "하나").await;
        hub.until(|taken| taken.len() == 2).await;
        let editor = server.staff("editor-2").await;
        let na = variant(&server, "나").await;
        server.done(&editor, "addCorrection", &na, json!({"kind": "UPDATE", "text": "셋."})).await;
        told(&hub, &formats(&["ko/", "ko/section/sport/"])).await;
    }
}

#[tokio::test]
async fn of_two_servers_one_tells_a_hub() {
    let hub = Receiver::start().await;
    let addresses = hubs(&[&hub]);
    let server = serve(&newsroom(), Kind::Postgres, &addresses, 1).await;
    let other = Server::start(server.database.clone(), &settings(&addresses));
    let editor = server.staff("editor").await;
    for (round, server) in [&server, &other, &server].into_iter().enumerate() {
        hub.forget();
        let (_, variant) = server.write(&editor, "ko", &format!("한 번 {round}")).await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        told(&hub, &formats(&["ko/"])).await;
        assert_eq!(hub.taken().len(), 3, "{:?}", hub.taken());
    }
}

#[tokio::test]
async fn a_hub_that_is_none_is_named_at_the_start() {
    let database = Database::empty(Kind::Sqlite).await;
    for (lines, key, said) in [
        ("hubs = [\"hub.example\"]", "feeds.hubs.0", "http or https"),
        ("hubs = [\"https://a.example/\", \"https://허브.example/\"]", "feeds.hubs.1", "percent-encoded"),
        ("hubs = [\"https://a.example/\", \"https://a.example/\"]", "feeds.hubs.1", "twice"),
        ("timeout_seconds = 0", "feeds.timeout_seconds", "1 or more"),
    ] {
        write(database.folder(), "byline.toml", &format!("[feeds]\n{lines}\n"));
        let output = run(&database, &["config"], 2);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(key) && text.contains(said), "{lines}: {text}");
    }
}
