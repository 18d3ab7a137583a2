//! `byline demo`: a sample newsroom, served.

use crate::config::Config;
use crate::error::Result;
use crate::http;
use crate::service::App;
use std::process::ExitCode;

/// Fills an empty database with the sample newsroom and serves it.
pub async fn run(mut config: Config) -> Result<ExitCode> {
    if config.http.cors_origins.is_empty() {
        // So that the reader page of `examples/` works from a file or another port.
        config.http.cors_origins = vec!["*".to_owned()];
    }
    let app = App::open(&config).await?;
    let listener = http::listen(&config)?;
    http::serve(config, app, listener, |address| println!("byline listens on http://{address}")).await?;
    Ok(ExitCode::SUCCESS)
}
