//! Lists of stories: order, pages, cursors, and that whatever is filtered by is filtered on the served variant.

mod filters;
mod paging;
mod reference;
