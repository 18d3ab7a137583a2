//! What each block is written as, and that Markdown reads back.

use super::*;
use crate::domain::body::{Body, Content, Figure, html as from_html, markdown as from_markdown};

fn view(figure: &Figure) -> FigureView {
    FigureView {
        src: figure.source.clone().unwrap_or_default(),
        alt: figure.alt.clone().unwrap_or_default(),
        credit: figure.credit.clone(),
        caption: figure.caption.clone(),
        ..FigureView::default()
    }
}

fn body(html: &str) -> Body {
    Body::from_contents(from_html::parse(html).contents, None)
}

fn contents(body: Body) -> Vec<Content> {
    body.blocks.into_iter().map(|block| block.content).collect()
}

const STORY: &str = "<h2>제목 # 1 #</h2><p>1. 첫 <strong>문단</strong>은 10~20명, 30~40명. R&amp;D &amp;amp; a_b_c *x* `y`<br># 둘째 줄</p>\
    <p>- <em>기울임</em>체 <del>지움</del> <a href=\"https://x.example/기사?a=1&amp;b=2\" title=\"ti&quot;|t\">링크 [1]</a>! \
    <a href=/b rel=nofollow>n</a> 정말!<a href=/c>c</a></p>\
    <p>www.example.com https://a.example/ a@b.example &lt;b&gt; H<sub>2</sub>O <code>a`b|\\</code> <code>*</code><mark>m</mark></p>\
    <p><strong>(주)삼성</strong>전자와 <strong>오픈AI</strong><em>와</em> <strong><em>둘</em> 다</strong> <em>Ⓐ</em> + \\ | !</p>\
    <ul><li>하나<ol start=4><li>넷<br>줄<li>다섯</ol><li>1) 둘</ul><ul><li>다른 목록</ul><ol><li>가</ol><ol><li>나</ol>\
    <blockquote><p>인용 1<br>- 줄</p><p>인용 2</p><footer>누구 <cite>책</cite></footer></blockquote><blockquote>둘째</blockquote>\
    <figure><img src='사진.jpg' alt='대체 [글]'><figcaption>설명 \"1\" | &amp;</figcaption></figure>\
    <figure><a href=/l><img src=b.jpg></a><figcaption>c <em>d</em> <span class=credit>AP</span></figcaption></figure>\
    <p>https://www.youtube.com/watch?v=a_b&amp;t=1</p><figure class=embed><a href=https://e.example/>https://e.example/</a><figcaption>c</figcaption></figure>\
    <table><tr><th>a|b<th>c<tr><td><code>x|y</code><td>1<br>2<tr><td><td>*</table>\
    <table><caption>t</caption><tr><td colspan=2>w<tr><td>x<td>y</table>\
    <pre><code class=language-md>```\n~~~ &lt;\n```</code></pre><hr><p>끝</p>";

#[test]
fn markdown_reads_back_as_the_same_contents() {
    let story = body(STORY);
    let written = markdown(&story, &view);
    let read = from_markdown::parse(&written).contents;
    for (one, other) in contents(story.clone()).iter().zip(&read) {
        assert_eq!(one, other, "\n{written}");
    }
    assert_eq!(contents(story).len(), read.len(), "\n{written}");
}

#[test]
fn markdown_is_what_an_editor_would_type() {
    let written = markdown(
        &body(
            "<h3>a</h3><p>오픈AI <strong>이사회</strong>가 <a href=/x>쏘아</a> 올린 공</p><ol><li>a<ul><li>b</ul></ol>\
             <blockquote>q</blockquote><figure><img src=i.jpg alt=a><figcaption>c</figcaption></figure>",
        ),
        &view,
    );
    let expected = "### a\n\n오픈AI **이사회**가 [쏘아](</x>) 올린 공\n\n1. a\n   - b\n\n> q\n\n![a](<i.jpg> \"c\")\n";
    assert_eq!(written, expected);
}

#[test]
fn html_reads_back_as_the_same_contents() {
    let story = body(STORY);
    assert_eq!(from_html::parse(&html(&story, &view)).contents, contents(story));
}

#[test]
fn html_is_semantic_and_names_its_blocks() {
    let figure = "<figure><a href=/l><img src=a.jpg alt='\"'></a><figcaption>c <span class=credit>A&B</span></figcaption></figure>";
    let sized = |figure: &Figure| FigureView { width: Some(2), height: Some(1), ..view(figure) };
    for (input, expected) in [
        ("<p>a", "<p id=\"ID\">a</p>\n"),
        (
            figure,
            "<figure id=\"ID\"><a href=\"/l\"><img src=\"a.jpg\" width=\"2\" height=\"1\" alt=\"&quot;\" loading=\"lazy\"></a><figcaption>c <span class=\"credit\">A&amp;B</span></figcaption></figure>\n",
        ),
        (
            "<blockquote>a<footer>b</footer></blockquote>",
            "<blockquote id=\"ID\"><p>a</p><footer><cite>b</cite></footer></blockquote>\n",
        ),
        (
            "<pre><code class=language-c>&lt;</code></pre>",
            "<pre id=\"ID\"><code class=\"language-c\">&lt;</code></pre>\n",
        ),
        (
            "<p>https://a.example/",
            "<figure id=\"ID\" class=\"embed\"><a href=\"https://a.example/\">https://a.example/</a></figure>\n",
        ),
        ("<ol start=2><li>a", "<ol id=\"ID\" start=\"2\"><li>a</li></ol>\n"),
        (
            "<table><tr><td rowspan=2>a<td>b",
            "<table id=\"ID\"><tbody><tr><td rowspan=\"2\">a</td><td>b</td></tr></tbody></table>\n",
        ),
        ("<hr>", "<hr id=\"ID\">\n"),
    ] {
        let body = body(input);
        assert_eq!(html(&body, &sized), expected.replace("ID", &body.blocks[0].id));
    }
}

#[test]
fn text_is_what_a_reader_reads() {
    let text = text(&body(
        "<h2>제목</h2><p>a &amp; <b>b</b><br>c</p><ol start=9><li>x<ul><li>y</ul><li>z</ol><hr><blockquote>q<footer>w</footer></blockquote>\
         <figure><img src=i alt=n><figcaption>cap <span class=credit>cr</span></figcaption></figure>\
         <table><tr><td>1<td>2<tr><td>3<td>4</table><pre>co  de</pre>",
    ));
    let expected = "제목\n\na & b\nc\n\n9. x\n  - y\n10. z\n\nq\n\n— w\n\ncap\ncr\n\n1\t2\n3\t4\n\nco  de";
    assert_eq!(text, expected);
}
