//! Answers from memory: never wrong, whatever is asked and whatever changes.

mod addresses;
mod changes;
mod http;
mod oracle;
mod purging;
mod questions;
mod trace;
