//! Who is working on what.

use super::steps::{VariantPayload, begin_step, conclude};
use async_graphql::{Context, ID, InputObject, Object, Result};

/// A variant that somebody works on.
#[derive(InputObject)]
pub struct HoldVariantInput {
    /// `var_…`
    variant_id: ID,
    /// Whether to take it from a colleague.
    #[graphql(default)]
    take_over: bool,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A variant that somebody is done with.
#[derive(InputObject)]
pub struct ReleaseVariantInput {
    /// `var_…`
    variant_id: ID,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Who is working on what.
#[derive(Default)]
pub struct PresenceMutation;

/// Who is working on what.
#[Object]
impl PresenceMutation {
    /// Tells colleagues that you work on a variant, for two minutes: ask again while you do. Where somebody else does,
    /// `userErrors` has HELD. A courtesy: what keeps texts from being overwritten is `expectedVersion`.
    async fn hold_variant(&self, ctx: &Context<'_>, input: HoldVariantInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, None).await?;
        let done = work.hold(step.id, input.take_over).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Tells colleagues that you are done with it. What somebody else holds stays theirs.
    async fn release_variant(&self, ctx: &Context<'_>, input: ReleaseVariantInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, None).await?;
        let done = work.release(step.id).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }
}
