//! `byline config`: what is in force, and why.

use crate::config::{Config, Flags, settings};
use crate::error::{Error, Result};
use std::process::ExitCode;

/// Print the effective configuration and where each value comes from
#[derive(clap::Args)]
pub struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Prints every value with its source, secrets hidden. A wrong configuration is an error here, too.
pub fn run(flags: &Flags, arguments: &Arguments) -> Result<ExitCode> {
    super::logging::filter(&Config::load(flags)?.log)?;
    let settings = settings(flags)?;
    if arguments.json {
        super::say(serde_json::to_string_pretty(&settings).map_err(Error::internal)?);
        return Ok(ExitCode::SUCCESS);
    }
    let width = settings.iter().map(|setting| setting.key.len()).max().unwrap_or_default();
    for setting in settings {
        super::say(format!("{:width$} = {}  # {}", setting.key, setting.value, setting.source));
    }
    Ok(ExitCode::SUCCESS)
}
