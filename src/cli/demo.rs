//! `byline demo`: a sample newsroom, served.

use super::say;
use crate::config::Config;
use crate::domain::published::ChangeFilter;
use crate::error::{Error, Result};
use crate::http;
use crate::import::{Options, Silent, markdown};
use crate::service::App;
use include_dir::{Dir, include_dir};
use std::process::ExitCode;

/// The newsroom, and an update that its desk made afterwards: one Korean story changed, its translation did not.
const NEWSROOM: [Dir<'_>; 2] = [
    include_dir!("$CARGO_MANIFEST_DIR/examples/newsroom"),
    include_dir!("$CARGO_MANIFEST_DIR/examples/newsroom-later"),
];

/// Fills an empty database with the sample newsroom and serves it. Starting again keeps what is there.
pub async fn run(mut config: Config) -> Result<ExitCode> {
    if config.http.cors_origins.is_empty() {
        // So that the reader page of `examples/` works from another port.
        config.http.cors_origins = vec!["*".to_owned()];
    }
    let listener = http::listen(&config)?;
    let app = super::at_database(&config, App::open(&config).await)?;
    if app.reader().changes(crate::domain::ids::EventId(0), &ChangeFilter::default(), 1).await?.is_empty() {
        fill(&app, &config).await?;
    }
    http::serve(config, app, listener, |address| say(welcome(&format!("http://{address}")))).await?;
    Ok(ExitCode::SUCCESS)
}

async fn fill(app: &App, config: &Config) -> Result<()> {
    let folder = config.data_dir.join("sample");
    for newsroom in &NEWSROOM {
        std::fs::create_dir_all(&folder).map_err(Error::internal)?;
        newsroom.extract(&folder).map_err(Error::internal)?;
        let report = markdown::run(app, &config.import, &folder, &Options::default(), &Silent).await?;
        std::fs::remove_dir_all(&folder).map_err(Error::internal)?;
        if !report.is_complete() {
            return Err(Error::internal("the sample newsroom could not be imported"));
        }
    }
    Ok(())
}

fn welcome(address: &str) -> String {
    format!(
        r#"byline listens on {address}

  explorer   {address}/explorer
  GraphQL    {address}/graphql

Two queries to paste:

  curl {address}/graphql -H 'content-type: application/json' -d '{{"query":
    "{{ articles(language: \"en\", fallback: true, first: 5) {{ totalCount edges {{ servedAsFallback variant {{ language title canonicalPath }} }} }} }}"}}'

  curl {address}/graphql -H 'content-type: application/json' -d '{{"query":
    "{{ article(by: {{ slug: {{ slug: \"electric-ferry-first-year\", language: \"en\" }} }}) {{ alternates {{ language title }} variant(language: \"en\") {{ title deks translation {{ origin isStale }} body {{ text }} }} related(language: \"en\") {{ edges {{ reason variant {{ title }} }} }} }} }}"}}'

Ctrl-C stops it; what is in the data folder stays.
"#
    )
}
