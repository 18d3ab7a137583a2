//! The command line: one file per command. Exit codes: 0 done, 1 failed, 2 wrong use.

mod config;
mod demo;
mod endpoint;
mod import;
mod key;
mod keys;
mod ledger;
mod logging;
mod migrate;
mod partner;
mod schema;
mod serve;
mod user;

use crate::config::{Config, Flags, without_password};
use crate::error::{Error, Result};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A headless content API for newsrooms that publish in more than one language.
#[derive(Parser)]
#[command(name = "byline", version, propagate_version = true, after_help = AFTER_HELP)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Try it:
  byline demo                     a sample newsroom on an embedded database, served on http://127.0.0.1:8080
  byline import wordpress FILE    bring your own stories
  byline serve                    serve them

Configuration comes from ./byline.toml, the environment (BYLINE_LISTEN=0.0.0.0:80) and flags; `byline config` shows it.
Exit codes: 0 done, 1 failed, 2 wrong use.";

#[derive(Subcommand)]
enum Command {
    /// Serve the API
    Serve,
    /// Serve a sample newsroom on an embedded database
    Demo,
    /// Bring content in from elsewhere
    Import(import::Arguments),
    /// Show or change the tables of the database
    Migrate(migrate::Arguments),
    /// Add, list and change the people who sign in
    User(user::Arguments),
    /// Issue, list and revoke the API keys of programs
    Key(key::Arguments),
    /// Create, list, rotate and retire the keys that sign access tokens
    Keys(keys::Arguments),
    /// Manage partners
    Partner(partner::Arguments),
    /// Show who was told of corrections, withdrawals and retractions, and when
    Ledger(ledger::Ledger),
    /// Show what partners received, for invoices
    Usage(ledger::Usage),
    /// Print the GraphQL schema, or the description of the JSON API
    Schema(schema::Arguments),
    /// Print the effective configuration and where each value comes from
    Config(config::Arguments),
}

/// Runs the command that was asked for.
pub fn main() -> ExitCode {
    let Cli { flags, command } = Cli::parse();
    match run(&flags, command) {
        Ok(code) => code,
        Err(error) => {
            match (&error, error.cause()) {
                // The words are for clients of the API; who runs the service needs the cause.
                (Error::Unavailable(_), Some(cause)) => eprintln!("byline: {cause}"),
                (_, Some(cause)) => eprintln!("byline: {error}\n  {cause}"),
                (_, None) => eprintln!("byline: {error}"),
            }
            let wrong_use = matches!(error, Error::Invalid(_) | Error::NotFound { .. });
            ExitCode::from(if wrong_use { 2 } else { 1 })
        }
    }
}

fn run(flags: &Flags, command: Command) -> Result<ExitCode> {
    match command {
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Config(arguments) => config::run(flags, &arguments),
        Command::Serve => within(flags, serve::run),
        Command::Demo => within(flags, demo::run),
        Command::Import(arguments) => within(flags, |config| import::run(config, arguments)),
        Command::User(arguments) => within(flags, |config| user::run(config, arguments)),
        Command::Key(arguments) => within(flags, |config| key::run(config, arguments)),
        Command::Keys(arguments) => within(flags, |config| keys::run(config, arguments)),
        Command::Partner(arguments) => within(flags, |config| partner::run(config, arguments)),
        Command::Ledger(arguments) => within(flags, |config| ledger::run(config, arguments)),
        Command::Usage(arguments) => within(flags, |config| ledger::run_usage(config, arguments)),
        Command::Migrate(arguments) => within(flags, |config| migrate::run(config, arguments)),
    }
}

/// Loads the configuration, starts the log, and runs an asynchronous command to its end.
fn within<F: Future<Output = Result<ExitCode>>>(flags: &Flags, command: impl FnOnce(Config) -> F) -> Result<ExitCode> {
    let config = Config::load(flags)?;
    logging::start(&config.log)?;
    let system = actix_web::rt::System::new();
    system.block_on(command(config))
}

/// Says which database it is that does not answer.
fn at_database<T>(config: &Config, result: Result<T>) -> Result<T> {
    result.map_err(|error| match (&error, error.cause()) {
        (Error::Unavailable(_), Some(cause)) => {
            Error::Unavailable(format!("{}: {cause}", without_password(&config.database())).into())
        }
        _ => error,
    })
}

/// Who acts from the command line.
const OPERATOR: &str = "command line";

/// Prints a line. A reader that went away, as `head` does, is no reason to fail.
fn say(line: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
