//! Passwords, hashed with Argon2id as OWASP recommends it: 19 MiB, two passes, one lane.

use crate::error::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;

/// What a password is compared with where there is none, so that an unknown name takes as long as a wrong password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzMQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The shortest password that is accepted, in characters.
const SHORTEST: usize = 12;

/// The longest, in bytes: hashing more would only cost.
const LONGEST: usize = 1024;

/// How long somebody waits for their turn before they are asked to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hashes and compares passwords, a few at a time and never on a thread that answers requests.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// At most so many at a time.
    pub fn new(at_once: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once.max(1))) }
    }

    /// The hash to store. A password that is too short or too long is an error.
    pub async fn hash(&self, password: &str) -> Result<String> {
        if password.chars().count() < SHORTEST || password.len() > LONGEST {
            let message = format!("must have at least {SHORTEST} characters and at most {LONGEST} bytes");
            return Err(Error::invalid("password", message));
        }
        let password = normal(password);
        self.run(move || Ok(Argon2::default().hash_password(password.as_bytes()).map_err(refused)?.to_string())).await
    }

    /// Whether it is the password of that hash. Without a hash it is not, and that takes as long to say.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool> {
        // A longer one was never accepted; the work is done nevertheless.
        let (password, possible) = (normal(password), hash.is_some() && password.len() <= LONGEST);
        self.run(move || {
            let hash = hash.as_deref().unwrap_or(NOBODY);
            let hash = PasswordHash::new(hash).map_err(|error| refused(error.into()))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && possible)
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let turn: OwnedSemaphorePermit = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned())
            .await
            .map_err(|_| Error::RateLimited { retry_after: PATIENCE.as_secs() })?
            .map_err(Error::internal)?;
        // The turn ends with the work, not with whoever waited for it.
        let job = move || {
            let done = work();
            drop(turn);
            done
        };
        tokio::task::spawn_blocking(job).await.map_err(Error::internal)?
    }
}

/// Keyboards write the same character in different ways.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

fn refused(error: argon2::password_hash::Error) -> Error {
    Error::internal(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_kept_as_owasp_says_and_found_again() {
        let passwords = Passwords::new(1);
        let hash = passwords.hash("정확한 말 배터리 스테이플러").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let decomposed: String = "정확한 말 배터리 스테이플러".nfd().collect();
        assert!(passwords.verify(&decomposed, Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("another password", Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(parsed.params.to_string(), "m=19456,t=2,p=1");
        assert!(!Passwords::new(1).verify("", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_short_password_is_refused() {
        assert!(matches!(Passwords::new(1).hash("열한글자밖에안되는말").await, Err(Error::Invalid(_))));
    }
}
