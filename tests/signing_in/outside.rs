//! People who sign in elsewhere.

use super::{CREATE, assert_refused, audit, role, viewer};
use crate::on_both;
use crate::support::{Database, Kind, Server, run, write};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const ISSUER: &str = "https://id.example/news";

/// A key of the identity provider.
struct Provider {
    kid: &'static str,
    key: EncodingKey,
}

impl Provider {
    fn new(kid: &'static str) -> Self {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        Self { kid, key: EncodingKey::from_ec_der(key.as_ref()) }
    }

    /// Its public half.
    fn published(&self) -> Value {
        let mut key = serde_json::to_value(Jwk::from_encoding_key(&self.key, Algorithm::ES256).unwrap()).unwrap();
        key["kid"] = self.kid.into();
        key
    }

    /// A token that is right but for these claims; null takes one away.
    fn token(&self, changed: Value) -> String {
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let mut claims = json!({
            "iss": ISSUER, "aud": ["other", "byline"], "sub": "42", "exp": now + 300, "iat": now,
            "name": "Lee Nari", "email": "Nari@news.example", "groups": ["staff", "desk"],
        });
        claims.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let mut header = Header::new(Algorithm::ES256);
        (header.typ, header.kid) = (Some("at+jwt".into()), Some(self.kid.into()));
        encode(&header, &claims, &self.key).unwrap()
    }
}

fn set(providers: &[&Provider]) -> String {
    json!({"keys": providers.iter().map(|provider| provider.published()).collect::<Vec<_>>()}).to_string()
}

/// A server that believes the provider whose keys are there.
async fn believing(kind: Kind, jwks: &str) -> Server {
    let database = Database::empty(kind).await;
    let rules = format!(
        "[[auth.issuers]]\nissuer = \"{ISSUER}\"\naudience = \"byline\"\njwks = \"{jwks}\"\nalgorithms = [\"ES256\"]\n\
         role_claim = \"groups\"\nroles = {{ desk = \"EDITOR\", staff = \"READER\" }}\n"
    );
    write(database.folder(), "byline.toml", &rules);
    Server::start(database, &[])
}

