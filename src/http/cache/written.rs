//! Questions as they were written: the same bytes ask the same thing.

use crate::domain::language::LanguageTag;
use sha2::Sha256;

/// What a question is remembered by: its SHA-256, so that texts of kilobytes take no room, and no two ask the same by chance or by
/// somebody's intent.
pub(super) type Digest = [u8; 32];

/// A question as it came.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// In a body; else in an address.
    pub by_post: bool,
    /// Its bytes.
    pub text: &'a [u8],
}

impl Written<'_> {
    /// What it is remembered by, for whoever prefers a language.
    pub(super) fn digest(self, language: &LanguageTag) -> Digest {
        use sha2::Digest as _;
        let language = language.as_str().as_bytes();
        let mut digest = Sha256::new();
        digest.update([u8::from(self.by_post)]);
        digest.update(language.len().to_le_bytes());
        digest.update(language);
        digest.update(self.text);
        digest.finalize().into()
    }
}
