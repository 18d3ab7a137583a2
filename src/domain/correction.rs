//! Corrections across languages: what one language told its readers and another has not told its own.

use super::article::Correction;
use super::ids::CorrectionId;
use std::collections::{HashMap, HashSet};

/// The corrections of other languages that a translation still owes its readers, oldest first.
///
/// A translation carries a correction when one of its own says so, and owes nothing that somebody dismissed for it.
/// `source` may be the corrections of all other languages: those that carry each other are listed once, by the one that
/// all of them carry.
pub fn outstanding<'a>(
    source: &'a [Correction],
    translation: &[Correction],
    dismissed: &[CorrectionId],
) -> Vec<&'a Correction> {
    let carried: HashMap<CorrectionId, CorrectionId> =
        source.iter().chain(translation).filter_map(|note| Some((note.id, note.carries?))).collect();
    let first = |id: CorrectionId| first(id, &carried);
    let settled = translation.iter().map(|note| note.id).chain(dismissed.iter().copied());
    let mut told: HashSet<CorrectionId> = settled.map(first).collect();
    let mut notes: Vec<&Correction> = source.iter().collect();
    // What is carried comes before what carries it, whatever their dates say.
    notes.sort_by_key(|note| (first(note.id) != note.id, note.at, note.id));
    notes.retain(|note| told.insert(first(note.id)));
    notes.sort_by_key(|note| (note.at, note.id));
    notes
}

/// The correction that this one carries in the end. Corrections that carry each other in a circle have one, too.
fn first(id: CorrectionId, carried: &HashMap<CorrectionId, CorrectionId>) -> CorrectionId {
    let mut seen = vec![id];
    let mut last = id;
    while let Some(next) = carried.get(&last) {
        if let Some(start) = seen.iter().position(|id| id == next) {
            return seen.iter().skip(start).min().copied().unwrap_or(id);
        }
        seen.push(*next);
        last = *next;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::article::CorrectionKind;
    use proptest::prelude::*;
    use time::OffsetDateTime;
    use uuid::Uuid;

    fn id(number: u128) -> CorrectionId {
        CorrectionId(Uuid::from_u128(number))
    }

    /// `2` is a correction of that number and time; `2>1` one that carries another.
    fn notes(written: &str) -> Vec<Correction> {
        let note = |word: &str| {
            let (number, carries) = word.split_once('>').map_or((word, None), |(number, other)| (number, Some(other)));
            let number: i64 = number.parse().unwrap();
            Correction {
                id: id(number as u128),
                kind: CorrectionKind::Correction,
                at: OffsetDateTime::from_unix_timestamp(number).unwrap(),
                text: String::new(),
                signed: None,
                carries: carries.map(|number| id(number.parse().unwrap())),
            }
        };
        written.split_whitespace().map(note).collect()
    }

    fn numbers(source: &str, translation: &str, dismissed: &[u128]) -> Vec<u128> {
        let dismissed: Vec<CorrectionId> = dismissed.iter().map(|number| id(*number)).collect();
        outstanding(&notes(source), &notes(translation), &dismissed).iter().map(|note| note.id.0.as_u128()).collect()
    }

    #[test]
    fn a_correction_is_owed_until_it_is_carried_or_dismissed() {
        for (source, translation, dismissed, expected) in [
            ("", "", &[][..], &[][..]),
            ("1", "", &[], &[1]),
            ("2 1", "", &[], &[1, 2]),
            ("1 2", "3>1", &[], &[2]),
            ("1 2", "3>1", &[2], &[]),
            ("1", "3", &[], &[1]),
            ("1", "", &[9], &[1]),
            // The original owes nothing for what was carried from it.
            ("3>1", "1", &[], &[]),
            // A third language: one story told twice is owed once, and carrying either of the two settles it.
            ("1 3>1", "", &[], &[1]),
            ("1 3>1", "4>3", &[], &[]),
            ("1 3>1", "4>1", &[], &[]),
            ("1 3>1", "", &[3], &[]),
            // The original is gone, or dated later than what carries it.
            ("3>1 4>1", "", &[], &[3]),
            ("3>5 5", "", &[], &[5]),
            // Circles are nobody's intention and end all the same.
            ("1>2 2>1", "", &[], &[1]),
            ("1>1", "", &[], &[1]),
            ("1>2 2>1", "3>2", &[], &[]),
        ] {
            assert_eq!(numbers(source, translation, dismissed), expected, "{source} | {translation} | {dismissed:?}");
        }
    }

    #[test]
    fn a_correction_of_its_own_is_written_as_before() {
        let json = serde_json::to_value(&notes("1")[0]).unwrap();
        assert!(json.get("carries").is_none());
        let carrying = serde_json::to_value(&notes("1>2")[0]).unwrap();
        assert_eq!(serde_json::from_value::<Correction>(carrying).unwrap(), notes("1>2")[0]);
    }

    proptest! {
        #[test]
        fn carrying_or_dismissing_one_settles_exactly_that_one(
            count in 1..8u128,
            one in any::<prop::sample::Index>(),
            is_dismissed in any::<bool>(),
        ) {
            let source: String = (1..=count).map(|number| format!("{number} ")).collect();
            let one = one.index(count as usize) as u128 + 1;
            let carrying = if is_dismissed { String::new() } else { format!("99>{one}") };
            let dismissed = [one];
            let left = numbers(&source, &carrying, if is_dismissed { &dismissed } else { &[] });
            prop_assert_eq!(left, (1..=count).filter(|number| *number != one).collect::<Vec<_>>());
        }
    }
}
