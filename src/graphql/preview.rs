//! What a preview's token shows, for frontends that mark it and find its page.

use super::context::reading;
use super::scalars::{DateTime, Language};
use async_graphql::{Context, ID, Result, SimpleObject};

/// What the request's preview token shows beside what is published.
#[derive(SimpleObject)]
pub struct Preview {
    /// The story: `art_…`
    article_id: ID,
    /// The variant: `var_…`
    variant_id: ID,
    /// The revision: `rev_…`
    revision_id: ID,
    /// The variant's language.
    language: Language,
    /// The path that the variant would have on the site, in its own script.
    canonical_path: String,
    /// Until when the token is valid.
    expires_at: DateTime,
}

/// What the token shows; nothing without one.
pub fn preview(ctx: &Context<'_>) -> Result<Option<Preview>> {
    let reading = reading(ctx)?;
    Ok(reading.reader().preview().map(|preview| {
        let variant = &preview.variant;
        Preview {
            article_id: variant.article.to_string().into(),
            variant_id: variant.id.to_string().into(),
            revision_id: variant.revision.to_string().into(),
            language: Language(variant.language.clone()),
            canonical_path: reading.addresses.path(&variant.language, &variant.card.slug),
            expires_at: DateTime(preview.expires_at),
        }
    }))
}
