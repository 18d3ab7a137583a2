//! Items of one story, checked against the standard's facts, and for what a receiver may not see.

mod samples;
mod standard;

use super::*;
use crate::domain::article::CorrectionKind;
use crate::domain::body::markdown;
use samples::{Newsroom, correction, image_id};
use serde_json::json;
use standard::faults;
use time::macros::datetime;

/// The first association that relates so.
fn associated<'a>(item: &'a Value, rel: &str) -> &'a Value {
    let all = item["associations"].as_array().unwrap();
    all.iter().find(|one| one["rel"] == rel).unwrap_or_else(|| panic!("no {rel} in {item:#}"))
}

#[test]
fn every_item_is_one_that_the_standard_allows() {
    let full = Newsroom::default();
    let mut plain = Newsroom::default();
    plain.variant.card.summary = None;
    plain.variant.card.shared.lead_image = None;
    plain.variant.card.shared.tags.clear();
    plain.entities.clear();
    let mut corrected = Newsroom::default();
    corrected.variant.card.corrections.push(correction(CorrectionKind::Correction, None));
    let withheld = [(image_id(1), Refusal::Expired), (image_id(2), Refusal::Territory)];
    let soon = Some(datetime!(2026-11-27 09:00 UTC));
    for (name, item) in [
        ("everything", item(&full.item())),
        ("no text", item(&Item { body: None, ..full.item() })),
        ("nothing known", item(&plain.item())),
        ("nothing but a headline", item(&Item { body: None, languages: &[], ..plain.item() })),
        ("under embargo", item(&Item { embargoed_until: soon, ..full.item() })),
        ("without pictures", item(&Item { withheld: &withheld, ..full.item() })),
        ("corrected", item(&corrected.item())),
        (
            "gone",
            full.tombstone(Status::Canceled, Reason::Retracted, &[correction(CorrectionKind::Retraction, Some("Han"))]),
        ),
        ("not for them", full.tombstone(Status::Withheld, Reason::OutsideTerms, &[])),
    ] {
        for version in Version::ALL {
            let written = version.write(item.clone());
            assert_eq!(faults(*version, &written), Vec::<String>::new(), "{name}, {version}: {written:#}");
            assert_eq!(written["standard"]["version"], version.number());
        }
    }
}

#[test]
fn the_checks_find_what_the_standard_does_not_allow() {
    let item = item(&Newsroom::default().item());
    let without = |name: &str| {
        let mut item = item.clone();
        item.as_object_mut().unwrap().remove(name);
        item
    };
    let with = |pointer: &str, value: Value| {
        let mut item = item.clone();
        *item.pointer_mut(pointer).unwrap() = value;
        item
    };
    for broken in [
        without("uri"),
        with("/pubStatus", json!("deleted")),
        with("/versionCreated", json!("yesterday")),
        with("/bodies/0", json!({"value": "x", "html": "x"})),
        with("/associations/0/name", Value::Null),
        with("/associations/0/renditions/0/width", json!("wide")),
        with("/uri", json!("art_1")),
    ] {
        assert!(!faults(Version::V3, &broken).is_empty(), "{broken:#}");
    }
    assert!(!faults(Version::V2, &item).is_empty(), "3.1 is not 2.2");
}

