//! How long a text is and how long it takes to read: a product rule, the same for every client.
//!
//! Readers of Hangul, Kana and Han are measured by characters, 500 a minute; readers of other scripts by words, 230 a
//! minute. Both are rounded from published averages (words: Brysbaert 2019, 238 a minute for English non-fiction;
//! characters: the pace that Korean, Japanese and Chinese news sites assume). They are a guide for readers, not a
//! measurement of one.

/// Letters and ideographs a minute, where readers are measured by characters.
const CHARACTERS_PER_MINUTE: usize = 500;
/// Words a minute, everywhere else.
const WORDS_PER_MINUTE: usize = 230;

/// How a language's words are told apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Words between spaces and punctuation.
    Words,
    /// Korean: words (eojeol) between spaces, read syllable by syllable.
    Syllables,
    /// Chinese and Japanese: no spaces; each character counts.
    Characters,
}

impl Script {
    fn of(language: &str) -> Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match primary.as_str() {
            "ko" => Self::Syllables,
            "zh" | "ja" => Self::Characters,
            _ => Self::Words,
        }
    }
}

/// How many words a text has: eojeol in Korean, characters in Chinese and Japanese.
pub fn word_count(text: &str, language: &str) -> u32 {
    let count = match Script::of(language) {
        Script::Words => words(text),
        Script::Syllables => text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count(),
        Script::Characters => characters(text),
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many minutes a text takes to read: at least 1 when there is any text, 0 for none.
pub fn reading_time_minutes(text: &str, language: &str) -> u32 {
    if text.trim().is_empty() {
        return 0;
    }
    let minutes = match Script::of(language) {
        Script::Words => words(text).div_ceil(WORDS_PER_MINUTE),
        Script::Syllables | Script::Characters => characters(text).div_ceil(CHARACTERS_PER_MINUTE),
    };
    u32::try_from(minutes).unwrap_or(u32::MAX).max(1)
}

fn characters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// Apostrophes, hyphens and the points of numbers stay inside a word.
fn words(text: &str) -> usize {
    let joins = |c: char| matches!(c, '\'' | '’' | '-' | '.' | ',') || ('\u{300}'..='\u{36f}').contains(&c);
    let pieces = text.split(|c: char| !c.is_alphanumeric() && !joins(c));
    pieces.filter(|piece| piece.contains(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_as_the_language_has_them() {
        for (text, language, count) in [
            ("", "en", 0),
            ("— …", "en", 0),
            ("It’s a well-known 1,200.5 – really", "en", 5),
            ("one/two(three)", "en-GB", 3),
            ("오픈AI 이사회가 쏘아 올린 — 공", "ko", 5),
            ("오픈AI 이사회가", "ko-KR", 2),
            ("北京大学。", "zh-Hant", 4),
            ("東京は、2024年", "ja", 8),
            ("한국 news", "KO", 2),
        ] {
            assert_eq!(word_count(text, language), count, "{text}");
        }
    }

    #[test]
    fn reading_time_rounds_up_and_is_zero_only_for_nothing() {
        for (text, language, minutes) in [
            (String::new(), "ko", 0),
            (" \n".to_owned(), "en", 0),
            ("!".to_owned(), "en", 1),
            ("가 ".repeat(500), "ko", 1),
            ("가 ".repeat(501), "ko", 2),
            ("word ".repeat(460), "en", 2),
            ("word ".repeat(461), "en", 3),
            ("字".repeat(1001), "zh", 3),
        ] {
            assert_eq!(reading_time_minutes(&text, language), minutes, "{language}");
        }
    }
}
