//! A server that is told things over HTTP: it notes what it takes, and answers otherwise as often as it is told to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Told {
    pub line: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// An answer that never comes.
pub const HANG: &str = "";

const DONE: &str = "200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}";

/// A receiver on a port of its own.
#[derive(Clone)]
pub struct Receiver {
    pub address: String,
    taken: watch::Sender<Vec<Told>>,
    /// How it answers next, before it takes anything: `500 Broken\r\ncontent-length: 0\r\n\r\n`.
    pub answers: Arc<Mutex<VecDeque<&'static str>>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let receiver = Self { address, taken: watch::Sender::default(), answers: Arc::default() };
        let own = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().answer(stream));
            }
        });
        receiver
    }

    async fn answer(self, mut stream: TcpStream) {
        let mut read = Vec::new();
        let head = loop {
            if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
                return;
            }
            if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
        };
        let text = String::from_utf8(read[..head].to_vec()).unwrap();
        let (line, rest) = text.split_once("\r\n").unwrap();
        let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        let headers: BTreeMap<String, String> = rest.split("\r\n").filter_map(header).collect();
        let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        while read.len() < head + 4 + length {
            stream.read_buf(&mut read).await.unwrap();
        }
        let body = String::from_utf8(read[head + 4..].to_vec()).unwrap();
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(DONE);
        if answer == HANG {
            return std::future::pending().await;
        }
        if answer == DONE {
            self.taken.send_modify(|taken| taken.push(Told { line: line.to_owned(), headers, body }));
        }
        let answer = answer.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        let _ = stream.write_all(format!("HTTP/1.1 {answer}").as_bytes()).await;
    }

    /// What it took.
    pub fn taken(&self) -> Vec<Told> {
        self.taken.borrow().clone()
    }

    /// Forgets what it took.
    pub fn forget(&self) {
        self.taken.send_replace(Vec::new());
    }

    pub fn answer_next(&self, answers: impl IntoIterator<Item = &'static str>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// Waits until what it took is what is looked for.
    pub async fn until(&self, wanted: impl Fn(&[Told]) -> bool) {
        let mut taken = self.taken.subscribe();
        let found = tokio::time::timeout(Duration::from_secs(30), taken.wait_for(|taken| wanted(taken))).await;
        assert!(found.is_ok(), "nobody told that: {:?}", self.taken());
    }
}
