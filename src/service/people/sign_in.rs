//! Signing in with a password, going on with a refresh token, and signing out.

use super::attempts::{Attempt, network};
use crate::auth::secret;
use crate::auth::token::Claims;
use crate::domain::actor::{Actor, Who};
use crate::domain::credential::{Account, SignedIn};
use crate::domain::ids::SessionId;
use crate::error::{Error, Result};
use crate::service::{App, Work};
use crate::store::people::accounts::{self, Named};
use crate::store::people::sessions;
use serde_json::json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Somebody who signed in within so many days from an address is known there.
const KNOWN_DAYS: i64 = 90;

/// What somebody who signed in gets.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// How many seconds it counts.
    pub expires_in: u32,
    /// What gives the next one, once.
    pub refresh: String,
}

/// The same for all who may not: whether there is such an account is nobody's business.
fn wrong() -> Error {
    Error::Unauthenticated("the e-mail address or the password is wrong".into())
}

fn no_refresh() -> Error {
    Error::Unauthenticated("the refresh token is not valid: sign in again".into())
}

impl App {
    /// Signs somebody in. `from` says from where; who it is comes of it.
    pub async fn sign_in(&self, email: &str, password: &str, from: &Actor) -> Result<Tokens> {
        let email = email.trim().to_lowercase();
        let named = Named::Email(&email);
        let work = self.begin(from).await?;
        let found = accounts::lock(&work.tx, named).await?;
        let since = work.now - Duration::days(KNOWN_DAYS);
        let person = found.as_ref().map(|(account, _)| account.id);
        let known = sessions::known_address(&work.tx, person, &network(from.address), since).await?;
        let attempt = Attempt::new(&email, from, known);
        attempt.count(&work.tx, work.now).await?;
        work.commit().await?;

        let hash = found.as_ref().and_then(|(_, hash)| hash.clone());
        let right = self.auth.passwords.verify(password, hash.clone()).await?;
        let mut work = self.begin(from).await?;
        // It may have changed while the password was compared.
        let now_found = accounts::lock(&work.tx, named).await?;
        let enabled = now_found.filter(|(account, now)| right && account.disabled_at.is_none() && *now == hash);
        let Some((account, _)) = enabled else {
            let target = person.map_or(Uuid::nil(), |id| id.0);
            work.note_detail("sign_in_failed", target, json!({"email": shown(&email)})).await?;
            work.commit().await?;
            return Err(wrong());
        };
        attempt.forgive(&work.tx).await?;
        work.actor.who = Who::Person(account.person());
        let session = work.open_session(&account, self.auth.settings.session_days).await?;
        work.note_detail("sign_in", account.id.0, json!({"session": session.id})).await?;
        self.give_tokens(work, &account, &session).await
    }

    /// Gives new tokens for a refresh token. One that was used before has been stolen: its whole family ends.
    pub async fn refresh(&self, token: &str, from: &Actor) -> Result<Tokens> {
        let mut work = self.begin(from).await?;
        let hash = secret::hash(token);
        let shown = sessions::find_token(&work.tx, &hash).await?.ok_or_else(no_refresh)?;
        let session = shown.session;
        let account = accounts::lock(&work.tx, Named::Id(session.person)).await?;
        let (account, _) = account.ok_or_else(no_refresh)?;
        work.actor.who = Who::Person(account.person());
        if !sessions::use_token(&work.tx, &hash, work.now).await? {
            if sessions::end(&work.tx, session.id, work.now).await? {
                work.note_detail("refresh_reused", account.id.0, json!({"session": session.id})).await?;
            }
            work.commit().await?;
            return Err(no_refresh());
        }
        let over = session.ended_at.is_some() || session.expires_at <= work.now || shown.expires_at <= work.now;
        if over || account.disabled_at.is_some() {
            return Err(no_refresh());
        }
        self.give_tokens(work, &account, &session).await
    }

    /// Ends the sign-in that a refresh token belongs to. One that is unknown or ended needs no ending.
    pub async fn sign_out(&self, token: &str, from: &Actor) -> Result<()> {
        let mut work = self.begin(from).await?;
        let Some(shown) = sessions::find_token(&work.tx, &secret::hash(token)).await? else { return Ok(()) };
        let account = accounts::lock(&work.tx, Named::Id(shown.session.person)).await?;
        if let Some((account, _)) = account {
            work.actor.who = Who::Person(account.person());
        }
        work.end_session(shown.session.id).await
    }

    /// Ends the sign-in that an access token came from.
    pub async fn sign_out_here(&self, actor: &Actor) -> Result<()> {
        let session = actor.session.ok_or_else(|| Error::invalid("refreshToken", "is missing"))?;
        self.begin(actor).await?.end_session(session).await
    }

    async fn give_tokens(&self, work: Work, account: &Account, session: &SignedIn) -> Result<Tokens> {
        let (now, settings) = (work.now, &self.auth.settings);
        let refresh = secret::token()?;
        let expires = (now + Duration::days(settings.refresh_days.into())).min(session.expires_at);
        sessions::insert_token(&work.tx, &secret::hash(&refresh), session.id, [now, expires]).await?;
        work.commit().await?;
        let expires_in = settings.access_minutes * 60;
        let claims = self.claims(account, session.id, now);
        Ok(Tokens { access: self.signing_ring().await?.sign(&claims)?, expires_in, refresh })
    }

    fn claims(&self, account: &Account, session: SessionId, now: OffsetDateTime) -> Claims {
        let settings = &self.auth.settings;
        let from = now.unix_timestamp();
        Claims {
            iss: settings.issuer.clone(),
            aud: settings.audience.clone(),
            sub: account.id.to_string(),
            client_id: "byline".to_owned(),
            nbf: from,
            iat: from,
            exp: from + i64::from(settings.access_minutes) * 60,
            jti: Uuid::now_v7().simple().to_string(),
            sid: session.to_string(),
            role: account.role,
            name: account.name.clone(),
        }
    }
}

impl Work {
    async fn open_session(&self, account: &Account, days: u32) -> Result<SignedIn> {
        let expires_at = self.now + Duration::days(days.into());
        let session = SignedIn { id: SessionId::new(), person: account.id, expires_at, ended_at: None };
        sessions::insert(&self.tx, &session, (&self.actor, &network(self.actor.address)), self.now).await?;
        sessions::prune(&self.tx, self.now - Duration::days(KNOWN_DAYS)).await?;
        Ok(session)
    }

    async fn end_session(self, session: SessionId) -> Result<()> {
        if sessions::end(&self.tx, session, self.now).await? {
            let person = self.actor.person().map_or(Uuid::nil(), |person| person.id.0);
            self.note_detail("sign_out", person, json!({"session": session})).await?;
        }
        self.commit().await
    }
}

/// What somebody typed as their address, where it looks like one: it may have been the password.
fn shown(email: &str) -> Option<&str> {
    (email.contains('@') && email.len() <= 254).then_some(email)
}