#[test]
fn a_story_reads_in_its_own_language_and_names_the_other() {
    let newsroom = Newsroom::default();
    let item = item(&newsroom.item());
    assert_eq!(
        item["uri"],
        format!("https://api.example/v1/partner/articles/{}?language=ko", newsroom.variant.article)
    );
    assert_eq!((&item["language"], &item["title"]), (&json!("ko"), &json!("첫 전기 여객선")));
    assert_eq!((&item["by"], &item["pubStatus"]), (&json!("한서윤"), &json!("usable")));
    assert_eq!((&item["people"][0]["rel"], &item["people"][1]["rel"]), (&json!("author"), &json!("about")));
    assert_eq!((&item["subjects"][0]["name"], &item["subjects"][0]["rel"]), (&json!("교통"), &json!("section")));
    assert_eq!(item["genres"][0]["uri"], "http://cv.iptc.org/newscodes/genre/Current");
    let html = item["bodies"][0]["value"].as_str().unwrap();
    assert!(html.contains("<p id=") && html.contains(&format!("/images/{}/original", image_id(2))), "{html}");
    assert_eq!(item["bodies"][1]["wordCount"], 4);
    assert_eq!(item["renditions"][0]["href"], "https://news.example/ko/%EC%97%AC%EA%B0%9D%EC%84%A0");
    let other = associated(&item, "translation");
    assert_eq!((&other["language"], &other["name"]), (&json!("en"), &json!("First electric ferry")));
    assert!(other["uri"].as_str().unwrap().ends_with("?language=en"));
    let languages = item["associations"].as_array().unwrap().iter().filter(|one| one["rel"] == "translation");
    assert_eq!(languages.count(), 1, "it does not name itself");
}

#[test]
fn a_picture_says_how_it_came_to_be_and_where_it_is() {
    let item = item(&Newsroom::default().item());
    let lead = associated(&item, "leadPicture");
    assert_eq!(
        lead["digitalSourceType"]["uri"],
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    );
    assert_eq!((&lead["by"], &lead["usageTerms"]), (&json!("Midjourney"), &json!("CC BY 4.0 Only in: KR, JP.")));
    assert_eq!(lead["expires"], "2027-01-01T00:00:00Z", "the rights end then");
    let original = &lead["renditions"][0];
    assert_eq!((&original["width"], &original["sizeInBytes"]), (&json!(1200), &json!(90_000)));
    assert_eq!(original["poi"], json!({"x": 300, "y": 400}));
    assert!(original["href"].as_str().unwrap().starts_with("https://api.example/images/img_"));
    assert_eq!(associated(&item, "picture")["name"], "배");
}

#[test]
fn a_picture_that_may_not_be_had_leaves_its_reason_and_nothing_of_its_address() {
    let newsroom = Newsroom::default();
    let withheld = [(image_id(1), Refusal::Expired), (image_id(2), Refusal::Territory)];
    let item = item(&Item { withheld: &withheld, ..newsroom.item() });
    let picture = associated(&item, "leadPicture");
    assert_eq!((&picture["pubStatus"], &picture["edNote"]), (&json!("withheld"), &json!("EXPIRED")));
    assert_eq!(picture["by"], "Midjourney");
    assert_eq!(associated(&item, "picture")["edNote"], "TERRITORY");
    for version in Version::ALL {
        let text = version.write(item.clone()).to_string();
        for leak in ["/original", "elsewhere.example", "<figure", "<img", "arrives at the pier"] {
            assert!(!text.contains(leak), "{leak} in {text}");
        }
    }
    let note = item["edNote"].as_str().unwrap();
    assert!(note.contains(&format!("Without picture {}: EXPIRED.", image_id(1))), "{note}");
}

#[test]
fn a_picture_that_nobody_vouches_for_is_not_sent() {
    let mut newsroom = Newsroom::default();
    newsroom.entities.remove(&image_id(2).0);
    let item = item(&newsroom.item());
    assert_eq!(associated(&item, "picture")["edNote"], "NO_SYNDICATION");
    // Nor one that never came into the library.
    let body = item["bodies"][0]["value"].as_str().unwrap();
    assert!(!body.contains("<figure") && !body.contains("elsewhere.example"), "{body}");
}

#[test]
fn an_embargo_is_said_in_every_place_that_somebody_may_read() {
    let newsroom = Newsroom::default();
    let item = item(&Item { embargoed_until: Some(datetime!(2026-11-27 18:00 +9)), ..newsroom.item() });
    assert_eq!(item["embargoedUntil"], "2026-11-27T18:00:00+09:00");
    assert!(item["edNote"].as_str().unwrap().starts_with("Under embargo: not to be published before 2026-11-27T18:00"));
    assert!(item["usageTerms"].as_str().unwrap().contains("before the embargo ends"));
    assert!(item.get("renditions").is_none(), "there is no page yet");
    assert_eq!(Version::V2.write(item)["embargoed"], "2026-11-27T18:00:00+09:00");
}

