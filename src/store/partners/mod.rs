//! Partners: what each may have, what each was told, and what each read.

pub mod changes;
pub mod planned;
pub mod receipts;
pub mod records;
pub mod stories;
