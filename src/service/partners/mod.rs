//! Partners: who they are, what each should have and was told, and what is sent to them.

mod compare;
mod compose;
mod deliver;
mod follow;
mod push;
mod records;
mod stand;

pub use crate::store::partners::changes::PartnerChange;
pub use deliver::{ChangesPage, SnapshotPage, SnapshotPlace};
pub(super) use push::Message;
pub use records::{NewPartner, PartnerPatch};
