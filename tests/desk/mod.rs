//! The desk from outside: signing in, writing, the way of a variant, who may do what.

mod editorial;
mod history;
mod policy;
mod retries;
mod schedule;
mod steps;
