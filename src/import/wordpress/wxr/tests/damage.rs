//! Damage of all kinds: what is whole is read, what is lost is named, and nothing panics.

use std::io::{BufReader, Read};

use proptest::prelude::*;

use super::*;

#[test]
fn a_truncated_file_yields_what_is_whole_and_says_where_it_ends() {
    let file = export(&(post(1, "a") + &post(2, "b")));
    let item_ends: Vec<usize> = file.match_indices("</item>").map(|(at, tag)| at + tag.len()).collect();
    for end in (HEAD.len()..file.len() - TAIL.len()).filter(|end| file.is_char_boundary(*end)) {
        let records = all(&file.as_bytes()[..end]);
        let said = errors(&records);
        assert_eq!(said.len(), 1, "{end}");
        assert!(said[0].starts_with(&format!("the file is truncated at byte {end}")), "{said:?}");
        assert_eq!(ids(&records).len(), item_ends.iter().filter(|item| **item <= end).count(), "{end}");
    }
    let cut = file.rfind("<category").unwrap();
    assert!(errors(&all(&file.as_bytes()[..cut]))[0].ends_with(", inside post 2 “제목 2”"));
}

#[test]
fn damage_costs_one_item_at_most_and_is_named() {
    let file = export(&(post(1, "가") + &post(2, "나") + &post(3, "다")));
    // (what, instead of what in the second post, ids that remain, whether the second is noted)
    let second = |from: &str, to: &str| {
        let start = file.find("제목 2").unwrap();
        let (before, after) = file.split_at(start);
        format!("{before}{}", after.replacen(from, to, 1))
    };
    let kept = [
        ("CDATA of the content never ends", second("]]></content", "></content")),
        ("end tag of the content", second("</content:encoded>", "</cont#nt:encoded>")),
        ("CDATA of the last meta never ends", second("]]></wp:meta_value", "></wp:meta_value")),
        ("end tag of the id", second("</wp:post_id>", "</wp:p")),
    ];
    for (what, damaged) in kept {
        let records = all(&damaged);
        assert_eq!((ids(&records), errors(&records)), (vec![1, 2, 3], vec![]), "{what}");
        let texts: Vec<_> = items(&records).iter().map(|item| item.content.replace([']', '>'], "")).collect();
        assert_eq!(texts, ["가", "나", "다"], "{what}");
        let notes: Vec<_> = items(&records).iter().map(|item| item.notes.len()).collect();
        assert_eq!(notes, [0, 1, 0], "{what}");
    }
    let lost = [
        ("end tag of the item", second("\t</item>\n", "")),
        ("from the content to the next item", {
            let (start, end) = (file.find("나").unwrap(), file.rfind("\t<item>").unwrap());
            format!("{}{}", file.split_at(start).0, file.split_at(end).1)
        }),
    ];
    for (what, damaged) in lost {
        let records = all(&damaged);
        assert_eq!(ids(&records), [1, 3], "{what}");
        let said = errors(&records);
        let (from, to) = (damaged.match_indices("<item>").nth(1).unwrap().0, damaged.rfind("<item>").unwrap());
        assert_eq!(said.len(), 1, "{what}: {said:?}");
        assert!(said[0].contains("제목 2") && said[0].contains(&format!("bytes {from} to {to}")), "{what}: {said:?}");
    }
    let start = file.match_indices("<item>").nth(1).unwrap().0;
    let headless = all(format!("{}<it>{}", file.split_at(start).0, file.split_at(start + "<item>".len()).1));
    assert_eq!(ids(&headless), [1, 3]);
    assert!(errors(&headless)[0].starts_with("post 2 is damaged: bytes "), "start tag of the item");
    let unclosed_author = all(export(&format!("<wp:author><wp:author_login>a</wp:author_login>{}", post(1, "a"))));
    assert_eq!((ids(&unclosed_author), errors(&unclosed_author).len()), (vec![1], 1));
}

#[test]
fn an_item_about_items_is_one_item() {
    let rss = "<pre>&lt;item&gt;</pre> <item><title>예</title></item> <item><title>둘</title></item>";
    let records = all(export(&(post(1, rss) + &post(2, "b"))));
    assert_eq!((ids(&records), errors(&records).len()), (vec![1, 2], 0));
    assert_eq!(items(&records)[0].content, rss);
}

