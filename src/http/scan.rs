//! The limits that can be told from the text of a document, before anything parses it.

use super::measure::NESTING;
use crate::config::Limits;
use crate::error::{Error, Limit, Result};
use std::iter::Peekable;
use std::str::Bytes;

/// Refuses a text with too many lexical tokens or too many brackets within each other.
pub fn check(text: &str, limits: &Limits) -> Result<()> {
    let (tokens, nesting) = count(text);
    let over =
        |limit, allowed: usize, found| Err(Error::OverLimit { limit, allowed: allowed as u64, found: Some(found) });
    if tokens > limits.tokens as u64 {
        return over(Limit::Tokens, limits.tokens, tokens);
    }
    if nesting > NESTING.max(limits.depth) as u64 {
        return over(Limit::Depth, limits.depth, nesting);
    }
    Ok(())
}

/// The tokens, and how deep brackets nest. A number with a fraction counts as its pieces.
fn count(text: &str) -> (u64, u64) {
    let mut bytes = text.bytes().peekable();
    let (mut tokens, mut open, mut deepest) = (0_u64, 0_u64, 0_u64);
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => continue,
            b'#' => {
                while bytes.next_if(|next| !matches!(next, b'\n' | b'\r')).is_some() {}
                continue;
            }
            b'"' => skip_string(&mut bytes),
            b'{' | b'[' | b'(' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            b'.' => while bytes.next_if_eq(&b'.').is_some() {},
            _ if is_word(byte) => while bytes.next_if(|next| is_word(*next)).is_some() {},
            _ => {}
        }
        tokens += 1;
    }
    (tokens, deepest)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Behind the first quote of a string: passes over the rest of it. Where it ends has to be known exactly: what is taken
/// for a part of a string is not counted.
fn skip_string(bytes: &mut Peekable<Bytes<'_>>) {
    match quotes(bytes, 2) {
        0 => {
            while let Some(byte) = bytes.next() {
                match byte {
                    b'\\' => drop(bytes.next_if(|next| !matches!(next, b'\n' | b'\r'))),
                    b'"' | b'\n' | b'\r' => break,
                    _ => {}
                }
            }
        }
        1 => {}
        _ => {
            while let Some(byte) = bytes.next() {
                match byte {
                    b'\\' => drop(quotes(bytes, 3)),
                    b'"' if quotes(bytes, 2) == 2 => break,
                    _ => {}
                }
            }
        }
    }
}

/// Passes over quotes, at most so many; gives their number.
fn quotes(bytes: &mut Peekable<Bytes<'_>>, most: usize) -> usize {
    (0..most).take_while(|_| bytes.next_if_eq(&b'"').is_some()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_brackets_are_counted_without_parsing() {
        for (text, tokens, nesting) in [
            ("{ a }", 3, 1),
            ("{a(b:\"c d } \\\" {\")}", 8, 2),
            ("# only a comment", 0, 0),
            ("# a comment\r{ a }", 3, 1),
            ("{ ...f, a, b } # x", 6, 1),
            ("한국 {", 2, 1),
            ("[1-1-1]", 7, 1),
            ("\"\" { \"\\\\\" {", 4, 2),
            ("\"open\n{ {", 3, 2),
            ("\"\"\" one \" quote \"\"\" { a }", 4, 1),
            ("\"\"\" \\\"\"\" { \"\"\" { { a", 4, 2),
            // Only a backslash before three quotes is an escape, also behind another one.
            ("\"\"\" \\\" \"\" { \\\\\"\"\" { { a", 1, 0),
            ("{{}}{[()]}", 10, 3),
        ] {
            assert_eq!(count(text), (tokens, nesting), "{text}");
        }
    }
}
