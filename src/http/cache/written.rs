//! Questions as they were written: the same bytes ask the same thing.

use crate::domain::language::LanguageTag;
use moka::Equivalent;

/// A question as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Written<'a> {
    /// In a body; else in an address.
    pub by_post: bool,
    /// Its bytes.
    pub text: &'a [u8],
}

/// The same, as it is remembered, with the language that whoever asked prefers.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Remembered {
    by_post: bool,
    text: Box<[u8]>,
    language: LanguageTag,
}

impl Written<'_> {
    pub(super) fn remembered(self, language: &LanguageTag) -> Remembered {
        Remembered { by_post: self.by_post, text: self.text.into(), language: language.clone() }
    }
}

impl Remembered {
    /// How many bytes it takes, roughly.
    pub(super) fn weight(&self) -> u32 {
        u32::try_from(self.text.len() + 200).unwrap_or(u32::MAX)
    }
}

/// Looked up without copying it: the hash of both is that of their fields, one after the other.
impl Equivalent<Remembered> for (Written<'_>, &LanguageTag) {
    fn equivalent(&self, remembered: &Remembered) -> bool {
        let (written, language) = self;
        written.by_post == remembered.by_post && *written.text == *remembered.text && **language == remembered.language
    }
}
