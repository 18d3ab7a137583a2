//! `byline partner`: those outside who copy stories.

use super::endpoint;
use crate::config::Config;
use crate::error::Result;
use std::process::ExitCode;

/// Manage the endpoints of partners
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add, list and change where partners are told of changes by webhook
    Endpoint(endpoint::Arguments),
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    match arguments.command {
        Command::Endpoint(arguments) => endpoint::run(config, arguments).await,
    }
}
