//! Scheduling, and giving back to the writer.

use super::Work;
use crate::domain::ids::VariantId;
use crate::domain::workflow::{Transition, turn};
use crate::error::Result;
use crate::store::desk::variants;
use time::OffsetDateTime;

impl Work {
    /// Sets when a variant is to be published.
    pub async fn schedule_variant(&mut self, id: VariantId, at: OffsetDateTime) -> Result<()> {
        let mut variant = self.lock_variant(id).await?;
        variant.state = turn(variant.state, Transition::Schedule)?;
        variant.scheduled_at = Some(at);
        variants::update(&self.tx, &variant, self.now).await?;
        self.note("variant.schedule", id.0).await
    }

    /// Gives a variant that waits for an editor or for its time back to its writer.
    pub async fn send_back_variant(&mut self, id: VariantId) -> Result<()> {
        let mut variant = self.lock_variant(id).await?;
        variant.state = turn(variant.state, Transition::SendBack)?;
        variant.scheduled_at = None;
        variants::update(&self.tx, &variant, self.now).await?;
        self.note("variant.send_back", id.0).await
    }
}
