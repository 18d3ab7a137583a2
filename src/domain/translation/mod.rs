//! Translations: what a new one starts from, and what of it lags behind its source.

mod lag;
#[cfg(test)]
mod tests;
mod texts;

pub use lag::{Lag, Part, Passage, lagging};
pub use texts::{Translated, WrongCount, translatable, with_texts};

use super::article::Content;
use super::body::DraftBlock;

/// The blocks that a new translation starts from: the source's own, under the source's ids, by which the translation
/// stays tied to it.
pub fn scaffold(source: &Content) -> Vec<DraftBlock> {
    let blocks = source.body.blocks.iter();
    blocks.map(|block| DraftBlock { id: Some(block.id.clone()), content: block.content.clone() }).collect()
}
