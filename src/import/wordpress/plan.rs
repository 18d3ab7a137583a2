//! What a post says about itself, in the newsroom's words: where it stands, when it was published, what sums it up.
//!
//! Only rules that need nothing but the post.

use super::addresses::Hosts;
use super::classic::markup::plain_text;
use super::item::WpItem;
use super::languages::LanguageFacts;
use crate::config::ImportRules;
use crate::domain::body::Content;
use crate::domain::language::{LanguageTag, Languages};
use crate::domain::slug;
use crate::import::language::detect;
use crate::import::story::Stand;
use percent_encoding::percent_decode_str;
use std::collections::HashMap;
use time::{OffsetDateTime, UtcOffset};

/// What the head of an export says of the site.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The language of what does not say: the channel's, else the newsroom's own.
    pub(super) language: LanguageTag,
    pub(super) hosts: Hosts,
    /// Polylang's languages: slug and locale.
    pub(super) locales: HashMap<String, String>,
}

impl Site {
    /// A plugin's language among the newsroom's; an error is the language that it does not have.
    pub(super) fn language(&self, facts: &LanguageFacts, languages: &Languages) -> Result<Option<LanguageTag>, String> {
        let Some(written) = &facts.language else { return Ok(None) };
        let locale = self.locales.get(written);
        let found = languages.lookup(written).or_else(|| languages.lookup(locale?));
        found.cloned().map(Some).ok_or_else(|| locale.unwrap_or(written).clone())
    }
}

/// What is to become of a post.
#[derive(Debug, PartialEq)]
pub(super) enum Fate {
    /// A story that stands there, and what is worth knowing about that.
    Story(Stand, Option<(&'static str, &'static str)>),
    /// It was thrown away.
    Trash,
}

/// Where a post stands.
pub(super) fn fate(item: &WpItem, rules: &ImportRules, now: OffsetDateTime) -> Fate {
    let story = |stand| Fate::Story(stand, None);
    if item.status != "trash" && item.password.is_some() {
        return Fate::Story(Stand::Draft, Some(("a password", "draft: readers need no password here")));
    }
    match item.status.as_str() {
        "publish" => {
            let at = published_at(item, rules);
            story(Stand::Published(at, at.and_then(|at| modified_at(item, at))))
        }
        "future" => match published_at(item, rules) {
            Some(at) if at > now => story(Stand::Scheduled(at)),
            Some(_) => Fate::Story(Stand::Overdue, Some(("a schedule whose time has passed", "in review"))),
            None => Fate::Story(Stand::InReview, Some(("a schedule without a time", "in review"))),
        },
        "draft" | "auto-draft" => story(Stand::Draft),
        "pending" => story(Stand::InReview),
        "private" => Fate::Story(Stand::Draft, Some(("private", "draft"))),
        "trash" => Fate::Trash,
        _ => Fate::Story(Stand::Draft, Some(("a status of a plugin", "draft"))),
    }
}

fn published_at(item: &WpItem, rules: &ImportRules) -> Option<OffsetDateTime> {
    let zone = UtcOffset::from_whole_seconds(i32::from(rules.utc_offset_minutes) * 60).unwrap_or(UtcOffset::UTC);
    item.published_at().or_else(|| item.post_date.map(|local| local.assume_offset(zone)))
}

/// When a post was last changed, if that was after it was published.
fn modified_at(item: &WpItem, published: OffsetDateTime) -> Option<OffsetDateTime> {
    let zone = published.offset();
    let gmt = item.post_modified_gmt.map(|gmt| gmt.assume_utc().to_offset(zone));
    gmt.or_else(|| item.post_modified.map(|local| local.assume_offset(zone))).filter(|at| *at > published)
}

/// The slug that a post had, in our form. WordPress cuts long ones, at times inside a character.
pub(super) fn wanted_slug(name: &str) -> Option<String> {
    let bytes: Vec<u8> = percent_decode_str(name).collect();
    let whole = match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(cut) => String::from_utf8_lossy(bytes.get(..cut.valid_up_to()).unwrap_or_default()).into_owned(),
    };
    Some(slug::slugify(&whole)).filter(|slug| !slug.is_empty())
}

/// All text of a body, one block a line.
pub(super) fn text_of(contents: &[Content]) -> String {
    let mut text = String::new();
    for content in contents {
        match content {
            Content::Paragraph { html } | Content::Heading { html, .. } | Content::Quote { html, .. } => {
                text.push_str(&plain_text(html));
                text.push('\n');
            }
            Content::List(list) => {
                for item in &list.items {
                    text.push_str(&plain_text(&item.html));
                    text.push('\n');
                }
            }
            _ => {}
        }
    }
    text
}

