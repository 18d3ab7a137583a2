//! People and programs: who they are, how they sign in, what they may show as proof.

mod accounts;
mod keys;
mod sign_in;

pub use crate::store::people::{Account, ApiKey};
pub use keys::NewKey;
pub use sign_in::Tokens;

use crate::auth::{Passwords, Signer};
use crate::domain::actor::{Actor, Who};
use crate::domain::ids::UserId;
use crate::error::{Error, Result};
use crate::service::App;
use crate::store::people;
use std::sync::{Arc, RwLock};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// What the service remembers to check credentials with.
pub struct Gate {
    issuer: String,
    passwords: Passwords,
    signer: RwLock<(Arc<Signer>, OffsetDateTime)>,
}

/// How often keys that other servers made are looked for at most.
const LOOK_AGAIN: Duration = Duration::seconds(10);

/// API keys begin so, and access tokens never do.
const KEY_MARK: &str = "byl_";

impl Gate {
    /// A gate that knows no keys yet.
    pub fn new(issuer: &str) -> Result<Self> {
        let signer = Arc::new(Signer::new(&[], issuer)?);
        let signer = RwLock::new((signer, OffsetDateTime::UNIX_EPOCH));
        Ok(Self { issuer: issuer.to_owned(), passwords: Passwords::new()?, signer })
    }

    fn signer(&self) -> Result<(Arc<Signer>, OffsetDateTime)> {
        Ok(self.signer.read().map_err(|_| Error::internal("the keys are lost"))?.clone())
    }
}

impl App {
    /// Who shows this credential: an access token or an API key. A credential that is not valid is an error, never
    /// somebody anonymous. What was disabled, revoked or signed out is refused at once.
    pub async fn authenticate(&self, credential: &str) -> Result<Actor> {
        if credential.starts_with(KEY_MARK) {
            return self.authenticate_key(credential).await;
        }
        let refused = |why: &str| Error::Unauthenticated(why.to_owned());
        let claims = self.signer_for(credential).await?.verify(credential).map_err(refused)?;
        let person: UserId = claims.sub.parse().map_err(|_| refused("the token is not valid"))?;
        let session = Uuid::parse_str(&claims.sid).map_err(|_| refused("the token is not valid"))?;
        let found = people::find_signed_in(&self.db.session(), person, session).await?;
        let person = found.ok_or_else(|| refused("the session has ended"))?;
        Ok(Who::Person(person).into())
    }

    async fn authenticate_key(&self, credential: &str) -> Result<Actor> {
        let refused = |why: &str| Error::Unauthenticated(why.to_owned());
        let found = people::find_key(&self.db.session(), &crate::auth::digest(credential)).await?;
        let key = found.ok_or_else(|| refused("the key is unknown"))?;
        let now = self.clock.now();
        if key.revoked_at.is_some() {
            return Err(refused("the key was revoked"));
        }
        if key.expires_at.is_some_and(|end| end <= now) {
            return Err(refused("the key has expired"));
        }
        if key.last_used_at.is_none_or(|used| now - used > Duration::minutes(1)) {
            let tx = self.db.begin().await?;
            people::touch_key(&tx, key.machine.id, now).await?;
            tx.commit().await?;
        }
        Ok(Who::Machine(key.machine).into())
    }

    /// The keys; looked for anew where a token names one that is not known, or there is none, but not at will.
    async fn signer_for(&self, token: &str) -> Result<Arc<Signer>> {
        let (signer, looked) = self.gate.signer()?;
        let now = self.clock.now();
        // A key that was retired elsewhere is forgotten within a minute.
        let due = now - looked > Duration::minutes(1) || signer.is_foreign(token) && now - looked > LOOK_AGAIN;
        if due { self.load_keys().await } else { Ok(signer) }
    }

    async fn load_keys(&self) -> Result<Arc<Signer>> {
        let keys = people::list_signing_keys(&self.db.session()).await?;
        let keys: Vec<_> = keys.into_iter().map(|(key, _)| key).collect();
        let signer = Arc::new(Signer::new(&keys, &self.gate.issuer)?);
        let mut slot = self.gate.signer.write().map_err(|_| Error::internal("the keys are lost"))?;
        *slot = (signer.clone(), self.clock.now());
        Ok(signer)
    }

    /// The keys to sign with; the first one is made where there is none.
    async fn signer(&self) -> Result<Arc<Signer>> {
        let signer = self.signer_for("").await?;
        if signer.can_sign() {
            return Ok(signer);
        }
        let signer = self.load_keys().await?;
        if signer.can_sign() {
            return Ok(signer);
        }
        self.begin(&Actor::system("serve")).await?.make_signing_key(true).await?;
        self.load_keys().await
    }
}
