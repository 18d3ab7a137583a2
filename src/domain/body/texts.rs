//! The texts of a block that somebody translates, taken out and put back.
//!
//! Every text goes out as inline HTML, plain text as well, so that one list of texts has one format; links and emphasis
//! stay where translators and machines can keep them. What comes back passes the gate of [`super::inline`] like all input.

use super::html::{joined, paragraphs};
use super::inline::{escaped, plain, plain_text, sanitise};
use super::{Content, List};

/// How a text is kept in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) enum Form {
    /// As plain text.
    Plain,
    /// As inline HTML.
    Html,
}

impl Form {
    /// A text as it is sent, or `None` where there is nothing to translate: no letter.
    pub(in crate::domain) fn sent(self, text: &str) -> Option<String> {
        let (html, shown) = match self {
            Self::Plain => (escaped(text), text.to_owned()),
            Self::Html => (text.to_owned(), plain(text)),
        };
        shown.contains(char::is_alphabetic).then_some(html)
    }

    /// Puts the next answer in the place of a text that was sent. One that is the same, or shows nothing, changes
    /// nothing: a story with a text in the wrong language is mended more easily than one with a hole.
    pub(in crate::domain) fn put(self, text: &mut String, answers: &mut dyn Iterator<Item = String>) {
        let Some(sent) = self.sent(text) else { return };
        let Some(answer) = answers.next().filter(|answer| *answer != sent) else { return };
        let clean = sanitise(&answer);
        let clean = if self == Self::Plain { plain_text(&plain(&clean)).unwrap_or_default() } else { clean };
        if !clean.is_empty() {
            *text = clean;
        }
    }
}

impl Content {
    /// The texts to translate, each as inline HTML, in a fixed order. Code, addresses and credits stay as they are, and
    /// so does what has no letters, as many cells of tables.
    pub fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        visit(&mut self.clone(), &mut |form, text| texts.extend(form.sent(text)));
        texts
    }

    /// The same block with other texts in the places of [`Content::texts`]; takes as many as there are.
    #[must_use]
    pub fn with_texts(&self, answers: &mut dyn Iterator<Item = String>) -> Self {
        let mut content = self.clone();
        visit(&mut content, &mut |form, text| form.put(text, answers));
        content
    }
}

/// Goes through all texts of a block, always in the same order.
fn visit(content: &mut Content, each: &mut dyn FnMut(Form, &mut String)) {
    match content {
        Content::Paragraph { html } | Content::Heading { html, .. } => each(Form::Html, html),
        Content::List(list) => visit_items(list, each),
        Content::Quote { html, cite } => {
            let mut lines: Vec<String> = paragraphs(html).map(str::to_owned).collect();
            lines.iter_mut().for_each(|line| each(Form::Html, line));
            *html = joined(lines).unwrap_or_default();
            cite.iter_mut().for_each(|cite| each(Form::Html, cite));
        }
        Content::Figure(figure) => {
            figure.alt.iter_mut().for_each(|alt| each(Form::Plain, alt));
            figure.caption.iter_mut().for_each(|caption| each(Form::Html, caption));
        }
        Content::Embed { caption, .. } => caption.iter_mut().for_each(|caption| each(Form::Html, caption)),
        Content::Table(table) => {
            table.caption.iter_mut().for_each(|caption| each(Form::Html, caption));
            let cells = table.header.iter_mut().chain(&mut table.rows).flatten();
            cells.for_each(|cell| each(Form::Html, &mut cell.html));
        }
        Content::Code { .. } | Content::Divider => {}
    }
}

fn visit_items(list: &mut List, each: &mut dyn FnMut(Form, &mut String)) {
    for item in &mut list.items {
        each(Form::Html, &mut item.html);
        item.children.iter_mut().for_each(|children| visit_items(children, each));
    }
}

#[cfg(test)]
mod tests {
    use super::super::html;
    use super::super::properties::{TAGS, soup};
    use super::*;
    use proptest::prelude::*;

    fn contents(html: &str) -> Vec<Content> {
        html::parse(html).contents
    }

    #[test]
    fn each_kind_of_block_gives_its_texts() {
        for (html, expected) in [
            ("<p>a <a href='/x'>b</a></p>", &["a <a href=\"/x\">b</a>"][..]),
            ("<h2>a &amp; b</h2>", &["a &amp; b"]),
            ("<ul><li>a<ul><li>b</ul><li>c</ul>", &["a", "b", "c"]),
            ("<blockquote><p>a<p>b<footer>c</footer></blockquote>", &["a", "b", "c"]),
            ("<figure><img src=i.jpg alt='x < y'><figcaption>c</figcaption></figure>", &["x &lt; y", "c"]),
            ("<table><caption>t</caption><tr><th>a<th>2024<tr><td>b<td>1,200</table>", &["t", "a", "b"]),
            ("<pre>code</pre>", &[]),
            ("<hr>", &[]),
        ] {
            let texts: Vec<String> = contents(html).iter().flat_map(Content::texts).collect();
            assert_eq!(texts, expected, "{html}");
        }
    }

    #[test]
    fn answers_are_cleaned_and_empty_ones_change_nothing() {
        let put = |html: &str, answers: &[&str]| {
            let mut answers = answers.iter().map(|answer| (*answer).to_owned());
            contents(html).iter().map(|content| content.with_texts(&mut answers)).collect::<Vec<_>>()
        };
        for (html, answers, expected) in [
            ("<p>a</p>", &["<b onclick=x>B</b><script>x</script>"][..], "<p><strong>B</strong></p>"),
            ("<p>a</p>", &[" "], "<p>a</p>"),
            ("<p>a</p><p>b</p>", &["A", "<p>B</p><p>C</p>"], "<p>A</p><p>B<br>C</p>"),
            ("<blockquote><p>a<p>b</blockquote>", &["A", "B"], "<blockquote><p>A<p>B</blockquote>"),
            ("<ul><li>a<ul><li>b</ul><li>c</ul>", &["A", "B", "C"], "<ul><li>A<ul><li>B</ul><li>C</ul>"),
            ("<img src=i.jpg alt=a>", &["<em>x</em> &lt; y"], "<img src=i.jpg alt='x < y'>"),
            ("<table><tr><td>a<td>1</table>", &["A"], "<table><tr><td>A<td>1</table>"),
        ] {
            assert_eq!(put(html, answers), contents(expected), "{html}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn texts_put_back_give_the_same_blocks(input in soup(&[TAGS])) {
            for content in contents(&input) {
                let texts = content.texts();
                prop_assert_eq!(&content.with_texts(&mut texts.clone().into_iter()), &content);
                // With a space more they are no longer the same, so they are read again.
                let mut read_again = texts.into_iter().map(|text| format!(" {text} "));
                prop_assert_eq!(&content.with_texts(&mut read_again), &content);
                prop_assert_eq!(read_again.next(), None);
            }
        }
    }
}
