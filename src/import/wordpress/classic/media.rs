//! The shortcodes of WordPress itself and of its embeds: pictures with captions, galleries, videos, sounds.
//!
//! Where a shortcode begins and ends is decided in `shortcodes`; the HTML comes from `figures`.

use super::markup::{Token, plain_text, tokens};
use super::shortcodes::{Opening, Outcome};
use super::{Context, figures};

/// Shortcodes that show something of another place, which a link stands for.
const EMBEDS: [&str; 16] = [
    "embed",
    "youtube",
    "vimeo",
    "video",
    "audio",
    "playlist",
    "tweet",
    "twitter",
    "instagram",
    "facebook",
    "soundcloud",
    "dailymotion",
    "tiktok",
    "ted",
    "spotify",
    "wpvideo",
];

/// Where embeds keep their address, apart from standing alone. The first that is an address counts.
const SOURCES: [&str; 15] =
    ["src", "url", "href", "link", "mp4", "m4v", "webm", "ogv", "flv", "wmv", "mp3", "m4a", "ogg", "wav", "wma"];

pub(super) fn is_known(name: &str) -> bool {
    matches!(name, "caption" | "wp_caption" | "gallery") || EMBEDS.contains(&name)
}

pub(super) fn is_address(text: &str) -> bool {
    ["https://", "http://", "//"].iter().any(|start| text.starts_with(start)) && !text.contains(char::is_whitespace)
}

/// What a known shortcode becomes; `content` is what it encloses, its own shortcodes resolved.
pub(super) fn outcome(opening: &Opening<'_>, content: Option<&str>, context: &mut Context<'_>) -> Option<Outcome> {
    match opening.name {
        "caption" | "wp_caption" => Some(caption(opening, content, context)),
        "gallery" => {
            let gallery = gallery(opening, context);
            Some(Outcome::Block(gallery + content.unwrap_or_default()))
        }
        name if EMBEDS.contains(&name) => Some(embed(opening, content, context)),
        _ => None,
    }
}

fn caption(opening: &Opening<'_>, content: Option<&str>, context: &mut Context<'_>) -> Outcome {
    let Some(content) = content else {
        context.note(opening.raw, "text: the caption has no end");
        return Outcome::Text;
    };
    let (media, beside) = split_picture(content).unwrap_or((content.to_owned(), String::new()));
    let mut words = vec![beside];
    words.extend(opening.attributes.get("caption").map(str::to_owned));
    words.retain(|words| !words.is_empty());
    let words = if words.is_empty() { String::new() } else { format!("<figcaption>{}</figcaption>", words.join(" ")) };
    let id = opening.attributes.get("id").and_then(|id| id.strip_prefix("attachment_")?.parse().ok());
    let media = match id.zip(media.find("<img")) {
        Some((id, at)) if !media.contains("wp-image-") && !media.contains(figures::ATTACHMENT) => {
            let (before, img) = media.split_at_checked(at).unwrap_or((&media, ""));
            format!("{before}{}", figures::with_attachment(img, id))
        }
        _ => media,
    };
    Outcome::Block(format!("<figure class=\"wp-caption\">{}{words}</figure>", media.trim()))
}

/// The first picture, with the link around it, and what stands before and after it.
fn split_picture(content: &str) -> Option<(String, String)> {
    let mut link: Option<usize> = None;
    let mut walk = tokens(content, &[]);
    while let Some(token) = walk.next() {
        let behind = content.len() - walk.rest().len();
        match token {
            Token::Tag(tag) if tag.is("a") && !tag.closes => link = Some(behind - tag.raw.len()),
            Token::Tag(tag) if tag.is("img") => {
                let start = link.unwrap_or(behind - tag.raw.len());
                let after = walk.rest().trim_start();
                let closed = after.get(..4).filter(|end| link.is_some() && end.eq_ignore_ascii_case("</a>"));
                let end = closed.map_or(behind, |_| content.len() - after.len() + 4);
                let (before, after) = (content.get(..start)?.trim(), content.get(end..)?.trim());
                let after = after.trim_start_matches("<br />").trim_start_matches("<br>").trim_start();
                let words = if before.is_empty() { after.to_owned() } else { format!("{before} {after}") };
                return Some((content.get(start..end)?.to_owned(), words.trim().to_owned()));
            }
            Token::Text(text) if text.trim().is_empty() => {}
            _ => link = None,
        }
    }
    None
}

fn gallery(opening: &Opening<'_>, context: &mut Context<'_>) -> String {
    let list = opening.attributes.get("ids").or_else(|| opening.attributes.get("include"));
    let ids = figures::ids(list.unwrap_or_default());
    if ids.is_empty() {
        context.note(opening.raw, "dropped: it shows all pictures that were uploaded to this post");
    }
    figures::gallery(&ids, opening.raw, context)
}

fn embed(opening: &Opening<'_>, content: Option<&str>, context: &mut Context<'_>) -> Outcome {
    let content = content.unwrap_or_default();
    let words = plain_text(content);
    let alone = Some(words.as_str()).filter(|words| !words.is_empty() && !words.contains(' '));
    let address = alone.filter(|words| is_address(words)).map(str::to_owned).or_else(|| address(opening, alone));
    if let Some(address) = address {
        // What it encloses beside the address is what is shown where the embed cannot be.
        let rest = if alone.is_some_and(|words| address.ends_with(words)) { "" } else { content };
        return Outcome::Block(figures::embed(&address) + rest);
    }
    let ids = figures::ids(opening.attributes.get("ids").unwrap_or_default());
    let files: String =
        ids.iter().filter_map(|id| (context.attachments)(*id)).map(|file| figures::embed(&file.url)).collect();
    if files.is_empty() {
        context.note(opening.raw, "dropped: it names no address and no file of the export");
    }
    Outcome::Block(files + content)
}

/// The address that an embed names, or that of the video whose id it gives.
fn address(opening: &Opening<'_>, content: Option<&str>) -> Option<String> {
    let named = SOURCES.iter().filter_map(|name| opening.attributes.get(name));
    let mut all = opening.attributes.positional().chain(named);
    if let Some(address) = all.find(|value| is_address(value)) {
        return Some(address.to_owned());
    }
    let own = |id: &&str| id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let id = opening.attributes.get("id").or_else(|| opening.attributes.positional().next()).or(content).filter(own);
    match (opening.name, id) {
        ("youtube", Some(id)) => Some(format!("https://www.youtube.com/watch?v={id}")),
        ("vimeo", Some(id)) => Some(format!("https://vimeo.com/{id}")),
        ("dailymotion", Some(id)) => Some(format!("https://www.dailymotion.com/video/{id}")),
        // An address without a host is one of the site's own.
        _ => SOURCES.iter().find_map(|name| opening.attributes.get(name)).map(str::to_owned),
    }
}
