//! The parameters of a request: strictly those that the description names, each once.

use crate::domain::language::{LanguageTag, Languages};
use crate::error::{Error, FieldError, Result};
use crate::json::{Member, Members};
use crate::service::conditions::parsed;
use crate::service::paging::Paging;
use std::fmt::Display;
use std::str::FromStr;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::IntoParams;

/// Read before anything else, and accepted everywhere.
const PREVIEW: &str = "preview";

/// The parameters that a request gave, sorted by name.
#[derive(Debug, Default)]
pub struct Given(Vec<(String, String)>);

impl Given {
    /// Reads a query; every name must be one that `P` describes.
    pub fn parse<P: IntoParams>(query: &str) -> Result<Self> {
        let accepted: Vec<String> = P::into_params(|| None).into_iter().map(|parameter| parameter.name).collect();
        let mut given: Vec<(String, String)> = Vec::new();
        let mut errors = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let message = if name == PREVIEW {
                continue;
            } else if !accepted.iter().any(|accepted| *accepted == name) {
                format!("is not a parameter of this address; accepted: {}", accepted.join(", "))
            } else if given.iter().any(|(known, _)| *known == name) {
                "is given twice; several values are parted by commas".to_owned()
            } else if value.contains('\0') {
                "holds a character that no text has".to_owned()
            } else {
                given.push((name.into_owned(), value.into_owned()));
                continue;
            };
            let path = name.chars().take(80).collect();
            errors.push(FieldError { path, code: "INVALID", message });
        }
        given.sort();
        if errors.is_empty() { Ok(Self(given)) } else { Err(Error::Invalid(errors)) }
    }

    /// The same in one form, whatever the order in which they were written.
    pub fn normal(&self) -> String {
        self.with(&[])
    }

    /// The same with others in place of some; those that are set to nothing are left out.
    pub fn with(&self, others: &[(&str, Option<&str>)]) -> String {
        let kept = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = kept.filter(|(name, _)| others.iter().all(|(other, _)| other != name));
        let set = others.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.chain(set)).finish()
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Values parted by commas.
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        Some(self.text(name)?.split(',').map(str::to_owned).collect())
    }

    /// Values of a kind, parted by commas.
    pub fn values<T: FromStr<Err: Display>>(&self, name: &str, errors: &mut Vec<FieldError>) -> Vec<T> {
        parsed(name, self.list(name), errors)
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Result<Option<i32>> {
        let parse = |text: &str| {
            text.parse().map_err(|_| {
                let text: String = text.chars().take(40).collect();
                Error::invalid(name, format!("`{text}` is not a whole number"))
            })
        };
        self.text(name).map(parse).transpose()
    }

    /// Yes or no.
    pub fn flag(&self, name: &str) -> Result<Option<bool>> {
        match self.text(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Error::invalid(name, "expected true or false")),
        }
    }

    /// A moment.
    pub fn moment(&self, name: &str) -> Result<Option<OffsetDateTime>> {
        let parse = |text: &str| {
            OffsetDateTime::parse(text, &Rfc3339)
                .map_err(|_| Error::invalid(name, "is not a moment after RFC 3339, such as 2026-11-23T09:00:00+09:00"))
        };
        self.text(name).map(parse).transpose()
    }

    /// The part of a list that is asked for.
    pub fn paging(&self) -> Result<Paging> {
        let cursor = |name| self.text(name).map(str::to_owned);
        let (first, last) = (self.number("first")?, self.number("last")?);
        Ok(Paging { first, after: cursor("after"), last, before: cursor("before") })
    }

    /// The language that is asked for by name.
    pub fn language(&self, languages: &Languages) -> Result<Option<LanguageTag>> {
        let find = |text: &str| {
            let tag: LanguageTag = text.parse().map_err(|error| Error::invalid("language", error))?;
            languages.require(&tag).map_err(|error| Error::invalid("language", error))
        };
        self.text("language").map(find).transpose()
    }

    /// The members that are wanted of articles. `related` belongs to the page of one story only.
    pub fn members(&self, related: bool) -> Result<Members> {
        let mut errors = Vec::new();
        let fields: Vec<Member> = self.values("fields", &mut errors);
        let include: Vec<Member> = self.values("include", &mut errors);
        if !related {
            for (path, members) in [("fields", &fields), ("include", &include)] {
                if members.contains(&Member::Related) {
                    let message = "related stories are shown with one story, not on lists".to_owned();
                    errors.push(FieldError { path: path.to_owned(), code: "INVALID", message });
                }
            }
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        Ok(Members::new(self.text("fields").map(|_| fields), include))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(IntoParams)]
    #[allow(dead_code, reason = "only described")]
    struct Some {
        first: Option<i32>,
        language: Option<String>,
    }

    #[test]
    fn what_is_not_described_is_refused_with_what_is_accepted() {
        for (query, message) in [
            ("frist=1", "frist: is not a parameter of this address; accepted: first, language"),
            ("first=1&first=2", "first: is given twice; several values are parted by commas"),
            ("first=%00", "first: holds a character that no text has"),
        ] {
            assert_eq!(Given::parse::<Some>(query).unwrap_err().to_string(), message);
        }
        assert_eq!(
            Given::parse::<Some>("first=x").unwrap().number("first").unwrap_err().to_string(),
            "first: `x` is not a whole number"
        );
    }

    #[test]
    fn parameters_have_one_form_whatever_their_order() {
        let one = Given::parse::<Some>("language=ko&first=2").unwrap();
        assert_eq!(one.normal(), Given::parse::<Some>("first=2&language=k%6F").unwrap().normal());
        assert_eq!(one.with(&[("first", None), ("after", std::option::Option::Some("a b"))]), "language=ko&after=a+b");
    }
}
