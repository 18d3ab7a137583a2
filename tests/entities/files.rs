//! The files of pictures over HTTP: types, validators, ranges, and how long they may be kept.

use crate::on_both;
use crate::support::{Newsroom, Server, Story, newsroom::drawing};
use reqwest::{Response, header::HeaderMap};

/// A server with one picture: its path with the hash, and its bytes.
async fn picture(kind: crate::support::Kind) -> (Server, String, Vec<u8>) {
    let server = Newsroom::of([Story::new("a").ko("제목").picture()]).serve(kind).await;
    let reply = server.query("{ articles { nodes { leadImage { url } } } }").await;
    let url = reply.data("/articles/nodes/0/leadImage/url").as_str().unwrap();
    let path = url.strip_prefix("https://api.news.example").unwrap().to_owned();
    (server, path, drawing("a").into_bytes())
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

async fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> Response {
    headers.iter().fold(server.get(path), |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

on_both! {
    a_file_comes_with_its_type_and_its_validator(kind) {
        let (server, path, bytes) = picture(kind).await;
        let response = get(&server, &path, &[]).await;
        assert_eq!(response.status(), 200);
        let headers = response.headers().clone();
        assert_eq!(header(&headers, "content-type"), "image/svg+xml");
        assert_eq!(header(&headers, "content-length"), bytes.len().to_string());
        assert_eq!(header(&headers, "accept-ranges"), "bytes");
        assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
        assert!(header(&headers, "content-security-policy").contains("sandbox"), "a drawing can hold scripts");
        let etag = header(&headers, "etag");
        assert!(etag.starts_with('"') && etag.len() == 66, "{etag}");
        assert_eq!(response.bytes().await.unwrap(), bytes);
        for (validator, status) in [(etag.clone(), 304), (format!("W/{etag}"), 304), (format!("\"x\", {etag}"), 304), ("*".to_owned(), 304), ("\"x\"".to_owned(), 200)] {
            let response = get(&server, &path, &[("if-none-match", &validator)]).await;
            assert_eq!(response.status(), status, "{validator}");
            assert_eq!(header(response.headers(), "etag"), etag);
            assert_eq!(response.bytes().await.unwrap().len(), if status == 304 { 0 } else { bytes.len() });
        }
        let head = server.client().head(format!("{}{path}", server.address())).send().await.unwrap();
        assert_eq!(head.status(), 200);
        for name in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(header(head.headers(), name), header(&headers, name), "{name}");
        }
        assert!(head.bytes().await.unwrap().is_empty());
        let head = server.client().head(format!("{}{path}", server.address())).header("range", "bytes=0-3").send().await.unwrap();
        assert_eq!(head.status(), 200, "only GET has ranges");
    }

    only_an_address_with_the_hash_may_be_kept_for_ever(kind) {
        let (server, path, _) = picture(kind).await;
        let (plain, _) = path.split_once('?').unwrap();
        for (path, cached) in [
            (path.as_str(), "public, max-age=31536000, immutable"),
            (plain, "public, max-age=300"),
            (&format!("{plain}?v="), "public, max-age=300"),
            (&format!("{plain}?v=0123"), "public, max-age=300"),
        ] {
            let response = get(&server, path, &[]).await;
            assert_eq!((response.status().as_u16(), header(response.headers(), "cache-control").as_str()), (200, cached), "{path}");
        }
    }

    a_part_of_a_file_can_be_asked_for(kind) {
        let (server, path, bytes) = picture(kind).await;
        let size = bytes.len();
        for (range, part) in [
            ("bytes=0-3".to_owned(), 0..4),
            (format!("bytes={}-", size - 5), size - 5..size),
            ("bytes=-7".to_owned(), size - 7..size),
            (format!("bytes=10-{}", size * 2), 10..size),
            (format!("bytes=-{}", size * 2), 0..size),
        ] {
            let response = get(&server, &path, &[("range", &range)]).await;
            assert_eq!(response.status(), 206, "{range}");
            let expected = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            assert_eq!(header(response.headers(), "content-range"), expected);
            assert_eq!(header(response.headers(), "content-length"), part.len().to_string());
            assert_eq!(response.bytes().await.unwrap(), bytes[part]);
        }
        for range in [format!("bytes={size}-"), "bytes=-0".to_owned()] {
            let response = get(&server, &path, &[("range", &range)]).await;
            assert_eq!(response.status(), 416, "{range}");
            assert_eq!(header(response.headers(), "content-range"), format!("bytes */{size}"));
        }
        // What is no range of bytes, and what may be answered with everything.
        for range in ["lines=0-3", "bytes=3-1", "bytes=x", "bytes=0-1,4-5"] {
            let response = get(&server, &path, &[("range", range)]).await;
            assert_eq!(response.status(), 200, "{range}");
            assert_eq!(response.bytes().await.unwrap(), bytes);
        }
    }

    a_part_is_sent_only_of_the_file_that_was_meant(kind) {
        let (server, path, bytes) = picture(kind).await;
        let etag = header(get(&server, &path, &[]).await.headers(), "etag");
        for (validator, status) in [(etag.as_str(), 206), ("\"x\"", 200), (&format!("W/{etag}"), 200), ("Mon, 23 Nov 2026 00:00:00 GMT", 200)] {
            let response = get(&server, &path, &[("range", "bytes=0-3"), ("if-range", validator)]).await;
            assert_eq!(response.status(), status, "{validator}");
            assert_eq!(response.bytes().await.unwrap().len(), if status == 206 { 4 } else { bytes.len() });
        }
    }

    a_file_that_nothing_published_shows_is_not_there(kind) {
        let (server, path, _) = picture(kind).await;
        for missing in ["/images/img_00000000000000000000000000/original", "/images/x/original", "/images/..%2f..%2fetc%2fpasswd/original"] {
            let response = get(&server, missing, &[]).await;
            assert_eq!(response.status(), 404, "{missing}");
        }
        Newsroom::of([Story::new("a").ko("제목").picture().status("draft")]).import(&server.database);
        let response = get(&server, &path, &[]).await;
        assert_eq!(response.status(), 404, "withdrawn with its story");
        assert_eq!(header(response.headers(), "content-type"), "application/problem+json");
    }
}
