//! Exports as they are found in the wild, one oddity at a time. Damage has its own file.

use std::io::{BufReader, Cursor};

use super::*;

mod damage;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss version=\"2.0\"\n\txmlns:wp=\"http://wordpress.org/export/1.2/\">\n\
    <channel>\n\t<title>그데 뉴스</title>\n\t<link>https://news.example</link>\n\t<language>ko-KR</language>\n\
    \t<wp:wxr_version>1.2</wp:wxr_version>\n\t<wp:base_site_url>https://news.example</wp:base_site_url>\n\
    \t<wp:base_blog_url>https://news.example/blog</wp:base_blog_url>\n";
const TAIL: &str = "</channel>\n</rss>\n";

fn export(records: &str) -> String {
    format!("{HEAD}{records}{TAIL}")
}

fn post(id: u64, content: &str) -> String {
    format!(
        "\t<item>\n\t\t<title><![CDATA[제목 {id}]]></title>\n\t\t<link>https://news.example/?p={id}</link>\n\
         \t\t<content:encoded><![CDATA[{content}]]></content:encoded>\n\
         \t\t<excerpt:encoded><![CDATA[요약]]></excerpt:encoded>\n\t\t<wp:post_id>{id}</wp:post_id>\n\
         \t\t<category domain=\"category\" nicename=\"ai\"><![CDATA[AI]]></category>\n\
         \t\t<wp:postmeta>\n\t\t<wp:meta_key><![CDATA[k]]></wp:meta_key>\n\t\t<wp:meta_value><![CDATA[v{id}]]></wp:meta_value>\n\
         \t\t</wp:postmeta>\n\t</item>\n"
    )
}

fn all(bytes: impl AsRef<[u8]>) -> Vec<Result<Record, WxrError>> {
    // A tiny buffer, so that every mark is cut somewhere.
    read(BufReader::with_capacity(7, Cursor::new(bytes.as_ref().to_vec()))).collect()
}

fn items(records: &[Result<Record, WxrError>]) -> Vec<&WpItem> {
    let item = |record| if let &Ok(Record::Item(ref item)) = record { Some(&**item) } else { None };
    records.iter().filter_map(item).collect()
}

fn errors(records: &[Result<Record, WxrError>]) -> Vec<String> {
    records.iter().filter_map(|record| record.as_ref().err().map(ToString::to_string)).collect()
}

fn ids(records: &[Result<Record, WxrError>]) -> Vec<u64> {
    items(records).iter().filter_map(|item| item.id).collect()
}

/// The only item of an export that has these fields.
fn only(fields: &str) -> WpItem {
    let records = all(export(&format!("<item>{fields}</item>")));
    assert_eq!(errors(&records), Vec::<String>::new(), "{fields}");
    items(&records)[0].clone()
}

#[test]
fn records_come_typed_and_in_file_order() {
    let records = all(export(
        "<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[desk]]></wp:author_login><wp:author_email>\
         <![CDATA[d@news.example]]></wp:author_email><wp:author_display_name><![CDATA[편집국]]></wp:author_display_name>\
         <wp:author_first_name><![CDATA[]]></wp:author_first_name></wp:author>\n\
         <wp:category><wp:term_id>2</wp:term_id><wp:category_nicename>%eb%8d%b0%ec%9d%b4%ed%84%b0</wp:category_nicename>\
         <wp:category_parent>ai</wp:category_parent><wp:cat_name><![CDATA[R&amp;D]]></wp:cat_name></wp:category>\n\
         <wp:tag><wp:tag_slug>x</wp:tag_slug><wp:tag_name><![CDATA[X]]></wp:tag_name></wp:tag>\n\
         <wp:term><wp:term_id><![CDATA[7]]></wp:term_id><wp:term_taxonomy><![CDATA[language]]></wp:term_taxonomy>\
         <wp:term_slug>ko</wp:term_slug><wp:term_name>한국어</wp:term_name><wp:termmeta><wp:meta_key>a</wp:meta_key>\
         <wp:meta_value>b</wp:meta_value></wp:termmeta></wp:term>\n\
         <image><url>u</url><title>not the site</title></image>\n<item><wp:post_id>5</wp:post_id></item>",
    ));
    let records: Vec<Record> = records.into_iter().map(Result::unwrap).collect();
    let head = ChannelHead {
        title: "그데 뉴스".into(),
        link: "https://news.example".into(),
        language: "ko-KR".into(),
        base_blog_url: "https://news.example/blog".into(),
    };
    assert_eq!(records[0], Record::Channel(head));
    let Record::Author(author) = &records[1] else { panic!("{records:?}") };
    assert_eq!((author.login.as_str(), author.display_name.as_str()), ("desk", "편집국"));
    assert_eq!((author.email.as_str(), author.first_name.as_str()), ("d@news.example", ""));
    let terms: Vec<_> =
        records.iter().filter_map(|r| if let Record::Term(term) = r { Some(term) } else { None }).collect();
    let short: Vec<_> = terms.iter().map(|t| (t.id, t.taxonomy.as_str(), t.slug.as_str(), t.name.as_str())).collect();
    assert_eq!(
        short,
        [
            (Some(2), "category", "데이터", "R&amp;D"),
            (None, "post_tag", "x", "X"),
            (Some(7), "language", "ko", "한국어"),
        ]
    );
    assert_eq!(terms[0].parent.as_deref(), Some("ai"));
    assert_eq!(terms[2].meta, [("a".to_owned(), "b".to_owned())]);
    assert!(matches!(&records[5], Record::Item(item) if item.id == Some(5)));
    assert_eq!(records.len(), 6);
}

