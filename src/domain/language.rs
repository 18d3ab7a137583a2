//! Languages: tags after BCP 47, the languages a newsroom publishes in, and which one a reader is served.

use oxilangtag::LanguageTag as Parser;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A well-formed language tag (BCP 47) in its usual case: `ko`, `en-GB`, `zh-Hant`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LanguageTag(Arc<str>);

/// A text that is not a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a language tag: expected BCP 47, such as `ko`, `en-GB` or `zh-Hant`")]
pub struct InvalidLanguageTag(String);

impl LanguageTag {
    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without script, region or variant: `zh` of `zh-Hant`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl FromStr for LanguageTag {
    type Err = InvalidLanguageTag;

    fn from_str(text: &str) -> Result<Self, InvalidLanguageTag> {
        // Most tags are a language alone, in its usual case, and every document has a dozen.
        if matches!(text.len(), 2 | 3) && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Ok(Self(text.into()));
        }
        // WordPress and POSIX write ko_KR.
        let tag = Parser::parse_and_normalize(&text.trim().replace('_', "-"))
            .map_err(|_| InvalidLanguageTag(text.chars().take(64).collect()))?;
        Ok(Self(tag.into_inner().into()))
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for LanguageTag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LanguageTag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::ids::parsed(deserializer)
    }
}

/// Which way a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left.
    Rtl,
}

/// A language that the newsroom publishes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// Its tag.
    pub tag: LanguageTag,
    /// Its name in itself: `한국어`.
    pub name: String,
    /// Which way it is written.
    pub direction: Direction,
    /// The languages to serve where a story lacks this one, best first.
    pub fallback: Vec<LanguageTag>,
}

/// A text per language, such as an author's name.
pub type Localized = BTreeMap<LanguageTag, String>;

/// Texts laid over others: those in other languages stay, an empty one takes what is there away.
pub fn laid_over(mut texts: Localized, given: Option<Localized>) -> Localized {
    texts.extend(given.unwrap_or_default());
    texts.retain(|_, text| !text.is_empty());
    texts
}

/// The languages of the newsroom, in the configured order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Languages {
    all: Vec<Language>,
    default: LanguageTag,
}

/// What is wrong with a set of languages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLanguages {
    /// The default is not among the languages.
    #[error("default_language `{0}` is not among the languages: {1}")]
    Default(LanguageTag, String),
    /// A fallback is not among the languages.
    #[error("languages.{0}.fallback names `{1}`, which is not among the languages: {2}")]
    Fallback(LanguageTag, LanguageTag, String),
}

/// A language was asked for that the newsroom does not publish in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{asked}` is not a language of this newsroom; accepted: {accepted}")]
pub struct UnknownLanguage {
    asked: String,
    accepted: String,
}

impl Languages {
    /// Checks that the default and all fallbacks exist.
    pub fn new(all: Vec<Language>, default: LanguageTag) -> Result<Self, InvalidLanguages> {
        let languages = Self { all, default };
        if languages.find(&languages.default).is_none() {
            return Err(InvalidLanguages::Default(languages.default.clone(), languages.names()));
        }
        for language in &languages.all {
            if let Some(missing) = language.fallback.iter().find(|tag| languages.find(tag).is_none()) {
                return Err(InvalidLanguages::Fallback(language.tag.clone(), missing.clone(), languages.names()));
            }
        }
        Ok(languages)
    }

    /// All languages, in the configured order.
    pub fn all(&self) -> &[Language] {
        &self.all
    }

    /// What is served to somebody who does not say.
    pub fn default_tag(&self) -> &LanguageTag {
        &self.default
    }

    /// The language with exactly this tag.
    pub fn find(&self, tag: &LanguageTag) -> Option<&Language> {
        self.all.iter().find(|language| language.tag == *tag)
    }

    fn names(&self) -> String {
        self.all.iter().map(|language| language.tag.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// RFC 4647 §3.4 lookup of one range: `ko-KR` finds `ko`.
    pub fn lookup(&self, range: &str) -> Option<&LanguageTag> {
        let mut range = range.trim();
        loop {
            if let Some(language) = self.all.iter().find(|l| l.tag.as_str().eq_ignore_ascii_case(range)) {
                return Some(&language.tag);
            }
            let (shorter, last) = range.rsplit_once('-')?;
            // A single letter or digit only introduces what followed it.
            range = if last.len() == 1 { shorter.rsplit_once('-')?.0 } else { shorter };
        }
    }

    /// The language for an argument that somebody wrote: an error where the newsroom has nothing like it.
    pub fn require(&self, asked: &LanguageTag) -> Result<LanguageTag, UnknownLanguage> {
        self.lookup(asked.as_str())
            .cloned()
            .ok_or_else(|| UnknownLanguage { asked: asked.to_string(), accepted: self.names() })
    }

    /// The language for an `Accept-Language` header: RFC 4647 lookup in the order of the weights, else the default.
    pub fn negotiate(&self, header: Option<&str>) -> LanguageTag {
        let mut ranges: Vec<(&str, f32)> = header
            .unwrap_or_default()
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.split(';').map(str::trim);
                let range = pieces.next().filter(|range| !range.is_empty())?;
                let weight =
                    pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
                (weight > 0.0).then_some((range, weight))
            })
            .collect();
        ranges.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranges
            .iter()
            .take_while(|(range, _)| *range != "*")
            .find_map(|(range, _)| self.lookup(range))
            .unwrap_or(&self.default)
            .clone()
    }

