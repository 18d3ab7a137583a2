//! What importers remember: which thing of another system became which of ours, and what it looked like.

use super::Work;
use crate::domain::article::Shared;
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::workflow::State;
use crate::error::Result;
use crate::store::desk::external::{self, Imported};
use crate::store::desk::{articles, variants};
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

    /// The language that a story was first written in, and what all its languages share.
    pub async fn find_article(&self, article: ArticleId) -> Result<Option<(LanguageTag, Shared)>> {
        let found = articles::lock(&self.tx, article).await?;
        Ok(found.map(|found| (found.original, found.shared)))
    }

    /// The variants of a story: language, id and state.
    pub async fn list_variants(&self, article: ArticleId) -> Result<Vec<(LanguageTag, VariantId, State)>> {
        let found = variants::lock_all(&self.tx, article).await?;
        Ok(found.into_iter().map(|variant| (variant.language, variant.id, variant.state)).collect())
    }
}
