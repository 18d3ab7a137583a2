//! What holds for every input: nothing panics, no text is lost, what was written reads back, ids stay.

use super::inline::plain_text;
use super::render::{self, FigureView};
use super::{Body, Content, DraftBlock, Figure, html, markdown};
use proptest::prelude::*;

fn view(figure: &Figure) -> FigureView {
    FigureView {
        src: figure.source.clone().unwrap_or_default(),
        alt: figure.alt.clone().unwrap_or_default(),
        credit: figure.credit.clone(),
        caption: figure.caption.clone(),
        ..FigureView::default()
    }
}

fn body(contents: &[Content]) -> Body {
    Body::from_contents(contents.to_vec(), None)
}

pub(super) const TAGS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "b",
    "bdo",
    "blockquote",
    "body",
    "button",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h5",
    "html",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "rb",
    "rp",
    "rt",
    "ruby",
    "s",
    "section",
    "select",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "x-y",
    "caption",
    "colgroup",
    "option",
    "address",
    "nobr",
];
const DROPPED: &[&str] =
    &["script", "style", "svg", "math", "template", "noscript", "iframe", "video", "title", "xmp", "textarea"];
const LEAVES: &[&str] = &[
    "<br>",
    "<hr>",
    "<img src=i.jpg>",
    "<img src='https://a.example/사진 1.jpg' alt=' 글 \"'>",
    "<wbr>",
    "<input>",
    "<!-- c -->",
    "&nbsp;",
    "&amp;lt;",
    " \n",
    "https://youtu.be/1",
    "<a href='https://a.example/1'>https://a.example/1</a>",
    "<p>",
    "\u{1112}\u{1161}\u{11ab}",
    "e\u{301}",
    "\u{338}",
    "&#x338;",
    "\u{b}",
    "\u{3000}",
];
const ATTRIBUTES: &[&str] = &[
    "",
    "",
    "",
    " href='https://a.example/?a=1&amp;b=2'",
    " href=/기사",
    " class=credit",
    " class=wp-block-verse",
    " class=emoji",
    " lang=en",
    " dir=rtl",
    " title='a\"&lt;b&gt;'",
    " start=3",
    " colspan=2",
    " class='language-x'",
    " href='javascript:x'",
    " onclick=x",
];

