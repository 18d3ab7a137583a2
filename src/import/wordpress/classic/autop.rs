//! Paragraphs of classic content: what WordPress's `wpautop` makes of line breaks when it shows a post.
//!
//! A blank line ends a paragraph, a single line break is a `<br />`, and neither means anything between the parts of a
//! table or list or inside preformatted text. Where `wpautop` writes unbalanced tags this writes balanced ones.

use super::markup::{Tag, Token, tokens};

/// Elements that stand between paragraphs and never inside of one.
const BLOCKS: &[&str] = &[
    "table",
    "thead",
    "tfoot",
    "caption",
    "col",
    "colgroup",
    "tbody",
    "tr",
    "td",
    "th",
    "div",
    "dl",
    "dd",
    "dt",
    "ul",
    "ol",
    "li",
    "form",
    "blockquote",
    "address",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "fieldset",
    "legend",
    "section",
    "article",
    "aside",
    "hgroup",
    "header",
    "footer",
    "nav",
    "figure",
    "figcaption",
    "details",
    "summary",
    "menu",
    "main",
    "center",
];

/// Elements whose line breaks are their own.
const VERBATIM: &[&str] =
    &["pre", "script", "style", "textarea", "svg", "object", "video", "audio", "select", "iframe", "map", "math"];

/// Those of them that stand between paragraphs.
const VERBATIM_BLOCKS: &[&str] = &["pre", "script", "style"];

const VOID_BLOCKS: &[&str] = &["hr", "col"];

/// Classic content with its paragraphs as elements.
pub(super) fn paragraphs(content: &str) -> String {
    let mut writer = Writer::default();
    for token in tokens(content, VERBATIM) {
        match token {
            Token::Text(text) => writer.text(text),
            Token::Comment(raw) => writer.line.push_str(raw),
            Token::Verbatim(name, raw) if contains(VERBATIM_BLOCKS, name) => {
                writer.flush();
                writer.out.push_str(raw);
                writer.out.push('\n');
            }
            Token::Verbatim(_, raw) => writer.line.push_str(raw),
            Token::Tag(tag) if contains(BLOCKS, tag.name) => writer.block(tag),
            Token::Tag(tag) if tag.is("br") => writer.line_break(),
            Token::Tag(tag) => writer.line.push_str(tag.raw),
        }
    }
    writer.flush();
    writer.out.trim().to_owned()
}

fn contains(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

const BREAK: &str = "<br />";

/// Collects lines until a block begins or ends, and then writes them as that place wants them.
#[derive(Debug, Default)]
struct Writer {
    out: String,
    /// Names of the open blocks, outermost first.
    open: Vec<String>,
    /// Finished paragraphs since the last block tag.
    done: Vec<Vec<String>>,
    /// Finished lines of the paragraph at hand.
    lines: Vec<String>,
    line: String,
}

impl Writer {
    fn text(&mut self, text: &str) {
        let mut parts = text.split('\n');
        self.line.push_str(parts.next().unwrap_or_default());
        for part in parts {
            self.end_line();
            self.line.push_str(part);
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            self.end_paragraph();
        } else if is_address(line.trim()) {
            // An address on a line of its own is what WordPress turns into an embed.
            self.end_paragraph();
            self.done.push(vec![line.trim().to_owned()]);
        } else {
            self.lines.push(line.trim().to_owned());
        }
    }

    fn end_paragraph(&mut self) {
        if !self.lines.is_empty() {
            self.done.push(std::mem::take(&mut self.lines));
        }
    }

    /// One break ends a line, two in a row end a paragraph.
    fn line_break(&mut self) {
        if self.line.trim().is_empty()
            && let Some(last) = self.lines.last_mut()
            && let Some(text) = last.strip_suffix(BREAK)
        {
            *last = text.trim_end().to_owned();
            self.line.clear();
            self.end_paragraph();
        } else if let Some(text) = self.line.trim_end().strip_suffix(BREAK) {
            self.line = text.trim_end().to_owned();
            self.end_line();
            self.end_paragraph();
        } else {
            self.line.push_str(BREAK);
        }
    }

    fn block(&mut self, tag: Tag<'_>) {
        let name = tag.name.to_ascii_lowercase();
        // A block ends an open paragraph, as in every browser.
        if self.open.last().is_some_and(|open| open == "p") && !tag.closes {
            self.flush();
            self.open.pop();
        } else {
            self.flush();
        }
        if tag.closes {
            if let Some(at) = self.open.iter().rposition(|open| *open == name) {
                self.open.truncate(at);
            }
        } else {
            if name == "li" && self.open.last().is_some_and(|open| open == "li") {
                self.open.pop();
            }
            if !VOID_BLOCKS.contains(&name.as_str()) {
                self.open.push(name);
            }
        }
        self.out.push_str(tag.raw);
        if tag.closes {
            self.out.push('\n');
        }
    }

    /// Writes what has been collected, in the way of the innermost open block.
    fn flush(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_line();
        }
        self.line.clear();
        self.end_paragraph();
        let paragraphs = std::mem::take(&mut self.done);
        let several = paragraphs.len() > 1;
        let joined = paragraphs.iter().map(|lines| join(lines));
        match self.open.last().map(String::as_str) {
            None | Some("blockquote" | "section" | "article" | "main") => joined.for_each(|text| self.paragraph(&text)),
            Some("p") => self.out.push_str(&joined.collect::<Vec<_>>().join("</p>\n<p>")),
            Some(
                "table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup" | "ul" | "ol" | "menu" | "dl" | "hgroup",
            ) => {
                self.out.push_str(&paragraphs.concat().join("\n"));
            }
            Some(
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" | "legend" | "caption" | "figcaption" | "address",
            ) => {
                self.out.push_str(&joined.collect::<Vec<_>>().join("<br />\n"));
            }
            Some(_) if several => joined.for_each(|text| self.paragraph(&text)),
            Some(_) => joined.for_each(|text| self.out.push_str(&text)),
        }
    }

    /// Comments alone make no paragraph.
    fn paragraph(&mut self, text: &str) {
        let is_empty = tokens(text, &[]).all(|token| match token {
            Token::Text(text) => text.trim().is_empty(),
            Token::Comment(_) => true,
            _ => false,
        });
        if is_empty {
            self.out.push_str(text);
            self.out.push('\n');
        } else {
            self.out.push_str("<p>");
            self.out.push_str(text);
            self.out.push_str("</p>\n");
        }
    }
}

