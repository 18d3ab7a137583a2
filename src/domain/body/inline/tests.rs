//! The gate and the reader of inline HTML.

use super::line::Line;
use super::*;

#[test]
fn sanitising_is_final() {
    for html in [
        "a <b>b</b>",
        "<a href='https://x.example/?a=1&b=\"2\"' title='<b>'>x</a>",
        "<p>a</p><p>b <img src=i>c</p>",
        "<ul><li>a</ul>",
        "<q>a<q>b</q></q>&nbsp;&quot;",
        "<span lang=ko>가</span>",
    ] {
        let once = sanitise(html);
        assert_eq!(sanitise(&once), once, "{html}");
    }
    assert_eq!(sanitise("<p>a</p><ul><li>b</ul><script>x</script>"), "a<br>b");
}

#[test]
fn the_gate_leaves_what_lines_write() {
    for (html, plain_text) in [
        ("<a href=\"/?a=1&amp;b=&lt;2&gt;\" title=\"&quot;&nbsp;\">x</a> &amp;&lt;&gt;&nbsp;\"", "x &<>\u{a0}\""),
        ("<ruby>漢<rp>(</rp><rt>한</rt><rp>)</rp></ruby>", "漢(한)"),
        ("<abbr title=\"t\" lang=\"en\">a</abbr><br>b", "a\nb"),
    ] {
        assert_eq!(gate(html.to_owned()), html);
        assert_eq!(plain(html), plain_text);
    }
}

#[test]
fn the_gate_catches_what_a_line_would_let_slip() {
    for html in ["<script>x</script>", "<a href=\"javascript:x\">a</a>", "<em onclick=\"x\">a</em>", "<img src=x>"] {
        let clean = gate(html.to_owned());
        assert!(!clean.contains("script") && !clean.contains("onclick") && !clean.contains("<img"), "{clean}");
    }
}

#[test]
fn a_line_can_be_left_and_entered_again() {
    let mut line = Line::default();
    line.text(" a");
    line.open("strong", |_| None);
    line.text(" b ");
    assert_eq!(line.finish().as_deref(), Some("a <strong>b</strong>"));
    line.line_break();
    line.text("c");
    line.close();
    line.text(" d");
    assert_eq!(line.finish().as_deref(), Some("<strong>c</strong> d"));
    assert_eq!(line.finish(), None);
}
