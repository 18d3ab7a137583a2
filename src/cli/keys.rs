//! `byline keys`: the keys that sign access tokens.

use super::{operate, say};
use crate::config::Config;
use crate::error::Result;
use crate::service::App;
use std::process::ExitCode;
use time::format_description::well_known::Rfc3339;

/// Make, list and retire the keys that sign access tokens
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make a key that signs from now on; tokens of the older ones stay valid until those are retired
    Rotate,
    /// List the keys that are accepted, the oldest first; the last one signs
    List,
    /// Refuse tokens of a key from now on
    Retire {
        /// The key's name, as the list shows it
        kid: String,
    },
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let app = super::at_database(&config, App::open(&config).await)?;
    match arguments.command {
        Command::Rotate => {
            let kid = operate(&app).await?.make_signing_key(false).await?;
            say(format!(
                "{kid} signs from now on; retire the older ones in 15 minutes, when their tokens have expired"
            ));
        }
        Command::List => {
            for (kid, at) in app.list_signing_keys().await? {
                say(format!("{kid} {}", at.format(&Rfc3339).unwrap_or_default()));
            }
        }
        Command::Retire { kid } => {
            let mut work = operate(&app).await?;
            work.retire_signing_key(&kid).await?;
            work.commit().await?;
            say(format!("{kid} is retired"));
        }
    }
    Ok(ExitCode::SUCCESS)
}
