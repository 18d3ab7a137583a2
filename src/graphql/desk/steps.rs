//! The way of a variant through the newsroom, step by step.

use super::variant::{DeskVariant, id};
use super::writing::changed_variant;
use super::{begin, finish, payload};
use crate::error::Error;
use crate::graphql::enums::CorrectionKind;
use crate::graphql::scalars::DateTime;
use crate::service::{Step, Work};
use async_graphql::{Context, ID, InputObject, Object, Result};

payload! {
    /// What a step came to.
    VariantPayload {
        /// The variant as it stands now.
        variant: DeskVariant
    }
}
/// Hands a draft to an editor.
#[derive(InputObject)]
pub struct SubmitVariantInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Gives a variant that waits for an editor, or for its time, back to its writer.
#[derive(InputObject)]
pub struct SendBackVariantInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Why: the writer reads it.
    note: String,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Sets when a variant is published by itself.
#[derive(InputObject)]
pub struct ScheduleVariantInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// When; in the future, not before an embargo ends.
    at: DateTime,
    /// Whether a machine's translation goes out though nobody reviewed it.
    #[graphql(default)]
    allow_machine: bool,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Sets when a variant is withdrawn by itself.
#[derive(InputObject)]
pub struct ScheduleWithdrawalInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// When; null takes an earlier plan back.
    at: Option<DateTime>,
    /// Why: colleagues read it.
    #[graphql(default)]
    reason: String,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Shows the newest revision to the readers of its language, and of no other.
#[derive(InputObject)]
pub struct PublishVariantInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Whether a machine's translation goes out though nobody reviewed it.
    #[graphql(default)]
    allow_machine: bool,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Takes a variant from its readers, who are told so.
#[derive(InputObject)]
pub struct WithdrawVariantInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Why: colleagues read it.
    reason: String,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Takes a withdrawn variant back to its writer.
#[derive(InputObject)]
pub struct ReopenVariantInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Makes the text of an older revision the newest one again; nothing in between is lost.
#[derive(InputObject)]
pub struct RestoreRevisionInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// The older revision of this variant.
    revision_id: ID,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Goes back to what readers see, as a new revision.
#[derive(InputObject)]
pub struct DiscardChangesInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Adds a dated, signed note to what readers see, and changes nothing else.
#[derive(InputObject)]
pub struct AddCorrectionInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// What it is.
    kind: CorrectionKind,
    /// What it says. Plain text, at most 5,000 characters.
    text: String,
    /// Who signs it; your name where nothing is given.
    signed: Option<String>,
    /// The correction of another language that this one carries over.
    carries_id: Option<ID>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Says that the newest revision was read against its source.
#[derive(InputObject)]
pub struct ReviewTranslationInput {
    /// `var_…`
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Excuses a variant from carrying a correction of another language.
#[derive(InputObject)]
pub struct DismissCorrectionInput {
    /// `var_…`: the variant that need not carry it.
    variant_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// The correction of the other language: `cor_…`.
    correction_id: ID,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Begins a step of a variant.
pub(super) async fn begin_step(ctx: &Context<'_>, variant: &ID, expected: Option<i32>) -> Result<(Work, Step)> {
    let step = Step { id: id("variantId", variant)?, expected };
    Ok((begin(ctx).await?, step))
}

/// Makes a step visible, and shows the variant as it stands then.
pub(super) async fn conclude(
    ctx: &Context<'_>,
    work: Work,
    step: Step,
    done: Result<(), Error>,
    mark: Option<String>,
) -> Result<VariantPayload> {
    let outcome = finish(work, done).await?;
    Ok(VariantPayload::new(changed_variant(ctx, step.id, outcome).await?, mark))
}

/// The way of a variant through the newsroom.
#[derive(Default)]
pub struct StepMutation;

/// The way of a variant through the newsroom.
#[Object]
impl StepMutation {
    /// Hands a draft to an editor.
    async fn submit_variant(&self, ctx: &Context<'_>, input: SubmitVariantInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.submit(step).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Gives a variant that waits for an editor, or for its time, back to its writer.
    async fn send_back_variant(&self, ctx: &Context<'_>, input: SendBackVariantInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.send_back(step, &input.note).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Sets when a variant is published by itself.
    async fn schedule_variant(&self, ctx: &Context<'_>, input: ScheduleVariantInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.schedule(step, input.at.0, input.allow_machine).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Sets when a variant is withdrawn by itself.
    async fn schedule_withdrawal(&self, ctx: &Context<'_>, input: ScheduleWithdrawalInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.schedule_withdrawal(step, input.at.map(|at| at.0), &input.reason).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Shows the newest revision to the readers of its language, and of no other.
    async fn publish_variant(&self, ctx: &Context<'_>, input: PublishVariantInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.publish(step, input.allow_machine).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Takes a variant from its readers, who are told so.
    async fn withdraw_variant(&self, ctx: &Context<'_>, input: WithdrawVariantInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.withdraw(step, &input.reason).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Takes a withdrawn variant back to its writer.
    async fn reopen_variant(&self, ctx: &Context<'_>, input: ReopenVariantInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.reopen(step).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Makes the text of an older revision the newest one again; nothing in between is lost.
    async fn restore_revision(&self, ctx: &Context<'_>, input: RestoreRevisionInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.restore(step, id("revisionId", &input.revision_id)?).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Goes back to what readers see, as a new revision.
    async fn discard_changes(&self, ctx: &Context<'_>, input: DiscardChangesInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.discard(step).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Adds a dated, signed note to what readers see, and changes nothing else.
    async fn add_correction(&self, ctx: &Context<'_>, input: AddCorrectionInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let carries = input.carries_id.map(|correction| id("carriesId", &correction)).transpose()?;
        let done = work.add_correction(step, input.kind.into(), &input.text, input.signed, carries).await.map(drop);
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Says that the newest revision was read against its source.
    async fn review_translation(&self, ctx: &Context<'_>, input: ReviewTranslationInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let done = work.review_translation(step.id, step.expected).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }

    /// Excuses a variant from carrying a correction of another language.
    async fn dismiss_correction(&self, ctx: &Context<'_>, input: DismissCorrectionInput) -> Result<VariantPayload> {
        let (mut work, step) = begin_step(ctx, &input.variant_id, input.expected_version).await?;
        let correction = id("correctionId", &input.correction_id)?;
        let done = work.dismiss_correction(step, correction).await;
        conclude(ctx, work, step, done, input.client_mutation_id).await
    }
}