#[test]
fn a_correction_comes_with_its_words_and_the_block_that_it_changed() {
    let mut newsroom = Newsroom::default();
    let correction = correction(CorrectionKind::Correction, Some("한서윤"));
    newsroom.variant.card.corrections.push(correction.clone());
    let before = newsroom.body.clone();
    let mut after = before.clone();
    after.blocks[0].content = markdown::parse("승객은 320명이다.").contents.remove(0);
    let changed = [(correction.id, changed_blocks(&before, &after))];
    let item = item(&Item { changed: &changed, ..newsroom.item() });
    assert_eq!(item["versionCreated"], "2026-11-26T12:00:00Z", "later than the text");
    let told = associated(&item, "correction");
    assert_eq!((&told["name"], &told["by"]), (&json!("CORRECTION"), &json!("한서윤")));
    assert_eq!(told["bodies"][0]["value"], "숫자를 고쳤습니다.");
    assert_eq!(told["altIds"][0]["value"], correction.id.to_string());
    let block = associated(told, "changedBlock");
    assert_eq!(block["name"], before.blocks[0].id);
    let texts: Vec<&str> =
        block["bodies"].as_array().unwrap().iter().filter_map(|text| text["value"].as_str()).collect();
    assert_eq!(texts, ["승객은 230명이다.", "승객은 320명이다."]);
    assert!(
        item["edNote"].as_str().unwrap().contains("CORRECTION of 2026-11-26T12:00:00Z: 숫자를 고쳤습니다. (한서윤)")
    );
}

#[test]
fn blocks_that_came_and_went_are_told_but_pictures_are_not() {
    let body = |text: &str| Newsroom::body_of(text);
    let (old, new) = (body("하나\n\n둘\n\n![배](a.jpg \"그림\")"), body("둘\n\n셋"));
    let kept = |body: &Body, text: &str| {
        let found = body.blocks.iter().find(|block| render_text(block) == text);
        found.unwrap_or_else(|| panic!("no {text}")).id.clone()
    };
    let mut new = new;
    new.blocks[0].id = kept(&old, "둘");
    let changes = changed_blocks(&old, &new);
    let told: Vec<_> = changes.iter().map(|change| (change.before.as_deref(), change.after.as_deref())).collect();
    assert_eq!(told, [(None, Some("셋")), (Some("하나"), None)]);
    assert!(changed_blocks(&old, &old).is_empty());
}

fn render_text(block: &crate::domain::body::Block) -> String {
    crate::domain::body::render::block_text(&block.content)
}

#[test]
fn what_is_gone_says_why_and_nothing_of_what_it_was() {
    let newsroom = Newsroom::default();
    let retraction = correction(CorrectionKind::Retraction, None);
    let item = newsroom.tombstone(Status::Canceled, Reason::Retracted, &[retraction]);
    assert_eq!((&item["pubStatus"], &item["uri"]), (&json!("canceled"), &super::item(&newsroom.item())["uri"]));
    assert!(item["edNote"].as_str().unwrap().starts_with("canceled: RETRACTED.\nRETRACTION of "));
    assert_eq!(associated(&item, "correction")["name"], "RETRACTION");
    for property in ["headlines", "title", "bodies", "renditions", "people"] {
        assert!(item.get(property).is_none(), "{property}");
    }
}

#[test]
fn an_association_of_the_older_version_is_named_by_what_it_is() {
    let item = Version::V2.write(item(&Newsroom::default().item()));
    let names: Vec<&Value> = item["associations"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["leadPicture", "picture", "translation"]);
    assert_eq!(item["associations"][2]["title"], "First electric ferry");
    assert_eq!(item["associations"][0]["digitalsourcetype"]["name"], "trainedAlgorithmicMedia");
    assert_eq!((&item["pubstatus"], &item["altids"][0]["role"]), (&json!("usable"), &json!("article")));
}
