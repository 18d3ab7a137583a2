//! `byline partner`: those outside who copy stories.

use super::{endpoint, say};
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::domain::article::Kind;
use crate::domain::ids::SectionId;
use crate::domain::language::LanguageTag;
use crate::domain::partner::{Facts, Partner, Terms};
use crate::error::{Error, Result};
use crate::service::{App, NewPartner, PartnerPatch};
use serde_json::{Value, json};
use std::process::ExitCode;
use time::format_description::well_known::Rfc3339;

/// Add, list and change partners, and where they are told of changes
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add a partner; `byline key issue --partner SLUG` gives it a key
    Add {
        /// What programs call it: a-z, 0-9 and -
        slug: String,
        /// What people call it
        #[arg(long)]
        name: String,
        #[command(flatten)]
        given: Given,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Change a partner; what is not said stays
    Set {
        /// What programs call it
        slug: String,
        /// What people call it
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        given: Given,
    },
    /// List partners and what they may have
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// End all that a partner gets, at once
    Disable {
        /// What programs call it
        slug: String,
    },
    /// Resume what a partner gets
    Enable {
        /// What programs call it
        slug: String,
    },
    /// Add, list and change where partners are told of changes by webhook
    Endpoint(endpoint::Arguments),
}

#[derive(clap::Args)]
struct Given {
    /// Whom to write to when something is wrong
    #[arg(long)]
    contact: Option<String>,
    /// How much it may ask for: a tier of the configuration
    #[arg(long)]
    tier: Option<String>,
    /// Only these languages; "" for all
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    languages: Option<Vec<String>>,
    /// Only these sections (sec_…) and what is below them; "" for all
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    sections: Option<Vec<String>>,
    /// Only these kinds, such as NEWS,ANALYSIS; "" for all
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    kinds: Option<Vec<String>>,
    /// Whether it gets the whole text, or headline, deks and summary
    #[arg(long, value_name = "true|false")]
    full_text: Option<bool>,
    /// Whether it gets pictures
    #[arg(long, value_name = "true|false")]
    images: Option<bool>,
    /// How many minutes before its embargo ends a planned story comes
    #[arg(long, value_name = "MINUTES")]
    lead_minutes: Option<u32>,
    /// Where it publishes: two letters of ISO 3166-1; "" for nowhere in particular
    #[arg(long)]
    territory: Option<String>,
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let command = match arguments.command {
        Command::Endpoint(arguments) => return endpoint::run(config, arguments).await,
        command => command,
    };
    let app = super::at_database(&config, App::open(&config).await)?;
    let actor = Actor::system(super::OPERATOR);
    if let Command::List { json } = command {
        return list(&app, &actor, json).await;
    }
    let as_json = matches!(command, Command::Add { json: true, .. });
    let partner = change(&app, &actor, command).await?;
    say(if as_json { row(&partner)?.to_string() } else { line(&partner) });
    Ok(ExitCode::SUCCESS)
}

async fn change(app: &App, actor: &Actor, command: Command) -> Result<Partner> {
    let mut work = app.begin(actor).await?;
    let partner = match command {
        Command::Add { slug, name, given, .. } => {
            let tier = given.tier.clone().unwrap_or_else(|| "standard".to_owned());
            let contact = given.contact.clone().unwrap_or_default();
            let facts = Facts { name, contact, tier, terms: given.terms(Terms::default())? };
            work.add_partner(NewPartner { slug, facts }, app.languages()).await?
        }
        Command::Set { slug, name, given } => {
            let known = app.partners(actor).await?.into_iter().find(|partner| partner.slug == slug);
            let missing = || Error::NotFound { kind: "partner", id: slug.clone() };
            let terms = given.terms(known.ok_or_else(missing)?.facts.terms)?;
            let patch = PartnerPatch { name, contact: given.contact, tier: given.tier, terms: Some(terms) };
            work.change_partner(Err(&slug), None, patch, app.languages()).await?
        }
        Command::Disable { slug } => work.enable_partner(Err(&slug), false).await?,
        Command::Enable { slug } => work.enable_partner(Err(&slug), true).await?,
        Command::List { .. } | Command::Endpoint(_) => return Err(Error::internal("this changes nothing")),
    };
    work.commit().await?;
    Ok(partner)
}

async fn list(app: &App, actor: &Actor, json: bool) -> Result<ExitCode> {
    let partners = app.partners(actor).await?;
    if json {
        let rows = partners.iter().map(row).collect::<Result<Vec<Value>>>()?;
        say(serde_json::to_string_pretty(&rows).map_err(Error::internal)?);
    } else {
        partners.iter().for_each(|partner| say(line(partner)));
    }
    Ok(ExitCode::SUCCESS)
}

impl Given {
    /// The terms that were, with what was given.
    fn terms(&self, terms: Terms) -> Result<Terms> {
        let territory = match self.territory.as_deref() {
            None => terms.territory,
            Some("") => None,
            Some(territory) => Some(territory.to_owned()),
        };
        Ok(Terms {
            languages: several::<LanguageTag>("--languages", self.languages.as_deref(), terms.languages)?,
            sections: several::<SectionId>("--sections", self.sections.as_deref(), terms.sections)?,
            kinds: several::<Kind>("--kinds", self.kinds.as_deref(), terms.kinds)?,
            full_text: self.full_text.unwrap_or(terms.full_text),
            images: self.images.unwrap_or(terms.images),
            lead_minutes: self.lead_minutes.unwrap_or(terms.lead_minutes),
            territory,
        })
    }
}

/// What was given, or what was; an empty text is none.
fn several<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &str,
    given: Option<&[String]>,
    was: Vec<T>,
) -> Result<Vec<T>> {
    let Some(given) = given else { return Ok(was) };
    let texts = given.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    texts.map(|text| text.parse().map_err(|error| Error::invalid(name, error))).collect()
}

fn line(partner: &Partner) -> String {
    let disabled = partner.disabled_at.map(|at| format!("  (disabled {})", at.date())).unwrap_or_default();
    format!("{}  {}  {}  {}{disabled}", partner.slug, partner.id, partner.facts.tier, partner.facts.name)
}

fn row(partner: &Partner) -> Result<Value> {
    let text = |at: time::OffsetDateTime| at.format(&Rfc3339).map_err(Error::internal);
    let Facts { name, contact, tier, terms } = &partner.facts;
    Ok(json!({
        "id": partner.id,
        "slug": partner.slug,
        "name": name,
        "contact": contact,
        "tier": tier,
        "languages": terms.languages,
        "sections": terms.sections,
        "kinds": terms.kinds,
        "fullText": terms.full_text,
        "images": terms.images,
        "leadMinutes": terms.lead_minutes,
        "territory": terms.territory,
        "createdAt": text(partner.created_at)?,
        "updatedAt": text(partner.updated_at)?,
        "disabledAt": partner.disabled_at.map(text).transpose()?,
    }))
}
