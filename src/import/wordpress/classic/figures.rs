//! The HTML that stands for what content only refers to: embeds, pictures of the media library, galleries.
//!
//! The shapes are those that WordPress's own blocks write, so that one reader of HTML understands both.

use super::{AttachmentRef, Context};
use crate::import::wordpress::wxr::entities::escape;

/// The attribute of a picture that holds its attachment's id.
pub(super) const ATTACHMENT: &str = "data-attachment";

/// A video, a sound or a post of another site, as a link.
pub(super) fn embed(url: &str) -> String {
    let url = escape(url);
    format!("<figure class=\"wp-block-embed\"><a href=\"{url}\">{url}</a></figure>")
}

/// A picture of the media library.
pub(super) fn image(id: u64, attachment: &AttachmentRef) -> String {
    let (url, alt) = (escape(&attachment.url), escape(attachment.alt.as_deref().unwrap_or_default()));
    let caption = attachment.caption.as_deref().map(str::trim).filter(|caption| !caption.is_empty());
    let caption = caption.map(|caption| format!("<figcaption>{caption}</figcaption>")).unwrap_or_default();
    format!(
        "<figure class=\"wp-block-image\"><img src=\"{url}\" alt=\"{alt}\" {ATTACHMENT}=\"{id}\" />{caption}</figure>"
    )
}

/// The picture with this id, if the media library has it; `what` asks for it.
pub(super) fn image_by_id(id: u64, what: &str, context: &mut Context<'_>) -> String {
    match (context.attachments)(id) {
        Some(attachment) => image(id, &attachment),
        None => {
            context.note(format!("attachment {id} of {what}"), "dropped: the export has no such attachment");
            String::new()
        }
    }
}

/// Pictures side by side; empty when the media library has none of them.
pub(super) fn gallery(ids: &[u64], what: &str, context: &mut Context<'_>) -> String {
    let pictures: String = ids.iter().map(|id| image_by_id(*id, what, context)).collect();
    if pictures.is_empty() { pictures } else { format!("<figure class=\"wp-block-gallery\">{pictures}</figure>") }
}

/// An `<img>` tag with the attachment's id.
pub(super) fn with_attachment(img: &str, id: u64) -> String {
    match img.split_at_checked(4) {
        Some((name, rest)) => format!("{name} {ATTACHMENT}=\"{id}\"{rest}"),
        None => img.to_owned(),
    }
}

/// The numbers of a list such as `1, 2,3`.
pub(super) fn ids(list: &str) -> Vec<u64> {
    list.split(|c: char| !c.is_ascii_digit()).filter_map(|id| id.parse().ok()).collect()
}
