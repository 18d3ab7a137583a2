//! What counts as an embedded thing when the text only gives its address.

use super::Content;
use super::inline::{Token, decode, tokens};
use super::link;

/// Services by their hosts; a subdomain counts as its parent.
const PROVIDERS: &[(&str, &str)] = &[
    ("youtube.com", "youtube"),
    ("youtube-nocookie.com", "youtube"),
    ("youtu.be", "youtube"),
    ("vimeo.com", "vimeo"),
    ("x.com", "x"),
    ("twitter.com", "x"),
    ("instagram.com", "instagram"),
    ("facebook.com", "facebook"),
    ("fb.watch", "facebook"),
    ("tiktok.com", "tiktok"),
    ("soundcloud.com", "soundcloud"),
    ("spotify.com", "spotify"),
];

/// An embed of an address that passed the rules of [`link`].
pub(super) fn embed(url: String, caption: Option<String>) -> Content {
    Content::Embed { provider: provider(&url).map(str::to_owned), url, caption }
}

/// The service that an address belongs to.
fn provider(address: &str) -> Option<&'static str> {
    let url = url::Url::parse(address).ok()?;
    let host = url.host_str()?;
    let belongs = |domain: &str| host.strip_suffix(domain).is_some_and(|left| left.is_empty() || left.ends_with('.'));
    PROVIDERS.iter().find(|(domain, _)| belongs(domain)).map(|(_, name)| *name)
}

/// The embed that a paragraph means when it holds an address and nothing else.
pub(super) fn alone(html: &str) -> Option<Content> {
    match sole_link(html)? {
        (Some(href), text) if link::same(&href, &text) => link::bare(&href),
        (Some(_), _) => None,
        (None, text) => link::bare(&text),
    }
    .map(|url| embed(url, None))
}

/// The embed that a figure means when it holds a link and nothing else. The link's words become the caption.
pub(super) fn linked(html: &str) -> Option<Content> {
    match sole_link(html)? {
        (Some(href), text) => {
            let words = (!link::same(&href, &text)).then(|| super::inline::escaped(&text));
            Some(embed(link::address(&href)?, words))
        }
        (None, _) => alone(html),
    }
}

/// The target, if any, and the text of a line that is nothing but one link or nothing but plain text.
fn sole_link(html: &str) -> Option<(Option<String>, String)> {
    let mut parts = tokens(html);
    let mut part = parts.next()?;
    let mut href = None;
    if let Token::Open { name: "a", .. } = part {
        href = Some(decode(part.attribute("href")?).into_owned());
        part = parts.next()?;
    }
    let Token::Text(text) = part else { return None };
    let rest_fits = match href {
        Some(_) => parts.next() == Some(Token::Close("a")) && parts.next().is_none(),
        None => parts.next().is_none(),
    };
    rest_fits.then(|| (href, decode(text).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_names_the_service() {
        for (url, name) in [
            ("https://www.youtube.com/watch?v=1", Some("youtube")),
            ("https://youtu.be/1", Some("youtube")),
            ("https://player.vimeo.com/video/1", Some("vimeo")),
            ("https://x.com/a/status/1", Some("x")),
            ("https://open.spotify.com/track/1", Some("spotify")),
            ("https://notyoutube.com/", None),
            ("/relative.mp4", None),
        ] {
            assert_eq!(provider(url), name, "{url}");
        }
    }
}
