//! Ids that survive edits.

use super::*;
use crate::domain::body::Figure;

fn paragraphs(texts: &str) -> Vec<Content> {
    texts.split_whitespace().map(|text| Content::Paragraph { html: text.to_owned() }).collect()
}

fn ids(body: &Body) -> Vec<&str> {
    body.blocks.iter().map(|block| block.id.as_str()).collect()
}

/// The ids after an edit, as places in the old body, or `+` for a new block.
fn edited(before: &str, after: &str) -> String {
    let old = Body::from_contents(paragraphs(before), None);
    let new = Body::from_contents(paragraphs(after), Some(&old));
    let place = |id: &&str| ids(&old).iter().position(|old| old == id).map_or("+".to_owned(), |at| at.to_string());
    ids(&new).iter().map(place).collect::<Vec<_>>().join(" ")
}

#[test]
fn blocks_keep_their_ids() {
    for (before, after, expected) in [
        ("a b c", "a b c", "0 1 2"),
        ("a b c", "a x c", "0 1 2"),
        ("a b c", "a c", "0 2"),
        ("a b c", "a n b c", "0 + 1 2"),
        ("a b c", "c a b", "2 0 1"),
        ("a b c", "x y c z", "0 1 2 +"),
        ("a b c d", "d b c a", "3 1 2 0"),
        ("a a a", "a x a", "0 1 2"),
        ("a a", "a a a", "0 1 +"),
        ("", "a", "+"),
        ("a b c d e", "a e", "0 4"),
        ("a b c", "x a y b z c", "+ 0 + 1 + 2"),
    ] {
        assert_eq!(edited(before, after), expected, "{before} → {after}");
    }
}

#[test]
fn ids_are_short_readable_and_the_same_everywhere() {
    let body = Body::from_contents(paragraphs("a a b"), None);
    assert_eq!(ids(&body), ["bm2c0jwe2", "bm2c0jwe2-2", "b5pd3jf92"]);
    assert_eq!(body.blocks[0].hash.len(), 32);
}

#[test]
fn only_blocks_of_one_type_continue_each_other() {
    let old = Body::from_contents(vec![Content::Divider, Content::Paragraph { html: "a".into() }], None);
    let figure = Content::Figure(Figure { source: Some("i".into()), ..Figure::default() });
    let new = Body::from_contents(vec![figure, Content::Paragraph { html: "b".into() }], Some(&old));
    assert_eq!(new.blocks[1].id, old.blocks[1].id);
    assert!(!ids(&old).contains(&new.blocks[0].id.as_str()));
}

#[test]
fn an_id_of_the_last_version_is_not_given_to_another_block() {
    let old = Body::from_contents(paragraphs("a b"), None);
    let edited = Body::from_contents(paragraphs("x b"), Some(&old));
    assert_eq!(edited.blocks[0].id, old.blocks[0].id);
    let back = Body::from_contents(paragraphs("x b a"), Some(&edited));
    assert_eq!(back.blocks[2].id, format!("{}-2", old.blocks[0].id));
}

/// Blocks as `text` or `id=text`.
fn drafts(texts: &str) -> Vec<DraftBlock> {
    let draft = |text: &str| {
        let (id, html) = text.split_once('=').map_or((None, text), |(id, html)| (Some(id.to_owned()), html));
        DraftBlock { id, content: Content::Paragraph { html: html.to_owned() } }
    };
    texts.split_whitespace().map(draft).collect()
}

/// A body whose ids are the capitals of its texts.
fn lettered(texts: &str) -> Body {
    let mut body = Body::from_contents(paragraphs(texts), None);
    for (block, text) in body.blocks.iter_mut().zip(texts.split_whitespace()) {
        block.id = text.to_uppercase();
    }
    body
}

#[test]
fn blocks_sent_with_a_known_id_keep_it_and_others_are_aligned() {
    for (before, sent, expected) in [
        ("a b c", "A=a B=b C=c", "A B C"),
        ("a b c", "C=x A=y B=z", "C A B"),
        ("a b c", "B=a A=b c", "B A C"),
        ("a b c", "A=a x C=c", "A B C"),
        ("a b c", "x A=a C=c", "+ A C"),
        ("a b c", "a B=x", "A B"),
        // The text of one block under the id of another: the id says which block it is.
        ("a b", "B=a x", "B +"),
        // Sent twice, the first one is meant; an unknown one is as good as none.
        ("a b", "A=x A=y", "A B"),
        ("a b", "Z=a Y=x", "A B"),
        // Ids of the source that this text was made from.
        ("", "P=x Q=y n", "P Q +"),
        ("a", "P=x a Q=y", "P A Q"),
        ("a b", "a P=b", "A P"),
    ] {
        let (old, source) = (lettered(before), lettered("p q"));
        let new = Body::from_blocks(drafts(sent), Some(&old), Some(&source));
        let known = |id: &&str| if id.len() == 1 { (*id).to_owned() } else { "+".to_owned() };
        assert_eq!(ids(&new).iter().map(known).collect::<Vec<_>>().join(" "), expected, "{before} → {sent}");
    }
}

#[test]
fn an_id_of_the_source_is_not_given_to_a_block_that_does_not_claim_it() {
    let source = Body::from_contents(vec![Content::Divider], None);
    let translation = Body::from_blocks(vec![DraftBlock { id: None, content: Content::Divider }], None, Some(&source));
    assert_eq!(translation.blocks[0].id, format!("{}-2", source.blocks[0].id));
}

#[test]
fn changes_are_listed_by_kind() {
    let old = Body::from_contents(paragraphs("a b c"), None);
    let new = Body::from_contents(paragraphs("a x c n"), Some(&old));
    let changes = Body::changed_blocks(&old, &new);
    assert_eq!(changes.changed, [old.blocks[1].id.clone()]);
    assert_eq!(changes.added, [new.blocks[3].id.clone()]);
    assert!(changes.removed.is_empty());
    assert_eq!(Body::changed_blocks(&new, &old).removed, changes.added);
    assert!(Body::changed_blocks(&old, &old).is_empty());
}

#[test]
fn huge_bodies_are_matched_without_comparing_everything() {
    let texts = |range: std::ops::Range<u32>| range.map(|n| format!("{n} ")).collect::<String>();
    let old = Body::from_contents(paragraphs(&texts(0..5000)), None);
    let new = Body::from_contents(paragraphs(&format!("n {} m", texts(0..5000))), Some(&old));
    assert_eq!(ids(&new)[1..5001], ids(&old));
}
