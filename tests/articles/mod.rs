//! One story: how it is found, what it says, and that nothing of a draft is seen.

mod cache;
mod drafts;
mod finding;
mod page;
