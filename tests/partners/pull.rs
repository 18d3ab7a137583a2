//! Partners pull: a snapshot, changes in order, embargoes, rights, and what they may not have.

use super::world::add_partner;
use crate::on_both;
use crate::support::{Database, Newsroom, Server, Staff, Story, run};
use serde_json::{Value, json};
use std::time::Duration;

/// A partner with a key.
pub(super) struct Partner<'a> {
    server: &'a Server,
    pub(super) key: String,
}

impl<'a> Partner<'a> {
    /// Added by the command line: `("wire", ["--languages", "ko"])`.
    pub(super) fn add(server: &'a Server, slug: &str, terms: &[&str]) -> Self {
        Self { server, key: add_partner(&server.database, slug, terms) }
    }

    async fn ask(&self, path: &str) -> (u16, Value) {
        let request = self.server.get(&format!("/v1/partner/{path}")).bearer_auth(&self.key);
        let response = request.timeout(Duration::from_secs(60)).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask(path).await;
        assert_eq!(status, 200, "{path}: {answer:#}");
        answer
    }

    /// The next changes behind a place, waiting for the first.
    pub(super) async fn next(&self, after: &Value) -> Value {
        self.get(&format!("changes?after={}&wait=30", after.as_str().unwrap())).await
    }

    /// The headlines of a snapshot, and where changes begin.
    pub(super) async fn snapshot(&self) -> (Vec<String>, Value) {
        let (mut titles, mut after, mut place) = (Vec::new(), String::new(), Value::Null);
        loop {
            let page = self.get(&format!("articles?first=2{after}")).await;
            let items = page["items"].as_array().unwrap();
            titles.extend(items.iter().map(|item| item["story"]["title"].as_str().unwrap().to_owned()));
            if place.is_null() {
                place = page["changesAfter"].clone();
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return (titles, place),
            }
        }
    }
}

fn kinds(page: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(|item| (text(&item["kind"]), text(&item["status"]))).collect()
}

fn pair(kind: &str, status: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), status.to_owned())]
}

pub(super) fn newsroom() -> Newsroom {
    let story = |name: &str| Story::new(name).ko(&format!("{name} 기사")).at("2026-01-01T09:00:00+09:00");
    Newsroom::of([story("a"), story("b"), story("c").en("C in English"), story("d")])
}

pub(super) async fn publish(server: &Server, editor: &Staff, title: &str) -> (String, String) {
    let (article, variant) = server.write(editor, "ko", title).await;
    server.bring(editor, &variant, "PUBLISHED").await;
    (article, variant)
}

/// Waits until the follower of the log has begun: what is published before concerns no partner.
pub(super) async fn following(database: &Database) {
    let connection = database.connect().await;
    super::sending::wait_in(&connection, "SELECT count(*) FROM follower WHERE name = 'partners'", 1).await;
}

