//! What each kind of HTML becomes. Contents are compared as the JSON in which they are stored.

use super::*;
use serde_json::{Value, json};

fn contents(html: &str) -> Value {
    serde_json::to_value(parse(html).contents).unwrap()
}

fn notes(html: &str) -> Vec<String> {
    parse(html).notes.into_iter().map(|note| format!("{} {}", note.what, note.became)).collect()
}

#[track_caller]
fn becomes(cases: &[(&str, Value)]) {
    for (html, expected) in cases {
        assert_eq!(contents(html), *expected, "{html}");
    }
}

fn paragraph(html: &str) -> Value {
    json!({"type": "paragraph", "html": html})
}

#[test]
fn paragraphs_are_trimmed_and_empty_ones_vanish() {
    becomes(&[
        ("<p> a\n  b </p>", json!([paragraph("a b")])),
        ("<p></p><p>&nbsp;</p><p><br></p><p><strong> \u{200b}</strong></p>", json!([])),
        ("a<p>b", json!([paragraph("a"), paragraph("b")])),
        ("<div>a<div>b</div>c</div>d", json!([paragraph("a"), paragraph("b"), paragraph("c"), paragraph("d")])),
        ("<p>a<br> b<br></p>", json!([paragraph("a<br>b")])),
        (
            "<p>오픈AI&nbsp;이사회 &lt;&amp;&gt; \"인용\"</p>",
            json!([paragraph("오픈AI&nbsp;이사회 &lt;&amp;&gt; \"인용\"")]),
        ),
        ("<details><summary>s</summary>t</details>", json!([paragraph("s"), paragraph("t")])),
        ("<center><font color=red>a</font></center>", json!([paragraph("a")])),
        ("", json!([])),
    ]);
}

#[test]
fn inline_elements_are_regular() {
    becomes(&[
        (
            "<p><b>a</b> <i>b</i> <strike>c</strike> <u>d</u></p>",
            json!([paragraph("<strong>a</strong> <em>b</em> <s>c</s> d")]),
        ),
        ("<p>a<b> b </b>c</p>", json!([paragraph("a <strong>b</strong> c")])),
        ("<p><b>a<b>b</b></b></p>", json!([paragraph("<strong>ab</strong>")])),
        ("<b><p>a</p><p>b</p></b>", json!([paragraph("<strong>a</strong>"), paragraph("<strong>b</strong>")])),
        ("<p lang=en>a</p>", json!([paragraph("<span lang=\"en\">a</span>")])),
        ("<p><span class=x>a</span><span dir=RTL>b</span></p>", json!([paragraph("a<span dir=\"rtl\">b</span>")])),
        (
            "<p><ruby>漢<rp>(</rp><rt>한</rt><rp>)</rp></ruby><rt>x</rt></p>",
            json!([paragraph("<ruby>漢<rp>(</rp><rt>한</rt><rp>)</rp></ruby>x")]),
        ),
        (
            "<p><time datetime=2024-01-01 onclick=x>a</time></p>",
            json!([paragraph("<time datetime=\"2024-01-01\">a</time>")]),
        ),
        ("<p>a<custom-tag>b</custom-tag></p>", json!([paragraph("ab")])),
    ]);
}

#[test]
fn links_keep_what_may_be_followed() {
    becomes(&[
        (
            "<p><a href=' https://x.example/%EA%B8%B0 ' target=_blank rel='nofollow evil' title='t \"'>a</a></p>",
            json!([paragraph("<a href=\"https://x.example/기\" title=\"t &quot;\" rel=\"nofollow noopener\">a</a>")]),
        ),
        ("<p><a href=/b>a</a> <a name=x>c</a></p>", json!([paragraph("<a href=\"/b\">a</a> c")])),
        ("<p>a <a href='mailto:a@b.c'>m</a></p>", json!([paragraph("a <a href=\"mailto:a@b.c\">m</a>")])),
        ("<a href=/b><p>a</p></a>", json!([paragraph("<a href=\"/b\">a</a>")])),
    ]);
    assert_eq!(notes("<a href='javascript:x' onclick=y>a</a>"), ["onclick= dropped", "<a href=javascript:x> dropped"]);
}

#[test]
fn hangul_is_composed_and_otherwise_untouched() {
    becomes(&[
        ("<p>\u{1112}\u{1161}\u{11ab}글</p>", json!([paragraph("한글")])),
        ("<p>\u{1112}<!-- -->\u{1161}<span>\u{11ab}</span></p>", json!([paragraph("한")])),
        (
            "<p>‘1인 대기업(One-man Conglomerate)’의 저자</p>",
            json!([paragraph("‘1인 대기업(One-man Conglomerate)’의 저자")]),
        ),
    ]);
}

