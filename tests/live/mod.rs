//! What goes on: previews, subscriptions, who follows the change log, and what happens when things are cut off.

mod consumer;
mod crash;
mod events;
mod leaks;
mod preview;
mod socket;
