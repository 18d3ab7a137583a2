//! `byline import`: content of other systems in.

use crate::config::Config;
use crate::error::Result;
use std::process::ExitCode;

/// Bring content in from elsewhere
#[derive(clap::Args)]
pub struct Arguments {}

/// Runs an import.
pub async fn run(_config: Config, _arguments: Arguments) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
