//! A cache before the service: what it is told of answers, and of changes.

use crate::on_both;
use crate::support::{Database, Kind, Newsroom, Receiver, Server, Staff, Story, Told, run, write};
use reqwest::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const FRONT: &str = "{ articles(first: 3, language: \"ko\") { nodes { id variants { title } } } }";
const ENGLISH: &str = "{ articles(first: 3, language: \"en\") { nodes { id } edges { variant { title } } } }";

/// The keys of a purge, wherever a preset has them.
trait Purge {
    fn keys(&self) -> Vec<String>;
}

impl Purge for Told {
    fn keys(&self) -> Vec<String> {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let named = ["keys", "tags", "surrogate_keys"].iter().find_map(|name| body[name].as_array());
        match named {
            Some(keys) => keys.iter().map(|key| key.as_str().unwrap().to_owned()).collect(),
            None => self.headers["xkey-purge"].split(' ').map(str::to_owned).collect(),
        }
    }
}

/// A cache that notes its purges, and refuses as many as it is told to.
struct Cdn(Receiver);

impl Cdn {
    async fn start() -> Self {
        Self(Receiver::start().await)
    }

    fn purges(&self) -> Vec<Told> {
        self.0.taken()
    }

    /// Waits until one of the purges is what is looked for.
    async fn wait(&self, wanted: impl Fn(&Told) -> bool) -> Told {
        self.0.until(|purges| purges.iter().any(&wanted)).await;
        self.purges().into_iter().find(wanted).unwrap()
    }

    /// Begins when the cache was emptied, as it is when it is told for the first time.
    async fn emptied(&self) {
        self.wait(|purge| purge.keys() == ["all"]).await;
    }

    fn settings<'a>(&'a self, more: &[(&'a str, &'a str)], urls: &'a str) -> Vec<(&'a str, &'a str)> {
        let mut settings = vec![
            ("BYLINE_PURGE__PRESET", "http"),
            ("BYLINE_PURGE__URLS", urls),
            ("BYLINE_CACHE__STALE_MS", "900"),
            ("BYLINE_PURGE__AGAIN_SECONDS", "1"),
        ];
        settings.extend(more);
        settings
    }

    fn urls(&self) -> String {
        format!("[\"{}\"]", self.0.address)
    }
}

fn newsroom() -> Newsroom {
    let story = |name: &str| Story::new(name).ko(&format!("{name} 기사")).at("2026-01-01T09:00:00+09:00");
    let english = Story::new("e").en("English only").at("2026-01-01T09:00:00+09:00");
    Newsroom::of([story("a"), story("b"), english])
}

/// A new story as the editor publishes it.
async fn publish(server: &Server, editor: &Staff, title: &str) -> String {
    let (_, variant) = server.write(editor, "ko", title).await;
    server.bring(editor, &variant, "IN_REVIEW").await;
    server.done(editor, "publishVariant", &variant, json!({})).await;
    variant
}

fn path(query: &str) -> String {
    format!("/graphql?{}", url::form_urlencoded::Serializer::new(String::new()).append_pair("query", query).finish())
}

/// What a cache holds of an address: the keys, and the answer.
async fn fetch(server: &Server, query: &str, header: &str) -> (Vec<String>, String) {
    let response = server.get(&path(query)).send().await.unwrap();
    let keys = response.headers()[header].to_str().unwrap().split([' ', ',']).map(str::to_owned).collect();
    (keys, response.text().await.unwrap())
}

