//! `byline user`: the people of the newsroom.

use super::{operate, say};
use crate::config::Config;
use crate::domain::actor::Role;
use crate::error::{Error, Result};
use crate::service::{Account, App};
use serde_json::json;
use std::io::{IsTerminal, Read};
use std::process::ExitCode;

/// Add, list and change the people of the newsroom
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add a person; the password is asked for, or read from standard input where that is no terminal
    Add {
        /// How they sign in
        email: String,
        /// The name that colleagues see
        #[arg(long)]
        name: String,
        /// READER, REPORTER, TRANSLATOR, EDITOR or ADMIN
        #[arg(long)]
        role: Role,
    },
    /// List the people
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Lock a person out at once
    Disable {
        /// Whom
        email: String,
    },
    /// Let a person in again
    Enable {
        /// Whom
        email: String,
    },
    /// Change what a person may do
    SetRole {
        /// Whose
        email: String,
        /// READER, REPORTER, TRANSLATOR, EDITOR or ADMIN
        role: Role,
    },
    /// Change a password, and end all sessions of the old one
    SetPassword {
        /// Whose
        email: String,
    },
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let app = super::at_database(&config, App::open(&config).await)?;
    match arguments.command {
        Command::Add { email, name, role } => {
            let hash = app.hash_password(&password()?).await?;
            let mut work = operate(&app).await?;
            let id = work.add_user(&email, &name, role, Some(hash)).await?;
            work.commit().await?;
            say(format!("added {id} {email} as {role}"));
        }
        Command::List { json } => list(&app.list_users().await?, json),
        Command::Disable { email } => {
            let mut work = operate(&app).await?;
            work.disable_user(&email, true).await?;
            work.commit().await?;
            say(format!("{email} is locked out"));
        }
        Command::Enable { email } => {
            let mut work = operate(&app).await?;
            work.disable_user(&email, false).await?;
            work.commit().await?;
            say(format!("{email} may sign in again"));
        }
        Command::SetRole { email, role } => {
            let mut work = operate(&app).await?;
            work.set_role(&email, role).await?;
            work.commit().await?;
            say(format!("{email} is {role} now"));
        }
        Command::SetPassword { email } => {
            let hash = app.hash_password(&password()?).await?;
            let mut work = operate(&app).await?;
            work.set_password(&email, hash).await?;
            work.commit().await?;
            say(format!("{email} has a new password; all sessions ended"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Never an argument: those are seen by every other user of the machine.
fn password() -> Result<String> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ").map_err(Error::internal);
    }
    let mut text = String::new();
    std::io::stdin().take(1_000).read_to_string(&mut text).map_err(|error| Error::invalid("password", error))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn list(accounts: &[Account], as_json: bool) {
    if as_json {
        let row = |account: &Account| {
            json!({"id": account.person.id, "email": account.email, "name": account.person.name,
                   "role": account.person.role, "disabled": account.disabled_at.is_some()})
        };
        say(json!(accounts.iter().map(row).collect::<Vec<_>>()));
        return;
    }
    for Account { person, email, disabled_at, .. } in accounts {
        let disabled = if disabled_at.is_some() { "  (locked out)" } else { "" };
        say(format!("{} {:<10} {email}  {}{disabled}", person.id, person.role.as_str(), person.name));
    }
}
