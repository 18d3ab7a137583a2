//! People: added, changed, disabled.

use crate::domain::actor::{Actor, Role};
use crate::domain::credential::Account;
use crate::domain::ids::UserId;
use crate::error::{Error, FieldError, Result};
use crate::service::{App, Work};
use crate::store::people::accounts::{self, Named};
use crate::store::people::sessions;
use serde_json::json;

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;

/// Somebody to add.
#[derive(Debug)]
pub struct NewAccount<'a> {
    /// Their address; upper and lower case are alike.
    pub email: &'a str,
    /// The name that colleagues see.
    pub name: &'a str,
    /// What they may do.
    pub role: Role,
    /// How they sign in.
    pub password: &'a str,
}

impl App {
    /// Everybody, in the order in which they were added.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        accounts::list(&self.db.session()).await
    }

    /// Adds somebody.
    pub async fn add_account(&self, actor: &Actor, new: NewAccount<'_>) -> Result<Account> {
        let email = address(new.email)?;
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(Error::invalid("name", format!("must have 1 to {LONGEST_NAME} characters")));
        }
        let hash = self.auth.passwords.hash(new.password).await?;
        let work = self.begin(actor).await?;
        if accounts::lock(&work.tx, Named::Email(&email)).await?.is_some() {
            return Err(taken(&email));
        }
        let account = Account {
            id: UserId::new(),
            email: Some(email.clone()),
            name: name.to_owned(),
            role: new.role,
            issuer: None,
            created_at: work.now,
            disabled_at: None,
        };
        accounts::insert(&work.tx, &account, None, Some(&hash)).await?;
        // Somebody may have taken the address at the same moment.
        let added = accounts::lock(&work.tx, Named::Id(account.id)).await?;
        added.ok_or_else(|| taken(&email))?;
        let detail = json!({"email": email, "name": name, "role": new.role});
        work.note_detail("user.add", account.id.0, detail).await?;
        work.commit().await?;
        Ok(account)
    }

    /// Lets nobody sign in as that person any more, and ends what they began.
    pub async fn disable_account(&self, actor: &Actor, named: &str) -> Result<Account> {
        let work = self.begin(actor).await?;
        let mut account = work.account(named).await?;
        account.disabled_at = Some(account.disabled_at.unwrap_or(work.now));
        work.change("user.disable", &account, json!({})).await?;
        work.commit().await?;
        Ok(account)
    }

    /// Lets them sign in again.
    pub async fn enable_account(&self, actor: &Actor, named: &str) -> Result<Account> {
        let work = self.begin(actor).await?;
        let mut account = work.account(named).await?;
        account.disabled_at = None;
        accounts::update(&work.tx, &account, work.now).await?;
        work.note_detail("user.enable", account.id.0, json!({})).await?;
        work.commit().await?;
        Ok(account)
    }

    /// Gives a person another role. Their tokens of the former one change nothing any more.
    pub async fn set_role(&self, actor: &Actor, named: &str, role: Role) -> Result<Account> {
        let work = self.begin(actor).await?;
        let mut account = work.local_account(named).await?;
        let before = std::mem::replace(&mut account.role, role);
        accounts::update(&work.tx, &account, work.now).await?;
        work.note_detail("user.set_role", account.id.0, json!({"before": before, "after": role})).await?;
        work.commit().await?;
        Ok(account)
    }

    /// Gives a person another password, and ends what was begun with the former one.
    pub async fn set_password(&self, actor: &Actor, named: &str, password: &str) -> Result<Account> {
        let hash = self.auth.passwords.hash(password).await?;
        let work = self.begin(actor).await?;
        let account = work.local_account(named).await?;
        accounts::set_password(&work.tx, account.id, &hash, work.now).await?;
        work.change("user.set_password", &account, json!({})).await?;
        work.commit().await?;
        Ok(account)
    }
}

impl Work {
    /// The person of that address or id.
    async fn account(&self, named: &str) -> Result<Account> {
        let lower = named.trim().to_lowercase();
        let by = lower.parse().map_or(Named::Email(&lower), Named::Id);
        let found = accounts::lock(&self.tx, by).await?;
        found.map(|(account, _)| account).ok_or_else(|| Error::NotFound { kind: "person", id: named.to_owned() })
    }

    async fn local_account(&self, named: &str) -> Result<Account> {
        let account = self.account(named).await?;
        match &account.issuer {
            Some(issuer) => Err(Error::invalid("WHO", format!("{issuer} decides that of `{named}`"))),
            None => Ok(account),
        }
    }

    /// Writes a change after which a person has to sign in again.
    async fn change(&self, action: &str, account: &Account, detail: serde_json::Value) -> Result<()> {
        accounts::update(&self.tx, account, self.now).await?;
        sessions::end_all(&self.tx, account.id, self.now).await?;
        self.note_detail(action, account.id.0, detail).await
    }
}

fn taken(email: &str) -> Error {
    let message = format!("somebody has the address `{email}` already");
    Error::Invalid(vec![FieldError { path: "email".into(), code: "TAKEN", message }])
}

/// An address as it is kept. Only writing to it would show whether it is one.
fn address(email: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let parts = email.split_once('@');
    let plausible = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if !plausible || email.len() > 254 || email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::invalid("email", format!("`{email}` is not an e-mail address")));
    }
    Ok(email)
}
