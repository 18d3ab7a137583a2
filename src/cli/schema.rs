//! `byline schema`: the public contract.

use crate::error::Result;
use std::process::ExitCode;

/// Prints the schema.
pub fn run() -> Result<ExitCode> {
    print!("{}", crate::graphql::sdl());
    Ok(ExitCode::SUCCESS)
}