    /// The languages to try for a reader of `tag`, best first.
    pub fn chain(&self, tag: &LanguageTag, fallback: bool) -> Vec<LanguageTag> {
        let mut chain = vec![tag.clone()];
        if fallback && let Some(language) = self.find(tag) {
            for next in &language.fallback {
                if !chain.contains(next) {
                    chain.push(next.clone());
                }
            }
        }
        chain
    }

    /// The best text for a reader of `tag`: its own language, its fallbacks, the default, else any.
    pub fn best<'a>(&self, texts: &'a Localized, tag: &LanguageTag) -> Option<(&'a LanguageTag, &'a str)> {
        let fallbacks = self.find(tag).map(|language| language.fallback.as_slice()).unwrap_or_default();
        std::iter::once(tag)
            .chain(fallbacks)
            .chain(std::iter::once(&self.default))
            .find_map(|tag| texts.get_key_value(tag))
            .or_else(|| texts.iter().next())
            .map(|(tag, text)| (tag, text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> LanguageTag {
        text.parse().unwrap()
    }

    fn languages() -> Languages {
        let language = |text: &str, fallback: &[&str]| Language {
            tag: tag(text),
            name: text.to_owned(),
            direction: Direction::Ltr,
            fallback: fallback.iter().map(|t| tag(t)).collect(),
        };
        let all = vec![
            language("ko", &[]),
            language("en", &["ko"]),
            language("de", &["en"]),
            language("de-AT", &["de", "en"]),
            language("zh-Hant", &["zh", "ko"]),
            language("zh", &[]),
        ];
        Languages::new(all, tag("ko")).unwrap()
    }

    #[test]
    fn a_tag_is_written_in_its_usual_case() {
        for (written, usual) in [("KO", "ko"), ("en-gb", "en-GB"), ("ZH-hant-tw", "zh-Hant-TW"), ("ko_KR", "ko-KR")] {
            assert_eq!(tag(written).as_str(), usual);
        }
        for bad in ["", "k", "한국어", "en--gb", "toolonglanguage"] {
            assert!(bad.parse::<LanguageTag>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_header_is_looked_up_range_by_range() {
        let languages = languages();
        for (header, served) in [
            (None, "ko"),
            (Some(""), "ko"),
            (Some("en"), "en"),
            (Some("ko-KR"), "ko"),
            (Some("fr, en;q=0.8, ko;q=0.9"), "ko"),
            (Some("fr, *;q=0.1"), "ko"),
            (Some("en-US;q=0.5, de-CH-1996;q=0.6"), "de"),
            (Some("EN-us"), "en"),
            (Some("en;q=0"), "ko"),
            (Some("zh-Hant-CN-x-private1-private2"), "zh-Hant"),
            (Some("en;q=abc, ;;;,,"), "ko"),
        ] {
            assert_eq!(languages.negotiate(header).as_str(), served, "{header:?}");
        }
    }

    #[test]
    fn a_chain_begins_with_what_was_asked_for() {
        let languages = languages();
        assert_eq!(languages.chain(&tag("de-AT"), true), [tag("de-AT"), tag("de"), tag("en")]);
        assert_eq!(languages.chain(&tag("de-AT"), false), [tag("de-AT")]);
        assert_eq!(languages.chain(&tag("ko"), true), [tag("ko")]);
    }

    #[test]
    fn a_name_is_found_in_some_language_whenever_there_is_one() {
        let languages = languages();
        let names = Localized::from([(tag("ko"), "정도전".to_owned()), (tag("fr"), "Do-jeon".to_owned())]);
        assert_eq!(languages.best(&names, &tag("en")), Some((&tag("ko"), "정도전")));
        assert_eq!(languages.best(&Localized::new(), &tag("en")), None);
        let french = Localized::from([(tag("fr"), "Do-jeon".to_owned())]);
        assert_eq!(languages.best(&french, &tag("en")).unwrap().1, "Do-jeon");
    }

    #[test]
    fn a_chain_to_nowhere_is_refused_by_name() {
        let all = vec![Language {
            tag: tag("en"),
            name: "English".into(),
            direction: Direction::Ltr,
            fallback: vec![tag("fr")],
        }];
        let error = Languages::new(all, tag("en")).unwrap_err().to_string();
        assert_eq!(error, "languages.en.fallback names `fr`, which is not among the languages: en");
    }
}
