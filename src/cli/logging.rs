//! The log: text for people on a terminal, a JSON object a line for programs.

use crate::config::{Log, LogFormat};
use crate::error::{Error, Result};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// What is logged.
pub fn filter(log: &Log) -> Result<EnvFilter> {
    let wrong = |error| Error::invalid("log.filter", format!("`{}`: {error}", log.filter));
    EnvFilter::try_new(&log.filter).map_err(wrong)
}

/// Begins to log to standard error.
pub fn start(log: &Log) -> Result<()> {
    let filter = filter(log)?;
    let text = match log.format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stderr().is_terminal(),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started =
        if text { builder.with_target(false).try_init() } else { builder.json().flatten_event(true).try_init() };
    started.map_err(Error::internal)
}
