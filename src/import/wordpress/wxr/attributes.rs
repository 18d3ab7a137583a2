//! Attributes as people write them, in tags and in shortcodes: `a="1" b='2' c=3 "4" five`.
//!
//! Only the reading of one attribute list belongs here; where a tag begins and ends is decided by its reader.

use super::entities;

/// The attributes of one tag or shortcode, in order. Those without a name are positional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attributes(Vec<(Option<String>, String)>);

impl Attributes {
    /// Reads the list; nothing is an error. Typographic quotes count as quotes: editors paste shortcodes from documents.
    pub(crate) fn read(text: &str) -> Self {
        let mut found = Vec::new();
        let mut rest = text.trim_start_matches(is_blank);
        while !rest.is_empty() {
            let end = rest.find(|c: char| is_blank(c) || c == '=').unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let value = after.trim_start_matches(is_blank).strip_prefix('=').filter(|_| is_name(word));
            rest = match value {
                Some(after) => {
                    let (value, tail) = take_value(after.trim_start_matches(is_blank));
                    found.push((Some(word.to_ascii_lowercase()), entities::decode(value).into_owned()));
                    tail
                }
                None => {
                    // Not `name=`: a value alone, which may be quoted and may hold a `=` itself, like an address.
                    let (value, tail) = take_value(rest);
                    found.push((None, entities::decode(value).into_owned()));
                    tail
                }
            };
            rest = rest.trim_start_matches(is_blank);
        }
        Self(found)
    }

    /// The value of the first attribute of this name that is not blank.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().filter(|(key, _)| key.as_deref() == Some(name));
        named.map(|(_, value)| value.trim()).find(|value| !value.is_empty())
    }

    /// The values without a name.
    pub(crate) fn positional(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(key, _)| key.is_none()).map(|(_, value)| value.as_str())
    }

    /// Whether any attribute has a name.
    pub(crate) fn has_named(&self) -> bool {
        self.0.iter().any(|(key, _)| key.is_some())
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{a0}' | '\u{200b}')
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '@'))
}

/// The quotes that may close what this one opens.
pub(crate) fn closing_quotes(open: char) -> &'static [char] {
    match open {
        '"' => &['"'],
        '\'' => &['\''],
        '“' | '”' | '″' | '„' => &['”', '″', '“', '"'],
        '‘' | '’' | '′' => &['’', '′', '\''],
        _ => &[],
    }
}

fn take_value(text: &str) -> (&str, &str) {
    let mut characters = text.chars();
    let quotes = characters.next().map(closing_quotes).unwrap_or_default();
    let quoted = characters.as_str();
    if !quotes.is_empty()
        && let Some((value, tail)) = quoted.split_once(quotes)
    {
        return (value, tail);
    }
    let end = text.find(is_blank).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_an_attribute() {
        let read = Attributes::read(
            " id=\"attachment_9\" Align='left' width=640 caption=“큰 &quot;따옴표&quot;” a = \"b\" https://v.example/?x=1 \"y z\"",
        );
        assert_eq!(read.get("id"), Some("attachment_9"));
        assert_eq!(read.get("align"), Some("left"));
        assert_eq!(read.get("width"), Some("640"));
        assert_eq!(read.get("caption"), Some("큰 \"따옴표\""));
        assert_eq!(read.get("a"), Some("b"));
        assert_eq!(read.positional().collect::<Vec<_>>(), ["https://v.example/?x=1", "y z"]);
        assert!(read.has_named());
        assert_eq!(Attributes::read(" alt=\"not closed src=x"), Attributes::read("alt='\"not' closed src=x"));
        assert_eq!(Attributes::read("=\"\"").positional().count(), 1);
        assert_eq!(Attributes::read(" \u{a0} "), Attributes::default());
    }
}
