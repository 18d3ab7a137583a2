//! What editors work on. Services call these inside their transaction.

pub mod articles;
pub mod audit;
pub mod collections;
pub mod directory;
pub mod entities;
pub mod external;
pub mod merge;
mod parts;
pub mod presence;
pub mod preview;
pub mod read;
pub mod redirects;
pub mod schedule;
pub mod variants;