#[test]
fn titles_and_texts_of_all_kinds() {
    let table = [
        ("plain &amp; simple", "plain & simple"),
        ("<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"),
        ("\n\t<![CDATA[ 가 ]]>\n", "가"),
        ("앞 <![CDATA[<b>가운데</b>]]> 뒤 &hellip;", "앞 <b>가운데</b> 뒤 …"),
        ("AT&T &nbsp;&unknown; R&D", "AT&T \u{a0}&unknown; R&D"),
        ("<em>HTML</em> in <br/> titles & 3 < 5 > 2", "<em>HTML</em> in <br/> titles & 3 < 5 > 2"),
        ("<![CDATA[<![CDATA[ x ]]]]><![CDATA[> y]]>", "<![CDATA[ x ]]> y"),
        ("bell\u{7} &#x7; end", "bell  end"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("", ""),
        ("a <!-- no comment", "a <!-- no comment"),
    ];
    for (raw, title) in table {
        let item = only(&format!("<title>{raw}</title>\n<wp:post_id>1</wp:post_id>"));
        assert_eq!((item.title.as_str(), item.id), (title, Some(1)), "{raw}");
    }
    assert_eq!(only("<title/><wp:post_id>1</wp:post_id>").title, "");
    assert_eq!(only("<title>\u{1}x</title>").notes, ["1 control characters that XML forbids were removed"]);
}

#[test]
fn fields_of_an_item() {
    let item = only(
        "<pubDate>Wed, 22 Nov 2023 00:00:00 +0000</pubDate><dc:creator>desk</dc:creator><guid isPermaLink=\"false\">g</guid>\
         <wp:post_id>12</wp:post_id><wp:post_date><![CDATA[2023-11-22 09:00:00]]></wp:post_date>\
         <wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt><wp:post_modified>2023-11-23 10:00:00</wp:post_modified>\
         <wp:post_name>%EC%98%A4%ed%94%88ai</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\
         <wp:post_parent>0</wp:post_parent><wp:post_password>비밀</wp:post_password><wp:is_sticky>1</wp:is_sticky>\
         <category><![CDATA[AI]]></category><category domain=\"category\" nicename=\"ai\"><![CDATA[AI]]></category>\
         <category domain=\"tag\" nicename='%ea%b0%80'>가</category>\
         <wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content><![CDATA[</item>]]></wp:comment_content></wp:comment>\
         <wp:comment><wp:comment_id>2</wp:comment_id></wp:comment>\
         <wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value><![CDATA[ v ]]></wp:meta_value></wp:postmeta>\
         <wp:postmeta><wp:meta_key>empty</wp:meta_key><wp:meta_value></wp:meta_value></wp:postmeta>",
    );
    assert_eq!((item.id, item.parent, item.comment_count, item.is_sticky), (Some(12), None, 2, true));
    assert_eq!((item.name.as_str(), item.status.as_str(), item.post_type.as_str()), ("오픈ai", "publish", "post"));
    assert_eq!(
        (item.creator.as_deref(), item.guid.as_deref(), item.password.as_deref()),
        (Some("desk"), Some("g"), Some("비밀"))
    );
    assert_eq!(item.post_date, Some(time::macros::datetime!(2023-11-22 09:00)));
    assert_eq!((item.post_date_gmt, item.post_modified_gmt), (None, None));
    assert_eq!(item.post_modified, Some(time::macros::datetime!(2023-11-23 10:00)));
    assert_eq!(item.pub_date, Some(time::macros::datetime!(2023-11-22 00:00 UTC)));
    let terms: Vec<_> =
        item.categories.iter().map(|t| (t.domain.as_str(), t.nicename.as_str(), t.name.as_str())).collect();
    assert_eq!(terms, [("category", "ai", "AI"), ("post_tag", "가", "가")]);
    assert_eq!((item.meta("k"), item.meta("empty"), item.meta("none")), (Some(" v "), Some(""), None));
    assert_eq!(only("<wp:post_name>%ec%98%a4%ed%94</wp:post_name>").name, "%ec%98%a4%ed%94", "cut by WordPress");
}

#[test]
fn files_that_are_no_well_formed_xml() {
    let post = post(1, "본문");
    let doctype = "<!DOCTYPE rss [ <!ENTITY lol \"lol\"> <!ENTITY x SYSTEM \"file:///etc/passwd\"> ]>";
    let table = [
        format!("\u{feff}{}", export(&post)),
        format!("<?xml version=\"1.0\"?>{doctype}{}", export(&post).split_once("?>").unwrap().1),
        export(&format!("<?php echo $a->b; ?>\n{post}<?php if (1 > 0): ?>")),
        export(&post).replace('\n', "\r\n"),
        format!("<!-- <item><title>no</title></item> -->\n\n{}", export(&post)),
        export(&post).replace("<item>", "<item rdf:about=\"x\">"),
        export(&post).replace("<wp:wxr_version>1.2</wp:wxr_version>", ""),
        export(&format!("\0\u{b}{post}")),
        export(&post).replace("export/1.2/", "export/1.0/"),
        export(&format!("stray < text & more > {post}")),
    ];
    for file in table {
        let records = all(&file);
        assert_eq!((ids(&records), errors(&records)), (vec![1], vec![]), "{file}");
        assert_eq!((items(&records)[0].content.as_str(), items(&records)[0].title.as_str()), ("본문", "제목 1"));
    }
    let entity = only("<title>&lol; &x;</title>");
    assert_eq!(entity.title, "&lol; &x;", "declared entities are never expanded");
}

#[test]
fn bytes_that_are_not_utf8() {
    let mut file = export(&post(1, "본XX문")).into_bytes();
    let at = file.windows(2).position(|pair| pair == b"XX").unwrap();
    file[at] = 0xff;
    file[at + 1] = 0xc3;
    let records = all(&file);
    assert_eq!(items(&records)[0].content, "본\u{fffd}\u{fffd}문");
    assert_eq!(items(&records)[0].notes, ["2 byte sequences that are not UTF-8 became U+FFFD"]);

    let mut file = export("<wp:author><wp:author_login>X</wp:author_login></wp:author>").into_bytes();
    let at = file.iter().rposition(|byte| *byte == b'X').unwrap();
    file[at] = 0xfe;
    assert!(errors(&all(&file))[0].starts_with("<wp:author> at byte"), "{:?}", errors(&all(&file)));

    let korean = errors(&all(export("").replace("UTF-8", "EUC-KR")));
    assert_eq!(korean, ["the file says that its encoding is EUC-KR; only UTF-8 is read, other bytes become U+FFFD"]);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(export("").encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(matches!(all(utf16)[..], [Err(WxrError::Utf16)]));
}

#[test]
fn files_that_are_no_exports() {
    for file in ["", "\n", "<html><head><title>Log in</title></head><body>", "{\"json\": true}", "<rss></rss>"] {
        assert!(matches!(all(file)[..], [Err(WxrError::NotAnExport)]), "{file}");
    }
    assert!(matches!(all(export(""))[..], [Ok(Record::Channel(_))]));
    let two = all(export(&post(1, "a")) + &export(&post(2, "b")));
    assert_eq!((ids(&two), errors(&two).len(), two.len()), (vec![1, 2], 0, 4), "two files in one");
}

#[test]
fn the_sample_newsroom() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples/geude-news.wxr.xml");
    let Ok(bytes) = std::fs::read(path) else {
        println!("left out: {path} is not here");
        return;
    };
    let records = all(bytes);
    assert_eq!(errors(&records), Vec::<String>::new());
    let items = items(&records);
    let attachments = items.iter().filter(|item| item.post_type == "attachment").count();
    let posts: Vec<_> = items.iter().filter(|item| item.post_type == "post").collect();
    assert_eq!((attachments, posts.len()), (1, 9));
    for post in &posts {
        let date = post.published_at().unwrap();
        assert_eq!((date.offset().whole_hours(), date.hour()), (9, 9), "{}", post.title);
        assert!(!post.name.contains('%') && !post.content.is_empty() && post.notes.is_empty());
    }
    assert_eq!(items[0].attached_file(), Some("2023/11/openai-board.jpg"));
    assert!(matches!(&records[0], Ok(Record::Channel(head)) if head.language == "ko-KR"));
}
