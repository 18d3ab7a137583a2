//! What editors see when they compare two versions.

use super::*;
use crate::domain::article::{Byline, BylineRole, Kind, Origin};
use crate::domain::body::{self, Body};
use crate::domain::ids::{AuthorId, TagId};
use proptest::prelude::*;

/// Segments in one line: `-deleted-`, `+inserted+`, equal text as it is.
fn shown(segments: &[Segment]) -> String {
    let mark = |op| match op {
        SegmentOp::Equal => "",
        SegmentOp::Insert => "+",
        SegmentOp::Delete => "-",
    };
    segments.iter().map(|Segment { op, text }| format!("{0}{text}{0}", mark(*op))).collect()
}

fn side(segments: &[Segment], other: SegmentOp) -> String {
    segments.iter().filter(|segment| segment.op != other).map(|segment| segment.text.as_str()).collect()
}

#[test]
fn words_are_compared_as_each_script_has_them() {
    for (old, new, expected) in [
        ("", "", ""),
        ("", "a b", "+a b+"),
        ("a b", "", "-a b-"),
        ("a b", "a b", "a b"),
        ("a b", "a b c", "a b+ c+"),
        ("the cat sat", "the dog sat", "the -cat-+dog+ sat"),
        ("the cat sat.", "the cat sat!", "the cat sat-.-+!+"),
        ("cats", "cat", "-cats-+cat+"),
        ("a  b", "a b", "a- - b"),
        (" a", "a", "- -a"),
        ("don’t go", "do go", "-don’t-+do+ go"),
        ("1,200 won", "1,300 won", "-1,200-+1,300+ won"),
        // Only the particle or the ending changed.
        ("정부가 발표했다.", "정부는 발표했다.", "정부-가-+는+ 발표했다."),
        ("정부가 발표했다.", "정부는 발표했습니다.", "정부-가-+는+ 발표했-다-+습니다+."),
        ("물이 맑다", "물은 맑다", "물-이-+은+ 맑다"),
        ("오픈AI가 쏘아", "오픈AI는 쏘아", "오픈AI-가-+는+ 쏘아"),
        ("2024년은", "2024년에는", "2024년-은-+에는+"),
        ("정부 발표", "정부에서는 발표", "정부+에서는+ 발표"),
        ("어제 정부가 말", "그제 시민과 정부는 말", "-어제-+그제 시민과+ 정부-가-+는+ 말"),
        // Another word that begins alike is another word.
        ("대한민국은 한다", "대한제국은 한국", "-대한민국은 한다-+대한제국은 한국+"),
        ("한다", "한국", "-한다-+한국+"),
        ("北京大学。", "北京中学。", "北京-大-+中+学。"),
        ("東京タワーへ", "東京タウンへ", "東京タ-ワー-+ウン+へ"),
        ("가족 👨‍👩‍👧", "가족 👨‍👩‍👦", "가족 -👨‍👩‍👧-+👨‍👩‍👦+"),
        // A little word between two larger changes says nothing.
        (
            "first words of older text",
            "other lines of newer prose",
            "-first words of older text-+other lines of newer prose+",
        ),
    ] {
        assert_eq!(shown(&words(old, new)), expected, "{old} → {new}");
    }
}

#[test]
fn decomposed_syllables_are_never_cut() {
    let (old, new) = ("\u{1112}\u{1161}\u{11ab}국", "\u{1112}\u{1161}\u{11b7}국");
    assert_eq!(shown(&words(old, new)), format!("-{old}-+{new}+"));
}

#[test]
fn a_large_text_that_is_rewritten_takes_no_seconds() {
    // Words that never come back, words that come back in another rhythm, every second word another one.
    for (unit, kinds) in [("word", 99_991), ("말", 99_991), ("a", 3), ("a", 17)] {
        let text = |seed: usize| -> String {
            (0..40_000).map(|n| format!("{unit}{} ", n * n % 31 * seed + n * seed % kinds)).collect()
        };
        let every_second = |text: &str| -> String {
            text.split_inclusive(' ').enumerate().map(|(at, word)| if at % 2 == 0 { "x " } else { word }).collect()
        };
        let old = text(3);
        for new in [text(7), every_second(&old), old.chars().rev().collect()] {
            let start = Instant::now();
            let segments = words(&old, &new);
            assert!(start.elapsed() < Duration::from_secs(3), "{unit} {kinds}: {:?}", start.elapsed());
            assert_eq!(side(&segments, SegmentOp::Insert), old);
            assert_eq!(side(&segments, SegmentOp::Delete), new);
        }
    }
}

fn paragraphs(texts: &str) -> Vec<body::Content> {
    texts
        .split('|')
        .filter(|text| !text.is_empty())
        .map(|text| body::Content::Paragraph { html: text.into() })
        .collect()
}

fn content(texts: &str, previous: Option<&Content>) -> Content {
    Content {
        title: "정부가 말했다".into(),
        deks: Vec::new(),
        slug: "s".into(),
        summary: None,
        body: Body::from_contents(paragraphs(texts), previous.map(|content| &content.body)),
        seo: Seo::default(),
        translation: None,
    }
}

fn shared() -> Shared {
    Shared {
        kind: Kind::News,
        section: None,
        lead_image: None,
        tags: Vec::new(),
        bylines: Vec::new(),
        related: Vec::new(),
    }
}

