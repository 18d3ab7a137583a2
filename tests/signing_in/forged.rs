//! Tokens that nobody of ours made, or that were made for something else: all refused, whatever they say of themselves.

use super::{assert_refused, serve, texts, viewer};
use crate::on_both;
use crate::support::{Server, Staff};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use time::OffsetDateTime;

/// The service's own key, as only somebody with its database has it, and what an honest token says.
struct Forger {
    kid: String,
    pair: Ed25519KeyPair,
    header: Value,
    claims: Value,
}

impl Forger {
    async fn of(server: &Server, staff: &Staff) -> Self {
        let private = texts(&server.database, "SELECT private_key FROM signing_key").await.remove(0);
        let part = |index| -> Value {
            let part: &str = staff.access.split('.').nth(index).unwrap();
            serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap()
        };
        let (header, claims) = (part(0), part(1));
        let pair = Ed25519KeyPair::from_pkcs8(&BASE64.decode(private).unwrap()).unwrap();
        Self { kid: header["kid"].as_str().unwrap().to_owned(), pair, header, claims }
    }

    /// An honest token but for this header and these claims; null takes one away.
    fn token(&self, header: &Value, claims: &Value) -> String {
        self.signed(header, claims, |message| self.pair.sign(message).as_ref().to_vec())
    }

    fn signed(&self, header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let message = format!("{}.{}", encode(&self.header, header), encode(&self.claims, claims));
        format!("{message}.{}", BASE64.encode(sign(message.as_bytes())))
    }
}

fn encode(honest: &Value, changed: &Value) -> String {
    let mut part = honest.as_object().unwrap().clone();
    part.extend(changed.as_object().unwrap().clone());
    part.retain(|_, value| !value.is_null());
    BASE64.encode(Value::Object(part).to_string())
}

on_both! {
    forged_tokens_are_refused(kind) {
        let server = serve(kind).await;
        let staff = server.staff("reader").await;
        let forger = Forger::of(&server, &staff).await;
        let plain = json!({});
        assert_eq!(viewer(&server, &forger.token(&plain, &plain)).await.status, 200, "the forger can do it right");
        let mut forged = vec![
            ("alg none", forger.signed(&json!({"alg": "none"}), &plain, |_| Vec::new())),
            ("alg None", forger.signed(&json!({"alg": "None"}), &plain, |_| Vec::new())),
            ("no signature", forger.signed(&plain, &plain, |_| Vec::new())),
            ("no kid", forger.token(&json!({"kid": null}), &plain)),
            ("unknown kid", forger.token(&json!({"kid": "unknown"}), &plain)),
            ("a kid that is SQL", forger.token(&json!({"kid": "' OR 1=1 --"}), &plain)),
            ("crit", forger.token(&json!({"crit": ["exp"]}), &plain)),
            ("crit of an extension", forger.token(&json!({"crit": ["b64"], "b64": false}), &plain)),
            ("type JWT", forger.token(&json!({"typ": "JWT"}), &plain)),
            ("no type", forger.token(&json!({"typ": null}), &plain)),
            ("another algorithm of the family", forger.token(&json!({"alg": "ES256"}), &plain)),
        ];
        let now = OffsetDateTime::now_utc().unix_timestamp();
        for (why, claims) in [
            ("other issuer", json!({"iss": "https://evil.example"})),
            ("no issuer", json!({"iss": null})),
            ("other audience", json!({"aud": "https://other.example"})),
            ("other audiences", json!({"aud": ["https://other.example"]})),
            ("no audience", json!({"aud": null})),
            ("expired", json!({"exp": now - 60})),
            ("no end", json!({"exp": null})),
            ("an end that is text", json!({"exp": "never"})),
            ("not yet valid", json!({"nbf": now + 600})),
            ("made tomorrow", json!({"iat": now + 86_400})),
            ("nobody", json!({"sub": null})),
            ("no session", json!({"sid": null})),
            ("a role that there is not", json!({"role": "OWNER"})),
        ] {
            forged.push((why, forger.token(&plain, &claims)));
        }
        for (why, token) in forged {
            assert_refused(&server, &format!("Bearer {token}"), why).await;
        }
    }

    a_token_cannot_bring_its_own_key(kind) {
        let server = serve(kind).await;
        let staff = server.staff("reader").await;
        let forger = Forger::of(&server, &staff).await;
        let own = Ed25519KeyPair::generate().unwrap();
        let sign = |message: &[u8]| own.sign(message).as_ref().to_vec();
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(own.public_key()), "kid": forger.kid, "alg": "EdDSA"});
        let admin = json!({"role": "ADMIN"});
        for header in [
            json!({}),
            json!({"jwk": jwk}),
            json!({"jwk": jwk, "kid": "own"}),
            json!({"jku": "http://127.0.0.1:1/jwks.json", "kid": "own"}),
            json!({"x5u": "http://127.0.0.1:1/cert.pem", "x5c": ["AAAA"]}),
        ] {
            assert_refused(&server, &format!("Bearer {}", forger.signed(&header, &admin, sign)), &header.to_string()).await;
        }
    }

    a_public_key_is_no_shared_secret(kind) {
        let server = serve(kind).await;
        let staff = server.staff("reader").await;
        let forger = Forger::of(&server, &staff).await;
        let published = texts(&server.database, "SELECT public_key FROM signing_key").await.remove(0);
        let jwk: Value = serde_json::from_str(&published).unwrap();
        let x = jwk["x"].as_str().unwrap();
        for secret in [forger.pair.public_key().as_ref(), x.as_bytes(), published.as_bytes()] {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
            let sign = |message: &[u8]| hmac::sign(&key, message).as_ref().to_vec();
            let token = forger.signed(&json!({"alg": "HS256"}), &json!({"role": "ADMIN"}), sign);
            assert_refused(&server, &format!("Bearer {token}"), "HS256").await;
        }
    }
}
