//! What an editor shows a lawyer, and what goes on an invoice.

pub use crate::store::ledger::{LedgerFilter, LedgerRow, UsageFilter, UsageRow};

use super::App;
use super::webhooks::may_read;
use crate::domain::actor::Actor;
use crate::error::Result;
use crate::store::ledger;
use time::OffsetDateTime;

impl App {
    /// At most `limit` rows of the ledger, the newest notice first: each correction, withdrawal or retraction with each
    /// partner that had received the story by then.
    pub async fn ledger(&self, actor: &Actor, filter: &LedgerFilter, limit: u32) -> Result<Vec<LedgerRow>> {
        may_read(actor)?;
        ledger::list(&self.db.session(), filter, limit).await
    }

    /// What happened before this moment and is not acknowledged is overdue.
    pub fn overdue_before(&self) -> OffsetDateTime {
        self.clock.now() - self.overdue
    }

    /// Whether a partner should have acknowledged by now.
    pub fn is_overdue(&self, row: &LedgerRow) -> bool {
        row.acked_at.is_none() && row.at < self.overdue_before()
    }

    /// At most `limit` rows of what partners received.
    pub async fn usage(&self, actor: &Actor, filter: &UsageFilter, limit: u32) -> Result<Vec<UsageRow>> {
        may_read(actor)?;
        ledger::usage(&self.db.session(), filter, limit).await
    }
}
