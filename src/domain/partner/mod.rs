//! Partners, what each may have of a story, and how that differs from what it was told.

pub mod rights;
mod standing;
#[cfg(test)]
mod tests;

pub use standing::{Candidate, Had, Notice, NoticeKind, Owed, Reason, Standing, Status, Told, difference, standing};

use super::article::Kind;
use super::entity::Section;
use super::ids::{PartnerId, SectionId};
use super::language::LanguageTag;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// What a partner may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// Only these languages; empty: all.
    pub languages: Vec<LanguageTag>,
    /// Only these sections, with what is below them; empty: all, and what has none.
    pub sections: Vec<SectionId>,
    /// Only these kinds; empty: all.
    pub kinds: Vec<Kind>,
    /// The whole text; else headline, deks and summary.
    pub full_text: bool,
    /// Pictures, too.
    pub images: bool,
    /// How many minutes before its embargo ends a planned story comes.
    pub lead_minutes: u32,
    /// Where the partner publishes (ISO 3166-1 alpha-2).
    pub territory: Option<String>,
}

/// All stories, as everybody sees them.
impl Default for Terms {
    fn default() -> Self {
        Self {
            languages: Vec::new(),
            sections: Vec::new(),
            kinds: Vec::new(),
            full_text: true,
            images: true,
            lead_minutes: 0,
            territory: None,
        }
    }
}

impl Terms {
    /// How long before its embargo ends a planned story comes.
    pub fn lead(&self) -> Duration {
        Duration::minutes(self.lead_minutes.into())
    }

    /// Whether it may have that language.
    pub fn has_language(&self, language: &LanguageTag) -> bool {
        self.languages.is_empty() || self.languages.contains(language)
    }

    fn has_section(&self, section: Option<&Section>) -> bool {
        let within = |section: &Section| {
            self.sections.contains(&section.id) || section.ancestors.iter().any(|above| self.sections.contains(above))
        };
        self.sections.is_empty() || section.is_some_and(within)
    }
}

/// Somebody who copies stories into a system of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Its id.
    pub id: PartnerId,
    /// What programs call it.
    pub slug: String,
    /// The rest.
    pub facts: Facts,
    /// Grows by one with each change.
    pub version: i32,
    /// When it was added.
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    pub updated_at: OffsetDateTime,
    /// Since when it gets nothing.
    pub disabled_at: Option<OffsetDateTime>,
}

/// What an administrator writes down of a partner.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// What people call it.
    pub name: String,
    /// Whom to write to when something is wrong.
    #[serde(default)]
    pub contact: String,
    /// How much it may ask for: a configured tier.
    pub tier: String,
    /// What it may have.
    #[serde(default)]
    pub terms: Terms,
}
