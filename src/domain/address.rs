//! Where things are found: canonical paths and addresses, all made in this one place.

use super::entity::Image;
use super::language::LanguageTag;
use super::published::PublishedVariant;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What a path segment cannot hold as it is (RFC 3986), and everything that is not ASCII.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'/');

/// A part of a path, percent-encoded.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// What addresses are made of.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// Where this service is reached.
    pub service: String,
    /// Where readers find the site.
    pub site: String,
    /// How the site names a story: `/{language}/{slug}`.
    pub article_path: String,
    /// What the site is called.
    pub site_name: String,
    /// The page on which the site says how its pictures may be used.
    pub licensing: Option<String>,
    /// The token of the preview that pictures are asked for with, where somebody looks at one.
    pub preview: Option<String>,
}

/// The longest path that leads to a story, in characters.
pub const MAX_PATH: usize = 1_000;

/// A path as it is stored: decoded, without a slash at its end.
pub fn plain_path(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let trimmed = decoded.trim_end_matches('/');
    if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() }
}

/// The path that somebody wants to lead to a story, as it is stored; else what is wrong with it.
pub fn check_path(written: &str) -> Result<String, &'static str> {
    let path = plain_path(written.trim());
    if !path.starts_with('/') || path.starts_with("//") {
        return Err("is no path of the site: expected one that begins with a single slash, such as /2019/old-story");
    }
    if path == "/" {
        return Err("is the front page, which no story can take");
    }
    // Query and fragment do not reach us: a path with one would never be asked for.
    if written.contains(['?', '#']) || path.chars().any(char::is_control) {
        return Err("may hold neither `?` nor `#` nor invisible characters");
    }
    if path.chars().count() > MAX_PATH {
        return Err("is too long: at most 1000 characters");
    }
    Ok(path)
}

impl Addresses {
    /// The path of a story on the site, in its own script: `/ko/한글-슬러그`.
    pub fn path(&self, language: &LanguageTag, slug: &str) -> String {
        self.article_path.replace("{language}", language.as_str()).replace("{slug}", slug)
    }

    /// The address of a story on the site, percent-encoded.
    pub fn url(&self, language: &LanguageTag, slug: &str) -> String {
        format!("{}{}", self.site, self.path(language, &segment(slug)))
    }

    /// The address of a published variant.
    pub fn variant_url(&self, variant: &PublishedVariant) -> String {
        self.url(&variant.language, &variant.card.slug)
    }

    /// The language and slug in a path of the site, percent-encoded or not.
    pub fn parse(&self, path: &str) -> Option<(LanguageTag, String)> {
        let path = percent_decode_str(path).decode_utf8().ok()?;
        let path = path.strip_suffix('/').unwrap_or(&path);
        let pattern = self.article_path.trim_end_matches('/');
        let (mut language, mut slug) = (None, None);
        let (mut parts, mut patterns) = (path.split('/'), pattern.split('/'));
        loop {
            match (parts.next(), patterns.next()) {
                (None, None) => break Some((language?, slug?)),
                (Some(part), Some("{language}")) => language = Some(part.parse().ok()?),
                (Some(part), Some("{slug}")) => slug = Some(part.to_owned()),
                (part, pattern) if part == pattern => {}
                _ => break None,
            }
        }
    }

    /// The address of a picture's original: ours where we have the file, else where it came from.
    ///
    /// The hash in it changes with the file, so that it can be cached for ever.
    pub fn image(&self, image: &Image) -> Option<String> {
        match &image.file {
            Some(file) => {
                let hash = file.sha256.get(..16).unwrap_or(&file.sha256);
                let preview = self.preview.as_ref().map(|token| format!("&preview={token}")).unwrap_or_default();
                Some(format!("{}/images/{}/original?v={hash}{preview}", self.service, image.id))
            }
            None => image.source_url.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_stored_in_one_spelling_and_refused_where_nobody_could_ask_for_it() {
        for (written, stored) in
            [("/a/", "/a"), (" /2019/%ED%95%9C ", "/2019/한"), ("/a//b", "/a//b"), ("/p%3Fq", "/p?q")]
        {
            assert_eq!(check_path(written).as_deref(), Ok(stored), "{written}");
        }
        for bad in ["", "/", "a/b", "//elsewhere.example/a", "https://a.example/b", "/a?b=c", "/a#b", "/a%0Ab"] {
            assert!(check_path(bad).is_err(), "{bad}");
        }
        assert!(
            check_path(&format!("/{}", "가".repeat(999))).is_ok()
                && check_path(&format!("/{}", "a".repeat(1_000))).is_err()
        );
    }

    #[test]
    fn a_path_reads_back_encoded_or_not() {
        let mut addresses = Addresses {
            service: "http://api.example".into(),
            site: "https://news.example".into(),
            article_path: "/{language}/{slug}".into(),
            site_name: "News".into(),
            licensing: None,
            preview: None,
        };
        let ko: LanguageTag = "ko".parse().unwrap();
        assert_eq!(addresses.path(&ko, "한글-슬러그"), "/ko/한글-슬러그");
        assert_eq!(addresses.url(&ko, "한글"), "https://news.example/ko/%ED%95%9C%EA%B8%80");
        for path in ["/ko/한글", "/ko/%ED%95%9C%EA%B8%80", "/ko/한글/", "/KO/한글"] {
            assert_eq!(addresses.parse(path), Some((ko.clone(), "한글".to_owned())), "{path}");
        }
        for path in ["", "/", "/ko", "/ko/a/b", "ko/a", "/한/a", "/ko/%FF"] {
            assert_eq!(addresses.parse(path), None, "{path}");
        }
        addresses.article_path = "/news/{language}/story/{slug}/".into();
        assert_eq!(addresses.parse("/news/ko/story/한글/"), Some((ko, "한글".to_owned())));
    }
}
