//! `byline user`: the people of the newsroom.

use super::say;
use crate::config::Config;
use crate::domain::actor::{Actor, Role};
use crate::domain::credential::Account;
use crate::error::{Error, Result};
use crate::service::{App, NewAccount};
use serde_json::json;
use std::io::{BufRead, IsTerminal, Read};
use std::process::ExitCode;
use time::format_description::well_known::Rfc3339;

/// Add, list and change the people who sign in
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add somebody; the first administrator, too
    Add {
        /// How they sign in
        email: String,
        /// The name that colleagues see
        #[arg(long)]
        name: String,
        /// READER, REPORTER, TRANSLATOR, EDITOR or ADMIN
        #[arg(long)]
        role: Role,
        #[command(flatten)]
        password: Password,
    },
    /// List everybody
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Let somebody sign in no more; ends their sessions
    Disable {
        /// E-mail address or id
        who: String,
    },
    /// Let somebody sign in again
    Enable {
        /// E-mail address or id
        who: String,
    },
    /// Give somebody another role
    SetRole {
        /// E-mail address or id
        who: String,
        /// READER, REPORTER, TRANSLATOR, EDITOR or ADMIN
        role: Role,
    },
    /// Give somebody another password; ends their sessions
    SetPassword {
        /// E-mail address or id
        who: String,
        #[command(flatten)]
        password: Password,
    },
}

#[derive(clap::Args)]
struct Password {
    /// Read the password from standard input instead of asking for it
    #[arg(long)]
    password_stdin: bool,
}

impl Password {
    /// Never an argument: those are seen by everybody on the machine, and kept in the shell's history.
    fn read(&self) -> Result<String> {
        if self.password_stdin {
            let mut line = String::new();
            std::io::stdin().lock().take(64 * 1024).read_line(&mut line).map_err(unread)?;
            return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
        }
        if !std::io::stdin().is_terminal() {
            return Err(Error::invalid("--password-stdin", "is needed where nobody can be asked"));
        }
        let password = rpassword::prompt_password("Password: ").map_err(unread)?;
        if rpassword::prompt_password("Once more: ").map_err(unread)? != password {
            return Err(Error::invalid("password", "was not the same the second time"));
        }
        Ok(password)
    }
}

fn unread(error: std::io::Error) -> Error {
    Error::invalid("password", error)
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let app = super::at_database(&config, App::open(&config).await)?;
    let actor = Actor::system(super::OPERATOR);
    let changed = match arguments.command {
        Command::List { json } => return list(&app.accounts().await?, json),
        Command::Add { email, name, role, password } => {
            let password = password.read()?;
            let new = NewAccount { email: &email, name: &name, role, password: &password };
            app.add_account(&actor, new).await?
        }
        Command::Disable { who } => app.disable_account(&actor, &who).await?,
        Command::Enable { who } => app.enable_account(&actor, &who).await?,
        Command::SetRole { who, role } => app.set_role(&actor, &who, role).await?,
        Command::SetPassword { who, password } => app.set_password(&actor, &who, &password.read()?).await?,
    };
    say(line(&changed));
    Ok(ExitCode::SUCCESS)
}

fn state(account: &Account) -> &'static str {
    if account.disabled_at.is_some() { "disabled" } else { "enabled" }
}

fn line(account: &Account) -> String {
    let Account { id, role, name, .. } = account;
    let email = account.email.as_deref().unwrap_or("-");
    let issuer = account.issuer.as_deref().map(|issuer| format!("  {issuer}")).unwrap_or_default();
    format!("{id}  {:<8}  {:<10}  {email}  {name}{issuer}", state(account), role.as_str())
}

fn list(accounts: &[Account], json: bool) -> Result<ExitCode> {
    if !json {
        accounts.iter().for_each(|account| say(line(account)));
        return Ok(ExitCode::SUCCESS);
    }
    let row = |account: &Account| {
        Ok(json!({
            "id": account.id,
            "email": account.email,
            "name": account.name,
            "role": account.role,
            "issuer": account.issuer,
            "disabled": account.disabled_at.is_some(),
            "createdAt": account.created_at.format(&Rfc3339).map_err(Error::internal)?,
        }))
    };
    let rows: Vec<_> = accounts.iter().map(row).collect::<Result<_>>()?;
    say(serde_json::to_string_pretty(&rows).map_err(Error::internal)?);
    Ok(ExitCode::SUCCESS)
}
