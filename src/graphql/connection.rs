//! Relay connections: what they cost, and where a page stands.

pub use crate::service::paging::{Paging, bad_cursor};

use crate::domain::listing::{DEFAULT_PAGE, MAX_PAGE};
use crate::service::paging;
use async_graphql::SimpleObject;

/// What a page costs, for the limit on complexity: its children once for each item that it may hold.
pub fn page_cost(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let size = first.or(last).unwrap_or(DEFAULT_PAGE as i32).clamp(1, MAX_PAGE as i32);
    usize::try_from(size).unwrap_or(1).saturating_mul(child.max(1)).saturating_add(1)
}

/// What counting a whole list costs. It is asked once, yet [`page_cost`] multiplies it as if it were asked for each item:
/// five for each of twenty are a hundred.
pub const COUNT_COST: usize = 5;

/// Where a page stands in its list.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether there is more behind `endCursor`.
    pub has_next_page: bool,
    /// Whether there is more before `startCursor`.
    pub has_previous_page: bool,
    /// The cursor of the first item; null on an empty page.
    pub start_cursor: Option<String>,
    /// The cursor of the last item; null on an empty page.
    pub end_cursor: Option<String>,
}

impl From<paging::PageInfo> for PageInfo {
    fn from(info: paging::PageInfo) -> Self {
        Self {
            has_next_page: info.has_next_page,
            has_previous_page: info.has_previous_page,
            start_cursor: info.start_cursor,
            end_cursor: info.end_cursor,
        }
    }
}