on_both! {
    a_cache_that_drops_what_is_purged_says_what_a_fresh_answer_says(kind) {
        let cdn = Cdn::start().await;
        let server = newsroom().serve_with(kind, &cdn.settings(&[], &cdn.urls())).await;
        cdn.emptied().await;
        let editor = server.staff("editor").await;
        let mut copies = BTreeMap::new();
        for query in [FRONT, ENGLISH] {
            copies.insert(query, fetch(&server, query, "surrogate-key").await);
        }
        let english = copies[ENGLISH].clone();
        let variant = publish(&server, &editor, "새 기사").await;
        for step in 0..2 {
            if step == 1 {
                server.done(&editor, "withdrawVariant", &variant, json!({"reason": "test"})).await;
            }
            let fresh = fetch(&server, FRONT, "surrogate-key").await;
            assert_ne!(fresh.1, copies[FRONT].1);
            let kept: Vec<String> = copies[FRONT].0.iter().filter(|key| *key != "all").cloned().collect();
            let purged = cdn.wait(|purge| purge.keys().iter().any(|key| kept.contains(key))).await;
            assert!(!purged.keys().contains(&"all".to_owned()), "{purged:?}");
            // What a change of Korean stories does not concern stays.
            assert!(purged.keys().iter().all(|key| !english.0.contains(key)), "{purged:?}");
            cdn.0.forget();
            copies.insert(FRONT, fresh);
        }
        assert_eq!(fetch(&server, ENGLISH, "surrogate-key").await, english);
    }

    what_changed_is_purged_once_more_and_only_then_done_with(kind) {
        let cdn = Cdn::start().await;
        let server = newsroom().serve_with(kind, &cdn.settings(&[], &cdn.urls())).await;
        cdn.emptied().await;
        let editor = server.staff("editor").await;
        publish(&server, &editor, "두 번").await;
        let first = cdn.wait(|purge| purge.keys() != ["all"]).await;
        cdn.0.until(|purges| purges.iter().filter(|purge| purge.keys() == first.keys()).count() >= 2).await;
    }

    a_purge_that_is_not_taken_is_sent_again_even_by_the_next_server(kind) {
        let cdn = Cdn::start().await;
        let urls = cdn.urls();
        let settings = cdn.settings(&[], &urls);
        let server = newsroom().serve_with(kind, &settings).await;
        cdn.emptied().await;
        let refusals = ["500 Broken\r\ncontent-length: 0\r\n\r\n", "429 Slow\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n"];
        cdn.0.answers.lock().unwrap().extend(refusals);
        let editor = server.staff("editor").await;
        let keys = fetch(&server, FRONT, "surrogate-key").await.0;
        publish(&server, &editor, "다시").await;
        cdn.wait(|purge| purge.keys() != ["all"] && purge.keys().iter().any(|key| keys.contains(key))).await;
        assert!(cdn.0.answers.lock().unwrap().is_empty());

        // The cache is out of order while the server dies.
        cdn.0.answers.lock().unwrap().extend(["500 Broken\r\ncontent-length: 0\r\n\r\n"; 100]);
        cdn.0.forget();
        publish(&server, &editor, "죽기 전").await;
        let database = server.stop();
        cdn.0.answers.lock().unwrap().clear();
        let _next = Server::start(database, &settings);
        cdn.wait(|purge| purge.keys().iter().any(|key| keys.contains(key))).await;
    }
}

#[tokio::test]
async fn each_preset_speaks_its_caches_language() {
    let cases = [
        ("varnish", "xkey", "PURGE / HTTP/1.1", ""),
        ("fastly", "surrogate-key", "POST /service/abc/purge HTTP/1.1", "fastly-key"),
        ("cloudflare", "cache-tag", "POST /zones/abc/purge_cache HTTP/1.1", "authorization"),
        ("http", "surrogate-key", "POST / HTTP/1.1", "authorization"),
    ];
    for (preset, header, line, token) in cases {
        let cdn = Cdn::start().await;
        let urls = cdn.urls();
        let more = [("BYLINE_PURGE__PRESET", preset), ("BYLINE_PURGE__SERVICE", "abc"), ("BYLINE_PURGE__TOKEN", "t0k")];
        let server = newsroom().serve_with(Kind::Sqlite, &cdn.settings(&more, &urls)).await;
        let all = cdn.wait(|purge| purge.keys() == ["all"]).await;
        assert_eq!(all.line, line, "{preset}");
        if !token.is_empty() {
            assert!(all.headers[token].ends_with("t0k"), "{preset}: {all:?}");
        }
        let (keys, _) = fetch(&server, FRONT, header).await;
        assert!(keys.len() > 2 && keys[0] == "all" && !keys.contains(&"any".to_owned()), "{preset}: {keys:?}");
        publish(&server, &server.staff("editor").await, "모두에게").await;
        let purge = cdn.wait(|purge| purge.keys() != ["all"]).await;
        assert!(purge.keys().iter().any(|key| keys.contains(key)), "{preset}: {purge:?}");
        assert!(purge.keys().contains(&"any".to_owned()), "{preset}: {purge:?}");
        // Whoever has the answer is told its keys, too.
        let tag = server.get(&path(FRONT)).send().await.unwrap().headers()[ETAG].clone();
        let known = server.get(&path(FRONT)).header(IF_NONE_MATCH, tag).send().await.unwrap();
        assert_eq!((known.status().as_u16(), known.headers().contains_key(header)), (304, true), "{preset}");
    }
}

