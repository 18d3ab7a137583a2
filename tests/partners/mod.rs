//! Partners: what they are told, how, and what is known of it afterwards.

mod consumers;
mod dice;
mod endpoints;
mod ledger;
mod limits;
mod pull;
mod receiver;
mod sending;
mod simulator;
mod storm;
mod world;
