//! Keys: of programs, and those that sign tokens. For administrators and the command line.

use super::KEY_MARK;
use crate::auth::{KeyPair, digest, public_key, secret};
use crate::domain::actor::{Machine, Scope};
use crate::domain::ids::{KeyId, SectionId};
use crate::domain::language::LanguageTag;
use crate::domain::policy::{Action, Subject};
use crate::error::{Error, Result};
use crate::service::{App, Work};
use crate::store::people::{self, ApiKey};
use time::OffsetDateTime;

/// A key to issue.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What the newsroom calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The only languages that it may touch; empty: all.
    pub languages: Vec<LanguageTag>,
    /// The only sections that it may touch, with what is below them; empty: all.
    pub sections: Vec<SectionId>,
    /// Not valid from then on.
    pub expires_at: Option<OffsetDateTime>,
}

impl App {
    /// All keys of programs, the newest first.
    pub async fn list_api_keys(&self) -> Result<Vec<ApiKey>> {
        people::list_keys(&self.db.session()).await
    }

    /// The names of the keys that sign or are accepted, the oldest first, and when each was made. The last one signs.
    pub async fn list_signing_keys(&self) -> Result<Vec<(String, OffsetDateTime)>> {
        let keys = people::list_signing_keys(&self.db.session()).await?;
        Ok(keys.into_iter().map(|(key, at)| (key.kid, at)).collect())
    }

    /// The public keys as a JSON Web Key Set (RFC 7517).
    pub async fn public_keys(&self) -> Result<serde_json::Value> {
        let keys = people::list_signing_keys(&self.db.session()).await?;
        let keys: Vec<_> = keys.iter().map(|(key, _)| public_key(&key.kid, &key.public)).collect();
        Ok(serde_json::json!({ "keys": keys }))
    }
}

impl Work {
    /// Issues a key. The text is shown once: only its hash is stored.
    pub async fn issue_key(&mut self, new: NewKey) -> Result<(KeyId, String)> {
        self.require(Action::ManagePeople, Subject::default())?;
        if new.name.trim().is_empty() {
            return Err(Error::invalid("name", "may not be blank"));
        }
        if new.scopes.is_empty() {
            return Err(Error::invalid("scopes", "name at least one"));
        }
        let secret = format!("{KEY_MARK}{}", secret()?);
        let prefix = secret.chars().take(KEY_MARK.len() + 6).collect();
        let NewKey { name, scopes, languages, sections, expires_at } = new;
        let machine = Machine { id: KeyId::new(), name, scopes, languages, sections };
        let id = machine.id;
        let (revoked_at, last_used_at, created_at) = (None, None, self.now);
        let key = ApiKey { machine, prefix, created_at, expires_at, revoked_at, last_used_at };
        people::insert_key(&self.tx, &key, &digest(&secret)).await?;
        self.note("key.issue", id.0).await?;
        Ok((id, secret))
    }

    /// Revokes a key at once.
    pub async fn revoke_key(&mut self, id: KeyId) -> Result<()> {
        self.require(Action::ManagePeople, Subject::default())?;
        if !people::revoke_key(&self.tx, id, self.now).await? {
            return Err(Error::NotFound { kind: "key", id: id.to_string() });
        }
        self.note("key.revoke", id.0).await
    }

    /// Makes a key that signs from now on; tokens of the others stay valid until those are retired. With `first`, only
    /// where there is none: several servers may begin at once.
    pub async fn make_signing_key(self, first: bool) -> Result<String> {
        self.require(Action::ManagePeople, Subject::default())?;
        let key = KeyPair::generate()?;
        if first && !people::claim_first_key(&self.tx).await? {
            return Ok(key.kid);
        }
        people::insert_signing_key(&self.tx, &key, self.now).await?;
        self.note_with("signing_key.make", uuid::Uuid::nil(), [None, None], serde_json::json!({"kid": key.kid}))
            .await?;
        let kid = key.kid;
        self.commit().await?;
        Ok(kid)
    }

    /// Refuses tokens of a key from now on.
    pub async fn retire_signing_key(&mut self, kid: &str) -> Result<()> {
        self.require(Action::ManagePeople, Subject::default())?;
        if !people::retire_signing_key(&self.tx, kid, self.now).await? {
            return Err(Error::NotFound { kind: "signing key", id: kid.to_owned() });
        }
        self.note_with("signing_key.retire", uuid::Uuid::nil(), [None, None], serde_json::json!({ "kid": kid })).await
    }
}
