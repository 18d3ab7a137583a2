//! Partners: what they are told, how, and what is known of it afterwards.

mod endpoints;
mod ledger;
mod limits;
mod receiver;
mod sending;
mod storm;
mod world;
