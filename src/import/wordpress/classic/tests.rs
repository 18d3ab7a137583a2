//! Contents as editors left them, and what becomes of each.

use proptest::prelude::*;

use super::*;

fn library(id: u64) -> Option<AttachmentRef> {
    let caption = (id == 2).then(|| "캡션 <em>둘</em>".to_owned());
    (id < 10).then(|| AttachmentRef {
        url: format!("https://x.example/{id}.jpg"),
        alt: Some(format!("alt {id} \"a\"")),
        caption,
    })
}

fn prepared(content: &str) -> (String, Vec<(String, String)>) {
    let prepared = to_html(content, &library);
    (prepared.html, prepared.notes.into_iter().map(|note| (note.what, note.became)).collect())
}

fn picture(id: u64) -> String {
    let caption = if id == 2 { "<figcaption>캡션 <em>둘</em></figcaption>" } else { "" };
    format!(
        "<figure class=\"wp-block-image\"><img src=\"https://x.example/{id}.jpg\" alt=\"alt {id} &quot;a&quot;\" \
         data-attachment=\"{id}\" />{caption}</figure>"
    )
}

fn link(url: &str) -> String {
    format!("<figure class=\"wp-block-embed\"><a href=\"{url}\">{url}</a></figure>")
}

#[test]
fn what_is_no_shortcode_stays_text() {
    let table = [
        "[속보] 제목",
        "[단독][속보] [사진=연합뉴스]",
        "각주[1] 그리고 [12]",
        "he [sic] said",
        "[the company] said [he] would",
        "[Photo by Kim]",
        "[OK]",
        "a [b c] d",
        "[ gallery ]",
        "[",
        "[]",
        "a[i] = [x",
        "[그래픽] gallery]",
        "[p.3]",
        "[a:b c=d]",
        "[see <b>this</b> x=1]",
        "<a title=\"[gallery ids=1]\">x</a>",
        "<code>[gallery ids=1]</code>",
        "[/]",
        "[[속보]]",
        "[[wiki link]]",
        "[2024-01-01 x=1]",
    ];
    for text in table {
        assert_eq!(prepared(text), (format!("<p>{text}</p>"), vec![]), "{text}");
    }
    for text in ["[toc]", "[contact-form]", "[subscribe_box now]"] {
        let (html, notes) = prepared(text);
        assert_eq!((html, notes.len(), notes[0].0.as_str()), (format!("<p>{text}</p>"), 1, text));
    }
    let (html, notes) = prepared("끝 [/caption] 뒤");
    assert_eq!((html.as_str(), notes[0].0.as_str()), ("<p>끝 [/caption] 뒤</p>", "[/caption]"));
}

