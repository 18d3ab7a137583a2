//! Slugs: the part of an address that names a story, in its own script.

use unicode_normalization::UnicodeNormalization;

/// The longest slug, in characters. Hangul is nine bytes a syllable once percent-encoded, and proxies cut long addresses.
pub const MAX_CHARS: usize = 120;

/// What is wrong with a slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a slug: expected 1 to {MAX_CHARS} letters, marks and digits of any script, lower case, joined by single hyphens; try `{suggestion}`"
)]
pub struct InvalidSlug {
    text: String,
    suggestion: String,
}

/// A slug made from a headline: NFC, lower case, the script kept, everything else a hyphen.
///
/// Empty only where the headline has no letter or digit at all.
pub fn slugify(headline: &str) -> String {
    let mut slug = String::with_capacity(headline.len());
    let mut chars = 0;
    // NFKC first: full-width and compatibility forms read the same and should be found the same.
    for c in headline.nfkc().flat_map(char::to_lowercase).nfc() {
        if c.is_alphanumeric() || is_joined_mark(c) {
            if chars >= MAX_CHARS {
                break;
            }
            slug.push(c);
            chars += 1;
        } else if is_silent(c) {
            continue;
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
            chars += 1;
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The slug with a number behind it, within the longest length: `slug-2`.
pub fn numbered(slug: &str, number: u32) -> String {
    let suffix = format!("-{number}");
    let stem: String = slug.chars().take(MAX_CHARS - suffix.len()).collect();
    format!("{}{suffix}", stem.trim_end_matches('-'))
}

/// Accepts a slug that is already in the form that [`slugify`] gives.
pub fn check(slug: &str) -> Result<(), InvalidSlug> {
    let proper = slugify(slug);
    if slug == proper && !slug.is_empty() {
        Ok(())
    } else {
        Err(InvalidSlug { text: slug.chars().take(200).collect(), suggestion: proper })
    }
}

/// Vowel signs and accents belong to the letter before them (Devanagari, Thai, Arabic).
fn is_joined_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Apostrophes and invisible joiners do not part a word: `don't` is `dont`.
fn is_silent(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{00ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_keeps_its_script() {
        for (headline, slug) in [
            ("통계로 살펴본 고령자 교통사고", "통계로-살펴본-고령자-교통사고"),
            ("AI 산업의 혁신 속도를, 가속화할 듯", "ai-산업의-혁신-속도를-가속화할-듯"),
            ("  Hello,   World!  ", "hello-world"),
            ("여객선社 50% 넘으면?", "여객선社-50-넘으면"),
            ("Don’t Panic", "dont-panic"),
            ("ＦＵＬＬ ｗｉｄｔｈ", "full-width"),
            ("हिन्दी समाचार", "हिन्दी-समाचार"),
            ("İstanbul", "i\u{307}stanbul"),
            ("!!!", ""),
        ] {
            assert_eq!(slugify(headline), slug);
        }
    }

    #[test]
    fn decomposed_hangul_gives_the_same_slug() {
        let decomposed: String = "한국".nfd().collect();
        assert_ne!(decomposed, "한국");
        assert_eq!(slugify(&decomposed), "한국");
    }

    #[test]
    fn a_slug_made_is_a_slug_accepted() {
        for headline in ["AI 산업의 혁신", "a", "Ω mega", "x".repeat(500).as_str(), "가 ".repeat(200).as_str()] {
            let slug = slugify(headline);
            assert_eq!(check(&slug), Ok(()), "{slug}");
            assert!(slug.chars().count() <= MAX_CHARS);
        }
        for bad in ["", "-", "A", "a b", "a--b", "a-"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
