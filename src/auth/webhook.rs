//! Signing webhooks after Standard Webhooks: HMAC-SHA256 (`v1`) and Ed25519 (`v1a`) over `id.timestamp.body`.
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use super::secret;
use crate::error::{Error, Result};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

const SHARED: &str = "whsec_";
const PRIVATE: &str = "whsk_";
const PUBLIC: &str = "whpk_";

/// What an endpoint's messages are signed with. Secret: neither logged nor shown but when it is made.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// `whsec_…`: known to both sides.
    shared: String,
    /// `whsk_…`: known here only; `whpk_…` checks what it signs.
    private: String,
    /// Until when it signs; nothing for the newest.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub ends_at: Option<OffsetDateTime>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("ends_at", &self.ends_at).finish_non_exhaustive()
    }
}

impl Secrets {
    /// New ones, at random.
    pub fn new() -> Result<Self> {
        let seed = secret::random::<32>()?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(Error::internal)?;
        let mut private = seed.to_vec();
        private.extend_from_slice(pair.public_key().as_ref());
        Ok(Self {
            shared: format!("{SHARED}{}", STANDARD.encode(secret::random::<32>()?)),
            private: format!("{PRIVATE}{}", STANDARD.encode(private)),
            ends_at: None,
        })
    }

    /// What the partner checks `v1` with.
    pub fn shared(&self) -> &str {
        &self.shared
    }

    /// What the partner checks `v1a` with: `whpk_…`
    pub fn public(&self) -> Result<String> {
        Ok(format!("{PUBLIC}{}", STANDARD.encode(self.pair()?.public_key().as_ref())))
    }

    fn pair(&self) -> Result<Ed25519KeyPair> {
        let bytes = decoded(&self.private, PRIVATE)?;
        let seed = bytes.get(..32).ok_or_else(|| Error::internal("a private key is too short"))?;
        Ed25519KeyPair::from_seed_unchecked(seed).map_err(Error::internal)
    }
}

fn decoded(text: &str, prefix: &str) -> Result<Vec<u8>> {
    let rest =
        text.strip_prefix(prefix).ok_or_else(|| Error::internal(format!("a secret does not begin with {prefix}")))?;
    STANDARD.decode(rest).map_err(Error::internal)
}

/// The value of `webhook-signature`: both signatures by each of the secrets that have not ended, parted by spaces.
pub fn signatures(secrets: &[Secrets], id: &str, at: OffsetDateTime, body: &str) -> Result<String> {
    let message = format!("{id}.{}.{body}", at.unix_timestamp());
    let mut signed = Vec::with_capacity(2 * secrets.len());
    for secrets in secrets.iter().filter(|secrets| secrets.ends_at.is_none_or(|end| end > at)) {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &decoded(&secrets.shared, SHARED)?);
        signed.push(format!("v1,{}", STANDARD.encode(hmac::sign(&key, message.as_bytes()))));
        signed.push(format!("v1a,{}", STANDARD.encode(secrets.pair()?.sign(message.as_bytes()))));
    }
    Ok(signed.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    use time::Duration;

    const BODY: &str = r#"{"test": 2432232314}"#;

    fn at() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_614_265_330).unwrap()
    }

    #[test]
    fn the_standards_own_example_is_signed_as_it_says() {
        let secrets = Secrets { shared: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into(), ..Secrets::new().unwrap() };
        let signed = signatures(&[secrets], "msg_p5jXN8AQM9LWM0D4loKWxJek", at(), BODY).unwrap();
        let first = signed.split(' ').next();
        assert_eq!(first, Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn an_asymmetric_signature_is_checked_with_the_public_key_alone() {
        let secrets = Secrets::new().unwrap();
        let signed = signatures(std::slice::from_ref(&secrets), "dlv_1", at(), BODY).unwrap();
        let signature = STANDARD.decode(signed.split(' ').nth(1).unwrap().strip_prefix("v1a,").unwrap()).unwrap();
        let public = STANDARD.decode(secrets.public().unwrap().strip_prefix("whpk_").unwrap()).unwrap();
        let key = UnparsedPublicKey::new(&ED25519, public);
        assert!(key.verify(format!("dlv_1.1614265330.{BODY}").as_bytes(), &signature).is_ok());
        assert!(key.verify(format!("dlv_2.1614265330.{BODY}").as_bytes(), &signature).is_err());
    }

    #[test]
    fn secrets_that_rotate_sign_together_until_the_old_ones_end() {
        let old = |end| Secrets { ends_at: Some(end), ..Secrets::new().unwrap() };
        let count = |end| {
            let secrets = [Secrets::new().unwrap(), old(end)];
            signatures(&secrets, "dlv_1", at(), BODY).unwrap().split(' ').count()
        };
        assert_eq!(count(at() + Duration::SECOND), 4);
        assert_eq!(count(at()), 2);
    }

    #[test]
    fn nothing_secret_is_printed() {
        let secrets = Secrets::new().unwrap();
        let printed = format!("{secrets:?}");
        assert!(!printed.contains(&secrets.shared) && !printed.contains("whsk_"), "{printed}");
    }
}
