//! What changed between two versions of a story, for editors who compare them.
//!
//! [`words`] compares two texts word by word, [`blocks`] two bodies block by block; here the fields are compared.

mod blocks;
mod pieces;
mod stem;
#[cfg(test)]
mod tests;
mod words;

pub use blocks::{BlockChange, BlockOp};
pub use words::{Segment, SegmentOp, words};

use super::article::{Content, Seo, Shared, Translation};
use super::named::named;
use std::fmt::Display;
use std::time::{Duration, Instant};

/// How long one comparison looks for what two texts share. What is left then is shown as replaced: coarser, never wrong.
const TIME_LIMIT: Duration = Duration::from_millis(250);

named! {
    /// A field of a story that two versions may differ in.
    Field "field" {
        /// The headline.
        Title "TITLE",
        /// The lines under the headline.
        Deks "DEKS",
        /// The part of the address that names the story.
        Slug "SLUG",
        /// The sentences for lists and previews.
        Summary "SUMMARY",
        /// The headline for search engines.
        SeoTitle "SEO_TITLE",
        /// The summary for search engines.
        SeoDescription "SEO_DESCRIPTION",
        /// Who or what translated it.
        TranslationOrigin "TRANSLATION_ORIGIN",
        /// The language that it was translated from.
        TranslationSourceLanguage "TRANSLATION_SOURCE_LANGUAGE",
        /// The revision that it was translated from.
        TranslationSourceRevision "TRANSLATION_SOURCE_REVISION",
        /// The hash of the text that it was translated from.
        TranslationSourceHash "TRANSLATION_SOURCE_HASH",
        /// Who read the translation against its source.
        TranslationReviewedBy "TRANSLATION_REVIEWED_BY",
        /// Who translated it.
        Translators "TRANSLATORS",
        /// The kind of journalism.
        Kind "KIND",
        /// The section.
        Section "SECTION",
        /// The picture that stands for it.
        LeadImage "LEAD_IMAGE",
        /// The tags.
        Tags "TAGS",
        /// Who made it.
        Bylines "BYLINES",
        /// Other stories that an editor pinned, chose or banned.
        Related "RELATED",
    }
}

/// A field with another value than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Which field.
    pub field: Field,
    /// What it held, as text or ids; empty when it held nothing. Bylines are an author and a role, related links an
    /// article and a relation, each with a space between.
    pub before: Vec<String>,
    /// What it holds.
    pub after: Vec<String>,
    /// What changed word by word, where the field is prose; several deks are lines of one text.
    pub text: Vec<Segment>,
}

/// All that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// The fields that differ.
    pub fields: Vec<FieldChange>,
    /// The blocks that differ, in reading order; a removed one is where it was.
    pub blocks: Vec<BlockChange>,
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.blocks.is_empty()
    }
}

/// What changed on the way from one version of a story to another.
pub fn diff(before: &Content, after: &Content, before_shared: &Shared, after_shared: &Shared) -> Difference {
    let deadline = Instant::now() + TIME_LIMIT;
    let old = values(before).into_iter().chain(shared_values(before_shared));
    let new = values(after).into_iter().chain(shared_values(after_shared));
    let fields = old.zip(new).filter(|((_, before), (_, after))| before != after);
    let fields = fields.map(|((field, before), (_, after))| {
        let is_prose =
            matches!(field, Field::Title | Field::Deks | Field::Summary | Field::SeoTitle | Field::SeoDescription);
        let text = if is_prose { words::segments(&before.join("\n"), &after.join("\n"), deadline) } else { Vec::new() };
        FieldChange { field, before, after, text }
    });
    Difference { fields: fields.collect(), blocks: blocks::changes(&before.body, &after.body, deadline) }
}

/// Every field of a variant but its body. All are named, so that a new one cannot be forgotten here.
fn values(content: &Content) -> Vec<(Field, Vec<String>)> {
    let Content { title, deks, slug, summary, body: _, seo, translation } = content;
    let Seo { title: seo_title, description } = seo;
    let mut values = vec![
        (Field::Title, vec![title.clone()]),
        (Field::Deks, deks.clone()),
        (Field::Slug, vec![slug.clone()]),
        (Field::Summary, list(summary)),
        (Field::SeoTitle, list(seo_title)),
        (Field::SeoDescription, list(description)),
    ];
    values.extend(translation_values(translation.as_ref()));
    values
}

fn translation_values(translation: Option<&Translation>) -> [(Field, Vec<String>); 6] {
    let parts = translation.map(|translation| {
        let Translation { origin, source_language, source_revision, source_hash, reviewed_by, translators } =
            translation;
        [
            list(Some(origin)),
            list(Some(source_language)),
            list(source_revision),
            list(source_hash),
            list(reviewed_by),
            list(translators),
        ]
    });
    let [origin, language, revision, hash, reviewer, translators] = parts.unwrap_or_default();
    [
        (Field::TranslationOrigin, origin),
        (Field::TranslationSourceLanguage, language),
        (Field::TranslationSourceRevision, revision),
        (Field::TranslationSourceHash, hash),
        (Field::TranslationReviewedBy, reviewer),
        (Field::Translators, translators),
    ]
}

fn shared_values(shared: &Shared) -> [(Field, Vec<String>); 6] {
    let Shared { kind, section, lead_image, tags, bylines, related } = shared;
    let bylines = bylines.iter().map(|byline| format!("{} {}", byline.author, byline.role));
    let related = related.iter().map(|link| format!("{} {}", link.article, link.relation));
    [
        (Field::Kind, list(Some(kind))),
        (Field::Section, list(section)),
        (Field::LeadImage, list(lead_image)),
        (Field::Tags, list(tags)),
        (Field::Bylines, bylines.collect()),
        (Field::Related, related.collect()),
    ]
}

fn list<T: Display>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|value| value.to_string()).collect()
}