#[test]
fn an_item_too_large_is_skipped_and_named() {
    let large = post(2, &"큰 글 ]]]]><![CDATA[> <p>".repeat(20_000));
    let no_marks = post(3, &"x".repeat(300_000));
    let file = export(&(post(1, "a") + &large + &no_marks + &post(4, "b")));
    let mut reader = read(file.as_bytes()).with_item_limit(100_000);
    let records: Vec<_> = reader.by_ref().collect();
    assert_eq!(ids(&records), [1, 4]);
    let at = file.match_indices("<item>").nth(1).unwrap().0;
    let said = errors(&records);
    assert_eq!(said[0], format!("post 2 “제목 2” at byte {at} is larger than 100000 bytes and was left out"));
    assert!(said[1].starts_with("post 3 “제목 3” at byte "), "{said:?}");
    assert_eq!(reader.bytes_read(), file.len() as u64);

    // Its CDATA never ends, and nothing after it has any.
    let plain = "<item>\n<title>t</title><wp:post_id>4</wp:post_id></item>\n";
    let endless = large.replace("]]>", "").replace("<![CDATA[", "").replace("큰 글", "<![CDATA[큰 글");
    let file = export(&(post(1, "a") + &endless + plain + plain));
    let records: Vec<_> = read(file.as_bytes()).with_item_limit(100_000).collect();
    assert_eq!(ids(&records), [1, 4, 4], "{:?}", errors(&records));
}

#[test]
fn input_that_fails_ends_the_reading() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let file = export(&post(1, "a"));
    let input = BufReader::new(file.as_bytes()[..file.len() - TAIL.len()].chain(Failing));
    let records: Vec<_> = read(input).collect();
    assert_eq!(ids(&records), [1]);
    assert!(errors(&records)[0].contains("the disk is gone"));
    assert_eq!(records.len(), 3);
}

#[test]
fn a_hostile_file_is_read_in_linear_time() {
    let nested = "<item><title><![CDATA[".repeat(200_000) + "]]></title></item>";
    let started = std::time::Instant::now();
    for file in [nested, "<item>".repeat(300_000), "<![CDATA[".repeat(300_000), "<".repeat(1_000_000)] {
        let count = all(export(&file)).len();
        assert!(count <= 300_002, "{count}");
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

/// A valid export of five posts, and where each of them ends.
fn sound() -> (Vec<u8>, Vec<usize>) {
    let content = "<!-- wp:paragraph --><p>글 &amp; <b>그림</b></p> ]]]]><![CDATA[> <!-- /wp:paragraph -->";
    let file = export(&(1..=5).map(|id| post(id, content)).collect::<String>());
    let ends = file.match_indices("</item>").map(|(at, _)| at + "</item>".len()).collect();
    (file.into_bytes(), ends)
}

fn check_whole_items(damaged: Vec<u8>, from: usize) {
    let (file, ends) = sound();
    let whole = ends.iter().filter(|end| **end <= from).count();
    let (found, expected) = (all(damaged), all(file));
    let (found, expected) = (items(&found), items(&expected));
    assert!(found.len() >= whole, "{} of {whole}", found.len());
    assert_eq!(found[..whole], expected[..whole]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        all(bytes);
    }

    #[test]
    fn any_marks_are_read_without_panic(marks in prop::collection::vec(prop::sample::select(vec![
        "<item>", "</item>", "<![CDATA[", "]]>", "<!--", "-->", "<title>", "</title>", "<wp:post_id>1</wp:post_id>", "<channel>",
        "</channel>", "<wp:author>", "<item", ">", "<", "&", "한글", "\n", "</", "<?", "<title", "\"", "<wp:postmeta>",
    ]), 0..120)) {
        for limit in [30, ITEM_LIMIT] {
            let _ = read(marks.concat().as_bytes()).with_item_limit(limit).count();
        }
    }

    #[test]
    fn a_flipped_byte_spares_the_items_before_it_and_costs_one_at_most(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (mut file, _) = sound();
        let at = at.index(file.len());
        file[at] = byte;
        let records = all(&file);
        let count = items(&records).len();
        assert!(count == 5 || (count == 4 && !errors(&records).is_empty()), "{count} {:?}", errors(&records));
        check_whole_items(file, at);
    }

    #[test]
    fn a_cut_spares_the_items_before_it(at in any::<prop::sample::Index>(), length in 0_usize..3000) {
        let (mut file, _) = sound();
        let at = at.index(file.len());
        let end = (at + length).min(file.len());
        file.drain(at..end);
        check_whole_items(file, at);
    }

    #[test]
    fn a_doubled_span_spares_the_items_before_it(at in any::<prop::sample::Index>(), length in 0_usize..3000) {
        let (file, _) = sound();
        let at = at.index(file.len());
        let end = (at + length).min(file.len());
        let doubled = [&file[..end], &file[at..]].concat();
        check_whole_items(doubled, at);
    }
}