#[test]
fn shortcodes_become_what_they_mean() {
    let img = "<img src=\"a.jpg\" class=\"x wp-image-7\" />";
    let marked = "<img data-attachment=\"7\" src=\"a.jpg\" class=\"x wp-image-7\" />";
    let table = [
        (format!("[caption id=\"attachment_7\" align=\"alignnone\" width=\"640\"]{img} 사진 <b>설명</b>[/caption]"),
            format!("<figure class=\"wp-caption\">{marked}<figcaption>사진 <b>설명</b></figcaption>\n</figure>")),
        (format!("[caption width='1' caption='설명 &amp; 둘']<a href='b'>{img}</a>[/caption]"),
            format!("<figure class=\"wp-caption\"><a href='b'>{marked}</a><figcaption>설명 & 둘</figcaption>\n</figure>")),
        ("[caption id='attachment_8']<img src=a.jpg>\nx\ny[/caption]".to_owned(),
            "<figure class=\"wp-caption\"><img data-attachment=\"8\" src=a.jpg><figcaption>x<br />\ny</figcaption>\n</figure>".to_owned()),
        ("[caption]앞 <img src=a> 뒤[/caption]".to_owned(),
            "<figure class=\"wp-caption\"><img src=a><figcaption>앞 뒤</figcaption>\n</figure>".to_owned()),
        ("[caption]그림 없음[/caption]".to_owned(), "<figure class=\"wp-caption\">그림 없음</figure>".to_owned()),
        ("앞\n[gallery ids=\"1, 2\" columns=2]\n뒤".to_owned(),
            format!("<p>앞</p>\n<figure class=\"wp-block-gallery\">{}{}</figure>\n<p>뒤</p>", picture(1),
                picture(2).replace("</figcaption>", "</figcaption>\n")).replace("</figure>", "</figure>\n").replace("\n\n", "\n").trim().to_owned()),
        ("[embed width=1]https://v.example/?a=1&amp;b=2[/embed]".to_owned(), link("https://v.example/?a=1&amp;b=2")),
        ("[youtube https://youtu.be/x?v=1]".to_owned(), link("https://youtu.be/x?v=1")),
        ("[youtube=https://youtu.be/x&w=1]".to_owned(), link("https://youtu.be/x&amp;w=1")),
        ("[youtube id=aB-_9]".to_owned(), link("https://www.youtube.com/watch?v=aB-_9")),
        ("[youtube]aB9[/youtube]".to_owned(), link("https://www.youtube.com/watch?v=aB9")),
        ("[vimeo 123]".to_owned(), link("https://vimeo.com/123")),
        ("[video width=\"1\" mp4=\"https://x.example/a.mp4\"][/video]".to_owned(), link("https://x.example/a.mp4")),
        ("[audio src='/a.mp3']".to_owned(), link("/a.mp3")),
        ("[playlist ids=\"1,3\"]".to_owned(), format!("{}\n{}", link("https://x.example/1.jpg"), link("https://x.example/3.jpg"))),
        ("[gallery ids=“1”]".to_owned(), format!("<figure class=\"wp-block-gallery\">{}\n</figure>", picture(1))),
        ("[[gallery ids=1]]".to_owned(), "<p>[gallery ids=1]</p>".to_owned()),
        ("[[caption]x[/caption]]".to_owned(), "<p>[caption]x[/caption]</p>".to_owned()),
        ("<pre>\n[gallery ids=1]\n</pre>".to_owned(), "<pre>\n[gallery ids=1]\n</pre>".to_owned()),
    ];
    for (content, html) in table {
        let (found, notes) = prepared(&content);
        assert_eq!((found, notes), (html, vec![]), "{content}");
    }
}

#[test]
fn shortcodes_that_are_lost_are_noted() {
    let table = [
        ("[su_box title=\"제목\"]글 [b]굵은[/b][/su_box]", "<p>글 굵은</p>", vec!["[b]", "[su_box title=\"제목\"]"]),
        ("[contact-form-7 id=\"1\" title='문의']", "", vec!["[contact-form-7 id=\"1\" title='문의']"]),
        ("a [ad /] b", "<p>a  b</p>", vec!["[ad /]"]),
        (
            "[instatweet https://t.example/1]",
            "<figure class=\"wp-block-embed\"><a href=\"https://t.example/1\">https://t.example/1</a></figure>",
            vec!["[instatweet https://t.example/1]"],
        ),
        ("[gallery]", "", vec!["[gallery]"]),
        ("[gallery ids=99]", "", vec!["attachment 99 of [gallery ids=99]"]),
        ("[video]대신 글[/video]", "<p>대신 글</p>", vec!["[video]"]),
        ("[caption id=1]<img>", "<p>[caption id=1]<img></p>", vec!["[caption id=1]"]),
        (
            "첫째<!--more 더 보기-->\n\n둘째<!--nextpage-->",
            "<p>첫째</p>\n<p>둘째</p>\n<hr class=\"wp-block-nextpage\" />",
            vec!["<!--more 더 보기-->", "<!--nextpage-->"],
        ),
    ];
    for (content, html, names) in table {
        let (found, notes) = prepared(content);
        assert_eq!(found, html, "{content}");
        assert_eq!(notes.iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(), names, "{content}");
    }
}

