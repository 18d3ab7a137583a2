//! `<blockquote>`.

use super::fold;
use super::walk::Walker;
use crate::domain::body::Content;
use scraper::ElementRef;

impl<'a> Walker<'a> {
    /// What is no text breaks the quote in two; the source stays with the last part.
    pub(super) fn quote(&mut self, element: ElementRef<'a>) {
        self.flush();
        let source = source(element);
        self.skipped.extend(source);
        let held = self.within(element);
        let cited = source.map(|source| self.lines_within(source)).unwrap_or_default();
        if source.is_some() {
            self.skipped.pop();
        }
        let mut parts = split(held);
        let last = parts.iter_mut().rev().find_map(|part| match part {
            Content::Quote { cite, .. } => Some(cite),
            _ => None,
        });
        match (last, uncited(cited.lines)) {
            (Some(cite), Some(named)) => {
                *cite = Some(cite.take().map(|cite| format!("{cite}<br>{named}")).unwrap_or(named));
            }
            (None, Some(html)) => parts.push(Content::Paragraph { html }),
            (_, None) => {}
        }
        for part in parts {
            match part {
                text @ (Content::Quote { .. } | Content::Paragraph { .. }) => self.place(text),
                other => self.place_moved(vec![other], "a quote"),
            }
        }
        self.place_moved(cited.others, "a quote");
    }
}

/// Runs of text as quotes, and between them what is no text.
fn split(held: Vec<Content>) -> Vec<Content> {
    let mut parts = Vec::new();
    let mut lines = Vec::new();
    for content in held {
        let folded = fold::fold(vec![content]);
        lines.extend(folded.lines);
        if !folded.others.is_empty() {
            parts.extend(quote_of(std::mem::take(&mut lines)));
            parts.extend(folded.others);
        }
    }
    parts.extend(quote_of(lines));
    parts
}

/// Many pages name the source in a last paragraph that is one `<cite>`.
fn quote_of(mut lines: Vec<String>) -> Option<Content> {
    let sources = lines.iter().skip(1).rev().take_while(|line| sole_cite(line).is_some()).count();
    let cites = lines.split_off(lines.len() - sources);
    let cites = cites.iter().filter_map(|line| sole_cite(line)).map(str::to_owned).collect();
    joined(lines).map(|html| Content::Quote { html, cite: uncited(cites) })
}

/// The HTML of a quote: one paragraph as it is, several each in its `<p>`.
pub(in crate::domain::body) fn joined(lines: Vec<String>) -> Option<String> {
    match lines.len() {
        0 => None,
        1 => Some(lines.concat()),
        _ => Some(format!("<p>{}</p>", lines.join("</p><p>"))),
    }
}

/// The element that names who is quoted: a `<footer>` of the quote, or a `<cite>` at its end. A `<cite>` within a
/// sentence is a title and stays there.
fn source(quote: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let mut children = quote.children().filter_map(ElementRef::wrap).rev();
    let is_prose = quote.children().any(|child| child.value().as_text().is_some_and(|text| !text.trim().is_empty()));
    let last = children.next()?;
    if last.value().name() == "cite" && !is_prose {
        return Some(last);
    }
    std::iter::once(last).chain(children).find(|child| child.value().name() == "footer")
}

/// The words that name a source, without the `<cite>` around all of them.
pub(super) fn uncited(lines: Vec<String>) -> Option<String> {
    let html = Some(lines.join("<br>")).filter(|html| !html.is_empty())?;
    Some(sole_cite(&html).map(str::to_owned).unwrap_or(html))
}

/// The words of a line that is one `<cite>` and nothing else.
fn sole_cite(html: &str) -> Option<&str> {
    let words = html.strip_prefix("<cite>")?.strip_suffix("</cite>")?;
    (!words.contains("<cite")).then_some(words)
}
