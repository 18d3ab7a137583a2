//! The keys that sign access tokens: made, rotated, retired, and known to a running service.

use crate::auth::token::{self, Ring};
use crate::domain::actor::Actor;
use crate::domain::credential::{SigningKey, signing};
use crate::error::{Error, Result};
use crate::service::{App, Work};
use crate::store::people::signing_keys as store;
use serde_json::{Value, json};
use std::sync::{Arc, PoisonError};
use time::Duration;
use uuid::Uuid;

impl App {
    /// The public halves of the keys that are believed, as a JSON Web Key Set.
    pub async fn published_keys(&self) -> Result<Value> {
        self.signing_ring().await.map(|ring| ring.published())
    }

    /// All signing keys, oldest first.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        store::list(&self.db.session()).await
    }

    /// Makes a key. It is believed and published at once, and signs from the next rotation on; the first signs at once.
    pub async fn create_signing_key(&self, actor: &Actor) -> Result<SigningKey> {
        let work = self.begin(actor).await?;
        let first = signing(&store::lock(&work.tx).await?).is_none();
        let key = work.make_signing_key(first).await?;
        work.commit().await?;
        Ok(key)
    }

    /// Lets the newest key that waits sign from now on; makes one if none waits. Former keys are still believed.
    pub async fn rotate_signing_keys(&self, actor: &Actor) -> Result<String> {
        let work = self.begin(actor).await?;
        let keys = store::lock(&work.tx).await?;
        let waiting = keys.iter().rev().find(|key| key.signs_since.is_none() && key.retired_at.is_none());
        let id = match waiting {
            Some(key) => {
                store::let_sign(&work.tx, &key.id, work.now).await?;
                key.id.clone()
            }
            None => work.make_signing_key(true).await?.id,
        };
        work.note_detail("signing_key.rotate", Uuid::nil(), json!({"kid": id})).await?;
        work.commit().await?;
        Ok(id)
    }

    /// No longer believes what a key signed. The one that signs has to be rotated first.
    pub async fn retire_signing_key(&self, actor: &Actor, id: &str) -> Result<()> {
        let work = self.begin(actor).await?;
        let keys = store::lock(&work.tx).await?;
        let known = keys.iter().find(|key| key.id == id && key.retired_at.is_none());
        known.ok_or_else(|| Error::NotFound { kind: "signing key", id: id.to_owned() })?;
        if signing(&keys).is_some_and(|signing| signing.id == id) {
            return Err(Error::invalid("KID", format!("`{id}` signs: run `byline keys rotate` first")));
        }
        store::retire(&work.tx, id, work.now).await?;
        work.note_detail("signing_key.retire", Uuid::nil(), json!({"kid": id})).await?;
        work.commit().await
    }

    /// The keys as they were read a short while ago.
    pub(super) async fn ring(&self) -> Result<Arc<Ring>> {
        let seconds = self.auth.settings.keys_seconds;
        self.ring_of_the_last(Duration::seconds(seconds.into())).await
    }

    /// The keys, for a token that names one that is not known: another process may have made it just now.
    pub(super) async fn newer_ring(&self) -> Result<Arc<Ring>> {
        let seconds = self.auth.settings.keys_seconds.min(1);
        self.ring_of_the_last(Duration::seconds(seconds.into())).await
    }

    /// The keys, with one that signs: the first is made when it is needed.
    pub(super) async fn signing_ring(&self) -> Result<Arc<Ring>> {
        let ring = self.ring().await?;
        if ring.can_sign() {
            return Ok(ring);
        }
        let work = self.begin(&Actor::system("serve")).await?;
        if signing(&store::lock(&work.tx).await?).is_none() {
            work.make_signing_key(true).await?;
        }
        work.commit().await?;
        self.ring_of_the_last(Duration::ZERO).await
    }

    async fn ring_of_the_last(&self, time: Duration) -> Result<Arc<Ring>> {
        let now = self.now();
        let kept = self.auth.ring.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, ring)) = kept
            && (at..at + time).contains(&now)
        {
            return Ok(ring);
        }
        let ring = Arc::new(Ring::of(&self.signing_keys().await?)?);
        *self.auth.ring.write().unwrap_or_else(PoisonError::into_inner) = Some((now, ring.clone()));
        Ok(ring)
    }
}

impl Work {
    async fn make_signing_key(&self, signs: bool) -> Result<SigningKey> {
        let key = token::generate(self.now, signs.then_some(self.now))?;
        store::insert(&self.tx, &key).await?;
        self.note_detail("signing_key.create", Uuid::nil(), json!({"kid": key.id, "signs": signs})).await?;
        Ok(key)
    }
}
