//! A partner's receiver: a small web server that notes what it is sent and answers as it is told to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A message as it arrived.
#[derive(Debug, Clone)]
pub struct Message {
    pub headers: BTreeMap<String, String>,
    pub text: String,
    pub body: serde_json::Value,
    pub arrived: OffsetDateTime,
}

impl Message {
    /// Fails unless one of the `v1` signatures is by this secret.
    pub fn is_signed_by(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let message = format!("{}.{}.{}", self.headers["webhook-id"], self.headers["webhook-timestamp"], self.text);
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &key);
        let expected = format!("v1,{}", STANDARD.encode(aws_lc_rs::hmac::sign(&key, message.as_bytes())));
        self.headers["webhook-signature"].split(' ').any(|signature| signature == expected)
    }

    pub fn change(&self) -> Option<i64> {
        self.body["data"]["id"].as_str()?.parse().ok()
    }
}

/// What a receiver answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Status(u16),
    /// 503 with `Retry-After`.
    Later(u64),
    /// A redirect to an address inside.
    Elsewhere,
    /// Nothing, ever.
    Hang,
    /// The connection is cut in the middle.
    Cut,
}

impl Answer {
    pub fn is_success(self) -> bool {
        matches!(self, Self::Status(200..=299))
    }
}

type Judge = Box<dyn Fn(&Message) -> Answer + Send + Sync>;

/// A running receiver. Messages are those that it answered with 2xx, and all that it saw.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    seen: Arc<Mutex<Vec<(Message, Answer)>>>,
    judge: Arc<Mutex<Judge>>,
}

impl Receiver {
    /// One that takes everything.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let judge: Judge = Box::new(|_| Answer::Status(204));
        let receiver = Self { url, seen: Arc::default(), judge: Arc::new(Mutex::new(judge)) };
        let own = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().answer(stream));
            }
        });
        receiver
    }

    /// Answers otherwise from now on.
    pub fn answer_with(&self, judge: impl Fn(&Message) -> Answer + Send + Sync + 'static) {
        *self.judge.lock().unwrap() = Box::new(judge);
    }

    async fn answer(self, mut stream: TcpStream) {
        let Some(message) = read(&mut stream).await else { return };
        let answer = (self.judge.lock().unwrap())(&message);
        self.seen.lock().unwrap().push((message, answer));
        let text = match answer {
            Answer::Status(status) => format!("{status} Said\r\ncontent-length: 5\r\n\r\nheard"),
            Answer::Later(seconds) => format!("503 Later\r\nretry-after: {seconds}\r\ncontent-length: 0\r\n\r\n"),
            Answer::Elsewhere => {
                "307 Elsewhere\r\nlocation: http://127.0.0.1:1/inside\r\ncontent-length: 0\r\n\r\n".into()
            }
            Answer::Hang => return std::future::pending().await,
            Answer::Cut => return,
        };
        let text = text.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        let _ = stream.write_all(format!("HTTP/1.1 {text}").as_bytes()).await;
    }

    /// All that arrived, with what was answered.
    pub fn seen(&self) -> Vec<(Message, Answer)> {
        self.seen.lock().unwrap().clone()
    }

    /// What was taken.
    pub fn taken(&self) -> Vec<Message> {
        self.seen().into_iter().filter(|(_, answer)| answer.is_success()).map(|(message, _)| message).collect()
    }

    /// Waits until so many were taken.
    pub async fn wait_taken(&self, count: usize) -> Vec<Message> {
        until(&format!("{count} messages at {}", self.url), || self.taken().len() >= count).await;
        self.taken()
    }

    /// Waits until so many arrived.
    pub async fn wait_seen(&self, count: usize) -> Vec<(Message, Answer)> {
        until(&format!("{count} messages at {}", self.url), || self.seen().len() >= count).await;
        self.seen()
    }
}

async fn read(stream: &mut TcpStream) -> Option<Message> {
    let mut read = Vec::new();
    let end = loop {
        if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
            return None;
        }
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let head = String::from_utf8(read[..end].to_vec()).unwrap();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: BTreeMap<String, String> = head.split("\r\n").filter_map(header).collect();
    let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    while read.len() < end + 4 + length {
        if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
            return None;
        }
    }
    let text = String::from_utf8(read[end + 4..].to_vec()).unwrap();
    Some(Message {
        headers,
        arrived: OffsetDateTime::now_utc(),
        body: serde_json::from_str(&text).unwrap_or_default(),
        text,
    })
}

/// Waits for a condition.
pub async fn until(what: &str, done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(40), "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
