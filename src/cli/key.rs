//! `byline key`: keys that programs sign in with.

use super::say;
use crate::config::Config;
use crate::domain::actor::{Actor, Scope};
use crate::domain::credential::ApiKey;
use crate::domain::ids::SectionId;
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use crate::service::{App, NewApiKey};
use serde_json::{Value, json};
use std::process::ExitCode;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// Issue, list and revoke the API keys of programs
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Issue a key; it is shown once
    Issue(Issue),
    /// List the keys by their prefixes
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// End a key at once
    Revoke {
        /// Its prefix or id
        key: String,
    },
}

#[derive(clap::Args)]
struct Issue {
    /// What it is for
    name: String,
    /// READ_PUBLISHED, READ_DRAFTS, WRITE, PUBLISH, IMPORT; several parted by commas
    #[arg(long, required_unless_present = "partner", value_delimiter = ',')]
    scopes: Vec<Scope>,
    /// The key of this partner; it reads what is published, and the partner's deliveries
    #[arg(long, value_name = "SLUG")]
    partner: Option<String>,
    /// Only these languages
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    languages: Vec<LanguageTag>,
    /// Only these sections (sec_…) and what is below them
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    sections: Vec<SectionId>,
    /// When it ends by itself: 2027-01-31T00:00:00+09:00
    #[arg(long, value_name = "TIME", conflicts_with = "days")]
    expires: Option<String>,
    /// After how many days it ends by itself
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    days: Option<u16>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let app = super::at_database(&config, App::open(&config).await)?;
    let actor = Actor::system(super::OPERATOR);
    match arguments.command {
        Command::Issue(issue) => return issue_key(&app, &actor, issue).await,
        Command::List { json: false } => app.api_keys().await?.iter().for_each(|key| say(line(key))),
        Command::List { json: true } => {
            let rows: Vec<Value> = app.api_keys().await?.iter().map(row).collect::<Result<_>>()?;
            say(serde_json::to_string_pretty(&rows).map_err(Error::internal)?);
        }
        Command::Revoke { key } => {
            let key = app.revoke_api_key(&actor, &key).await?;
            say(format!("revoked byl_{} ({})", key.prefix, key.name));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn issue_key(app: &App, actor: &Actor, issue: Issue) -> Result<ExitCode> {
    let at = |text: &String| OffsetDateTime::parse(text, &Rfc3339).map_err(|error| Error::invalid("--expires", error));
    let expires_at = match issue.days {
        Some(days) => Some(app.now() + Duration::days(days.into())),
        None => issue.expires.as_ref().map(at).transpose()?,
    };
    let Issue { name, mut scopes, languages, sections, json, partner, .. } = issue;
    let partner = match partner {
        Some(slug) => Some(app.partner_named(actor, &slug).await?),
        None => None,
    };
    if partner.is_some() && scopes.is_empty() {
        scopes.push(Scope::ReadPublished);
    }
    let new = NewApiKey { name, scopes, languages, sections, expires_at, partner };
    let (key, text) = app.issue_api_key(actor, new).await?;
    if json {
        let mut row = row(&key)?;
        if let Some(fields) = row.as_object_mut() {
            fields.insert("key".into(), text.into());
        }
        say(serde_json::to_string_pretty(&row).map_err(Error::internal)?);
    } else {
        // What a script would read is alone on standard output.
        eprintln!("Keep this key where secrets are kept: it is not shown again.");
        say(text);
    }
    Ok(ExitCode::SUCCESS)
}

fn state(key: &ApiKey) -> String {
    let day = |at: Option<OffsetDateTime>| at.map(|at| at.date().to_string());
    let used = day(key.used_at).map_or_else(|| "never used".to_owned(), |day| format!("used {day}"));
    match (day(key.revoked_at), day(key.expires_at)) {
        (Some(day), _) => format!("revoked {day}"),
        (None, Some(day)) => format!("{used}, until {day}"),
        (None, None) => used,
    }
}

fn line(key: &ApiKey) -> String {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    format!("byl_{}  {}  {}  {}  ({})", key.prefix, key.id, scopes.join(","), key.name, state(key))
}

fn row(key: &ApiKey) -> Result<Value> {
    let text = |at: OffsetDateTime| at.format(&Rfc3339).map_err(Error::internal);
    let maybe = |at: Option<OffsetDateTime>| at.map(text).transpose();
    Ok(json!({
        "id": key.id,
        "name": key.name,
        "prefix": format!("byl_{}", key.prefix),
        "scopes": key.scopes,
        "languages": key.languages,
        "sections": key.sections,
        "createdAt": text(key.created_at)?,
        "expiresAt": maybe(key.expires_at)?,
        "revokedAt": maybe(key.revoked_at)?,
        "lastUsedAt": maybe(key.used_at)?,
    }))
}
