//! Telling partners by webhook: endpoints and what is sent to them. The sending itself is `http`'s.

mod endpoints;
mod sending;

pub use crate::store::webhooks::endpoints::Endpoint;
pub use crate::store::webhooks::log::Delivery;
pub use crate::store::webhooks::queue::Due;
pub use crate::store::webhooks::results::Attempt;
pub(in crate::service) use endpoints::may_read;
pub use endpoints::{MadeEndpoint, NewEndpoint};
pub use sending::{Outcome, Outgoing, Sent};
