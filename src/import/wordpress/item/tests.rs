//! Dates with and without a zone, and what plugins keep in meta values.

use time::macros::datetime;

use super::*;

fn with_meta(pairs: &[(&str, &str)]) -> WpItem {
    let meta = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    WpItem { meta, title: "제목 &amp; <em>둘</em>".to_owned(), ..WpItem::default() }
}

#[test]
fn the_date_keeps_its_zone() {
    let local = datetime!(2023-11-22 09:00);
    let table = [
        (Some(local), Some(datetime!(2023-11-22 00:00)), None, Some(datetime!(2023-11-22 09:00 +9))),
        (Some(local), Some(datetime!(2023-11-22 14:00)), None, Some(datetime!(2023-11-22 09:00 -5))),
        (Some(local), Some(datetime!(2023-11-22 03:15)), None, Some(datetime!(2023-11-22 09:00 +5:45))),
        (
            Some(local),
            Some(datetime!(2023-11-22 00:01)),
            Some(datetime!(2023-11-22 00:00 UTC)),
            Some(datetime!(2023-11-22 00:00 UTC)),
        ),
        (
            Some(local),
            Some(datetime!(2020-01-01 00:00)),
            Some(datetime!(2023-11-22 00:00 UTC)),
            Some(datetime!(2023-11-22 00:00 UTC)),
        ),
        (Some(local), None, Some(datetime!(2023-11-22 00:00 UTC)), Some(datetime!(2023-11-22 09:00 +9))),
        (Some(local), None, Some(datetime!(2023-11-22 09:00 +9)), Some(datetime!(2023-11-22 09:00 +9))),
        (None, Some(local), None, Some(datetime!(2023-11-22 09:00 UTC))),
        (None, None, Some(datetime!(2023-11-22 00:00 +9)), Some(datetime!(2023-11-22 00:00 +9))),
        (Some(local), None, Some(datetime!(1970-01-01 00:00 UTC)), None),
        (Some(local), None, None, None),
    ];
    for (post_date, post_date_gmt, pub_date, expected) in table {
        let item = WpItem { post_date, post_date_gmt, pub_date, ..WpItem::default() };
        let found = item.published_at();
        assert_eq!(found, expected, "{item:?}");
        assert_eq!(found.map(OffsetDateTime::offset), expected.map(OffsetDateTime::offset), "{item:?}");
    }
}

#[test]
fn meta_values_of_plugins() {
    let item = with_meta(&[
        ("_thumbnail_id", "9001"),
        ("_thumbnail_id", "2"),
        ("_wp_attachment_image_alt", " 사진 "),
        ("_yoast_wpseo_primary_category", ""),
        ("rank_math_primary_category", "3"),
        ("_wp_attached_file", "2023/11/a.jpg"),
    ]);
    assert_eq!((item.thumbnail_id(), item.alt(), item.primary_category_id()), (Some(9001), Some("사진"), Some(3)));
    assert_eq!(item.attached_file(), Some("2023/11/a.jpg"));
    assert_eq!(with_meta(&[("_thumbnail_id", "-1")]).thumbnail_id(), None);
    assert_eq!(item.title_text(), "제목 & 둘");
    let url = Some("https://x.example/wp-content/uploads/2024/01/b.png".to_owned());
    assert_eq!(WpItem { attachment_url: url, ..WpItem::default() }.attached_file(), Some("2024/01/b.png"));
}

#[test]
fn text_for_search_engines() {
    let table = [
        ("_yoast_wpseo_title", "%%title%% %%page%% %%sep%% %%sitename%%", None),
        ("_yoast_wpseo_title", "따로 쓴 제목 %%sep%% %%sitename%%", Some("따로 쓴 제목")),
        ("_yoast_wpseo_title", "100% 새 제목", Some("100% 새 제목")),
        ("rank_math_title", "특집: %title% %sep% %sitename%", Some("특집: 제목 & 둘")),
        ("rank_math_title", " ", None),
    ];
    for (key, value, title) in table {
        assert_eq!(with_meta(&[(key, value)]).seo_title().as_deref(), title, "{value}");
    }
    let described = with_meta(&[("_yoast_wpseo_metadesc", "설명 &quot;둘&quot;")]);
    assert_eq!(described.seo_description().as_deref(), Some("설명 \"둘\""));
    assert_eq!(with_meta(&[("rank_math_description", "%excerpt%")]).seo_description(), None);
}

#[test]
fn facts_of_an_image() {
    let whole = "a:6:{s:5:\"width\";i:1024;s:6:\"height\";s:3:\"768\";s:4:\"file\";s:9:\"2023/a.jp\";s:5:\"sizes\";a:1:{s:6:\"medium\";\
        a:2:{s:5:\"width\";i:300;s:6:\"height\";i:200;}}s:8:\"filesize\";d:1.5;s:10:\"image_meta\";a:4:{s:6:\"credit\";s:9:\"김기자\";\
        s:7:\"caption\";s:0:\"\";s:9:\"copyright\";s:6:\"ⓒ \"x\";s:8:\"keywords\";a:0:{}}}";
    let facts = with_meta(&[("_wp_attachment_metadata", whole)]).image_facts();
    let expected = ImageFacts {
        width: Some(1024),
        height: Some(768),
        credit: Some("김기자".into()),
        caption: None,
        copyright: Some("ⓒ \"x".into()),
    };
    assert_eq!(facts, expected);
    // The lengths are wrong, as after a careless search and replace.
    let wrong = whole.replace("s:9:\"김기자\"", "s:3:\"김기자\"").replace("s:9:\"2023", "s:99:\"2023");
    assert_eq!(with_meta(&[("_wp_attachment_metadata", &wrong)]).image_facts(), expected);
    let cut = whole.split_once("s:8:\"filesize\"").unwrap().0;
    assert_eq!(with_meta(&[("_wp_attachment_metadata", cut)]).image_facts().height, Some(768));
    for nothing in [
        "",
        "a:0:{}",
        "O:8:\"stdClass\":0:{}",
        "b:0;",
        "s:5:\"width\"",
        &"a:1:{i:0;".repeat(500),
        "i:99999999999999999999;",
    ] {
        assert_eq!(
            with_meta(&[("_wp_attachment_metadata", nothing)]).image_facts(),
            ImageFacts::default(),
            "{nothing}"
        );
    }
}
