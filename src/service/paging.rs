//! Pages of lists: what is asked for, and the cursors that lead on.
//!
//! A cursor names a place in an order (a moment and an id), not a row count, so that it stays right while stories are
//! published in between.

use super::EntityWindow;
use crate::domain::entity::{Entity, TagKind};
use crate::domain::ids::ArticleId;
use crate::domain::listing::{DEFAULT_PAGE, Listing, MAX_PAGE, OrderBy, Position, Source, Window};
use crate::error::{Error, Result};
use std::fmt::Display;
use uuid::Uuid;

/// Where a page stands in its list.
#[derive(Debug, Clone, Default)]
pub struct PageInfo {
    /// Whether there is more behind `end_cursor`.
    pub has_next_page: bool,
    /// Whether there is more before `start_cursor`.
    pub has_previous_page: bool,
    /// The cursor of the first item; nothing on an empty page.
    pub start_cursor: Option<String>,
    /// The cursor of the last item; nothing on an empty page.
    pub end_cursor: Option<String>,
}

/// The paging arguments of a list.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    /// How many from the start.
    pub first: Option<i32>,
    /// Behind this cursor.
    pub after: Option<String>,
    /// How many from the end.
    pub last: Option<i32>,
    /// Before this cursor.
    pub before: Option<String>,
}

/// How much is wanted, from which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// How many.
    pub limit: u32,
    /// From the end.
    pub from_end: bool,
}

impl Paging {
    /// Checks `first` and `last`.
    pub fn amount(&self) -> Result<Amount> {
        let check = |name: &str, value: i32| {
            u32::try_from(value)
                .ok()
                .filter(|size| *size <= MAX_PAGE)
                .ok_or_else(|| Error::invalid(name, format!("{value} is not accepted: expected 0 to {MAX_PAGE}")))
        };
        match (self.first, self.last) {
            (Some(_), Some(_)) => Err(Error::invalid("last", "first and last exclude each other")),
            (None, Some(last)) => Ok(Amount { limit: check("last", last)?, from_end: true }),
            (first, None) => {
                Ok(Amount { limit: check("first", first.unwrap_or(DEFAULT_PAGE as i32))?, from_end: false })
            }
        }
    }

    /// The window of the list of a kind of entity, one larger than wanted.
    pub fn entity_window(&self, tag_kind: Option<TagKind>) -> Result<(Amount, EntityWindow)> {
        let amount = self.amount()?;
        let place =
            |name, cursor: &Option<String>| cursor.as_deref().map(|cursor| entity_place(name, cursor)).transpose();
        let (after, before) = (place("after", &self.after)?, place("before", &self.before)?);
        Ok((amount, EntityWindow { tag_kind, after, before, limit: amount.limit + 1, from_end: amount.from_end }))
    }

    /// The window of a list of stories, one larger than wanted, so that we see whether there is more.
    pub fn window(&self, order: char) -> Result<(Amount, Window)> {
        let amount = self.amount()?;
        let place = |name, cursor: &Option<String>| {
            cursor.as_deref().map(|cursor| story_place(name, order, cursor)).transpose()
        };
        let (after, before) = (place("after", &self.after)?, place("before", &self.before)?);
        Ok((amount, Window { after, before, limit: amount.limit + 1, from_end: amount.from_end }))
    }

    /// Cuts the one item too many off, and says where the page stands.
    pub fn finish<T>(&self, amount: Amount, mut items: Vec<T>, cursor: impl Fn(&T) -> String) -> (Vec<T>, PageInfo) {
        let limit = amount.limit as usize;
        let more = items.len() > limit;
        if more && amount.from_end {
            items.drain(..items.len() - limit);
        } else {
            items.truncate(limit);
        }
        // What a cursor was given for lies outside of the page.
        let (behind, ahead) = (self.before.is_some(), self.after.is_some());
        let (has_next_page, has_previous_page) =
            if amount.from_end { (behind, more || ahead) } else { (more || behind, ahead) };
        let (start_cursor, end_cursor) = (items.first().map(&cursor), items.last().map(&cursor));
        (items, PageInfo { has_next_page, has_previous_page, start_cursor, end_cursor })
    }
}

