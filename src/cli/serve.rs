//! `byline serve`: the API.

use crate::config::Config;
use crate::error::Result;
use crate::http;
use crate::service::App;
use std::process::ExitCode;

/// Serves until told to stop.
pub async fn run(config: Config) -> Result<ExitCode> {
    let listener = http::listen(&config)?;
    let app = super::at_database(&config, App::open(&config).await)?;
    let database = app.db().kind();
    http::serve(config, app, listener, |address| {
        // For people and for scripts that start us on port 0; the log goes to standard error.
        super::say(format!("byline listens on http://{address}"));
        tracing::info!(%address, database, "serving");
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}
