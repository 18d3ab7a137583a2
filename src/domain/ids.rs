//! Typed, readable identifiers: a kind prefix and a UUIDv7 in Crockford's base 32, such as `art_01j9z3k5…`.
//!
//! The same text names a thing in GraphQL, JSON, feeds and logs. Inside, an id is 16 bytes that sort by creation time.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The value of each character; 255 for those that are none. Cards hold dozens of ids, and every page reads them.
const DIGITS: [u8; 256] = {
    let mut digits = [255; 256];
    let mut value = 0;
    while value < 32 {
        #[allow(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            digits[ALPHABET[value] as usize] = value as u8;
        }
        value += 1;
    }
    digits
};
/// 128 bits at 5 bits a character.
const UUID_LEN: usize = 26;
/// 63 bits at 5 bits a character.
const EVENT_LEN: usize = 13;

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {article} id: expected `{prefix}_` and {length} characters of Crockford base 32")]
pub struct InvalidId {
    text: String,
    article: &'static str,
    prefix: &'static str,
    length: usize,
}

fn encode(mut value: u128, length: usize) -> String {
    let mut out = vec![b'0'; length];
    for slot in out.iter_mut().rev() {
        let digit = (value & 31) as usize;
        *slot = ALPHABET.get(digit).copied().unwrap_or(b'0');
        value >>= 5;
    }
    out.into_iter().map(char::from).collect()
}

fn decode(text: &str, length: usize) -> Option<u128> {
    if text.len() != length {
        return None;
    }
    text.bytes().try_fold(0u128, |value, byte| {
        let digit = u128::from(DIGITS.get(usize::from(byte)).copied().filter(|digit| *digit < 32)?);
        // The first of 26 characters may carry only 3 bits: a larger one would overflow.
        if value >> 123 != 0 { None } else { Some((value << 5) | digit) }
    })
}

/// Reads what is written as text, without copying the text first.
pub(super) fn parsed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    struct Text<T>(PhantomData<T>);

    impl<T: FromStr<Err: fmt::Display>> de::Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Text(PhantomData))
}

/// The kinds of things that have an id of their own in the API.
macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $article:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What the id's text begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id that sorts after all that were made before it on this machine.
            #[allow(clippy::new_without_default, reason = "an id made by accident is worse than a call to new")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, encode(self.0.as_u128(), UUID_LEN))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(|rest| decode(rest, UUID_LEN))
                    .map(|value| Self(Uuid::from_u128(value)))
                    .ok_or_else(|| InvalidId {
                        text: text.chars().take(64).collect(),
                        article: $article,
                        prefix: $prefix,
                        length: UUID_LEN,
                    })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                parsed(deserializer)
            }
        }
    )*};
}

typed_ids! {
    /// One story, whatever its languages.
    ArticleId "art" "an article";
    /// One story in one language.
    VariantId "var" "a variant";
    /// A person or a desk.
    AuthorId "aut" "an author";
    /// A picture.
    ImageId "img" "an image";
    /// A place in the tree of sections.
    SectionId "sec" "a section";
    /// A topic, person, organisation, place or event.
    TagId "tag" "a tag";
    /// A curated list of articles.
    CollectionId "col" "a collection";
    /// An immutable snapshot of a variant.
    RevisionId "rev" "a revision";
    /// A dated public note on a published variant.
    CorrectionId "cor" "a correction";
    /// A person of the newsroom.
    UserId "usr" "a user";
    /// A program's credential.
    KeyId "key" "a key";
    /// One sign-in of a person.
    SessionId "ses" "a session";
    /// Somebody outside who copies stories.
    PartnerId "par" "a partner";
    /// Where a partner is told of changes.
    EndpointId "end" "an endpoint";
}

/// What any id stands for, whatever its kind.
pub fn any(text: &str) -> Option<Uuid> {
    let (_, rest) = text.split_once('_')?;
    decode(rest, UUID_LEN).map(Uuid::from_u128)
}

/// The place of an event in the change log; grows in commit order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct EventId(pub i64);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "evt_{}", encode(self.0.unsigned_abs().into(), EVENT_LEN))
    }
}

impl FromStr for EventId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.strip_prefix("evt_")
            .and_then(|rest| decode(rest, EVENT_LEN))
            .and_then(|value| i64::try_from(value).ok())
            .map(Self)
            .ok_or_else(|| InvalidId {
                text: text.chars().take(64).collect(),
                article: "an event",
                prefix: "evt",
                length: EVENT_LEN,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_what_was_written() {
        for value in [0, 1, u128::MAX, 0x0192_5b3c_7d8e_7f00_8123_4567_89ab_cdef] {
            let id = ArticleId(Uuid::from_u128(value));
            assert_eq!(id.to_string().parse::<ArticleId>(), Ok(id));
        }
        assert_eq!("evt_0000000000016".parse::<EventId>(), Ok(EventId(38)));
        assert_eq!(EventId(38).to_string(), "evt_0000000000016");
    }

    #[test]
    fn ids_sort_as_text_in_the_order_they_were_made() {
        let ids: Vec<String> = (0..100).map(|_| ArticleId::new().to_string()).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn a_text_of_another_kind_is_refused_with_what_was_expected() {
        let tag = TagId::new().to_string();
        for text in
            ["", "art_", "art_1", tag.as_str(), "art_zzzzzzzzzzzzzzzzzzzzzzzzzz", "art_8000000000000000000000000u"]
        {
            let error = text.parse::<ArticleId>().unwrap_err().to_string();
            assert!(error.contains("is not an article id: expected `art_`"), "{error}");
        }
    }
}
