//! Who asks: from a credential to an actor, and whether that is still so.

use crate::auth::secret;
use crate::auth::token::{self, Claims, Expected, TYPE};
use crate::domain::actor::{Actor, Person, Who};
use crate::domain::ids::{KeyId, SessionId};
use crate::error::{Error, Result};
use crate::service::App;
use crate::store::people::{api_keys, sessions};
use std::net::IpAddr;
use std::sync::PoisonError;
use time::{Duration, OffsetDateTime};

impl App {
    /// Who shows this credential. An access token is believed as it is; [`App::confirm`] asks the database.
    pub async fn authenticate(
        &self,
        credential: &str,
        address: Option<IpAddr>,
        client: Option<String>,
    ) -> Result<Actor> {
        let actor = if secret::is_api_key(credential) {
            self.key_holder(credential).await?
        } else {
            self.bearer(credential).await?
        };
        Ok(Actor { address, client, ..actor })
    }

    /// Refuses whoever may no longer do what their credential says: disabled, signed out, of another role, revoked. To
    /// be asked before anything is changed or drafts are shown.
    pub async fn confirm(&self, actor: &Actor) -> Result<()> {
        let refused = |message: &str| Err(Error::Unauthenticated(message.into()));
        let now = self.now();
        match &actor.who {
            Who::System(_) => Ok(()),
            Who::Anonymous => refused("sign in to change anything"),
            Who::Machine(machine) => {
                let key = api_keys::read(&self.db.session(), machine.id).await?;
                match key.as_ref().map(|key| key.ended(now)) {
                    Some(None) => Ok(()),
                    Some(Some(why)) => refused(why),
                    None => refused("the API key is unknown"),
                }
            }
            Who::Person(person) => {
                let found = sessions::standing(&self.db.session(), person.id, actor.session).await?;
                let Some(standing) = found.filter(|standing| standing.enabled) else {
                    return refused("the account is disabled");
                };
                if standing.outside {
                    return Ok(());
                }
                let open = standing.session.is_some_and(|(expires, ended)| ended.is_none() && expires > now);
                match (open, standing.role == person.role) {
                    (true, true) => Ok(()),
                    (false, _) => refused("the session has ended: sign in again"),
                    (_, false) => refused("the account has another role now: refresh the token"),
                }
            }
        }
    }

    async fn bearer(&self, token: &str) -> Result<Actor> {
        let says = token::peek(token)?;
        if says.issuer != self.auth.settings.issuer {
            let known = self.auth.issuers.iter().find(|issuer| issuer.rules.issuer == says.issuer);
            let unknown = || Error::Unauthenticated("the access token is of an issuer that is not known here".into());
            return self.outsider(known.ok_or_else(unknown)?, token, &says).await;
        }
        let ring = self.ring().await?;
        let ring = if ring.find(&says.key).is_some() { ring } else { self.newer_ring().await? };
        let unknown = || Error::Unauthenticated("the access token is signed with a key that is not known here".into());
        let key = ring.find(&says.key).ok_or_else(unknown)?;
        let settings = &self.auth.settings;
        let types = [TYPE.to_owned()];
        let expected =
            Expected { issuer: &settings.issuer, audience: &settings.audience, types: &types, now: self.now() };
        let claims = token::verify(token, key, expected)?;
        let strange = || Error::Unauthenticated("the access token is not valid".into());
        let claims: Claims = serde_json::from_value(claims.into()).map_err(|_| strange())?;
        let session: SessionId = claims.sid.parse().map_err(|_| strange())?;
        let person = Person { id: claims.sub.parse().map_err(|_| strange())?, name: claims.name, role: claims.role };
        Ok(Actor { session: Some(session), ..Who::Person(person).into() })
    }

    async fn key_holder(&self, credential: &str) -> Result<Actor> {
        let unknown = || Error::Unauthenticated("the API key is unknown".into());
        let prefix = secret::prefix_of(credential).ok_or_else(unknown)?;
        let (key, hash) = api_keys::find(&self.db.session(), prefix).await?.ok_or_else(unknown)?;
        if !secret::matches(credential, &hash) {
            return Err(unknown());
        }
        let now = self.now();
        if let Some(why) = key.ended(now) {
            return Err(Error::Unauthenticated(why.into()));
        }
        self.note_use(key.id, key.used_at, now);
        Ok(Who::Machine(key.machine()).into())
    }

    /// Writes when a key was used: at most once a minute, and nobody waits for it.
    fn note_use(&self, id: KeyId, written: Option<OffsetDateTime>, now: OffsetDateTime) {
        let recent = |at: OffsetDateTime| now - at < Duration::minutes(1);
        let mut used = self.auth.used.lock().unwrap_or_else(PoisonError::into_inner);
        if written.is_some_and(recent) || used.get(&id).copied().is_some_and(recent) {
            return;
        }
        used.insert(id, now);
        drop(used);
        let app = self.clone();
        tokio::spawn(async move {
            let write = async {
                let tx = app.db.begin().await?;
                api_keys::touch(&tx, id, now).await?;
                Ok::<_, Error>(tx.commit().await?)
            };
            if let Err(error) = write.await {
                error.log();
            }
        });
    }
}
