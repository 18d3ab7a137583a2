//! `byline schema`: the public contract.

use crate::error::Result;
use std::process::ExitCode;

/// Prints the schema.
pub fn run() -> Result<ExitCode> {
    super::say(crate::graphql::sdl().trim_end());
    Ok(ExitCode::SUCCESS)
}
