//! The lines under a headline, which WordPress has no place for: editors write them as the first paragraphs.

use super::classic::markup::plain_text;
use crate::config::ImportRules;
use crate::domain::body::{Content, Figure};
use crate::domain::ids::ImageId;

/// A body without what stands above it.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// The lines under the headline.
    pub(super) deks: Vec<String>,
    /// The lead image's place in the text, if it stood above the story.
    pub(super) lead: Option<Figure>,
    /// The story itself.
    pub(super) body: Vec<Content>,
}

/// Takes deks and the lead image from the beginning of a body. At least one block remains.
pub(super) fn open(contents: Vec<Content>, lead_image: Option<ImageId>, rules: &ImportRules) -> Opened {
    let mut opened = Opened::default();
    let mut left = contents.len();
    let mut is_above = true;
    for content in contents {
        match &content {
            Content::Figure(figure)
                if is_above
                    && left > 1
                    && opened.lead.is_none()
                    && figure.image.is_some()
                    && figure.image == lead_image =>
            {
                opened.lead = Some(figure.clone());
                left -= 1;
                continue;
            }
            // Deks stand before everything that remains.
            Content::Paragraph { html } if opened.body.is_empty() && left > 1 => {
                let room = rules.max_deks.saturating_sub(opened.deks.len());
                if let Some(lines) = dek_lines(html, room, rules.max_dek_chars) {
                    opened.deks.extend(lines);
                    left -= 1;
                    continue;
                }
                is_above = false;
            }
            Content::Paragraph { .. } => is_above = false,
            _ => {}
        }
        opened.body.push(content);
    }
    opened
}

/// The lines of a paragraph, if all of them are deks. One with a link is not: a dek is plain text and would lose it.
fn dek_lines(html: &str, room: usize, most_chars: usize) -> Option<Vec<String>> {
    if html.contains("<a ") {
        return None;
    }
    let lines: Vec<String> = html.split("<br>").map(plain_text).filter(|line| !line.is_empty()).collect();
    let is_dek = |line: &String| line.chars().count() <= most_chars && !ends_like_a_sentence(line);
    (!lines.is_empty() && lines.len() <= room && lines.iter().all(is_dek)).then_some(lines)
}

/// Whether a text ends with a full stop or the like, perhaps inside quotes or brackets.
fn ends_like_a_sentence(text: &str) -> bool {
    let closing = |c: char| "\"'”’»›)]}）］｝】」』〉》〕".contains(c) || c.is_whitespace();
    text.trim_end_matches(closing).ends_with(['.', '!', '?', '…', '。', '！', '？'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Flags};

    fn rules() -> ImportRules {
        Config::load(&Flags::default()).unwrap().import
    }

    fn paragraphs(texts: &[&str]) -> Vec<Content> {
        texts.iter().map(|text| Content::Paragraph { html: (*text).to_owned() }).collect()
    }

    #[test]
    fn what_ends_like_a_sentence() {
        for text in ["끝났다.", "Really?", "“그렇다.”", "(끝.)", "계속...", "계속…", "끝。", "뭐！", "가?’", "가.』 "]
        {
            assert!(ends_like_a_sentence(text), "{text}");
        }
        for text in ["가속화될 듯", "성장 2.2%", "‘인용’", "그는 “말했다.” 했다", "사진=기자", "3.5", ""]
        {
            assert!(!ends_like_a_sentence(text), "{text}");
        }
    }

    #[test]
    fn leading_lines_become_deks_and_never_the_whole_body() {
        let long = "가".repeat(161);
        for (texts, deks) in [
            (&["하나", "둘", "본문이다."][..], 2),
            (&["하나", "둘"], 1),
            (&["하나"], 0),
            (&["본문이다.", "소제목"], 0),
            (&["하나", "둘", "셋", "넷", "본문이다."], 3),
            (&[long.as_str(), "본문이다."], 0),
            (&["하나<br>둘", "본문이다."], 2),
            (&["하나<br>둘이다.", "본문이다."], 0),
            (&["하나", "둘<br>셋<br>넷", "본문이다."], 1),
            (&["<strong>하나</strong> &amp; 둘", "본문이다."], 1),
            (&["<a href=\"/x\">관련 기사</a>", "본문이다."], 0),
            (&[], 0),
        ] {
            let opened = open(paragraphs(texts), None, &rules());
            assert_eq!(opened.deks.len(), deks, "{texts:?}");
            assert_eq!(opened.body.is_empty(), texts.is_empty());
        }
    }

    #[test]
    fn the_lead_image_leaves_its_place_above_the_text() {
        let (lead, other) = (ImageId::new(), ImageId::new());
        let figure = |image| Content::Figure(Figure { image: Some(image), ..Figure::default() });
        let text = |text: &str| Content::Paragraph { html: text.to_owned() };
        for (contents, taken, deks, remains) in [
            (vec![text("덱"), figure(lead), text("본문이다.")], true, 1, 1),
            (vec![figure(lead), text("덱"), text("본문이다.")], true, 1, 1),
            (vec![figure(other), figure(lead), text("본문이다.")], true, 0, 2),
            (vec![text("본문이다."), figure(lead), text("본문이다.")], false, 0, 3),
            (vec![figure(lead)], false, 0, 1),
            (vec![figure(lead), figure(lead), text("본문이다.")], true, 0, 2),
            (vec![figure(other), text("덱 같은 줄"), text("본문이다.")], false, 0, 3),
        ] {
            let opened = open(contents.clone(), Some(lead), &rules());
            let found = (opened.lead.is_some(), opened.deks.len(), opened.body.len());
            assert_eq!(found, (taken, deks, remains), "{contents:?}");
        }
    }
}
