//! The newsroom's own import rules: what a headline, a category or a credit says about a story.

use crate::domain::article::{Kind, Origin};
use crate::domain::image::DigitalSourceType;
use regex::Regex;
use serde::{Deserialize, Deserializer, de};

/// A regular expression in a configuration file.
#[derive(Debug, Clone)]
pub struct Pattern(pub Regex);

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Regex::new(&text).map(Self).map_err(de::Error::custom)
    }
}

/// How imports read what a newsroom wrote. What each key means is written in `defaults.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct ImportRules {
    pub utc_offset_minutes: i16,
    pub max_deks: usize,
    pub max_dek_chars: usize,
    pub split_origin: Origin,
    pub kinds: Vec<KindRule>,
    pub credits: Vec<CreditRule>,
    pub source_types: Vec<SourceTypeRule>,
}

/// What a kind is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CategoryOrTitle {
    /// The headline.
    Title,
    /// The name or slug of a category.
    Category,
}

/// A headline or category that matches gives the kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct KindRule {
    pub on: CategoryOrTitle,
    pub pattern: Pattern,
    pub kind: Kind,
}

/// A caption that matches is a credit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct CreditRule {
    pub pattern: Pattern,
}

/// A credit that matches says how the picture came to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct SourceTypeRule {
    pub pattern: Pattern,
    pub digital_source_type: DigitalSourceType,
}

impl ImportRules {
    /// The kind of a story; news where no rule says otherwise.
    pub fn kind<'a>(&self, title: &str, categories: impl Iterator<Item = &'a str> + Clone) -> Kind {
        let matches = |rule: &&KindRule| match rule.on {
            CategoryOrTitle::Title => rule.pattern.0.is_match(title),
            CategoryOrTitle::Category => categories.clone().any(|category| rule.pattern.0.is_match(category)),
        };
        self.kinds.iter().find(matches).map_or(Kind::News, |rule| rule.kind)
    }

    /// The credit that a caption is, if it is nothing else.
    pub fn credit(&self, caption: &str) -> Option<String> {
        let captures = self.credits.iter().find_map(|rule| rule.pattern.0.captures(caption))?;
        captures.get(1).or_else(|| captures.get(0)).map(|credit| credit.as_str().trim().to_owned())
    }

    /// What a credit says about how the picture came to be.
    pub fn source_type(&self, credit: &str) -> Option<DigitalSourceType> {
        self.source_types.iter().find(|rule| rule.pattern.0.is_match(credit)).map(|rule| rule.digital_source_type)
    }
}
