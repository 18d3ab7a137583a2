//! A small server on the machine itself stands for a translation service.

use super::http::portions;
use super::*;
use crate::config::{DEFAULTS, MachineTranslation};
use figment::Figment;
use figment::providers::{Format, Toml};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Gives each connection the next answer; hands on what was asked. A missing answer is silence.
fn serve(answers: Vec<Option<String>>) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut silent = Vec::new();
        for answer in answers {
            let mut stream = listener.accept().unwrap().0;
            let mut request = String::new();
            let mut bytes = [0; 4096];
            // Requests end with the brace of their JSON.
            while !request.ends_with('}') {
                let read = stream.read(&mut bytes).unwrap();
                request.push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
            let _ = sender.send(request);
            match answer {
                Some(answer) => drop(stream.write_all(answer.as_bytes())),
                None => silent.push(stream),
            }
        }
        std::thread::sleep(Duration::from_secs(5));
    });
    (port, receiver)
}

fn http(status: &str, body: &str) -> Option<String> {
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close", body.len());
    Some(format!("{head}\r\nLocation: http://127.0.0.1:1/s3cret\r\n\r\n{body}"))
}

fn config(port: u16, more: &str) -> MachineTranslation {
    let toml = format!(
        "[machine_translation]\nendpoint = \"http://127.0.0.1:{port}/t?k={{key}}\"\nkey = \"s3cret/\"\n{more}\n\
         [machine_translation.headers]\nauthorization = \"Key {{key}}\"\n\
         [machine_translation.languages]\nen = \"EN-GB\""
    );
    let figment = Figment::new().merge(Toml::string(DEFAULTS)).merge(Toml::string(&toml));
    figment.extract_inner("machine_translation").unwrap()
}

async fn translate(config: &MachineTranslation, texts: &[&str]) -> Result<Vec<String>> {
    let translator = HttpTranslator::new(config).unwrap().unwrap();
    assert!(!format!("{translator:?}").contains("s3cret"));
    let texts = texts.iter().map(|text| (*text).to_owned()).collect();
    translator.translate(Texts { source: "ko".parse().unwrap(), target: "en".parse().unwrap(), texts }).await
}

#[tokio::test]
async fn texts_are_sent_in_the_form_of_the_service_and_answers_read_from_it() {
    let (port, asked) = serve(vec![http("200 OK", r#"{"translations": [{"text": "a"}, {"text": "<em>b</em>"}]}"#)]);
    let answers = translate(&config(port, ""), &["가", "<em>나</em>"]).await.unwrap();
    assert_eq!(answers, ["a", "<em>b</em>"]);
    let request = asked.recv().unwrap();
    assert!(request.starts_with("POST /t?k=s3cret%2F HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: Key s3cret/\r\n"), "{request}");
    assert!(request.contains("content-type: application/json\r\n"), "{request}");
    let body: serde_json::Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    let expected = serde_json::json!({
        "text": ["가", "<em>나</em>"], "source_lang": "ko", "target_lang": "EN-GB", "tag_handling": "html",
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn many_texts_go_in_several_requests_and_come_back_in_order() {
    let answer = |texts: &str| http("200 OK", &format!("{{\"t\": [{texts}]}}"));
    let (port, asked) = serve(vec![answer("\"1\", \"2\""), answer("\"3\"")]);
    let answers = translate(&config(port, "max_texts = 2\nanswers = \"/t\""), &["a", "b", "c"]).await.unwrap();
    assert_eq!(answers, ["1", "2", "3"]);
    assert_eq!(asked.iter().take(2).count(), 2);
    // None at all is no request.
    assert!(translate(&config(1, ""), &[]).await.unwrap().is_empty());
}

#[test]
fn portions_keep_to_both_limits() {
    for (texts, expected) in [
        ("", ""),
        ("a", "a"),
        ("a b c d", "a b|c d"),
        ("aaa bb", "aaa|bb"),
        ("aaaaaaa b", "aaaaaaa|b"),
        ("가나 다라 마", "가나 다라|마"),
    ] {
        let texts: Vec<String> = texts.split_whitespace().map(str::to_owned).collect();
        let found: Vec<String> = portions(&texts, 2, 4).iter().map(|portion| portion.join(" ")).collect();
        assert_eq!(found.join("|"), expected);
    }
}

#[tokio::test]
async fn a_service_that_fails_is_named_and_the_key_is_not() {
    let endless = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n{}\r\n", "x".repeat(1024));
    for (answer, expected) in [
        (http("500 Internal Server Error", "s3cret"), "it answers 500 Internal Server Error"),
        (http("403 Forbidden", "the key s3cret is wrong"), "it answers 403 Forbidden"),
        (http("302 Found", ""), "it answers 302 Found"),
        (http("200 OK", r#"{"translations": [{"text": "a"}]}"#), "it answers 1 texts to 2"),
        (http("200 OK", r#"{"translations": [{"text": 1}]}"#), "its answer has no texts at `/translations/*/text`"),
        (http("200 OK", "<html>s3cret"), "its answer is not JSON: expected value at line 1 column 1"),
        (http("200 OK", &" ".repeat(1001)), "its answer is larger than 1000 bytes"),
        (Some(endless), "its answer is larger than 1000 bytes"),
        (Some("nonsense s3cret\r\n\r\n".to_owned()), "machine translation by 127.0.0.1: "),
        (Some(String::new()), "machine translation by 127.0.0.1: "),
    ] {
        let (port, _asked) = serve(vec![answer]);
        let error = translate(&config(port, "max_answer_bytes = 1000"), &["가", "나"]).await.unwrap_err();
        assert_eq!(error.public().code, "UNAVAILABLE");
        let cause = error.cause().unwrap();
        assert!(cause.contains(expected), "{cause}");
        assert!(!format!("{cause} {error} {error:?}").contains("s3cret"), "{cause}");
    }
}

#[tokio::test]
async fn a_service_that_is_silent_or_gone_is_not_waited_for() {
    let (port, _asked) = serve(vec![None]);
    let start = Instant::now();
    let error = translate(&config(port, "timeout_seconds = 1"), &["가"]).await.unwrap_err();
    assert_eq!(error.cause().unwrap(), "machine translation by 127.0.0.1: no answer within 1 s");
    assert!(start.elapsed() < Duration::from_secs(4));
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let cause = translate(&config(free, ""), &["가"]).await.unwrap_err().cause().unwrap();
    assert!(cause.contains("refused") && !cause.contains("s3cret"), "{cause}");
}

#[test]
fn without_an_endpoint_there_is_no_translator() {
    let figment = Figment::new().merge(Toml::string(DEFAULTS));
    let config: MachineTranslation = figment.extract_inner("machine_translation").unwrap();
    assert!(HttpTranslator::new(&config).unwrap().is_none());
}
