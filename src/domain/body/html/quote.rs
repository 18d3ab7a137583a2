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
        let cite = Some(cited.lines.join("<br>")).filter(|html| !html.is_empty());
        let mut cite = cite.map(|html| sole_cite(&html).map(str::to_owned).unwrap_or(html));
        let mut parts = split(held, cite.is_none());
        if let Some(Content::Quote { cite: place, .. }) =
            parts.iter_mut().rev().find(|part| matches!(part, Content::Quote { .. }))
        {
            *place = place.take().or(cite.take());
        }
        parts.extend(cite.map(|html| Content::Paragraph { html }));
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
fn split(held: Vec<Content>, may_end_with_cite: bool) -> Vec<Content> {
    let mut parts = Vec::new();
    let mut lines = Vec::new();
    for content in held {
        let folded = fold::fold(vec![content]);
        lines.extend(folded.lines);
        if !folded.others.is_empty() {
            parts.extend(quote_of(std::mem::take(&mut lines), None));
            parts.extend(folded.others);
        }
    }
    let cite = lines.last().and_then(|line| sole_cite(line)).filter(|_| may_end_with_cite && lines.len() > 1);
    let cite = cite.map(str::to_owned);
    if cite.is_some() {
        lines.pop();
    }
    parts.extend(quote_of(lines, cite));
    parts
}

fn quote_of(lines: Vec<String>, cite: Option<String>) -> Option<Content> {
    joined(lines).map(|html| Content::Quote { html, cite })
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

/// The words of a line that is one `<cite>` and nothing else.
pub(super) fn sole_cite(html: &str) -> Option<&str> {
    let words = html.strip_prefix("<cite>")?.strip_suffix("</cite>")?;
    (!words.contains("<cite")).then_some(words)
}