/// Tags in any order, opened and closed at will, with a word that no other place has between them.
pub(super) fn soup(tags: &'static [&'static [&'static str]]) -> impl Strategy<Value = String> {
    let tags: Vec<&'static str> = tags.concat();
    let piece = (0..10u8, any::<prop::sample::Index>(), any::<prop::sample::Index>());
    prop::collection::vec(piece, 0..40).prop_map(move |pieces| {
        let mut out = String::new();
        for (at, (kind, tag, attribute)) in pieces.into_iter().enumerate() {
            let name = tag.get(&tags);
            match kind {
                0..4 => out.push_str(&format!("<{name}{}>", attribute.get::<&str>(ATTRIBUTES))),
                4..6 => out.push_str(&format!("</{name}>")),
                6..9 => out.push_str(&format!(" 말{at}끝 ")),
                _ => out.push_str(tag.get::<&str>(LEAVES)),
            }
        }
        out
    })
}

/// The words of `soup` that a text holds.
fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = text.split('말').skip(1).filter_map(|rest| Some(rest.split_once('끝')?.0)).collect();
    words.sort_unstable();
    words
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(input in any::<String>()) {
        html::parse(&input);
        markdown::parse(&input);
    }

    #[test]
    fn any_markup_is_read_and_safe(input in "([<>/&;=\"'!?a-z \\[\\]()#*_~`|\n-]|<[a-z]{1,6} |</[a-z]{1,6}>|한){0,80}") {
        html::attacks::assert_safe(html::parse(&input).contents, &input);
        html::attacks::assert_safe(markdown::parse(&input).contents, &input);
    }

    #[test]
    fn soup_is_safe(input in soup(&[TAGS, DROPPED])) {
        html::attacks::assert_safe(html::parse(&input).contents, &input);
    }

    #[test]
    fn no_text_is_lost(input in soup(&[TAGS])) {
        let shown = render::text(&body(&html::parse(&input).contents));
        prop_assert_eq!(words(&shown), words(&input), "{}", shown);
    }

    #[test]
    fn html_reads_back(input in soup(&[TAGS, DROPPED])) {
        let contents = html::parse(&input).contents;
        let written = render::html(&body(&contents), &view);
        prop_assert_eq!(html::parse(&written).contents, contents, "{}", written);
    }

    #[test]
    fn sanitising_leaves_parsed_contents_alone(input in soup(&[TAGS, DROPPED])) {
        let contents = html::parse(&input).contents;
        let sanitised: Vec<Content> = contents.iter().cloned().filter_map(Content::sanitised).collect();
        prop_assert_eq!(sanitised, contents);
    }

    #[test]
    fn markdown_reads_back(lines in prop::collection::vec("[ a-c가-나*_`~<>&!#.()1|@:/+=\\[\\]\\\\-]{1,24}", 1..4), tag in 0..8usize) {
        let tag = ["p", "h2", "li", "strong", "em", "code", "del", "td"][tag];
        let input: String = lines
            .iter()
            .map(|line| format!("<p>x<{tag}>{0}</{tag}>{0}</p>", super::inline::escaped(line)))
            .collect();
        let contents = html::parse(&input).contents;
        let written = render::markdown(&body(&contents), &view);
        prop_assert_eq!(markdown::parse(&written).contents, contents, "{}", written);
    }

    #[test]
    fn soup_reads_back_from_markdown(input in soup(&[TAGS])) {
        let contents = html::parse(&input).contents;
        let written = render::markdown(&body(&contents), &view);
        prop_assert_eq!(markdown::parse(&written).contents, contents, "{}", written);
    }

    #[test]
    fn text_is_nfc(input in "[\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11a8}-\u{11c2} a-c]{0,40}") {
        use unicode_normalization::is_nfc;
        let shown = render::text(&body(&html::parse(&input).contents));
        prop_assert!(is_nfc(&shown));
        prop_assert_eq!(plain_text(&input).unwrap_or_default(), shown);
    }

    #[test]
    fn ids_are_unique_and_an_edit_stays_where_it_is(texts in prop::collection::vec("[a-d]", 1..20), at in any::<prop::sample::Index>()) {
        let contents = |texts: &[String]| -> Vec<Content> {
            texts.iter().map(|text| Content::Paragraph { html: text.clone() }).collect()
        };
        let old = Body::from_contents(contents(&texts), None);
        let mut edited = texts.clone();
        edited[at.index(texts.len())] = "edited".to_owned();
        let new = Body::from_contents(contents(&edited), Some(&old));
        for (at, (old, new)) in old.blocks.iter().zip(&new.blocks).enumerate() {
            prop_assert_eq!(&old.id, &new.id);
            prop_assert_eq!(old.hash == new.hash, texts[at] == edited[at]);
        }
        prop_assert_eq!(Body::changed_blocks(&old, &new).changed.len(), 1);
    }

    #[test]
    fn ids_are_unique_after_any_rewrite(
        versions in prop::collection::vec(prop::collection::vec("[a-e]", 0..12), 1..6)
    ) {
        let mut previous: Option<Body> = None;
        for texts in versions {
            let contents = texts.into_iter().map(|html| Content::Paragraph { html }).collect();
            let body = Body::from_contents(contents, previous.as_ref());
            let ids: std::collections::HashSet<&str> = body.blocks.iter().map(|block| block.id.as_str()).collect();
            prop_assert_eq!(ids.len(), body.blocks.len());
            let stored = serde_json::to_string(&body).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Body>(&stored).unwrap(), &body);
            previous = Some(body);
        }
    }

    #[test]
    fn known_ids_are_kept_and_all_ids_are_unique(
        before in prop::collection::vec("[a-e]", 0..8),
        source in prop::collection::vec("[a-e]", 0..8),
        sent in prop::collection::vec((any::<prop::sample::Index>(), 0..3u8, "[a-f]"), 0..10),
    ) {
        let contents = |texts: Vec<String>| texts.into_iter().map(|html| Content::Paragraph { html }).collect();
        let old = Body::from_contents(contents(before), None);
        let source = Body::from_contents(contents(source), None);
        let known: Vec<&String> = old.blocks.iter().chain(&source.blocks).map(|block| &block.id).collect();
        let drafts = sent.into_iter().map(|(at, kind, html)| DraftBlock {
            id: match kind {
                0 if !known.is_empty() => Some((*at.get(&known)).clone()),
                1 => Some("unknown".to_owned()),
                _ => None,
            },
            content: Content::Paragraph { html },
        });
        let drafts: Vec<DraftBlock> = drafts.collect();
        let body = Body::from_blocks(drafts.clone(), Some(&old), Some(&source));
        let ids: std::collections::HashSet<&str> = body.blocks.iter().map(|block| block.id.as_str()).collect();
        prop_assert_eq!(ids.len(), body.blocks.len());
        let mut claimed = std::collections::HashSet::new();
        for (draft, block) in drafts.iter().zip(&body.blocks) {
            prop_assert_eq!(&draft.content, &block.content);
            if let Some(id) = draft.id.as_ref().filter(|id| known.contains(id) && claimed.insert((*id).clone())) {
                prop_assert_eq!(id, &block.id);
            }
            prop_assert!(block.id != "unknown");
        }
    }
}
