//! `byline keys`: what access tokens are signed with.

use super::say;
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::domain::credential::{SigningKey, signing};
use crate::error::{Error, Result};
use crate::service::App;
use serde_json::{Value, json};
use std::process::ExitCode;
use time::format_description::well_known::Rfc3339;

/// Create, list, rotate and retire the keys that sign access tokens
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make a key that is published now and signs from the next rotation on
    Create,
    /// List the keys and what they do
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Let the newest key sign; tokens of the former ones still count
    Rotate,
    /// Believe nothing any more that a key signed
    Retire {
        /// Its name in tokens (`kid`)
        kid: String,
    },
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let app = super::at_database(&config, App::open(&config).await)?;
    let actor = Actor::system(super::OPERATOR);
    match arguments.command {
        Command::Create => say(app.create_signing_key(&actor).await?.id),
        Command::Rotate => say(app.rotate_signing_keys(&actor).await?),
        Command::Retire { kid } => {
            app.retire_signing_key(&actor, &kid).await?;
            say(format!("retired {kid}"));
        }
        Command::List { json } => list(&app.signing_keys().await?, json)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(keys: &[SigningKey], json: bool) -> Result<()> {
    let now = signing(keys).map(|key| key.id.as_str());
    let state = |key: &SigningKey| match key {
        SigningKey { retired_at: Some(_), .. } => "retired",
        SigningKey { signs_since: None, .. } => "waiting",
        key if now == Some(key.id.as_str()) => "signing",
        _ => "believed",
    };
    let mut rows: Vec<Value> = Vec::new();
    for key in keys {
        let created = key.created_at.format(&Rfc3339).map_err(Error::internal)?;
        if json {
            rows.push(json!({"kid": key.id, "algorithm": key.algorithm, "state": state(key), "createdAt": created}));
        } else {
            say(format!("{}  {}  {:<8}  {created}", key.id, key.algorithm, state(key)));
        }
    }
    if json {
        say(serde_json::to_string_pretty(&rows).map_err(Error::internal)?);
    }
    Ok(())
}
