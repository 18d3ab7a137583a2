//! An item of an export, as WordPress stores a post, and what plugins say about it in its meta values.
//!
//! Reading the file belongs to `wxr`; languages have their own file; turning content into blocks belongs to others.

use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use super::classic::markup;
use php::Value;

pub(crate) mod php;
#[cfg(test)]
mod tests;

/// A post, page, attachment or anything else that WordPress keeps as a post. What the export leaves out is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WpItem {
    /// The post's number, which attachments, translations and `?p=` links refer to.
    pub id: Option<u64>,
    /// The title as HTML; see [`WpItem::title_text`].
    pub title: String,
    /// The public address.
    pub link: Option<String>,
    /// The lasting identifier of the feed, often `…/?p=101`.
    pub guid: Option<String>,
    /// The login of the author.
    pub creator: Option<String>,
    /// The content as it is stored: blocks, or classic text that wants its paragraphs.
    pub content: String,
    /// The excerpt; on an attachment the caption.
    pub excerpt: String,
    /// When it was published, in the site's own time.
    pub post_date: Option<PrimitiveDateTime>,
    /// The same moment in UTC.
    pub post_date_gmt: Option<PrimitiveDateTime>,
    /// When it was last changed, in the site's own time.
    pub post_modified: Option<PrimitiveDateTime>,
    /// The same moment in UTC.
    pub post_modified_gmt: Option<PrimitiveDateTime>,
    /// The feed's date.
    pub pub_date: Option<OffsetDateTime>,
    /// The slug in its own script. It stays percent-encoded when WordPress cut it inside a character.
    pub name: String,
    /// `publish`, `future`, `draft`, `pending`, `private`, `trash`, `inherit` ...
    pub status: String,
    /// `post`, `page`, `attachment`, `revision`, `nav_menu_item` ...
    pub post_type: String,
    /// The post that an attachment was uploaded to, or a page's parent.
    pub parent: Option<u64>,
    /// The password that readers are asked for.
    pub password: Option<String>,
    /// Whether the post is kept on top of the front page.
    pub is_sticky: bool,
    /// The original file of an attachment.
    pub attachment_url: Option<String>,
    /// Categories, tags and all other terms.
    pub categories: Vec<WpTermRef>,
    /// Meta keys and values in file order; keys may repeat.
    pub meta: Vec<(String, String)>,
    /// How many comments the export holds for it.
    pub comment_count: usize,
    /// What could not be kept as it is in the file.
    pub notes: Vec<String>,
}

/// A term that an item names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WpTermRef {
    /// The taxonomy: `category`, `post_tag`, `language` ...
    pub domain: String,
    /// The slug in its own script; empty in some exports of version 1.0.
    pub nicename: String,
    /// The name as HTML.
    pub name: String,
}

/// What WordPress read from an image file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageFacts {
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// The credit inside the file.
    pub credit: Option<String>,
    /// The caption inside the file.
    pub caption: Option<String>,
    /// The copyright line inside the file.
    pub copyright: Option<String>,
}

impl WpItem {
    /// The title as plain text on one line.
    pub fn title_text(&self) -> String {
        markup::plain_text(&self.title)
    }

    /// When the item was published, in the site's zone as far as the export tells it: the zone is the distance between
    /// local time and UTC. Without a believable distance it is the feed's date. A draft has none, nor has an item that
    /// knows only local time.
    pub fn published_at(&self) -> Option<OffsetDateTime> {
        let feed = self.pub_date.filter(|date| date.unix_timestamp() > 0);
        let feed_as_utc = feed
            .map(|date| date.to_offset(UtcOffset::UTC))
            .map(|date| PrimitiveDateTime::new(date.date(), date.time()));
        let gmt = self.post_date_gmt.or(feed_as_utc);
        let zoned = |local: PrimitiveDateTime, gmt: PrimitiveDateTime| {
            Some(gmt.assume_utc().to_offset(believable_offset(local, gmt)?))
        };
        let own = self.post_date.zip(gmt).and_then(|(local, gmt)| zoned(local, gmt));
        own.or(feed).or_else(|| self.post_date_gmt.map(PrimitiveDateTime::assume_utc))
    }

