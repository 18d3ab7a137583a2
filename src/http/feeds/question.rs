//! What a feed's address asks for, and the one address that asks for it.

use crate::domain::address::segment;
use crate::domain::entity::EntityKind;
use crate::domain::language::{LanguageTag, Languages};
use crate::error::{Error, Result};
use url::form_urlencoded;

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// The last part of a feed's path.
    pub fn file(self) -> &'static str {
        match self {
            Self::Rss => "rss.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// `Content-Type` of such a feed.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Json => "application/feed+json",
        }
    }
}

/// The path of a feed: of all stories in a language, or of those of a section, tag, author or collection by its slug.
pub fn path(language: &LanguageTag, of: Option<(EntityKind, &str)>, format: Format) -> String {
    let part = of.map(|(kind, slug)| format!("{kind}/{}/", segment(slug))).unwrap_or_default();
    format!("/feeds/{language}/{part}{}", format.file())
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The language.
    pub language: LanguageTag,
    /// The format.
    pub format: Format,
    /// Only the stories of that section, tag, author or collection.
    pub of: Option<(EntityKind, String)>,
    /// Whether stories that lack the language are there in another one.
    pub fallback: bool,
    /// Whether entries have the whole text; nothing for what is configured.
    pub full: Option<bool>,
    /// The cursor that the page begins behind.
    pub after: Option<String>,
}

impl Question {
    /// Reads the parts of a path and the parameters. A path that names no feed is not found; a bad parameter is named.
    pub fn parse(languages: &Languages, parts: &[String], query: &str) -> Result<Self> {
        let missing = || Error::NotFound { kind: "feed", id: parts.join("/") };
        let (language, of, file) = match parts {
            [language, file] => (language, None, file),
            [language, kind, slug, file] => {
                let kind: EntityKind = kind.parse().map_err(|_| missing())?;
                let of = Some((kind, slug.clone())).filter(|(kind, _)| *kind != EntityKind::Image);
                (language, Some(of.ok_or_else(missing)?), file)
            }
            _ => return Err(missing()),
        };
        let tag: LanguageTag = language.parse().map_err(|_| missing())?;
        let language = languages.find(&tag).ok_or_else(missing)?.tag.clone();
        let format = Format::ALL.into_iter().find(|format| format.file() == file).ok_or_else(missing)?;
        let mut question = Self { language, format, of, fallback: false, full: None, after: None };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "fallback" => question.fallback = boolean("fallback", &value)?,
                "full" => question.full = Some(boolean("full", &value)?),
                "after" => question.after = Some(value.into_owned()),
                // What campaigns add to addresses changes no feed.
                _ => {}
            }
        }
        Ok(question)
    }

    /// The same of the first page.
    pub fn first_page(&self) -> Self {
        Self { after: None, ..self.clone() }
    }

    /// The one path with parameters that asks for this.
    pub fn address(&self) -> String {
        let of = self.of.as_ref().map(|(kind, slug)| (*kind, slug.as_str()));
        let path = path(&self.language, of, self.format);
        let mut query = form_urlencoded::Serializer::new(String::new());
        if self.fallback {
            query.append_pair("fallback", "true");
        }
        if let Some(full) = self.full {
            query.append_pair("full", if full { "true" } else { "false" });
        }
        if let Some(after) = &self.after {
            query.append_pair("after", after);
        }
        let query = query.finish();
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// Whether hubs are told of its changes: those of a feed as it is without parameters.
    pub fn is_topic(&self) -> bool {
        !self.fallback && self.full.is_none() && self.after.is_none()
    }
}

fn boolean(name: &str, value: &str) -> Result<bool> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => {
            let value: String = value.chars().take(40).collect();
            Err(Error::invalid(name, format!("`{value}` is not accepted: expected true or false")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::{Direction, Language};

    fn languages() -> Languages {
        let language = |tag: &str| Language {
            tag: tag.parse().unwrap(),
            name: tag.to_owned(),
            direction: Direction::Ltr,
            fallback: Vec::new(),
        };
        Languages::new(vec![language("ko"), language("zh-Hant")], "ko".parse().unwrap()).unwrap()
    }

    fn parse(path: &str, query: &str) -> Result<String> {
        let parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        Question::parse(&languages(), &parts, query).map(|question| question.address())
    }

    #[test]
    fn whatever_way_a_feed_is_asked_for_it_has_one_address() {
        for (path, query, address) in [
            ("ko/rss.xml", "", "/feeds/ko/rss.xml"),
            ("KO/atom.xml", "utm_source=x&fallback=false", "/feeds/ko/atom.xml"),
            ("zh-hant/feed.json", "full=true&fallback=true", "/feeds/zh-Hant/feed.json?fallback=true&full=true"),
            ("ko/tag/한글/rss.xml", "after=p1", "/feeds/ko/tag/%ED%95%9C%EA%B8%80/rss.xml?after=p1"),
            ("ko/section/a b/rss.xml", "", "/feeds/ko/section/a%20b/rss.xml"),
            ("ko/author/x/atom.xml", "", "/feeds/ko/author/x/atom.xml"),
        ] {
            assert_eq!(parse(path, query).unwrap(), address, "{path}?{query}");
        }
    }

    #[test]
    fn a_path_that_names_no_feed_is_not_found_and_a_bad_parameter_is_named() {
        for path in ["fr/rss.xml", "ko/rss", "ko/image/x/rss.xml", "ko/story/x/rss.xml", "ko/tag/rss.xml", "한/rss.xml"]
        {
            assert_eq!(parse(path, "").unwrap_err().public().status, 404, "{path}");
        }
        for (query, said) in [("full=1", "full: `1`"), ("fallback=yes", "fallback: `yes`"), ("full=", "full: ``")] {
            assert!(parse("ko/rss.xml", query).unwrap_err().to_string().starts_with(said), "{query}");
        }
    }
}
