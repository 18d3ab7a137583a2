//! Bodies written out: HTML for pages and feeds, plain text for search and measuring, Markdown for editors.
//!
//! Stored inline HTML is safe as it is, so nothing is parsed or cleaned here. Where a picture's file is and how large it
//! is only the caller knows.

mod figure;
mod html;
mod markdown;
#[cfg(test)]
mod tests;
mod text;

pub use figure::{figure_view, figure_views};
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
