//! Signing in with a password, staying signed in, signing out.

use crate::auth::{digest, secret};
use crate::domain::actor::{Actor, Who};
use crate::domain::ids::UserId;
use crate::error::{Error, Result};
use crate::service::{App, Work};
use crate::store::people::{self, Account};
use serde_json::json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How long an access token is valid.
const ACCESS: Duration = Duration::minutes(15);
/// How long a refresh token is valid; each use gives a new one.
const REFRESH: Duration = Duration::days(30);
/// How many failures of an account from one address are free.
const FREE: i64 = 5;
/// How many failures are free over all addresses of an account, and over all accounts of an address.
const FREE_IN_ALL: i64 = 20;
/// The longest lock, and for how long failures are remembered after the last one.
const LONGEST: Duration = Duration::minutes(15);

/// What signing in gives.
#[derive(Debug)]
pub struct Tokens {
    /// For the `Authorization` header.
    pub access: String,
    /// Seconds for which the access token is valid.
    pub expires_in: i64,
    /// For the next access token; used once.
    pub refresh: String,
}

impl App {
    /// Signs a person in. Unknown accounts and wrong passwords get the same answer, in the same time.
    pub async fn sign_in(&self, from: &Actor, email: &str, password: &str) -> Result<Tokens> {
        let email = email.trim().to_lowercase();
        let address = from.address.map(|address| address.to_string()).unwrap_or_default();
        // Accounts that are not there are counted, too: the answer does not tell them apart.
        let marked = digest(&email);
        let work = self.begin(from).await?;
        let account = people::find_account(&work.tx, &email).await?;
        work.not_locked(&marked, &address, account.as_ref()).await?;
        work.commit().await?;
        // Without a transaction: hashing takes its time, and SQLite has one writer.
        let stored = account.as_ref().and_then(|account| account.password.as_deref());
        let right = self.gate.passwords.verify(password.get(..1_000).unwrap_or(password), stored).await?;
        let mut work = self.begin(from).await?;
        let account = account.filter(|account| right && account.disabled_at.is_none());
        let Some(account) = account else {
            people::count_failure(&work.tx, &marked, &address, work.now, work.now - LONGEST).await?;
            work.note_with("sign_in.failed", Uuid::nil(), [None, None], json!({ "email": email })).await?;
            work.commit().await?;
            return Err(Error::Unauthenticated("the e-mail address or the password is wrong".into()));
        };
        people::remember_success(&work.tx, &marked, account.person.id, &address).await?;
        let session = Uuid::now_v7();
        work.actor.who = Who::Person(account.person.clone());
        people::insert_session(&work.tx, session, account.person.id, work.now).await?;
        work.note("sign_in", account.person.id.0).await?;
        self.tokens(work, account.person.id, session).await
    }

    /// Gives a new pair of tokens for a refresh token, which is used up. One that was used before was stolen, or its
    /// successor was: the whole session ends.
    pub async fn refresh(&self, from: &Actor, token: &str) -> Result<Tokens> {
        let refused = || Error::Unauthenticated("the refresh token is not valid".into());
        let mut work = self.begin(from).await?;
        let found = people::use_refresh(&work.tx, &digest(token), work.now).await?.ok_or_else(refused)?;
        let person = found.account.person.clone();
        work.actor.who = Who::Person(person.clone());
        if found.used && !found.ended {
            people::end_sessions(&work.tx, Some(found.session), person.id, work.now).await?;
            work.note_with("refresh.reused", person.id.0, [None, None], json!({ "session": found.session })).await?;
            work.commit().await?;
            return Err(refused());
        }
        if found.used || found.ended || found.expires_at <= work.now || found.account.disabled_at.is_some() {
            return Err(refused());
        }
        self.tokens(work, person.id, found.session).await
    }

    /// Ends the session of a refresh token. A token that is not valid ends nothing, and nobody learns of it.
    pub async fn sign_out(&self, from: &Actor, token: &str) -> Result<()> {
        let mut work = self.begin(from).await?;
        let Some(found) = people::use_refresh(&work.tx, &digest(token), work.now).await? else { return Ok(()) };
        let person = found.account.person;
        if people::end_sessions(&work.tx, Some(found.session), person.id, work.now).await? > 0 {
            let id = person.id.0;
            work.actor.who = Who::Person(person);
            work.note("sign_out", id).await?;
        }
        work.commit().await
    }

    async fn tokens(&self, work: Work, person: UserId, session: Uuid) -> Result<Tokens> {
        let (refresh, now) = (secret()?, work.now);
        people::insert_refresh(&work.tx, &digest(&refresh), session, now + REFRESH).await?;
        work.commit().await?;
        let expires_in = ACCESS.whole_seconds();
        let signer = self.signer().await?;
        let access =
            signer.issue(&person.to_string(), &session.simple().to_string(), now.unix_timestamp(), expires_in)?;
        Ok(Tokens { access, expires_in, refresh })
    }
}

impl Work {
    /// Refuses to try another password for a while after several that were wrong. An address from which the account was
    /// signed in to before is held to its own failures only: strangers cannot lock an editor out.
    async fn not_locked(&self, marked: &str, address: &str, account: Option<&Account>) -> Result<()> {
        let [pair, of_address, of_account] = people::failures(&self.tx, marked, address).await?;
        let known = match account {
            Some(account) => people::is_known(&self.tx, account.person.id, address).await?,
            None => false,
        };
        let mut until = locked_until(pair, FREE);
        if !known {
            until = until.max(locked_until(of_address, FREE_IN_ALL)).max(locked_until(of_account, FREE_IN_ALL));
        }
        match until.filter(|until| *until > self.now) {
            Some(until) => {
                let wait = (until - self.now).whole_seconds() + 1;
                Err(Error::RateLimited { retry_after: u64::try_from(wait).unwrap_or(1) })
            }
            None => Ok(()),
        }
    }
}

/// One second after the last free failure, twice as long after each further one, up to the longest lock.
fn locked_until((failures, last): (i64, OffsetDateTime), free: i64) -> Option<OffsetDateTime> {
    let beyond = u32::try_from(failures - free).ok()?;
    let wait = Duration::seconds(1_i64 << beyond.min(20)).min(LONGEST);
    Some(last + wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_beyond_the_free_ones_doubles_the_wait_up_to_a_bound() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let waits = [0, 4, 5, 6, 9, 14, 15, 500];
        let waits = waits.map(|failures| locked_until((failures, at), FREE).map(|until| (until - at).whole_seconds()));
        assert_eq!(waits, [None, None, Some(1), Some(2), Some(16), Some(512), Some(900), Some(900)]);
    }
}
