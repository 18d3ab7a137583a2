//! Markdown becomes contents: CommonMark with GitHub's tables, strikethrough and autolinks.
//!
//! Markdown may hold HTML, so it is turned into HTML as a whole and read by [`html::parse`], which does all cleaning.

use super::html::{self, Parsed};
use comrak::nodes::NodeValue;
use comrak::{Arena, Options, format_html, parse_document};

/// Reads Markdown as contents that are safe to emit.
pub fn parse(input: &str) -> Parsed {
    let options = options();
    let arena = Arena::new();
    let root = parse_document(&arena, input, &options);
    for node in root.descendants() {
        let mut node = node.data_mut();
        if matches!(node.value, NodeValue::Subscript) {
            node.value = NodeValue::EscapedTag("~");
        }
    }
    let mut written = String::with_capacity(input.len() * 2);
    match format_html(root, &options, &mut written) {
        Ok(()) => html::parse(&written),
        // Writing to a string does not fail. If it ever did, the text would still be there to read.
        Err(_) => html::parse(&super::inline::escaped(input)),
    }
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    // Emphasis next to a particle, as in `**삼성(주)**은`, which plain CommonMark does not see.
    options.extension.cjk_friendly_emphasis = true;
    // Ranges, as in `10~20명, 30~40명`: without this one, single tildes would strike through what is between them.
    // With it they make a node of their own, which `parse` turns back into text.
    options.extension.subscript = true;
    options.render.r#unsafe = true;
    // A picture's title is its caption.
    options.render.figure_with_caption = true;
    options
}

#[cfg(test)]
mod tests {
    use super::super::{Content, Figure};
    use super::*;

    fn html(markdown: &str) -> String {
        match parse(markdown).contents.as_slice() {
            [Content::Paragraph { html }] => html.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_picture_alone_is_a_figure_with_its_title_as_caption() {
        let figure = Figure {
            source: Some("사%20진.jpg".into()),
            alt: Some("대체".into()),
            caption: Some("A &amp; B".into()),
            ..Figure::default()
        };
        assert_eq!(parse("![대체](<사 진.jpg> \"A & B\")").contents, [Content::Figure(figure)]);
    }

    #[test]
    fn tildes_of_ranges_stay_and_pairs_strike_through() {
        assert_eq!(html("10~20명, 30~40명, ~~틀림~~"), "10~20명, 30~40명, <del>틀림</del>");
        assert_eq!(html("1~2 ~~a~~ 3~4"), "1~2 <del>a</del> 3~4");
    }

    #[test]
    fn emphasis_before_a_particle_is_seen() {
        assert_eq!(html("이것은 **강조(강조)**입니다"), "이것은 <strong>강조(강조)</strong>입니다");
    }

    #[test]
    fn html_in_markdown_is_cleaned() {
        assert_eq!(html("a <b onclick=x>b</b> <a href=\"javascript:x\">c</a>"), "a <strong>b</strong> c");
        assert_eq!(
            parse("<script>x</script>\n\n[a](javascript:x)").contents,
            [Content::Paragraph { html: "a".into() }]
        );
    }

    #[test]
    fn a_lone_address_is_an_embed() {
        for written in ["https://youtu.be/기_a", "<https://youtu.be/기_a>"] {
            let contents = parse(written).contents;
            let [Content::Embed { url, provider, .. }] = contents.as_slice() else { panic!("{contents:?}") };
            assert_eq!((url.as_str(), provider.as_deref()), ("https://youtu.be/기_a", Some("youtube")));
        }
    }

    #[test]
    fn endless_nesting_is_read_within_bounds() {
        for deep in [">".repeat(20_000), "- ".repeat(5_000), "[".repeat(20_000), "*a ".repeat(20_000)] {
            parse(&format!("{deep}text"));
        }
    }
}
