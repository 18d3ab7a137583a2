//! Partners: added, changed, disabled, enabled, and found by their keys.

use super::super::webhooks::may_read;
use super::super::{App, Work};
use crate::domain::actor::{Actor, Who};
use crate::domain::ids::PartnerId;
use crate::domain::partner::{Facts, Partner, Terms, rights};
use crate::domain::policy::{Action, Subject};
use crate::error::{Error, FieldError, Result};
use crate::store::partners::{records, stories};
use serde_json::json;

/// The longest lead that a partner may have: thirty days.
const LONGEST_LEAD: u32 = 30 * 24 * 60;

/// A partner to add.
#[derive(Debug, Clone)]
pub struct NewPartner {
    /// What programs will call it.
    pub slug: String,
    /// The rest.
    pub facts: Facts,
}

/// What is to change of a partner; what is missing stays.
#[derive(Debug, Clone, Default)]
pub struct PartnerPatch {
    /// What people call it.
    pub name: Option<String>,
    /// Whom to write to.
    pub contact: Option<String>,
    /// How much it may ask for.
    pub tier: Option<String>,
    /// What it may have.
    pub terms: Option<Terms>,
}

impl App {
    /// All partners.
    pub async fn partners(&self, actor: &Actor) -> Result<Vec<Partner>> {
        may_read(actor)?;
        records::list(&self.db.session()).await
    }

    /// The partner that asks. Who is none is told so.
    pub async fn partner_of(&self, actor: &Actor) -> Result<Partner> {
        let none = || Error::Forbidden("this is for partners: ask with the API key of one".into());
        let key = match &actor.who {
            Who::Anonymous => return Err(Error::Unauthenticated("ask with the API key of a partner".into())),
            Who::Machine(machine) => machine.id,
            Who::Person(_) | Who::System(_) => return Err(none()),
        };
        let partner = records::find_by_key(&self.db.session(), key).await?.ok_or_else(none)?;
        match partner.disabled_at {
            Some(_) => Err(Error::Forbidden("the partner is disabled: ask the newsroom".into())),
            None => Ok(partner),
        }
    }
}

impl Work {
    /// Adds a partner.
    pub async fn add_partner(
        &mut self,
        new: NewPartner,
        languages: &crate::domain::language::Languages,
    ) -> Result<Partner> {
        self.require(Action::ManagePartners, Subject::default())?;
        let slug = new.slug.trim().to_lowercase();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if slug.is_empty() || slug.len() > 60 || !slug.bytes().all(plain) {
            return Err(Error::invalid("slug", "must have 1 to 60 of a-z, 0-9 and -"));
        }
        if records::lock(&self.tx, Err(&slug)).await?.is_some() {
            let message = format!("there is a partner `{slug}` already");
            return Err(Error::Invalid(vec![FieldError { path: "slug".into(), code: "TAKEN", message }]));
        }
        let partner = Partner {
            id: PartnerId::new(),
            slug,
            facts: checked(new.facts, languages)?,
            version: 1,
            created_at: self.now,
            updated_at: self.now,
            disabled_at: None,
        };
        records::insert(&self.tx, &partner).await?;
        self.note_with("partner.add", partner.id.0, [None, None], json!({"slug": partner.slug})).await?;
        Ok(partner)
    }

    /// Changes a partner. What it had is compared with its new terms, story by story, soon after; what it may have now beside
    /// that is in a new snapshot.
    pub async fn change_partner(
        &mut self,
        named: Result<PartnerId, &str>,
        expected: Option<i32>,
        patch: PartnerPatch,
        languages: &crate::domain::language::Languages,
    ) -> Result<Partner> {
        let mut partner = self.managed_partner(named, expected).await?;
        let before = partner.facts.clone();
        let PartnerPatch { name, contact, tier, terms } = patch;
        partner.facts = checked(
            Facts {
                name: name.unwrap_or(partner.facts.name),
                contact: contact.unwrap_or(partner.facts.contact),
                tier: tier.unwrap_or(partner.facts.tier),
                terms: terms.unwrap_or(partner.facts.terms),
            },
            languages,
        )?;
        if before.terms != partner.facts.terms {
            stories::recheck_partner(&self.tx, partner.id, self.now).await?;
        }
        let detail = json!({"before": before, "after": partner.facts});
        self.save_partner(partner, "partner.change", detail).await
    }

    /// Ends or resumes what a partner gets. What it had is compared soon after it is resumed; what was new meanwhile is in a
    /// new snapshot.
    pub async fn enable_partner(&mut self, named: Result<PartnerId, &str>, enabled: bool) -> Result<Partner> {
        let mut partner = self.managed_partner(named, None).await?;
        if partner.disabled_at.is_none() == enabled {
            return Ok(partner);
        }
        partner.disabled_at = (!enabled).then_some(self.now);
        if enabled {
            stories::recheck_partner(&self.tx, partner.id, self.now).await?;
        }
        let action = if enabled { "partner.enable" } else { "partner.disable" };
        self.save_partner(partner, action, json!({})).await
    }

    async fn managed_partner(&self, named: Result<PartnerId, &str>, expected: Option<i32>) -> Result<Partner> {
        self.require(Action::ManagePartners, Subject::default())?;
        let name = named.as_ref().map_or_else(|slug| (*slug).to_owned(), PartnerId::to_string);
        let found = records::lock(&self.tx, named).await?;
        let partner = found.ok_or(Error::NotFound { kind: "partner", id: name })?;
        match expected {
            Some(expected) if expected != partner.version => {
                Err(Error::Conflict { what: "partner", expected, found: partner.version, by: None })
            }
            _ => Ok(partner),
        }
    }

    async fn save_partner(&self, mut partner: Partner, action: &str, detail: serde_json::Value) -> Result<Partner> {
        partner.version += 1;
        partner.updated_at = self.now;
        records::update(&self.tx, &partner).await?;
        self.note_with(action, partner.id.0, [None, None], detail).await?;
        Ok(partner)
    }
}

/// Checks what was written down, and names all that is wrong.
fn checked(mut facts: Facts, languages: &crate::domain::language::Languages) -> Result<Facts> {
    let mut errors = Vec::new();
    let mut wrong = |path: &str, message: String| {
        errors.push(FieldError { path: path.to_owned(), code: "INVALID", message });
    };
    facts.name = facts.name.trim().to_owned();
    if facts.name.is_empty() || facts.name.chars().count() > 200 {
        wrong("name", "must have 1 to 200 characters".to_owned());
    }
    if facts.contact.chars().count() > 500 {
        wrong("contact", "must have at most 500 characters".to_owned());
    }
    for language in &facts.terms.languages {
        if let Err(error) = languages.require(language) {
            wrong("languages", error.to_string());
        }
    }
    if facts.terms.lead_minutes > LONGEST_LEAD {
        wrong("leadMinutes", format!("expected 0 to {LONGEST_LEAD}"));
    }
    if let Some(text) = &facts.terms.territory {
        match rights::territory(text) {
            Some(territory) => facts.terms.territory = Some(territory),
            None => {
                wrong("territory", format!("`{text}` is no territory: expected two letters (ISO 3166-1), such as KR"))
            }
        }
    }
    if errors.is_empty() { Ok(facts) } else { Err(Error::Invalid(errors)) }
}