#[test]
fn blocks_with_html_stay_and_the_others_get_a_meaning() {
    let paragraph = "<!-- wp:paragraph -->\n<p>글\n글</p>\n<!-- /wp:paragraph -->";
    let table = [
        (paragraph.to_owned(), paragraph.to_owned(), vec![]),
        ("<!-- wp:embed {\"url\":\"https:\\/\\/v.example\\/1\"} /-->".to_owned(),
            format!("<!-- wp:embed {{\"url\":\"https:\\/\\/v.example\\/1\"}} /-->{}", link("https://v.example/1")), vec![]),
        ("<!-- wp:core-embed/youtube {\"url\":\"https://y.example\"} -->\nhttps://y.example\n<!-- /wp:core-embed/youtube -->".to_owned(),
            format!("<!-- wp:core-embed/youtube {{\"url\":\"https://y.example\"}} -->{}<!-- /wp:core-embed/youtube -->", link("https://y.example")), vec![]),
        ("<!-- wp:image {\"id\":1} /-->".to_owned(), format!("<!-- wp:image {{\"id\":1}} /-->{}", picture(1)), vec![]),
        ("<!-- wp:image {\"id\":77} /-->".to_owned(), "<!-- wp:image {\"id\":77} /-->".to_owned(), vec!["attachment 77 of wp:image {\"id\":77}"]),
        ("<!-- wp:gallery {\"ids\":[\"1\",3]} /-->".to_owned(),
            format!("<!-- wp:gallery {{\"ids\":[\"1\",3]}} /--><figure class=\"wp-block-gallery\">{}{}</figure>", picture(1), picture(3)), vec![]),
        ("<!-- wp:block {\"ref\":12} /-->".to_owned(), "<!-- wp:block {\"ref\":12} /-->".to_owned(), vec!["wp:block {\"ref\":12}"]),
        ("<!-- wp:core/latest-posts /-->".to_owned(), "<!-- wp:core/latest-posts /-->".to_owned(), vec!["wp:core/latest-posts"]),
        ("<!-- wp:acme/poll {\"q\":\"왜?\"} -->\n<!-- /wp:acme/poll -->".to_owned(),
            "<!-- wp:acme/poll {\"q\":\"왜?\"} -->\n<!-- /wp:acme/poll -->".to_owned(), vec!["wp:acme/poll {\"q\":\"왜?\"}"]),
        ("<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->".to_owned(), "<!-- wp:more -->\n\n<!-- /wp:more -->".to_owned(), vec!["<!--more-->"]),
        ("<!-- wp:shortcode -->\n[gallery ids=1]\n<!-- /wp:shortcode -->".to_owned(),
            format!("<!-- wp:shortcode -->\n<figure class=\"wp-block-gallery\">{}</figure>\n<!-- /wp:shortcode -->", picture(1)), vec![]),
        ("<!-- wp:paragraph -->\n<p>[youtube https://y.example/1]</p>\n<!-- /wp:paragraph -->".to_owned(),
            format!("<!-- wp:paragraph -->\n{}\n<!-- /wp:paragraph -->", link("https://y.example/1")), vec![]),
        ("<!-- wp:html /-->하나\n\n둘<!-- wp:x -->셋<!-- /wp:x -->".to_owned(),
            "<!-- wp:html /-->\n<p>하나</p>\n<p>둘</p>\n<!-- wp:x -->셋<!-- /wp:x -->".to_owned(), vec!["wp:html"]),
        ("<!-- wp:image {\"id\":7} --><figure><img src=\"a\" class=\"wp-image-7\"/></figure><!-- /wp:image -->".to_owned(),
            "<!-- wp:image {\"id\":7} --><figure><img data-attachment=\"7\" src=\"a\" class=\"wp-image-7\"/></figure><!-- /wp:image -->".to_owned(), vec![]),
        ("<!-- wp:broken {\"a\":} -->x<!-- wp:group -->".to_owned(), "<!-- wp:broken {\"a\":} -->x<!-- wp:group -->".to_owned(), vec![]),
    ];
    for (content, html, names) in table {
        let (found, notes) = prepared(&content);
        assert_eq!(found, html, "{content}");
        assert_eq!(notes.iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(), names, "{content}");
    }
}

