//! Access tokens: JWT signed with Ed25519, checked as RFC 8725 asks.

use crate::error::{Error, Result};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The type of our tokens (RFC 9068): no other JWT of this issuer can be taken for one.
const TYPE: &str = "at+jwt";

/// Seconds by which clocks may differ.
const LEEWAY: u64 = 5;

/// A key that signs, as it is stored.
#[derive(Debug, Clone)]
pub struct KeyPair {
    /// Its name in tokens.
    pub kid: String,
    /// PKCS #8, in base64url.
    pub private: String,
    /// The public point, in base64url: `x` of RFC 8037.
    pub public: String,
}

impl KeyPair {
    /// A new key.
    pub fn generate() -> Result<Self> {
        let failed = |_| Error::internal("a key could not be made");
        let document = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new()).map_err(failed)?;
        let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).map_err(Error::internal)?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let kid = super::digest(&public).chars().take(16).collect();
        Ok(Self { kid, private: URL_SAFE_NO_PAD.encode(document.as_ref()), public })
    }
}

/// A public key as JSON (RFC 7517, RFC 8037).
pub fn public_key(kid: &str, public: &str) -> serde_json::Value {
    serde_json::json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": public})
}

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Who made it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// Whose it is: `usr_…`.
    pub sub: String,
    /// The session that it belongs to.
    pub sid: String,
    /// When it was made.
    pub iat: i64,
    /// Not valid before.
    pub nbf: i64,
    /// Not valid after.
    pub exp: i64,
}

/// The keys of the house: one signs, all that are not retired are accepted.
pub struct Signer {
    current: Option<(String, EncodingKey)>,
    accepted: HashMap<String, DecodingKey>,
    issuer: String,
}

impl Signer {
    /// The newest key of the list signs. `issuer` is the audience, too: the tokens are for the service that made them.
    pub fn new(keys: &[KeyPair], issuer: &str) -> Result<Self> {
        let mut accepted = HashMap::new();
        let mut current = None;
        for key in keys {
            accepted.insert(key.kid.clone(), DecodingKey::from_ed_components(&key.public).map_err(Error::internal)?);
            let private = URL_SAFE_NO_PAD.decode(&key.private).map_err(Error::internal)?;
            current = Some((key.kid.clone(), EncodingKey::from_ed_der(&private)));
        }
        Ok(Self { current, accepted, issuer: issuer.to_owned() })
    }

    /// Whether there is a key to sign with.
    pub fn can_sign(&self) -> bool {
        self.current.is_some()
    }

    /// A token for a person's session.
    pub fn issue(&self, person: &str, session: &str, now: i64, seconds: i64) -> Result<String> {
        let (kid, key) = self.current.as_ref().ok_or_else(|| Error::internal("there is no key to sign with"))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(kid.clone());
        let (iss, aud) = (self.issuer.clone(), self.issuer.clone());
        let (sub, sid) = (person.to_owned(), session.to_owned());
        encode(&header, &Claims { iss, aud, sub, sid, iat: now, nbf: now, exp: now + seconds }, key)
            .map_err(Error::internal)
    }

    /// What a token says, if it is ours and valid. Says why not otherwise, and nothing of its content.
    pub fn verify(&self, token: &str) -> Result<Claims, &'static str> {
        let kid = key_of(token)?;
        // The key says which algorithm: a token cannot choose.
        let key = self.accepted.get(&kid).ok_or("the token's key is unknown")?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        use jsonwebtoken::errors::ErrorKind;
        let token = decode::<Claims>(token, key, &validation).map_err(|error| match error.kind() {
            ErrorKind::ExpiredSignature => "the token has expired",
            ErrorKind::ImmatureSignature => "the token is not valid yet",
            _ => "the token is not valid",
        })?;
        Ok(token.claims)
    }

    /// Whether the token names a key that is not known here: another server may have made a new one.
    pub fn is_foreign(&self, token: &str) -> bool {
        key_of(token).is_ok_and(|kid| !self.accepted.contains_key(&kid))
    }
}

/// The name of the key in a token's header. Nothing else of the header is believed; one that brings its own key, or asks
/// for something that has to be understood, is refused.
fn key_of(token: &str) -> Result<String, &'static str> {
    const WRONG: &str = "the token is not valid";
    let header = token.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| WRONG)?;
    let header: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&header).map_err(|_| WRONG)?;
    let text = |name: &str| header.get(name).and_then(serde_json::Value::as_str);
    if header.keys().any(|name| !["typ", "alg", "kid"].contains(&name.as_str())) {
        return Err("the token's header has more than typ, alg and kid");
    }
    match (text("typ"), text("alg"), text("kid")) {
        (Some(TYPE), Some("EdDSA"), Some(kid)) => Ok(kid.to_owned()),
        _ => Err(WRONG),
    }
}
