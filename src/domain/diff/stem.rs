//! Korean words (eojeol) that differ in their particle or ending only: 정부가 and 정부는 share 정부.
//!
//! This is no morphology: whole syllables from the beginning are compared, and what remains decides whether the two are
//! likely to be one word. A wrong guess shows a smaller change than an editor would mark, never a wrong text.

use unicode_segmentation::UnicodeSegmentation;

/// What may follow a noun of a single syllable. Longer nouns are told by their length.
const PARTICLES: &[&str] = &[
    "가",
    "과",
    "까지",
    "나",
    "는",
    "도",
    "들",
    "들은",
    "들을",
    "들의",
    "들이",
    "로",
    "를",
    "마다",
    "만",
    "보다",
    "부터",
    "씩",
    "에",
    "에게",
    "에는",
    "에도",
    "에서",
    "에서는",
    "와",
    "으로",
    "은",
    "을",
    "의",
    "이",
    "이나",
    "이다",
    "처럼",
    "하고",
];

/// How many bytes both forms of a word begin with, if they seem to be forms of one word.
pub(super) fn stem(old: &str, new: &str) -> Option<usize> {
    if old == new || old.chars().next() != new.chars().next() {
        return None;
    }
    let pairs = old.graphemes(true).zip(new.graphemes(true));
    let common: Vec<usize> = pairs.take_while(|(one, other)| one == other).map(|(one, _)| one.len()).collect();
    let (syllables, bytes) = (common.len(), common.iter().sum());
    let endings = [old.get(bytes..)?, new.get(bytes..)?];
    if syllables == 0 || !endings.iter().all(|ending| ending.chars().all(is_hangul)) {
        return None;
    }
    let longest = endings.iter().map(|ending| ending.graphemes(true).count()).max()?;
    let is_long = syllables >= 2 && (syllables >= longest || endings.contains(&""));
    let are_particles = endings.iter().all(|ending| ending.is_empty() || PARTICLES.contains(ending));
    (is_long || are_particles).then_some(bytes)
}

/// Syllables and the letters that they are made of.
fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{a960}'..='\u{a97c}' | '\u{ac00}'..='\u{d7fb}')
}
