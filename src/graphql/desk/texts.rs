//! Texts per language, as editors send them.

use crate::domain::language::Localized;
use crate::error::{Error, FieldError};
use crate::graphql::scalars::Language;
use async_graphql::InputObject;

/// A text in a language.
#[derive(InputObject)]
pub struct LocalizedTextInput {
    /// The language.
    language: Language,
    /// The text. Plain text; an empty one takes what is there away.
    text: String,
}

/// The texts by language; each language once.
pub(super) fn localized(path: &str, texts: Vec<LocalizedTextInput>) -> Result<Localized, Error> {
    let mut found = Localized::new();
    for (index, LocalizedTextInput { language, text }) in texts.into_iter().enumerate() {
        if found.contains_key(&language.0) {
            let path = format!("{path}[{index}].language");
            let message = format!("`{}` is there already", language.0);
            return Err(Error::Invalid(vec![FieldError { path, code: "DUPLICATE", message }]));
        }
        found.insert(language.0, text.trim().to_owned());
    }
    Ok(found)
}

/// Texts that may be absent.
pub(super) fn optional(path: &str, texts: Option<Vec<LocalizedTextInput>>) -> Result<Option<Localized>, Error> {
    texts.map(|texts| localized(path, texts)).transpose()
}
