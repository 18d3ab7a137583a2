//! `byline key`: keys of frontends and programs.

use super::{operate, say};
use crate::config::Config;
use crate::domain::actor::Scope;
use crate::domain::ids::{KeyId, SectionId};
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use crate::service::{ApiKey, App, NewKey};
use serde_json::json;
use std::process::ExitCode;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Issue, list and revoke keys of frontends and programs
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Issue a key; it is shown once
    Issue {
        /// What the newsroom calls it
        name: String,
        /// READ_PUBLISHED, READ_DRAFTS, WRITE, PUBLISH, IMPORT
        #[arg(long, required = true, value_delimiter = ',')]
        scopes: Vec<Scope>,
        /// Only these languages
        #[arg(long, value_delimiter = ',')]
        languages: Vec<LanguageTag>,
        /// Only these sections (sec_…), with what is below them
        #[arg(long, value_delimiter = ',')]
        sections: Vec<SectionId>,
        /// Not valid from then on, such as 2027-01-01T00:00:00+09:00
        #[arg(long)]
        expires: Option<String>,
    },
    /// List the keys
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key at once
    Revoke {
        /// key_…
        id: KeyId,
    },
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let app = super::at_database(&config, App::open(&config).await)?;
    match arguments.command {
        Command::Issue { name, scopes, languages, sections, expires } => {
            let moment = |text: String| {
                OffsetDateTime::parse(&text, &Rfc3339).map_err(|_| {
                    Error::invalid("--expires", format!("`{text}` is not a moment such as 2027-01-01T00:00:00+09:00"))
                })
            };
            let expires_at = expires.map(moment).transpose()?;
            let mut work = operate(&app).await?;
            let (id, secret) = work.issue_key(NewKey { name, scopes, languages, sections, expires_at }).await?;
            work.commit().await?;
            say(secret);
            eprintln!("{id}: this is the only time that the key is shown");
        }
        Command::List { json } => list(&app.list_api_keys().await?, json),
        Command::Revoke { id } => {
            let mut work = operate(&app).await?;
            work.revoke_key(id).await?;
            work.commit().await?;
            say(format!("{id} is revoked"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(keys: &[ApiKey], as_json: bool) {
    let moment = |at: Option<OffsetDateTime>| at.and_then(|at| at.format(&Rfc3339).ok());
    if as_json {
        let row = |key: &ApiKey| {
            json!({"id": key.machine.id, "prefix": key.prefix, "name": key.machine.name, "scopes": key.machine.scopes,
                   "languages": key.machine.languages, "sections": key.machine.sections,
                   "expiresAt": moment(key.expires_at), "revokedAt": moment(key.revoked_at),
                   "lastUsedAt": moment(key.last_used_at)})
        };
        say(json!(keys.iter().map(row).collect::<Vec<_>>()));
        return;
    }
    for key in keys {
        let scopes: Vec<&str> = key.machine.scopes.iter().map(|scope| scope.as_str()).collect();
        let state = match (moment(key.revoked_at), moment(key.expires_at)) {
            (Some(at), _) => format!("revoked {at}"),
            (None, Some(at)) => format!("until {at}"),
            (None, None) => "valid".to_owned(),
        };
        let used = moment(key.last_used_at).unwrap_or_else(|| "never".to_owned());
        say(format!(
            "{} {}… {}  {}  {state}  used {used}",
            key.machine.id,
            key.prefix,
            key.machine.name,
            scopes.join(",")
        ));
    }
}
