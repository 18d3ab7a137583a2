//! Access tokens: JSON Web Tokens as RFC 9068 shapes them and RFC 8725 says to check them.
//!
//! The key decides how a token must be signed; a token only says which of the known keys to look at.

use crate::domain::actor::Role;
use crate::domain::credential::{self, Algorithm, SigningKey};
use crate::error::{Error, Result};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm as Way, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use time::OffsetDateTime;

/// What our own tokens call themselves, so that no other kind of token passes for one.
pub const TYPE: &str = "at+jwt";

/// No token of an honest issuer is longer.
const LONGEST: usize = 8 * 1024;

/// Seconds by which clocks may differ.
const LEEWAY: i64 = 30;

/// What our own tokens say.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// Who made it: this service.
    pub iss: String,
    /// For whom: this service.
    pub aud: String,
    /// The person.
    pub sub: String,
    /// By which program it was asked for; RFC 9068 wants it.
    pub client_id: String,
    /// From when it counts.
    pub nbf: i64,
    /// When it was made.
    pub iat: i64,
    /// Until when it counts.
    pub exp: i64,
    /// Its own name.
    pub jti: String,
    /// The sign-in that it came from.
    pub sid: String,
    /// What the person may do.
    pub role: Role,
    /// What colleagues call them.
    pub name: String,
}

/// A key that tokens are checked with, and the one way in which it signs.
#[derive(Debug, Clone)]
pub struct Key {
    way: Way,
    key: DecodingKey,
}

impl Key {
    /// A published key; nothing where it is for something else or is signed with in none of these ways.
    pub fn from_jwk(jwk: &Jwk, allowed: &[Algorithm]) -> Option<Self> {
        if jwk.common.public_key_use.as_ref().is_some_and(|r#use| *r#use != PublicKeyUse::Signature) {
            return None;
        }
        let named = jwk.common.key_algorithm.map(|named| named.to_string());
        let fits = |algorithm: &&Algorithm| {
            fits(&jwk.algorithm, **algorithm) && named.as_deref().is_none_or(|named| named == algorithm.as_str())
        };
        let algorithm = allowed.iter().find(fits)?;
        Some(Self { way: way(*algorithm)?, key: DecodingKey::from_jwk(jwk).ok()? })
    }
}

fn fits(key: &AlgorithmParameters, algorithm: Algorithm) -> bool {
    match (key, algorithm) {
        (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDsa) => key.curve == EllipticCurve::Ed25519,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::Es256) => key.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::Es384) => key.curve == EllipticCurve::P384,
        (AlgorithmParameters::RSA(_), algorithm) => {
            !matches!(algorithm, Algorithm::EdDsa | Algorithm::Es256 | Algorithm::Es384)
        }
        _ => false,
    }
}

fn way(algorithm: Algorithm) -> Option<Way> {
    algorithm.as_str().parse().ok()
}

/// A new pair of keys.
pub fn generate(now: OffsetDateTime, signs_since: Option<OffsetDateTime>) -> Result<SigningKey> {
    let failed = |_| Error::internal("no key could be made");
    let private = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(failed)?;
    let pair = Ed25519KeyPair::from_pkcs8(private.as_ref()).map_err(Error::internal)?;
    let id = super::secret::hash(&URL_SAFE_NO_PAD.encode(pair.public_key().as_ref())).chars().take(16).collect();
    let public = json!({
        "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": id,
        "x": URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()),
    });
    Ok(SigningKey {
        id,
        algorithm: Algorithm::EdDsa,
        private_key: URL_SAFE_NO_PAD.encode(private.as_ref()),
        public_key: public.to_string(),
        created_at: now,
        signs_since,
        retired_at: None,
    })
}

/// The service's own keys.
#[derive(Default)]
pub struct Ring {
    known: HashMap<String, Key>,
    signing: Option<(Header, EncodingKey)>,
    published: Vec<Value>,
}

