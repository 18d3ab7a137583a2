//! Bodies written out: HTML for pages and feeds, plain text for search and measuring, Markdown for editors.
//!
//! Stored inline HTML is safe as it is, so nothing is parsed or cleaned here. Where a picture's file is and how large it
//! is only the caller knows.

mod html;
mod markdown;
#[cfg(test)]
mod tests;
mod text;

use super::Figure;
use super::inline::escaped;
use crate::domain::address::Addresses;
use crate::domain::entity::Image;
use crate::domain::language::{LanguageTag, Languages};
pub use html::html;
pub use markdown::markdown;
pub use text::{block_text, text};

/// What a caller knows about the picture of a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FigureView {
    /// The address of the file to show.
    pub src: String,
    /// The file's width in pixels.
    pub width: Option<u32>,
    /// The file's height in pixels.
    pub height: Option<u32>,
    /// Plain text; empty for a decorative picture.
    pub alt: String,
    /// Plain text.
    pub credit: Option<String>,
    /// Inline HTML that has been sanitised, as in [`Figure::caption`](super::Figure::caption).
    pub caption: Option<String>,
}

impl FigureView {
    /// A picture of the library as it is shown in a language.
    pub fn of_image(image: &Image, language: &LanguageTag, languages: &Languages, addresses: &Addresses) -> Self {
        let best = |texts| languages.best(texts, language).map(|(_, text)| text.to_owned());
        Self {
            src: addresses.image(image).unwrap_or_default(),
            width: image.width,
            height: image.height,
            alt: best(&image.alts).unwrap_or_default(),
            credit: image.credit.clone(),
            caption: best(&image.captions).map(|text| escaped(&text)),
        }
    }

    /// A picture that is not in the library.
    pub fn of_source(figure: &Figure) -> Self {
        Self { src: figure.source.clone().unwrap_or_default(), ..Self::default() }
    }

    /// The picture in a text: what the text says of it goes before what it says of itself.
    pub fn within(mut self, figure: &Figure) -> Self {
        if let Some(alt) = &figure.alt {
            self.alt.clone_from(alt);
        }
        self.caption = figure.caption.clone().or(self.caption);
        self.credit = figure.credit.clone().or(self.credit);
        self
    }
}