#[tokio::test]
async fn what_nobody_could_purge_is_kept_by_no_cache() {
    let cdn = Cdn::start().await;
    let (urls, more) = (cdn.urls(), [("BYLINE_CACHE__SHARED_SECONDS", "600")]);
    let server = newsroom().serve_with(Kind::Sqlite, &cdn.settings(&more, &urls)).await;
    let control = async |query: &str| {
        let response = server.get(&path(query)).send().await.unwrap();
        response.headers()[CACHE_CONTROL].to_str().unwrap().to_owned()
    };
    assert_eq!(control(FRONT).await, "public, max-age=0, s-maxage=600, must-revalidate");
    assert_eq!(control("{ author(by: {slug: \"nobody\"}) { id } }").await, "no-store");
    assert_eq!(control("{ article(by: {id: \"art_nonsense\"}) { id } }").await, "no-store");
    let plain = Newsroom::of([Story::new("a").ko("기사").at("2026-01-01T09:00:00+09:00")]).serve(Kind::Sqlite).await;
    let response = plain.get(&path(FRONT)).send().await.unwrap();
    assert!(!response.headers().contains_key("surrogate-key"), "only where it is configured");
}

#[tokio::test]
async fn of_two_servers_one_purges_each_change() {
    let cdn = Cdn::start().await;
    let (urls, once) = (cdn.urls(), [("BYLINE_PURGE__AGAIN_SECONDS", "0")]);
    let settings = cdn.settings(&once, &urls);
    let server = newsroom().serve_with(Kind::Postgres, &settings).await;
    cdn.emptied().await;
    let other = Server::start(server.database.clone(), &settings);
    let editor = server.staff("editor").await;
    for round in 0..5 {
        publish(if round % 2 == 0 { &server } else { &other }, &editor, &format!("한 번 {round}")).await;
    }
    let last = publish(&other, &editor, "끝").await;
    server.done(&editor, "withdrawVariant", &last, json!({"reason": "test"})).await;
    // Seven changes of a story and what came with them: nothing twice.
    let key = |purge: &Told| purge.keys().iter().filter(|key| *key != "any").cloned().collect::<Vec<_>>();
    cdn.0.until(|purges| purges.len() >= 2).await;
    let sent: Vec<Vec<String>> = cdn.purges().iter().map(key).collect();
    let distinct: std::collections::BTreeSet<&Vec<String>> = sent.iter().collect();
    assert_eq!(distinct.len(), sent.len(), "{sent:?}");
}

#[tokio::test]
async fn a_purger_that_cannot_work_is_named_at_the_start() {
    let database = Database::empty(Kind::Sqlite).await;
    let cases = [
        ("preset = \"akamai\"", "purge.preset", "cloudflare"),
        ("preset = \"varnish\"", "purge.urls", "at least one address"),
        ("preset = \"http\"\nurls = [\"cdn.example\"]", "purge.urls.0", "http or https"),
        ("preset = \"fastly\"\ntoken = \"t\"", "purge.service", "Fastly's service"),
        ("preset = \"cloudflare\"\nservice = \"abc\"", "purge.token", "may purge"),
        ("preset = \"http\"\nurls = [\"http://cdn\"]\nagain_seconds = 2", "purge.again_seconds", "cache.stale_ms"),
    ];
    for (lines, key, said) in cases {
        write(database.folder(), "byline.toml", &format!("[purge]\n{lines}\n"));
        let output = run(&database, &["config"], 2);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(key) && text.contains(said), "{lines}: {text}");
    }
    write(database.folder(), "byline.toml", "[purge]\npreset = \"fastly\"\nservice = \"abc\"\ntoken = \"s3cret\"\n");
    let shown = String::from_utf8(run(&database, &["config"], 0).stdout).unwrap();
    assert!(shown.contains("purge.preset") && !shown.contains("s3cret"), "{shown}");
}
