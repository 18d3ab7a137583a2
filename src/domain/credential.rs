//! What somebody is known by: accounts of people, keys of programs, and the keys that sign tokens.

use super::actor::{Machine, Person, Role, Scope};
use super::ids::{KeyId, SectionId, SessionId, UserId};
use super::language::LanguageTag;
use super::named::named;
use time::OffsetDateTime;

named! {
    /// How a token is signed. Only ways in which whoever checks a token cannot make one.
    Algorithm "signature algorithm" {
        /// Ed25519.
        EdDsa "EdDSA",
        /// ECDSA on P-256.
        Es256 "ES256",
        /// ECDSA on P-384.
        Es384 "ES384",
        /// RSA, PKCS #1 v1.5, SHA-256.
        Rs256 "RS256",
        /// RSA, PKCS #1 v1.5, SHA-384.
        Rs384 "RS384",
        /// RSA, PKCS #1 v1.5, SHA-512.
        Rs512 "RS512",
        /// RSA, PSS, SHA-256.
        Ps256 "PS256",
        /// RSA, PSS, SHA-384.
        Ps384 "PS384",
        /// RSA, PSS, SHA-512.
        Ps512 "PS512",
    }
}

/// A person as the newsroom keeps them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Their id.
    pub id: UserId,
    /// In lower case; whoever signs in elsewhere may have none.
    pub email: Option<String>,
    /// The name that colleagues see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where they sign in, if it is elsewhere.
    pub issuer: Option<String>,
    /// When they were added.
    pub created_at: OffsetDateTime,
    /// Since when they may not sign in.
    pub disabled_at: Option<OffsetDateTime>,
}

impl Account {
    /// Who acts, when they do.
    pub fn person(&self) -> Person {
        Person { id: self.id, name: self.name.clone(), role: self.role }
    }
}

/// One sign-in of a person, and what was refreshed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub person: UserId,
    /// When it ends by itself.
    pub expires_at: OffsetDateTime,
    /// When somebody ended it.
    pub ended_at: Option<OffsetDateTime>,
}

/// A program's key, without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// What the newsroom calls it.
    pub name: String,
    /// The part that is not secret.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The only languages that it may touch; empty: all.
    pub languages: Vec<LanguageTag>,
    /// The only sections that it may touch; empty: all.
    pub sections: Vec<SectionId>,
    /// When it was issued.
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    pub expires_at: Option<OffsetDateTime>,
    /// When somebody ended it.
    pub revoked_at: Option<OffsetDateTime>,
    /// When it was last used, to the minute.
    pub used_at: Option<OffsetDateTime>,
}

impl ApiKey {
    /// Why it cannot be used, if so.
    pub fn ended(&self, now: OffsetDateTime) -> Option<&'static str> {
        if self.revoked_at.is_some() {
            return Some("the API key was revoked");
        }
        self.expires_at.is_some_and(|end| end <= now).then_some("the API key has expired")
    }

    /// Who acts, when it is shown.
    pub fn machine(self) -> Machine {
        let Self { id, name, scopes, languages, sections, .. } = self;
        Machine { id, name, scopes, languages, sections }
    }
}

/// A pair of keys that tokens are signed and checked with.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its name in tokens (`kid`).
    pub id: String,
    /// The one way in which it signs.
    pub algorithm: Algorithm,
    /// PKCS #8 in base 64. Secret.
    pub private_key: String,
    /// A JSON Web Key.
    pub public_key: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Since when it signs; nothing while it waits.
    pub signs_since: Option<OffsetDateTime>,
    /// Since when it is no longer believed.
    pub retired_at: Option<OffsetDateTime>,
}

/// Without the secret: logs are read by many.
impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).field("retired_at", &self.retired_at).finish_non_exhaustive()
    }
}

/// The one that signs: the newest that began to and is not retired.
pub fn signing(keys: &[SigningKey]) -> Option<&SigningKey> {
    let able = keys.iter().filter(|key| key.retired_at.is_none() && key.signs_since.is_some());
    able.max_by_key(|key| (key.signs_since, &key.id))
}
