//! Answers from memory as HTTP sees them: entity tags, packed forms, who gets them, and other servers' changes.

use crate::on_both;
use crate::support::{Database, Kind, Newsroom, Reply, Server, Story};
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, ETAG, IF_NONE_MATCH};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use std::io::Read;
use std::sync::Arc;

const FRONT: &str = "{ articles(first: 5, language: \"ko\") { totalCount nodes { id variants { id title canonicalUrl publishedAt } } } }";

fn newsroom() -> Newsroom {
    let story =
        |name: &str| Story::new(name).ko(&format!("{name} 기사의 제목이 제법 길다")).at("2026-01-01T09:00:00+09:00");
    Newsroom::of(["a", "b", "c", "d", "e"].map(story))
}

async fn get(server: &Server, headers: &[(&str, &str)]) -> reqwest::Response {
    let address = url::form_urlencoded::Serializer::new(String::new()).append_pair("query", FRONT).finish();
    let mut request = server.get(&format!("/graphql?{address}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header(response: &reqwest::Response, name: impl reqwest::header::AsHeaderName) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn statements(response: &reqwest::Response) -> u32 {
    header(response, "byline-sql-statements").parse().unwrap()
}

async fn asked(server: &Server) -> (u32, Reply) {
    let response = server.post("/graphql").json(&json!({ "query": FRONT })).send().await.unwrap();
    (statements(&response), Reply::of(response).await)
}

on_both! {
    the_second_answer_takes_no_statement_and_is_the_same(kind) {
        let server = newsroom().serve(kind).await;
        let (first, second) = (get(&server, &[]).await, get(&server, &[]).await);
        assert!(statements(&first) > 0);
        assert_eq!(statements(&second), 0);
        assert_eq!(header(&first, ETAG), header(&second, ETAG));
        assert_eq!(header(&second, CACHE_CONTROL), "public, max-age=0, must-revalidate");
        assert_eq!(first.text().await.unwrap(), second.text().await.unwrap());
        // By POST it is the same answer.
        assert_eq!(asked(&server).await.0, 0);
    }

    who_has_the_answer_is_told_so_until_it_changes(kind) {
        let server = newsroom().serve(kind).await;
        let editor = server.staff("editor").await;
        let tag = header(&get(&server, &[]).await, ETAG);
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let response = get(&server, &[(IF_NONE_MATCH.as_str(), &known)]).await;
            assert_eq!((response.status().as_u16(), statements(&response)), (304, 0), "{known}");
            assert_eq!(header(&response, ETAG), tag);
            assert_eq!(response.text().await.unwrap(), "");
        }
        assert_eq!(get(&server, &[(IF_NONE_MATCH.as_str(), "\"other\"")]).await.status(), 200);
        let (_, variant) = server.write(&editor, "ko", "새 기사").await;
        server.bring(&editor, &variant, "PUBLISHED").await;
        let response = get(&server, &[(IF_NONE_MATCH.as_str(), &tag)]).await;
        assert_eq!(response.status(), 200);
        assert_ne!(header(&response, ETAG), tag);
        assert!(response.text().await.unwrap().contains("새 기사"));
    }

    what_is_shown_to_some_only_is_neither_kept_nor_taken_from_memory(kind) {
        let server = newsroom().serve(kind).await;
        let editor = server.staff("editor").await;
        asked(&server).await;
        let bearer = format!("Bearer {}", editor.access);
        for _ in 0..2 {
            let response = get(&server, &[(AUTHORIZATION.as_str(), &bearer)]).await;
            assert!(statements(&response) > 0);
            assert_eq!((header(&response, CACHE_CONTROL), header(&response, ETAG)), ("no-store".to_owned(), String::new()));
        }
        let wrong = get(&server, &[("byline-preview", "wrong")]).await;
        assert_eq!(wrong.status(), 401);
    }

    an_answer_with_errors_is_made_anew(kind) {
        let server = newsroom().serve(kind).await;
        let query = "{ articles(first: 101) { nodes { id } } languages { tag } a: article(by: {path: \"/ko/nothing\"}) { id } }";
        for _ in 0..2 {
            let response = server.post("/graphql").json(&json!({ "query": query })).send().await.unwrap();
            assert!(response.headers().get(ETAG).is_none());
            assert_eq!(Reply::of(response).await.codes(), ["INVALID"]);
        }
    }

    another_servers_change_is_seen_and_so_is_an_import_beside(kind) {
        let server = newsroom().serve(kind).await;
        let other = server.beside();
        let editor = other.staff("editor").await;
        for round in 0..3 {
            let before = asked(&server).await.1;
            let (_, variant) = other.write(&editor, "ko", &format!("다른 곳 {round}")).await;
            other.bring(&editor, &variant, "PUBLISHED").await;
            let began = std::time::Instant::now();
            while asked(&server).await.1.json == before.json {
                assert!(began.elapsed().as_secs_f64() < 2.0, "older than the bound");
                tokio::task::yield_now().await;
            }
            // Where it was changed, it is seen at once.
            assert!(asked(&other).await.1.json.to_string().contains(&format!("다른 곳 {round}")));
        }
        let before = asked(&server).await.1;
        Newsroom::of([Story::new("late").ko("들여온 기사").at("2026-11-01T09:00:00+09:00")]).import(&server.database);
        let began = std::time::Instant::now();
        while asked(&server).await.1.json == before.json {
            assert!(began.elapsed().as_secs_f64() < 2.0, "older than the bound");
            tokio::task::yield_now().await;
        }
    }

    a_herd_on_a_cold_key_makes_one_answer(kind) {
        let server = Arc::new(newsroom().serve(kind).await);
        server.query("{ languages { tag } }").await;
        let herd = (0..500).map(|_| {
            let server = server.clone();
            tokio::spawn(async move { asked(&server).await })
        });
        let mut answers = Vec::new();
        for one in herd.collect::<Vec<_>>() {
            answers.push(one.await.unwrap());
        }
        // Who waited for the first one is told what it took; who came later took none.
        assert!(answers.iter().all(|(_, answer)| answer.json == answers[0].1.json));
        let makers: std::collections::BTreeSet<u32> = answers.iter().map(|(count, _)| *count).collect();
        assert!(makers.len() <= 2, "{makers:?}");
    }
}

#[tokio::test]
async fn each_packed_form_has_a_tag_of_its_own_and_says_the_same() {
    let server = newsroom().serve(Kind::Sqlite).await;
    let plain = get(&server, &[]).await;
    let (tag, plain) = (header(&plain, ETAG), plain.bytes().await.unwrap());
    let mut tags = vec![tag];
    for (accepted, given) in
        [("br", "br"), ("zstd", "zstd"), ("gzip", "gzip"), ("gzip, br;q=0", "gzip"), ("identity", "")]
    {
        let response = get(&server, &[(ACCEPT_ENCODING.as_str(), accepted)]).await;
        assert_eq!(header(&response, CONTENT_ENCODING), if plain.len() < 860 { "" } else { given }, "{accepted}");
        tags.push(header(&response, ETAG));
    }
    assert!(plain.len() >= 860, "{}", plain.len());
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "{tags:?}");
}