/// What tells cursors of lists of different orders apart.
pub fn order_mark(listing: &Listing) -> char {
    match listing.source {
        Source::Published { order: OrderBy::PublishedAt, ascending: false } => 'p',
        Source::Published { order: OrderBy::PublishedAt, ascending: true } => 'P',
        Source::Published { order: OrderBy::ModifiedAt, ascending: false } => 'm',
        Source::Published { order: OrderBy::ModifiedAt, ascending: true } => 'M',
        Source::Collection(..) => 'c',
    }
}

/// The cursor of a place in a list of stories. `order` tells lists of different orders apart.
pub fn story_cursor(order: char, position: Position) -> String {
    // Moments before 1970 are negative; in hexadecimal they are written as what they are in memory.
    format!("{order}{:x}.{}", position.at, position.article)
}

fn story_place(argument: &str, order: char, cursor: &str) -> Result<Position> {
    let place = || {
        let (at, article) = cursor.strip_prefix(order)?.split_once('.')?;
        Some(Position {
            at: u64::from_str_radix(at, 16).ok()?.cast_signed(),
            article: article.parse::<ArticleId>().ok()?,
        })
    };
    place().ok_or_else(|| bad_cursor(argument, cursor))
}

/// The cursor of an entity in the list of its kind.
pub fn entity_cursor(entity: &Entity) -> String {
    format!("{}.{}", entity.uuid().simple(), entity.sort_key())
}

/// The place in the list of a kind that a cursor stands for.
pub fn entity_place(argument: &str, text: &str) -> Result<(String, Uuid)> {
    let parsed = text.split_once('.').and_then(|(id, key)| Some((key.to_owned(), Uuid::parse_str(id).ok()?)));
    parsed.ok_or_else(|| bad_cursor(argument, text))
}

/// A cursor that no list of this kind gave out.
pub fn bad_cursor(argument: &str, cursor: impl Display) -> Error {
    let cursor: String = cursor.to_string().chars().take(80).collect();
    Error::invalid(
        argument,
        format!("`{cursor}` is not a cursor of this list; use one that it gave, in the same order"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(first: Option<i32>, last: Option<i32>) -> Paging {
        Paging { first, last, ..Paging::default() }
    }

    #[test]
    fn sizes_are_checked_and_the_error_says_what_is_accepted() {
        assert_eq!(paging(None, None).amount().unwrap(), Amount { limit: 20, from_end: false });
        assert_eq!(paging(None, Some(3)).amount().unwrap(), Amount { limit: 3, from_end: true });
        for (first, last, message) in [
            (Some(-1), None, "first: -1 is not accepted: expected 0 to 100"),
            (Some(101), None, "first: 101 is not accepted: expected 0 to 100"),
            (None, Some(-5), "last: -5 is not accepted: expected 0 to 100"),
            (Some(1), Some(1), "last: first and last exclude each other"),
        ] {
            assert_eq!(paging(first, last).amount().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_cursor_leads_back_to_its_place_and_to_no_other_order() {
        let position = Position { at: -5, article: ArticleId::new() };
        let old = Position { at: 1_700_000_000_000_000, ..position };
        assert_eq!(story_place("after", 'p', &story_cursor('p', old)).unwrap(), old);
        for cursor in ["", "p", "p1.", "p1.art_1", "%00", story_cursor('m', old).as_str()] {
            assert!(story_place("after", 'p', cursor).unwrap_err().to_string().contains("is not a cursor"), "{cursor}");
        }
    }

    #[test]
    fn the_item_too_many_is_cut_from_the_right_end() {
        let items = |n: i32| (0..n).collect::<Vec<_>>();
        let page = |paging: &Paging, n| paging.finish(paging.amount().unwrap(), items(n), ToString::to_string);
        let (found, info) = page(&paging(Some(2), None), 3);
        assert_eq!((found, info.has_next_page, info.has_previous_page), (vec![0, 1], true, false));
        let (found, info) = page(&paging(None, Some(2)), 3);
        assert_eq!((found, info.has_next_page, info.has_previous_page), (vec![1, 2], false, true));
        let (found, info) = page(&paging(Some(0), None), 1);
        assert_eq!((found.len(), info.has_next_page, info.start_cursor), (0, true, None));
    }
}
