//! Posts that hold two languages, one after the other, parted by a line.

use super::classic::markup::plain_text;
use crate::domain::body::Content;

/// A post that holds two texts.
#[derive(Debug, PartialEq)]
pub(super) struct Halves {
    /// What stands before the line.
    pub(super) first: Vec<Content>,
    /// The first text after the line.
    pub(super) headline: String,
    /// What follows it.
    pub(super) second: Vec<Content>,
}

/// Parts a body at the first line that is the marker and nothing else. Gives the body back where there is none, or
/// where one of the sides would be empty; then with the reason.
pub(super) fn split(contents: Vec<Content>, marker: &str) -> Result<Halves, (Vec<Content>, Option<&'static str>)> {
    let marker = plain(marker);
    let found = contents.iter().enumerate().find_map(|(at, content)| {
        let lines: Vec<&str> = lines(content)?.collect();
        Some((at, lines.iter().position(|line| plain_text(line) == marker)?))
    });
    let Some((at, line)) = found.filter(|_| !marker.is_empty()) else { return Err((contents, None)) };
    let mut first: Vec<Content> = contents.iter().take(at).cloned().collect();
    let mut second: Vec<Content> = Vec::with_capacity(contents.len() - at);
    if let Some(content) = contents.get(at) {
        first.extend(part(content, |number| number < line));
        second.extend(part(content, |number| number > line));
    }
    second.extend(contents.iter().skip(at + 1).cloned());
    if first.is_empty() {
        return Err((contents, Some("not split: nothing stands before the line")));
    }
    match take_headline(&mut second) {
        Some(headline) if !second.is_empty() => Ok(Halves { first, headline, second }),
        _ => Err((contents, Some("not split: no headline and text stand behind the line"))),
    }
}

/// The marker as somebody types it: with or without HTML's references.
fn plain(marker: &str) -> String {
    plain_text(&marker.replace("&gt;", ">").replace("&lt;", "<").replace('<', "&lt;"))
}

fn lines(content: &Content) -> Option<impl Iterator<Item = &str>> {
    match content {
        Content::Paragraph { html } | Content::Heading { html, .. } => Some(html.split("<br>")),
        _ => None,
    }
}

/// Some lines of a paragraph as a paragraph of their own. An element may reach over the border: cleaning closes it.
fn part(content: &Content, keep: impl Fn(usize) -> bool) -> Option<Content> {
    let kept: Vec<&str> = lines(content)?.enumerate().filter(|(at, _)| keep(*at)).map(|(_, line)| line).collect();
    Content::Paragraph { html: kept.join("<br>") }.sanitised()
}

/// Takes the first line of text; pictures before it stay.
fn take_headline(contents: &mut Vec<Content>) -> Option<String> {
    let at = contents.iter().position(|content| lines(content).is_some())?;
    let content = contents.remove(at);
    let headline = plain_text(lines(&content)?.next()?);
    if let Some(rest) = part(&content, |number| number > 0) {
        contents.insert(at, rest);
    }
    (!headline.is_empty()).then_some(headline)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::body::{Figure, html};

    fn halves(source: &str, marker: &str) -> Option<(usize, String, usize)> {
        split(html::parse(source).contents, marker)
            .ok()
            .map(|halves| (halves.first.len(), halves.headline, halves.second.len()))
    }

    #[test]
    fn a_line_that_is_the_marker_parts_a_post() {
        let marker = "English version>>";
        for source in [
            "<p>가.</p><p>English version&gt;&gt;</p><p>Headline</p><p>Text.</p>",
            "<p>가.</p><p> <strong>English  version>></strong>&nbsp;</p><p>Headline</p><p>Text.</p>",
            "<p>가.</p><h2>English version&gt;&gt;</h2><h3>Headline</h3><p>Text.</p>",
            "<p>가.<br>English version&gt;&gt;<br>Headline</p><p>Text.</p>",
            "<p>가.</p><p>English version&gt;&gt;<br />Headline<br />Text.</p>",
            "<p><b>가.<br>English version&gt;&gt;<br>Headline<br>Text.</b></p>",
        ] {
            assert_eq!(halves(source, marker), Some((1, "Headline".to_owned(), 1)), "{source}");
            assert_eq!(halves(source, "English version&gt;&gt;"), halves(source, marker), "{source}");
        }
        for source in [
            "<p>가.</p><p>See the English version&gt;&gt; below</p><p>Headline</p><p>Text.</p>",
            "<p>English version&gt;&gt;</p><p>Headline</p><p>Text.</p>",
            "<p>가.</p><p>English version&gt;&gt;</p>",
            "<p>가.</p><p>English version&gt;&gt;</p><p>Headline</p>",
            "<p>가.</p>",
            "",
        ] {
            assert_eq!(halves(source, marker), None, "{source}");
        }
        assert_eq!(halves("<p>가.</p><p></p><p>나.</p>", " "), None);
    }

    #[test]
    fn pictures_before_the_headline_stay_and_a_second_line_is_text() {
        let figure = Content::Figure(Figure { source: Some("a.jpg".into()), ..Figure::default() });
        let text = |html: &str| Content::Paragraph { html: html.to_owned() };
        let contents = vec![text("가."), text("EN"), figure.clone(), text("Headline"), text("x<br>EN<br>y")];
        let halves = split(contents, "EN").unwrap();
        assert_eq!(halves.second, [figure, text("x<br>EN<br>y")]);
    }
}
