//! What changes and answers are brought together by.

use crate::domain::entity::EntityKind;
use crate::domain::language::LanguageTag;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// What changes and answers are brought together by: where they have none in common, the one does not concern the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Handle {
    /// A story, variant, entity or collection.
    Thing(Uuid),
    /// Lists of stories in a language: of a tag, author, section or kind, or of all.
    List(Option<Uuid>, LanguageTag),
    /// Lists that a tag, author or section has a part in.
    Facet(Uuid),
    /// Lists of a kind of entity.
    Directory(EntityKind),
    /// Slugs of a kind of entity.
    Slug(EntityKind),
    /// An address of a story.
    Address(String),
    /// The change log.
    Log,
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thing(id) => write!(f, "thing:{id}"),
            Self::List(None, language) => write!(f, "list:{language}"),
            Self::List(Some(facet), language) => write!(f, "list:{language}:{facet}"),
            Self::Facet(id) => write!(f, "facet:{id}"),
            Self::Directory(kind) => write!(f, "directory:{kind}"),
            Self::Slug(kind) => write!(f, "slug:{kind}"),
            Self::Address(address) => write!(f, "address:{address}"),
            Self::Log => f.write_str("log"),
        }
    }
}

impl Handle {
    /// A short name of it that is the same in every process: what caches before the service know it by. Should two things
    /// share one, a change of either takes the other's answers along.
    pub fn key(&self) -> String {
        if *self == Self::Log {
            return "any".to_owned();
        }
        let digest = Sha256::digest(self.to_string());
        URL_SAFE_NO_PAD.encode(digest.get(..8).unwrap_or_default())
    }
}