/// An identity provider that counts how often it is asked for its keys.
struct Web {
    address: String,
    keys: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl Web {
    async fn serve(keys: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/jwks.json", listener.local_addr().unwrap());
        let (keys, asked) = (Arc::new(Mutex::new(keys)), Arc::new(AtomicUsize::new(0)));
        let (answer, count) = (keys.clone(), asked.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                count.fetch_add(1, Ordering::SeqCst);
                let body = answer.lock().unwrap().clone();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                let _ = stream.write_all((head + &body).as_bytes()).await;
            }
        });
        Self { address, keys, asked }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

on_both! {
    somebody_who_signs_in_elsewhere_gets_an_account_at_first_sight(kind) {
        let (provider, folder) = (Provider::new("a"), tempfile::TempDir::new().unwrap());
        write(folder.path(), "jwks.json", &set(&[&provider]));
        let server = believing(kind, folder.path().join("jwks.json").to_str().unwrap()).await;
        let token = provider.token(json!({}));
        let (one, other) = tokio::join!(viewer(&server, &token), viewer(&server, &token));
        assert_eq!(one.data("/viewer"), other.data("/viewer"));
        let seen = one.data("/viewer");
        assert_eq!((&seen["name"], &seen["role"], &seen["email"]), (&json!("Lee Nari"), &json!("EDITOR"), &json!("nari@news.example")));
        assert_eq!(*server.ask_with(&token, CREATE, json!({})).await.data("/createArticle/userErrors"), json!([]));
        assert_eq!(role(&server, &provider.token(json!({"groups": ["staff"]}))).await, json!("READER"));
        let id = seen["id"].as_str().unwrap();
        run(&server.database, &["user", "set-role", id, "ADMIN"], 2);
        run(&server.database, &["user", "disable", id], 0);
        assert_refused(&server, &format!("Bearer {token}"), "disabled").await;
        let done: Vec<String> = audit(&server.database).await;
        let people: Vec<&String> = done.iter().filter(|row| row.starts_with("user.")).collect();
        assert_eq!(people, ["user.add cli", "user.update cli", "user.disable cli"]);
    }

    a_token_of_elsewhere_that_is_not_for_here_is_refused(kind) {
        let (provider, stranger) = (Provider::new("a"), Provider::new("a"));
        let folder = tempfile::TempDir::new().unwrap();
        write(folder.path(), "jwks.json", &set(&[&provider]));
        let server = believing(kind, folder.path().join("jwks.json").to_str().unwrap()).await;
        for (why, claims) in [
            ("other audience", json!({"aud": "other"})),
            ("no audience", json!({"aud": null})),
            ("expired", json!({"exp": 1})),
            ("other issuer", json!({"iss": "https://evil.example"})),
            ("this service's own name", json!({"iss": "https://api.news.example", "aud": "https://api.news.example"})),
            ("nobody", json!({"sub": null})),
        ] {
            assert_refused(&server, &format!("Bearer {}", provider.token(claims)), why).await;
        }
        assert_refused(&server, &format!("Bearer {}", stranger.token(json!({}))), "another key of that name").await;
        let without = viewer(&server, &provider.token(json!({"groups": ["strangers"]}))).await;
        assert_eq!((without.status, without.codes()), (403, vec!["FORBIDDEN"]));
        assert!(audit(&server.database).await.is_empty(), "nobody got an account");
    }
}

#[tokio::test]
async fn a_new_key_of_the_issuer_is_fetched_once_and_never_at_a_strangers_will() {
    let (first, second, stranger) = (Provider::new("first"), Provider::new("second"), Provider::new("stranger"));
    let web = Web::serve(set(&[&first])).await;
    let server = believing(Kind::Sqlite, &web.address).await;
    assert_eq!(web.asked(), 0);
    let token = first.token(json!({}));
    let replies = futures_util::future::join_all((0..4).map(|_| viewer(&server, &token))).await;
    assert!(replies.iter().all(|reply| reply.status == 200));
    assert_eq!(web.asked(), 1, "one asks, the others wait");
    *web.keys.lock().unwrap() = set(&[&first, &second]);
    assert_eq!(role(&server, &second.token(json!({}))).await, json!("EDITOR"));
    assert_eq!(web.asked(), 2);
    for _ in 0..5 {
        assert_refused(&server, &format!("Bearer {}", stranger.token(json!({}))), "unknown key").await;
    }
    assert_eq!((web.asked(), role(&server, &token).await), (2, json!("EDITOR")));
}

#[tokio::test]
async fn an_issuer_that_cannot_be_asked_is_no_reason_to_refuse_a_token_for_good() {
    let provider = Provider::new("a");
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let server = believing(Kind::Sqlite, &format!("http://{nobody}/jwks.json")).await;
    let reply = viewer(&server, &provider.token(json!({}))).await;
    assert_eq!((reply.status, reply.codes()), (503, vec!["UNAVAILABLE"]));
}

#[tokio::test]
async fn an_issuer_that_cannot_be_meant_is_refused_with_its_key() {
    let rules = |changed: &str| {
        let rules = format!(
            "[[auth.issuers]]\nissuer = \"{ISSUER}\"\naudience = \"byline\"\njwks = \"keys.json\"\n\
             algorithms = [\"ES256\"]\nrole_claim = \"groups\"\nroles = {{ desk = \"EDITOR\" }}\n"
        );
        let key = changed.split(' ').next().unwrap();
        let kept = rules.lines().filter(|line| !line.starts_with(&format!("{key} ")));
        kept.chain([changed]).collect::<Vec<_>>().join("\n")
    };
    for (changed, words) in [
        ("jwks = \"http://id.example/keys\"", "auth.issuers[0].jwks"),
        ("jwks = \"ftp://id.example/keys\"", "auth.issuers[0].jwks"),
        ("algorithms = [\"HS256\"]", "HS256"),
        ("algorithms = [\"none\"]", "none"),
        ("algorithms = []", "auth.issuers[0].algorithms"),
        ("issuer = \"\"", "auth.issuers[0].issuer"),
        ("audience = \"\"", "auth.issuers[0].audience"),
        ("roles = { desk = \"BOSS\" }", "BOSS"),
        ("secret = \"x\"", "secret"),
    ] {
        let database = Database::empty(Kind::Sqlite).await;
        write(database.folder(), "byline.toml", &rules(changed));
        let said = String::from_utf8(run(&database, &["config"], 2).stderr).unwrap();
        assert!(said.contains(words), "{changed}\n{said}");
    }
}
