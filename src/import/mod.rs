//! Importers: other systems' content in, through the same services that editors use.

pub mod wordpress;
