//! Addresses of a WordPress: which file of the library one means, and under which path readers knew a post.

use percent_encoding::percent_decode_str;
use url::Url;

/// What the export says of the site's own addresses.
#[derive(Debug, Clone, Default)]
pub(super) struct Hosts {
    base: Option<Url>,
    own: Vec<String>,
}

impl Hosts {
    /// The hosts of the addresses that the export's head names.
    pub(super) fn new<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Self {
        let urls: Vec<Url> = addresses.into_iter().filter_map(|address| Url::parse(address).ok()).collect();
        let own = urls.iter().filter_map(|url| url.host_str().map(bare)).collect();
        Self { base: urls.into_iter().next(), own }
    }

    /// The full address; nothing for what is no address of the web.
    pub(super) fn full(&self, address: &str) -> Option<Url> {
        let url = match &self.base {
            Some(base) => base.join(address).ok()?,
            None => Url::parse(address).ok()?,
        };
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// One name for all ways to write an address: the path alone on the site's own hosts.
    pub(super) fn key(&self, address: &str) -> Option<String> {
        let url = self.full(address)?;
        let path = decoded(url.path());
        let host = bare(url.host_str()?);
        // WordPress.com's picture servers: i0.wp.com/news.example/wp-content/…
        let (host, path) = if host.ends_with(".wp.com") {
            let (host, path) = path.trim_start_matches('/').split_once('/')?;
            (bare(host), format!("/{path}"))
        } else {
            (host, path)
        };
        Some(if self.own.contains(&host) { path } else { format!("{host}{path}") })
    }

    /// The names under which the library may have what an address shows, the likeliest first: as it is, the original
    /// of a smaller size, what WordPress scaled the original down to.
    pub(super) fn candidates(&self, address: &str) -> Vec<String> {
        let Some(key) = self.key(address) else { return Vec::new() };
        let mut found = vec![key.clone()];
        if let Some((stem, extension)) = key.rsplit_once('.') {
            let original = without_size(stem);
            let original = original.strip_suffix("-scaled").unwrap_or(original);
            for name in [format!("{original}.{extension}"), format!("{original}-scaled.{extension}")] {
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        found
    }

    /// The path on which readers found a post, decoded and without a slash at its end. Addresses that name a post by its
    /// number have none.
    pub(super) fn former_path(&self, link: &str) -> Option<String> {
        let url = self.full(link).filter(|url| url.query().is_none())?;
        let path = decoded(url.path().trim_end_matches('/'));
        (!path.is_empty() && path.len() <= 1_000).then_some(path)
    }
}

/// The file of an address below the uploads folder: `2023/11/picture.jpg`.
pub(super) fn upload(address: &str) -> Option<String> {
    let (_, file) = address.split_once("/wp-content/uploads/")?;
    let file = file.split(['?', '#']).next().unwrap_or(file);
    Some(decoded(file)).filter(|file| !file.is_empty())
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> Option<String> {
    let name = path.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?;
    Some(decoded(name)).filter(|name| !name.is_empty())
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), |text| text.into_owned())
}

fn bare(host: &str) -> String {
    host.strip_prefix("www.").unwrap_or(host).to_ascii_lowercase()
}

/// `picture` of `picture-300x200`.
fn without_size(stem: &str) -> &str {
    let is_size = |size: &str| {
        let number = |text: &str| !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
        size.split_once('x').is_some_and(|(width, height)| number(width) && number(height))
    };
    stem.rsplit_once('-').filter(|(_, size)| is_size(size)).map_or(stem, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_picture_has_one_name() {
        let hosts = Hosts::new(["https://www.news.example/blog", "http://cdn.news.example"]);
        let picture = "/wp-content/uploads/2023/11/사진 1.jpg";
        for address in [
            "https://news.example/wp-content/uploads/2023/11/%EC%82%AC%EC%A7%84%201.jpg",
            "http://www.news.example/wp-content/uploads/2023/11/사진 1.jpg?w=300#x",
            "//CDN.news.example/wp-content/uploads/2023/11/사진%201.jpg",
            "/wp-content/uploads/2023/11/사진 1.jpg",
            "https://i0.wp.com/news.example/wp-content/uploads/2023/11/사진%201.jpg?resize=1",
            "https://news.example/wp-content/uploads/2023/11/사진 1-1024x768.jpg",
            "https://news.example/wp-content/uploads/2023/11/사진 1-scaled.jpg",
        ] {
            assert!(hosts.candidates(address).iter().any(|name| name == picture), "{address}");
        }
        assert_eq!(hosts.key("https://other.example/a.jpg").as_deref(), Some("other.example/a.jpg"));
        let scaled = hosts.candidates("https://news.example/a-300x200.jpg");
        assert_eq!(scaled, ["/a-300x200.jpg", "/a.jpg", "/a-scaled.jpg"]);
        for nothing in ["data:image/png;base64,AA", "javascript:x", "file:///a.jpg", "http://["] {
            assert_eq!(hosts.key(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn former_paths_and_files() {
        let hosts = Hosts::new(["https://news.example"]);
        for (link, path) in [
            ("https://news.example/%EC%98%A4%ED%94%88ai/", Some("/오픈ai")),
            ("https://news.example/2023/11/a-b", Some("/2023/11/a-b")),
            ("https://news.example/?p=101", None),
            ("https://news.example/", None),
            ("", None),
        ] {
            assert_eq!(hosts.former_path(link).as_deref(), path, "{link}");
        }
        assert_eq!(upload("https://x.example/wp-content/uploads/2023/a%20b.jpg?x").as_deref(), Some("2023/a b.jpg"));
        assert_eq!(upload("https://x.example/a.jpg"), None);
        assert_eq!(file_name("https://x.example/2023/%EA%B0%80.jpg?x=1/2").as_deref(), Some("가.jpg"));
    }
}
