//! Keys of programs: issued, listed, revoked.

use crate::auth::secret;
use crate::domain::actor::{Actor, Scope};
use crate::domain::credential::ApiKey;
use crate::domain::ids::{KeyId, PartnerId, SectionId};
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use crate::service::App;
use crate::store::people::api_keys as store;
use serde_json::json;
use time::OffsetDateTime;

/// A key to issue.
#[derive(Debug)]
pub struct NewApiKey {
    /// What the newsroom calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The only languages that it may touch; empty: all.
    pub languages: Vec<LanguageTag>,
    /// The only sections that it may touch; empty: all.
    pub sections: Vec<SectionId>,
    /// When it ends by itself.
    pub expires_at: Option<OffsetDateTime>,
    /// The partner whose key it is.
    pub partner: Option<PartnerId>,
}

impl App {
    /// Every key, revoked ones too.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>> {
        store::list(&self.db.session()).await
    }

    /// Issues a key. The text is given this once and kept nowhere.
    pub async fn issue_api_key(&self, actor: &Actor, mut new: NewApiKey) -> Result<(ApiKey, String)> {
        let work = self.begin(actor).await?;
        new.scopes.sort_unstable();
        new.scopes.dedup();
        self.check_key(&new, work.now).await?;
        let (prefix, text) = secret::api_key()?;
        let key = ApiKey {
            id: KeyId::new(),
            name: new.name.trim().to_owned(),
            prefix,
            scopes: new.scopes,
            languages: new.languages,
            sections: new.sections,
            created_at: work.now,
            expires_at: new.expires_at,
            revoked_at: None,
            used_at: None,
        };
        store::insert(&work.tx, &key, &secret::hash(&text), new.partner).await?;
        let detail = json!({"name": key.name, "prefix": key.prefix, "scopes": key.scopes, "partner": new.partner});
        work.note_detail("key.issue", key.id.0, detail).await?;
        work.commit().await?;
        Ok((key, text))
    }

    async fn check_key(&self, new: &NewApiKey, now: OffsetDateTime) -> Result<()> {
        if new.name.trim().is_empty() || new.name.chars().count() > 200 {
            return Err(Error::invalid("name", "must have 1 to 200 characters"));
        }
        if new.scopes.is_empty() {
            return Err(Error::invalid("scope", "is missing: a key that may do nothing is of no use"));
        }
        for language in &new.languages {
            self.languages.require(language).map_err(|error| Error::invalid("language", error))?;
        }
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::invalid("expires", "must be in the future"));
        }
        let known = store::sections(&self.db.session(), &new.sections).await?;
        match new.sections.iter().find(|id| !known.contains(id)) {
            Some(id) => Err(Error::NotFound { kind: "section", id: id.to_string() }),
            None => Ok(()),
        }
    }

    /// Ends a key, named by its id or its prefix.
    pub async fn revoke_api_key(&self, actor: &Actor, named: &str) -> Result<ApiKey> {
        let missing = || Error::NotFound { kind: "key", id: named.to_owned() };
        let keys = self.api_keys().await?;
        let fits = |key: &ApiKey| key.prefix == named.trim_start_matches("byl_") || key.id.to_string() == named;
        let key = keys.into_iter().find(fits).ok_or_else(missing)?;
        let work = self.begin(actor).await?;
        if store::revoke(&work.tx, key.id, work.now).await? {
            work.note_detail("key.revoke", key.id.0, json!({"name": key.name, "prefix": key.prefix})).await?;
        }
        work.commit().await?;
        Ok(key)
    }
}