impl Ring {
    /// Of the stored keys, those that are not retired.
    pub fn of(stored: &[SigningKey]) -> Result<Self> {
        let mut ring = Self::default();
        for key in stored.iter().filter(|key| key.retired_at.is_none()) {
            let jwk: Jwk = serde_json::from_str(&key.public_key).map_err(Error::internal)?;
            let unusable = || Error::internal(format!("the signing key {} is unusable", key.id));
            ring.known.insert(key.id.clone(), Key::from_jwk(&jwk, &[key.algorithm]).ok_or_else(unusable)?);
            ring.published.push(serde_json::from_str(&key.public_key).map_err(Error::internal)?);
        }
        if let Some(key) = credential::signing(stored) {
            let mut header = Header::new(Way::EdDSA);
            header.typ = Some(TYPE.to_owned());
            header.kid = Some(key.id.clone());
            let private = URL_SAFE_NO_PAD.decode(&key.private_key).map_err(Error::internal)?;
            ring.signing = Some((header, EncodingKey::from_ed_der(&private)));
        }
        Ok(ring)
    }

    /// The key of that name.
    pub fn find(&self, id: &str) -> Option<&Key> {
        self.known.get(id)
    }

    /// Whether there is a key that signs.
    pub fn can_sign(&self) -> bool {
        self.signing.is_some()
    }

    /// A token.
    pub fn sign(&self, claims: &Claims) -> Result<String> {
        let (header, key) = self.signing.as_ref().ok_or_else(|| Error::internal("there is no key to sign with"))?;
        encode(header, claims, key).map_err(Error::internal)
    }

    /// The public halves, as a JSON Web Key Set.
    pub fn published(&self) -> Value {
        json!({"keys": self.published})
    }
}

/// What a token says of itself before anything is believed.
#[derive(Debug)]
pub struct Unverified {
    /// Who it says made it.
    pub issuer: String,
    /// The key that it says it was signed with.
    pub key: String,
}

/// Who must have made a token, for whom, and what it must call itself.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `aud`, or one of several.
    pub audience: &'a str,
    /// `typ`: one of these, whatever their case.
    pub types: &'a [String],
    /// When.
    pub now: OffsetDateTime,
}

fn invalid() -> Error {
    Error::Unauthenticated("the access token is not valid".into())
}

/// Reads where to look for the key. Nothing of this is true yet.
pub fn peek(token: &str) -> Result<Unverified> {
    #[derive(Deserialize)]
    struct Issuer {
        iss: String,
    }
    if token.len() > LONGEST {
        return Err(invalid());
    }
    let header = decode_header(token).map_err(|_| invalid())?;
    // No extension is understood here, so one that must be understood cannot be.
    if header.crit.is_some() {
        return Err(invalid());
    }
    let claims = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).ok_or_else(invalid)?;
    let Issuer { iss } = serde_json::from_slice(&claims).map_err(|_| invalid())?;
    Ok(Unverified { issuer: iss, key: header.kid.ok_or_else(invalid)? })
}

/// What a token says, once its signature, its type, its maker, its audience and its time are as they must be.
pub fn verify(token: &str, key: &Key, expected: Expected<'_>) -> Result<Map<String, Value>> {
    let mut rules = Validation::new(key.way);
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.audience]);
    rules.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    // The library would ask the machine for the time; ours is given.
    (rules.validate_exp, rules.validate_nbf) = (false, false);
    let token = decode::<Map<String, Value>>(token, &key.key, &rules).map_err(|_| invalid())?;
    let typ = token.header.typ.as_deref().unwrap_or_default();
    let typ = typ.strip_prefix("application/").unwrap_or(typ);
    if token.header.crit.is_some() || !expected.types.iter().any(|known| known.eq_ignore_ascii_case(typ)) {
        return Err(invalid());
    }
    in_time(&token.claims, expected.now.unix_timestamp())?;
    Ok(token.claims)
}

/// A token without an end is none.
fn in_time(claims: &Map<String, Value>, now: i64) -> Result<()> {
    let seconds = |name: &str| match claims.get(name) {
        None => Ok(None),
        // Some issuers write fractions.
        Some(value) => value.as_f64().filter(|at| at.is_finite()).map(|at| Some(at as i64)).ok_or_else(invalid),
    };
    let end = seconds("exp")?.ok_or_else(invalid)?;
    if end.saturating_add(LEEWAY) <= now {
        return Err(Error::Unauthenticated("the access token has expired".into()));
    }
    let early = |at: Option<i64>| at.is_some_and(|at| at.saturating_sub(LEEWAY) > now);
    if early(seconds("nbf")?) || early(seconds("iat")?) {
        return Err(Error::Unauthenticated("the access token is not valid yet".into()));
    }
    Ok(())
}
