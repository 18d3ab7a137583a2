//! What editors work on. Services call these inside their transaction.

pub mod articles;
pub mod entities;
pub mod external;
pub mod read;
pub mod schedule;
pub mod variants;