#[test]
fn headings_are_two_to_six() {
    becomes(&[(
        "<h1>a</h1><h2><b>b</b></h2><h6>c</h6><h3> </h3>",
        json!([
            {"type": "heading", "level": 2, "html": "a"},
            {"type": "heading", "level": 2, "html": "<strong>b</strong>"},
            {"type": "heading", "level": 6, "html": "c"},
        ]),
    )]);
}

#[test]
fn lists_nest_and_lose_nothing() {
    becomes(&[
        (
            "<ol start=3><li>a<ul><li>b</ul><li><p>c</p><p>d</p></ol>",
            json!([{"type": "list", "ordered": true, "start": 3, "items": [
                {"html": "a", "children": {"ordered": false, "items": [{"html": "b"}]}},
                {"html": "c<br>d"},
            ]}]),
        ),
        (
            "<ul><li>a</li><ul><li>b</li></ul>loose</ul>",
            json!([{"type": "list", "ordered": false, "items": [
                {"html": "a", "children": {"ordered": false, "items": [{"html": "b"}]}},
                {"html": "loose"},
            ]}]),
        ),
        (
            "<ul><li>a<img src=i.jpg>b</li></ul>",
            json!([
                {"type": "list", "ordered": false, "items": [{"html": "a<br>b"}]},
                {"type": "figure", "source": "i.jpg"},
            ]),
        ),
        (
            "<dl><dt>a<dd>b<dd>c<dt>d</dl>",
            json!([{"type": "list", "ordered": false, "items": [
                {"html": "a", "children": {"ordered": false, "items": [{"html": "b"}, {"html": "c"}]}},
                {"html": "d"},
            ]}]),
        ),
        ("<ul><li> </li></ul>", json!([])),
    ]);
    assert_eq!(notes("<dl><dt>a</dl><ul><li><img src=i></ul>"), ["<dl> list", "figure in a list moved after it"]);
}

#[test]
fn quotes_name_their_source() {
    let quote = |html: &str, cite: &str| json!([{"type": "quote", "html": html, "cite": cite}]);
    becomes(&[
        ("<blockquote>a</blockquote>", json!([{"type": "quote", "html": "a"}])),
        ("<blockquote><p>a</p><p>b</p><cite>c</cite></blockquote>", quote("<p>a</p><p>b</p>", "c")),
        ("<blockquote><p>a</p><footer>— <cite>c</cite></footer></blockquote>", quote("a", "— <cite>c</cite>")),
        ("<blockquote><p>a</p><p><cite>c</cite></p></blockquote>", quote("a", "c")),
        (
            "<blockquote>in <cite>a book</cite></blockquote>",
            json!([{"type": "quote", "html": "in <cite>a book</cite>"}]),
        ),
        ("<figure class=wp-block-pullquote><blockquote><p>a</p><cite>c</cite></blockquote></figure>", quote("a", "c")),
        (
            "<blockquote>a<ul><li>b</ul>c<cite>d</cite></blockquote>",
            json!([
                {"type": "quote", "html": "a"},
                {"type": "list", "ordered": false, "items": [{"html": "b"}]},
                {"type": "quote", "html": "c<cite>d</cite>"},
            ]),
        ),
    ]);
}

#[test]
fn pictures_become_figures_where_they_stand() {
    becomes(&[
        (
            "<figure class=wp-block-image><a href=/big.jpg><img src='/a b.jpg' alt=' 대체 글 '></a>\
             <figcaption>c <em>d</em> <span class=credit>AP</span></figcaption></figure>",
            json!([{"type": "figure", "source": "/a%20b.jpg", "alt": "대체 글", "caption": "c <em>d</em>",
                    "credit": "AP", "link": "/big.jpg"}]),
        ),
        (
            "<p>a <strong>b <img src=i.jpg alt=''> c</strong></p>",
            json!([
                paragraph("a <strong>b</strong>"),
                {"type": "figure", "source": "i.jpg"},
                paragraph("<strong>c</strong>"),
            ]),
        ),
        (
            "<picture><source srcset=x><img src='data:image/gif;base64,R0' data-src=//cdn.example/i.jpg></picture>",
            json!([{"type": "figure", "source": "https://cdn.example/i.jpg"}]),
        ),
        ("<p>a<img class=emoji alt=😀 src=https://s.w.org/1.png></p>", json!([paragraph("a😀")])),
        (
            "<h2>a<img src=i></h2>",
            json!([{"type": "heading", "level": 2, "html": "a"}, {"type": "figure", "source": "i"}]),
        ),
    ]);
    assert_eq!(
        notes("<img src='data:image/png;base64,AA'><img>"),
        ["<img src=data:image/png;base64,AA> dropped", "<img> dropped"]
    );
}

#[test]
fn a_gallery_is_its_figures_and_a_paragraph() {
    let html = "<figure class=wp-block-gallery><figure><img src=a><figcaption>A</figcaption></figure>\
                <figure><img src=b></figure><figcaption>both</figcaption></figure>";
    becomes(&[(
        html,
        json!([
            {"type": "figure", "source": "a", "caption": "A"},
            {"type": "figure", "source": "b"},
            paragraph("both"),
        ]),
    )]);
    assert_eq!(notes(html), ["<figcaption> paragraph"]);
}

