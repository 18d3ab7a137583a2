//! Partners: who they are and what each may have.

use super::variant::id;
use super::{actor, begin, finish, payload};
use crate::domain::ids::{PartnerId, SectionId};
use crate::domain::partner::{Facts, Partner, Terms};
use crate::error::Error;
use crate::graphql::enums::Kind;
use crate::graphql::scalars::{DateTime, Language};
use crate::service::{App, NewPartner, PartnerPatch};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

/// Somebody who copies stories into a system of their own.
#[derive(SimpleObject)]
pub struct DeskPartner {
    /// `par_…`
    id: ID,
    /// What programs call it.
    slug: String,
    /// What people call it.
    name: String,
    /// Whom to write to when something is wrong.
    contact: String,
    /// How much it may ask for: a configured tier.
    tier: String,
    /// What it may have.
    terms: PartnerTerms,
    /// Grows by one with each change: the `expectedVersion` of the next.
    version: i32,
    /// When it was added.
    created_at: DateTime,
    /// When it was changed.
    updated_at: DateTime,
    /// Since when it gets nothing; null while it gets something.
    disabled_at: Option<DateTime>,
}

/// What a partner may have.
#[derive(SimpleObject)]
pub struct PartnerTerms {
    /// Only these languages; empty for all.
    languages: Vec<Language>,
    /// Only these sections, with what is below them; empty for all.
    section_ids: Vec<ID>,
    /// Only these kinds; empty for all.
    kinds: Vec<Kind>,
    /// The whole text; else headline, deks and summary.
    full_text: bool,
    /// Pictures, too.
    images: bool,
    /// How many minutes before its embargo ends a planned story comes.
    lead_minutes: i32,
    /// Where the partner publishes (ISO 3166-1 alpha-2).
    territory: Option<String>,
}

impl From<Partner> for DeskPartner {
    fn from(partner: Partner) -> Self {
        let Facts { name, contact, tier, terms } = partner.facts;
        Self {
            id: partner.id.to_string().into(),
            slug: partner.slug,
            name,
            contact,
            tier,
            terms: PartnerTerms {
                languages: terms.languages.into_iter().map(Language).collect(),
                section_ids: terms.sections.iter().map(|id| id.to_string().into()).collect(),
                kinds: terms.kinds.into_iter().map(Into::into).collect(),
                full_text: terms.full_text,
                images: terms.images,
                lead_minutes: i32::try_from(terms.lead_minutes).unwrap_or(i32::MAX),
                territory: terms.territory,
            },
            version: partner.version,
            created_at: DateTime(partner.created_at),
            updated_at: DateTime(partner.updated_at),
            disabled_at: partner.disabled_at.map(DateTime),
        }
    }
}

payload! {
    /// What changing a partner came to.
    PartnerPayload {
        /// The partner as it stands now.
        partner: DeskPartner
    }
}

/// What a partner may have.
#[derive(InputObject)]
pub struct PartnerTermsInput {
    /// Only these languages; empty for all.
    #[graphql(default)]
    languages: Vec<Language>,
    /// Only these sections, with what is below them; empty for all.
    #[graphql(default)]
    section_ids: Vec<ID>,
    /// Only these kinds; empty for all.
    #[graphql(default)]
    kinds: Vec<Kind>,
    /// The whole text; else headline, deks and summary.
    #[graphql(default = true)]
    full_text: bool,
    /// Pictures, too.
    #[graphql(default = true)]
    images: bool,
    /// How many minutes before its embargo ends a planned story comes, 0 to 43,200.
    #[graphql(default)]
    lead_minutes: u32,
    /// Where the partner publishes: two letters of ISO 3166-1.
    territory: Option<String>,
}

impl PartnerTermsInput {
    fn read(self) -> Result<Terms, Error> {
        let sections = self.section_ids.iter().enumerate();
        let section = |(index, given): (usize, &ID)| id::<SectionId>(&format!("terms.sectionIds[{index}]"), given);
        Ok(Terms {
            languages: self.languages.into_iter().map(|language| language.0).collect(),
            sections: sections.map(section).collect::<Result<_, _>>()?,
            kinds: self.kinds.into_iter().map(Into::into).collect(),
            full_text: self.full_text,
            images: self.images,
            lead_minutes: self.lead_minutes,
            territory: self.territory,
        })
    }
}

