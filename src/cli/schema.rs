//! `byline schema`: the public contracts.

use crate::error::Result;
use std::process::ExitCode;

/// What to print.
#[derive(clap::Args)]
pub struct Arguments {
    /// Print the OpenAPI description of the JSON API instead of the GraphQL schema
    #[arg(long)]
    openapi: bool,
}

/// Prints a contract.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let text = if arguments.openapi { crate::http::description() } else { crate::graphql::sdl() };
    super::say(text.trim_end());
    Ok(ExitCode::SUCCESS)
}
