//! Withdrawing: a language of a story goes from the readers at once, and they are told so.

use super::Work;
use crate::domain::ids::VariantId;
use crate::domain::published::ChangeKind;
use crate::domain::workflow::{Transition, turn};
use crate::error::Result;
use crate::store::desk::variants;
use crate::store::live::write;

impl Work {
    /// Takes a published variant from its readers.
    pub async fn withdraw_variant(&mut self, id: VariantId) -> Result<()> {
        let mut variant = self.lock_variant(id).await?;
        variant.state = turn(variant.state, Transition::Withdraw)?;
        (variant.live, variant.live_hash) = (None, None);
        let effect = write::hide(&self.tx, variant.article, &variant.language, self.now).await?;
        variants::update(&self.tx, &variant, self.now).await?;
        self.note("variant.withdraw", id.0).await?;
        self.append_variant(ChangeKind::Withdrawn, &variant, effect).await
    }

    /// Takes a withdrawn variant back to its writer.
    pub async fn reopen_variant(&mut self, id: VariantId) -> Result<()> {
        let mut variant = self.lock_variant(id).await?;
        variant.state = turn(variant.state, Transition::Reopen)?;
        variants::update(&self.tx, &variant, self.now).await?;
        self.note("variant.reopen", id.0).await
    }

    /// Hands a draft to an editor.
    pub async fn submit_variant(&mut self, id: VariantId) -> Result<()> {
        let mut variant = self.lock_variant(id).await?;
        variant.state = turn(variant.state, Transition::Submit)?;
        variants::update(&self.tx, &variant, self.now).await?;
        self.note("variant.submit", id.0).await
    }
}
