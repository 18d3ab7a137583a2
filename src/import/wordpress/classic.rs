//! The content of a post as plain HTML: paragraphs, shortcodes and blocks without HTML given their meaning.
//!
//! Each step has its file: `blocks` for block comments, `shortcodes` and `media`, `autop` for paragraphs, `figures` for
//! the HTML that they write, `markup` for reading HTML. Turning the HTML into an article's blocks, and cleaning it, is
//! done later and elsewhere. Nothing is lost silently: what has no meaning outside of WordPress is named in a note.

use markup::{Token, tokens};

mod autop;
mod blocks;
mod figures;
pub(crate) mod markup;
mod media;
mod shortcodes;
#[cfg(test)]
mod tests;

/// An attachment that content refers to by its id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttachmentRef {
    /// The file's address.
    pub url: String,
    /// The text for those who do not see it.
    pub alt: Option<String>,
    /// The caption as HTML.
    pub caption: Option<String>,
}

/// Content as HTML, and what changed on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prepared {
    /// The HTML. Pictures of the media library have their id in `data-attachment`.
    pub html: String,
    /// What an editor should know, in the order of the content.
    pub notes: Vec<Note>,
}

/// Something that did not come over as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What stands in the content, with its name and attributes.
    pub what: String,
    /// What became of it.
    pub became: String,
}

/// What the steps share: the media library to ask and the notes to write.
struct Context<'a> {
    attachments: &'a dyn Fn(u64) -> Option<AttachmentRef>,
    notes: Vec<Note>,
}

impl Context<'_> {
    fn note(&mut self, what: impl Into<String>, became: impl Into<String>) {
        self.notes.push(Note { what: what.into(), became: became.into() });
    }
}

/// Makes HTML of a post's content. `attachments` finds a file of the media library by its id.
pub fn to_html(content: &str, attachments: &dyn Fn(u64) -> Option<AttachmentRef>) -> Prepared {
    let mut context = Context { attachments, notes: Vec::new() };
    let content = content.replace("\r\n", "\n").replace('\r', "\n");
    let (resolved, has_blocks) = blocks::resolve(&content, &mut context);
    let expanded = shortcodes::expand(&resolved, &mut context);
    // As in WordPress: content made of blocks has its paragraphs already.
    let html = if has_blocks { expanded } else { autop::paragraphs(&expanded) };
    Prepared { html: with_attachment_ids(&html), notes: context.notes }
}

/// Says on each picture which attachment it is. WordPress keeps that in a class that cleaning would take away.
fn with_attachment_ids(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for token in tokens(html, &["script", "style"]) {
        match token {
            Token::Tag(tag) if tag.is("img") => {
                let attributes = tag.attributes();
                let id = attributes.get("class").and_then(|class| class.split_whitespace().find_map(image_class));
                match id.filter(|_| attributes.get(figures::ATTACHMENT).is_none()) {
                    Some(id) => out.push_str(&figures::with_attachment(tag.raw, id)),
                    None => out.push_str(tag.raw),
                }
            }
            Token::Tag(tag) => out.push_str(tag.raw),
            Token::Text(raw) | Token::Comment(raw) | Token::Verbatim(_, raw) => out.push_str(raw),
        }
    }
    out
}

fn image_class(class: &str) -> Option<u64> {
    class.strip_prefix("wp-image-")?.parse().ok()
}