#[test]
fn blocks_are_added_removed_moved_and_changed() {
    for (before, after, expected) in [
        ("a|b|c", "a|b|c", ""),
        ("a|b", "a|b|c", "ADDED +c+"),
        ("a|b|c", "a|c", "REMOVED -b-"),
        ("a b|b", "a c|b", "CHANGED a -b-+c+"),
        ("a|b|c", "c|a|b", "MOVED c"),
        ("a|b|c", "b|c|n n", "REMOVED -a-, ADDED +n n+"),
        ("", "a", "ADDED +a+"),
        ("a|b", "", "REMOVED -a-, REMOVED -b-"),
        ("a <em>b</em>", "a <strong>b</strong>", "CHANGED a b"),
    ] {
        let old = content(before, None);
        let new = content(after, Some(&old));
        let found = diff(&old, &new, &shared(), &shared());
        let lines: Vec<String> =
            found.blocks.iter().map(|change| format!("{} {}", change.op, shown(&change.text))).collect();
        assert_eq!(lines.join(", "), expected, "{before} → {after}");
        assert!(found.fields.is_empty());
    }
}

#[test]
fn a_block_may_move_and_change_at_once() {
    let old = content("a|b|c", None);
    let mut new = old.clone();
    new.body.blocks.rotate_right(1);
    new.body.blocks[0].content = body::Content::Paragraph { html: "d".into() };
    new.body.blocks[0].hash = "other".into();
    let found = diff(&old, &new, &shared(), &shared()).blocks;
    let [change] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((change.op, change.moved), (BlockOp::Changed, true));
    assert_eq!((change.old_index, change.new_index), (Some(2), Some(0)));
    assert_eq!(change.before.as_ref(), Some(&old.body.blocks[2]));
}

#[test]
fn fields_are_listed_with_what_they_held_and_hold() {
    let (old, mut new) = (content("a", None), content("a", None));
    new.title = "정부는 말했다".into();
    new.deks = vec!["하나".into(), "둘".into()];
    new.summary = Some("요약".into());
    new.translation = Some(Translation {
        origin: Origin::Human,
        source_language: "ko".parse().unwrap(),
        source_revision: None,
        source_hash: None,
        reviewed_by: None,
        translators: Vec::new(),
    });
    let author = AuthorId::new();
    let tags = [TagId::new(), TagId::new()];
    let before = Shared { tags: tags.to_vec(), ..shared() };
    let after = Shared {
        kind: Kind::Data,
        tags: vec![tags[1], tags[0]],
        bylines: vec![Byline { author, role: BylineRole::Editor }],
        ..shared()
    };
    let found = diff(&old, &new, &before, &after);
    let line = |change: &FieldChange| {
        format!("{} {:?} {:?} {}", change.field, change.before, change.after, shown(&change.text))
    };
    let lines: Vec<String> = found.fields.iter().map(line).collect();
    let expected = [
        "TITLE [\"정부가 말했다\"] [\"정부는 말했다\"] 정부-가-+는+ 말했다".to_owned(),
        "DEKS [] [\"하나\", \"둘\"] +하나\n둘+".to_owned(),
        "SUMMARY [] [\"요약\"] +요약+".to_owned(),
        "TRANSLATION_ORIGIN [] [\"HUMAN\"] ".to_owned(),
        "TRANSLATION_SOURCE_LANGUAGE [] [\"ko\"] ".to_owned(),
        "KIND [\"NEWS\"] [\"DATA\"] ".to_owned(),
        format!("TAGS [\"{0}\", \"{1}\"] [\"{1}\", \"{0}\"] ", tags[0], tags[1]),
        format!("BYLINES [] [\"{author} EDITOR\"] "),
    ];
    assert_eq!(lines, expected);
    assert!(!found.is_empty() && diff(&old, &old, &before, &before).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn segments_give_back_both_texts(
        old in "([a-c가나는 ]|[ \n\u{3000}.,']|정부(가|는|의) |大|タ|e\u{301}|\u{1112}\u{1161}|👨‍👩‍👧){0,30}",
        new in "([a-c가나는 ]|[ \n\u{3000}.,']|정부(가|는|의) |大|タ|e\u{301}|\u{1112}\u{1161}|👨‍👩‍👧){0,30}",
    ) {
        let segments = words(&old, &new);
        prop_assert_eq!(side(&segments, SegmentOp::Insert), old);
        prop_assert_eq!(side(&segments, SegmentOp::Delete), new);
        prop_assert!(segments.iter().all(|segment| !segment.text.is_empty()));
        prop_assert!(segments.windows(2).all(|pair| pair[0].op != pair[1].op));
    }

    #[test]
    fn any_texts_give_back_both(old in any::<String>(), new in any::<String>()) {
        let segments = words(&old, &new);
        prop_assert_eq!(side(&segments, SegmentOp::Insert), old);
        prop_assert_eq!(side(&segments, SegmentOp::Delete), new);
    }

    #[test]
    fn changes_of_blocks_rebuild_the_new_body(
        versions in prop::collection::vec(prop::collection::vec("[a-f]", 0..10), 2)
    ) {
        let old = content(&versions[0].join("|"), None);
        let new = content(&versions[1].join("|"), Some(&old));
        let found = diff(&old, &new, &shared(), &shared());
        // What is not named stands where it stood: the unnamed blocks, in the old order, and the named ones at their
        // places are the new body.
        let named = |id: &str| found.blocks.iter().any(|change| change.id == id);
        let mut unnamed = old.body.blocks.iter().filter(|block| !named(&block.id));
        for (at, block) in new.body.blocks.iter().enumerate() {
            let change = found.blocks.iter().find(|change| change.new_index == Some(at));
            prop_assert_eq!(change.map_or_else(|| unnamed.next(), |change| change.after.as_ref()), Some(block));
        }
        prop_assert_eq!(unnamed.next(), None);
        prop_assert_eq!(found.is_empty(), old == new);
    }
}
