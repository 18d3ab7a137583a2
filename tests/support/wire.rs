//! HTTP as it goes over the wire, for what a client library hides: missing headers, halves of requests, one connection
//! used again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// One connection.
pub struct Wire {
    stream: BufReader<TcpStream>,
}

/// What came back.
#[derive(Debug)]
pub struct Raw {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Raw {
    /// A header's value; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

impl Wire {
    /// Connects to `http://ADDRESS`.
    pub fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    pub fn send(&mut self, text: &str) {
        let stream = self.stream.get_mut();
        stream.write_all(text.as_bytes()).unwrap();
        stream.flush().unwrap();
    }

    /// A POST to /graphql with these header lines and a body whose length it states.
    pub fn post(&mut self, headers: &[&str], body: &str) -> Raw {
        self.send(&Self::head(headers, body.len()));
        self.send(body);
        self.receive()
    }

    /// The lines before the body of a POST to /graphql.
    pub fn head(headers: &[&str], length: usize) -> String {
        let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        format!("POST /graphql HTTP/1.1\r\nhost: byline\r\ncontent-length: {length}\r\n{lines}\r\n")
    }

    /// Reads one answer to its end.
    pub fn receive(&mut self) -> Raw {
        let status = self.line();
        let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut raw = Raw { status: status.expect("no answer"), headers, body: String::new() };
        let mut body = vec![0; raw.header("content-length").parse().unwrap_or(0)];
        self.stream.read_exact(&mut body).unwrap();
        raw.body = String::from_utf8(body).unwrap();
        raw
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}
