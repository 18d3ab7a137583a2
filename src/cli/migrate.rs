//! `byline migrate`: the tables of the database.

use crate::config::Config;
use crate::error::Result;
use crate::service::App;
use std::process::ExitCode;

/// Show or change the tables of the database
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Apply the migrations that are missing
    Up,
    /// Take the newest migrations back, with what is in their tables
    Down {
        /// How many
        #[arg(long, default_value_t = 1)]
        steps: u32,
    },
    /// List the migrations and whether they are applied
    Status,
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let app = super::at_database(&config, App::connect(&config).await)?;
    match arguments.command {
        Command::Up => super::say(format!("applied {} migrations", app.db().migrate_up().await?)),
        Command::Down { steps } => {
            app.db().migrate_down(steps).await?;
            super::say(format!("took {steps} migrations back"));
        }
        Command::Status => {
            for (name, applied) in app.db().migrations().await? {
                super::say(format!("{} {name}", if applied { "applied" } else { "pending" }));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
