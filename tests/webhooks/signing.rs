//! Signatures, checked by implementations that are not ours.

use super::{Setting, cli, id};
use crate::on_both;
use crate::support::{Told, root};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// Checks a message with PyPI's standardwebhooks (v1) and cryptography (v1a); gives which signatures were good.
fn check(told: &Told, secret: &Value, public: &Value) -> Value {
    let python = std::env::var("TEST_WEBHOOKS").expect("TEST_WEBHOOKS is not set: run scripts/test, which installs it");
    let script = root().join("tests/webhooks/check.py");
    let mut child =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python runs");
    let input = json!({"headers": told.headers, "body": told.body, "secret": secret, "public": public});
    child.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A block of code of docs/webhooks.md.
fn documented(language: &str, beginning: &str) -> String {
    let text = std::fs::read_to_string(root().join("docs/webhooks.md")).unwrap();
    let fence = format!("```{language}\n{beginning}");
    let start = text.find(&fence).unwrap_or_else(|| panic!("docs/webhooks.md has no such {language}")) + fence.len();
    let code = text[start..].split("```").next().unwrap();
    format!("{beginning}{code}")
}

/// Whether a program of the documentation takes the body on its standard input for ours.
fn is_taken(mut program: Command, told: &Told, secret: &Value) -> bool {
    program.env("SECRET", secret.as_str().unwrap()).stdin(Stdio::piped());
    for (variable, header) in
        [("ID", "webhook-id"), ("TIMESTAMP", "webhook-timestamp"), ("SIGNATURE", "webhook-signature")]
    {
        program.env(variable, &told.headers[header]);
    }
    let mut child = program.spawn().unwrap();
    // Who refuses a message by its headers need not read it.
    let _ = child.stdin.take().unwrap().write_all(told.body.as_bytes());
    child.wait().unwrap().success()
}

fn programs() -> [Command; 2] {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(documented("sh", "age="));
    let call = "import os, sys\nnames = {'ID': 'webhook-id', 'TIMESTAMP': 'webhook-timestamp', 'SIGNATURE': 'webhook-signature'}\n\
                headers = {header: os.environ[name] for name, header in names.items()}\n\
                sys.exit(not is_ours(headers, sys.stdin.buffer.read(), os.environ['SECRET']))\n";
    let mut python = Command::new("python3");
    python.arg("-c").arg(format!("{}{call}", documented("python", "import base64")));
    [shell, python]
}

/// Signs a message as of another moment.
fn sign(told: &mut Told, secret: &Value, timestamp: &str) {
    let key = STANDARD.decode(secret.as_str().unwrap().strip_prefix("whsec_").unwrap()).unwrap();
    let signed = format!("{}.{timestamp}.{}", told.headers["webhook-id"], told.body);
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
    told.headers.insert("webhook-timestamp".into(), timestamp.into());
    told.headers.insert("webhook-signature".into(), format!("v1,{}", STANDARD.encode(signature)));
}

async fn ping(setting: &Setting) -> Told {
    setting.receiver.forget();
    super::endpoint(&setting.database, &["ping", id(&setting.endpoint)]);
    setting.receiver.until(|taken| taken.len() == 1).await;
    setting.receiver.taken().remove(0)
}

on_both! {
    signatures_are_good_for_programs_that_we_did_not_write(kind) {
        let setting = Setting::start(kind, &[]).await;
        let (secret, public) = (&setting.endpoint["secret"], &setting.endpoint["publicKey"]);
        let mut told = ping(&setting).await;
        assert_eq!(check(&told, secret, public), json!({"v1": true, "v1a": 1}));
        told.body.push(' ');
        assert_eq!(check(&told, secret, public), json!({"v1": false, "v1a": 0}));
    }

    what_the_documentation_says_checks_messages_and_refuses_others(kind) {
        let setting = Setting::start(kind, &[]).await;
        let (secret, told) = (&setting.endpoint["secret"], ping(&setting).await);
        let other = json!("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let (mut changed, mut old) = (told.clone(), told.clone());
        changed.body.push(' ');
        sign(&mut old, secret, "1764000000");
        let mut now = told.clone();
        sign(&mut now, secret, &told.headers["webhook-timestamp"]);
        for (message, secret, expected) in [(&now, secret, true), (&told, secret, true), (&told, &other, false), (&changed, secret, false), (&old, secret, false)] {
            for program in programs() {
                let shown = format!("{:?} {message:?}", program.get_program());
                assert_eq!(is_taken(program, message, secret), expected, "{shown}");
            }
        }
    }

    old_and_new_secrets_sign_together_while_they_rotate(kind) {
        let setting = Setting::start(kind, &[]).await;
        let old = setting.endpoint.clone();
        let new: Value = serde_json::from_str(&cli(&setting.database, &["partner", "endpoint", "rotate", id(&old), "--json"])).unwrap();
        assert_ne!(old["secret"], new["secret"]);
        let told = ping(&setting).await;
        for known in [&old, &new] {
            assert_eq!(check(&told, &known["secret"], &known["publicKey"]), json!({"v1": true, "v1a": 1}));
        }
        // A third one: those before go on until their own ends.
        cli(&setting.database, &["partner", "endpoint", "rotate", id(&old)]);
        assert_eq!(ping(&setting).await.headers["webhook-signature"].split(' ').count(), 6);
    }
}
