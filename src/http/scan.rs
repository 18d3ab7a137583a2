//! The limits that can be told from a document alone: tokens before it is parsed, the rest from the tree.

use crate::config::Limits;
use crate::error::{Error, Limit, Result};
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// Refuses a text with too many lexical tokens, without parsing it.
pub fn check_tokens(text: &str, limits: &Limits) -> Result<()> {
    let mut bytes = text.bytes().peekable();
    let mut count = 0_u64;
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => continue,
            b'#' => {
                while bytes.next_if(|next| *next != b'\n').is_some() {}
                continue;
            }
            b'"' => skip_string(&mut bytes),
            _ if is_word(byte) => while bytes.next_if(|next| is_word(*next)).is_some() {},
            b'.' => while bytes.next_if(|next| *next == b'.').is_some() {},
            _ => {}
        }
        count += 1;
    }
    within(Limit::Tokens, count, limits.tokens)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+') || !byte.is_ascii()
}

/// Behind the opening quote of a string: passes over the rest of it. A block string is passed over as the pieces that
/// its quotes make of it, which counts a few tokens more than there are.
fn skip_string(bytes: &mut std::iter::Peekable<std::str::Bytes<'_>>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'"' => break,
            _ => {}
        }
    }
}

/// Refuses a document with too many aliases, directives or root fields.
pub fn check_document(document: &ExecutableDocument, limits: &Limits) -> Result<()> {
    let mut counted = Counted::default();
    for (_, operation) in document.operations.iter() {
        counted.directives += operation.node.directives.len() as u64;
        counted.selections(&operation.node.selection_set.node);
        let roots = root_fields(document, &operation.node.selection_set.node, document.fragments.len());
        within(Limit::RootFields, roots, limits.root_fields)?;
    }
    for fragment in document.fragments.values() {
        counted.directives += fragment.node.directives.len() as u64;
        counted.selections(&fragment.node.selection_set.node);
    }
    within(Limit::Aliases, counted.aliases, limits.aliases)?;
    within(Limit::Directives, counted.directives, limits.directives)
}

fn within(limit: Limit, found: u64, allowed: usize) -> Result<()> {
    let allowed = allowed as u64;
    if found > allowed { Err(Error::OverLimit { limit, allowed, found: Some(found) }) } else { Ok(()) }
}

#[derive(Default)]
struct Counted {
    aliases: u64,
    directives: u64,
}

impl Counted {
    fn selections(&mut self, set: &SelectionSet) {
        for selection in &set.items {
            let inner = match &selection.node {
                Selection::Field(field) => {
                    self.aliases += u64::from(field.node.alias.is_some());
                    self.directives += field.node.directives.len() as u64;
                    Some(&field.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    self.directives += spread.node.directives.len() as u64;
                    None
                }
                Selection::InlineFragment(fragment) => {
                    self.directives += fragment.node.directives.len() as u64;
                    Some(&fragment.node.selection_set.node)
                }
            };
            if let Some(inner) = inner {
                self.selections(inner);
            }
        }
    }
}

/// The fields that a set selects at its own level. Fragments that spread each other are cut at `depth`.
fn root_fields(document: &ExecutableDocument, set: &SelectionSet, depth: usize) -> u64 {
    let count = |selection: &Selection| match selection {
        Selection::Field(_) => 1,
        Selection::InlineFragment(fragment) => root_fields(document, &fragment.node.selection_set.node, depth),
        Selection::FragmentSpread(spread) => match document.fragments.get(&spread.node.fragment_name.node) {
            Some(fragment) if depth > 0 => root_fields(document, &fragment.node.selection_set.node, depth - 1),
            _ => 0,
        },
    };
    set.items.iter().map(|selection| count(&selection.node)).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    const LIMITS: Limits = Limits {
        depth: 9,
        complexity: 9,
        aliases: 2,
        root_fields: 2,
        directives: 1,
        tokens: 12,
        body_bytes: 9,
        time_ms: 9,
    };

    #[test]
    fn tokens_are_counted_without_parsing() {
        for (text, tokens) in [
            ("{ a }", 3_usize),
            ("{a(b:\"c d } \\\" {\")}", 8),
            ("# only a comment", 0),
            ("{ ...f, a, b } # x", 6),
            ("한국 {", 2),
        ] {
            for (most, fits) in [(tokens, true), (tokens.saturating_sub(1), tokens == 0)] {
                let limits = Limits { tokens: most, ..LIMITS };
                assert_eq!(check_tokens(text, &limits).is_ok(), fits, "{text} {most}");
            }
        }
    }

    #[test]
    fn what_is_too_much_is_refused_with_both_numbers() {
        for (text, refused) in [
            ("{ a: x b: x }", None),
            ("{ a: x { b: y { c: z } } }", Some("too many aliases: at most 2 allowed, found 3")),
            ("{ a b c }", Some("too many root fields: at most 2 allowed, found 3")),
            (
                "{ ...f } fragment f on Query { a ... { b c } }",
                Some("too many root fields: at most 2 allowed, found 3"),
            ),
            ("{ a @skip(if: true) @include(if: true) }", Some("too many directives: at most 1 allowed, found 2")),
            ("{ ...f } fragment f on Query { ...g } fragment g on Query { ...f }", None),
        ] {
            let found = check_document(&parse_query(text).unwrap(), &LIMITS).map_err(|error| error.to_string());
            match refused {
                None => assert_eq!(found, Ok(())),
                Some(message) => assert!(found.unwrap_err().ends_with(message), "{text}"),
            }
        }
    }
}