/// What a client makes of a packed body.
fn unpacked(encoding: &str, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match encoding {
        "zstd" => plain = zstd::decode_all(body).unwrap(),
        "br" => brotli::BrotliDecompress(&mut &*body, &mut plain).unwrap(),
        "gzip" => drop(flate2::read::GzDecoder::new(body).read_to_end(&mut plain).unwrap()),
        _ => plain = body.to_vec(),
    }
    plain
}

#[tokio::test]
async fn pages_that_fit_into_memory_only_when_packed_are_all_there_and_the_same_in_every_form() {
    const PAGES: usize = 24;
    let long =
        |page: usize| (0..6_000).map(|n| format!("{}번째 낱말", (n * 7 + page) % 5_000)).collect::<Vec<_>>().join(" ");
    let story = |page: usize| Story::new(&format!("p{page}")).ko(&format!("긴 기사 {page}")).body("ko", &long(page));
    let newsroom = Newsroom::of((0..PAGES).map(story));
    // Two and a half megabytes as they are sent.
    let settings = [("BYLINE_CACHE__MEGABYTES", "1"), ("BYLINE_HTTP__METRICS", "true")];
    let server = newsroom.serve_with(Kind::Sqlite, &settings).await;
    let ask = async |page: usize, encoding: &str| {
        let request = server.get(&format!("/v1/articles/by-slug/ko/긴-기사-{page}?include=html"));
        let response = request.header(ACCEPT_ENCODING, encoding).send().await.unwrap();
        assert_eq!((response.status().as_u16(), header(&response, CONTENT_ENCODING).as_str()), (200, encoding));
        let (statements, tag) = (statements(&response), header(&response, ETAG));
        (statements, tag, unpacked(encoding, &response.bytes().await.unwrap()))
    };
    let mut pages = Vec::new();
    for page in 0..PAGES {
        let (_, tag, body) = ask(page, "").await;
        assert!(body.len() > 100_000, "{}", body.len());
        pages.push((tag, body));
    }
    for encoding in ["", "zstd", "br", "gzip", ""] {
        for (page, (tag, body)) in pages.iter().enumerate() {
            let (statements, own, again) = ask(page, encoding).await;
            assert_eq!(statements, 0, "page {page} is not there any more ({encoding})");
            assert!(again == *body, "page {page} is another one ({encoding})");
            assert_eq!(own == *tag, encoding.is_empty(), "{own} ({encoding})");
        }
    }
    let text = server.get("/metrics").send().await.unwrap().text().await.unwrap();
    let bytes = text.lines().find_map(|line| line.strip_prefix("byline_answers_bytes ")).unwrap();
    assert!(bytes.parse::<usize>().unwrap() < 1_100_000, "{bytes}");
}