on_both! {
    a_snapshot_and_then_changes_are_all_that_a_partner_needs(kind) {
        let server = newsroom().serve(kind).await;
        following(&server.database).await;
        let editor = server.staff("editor").await;
        let wire = Partner::add(&server, "wire", &["--languages", "ko"]);
        let (mut titles, place) = wire.snapshot().await;
        titles.sort();
        assert_eq!(titles, ["a 기사", "b 기사", "c 기사", "d 기사"]);
        assert_eq!(wire.get(&format!("changes?after={}", place.as_str().unwrap())).await["items"], json!([]));

        let (article, variant) = publish(&server, &editor, "새 기사").await;
        let page = wire.next(&place).await;
        assert_eq!(kinds(&page), pair("PUBLISHED", "usable"));
        assert_eq!(page["items"][0]["item"]["story"]["title"], "새 기사");
        assert!(page["items"][0]["item"]["story"]["html"].as_str().unwrap().contains("A second paragraph."));
        // The same place asked twice gives the same page.
        assert_eq!(wire.next(&place).await, page);

        let note = json!({"variantId": variant, "kind": "CORRECTION", "text": "숫자를 고침"});
        server.changed(&editor, "addCorrection", "variant { id }", note).await;
        let corrected = wire.next(&page["next"]).await;
        assert_eq!(kinds(&corrected), pair("CORRECTED", "usable"));
        assert_eq!(corrected["items"][0]["detail"]["corrections"][0]["text"], "숫자를 고침");

        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "wrong"})).await;
        let gone = wire.next(&corrected["next"]).await;
        assert_eq!(kinds(&gone), pair("CANCELED", "canceled"));
        assert_eq!(gone["items"][0]["item"], json!({
            "article": article, "language": "ko", "status": "canceled", "reason": "WITHDRAWN",
        }));
        // Who begins anew at an old place reads of what is gone that it is gone, and nothing of what it said.
        let again = wire.next(&place).await;
        assert!(!again.to_string().contains("새 기사"), "{again:#}");
        let one = wire.get(&format!("articles/{article}?language=ko")).await;
        assert_eq!(one["status"], "canceled");
    }

    a_snapshot_leads_back_to_a_withdrawal_whose_answer_was_lost(kind) {
        let server = newsroom().serve(kind).await;
        following(&server.database).await;
        let editor = server.staff("editor").await;
        let wire = Partner::add(&server, "wire", &["--languages", "ko"]);
        let begin = wire.snapshot().await.1;
        let (article, variant) = publish(&server, &editor, "새 기사").await;
        let told = wire.next(&begin).await["next"].clone();
        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "wrong"})).await;
        let lost = wire.next(&told).await;
        assert_eq!(kinds(&lost), pair("CANCELED", "canceled"));
        // It kept its copy and nothing of that answer, and begins anew.
        let again = wire.snapshot().await.1;
        let page = wire.next(&again).await;
        assert_eq!(kinds(&page), pair("CANCELED", "canceled"));
        assert_eq!(page["items"][0]["item"]["article"], article.as_str());
        // It asked for what is behind it, so that a snapshot may leave it out.
        wire.get(&format!("changes?after={}", page["next"].as_str().unwrap())).await;
        let after = wire.snapshot().await.1;
        assert_eq!(wire.get(&format!("changes?after={}", after.as_str().unwrap())).await["items"], json!([]));
    }

    a_changed_text_comes_with_the_blocks_that_differ_and_only_for_who_gets_the_text(kind) {
        let server = newsroom().serve(kind).await;
        following(&server.database).await;
        let editor = server.staff("editor").await;
        let full = Partner::add(&server, "full", &[]);
        let short = Partner::add(&server, "short", &["--full-text", "false"]);
        let (_, variant) = publish(&server, &editor, "기사").await;
        let mut places = Vec::new();
        for partner in [&full, &short] {
            places.push(partner.next(&json!("0")).await["next"].clone());
        }
        let text = json!({"variantId": variant, "text": {"body": {"markdown": "기사.\n\nAnother paragraph."}}});
        server.changed(&editor, "reviseVariant", "variant { id }", text).await;
        server.done(&editor, "publishVariant", &variant, json!({})).await;
        let page = full.next(&places[0]).await;
        assert_eq!(kinds(&page), pair("UPDATED", "usable"));
        let blocks = page["items"][0]["detail"]["changedBlocks"].to_string();
        assert!(blocks.contains("A second paragraph.") && blocks.contains("Another paragraph."), "{page:#}");
        let page = short.next(&places[1]).await;
        assert_eq!(kinds(&page), pair("UPDATED", "usable"));
        assert!(!page.to_string().contains("paragraph"), "{page:#}");
    }

    what_leaves_the_terms_of_a_partner_is_withheld_and_told(kind) {
        let server = newsroom().serve(kind).await;
        following(&server.database).await;
        let wire = Partner::add(&server, "wire", &[]);
        let (titles, place) = wire.snapshot().await;
        assert_eq!(titles.len(), 5, "{titles:?}");
        run(&server.database, &["partner", "set", "wire", "--languages", "en"], 0);
        let mut withheld = Vec::new();
        let mut place = place;
        while withheld.len() < 4 {
            let page = wire.next(&place).await;
            withheld.extend(kinds(&page));
            place = page["next"].clone();
        }
        assert!(withheld.iter().all(|one| *one == ("WITHHELD".to_owned(), "withheld".to_owned())), "{withheld:?}");
        assert_eq!(wire.snapshot().await.0, ["C in English"]);
    }

    a_planned_story_comes_early_to_who_is_trusted_with_it_and_to_nobody_else(kind) {
        let server = newsroom().serve(kind).await;
        following(&server.database).await;
        let editor = server.staff("editor").await;
        let trusted = Partner::add(&server, "trusted", &["--lead-minutes", "120"]);
        let other = Partner::add(&server, "other", &[]);
        let begin = trusted.snapshot().await.1;
        let (article, variant) = server.write(&editor, "ko", "금리 결정").await;
        server.done(&editor, "submitVariant", &variant, json!({})).await;
        let soon = time::OffsetDateTime::now_utc() + time::Duration::hours(1);
        let at = soon.format(&time::format_description::well_known::Rfc3339).unwrap();
        server.done(&editor, "scheduleVariant", &variant, json!({"at": at})).await;

        let early = trusted.next(&begin).await;
        assert_eq!(kinds(&early), pair("EMBARGOED", "usable"));
        let item = &early["items"][0]["item"];
        assert!(item["embargoedUntil"].is_string() && item["story"]["title"] == "금리 결정", "{item:#}");
        for path in [format!("articles/{article}?language=ko"), "articles?first=100".to_owned(), "changes?after=0".to_owned()] {
            assert!(!other.ask(&path).await.1.to_string().contains("금리 결정"), "{path}");
        }
        for path in ["/v1/articles?language=ko", "/feeds/ko/rss.xml", "/sitemap-news.xml"] {
            assert!(!server.get(path).send().await.unwrap().text().await.unwrap().contains("금리 결정"), "{path}");
        }
        // It is called off: who had it is told.
        server.done(&editor, "sendBackVariant", &variant, json!({"note": "not yet"})).await;
        let off = trusted.next(&early["next"]).await;
        assert_eq!(kinds(&off), pair("CANCELED", "canceled"));
        assert_eq!(off["items"][0]["detail"]["reason"], "CALLED_OFF");
        assert!(!off.to_string().contains("금리 결정"), "{off:#}");
        // It is published after all.
        server.done(&editor, "submitVariant", &variant, json!({})).await;
        server.done(&editor, "publishVariant", &variant, json!({})).await;
        let published = trusted.next(&off["next"]).await;
        assert_eq!(kinds(&published), pair("PUBLISHED", "usable"));
        assert!(published["items"][0]["item"].get("embargoedUntil").is_none());
    }

    a_picture_out_of_its_rights_is_left_out_with_the_reason_in_every_format(kind) {
        let story = Story::new("a").ko("그림 기사").at("2026-01-01T09:00:00+09:00").picture();
        let server = Newsroom::of([story]).serve(kind).await;
        following(&server.database).await;
        let editor = server.staff("editor").await;
        let korea = Partner::add(&server, "korea", &["--territory", "kr"]);
        let abroad = Partner::add(&server, "abroad", &["--territory", "US"]);
        // A story that one partner fetched is compared for all: who has it already is told of nothing.
        let first = abroad.get("articles").await;
        let image = first["items"][0]["story"]["leadImage"]["id"].as_str().unwrap().to_owned();
        let place = first["changesAfter"].clone();
        korea.get("articles").await;
        let rights = json!({"imageId": image, "rights": {"territories": ["KR"]}});
        server.changed(&editor, "updateImage", "image { rights { territories } }", rights).await;
        let page = abroad.next(&place).await;
        assert_eq!(kinds(&page), pair("UPDATED", "usable"));
        assert_eq!(page["items"][0]["item"]["withheldImages"], json!([{"image": image, "reason": "TERRITORY"}]));
        for format in ["byline", "ninjs3", "ninjs2"] {
            let item = abroad.get(&format!("articles?format={format}")).await["items"][0].to_string();
            assert!(!item.contains("/original") && item.contains("TERRITORY"), "{format}: {item}");
            let item = korea.get(&format!("articles?format={format}")).await["items"][0].to_string();
            assert!(item.contains("/original"), "{format}: {item}");
        }
        let wrong = json!({"imageId": image, "rights": {"territories": ["Korea"]}});
        let refused = server.refused(&editor, "updateImage", wrong).await;
        assert_eq!(refused, [("rights.territories[0]".to_owned(), "INVALID".to_owned())]);
    }

    who_is_no_partner_or_disabled_or_asks_wrongly_is_told_so(kind) {
        let server = newsroom().serve(kind).await;
        following(&server.database).await;
        assert_eq!(server.get("/v1/partner/articles").send().await.unwrap().status(), 401);
        let editor = server.staff("editor").await;
        let as_editor = server.get("/v1/partner/articles").bearer_auth(&editor.access).send().await.unwrap();
        assert_eq!(as_editor.status(), 403);
        let wire = Partner::add(&server, "wire", &[]);
        for (path, parameter) in [
            ("articles?page=2", "page"), ("articles?first=0", "first"), ("articles?first=101", "first"),
            ("articles?after=x", "after"), ("articles?modifiedSince=today", "modifiedSince"),
            ("articles?format=xml", "format"), ("changes?after=-1", "after"), ("changes?after=999999", "after"),
            ("changes?wait=61", "wait"), ("changes?after=0&after=1", "after"), ("usage?from=2026", "from"),
        ] {
            let (status, answer) = wire.ask(path).await;
            assert_eq!((status, answer["errors"][0]["path"].as_str()), (400, Some(parameter)), "{path}: {answer:#}");
        }
        assert_eq!(wire.ask("articles/art_nonsense?language=ko").await.0, 400);
        assert_eq!(wire.ask("articles/art_01j9z3k5000000000000000000?language=ko").await.0, 404);
        run(&server.database, &["partner", "disable", "wire"], 0);
        assert_eq!(wire.ask("articles").await.0, 403);
        run(&server.database, &["partner", "enable", "wire"], 0);
        assert_eq!(wire.ask("articles").await.0, 200);
    }

    administrators_add_and_change_partners_and_editors_see_them(kind) {
        let server = newsroom().serve(kind).await;
        let (admin, editor) = (server.staff("admin").await, server.staff("editor").await);
        let input = json!({"slug": "wire", "name": "통신사", "terms": {"languages": ["ko"], "leadMinutes": 60, "territory": "kr"}});
        let made = server.changed(&admin, "createPartner", "partner { id version terms { territory } }", input.clone()).await;
        assert_eq!(made["partner"]["terms"]["territory"], "KR");
        assert_eq!(server.refused(&admin, "createPartner", input.clone()).await, [("slug".to_owned(), "TAKEN".to_owned())]);
        let wrong = json!({"slug": "x", "name": "", "terms": {"languages": ["fr"], "territory": "Korea"}});
        let paths: Vec<String> = server.refused(&admin, "createPartner", wrong).await.into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["name", "languages", "territory"]);
        assert_eq!(server.change(&editor, "createPartner", "", input).await.codes(), ["FORBIDDEN"]);
        let change = json!({"partnerId": made["partner"]["id"], "expectedVersion": 1, "name": "다른 이름"});
        server.changed(&admin, "updatePartner", "partner { version }", change.clone()).await;
        assert_eq!(server.change(&admin, "updatePartner", "", change).await.codes(), ["CONFLICT"]);
        let missing = json!({"partnerId": "par_01j9z3k5000000000000000000", "name": "x"});
        assert_eq!(server.change(&admin, "updatePartner", "", missing).await.codes(), ["NOT_FOUND"]);
        let seen = server.desk(&editor, "partners { slug name disabledAt }").await;
        assert_eq!(seen["partners"], json!([{"slug": "wire", "name": "다른 이름", "disabledAt": null}]));
    }

    what_a_partner_reads_is_counted_by_story_and_day(kind) {
        let server = newsroom().serve(kind).await;
        following(&server.database).await;
        let wire = Partner::add(&server, "wire", &["--languages", "en"]);
        for _ in 0..3 {
            wire.get("articles").await;
        }
        let usage = wire.get("usage").await;
        let rows = usage["items"].as_array().unwrap();
        assert_eq!(rows.len(), 1, "{usage:#}");
        assert_eq!((&rows[0]["language"], &rows[0]["way"], &rows[0]["deliveries"]), (&json!("en"), &json!("pull"), &json!(3)));
    }

    the_stream_brings_changes_as_they_come_and_goes_on_where_it_was(kind) {
        let server = newsroom().serve(kind).await;
        following(&server.database).await;
        let editor = server.staff("editor").await;
        let wire = Partner::add(&server, "wire", &[]);
        let place = wire.snapshot().await.1.as_str().unwrap().to_owned();
        let (_, variant) = publish(&server, &editor, "첫 소식").await;
        let first = read_event(&server, &wire.key, &place).await;
        assert!(first.contains("첫 소식") && first.contains("event: change"), "{first}");
        let id = first.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
        server.done(&editor, "withdrawVariant", &variant, json!({"reason": "wrong"})).await;
        let second = read_event(&server, &wire.key, &id).await;
        assert!(second.contains("canceled") && !second.contains("첫 소식"), "{second}");
    }
}

/// The first event of a stream behind a place.
async fn read_event(server: &Server, key: &str, after: &str) -> String {
    let request = server.get("/v1/partner/stream").bearer_auth(key).header("last-event-id", after);
    let mut response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let mut text = String::new();
    while !(text.contains("data:") && text.ends_with("\n\n")) {
        let chunk = tokio::time::timeout(Duration::from_secs(30), response.chunk()).await.unwrap().unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    text
}
