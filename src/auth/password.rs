//! Passwords: argon2id, a few at a time, off the threads that answer requests.

use crate::error::{Error, Result};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// OWASP's first choice for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// At most so many are hashed at a time: each takes 19 MiB and a core for some 20 ms.
const AT_A_TIME: usize = 2;

/// Hashes and compares passwords.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Compared with where there is no such account, so that the answer takes as long.
    nobody: Arc<str>,
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str) -> Result<String> {
    let hash = argon2().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| Error::internal(error.to_string()))?.to_string())
}

impl Passwords {
    /// Prepares what is compared with for accounts that are not there.
    pub fn new() -> Result<Self> {
        Ok(Self { turns: Arc::new(Semaphore::new(AT_A_TIME)), nobody: hash(&super::secret()?)?.into() })
    }

    /// The hash of a password, as a PHC string.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.aside(move || hash(&password)).await?
    }

    /// Whether the password is the one of the hash; never where there is none, and not faster then.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        let (password, known) = (password.to_owned(), stored.is_some());
        let stored: Arc<str> = stored.map_or_else(|| self.nobody.clone(), Into::into);
        let same = self.aside(move || argon2().verify_password(password.as_bytes(), stored.as_ref()).is_ok()).await?;
        Ok(same && known)
    }

    async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}
