//! Telling partners by webhook: where to, what waits, and what came of it.

pub mod endpoints;
pub mod log;
pub mod queue;
pub mod results;