/// A partner to add. `byline key issue --partner` gives it a key.
#[derive(InputObject)]
pub struct CreatePartnerInput {
    /// What programs will call it: a-z, 0-9 and -.
    slug: String,
    /// What people call it, at most 200 characters.
    name: String,
    /// Whom to write to when something is wrong, at most 500 characters.
    #[graphql(default)]
    contact: String,
    /// How much it may ask for: a configured tier.
    #[graphql(default = "standard")]
    tier: String,
    /// What it may have; everything unless said.
    terms: Option<PartnerTermsInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Changes to a partner: what is absent stays.
#[derive(InputObject)]
pub struct UpdatePartnerInput {
    /// `par_…`
    partner_id: ID,
    /// The version that you saw: another one is a CONFLICT.
    expected_version: Option<i32>,
    /// What people call it.
    name: Option<String>,
    /// Whom to write to.
    contact: Option<String>,
    /// How much it may ask for.
    tier: Option<String>,
    /// What it may have, in the place of what it might.
    terms: Option<PartnerTermsInput>,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A partner that is to get nothing more.
#[derive(InputObject)]
pub struct DisablePartnerInput {
    /// `par_…`
    partner_id: ID,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A partner that is to get something again.
#[derive(InputObject)]
pub struct EnablePartnerInput {
    /// `par_…`
    partner_id: ID,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Mutations of partners.
#[derive(Default)]
pub struct PartnerMutation;

/// Mutations of partners. For an ADMIN.
#[Object]
impl PartnerMutation {
    /// Adds a partner.
    async fn create_partner(&self, ctx: &Context<'_>, input: CreatePartnerInput) -> Result<PartnerPayload> {
        let mut work = begin(ctx).await?;
        let CreatePartnerInput { slug, name, contact, tier, terms, client_mutation_id } = input;
        let done = match terms.map(PartnerTermsInput::read).transpose() {
            Ok(terms) => {
                let facts = Facts { name, contact, tier, terms: terms.unwrap_or_default() };
                work.add_partner(NewPartner { slug, facts }, ctx.data::<App>()?.languages()).await
            }
            Err(error) => Err(error),
        };
        Ok(PartnerPayload::new(finish(work, done).await?.map(Into::into), client_mutation_id))
    }

    /// Changes a partner. What it had and may not have any more it is told soon after.
    async fn update_partner(&self, ctx: &Context<'_>, input: UpdatePartnerInput) -> Result<PartnerPayload> {
        let partner: PartnerId = id("partnerId", &input.partner_id)?;
        let mut work = begin(ctx).await?;
        let UpdatePartnerInput { expected_version, name, contact, tier, terms, client_mutation_id, .. } = input;
        let done = match terms.map(PartnerTermsInput::read).transpose() {
            Ok(terms) => {
                let patch = PartnerPatch { name, contact, tier, terms };
                work.change_partner(Ok(partner), expected_version, patch, ctx.data::<App>()?.languages()).await
            }
            Err(error) => Err(error),
        };
        Ok(PartnerPayload::new(finish(work, done).await?.map(Into::into), client_mutation_id))
    }

    /// Ends all that a partner gets, at once.
    async fn disable_partner(&self, ctx: &Context<'_>, input: DisablePartnerInput) -> Result<PartnerPayload> {
        turn(ctx, &input.partner_id, false, input.client_mutation_id).await
    }

    /// Resumes what a partner gets.
    async fn enable_partner(&self, ctx: &Context<'_>, input: EnablePartnerInput) -> Result<PartnerPayload> {
        turn(ctx, &input.partner_id, true, input.client_mutation_id).await
    }
}

async fn turn(ctx: &Context<'_>, partner: &ID, enabled: bool, mark: Option<String>) -> Result<PartnerPayload> {
    let partner = id("partnerId", partner)?;
    let mut work = begin(ctx).await?;
    let done = work.enable_partner(Ok(partner), enabled).await;
    Ok(PartnerPayload::new(finish(work, done).await?.map(Into::into), mark))
}

/// All partners, by what programs call them.
pub async fn partners(ctx: &Context<'_>) -> Result<Vec<DeskPartner>> {
    let found = ctx.data::<App>()?.partners(actor(ctx)).await?;
    Ok(found.into_iter().map(Into::into).collect())
}
