//! Secrets that nobody chooses: made at random, shown once, kept as a hash.
//!
//! They have 256 random bits, so a plain hash keeps them as safe as a slow one would.

use crate::domain::hex::hex;
use crate::error::{Error, Result};
use aws_lc_rs::{constant_time, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What every API key begins with, so that scanners of source code find one that leaked.
const BYLINE: &str = "byl_";

/// Characters of a prefix: none that can be taken for another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 256 random bits as text that needs no quoting anywhere.
pub fn token() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// A new API key: the part that may be shown, and the whole.
pub fn api_key() -> Result<(String, String)> {
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).copied().map_or('0', char::from);
    let prefix: String = random::<8>()?.iter().map(letter).collect();
    let key = format!("{BYLINE}{prefix}_{}", token()?);
    Ok((prefix, key))
}

/// The prefix of what looks like an API key.
pub fn prefix_of(credential: &str) -> Option<&str> {
    let (prefix, secret) = credential.strip_prefix(BYLINE)?.split_once('_')?;
    (prefix.len() == 8 && secret.len() == 43).then_some(prefix)
}

/// Whether it wants to be an API key, well made or not.
pub fn is_api_key(credential: &str) -> bool {
    credential.starts_with(BYLINE)
}

/// What is stored of a secret.
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Whether a secret is the one that was stored, in a time that says nothing about how nearly it is.
pub fn matches(secret: &str, stored: &str) -> bool {
    constant_time::verify_slices_are_equal(hash(secret).as_bytes(), stored.as_bytes()).is_ok()
}

pub(super) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| Error::internal("the machine gives no random numbers"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_by_its_prefix_and_known_by_its_hash() {
        let (prefix, key) = api_key().unwrap();
        assert_eq!(prefix_of(&key), Some(prefix.as_str()));
        assert!(matches(&key, &hash(&key)));
        assert!(!matches(&key, &hash(&api_key().unwrap().1)));
        for other in ["", "byl_", "byl_12345678", "byl_12345678_short", key.trim_start_matches('b'), &format!("{key}x")]
        {
            assert_eq!(prefix_of(other), None, "{other}");
        }
    }
}
