//! A small web server on the machine itself stands for everything that must not be reached, and for the web.

use super::*;
use std::io::{Read, Write};
use std::net::TcpListener;

/// Serves one answer after another, for the paths in a table; gives its port.
fn serve(answers: Vec<(&'static str, String)>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 2048];
            let read = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..read]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            let answer = answers.iter().find(|(known, _)| *known == path).map(|(_, answer)| answer.as_str());
            let answer = answer.unwrap_or("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn to(location: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn nothing_inside_is_reached_by_number_name_or_redirect() {
    let port = serve(vec![("/a", ok("inside"))]);
    let fetcher = Fetcher::new(false).unwrap();
    for (url, reason) in [
        (format!("http://127.0.0.1:{port}/a"), "127.0.0.1 is not an address of the public internet"),
        (format!("http://2130706433:{port}/a"), "127.0.0.1 is not an address of the public internet"),
        (format!("http://0x7f.1:{port}/a"), "127.0.0.1 is not an address of the public internet"),
        (format!("http://[::1]:{port}/a"), "::1 is not an address of the public internet"),
        (format!("http://[::ffff:127.0.0.1]:{port}/a"), "::ffff:127.0.0.1 is not an address of the public internet"),
        (format!("http://localhost:{port}/a"), "is not an address of the public internet"),
        ("file:///etc/passwd".to_owned(), "`file` addresses are not fetched"),
        ("ftp://news.example/a.jpg".to_owned(), "`ftp` addresses are not fetched"),
    ] {
        let error = fetcher.fetch(&url).await.unwrap_err();
        assert!(error.contains(reason), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_is_checked_like_the_first_address() {
    let port = serve(vec![
        ("/a", ok("picture")),
        ("/once", to("/a")),
        ("/file", to("file:///etc/passwd")),
        ("/round", to("/round")),
        ("/huge", format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", MAX_BYTES + 1)),
    ]);
    let fetcher = Fetcher::new(true).unwrap();
    let at = |path: &str| format!("http://127.0.0.1:{port}{path}");
    assert_eq!(fetcher.fetch(&at("/once")).await.as_deref(), Ok(b"picture".as_slice()));
    for (path, reason) in [
        ("/file", "`file` addresses are not fetched"),
        ("/round", "more than 3 redirects"),
        ("/none", "404 Not Found"),
        ("/huge", "larger than 32 MiB"),
    ] {
        let error = fetcher.fetch(&at(path)).await.unwrap_err();
        assert!(error.contains(reason), "{path}: {error}");
    }
    // The rule about addresses holds for every hop: `check` is all that stands before a request.
    let public_only = Fetcher::new(false).unwrap();
    assert!(public_only.check(&"http://169.254.169.254/latest/meta-data".parse().unwrap()).is_err());
}
