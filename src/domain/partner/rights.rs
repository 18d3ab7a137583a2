//! What partners may do with a picture.

use super::Terms;
use crate::domain::named::named;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The rights that the newsroom has to pass on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// When they end; nothing where they do not.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// The only territories that it may be shown in (ISO 3166-1 alpha-2); empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub territories: Vec<String>,
    /// Whether partners may have it at all.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub syndication: bool,
}

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}

/// No limits.
impl Default for Rights {
    fn default() -> Self {
        Self { expires_at: None, territories: Vec::new(), syndication: true }
    }
}

named! {
    /// Why a partner does not get a picture.
    Refusal "reason" {
        /// The partner takes no pictures.
        PartnerWithoutImages "PARTNER_WITHOUT_IMAGES",
        /// No partner may have it.
        NoSyndication "NO_SYNDICATION",
        /// The newsroom's rights have ended.
        Expired "EXPIRED",
        /// It may not be shown where the partner is, or nobody knows where that is.
        Territory "TERRITORY",
    }
}

impl Rights {
    /// Whether there are no limits.
    pub fn is_free(&self) -> bool {
        *self == Self::default()
    }

    /// Why a partner may not have the picture at a moment; nothing where it may.
    pub fn refusal(&self, terms: &Terms, now: OffsetDateTime) -> Option<Refusal> {
        let elsewhere = |territory: &String| !self.territories.contains(territory);
        if !terms.images {
            Some(Refusal::PartnerWithoutImages)
        } else if !self.syndication {
            Some(Refusal::NoSyndication)
        } else if self.expires_at.is_some_and(|end| end <= now) {
            Some(Refusal::Expired)
        } else if !self.territories.is_empty() && terms.territory.as_ref().is_none_or(elsewhere) {
            Some(Refusal::Territory)
        } else {
            None
        }
    }
}

/// A territory as ISO 3166-1 alpha-2 writes it; nothing for what is none.
pub fn territory(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_partner_gets_a_picture_or_the_reason_why_not() {
        let now = datetime!(2026-11-26 09:00 UTC);
        let korea = Terms { territory: Some("KR".into()), ..Terms::default() };
        let nowhere = Terms::default();
        let without = Terms { images: false, ..Terms::default() };
        let only = |territory: &str| Rights { territories: vec![territory.into()], ..Rights::default() };
        let until = |end| Rights { expires_at: Some(end), ..Rights::default() };
        for (name, rights, terms, expected) in [
            ("free", Rights::default(), &nowhere, None),
            ("a partner without pictures", Rights::default(), &without, Some(Refusal::PartnerWithoutImages)),
            (
                "for the newsroom only",
                Rights { syndication: false, ..Rights::default() },
                &korea,
                Some(Refusal::NoSyndication),
            ),
            ("ended", until(now), &korea, Some(Refusal::Expired)),
            ("about to end", until(now + time::Duration::SECOND), &korea, None),
            ("here", only("KR"), &korea, None),
            ("elsewhere", only("US"), &korea, Some(Refusal::Territory)),
            ("nobody knows where", only("KR"), &nowhere, Some(Refusal::Territory)),
        ] {
            assert_eq!(rights.refusal(terms, now), expected, "{name}");
        }
    }

    #[test]
    fn territories_are_two_letters() {
        assert_eq!(territory(" kr "), Some("KR".into()));
        for text in ["", "K", "KOR", "한국", "1A"] {
            assert_eq!(territory(text), None, "{text}");
        }
    }
}
