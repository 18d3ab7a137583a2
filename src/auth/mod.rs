//! Secrets: passwords, tokens, keys. Pure cryptography by libraries; what is stored and who may is elsewhere.

mod password;
mod token;

pub use password::Passwords;
pub use token::{Claims, KeyPair, Signer, public_key};

use crate::error::{Error, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// A secret of 256 random bits, as text that needs no escaping anywhere.
pub fn secret() -> Result<String> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("the system gives no random numbers"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What of a secret is stored. Secrets of 256 bits cannot be guessed, so that a fast hash is enough (unlike passwords).
pub fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