fn join(lines: &[String]) -> String {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push_str(if text.ends_with(BREAK) { "\n" } else { "<br />\n" });
        }
        text.push_str(line);
    }
    text
}

fn is_address(line: &str) -> bool {
    (line.starts_with("https://") || line.starts_with("http://"))
        && !line.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_become_what_wordpress_shows() {
        let table = [
            ("", ""),
            ("하나", "<p>하나</p>"),
            ("하나\n둘\n\n셋", "<p>하나<br />\n둘</p>\n<p>셋</p>"),
            ("\n\n  \n하나\n \n\n\n둘\n", "<p>하나</p>\n<p>둘</p>"),
            ("a<br>\nb<br/>c", "<p>a<br />\nb<br />c</p>"),
            ("a<br><br />b<br>\n<br>c", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
            ("앞\n<h2>제목</h2>\n뒤", "<p>앞</p>\n<h2>제목</h2>\n<p>뒤</p>"),
            ("<ul>\n<li>a\nb</li>\n\n<li>c</li>\n</ul>\nd", "<ul><li>a<br />\nb</li>\n<li>c</li>\n</ul>\n<p>d</p>"),
            ("<pre>a\n\n  b</pre>\nc", "<pre>a\n\n  b</pre>\n<p>c</p>"),
            ("<p>a\nb</p>\n\nc", "<p>a<br />\nb</p>\n<p>c</p>"),
            ("<p>a\n\nb</p>", "<p>a</p>\n<p>b</p>"),
            ("<blockquote>q</blockquote>", "<blockquote><p>q</p>\n</blockquote>"),
            ("<div>a</div>", "<div>a</div>"),
            ("<div>a\n\nb</div>c", "<div><p>a</p>\n<p>b</p>\n</div>\n<p>c</p>"),
            ("<table>\n<tr>\n<td>1\n2</td>\n</tr>\n</table>", "<table><tr><td>1<br />\n2</td>\n</tr>\n</table>"),
            ("a\nhttps://youtu.be/x?y=1\nb", "<p>a</p>\n<p>https://youtu.be/x?y=1</p>\n<p>b</p>"),
            ("a\nhttps://x.example 참고\nb", "<p>a<br />\nhttps://x.example 참고<br />\nb</p>"),
            ("<!--more-->\n\na <!-- x --> b", "<!--more-->\n<p>a <!-- x --> b</p>"),
            ("<script>\nvar a;\n\nvar b;</script>", "<script>\nvar a;\n\nvar b;</script>"),
            ("<strong>a\n\nb</strong>", "<p><strong>a</p>\n<p>b</strong></p>"),
            ("<video src=x>\n<source>\n</video>\nx", "<p><video src=x>\n<source>\n</video><br />\nx</p>"),
            ("<p>열린 문단\n<h3>제목</h3>", "<p>열린 문단<h3>제목</h3>"),
            ("1 < 2\n3 > 2", "<p>1 < 2<br />\n3 > 2</p>"),
            ("<a\nhref='x'>y</a>", "<p><a\nhref='x'>y</a></p>"),
            ("<hr>\na", "<hr><p>a</p>"),
        ];
        for (content, html) in table {
            assert_eq!(paragraphs(content), html, "{content:?}");
        }
    }
}
