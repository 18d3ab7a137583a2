//! Links to what is not published yet.

use super::variant::id;
use super::{begin, finish, payload};
use crate::graphql::context::reading;
use crate::graphql::scalars::{DateTime, Url};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use time::Duration;

/// A link to a revision that is not published.
#[derive(SimpleObject)]
pub struct PreviewLink {
    /// The secret in it: send it as `Byline-Preview` with any query of the delivery side. Shown once.
    token: String,
    /// The address that the variant would have on the site, with `?preview=` and the token.
    url: Url,
    /// The revision that it shows.
    revision_id: ID,
    /// Until when.
    expires_at: DateTime,
}

/// A revision to show to somebody before it is published.
#[derive(InputObject)]
pub struct CreatePreviewInput {
    /// `var_…`
    variant_id: ID,
    /// `rev_…`; the newest unless said.
    revision_id: Option<ID>,
    /// For how long, in minutes: 1 to 43,200 (30 days); a day unless said.
    #[graphql(default = 1440)]
    valid_minutes: u32,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A variant whose links are to end.
#[derive(InputObject)]
pub struct EndPreviewsInput {
    /// `var_…`
    variant_id: ID,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

payload! {
    /// What making a link came to.
    CreatePreviewPayload {
        /// The link.
        preview: PreviewLink
    }
}

payload! {
    /// What ending links came to.
    EndPreviewsPayload {
        /// How many links ended.
        ended: u64
    }
}

/// Links to what is not published yet.
#[derive(Default)]
pub struct PreviewMutation;

/// Links to what is not published yet.
#[Object]
impl PreviewMutation {
    /// Makes a link to a revision. Whoever has its token sees that revision on the delivery side as if it were published,
    /// nothing else that is not, and no cache keeps it.
    async fn create_preview(&self, ctx: &Context<'_>, input: CreatePreviewInput) -> Result<CreatePreviewPayload> {
        let variant = id("variantId", &input.variant_id)?;
        let revision = input.revision_id.map(|revision| id("revisionId", &revision)).transpose()?;
        let mut work = begin(ctx).await?;
        let done = work.create_preview(variant, revision, Duration::minutes(input.valid_minutes.into())).await;
        let outcome = match finish(work, done).await? {
            Ok(made) => Ok(PreviewLink {
                url: Url(format!("{}?preview={}", reading(ctx)?.addresses.variant_url(&made.variant), made.token)),
                token: made.token,
                revision_id: made.variant.revision.to_string().into(),
                expires_at: DateTime(made.expires_at),
            }),
            Err(errors) => Err(errors),
        };
        Ok(CreatePreviewPayload::new(outcome, input.client_mutation_id))
    }

    /// Ends all links to a variant at once.
    async fn end_previews(&self, ctx: &Context<'_>, input: EndPreviewsInput) -> Result<EndPreviewsPayload> {
        let variant = id("variantId", &input.variant_id)?;
        let mut work = begin(ctx).await?;
        let done = work.end_previews(variant).await;
        Ok(EndPreviewsPayload::new(finish(work, done).await?, input.client_mutation_id))
    }
}
