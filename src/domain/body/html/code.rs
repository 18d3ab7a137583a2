//! `<pre>` and its kin.

use super::walk::Walker;
use crate::domain::body::Content;
use crate::domain::body::inline::escape::is_noise;
use scraper::ElementRef;
use unicode_normalization::UnicodeNormalization;

impl<'a> Walker<'a> {
    pub(super) fn code(&mut self, element: ElementRef<'a>) {
        self.flush();
        let inner = element.children().filter_map(ElementRef::wrap).find(|child| child.value().name() == "code");
        let mut written = String::new();
        let mut pictures = Vec::new();
        self.collect(element, &mut written, &mut pictures);
        if element.value().classes().any(|class| class == "wp-block-verse") {
            self.verse(&written);
        } else if let Some(code) = tidy(&written) {
            let language = inner.and_then(language).or_else(|| language(element));
            self.place(Content::Code { language, code });
        }
        pictures.into_iter().for_each(|picture| self.image(picture));
    }

    /// A poem is text whose lines matter.
    fn verse(&mut self, written: &str) {
        for line in written.lines() {
            self.line.text(line);
            self.line.line_break();
        }
        self.flush();
    }

    fn collect(&self, element: ElementRef<'a>, code: &mut String, pictures: &mut Vec<ElementRef<'a>>) {
        for child in element.children() {
            if let Some(text) = child.value().as_text() {
                code.push_str(text);
            }
            let Some(child) = ElementRef::wrap(child).filter(|child| !self.skipped.contains(child)) else { continue };
            match child.value().name() {
                "br" => code.push('\n'),
                "img" => pictures.push(child),
                "script" | "style" | "template" => {}
                _ => self.collect(child, code, pictures),
            }
        }
    }
}

/// Code without the empty lines around it.
pub(in crate::domain::body) fn tidy(written: &str) -> Option<String> {
    let lines = written.replace("\r\n", "\n").replace('\r', "\n");
    let code: String = lines.chars().filter(|c| matches!(c, '\n' | '\t') || !is_noise(*c)).nfc().collect();
    let code = code.trim_start_matches('\n').trim_end();
    (!code.trim_start().is_empty()).then(|| code.to_owned())
}

fn language(element: ElementRef<'_>) -> Option<String> {
    let value = element.value();
    let by_class = value.classes().find_map(|class| class.strip_prefix("language-").or(class.strip_prefix("lang-")));
    by_class.or(value.attr("data-language")).or(value.attr("data-lang")).and_then(language_name)
}

/// A name that fits into a class and into the fence of a Markdown code block.
pub(in crate::domain::body) fn language_name(written: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.');
    (!written.is_empty() && written.len() <= 32 && written.chars().all(fits)).then(|| written.to_owned())
}