#[test]
fn a_classic_post_as_a_whole() {
    let content = "(그래픽·데이터 뉴스) 첫 문단\r\n둘째 줄\r\n\r\n[caption id=\"attachment_9\" width=\"6\"]<img class=\"wp-image-9\" src=\"a.jpg\">\
        Image: Midjouney[/caption]\r\n\r\n<h3>[단독] 제목</h3>\r\nhttps://youtu.be/x\r\n<blockquote>말</blockquote>";
    let (html, notes) = prepared(content);
    assert_eq!(
        html,
        "<p>(그래픽·데이터 뉴스) 첫 문단<br />\n둘째 줄</p>\n<figure class=\"wp-caption\"><img data-attachment=\"9\" \
         class=\"wp-image-9\" src=\"a.jpg\"><figcaption>Image: Midjouney</figcaption>\n</figure>\n<h3>[단독] 제목</h3>\n\
         <p>https://youtu.be/x</p>\n<blockquote><p>말</p>\n</blockquote>"
    );
    assert_eq!(notes, []);
}

#[test]
fn hostile_content_is_read_in_linear_time() {
    let started = std::time::Instant::now();
    for part in [
        "[a b='",
        "[a x=1]",
        "[a][/b",
        "<!-- wp:image -->",
        "<pre>",
        "<a href=\"",
        "<!--",
        "[[a x=1]",
        "<p>",
        "&",
        "<br>",
        "[caption]<img>",
    ] {
        to_html(&part.repeat(20_000), &library);
    }
    to_html(&("[a x=1]".repeat(5_000) + &"[/a]".repeat(5_000)), &library);
    let names: String = (0..3_000).map(|n| format!("[n{n} x=1]")).collect();
    let ends: String = (0..3_000).rev().map(|n| format!("[/n{n}]")).collect();
    assert!(!to_html(&(names + "안" + &ends), &library).html.is_empty());
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

fn pieces() -> impl Strategy<Value = Vec<String>> {
    let marks = prop::sample::select(vec![
        "\n",
        "\n\n",
        "<p>",
        "</p>",
        "<br>",
        "<b>",
        "</b>",
        "<ul>\n",
        "<li>",
        "</li>",
        "</ul>",
        "<div>",
        "</div>",
        "[su_x a=1]",
        "[/su_x]",
        "[caption]",
        "[caption id=\"attachment_1\"]",
        "[/caption]",
        "<img src=\"x\" class=\"wp-image-3\">",
        "[gallery ids=\"1\"]",
        "[embed]",
        "[/embed]",
        "[youtube https://y.example/1]",
        "[속보]",
        "[1]",
        "[sic]",
        "[",
        "]",
        "[[",
        "]]",
        "<",
        ">",
        "\"",
        "&nbsp;",
        "&",
        "<!-- wp:paragraph -->",
        "<!-- /wp:paragraph -->",
        "<!-- wp:image {\"id\":1} -->",
        "<!-- wp:latest-posts /-->",
        "<!--more-->",
        "<!--nextpage-->",
        "<pre>",
        "</pre>",
        "<a href='x'>",
        "</a>",
        "<h2>",
        "</h2>",
        "<table>",
        "<tr>",
        "<td>",
        "https://y.example/2",
        "[video src='x']",
        "[/video]",
        "<blockquote>",
        "</blockquote>",
        "=",
        "[b]",
        "[/b]",
    ]);
    let word = (0_u32..100_000).prop_map(|n| format!(" 말{n}글 "));
    prop::collection::vec(prop_oneof![marks.prop_map(str::to_owned), word], 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_is_prepared_without_panic(content in "\\PC{0,200}") {
        to_html(&content, &library);
    }

    #[test]
    fn no_word_is_lost(pieces in pieces()) {
        let content = pieces.concat();
        let prepared = to_html(&content, &library);
        for word in pieces.iter().map(|piece| piece.trim()).filter(|piece| piece.starts_with('말')) {
            prop_assert!(prepared.html.contains(word), "{word} of {content:?} in {:?}", prepared.html);
        }
    }
}
