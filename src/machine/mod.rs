//! Machine translation: texts in one language become texts in another, by a service that the newsroom chose.
//!
//! Which texts a story has, and how answers become blocks again, is [`crate::domain::translation`]'s matter.

mod http;
mod template;
#[cfg(test)]
mod tests;

pub use http::HttpTranslator;

use crate::domain::language::LanguageTag;
use crate::error::Result;
use futures_util::future::BoxFuture;

/// Texts to translate, each as inline HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The language that they are in.
    pub source: LanguageTag,
    /// The language that is wanted.
    pub target: LanguageTag,
    /// The texts, in the order in which they are read.
    pub texts: Vec<String>,
}

/// Somebody who translates.
pub trait Translator: Send + Sync {
    /// As many texts as were sent, in the same order. They are input like any other and not safe to emit.
    fn translate(&self, request: Texts) -> BoxFuture<'_, Result<Vec<String>>>;
}
