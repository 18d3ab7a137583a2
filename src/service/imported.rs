//! What importers remember: which thing of another system became which of ours, and what it looked like.

use super::Work;
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::workflow::State;
use crate::domain::ids::VariantId;
use crate::error::Result;
use crate::store::desk::external::{self, Imported};
use crate::store::desk::variants;
use uuid::Uuid;

impl Work {
    /// What `id` of `system` became, and its fingerprint then.
    pub async fn find_imported(&self, system: &str, kind: &str, id: &str) -> Result<Option<(Uuid, String)>> {
        let found = external::find(&self.tx, system, kind, id).await?;
        Ok(found.map(|found| (found.target, found.fingerprint)))
    }

    /// Remembers what `id` of `system` became. `source` is (system, kind, id).
    pub async fn remember_import(&mut self, source: (&str, &str, &str), target: Uuid, fingerprint: &str) -> Result<()> {
        let (system, kind, id) = source;
        let imported = Imported { target, fingerprint: fingerprint.to_owned() };
        external::save(&self.tx, system, kind, id, &imported).await
    }

    /// The variants of a story: language, id and state.
    pub async fn list_variants(&self, article: ArticleId) -> Result<Vec<(LanguageTag, VariantId, State)>> {
        let found = variants::lock_all(&self.tx, article).await?;
        Ok(found.into_iter().map(|variant| (variant.language, variant.id, variant.state)).collect())
    }
}
