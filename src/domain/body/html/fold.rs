//! Blocks found where only lines have room: in an item, a cell, a caption, a heading.

use crate::domain::body::{Content, List};

/// What became of the blocks.
#[derive(Default)]
pub(super) struct Folded {
    /// Inline HTML, one piece for each former block.
    pub(super) lines: Vec<String>,
    /// What is no line and needs a place elsewhere.
    pub(super) others: Vec<Content>,
}

/// Turns what is text into lines and keeps lists among the others.
pub(super) fn fold(contents: Vec<Content>) -> Folded {
    let mut folded = Folded::default();
    for content in contents {
        match content {
            Content::Paragraph { html } | Content::Heading { html, .. } => folded.lines.push(html),
            Content::Quote { html, cite } => {
                folded.lines.extend(paragraphs(&html).map(str::to_owned));
                folded.lines.extend(cite);
            }
            Content::Divider => {}
            other => folded.others.push(other),
        }
    }
    folded
}

/// Turns what is text into lines, a list's items too.
pub(super) fn flatten(contents: Vec<Content>) -> Folded {
    let mut folded = Folded::default();
    for content in contents {
        match content {
            Content::List(list) => push_items(&mut folded.lines, list),
            other => {
                let next = fold(vec![other]);
                folded.lines.extend(next.lines);
                folded.others.extend(next.others);
            }
        }
    }
    folded
}

fn push_items(lines: &mut Vec<String>, list: List) {
    for item in list.items {
        lines.extend(Some(item.html).filter(|html| !html.is_empty()));
        item.children.into_iter().for_each(|children| push_items(lines, children));
    }
}

/// The paragraphs of a quote's HTML.
pub(in crate::domain::body) fn paragraphs(html: &str) -> impl Iterator<Item = &str> {
    let inside = html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).unwrap_or(html);
    inside.split("</p><p>")
}

/// A block's kind as notes name it.
pub(super) fn kind(content: &Content) -> &'static str {
    match content {
        Content::Paragraph { .. } => "paragraph",
        Content::Heading { .. } => "heading",
        Content::List(_) => "list",
        Content::Quote { .. } => "quote",
        Content::Figure(_) => "figure",
        Content::Embed { .. } => "embed",
        Content::Table(_) => "table",
        Content::Code { .. } => "code",
        Content::Divider => "divider",
    }
}
