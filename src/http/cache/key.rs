//! What an answer is found by.

use crate::domain::language::LanguageTag;
use sha2::{Digest, Sha256};

/// What an answer is found by: the same for everybody who may see the same. A SHA-256 of what is asked, so that texts of
/// kilobytes take no room, and no two questions share one by chance or by somebody's intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key([u8; 32]);

impl Key {
    /// An operation of a document, with its variables as JSON, by whoever prefers a language.
    pub fn of_document(document: u64, operation: Option<&str>, variables: &str, language: &LanguageTag) -> Self {
        let operation = operation.unwrap_or_default().as_bytes();
        let (variables, language) = (variables.as_bytes(), language.as_str().as_bytes());
        Self::of(b'd', [&document.to_le_bytes(), operation, variables, language])
    }

    /// What is asked by a path and its parameters alone, in a normal form.
    pub fn of_address(address: &str, language: &LanguageTag) -> Self {
        Self::of(b'a', [address.as_bytes(), language.as_str().as_bytes()])
    }

    /// A question by GraphQL as it came, in a body or else in an address: the same bytes ask the same thing.
    pub fn as_written(by_post: bool, text: &[u8], language: &LanguageTag) -> Self {
        Self::of(if by_post { b'p' } else { b'g' }, [text, language.as_str().as_bytes()])
    }

    fn of<const N: usize>(kind: u8, parts: [&[u8]; N]) -> Self {
        let mut digest = Sha256::new();
        digest.update([kind]);
        for part in parts {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        Self(digest.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_in_anything_is_found_by_another_key() {
        let (ko, en): (LanguageTag, LanguageTag) = ("ko".parse().unwrap(), "en".parse().unwrap());
        let keys = [
            Key::of_document(1, None, "{}", &ko),
            Key::of_document(2, None, "{}", &ko),
            Key::of_document(1, Some("Page"), "{}", &ko),
            Key::of_document(1, None, "{\"a\":1}", &ko),
            Key::of_document(1, None, "{}", &en),
            Key::of_address("{}", &ko),
            Key::of_address("{}", &en),
            Key::of_address("{}ko", &ko),
            Key::as_written(true, b"{}", &ko),
            Key::as_written(false, b"{}", &ko),
            Key::as_written(false, b"{}", &en),
            Key::as_written(false, b"{}ko", &ko),
        ];
        let different: std::collections::HashSet<Key> = keys.into_iter().collect();
        assert_eq!(different.len(), keys.len());
        assert_eq!(Key::of_document(1, Some("Page"), "{}", &ko), keys[2]);
    }
}