#[tokio::test]
async fn a_server_that_was_cut_off_from_the_log_is_fresh_within_the_bound() {
    let server = newsroom().serve(Kind::Postgres).await;
    let other = server.beside();
    let editor = other.staff("editor").await;
    for round in 0..3 {
        let title = format!("끊긴 뒤 {round}");
        let (_, variant) = other.write(&editor, "ko", &title).await;
        other.bring(&editor, &variant, "IN_REVIEW").await;
        asked(&server).await;
        server.database.cut_connections().await;
        // The first attempts may meet connections that are gone.
        while other.step(&editor, "publishVariant", &variant, json!({})).await.json["errors"].is_array() {}
        let began = std::time::Instant::now();
        while !asked(&server).await.1.json.to_string().contains(&title) {
            assert!(began.elapsed().as_secs_f64() < 2.0, "older than the bound");
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn on_postgresql_a_server_is_told_of_what_others_change_and_need_not_look() {
    let database = Arc::new(Database::sample(Kind::Postgres).await);
    // It looks every hundred seconds.
    let settings = [("BYLINE_CACHE__STALE_MS", "400000")];
    let (server, other) = (Server::start(database.clone(), &settings), Server::start(database, &settings));
    let editor = other.staff("editor").await;
    // It listens once it hears the first time; from then on it hears always.
    for round in 0..20 {
        let title = format!("들리는 제목 {round}");
        let (_, variant) = other.write(&editor, "ko", &title).await;
        other.bring(&editor, &variant, "IN_REVIEW").await;
        asked(&server).await;
        other.done(&editor, "publishVariant", &variant, json!({})).await;
        let began = std::time::Instant::now();
        while !asked(&server).await.1.json.to_string().contains(&title) {
            assert!(began.elapsed().as_secs_f64() < 20.0, "nobody told it");
            tokio::task::yield_now().await;
        }
    }
}

on_both! {
    what_changed_for_readers_is_forgotten_after_a_day(kind) {
        let server = newsroom().serve(kind).await;
        let database = server.database.connect().await;
        let count = async || {
            let sql = Statement::from_string(database.get_database_backend(), "SELECT count(effect) FROM event");
            database.query_one_raw(sql).await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap()
        };
        assert!(count().await >= 5);
        let (day, kept) = (24_i64 * 60 * 60 * 1_000_000, "(SELECT max(id) FROM event)");
        database.execute_unprepared(&format!("UPDATE event SET at = at - {day} WHERE id < {kept}")).await.unwrap();
        let other = server.beside();
        while count().await > 1 {
            tokio::task::yield_now().await;
        }
        assert_eq!(asked(&other).await.1.json, asked(&server).await.1.json);
    }
}

#[tokio::test]
async fn a_server_that_hears_nothing_from_the_log_answers_nothing_from_memory() {
    let database = Arc::new(Database::sample(Kind::Postgres).await);
    // Never to have heard is never to be sure.
    let server = Server::start(database, &[("BYLINE_CACHE__STALE_MS", "0")]);
    for _ in 0..3 {
        assert!(asked(&server).await.0 > 0);
    }
}

#[tokio::test]
async fn counters_tell_how_often_an_answer_was_in_memory() {
    let server = newsroom().serve_with(Kind::Sqlite, &[("BYLINE_HTTP__METRICS", "true")]).await;
    for _ in 0..3 {
        asked(&server).await;
    }
    let counter = async |name: &str| {
        let text = server.get("/metrics").send().await.unwrap().text().await.unwrap();
        assert!(text.ends_with("# EOF\n"), "{text}");
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}: {text}"));
        line.trim().parse::<u64>().unwrap()
    };
    assert_eq!(counter("byline_answers_asked_total{memory=\"hit\"}").await, 2);
    assert_eq!(counter("byline_answers_asked_total{memory=\"miss\"}").await, 1);
    assert_eq!(counter("byline_answers_dropped_total").await, 0);
    assert!(counter("byline_documents_asked_total{memory=\"miss\"}").await >= 1);
    let editor = server.staff("editor").await;
    let (_, variant) = server.write(&editor, "ko", "새 기사").await;
    server.bring(&editor, &variant, "PUBLISHED").await;
    assert_eq!(counter("byline_answers_dropped_total").await, 1);

    let quiet = newsroom().serve(Kind::Sqlite).await;
    assert_eq!(quiet.get("/metrics").send().await.unwrap().status(), 404, "off unless it is asked for");
}