    /// The first value of a meta key.
    pub fn meta(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The attachment that is the lead image.
    pub fn thumbnail_id(&self) -> Option<u64> {
        self.number("_thumbnail_id")
    }

    /// An attachment's text for those who do not see it.
    pub fn alt(&self) -> Option<&str> {
        self.text("_wp_attachment_image_alt")
    }

    /// The id of the category that Yoast or Rank Math holds for the main one.
    pub fn primary_category_id(&self) -> Option<u64> {
        self.number("_yoast_wpseo_primary_category").or_else(|| self.number("rank_math_primary_category"))
    }

    /// The title for search engines, if somebody wrote one of its own.
    pub fn seo_title(&self) -> Option<String> {
        let written = self.text("_yoast_wpseo_title").or_else(|| self.text("rank_math_title"))?;
        let title = self.without_variables(written);
        Some(title).filter(|title| !title.is_empty() && *title != self.title_text())
    }

    /// The description for search engines, if somebody wrote one of its own.
    pub fn seo_description(&self) -> Option<String> {
        let written = self.text("_yoast_wpseo_metadesc").or_else(|| self.text("rank_math_description"))?;
        Some(self.without_variables(written)).filter(|text| !text.is_empty())
    }

    /// An attachment's file under the uploads folder, such as `2023/11/board.jpg`.
    pub fn attached_file(&self) -> Option<&str> {
        let in_url = || self.attachment_url.as_deref()?.split_once("/uploads/").map(|(_, file)| file);
        self.text("_wp_attached_file").or_else(in_url)
    }

    /// What WordPress noted about an attached image.
    pub fn image_facts(&self) -> ImageFacts {
        let Some(facts) = self.meta("_wp_attachment_metadata").and_then(php::read) else {
            return ImageFacts::default();
        };
        let pixels =
            |key| facts.get(key).and_then(Value::integer).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
        let inside = facts.get("image_meta");
        let text = |key| {
            let text = inside.and_then(|meta| meta.get(key)).and_then(Value::text)?.trim();
            Some(text.to_owned()).filter(|text| !text.is_empty())
        };
        ImageFacts {
            width: pixels("width"),
            height: pixels("height"),
            credit: text("credit"),
            caption: text("caption"),
            copyright: text("copyright"),
        }
    }

    /// A meta value that is not blank.
    fn text(&self, key: &str) -> Option<&str> {
        self.meta(key).map(str::trim).filter(|value| !value.is_empty())
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.text(key)?.parse().ok().filter(|id| *id > 0)
    }

    /// A template of Yoast (`%%title%% %%sep%% %%sitename%%`) or Rank Math (`%title%`) as text: the site's name behind
    /// the separator is the frontend's to add, so the template ends there.
    fn without_variables(&self, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('%') {
            let variable = after.trim_start_matches('%');
            let end = variable.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(variable.len());
            text.push_str(before);
            match variable.split_at_checked(end) {
                Some((name, tail)) if !name.is_empty() && tail.starts_with('%') => {
                    match name {
                        "sep" => return text.trim().to_owned(),
                        "title" => text.push_str(&self.title_text()),
                        "excerpt" | "excerpt_only" => text.push_str(&markup::plain_text(&self.excerpt)),
                        _ => {}
                    }
                    rest = tail.trim_start_matches('%');
                }
                _ => {
                    text.push('%');
                    rest = after;
                }
            }
        }
        text.push_str(rest);
        markup::plain_text(&text)
    }
}

/// The distance of local time from UTC, when it is one that a zone can have.
fn believable_offset(local: PrimitiveDateTime, gmt: PrimitiveDateTime) -> Option<UtcOffset> {
    let distance = local - gmt;
    let believable = distance.whole_seconds() % (15 * 60) == 0 && distance.abs() <= time::Duration::hours(14);
    let seconds = i32::try_from(distance.whole_seconds()).ok().filter(|_| believable)?;
    UtcOffset::from_whole_seconds(seconds).ok()
}