/// The excerpt as a summary, unless it is empty or only the beginning of the text.
pub(super) fn summary(excerpt: &str, text: &str) -> Option<String> {
    let excerpt = plain_text(excerpt);
    let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let beginning = squeezed(&excerpt);
    let beginning = beginning.trim_end_matches(['.', '…', '[', ']']);
    (!beginning.is_empty() && !squeezed(text).starts_with(beginning)).then_some(excerpt)
}

/// The headline of a post; the beginning of the text where it has none, which the second part says.
pub(super) fn title(item: &WpItem, text: &str) -> Option<(String, bool)> {
    let title = item.title_text();
    if !title.trim().is_empty() {
        return Some((title, false));
    }
    let line = text.lines().find(|line| !line.trim().is_empty())?;
    let cut: String = line.chars().take(60).collect();
    Some((if cut == line { cut } else { format!("{}…", cut.trim_end()) }, true))
}

/// The language of a text without a label.
pub(super) fn language_of(title: &str, text: &str, site: &Site, languages: &Languages) -> LanguageTag {
    let found = detect(&format!("{title}\n{text}"), languages, Some(&site.language));
    found.unwrap_or_else(|| site.language.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Flags};
    use time::macros::datetime;

    #[test]
    fn where_a_post_stands() {
        let rules = Config::load(&Flags::default()).unwrap().import;
        let item = |status: &str, password: Option<&str>| WpItem {
            status: status.to_owned(),
            password: password.map(str::to_owned),
            post_date: Some(datetime!(2023-11-22 09:00)),
            post_modified: Some(datetime!(2023-11-22 10:00)),
            ..WpItem::default()
        };
        let (at, later) = (datetime!(2023-11-22 09:00 +9), datetime!(2023-11-22 10:00 +9));
        let now = datetime!(2023-11-21 00:00 UTC);
        let stand = |status: &str, password| match fate(&item(status, password), &rules, now) {
            Fate::Story(stand, note) => Some((stand, note.is_some())),
            Fate::Trash => None,
        };
        assert_eq!(stand("publish", None), Some((Stand::Published(Some(at), Some(later)), false)));
        assert_eq!(stand("publish", Some("x")), Some((Stand::Draft, true)));
        assert_eq!(stand("future", None), Some((Stand::Scheduled(at), false)));
        assert_eq!(
            fate(&item("future", None), &rules, at),
            Fate::Story(Stand::Overdue, Some(("a schedule whose time has passed", "in review")))
        );
        assert_eq!(stand("draft", None), Some((Stand::Draft, false)));
        assert_eq!(stand("auto-draft", None), Some((Stand::Draft, false)));
        assert_eq!(stand("pending", None), Some((Stand::InReview, false)));
        assert_eq!(stand("private", None), Some((Stand::Draft, true)));
        assert_eq!(stand("in-progress", None), Some((Stand::Draft, true)));
        assert_eq!(stand("trash", Some("x")), None);
        let Fate::Story(Stand::Published(Some(found), _), _) = fate(&item("publish", None), &rules, now) else {
            panic!()
        };
        assert_eq!(found.offset(), at.offset());
    }

    #[test]
    fn slugs_summaries_and_titles() {
        for (name, slug) in [
            ("오픈ai-이사회", Some("오픈ai-이사회")),
            ("%EC%98%A4%ED%94%88ai-%EC%9D", Some("오픈ai")),
            ("Hello_World", Some("hello-world")),
            ("", None),
            ("%%%", None),
        ] {
            assert_eq!(wanted_slug(name).as_deref(), slug, "{name}");
        }
        let text = "첫 문장이다. 둘째 문장이다.\n셋째.";
        for (excerpt, expected) in [
            ("", None),
            ("<p>첫 문장이다.</p>", None),
            ("첫 문장이다. 둘째...", None),
            ("첫  문장이다. 둘째 […]", None),
            ("따로 쓴 <em>요약</em> &amp; 말", Some("따로 쓴 요약 & 말")),
        ] {
            assert_eq!(summary(excerpt, text).as_deref(), expected, "{excerpt}");
        }
        assert_eq!(title(&WpItem::default(), text), Some(("첫 문장이다. 둘째 문장이다.".to_owned(), true)));
        assert_eq!(title(&WpItem::default(), "\n"), None);
    }
}