#[test]
fn embeds_are_addresses() {
    let embed = |url: &str, provider: &str| json!([{"type": "embed", "url": url, "provider": provider}]);
    becomes(&[
        ("<iframe src=//www.youtube.com/embed/1></iframe>", embed("https://www.youtube.com/embed/1", "youtube")),
        ("<p>https://youtu.be/1</p>", embed("https://youtu.be/1", "youtube")),
        ("<p><a href='https://x.com/1'>https://x.com/1</a></p>", embed("https://x.com/1", "x")),
        ("<p>see https://x.com/1</p>", json!([paragraph("see https://x.com/1")])),
        (
            "<p><a href='https://x.com/1'>post</a></p>",
            json!([paragraph("<a href=\"https://x.com/1\" rel=\"noopener\">post</a>")]),
        ),
        ("<video controls><source src=/v.mp4>old browser</video>", json!([{"type": "embed", "url": "/v.mp4"}])),
        (
            "<figure class=wp-block-embed><div class=wp-block-embed__wrapper>\nhttps://vimeo.com/1\n</div><figcaption>c</figcaption></figure>",
            json!([{"type": "embed", "url": "https://vimeo.com/1", "provider": "vimeo", "caption": "c"}]),
        ),
        (
            "<figure><a href='https://e.example/'>words</a></figure>",
            json!([{"type": "embed", "url": "https://e.example/", "caption": "words"}]),
        ),
        ("<object><p>a</p></object>", json!([paragraph("a")])),
        (
            "<ul><li>https://youtu.be/1</ul>",
            json!([{"type": "list", "ordered": false, "items": [{"html": "https://youtu.be/1"}]}]),
        ),
    ]);
    assert_eq!(
        notes("<iframe src=https://a.example/></iframe><iframe srcdoc='<p>x'></iframe>"),
        ["<iframe src=https://a.example/> embed", "<iframe> dropped"]
    );
}

#[test]
fn tables_keep_heads_spans_and_captions() {
    becomes(&[
        (
            "<figure class=wp-block-table><table><thead><tr><th>a<th>b</thead><tfoot><tr><td>f<td></tfoot>\
             <tbody><tr><td colspan=2 rowspan=0>c<p>d</table><figcaption>cap</figcaption></figure>",
            json!([{"type": "table", "caption": "cap",
                "header": [[{"html": "a", "header": true}, {"html": "b", "header": true}]],
                "rows": [[{"html": "c<br>d", "colspan": 2}], [{"html": "f"}, {"html": ""}]]}]),
        ),
        (
            "<table><caption>c</caption><tr><th>a</tr><tr><td>b<img src=i></table>",
            json!([
                {"type": "table", "caption": "c", "header": [[{"html": "a", "header": true}]], "rows": [[{"html": "b"}]]},
                {"type": "figure", "source": "i"},
            ]),
        ),
        (
            "<table><tr><td><h2>a</h2><p>b</table>",
            json!([{"type": "heading", "level": 2, "html": "a"}, paragraph("b")]),
        ),
        ("<table><caption>c</caption><tr><td></table>", json!([paragraph("c")])),
    ]);
}

#[test]
fn code_keeps_its_spaces() {
    becomes(&[
        (
            "<pre><code class='hljs language-rust'>\nfn  main() {\n\t&lt;x&gt;\n}\n</code></pre>",
            json!([{"type": "code", "language": "rust", "code": "fn  main() {\n\t<x>\n}"}]),
        ),
        ("<pre>a<br>b <b>c</b></pre>", json!([{"type": "code", "code": "a\nb c"}])),
        ("<pre class=wp-block-verse>a\nb</pre>", json!([paragraph("a<br>b")])),
        ("<pre> </pre>", json!([])),
    ]);
}

#[test]
fn what_has_no_block_is_noted() {
    becomes(&[
        ("<hr>", json!([{"type": "divider"}])),
        (
            "<form>a<select><option>b<option>c</select><input type=submit value=d><input value=e></form>",
            json!([paragraph("a"), paragraph("b"), paragraph("c"), paragraph("d")]),
        ),
        (
            "<script>a</script><style>b</style><noscript>c</noscript><template>d</template><svg><text>e</text></svg><math>f</math>g",
            json!([paragraph("g")]),
        ),
    ]);
    assert_eq!(
        notes("<form><input><button>a</button></form><svg></svg><p onclick=a onload=b>x"),
        [
            "<form> paragraph",
            "<input> dropped",
            "<button> paragraph",
            "<svg> dropped",
            "onclick= dropped",
            "onload= dropped"
        ]
    );
    assert!(
        notes(&(0..999).map(|n| format!("<iframe src=https://a.example/{n}></iframe>")).collect::<String>()).len()
            == 200
    );
}
