//! Accounts of people. For administrators and the command line.

use crate::domain::actor::{Person, Role};
use crate::domain::ids::UserId;
use crate::domain::policy::{Action, Subject};
use crate::error::{Error, FieldError, Result};
use crate::service::{App, Work};
use crate::store::people::{self, Account};

/// What NIST SP 800-63B asks at least of a password that stands alone.
const SHORTEST: usize = 12;
/// Hashing more would let a stranger keep us busy.
const LONGEST: usize = 200;

impl App {
    /// All accounts, by e-mail address.
    pub async fn list_users(&self) -> Result<Vec<Account>> {
        people::list_accounts(&self.db.session()).await
    }

    /// The hash of a new password; an error where it is too short or too long.
    pub async fn hash_password(&self, password: &str) -> Result<String> {
        let length = password.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            let message = format!("must have {SHORTEST} to {LONGEST} characters, has {length}");
            return Err(Error::invalid("password", message));
        }
        self.gate.passwords.hash(password).await
    }
}

impl Work {
    /// Adds a person.
    pub async fn add_user(&mut self, email: &str, name: &str, role: Role, password: Option<String>) -> Result<UserId> {
        self.require(Action::ManagePeople, Subject::default())?;
        let email = email.trim().to_lowercase();
        let mut errors = Vec::new();
        let mut wrong = |path: &str, code, message: &str| {
            errors.push(FieldError { path: path.into(), code, message: message.into() });
        };
        if !email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.')) {
            wrong("email", "INVALID", "is not an e-mail address");
        } else if people::find_account(&self.tx, &email).await?.is_some() {
            wrong("email", "TAKEN", "has an account already");
        }
        if name.trim().is_empty() {
            wrong("name", "REQUIRED", "may not be blank");
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let person = Person { id: UserId::new(), name: name.trim().to_owned(), role };
        let id = person.id;
        let account = Account { person, email, password, disabled_at: None, created_at: self.now };
        people::insert_account(&self.tx, &account).await?;
        self.note("user.add", id.0).await?;
        Ok(id)
    }

    /// Disables an account, and ends all its sessions at once; or lets it in again.
    pub async fn disable_user(&mut self, email: &str, disable: bool) -> Result<()> {
        let mut account = self.account(email).await?;
        account.disabled_at = disable.then_some(self.now);
        people::update_account(&self.tx, &account).await?;
        if disable {
            people::end_sessions(&self.tx, None, account.person.id, self.now).await?;
        }
        self.note(if disable { "user.disable" } else { "user.enable" }, account.person.id.0).await
    }

    /// Changes what a person may do.
    pub async fn set_role(&mut self, email: &str, role: Role) -> Result<()> {
        let mut account = self.account(email).await?;
        account.person.role = role;
        people::update_account(&self.tx, &account).await?;
        let detail = serde_json::json!({ "role": role });
        self.note_with("user.set_role", account.person.id.0, [None, None], detail).await
    }

    /// Changes a password, and ends all sessions that were begun with the old one.
    pub async fn set_password(&mut self, email: &str, hash: String) -> Result<()> {
        let mut account = self.account(email).await?;
        account.password = Some(hash);
        people::update_account(&self.tx, &account).await?;
        people::end_sessions(&self.tx, None, account.person.id, self.now).await?;
        self.note("user.set_password", account.person.id.0).await
    }

    async fn account(&self, email: &str) -> Result<Account> {
        self.require(Action::ManagePeople, Subject::default())?;
        let found = people::find_account(&self.tx, &email.trim().to_lowercase()).await?;
        found.ok_or_else(|| Error::NotFound { kind: "user", id: email.to_owned() })
    }
}
