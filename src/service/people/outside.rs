//! People who sign in elsewhere: they get an account here when they are first seen, so that they can be named,
//! audited and disabled like everybody else.

use crate::auth::outside::{Issuer, Outsider};
use crate::auth::token::Unverified;
use crate::domain::actor::{Actor, Who};
use crate::domain::credential::Account;
use crate::domain::ids::UserId;
use crate::error::{Error, Result};
use crate::service::App;
use crate::store::people::accounts::{self, Named};
use serde_json::json;
use std::sync::Arc;

impl App {
    /// Who shows a token of an issuer outside.
    pub(super) async fn outsider(&self, issuer: &Arc<Issuer>, token: &str, says: &Unverified) -> Result<Actor> {
        let outsider = issuer.read(token, says, self.now()).await?;
        let name = &issuer.rules.issuer;
        let named = Named::Outside { issuer: name, subject: &outsider.subject };
        let found = accounts::read(&self.db.session(), named).await?;
        let account = match found {
            // Nothing more is written of somebody who is disabled.
            Some(account) if account.disabled_at.is_some() || is_same(&account, &outsider) => account,
            _ => self.note_outsider(name, &outsider).await?,
        };
        if account.disabled_at.is_some() {
            return Err(Error::Unauthenticated("the account is disabled".into()));
        }
        Ok(Who::Person(account.person()).into())
    }

    /// Adds somebody who was not seen before, or writes what their issuer says of them now.
    async fn note_outsider(&self, issuer: &str, outsider: &Outsider) -> Result<Account> {
        let work = self.begin(&Actor::system(format!("issuer {issuer}"))).await?;
        let named = Named::Outside { issuer, subject: &outsider.subject };
        let new = Account {
            id: UserId::new(),
            email: outsider.email.clone(),
            name: outsider.name.clone(),
            role: outsider.role,
            issuer: Some(issuer.to_owned()),
            created_at: work.now,
            disabled_at: None,
        };
        let detail = json!({"email": new.email, "name": new.name, "role": new.role, "subject": outsider.subject});
        accounts::insert(&work.tx, &new, Some(&outsider.subject), None).await?;
        let missing = || Error::internal("a person who was just added is not there");
        let (mut account, _) = accounts::lock(&work.tx, named).await?.ok_or_else(missing)?;
        if account.id == new.id {
            work.note_detail("user.add", account.id.0, detail).await?;
        } else if !is_same(&account, outsider) {
            (account.email, account.name, account.role) = (new.email, new.name, new.role);
            accounts::update(&work.tx, &account, work.now).await?;
            work.note_detail("user.update", account.id.0, detail).await?;
        }
        work.commit().await?;
        Ok(account)
    }
}

fn is_same(account: &Account, outsider: &Outsider) -> bool {
    account.role == outsider.role && account.name == outsider.name && account.email == outsider.email
}
