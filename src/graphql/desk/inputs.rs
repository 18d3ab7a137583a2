//! What editors send: texts, and what languages share.

use super::variant::id;
use crate::domain::article::{Byline, RelatedLink};
use crate::domain::body::{Content, DraftBlock, html, markdown};
use crate::domain::ids::ImageId;
use crate::domain::language::Localized;
use crate::error::{Error, Result};
use crate::graphql::enums::{BylineRole, Kind, Relation};
use crate::graphql::scalars::{DateTime, Html, Language};
use crate::service::{SharedPatch, TextPatch};
use async_graphql::{ID, InputObject, MaybeUndefined, OneofObject};

/// A story, in the form that the editor's tool has it. Pictures of the library have their id (`img_…`) as address.
#[derive(OneofObject)]
pub enum BodyInput {
    /// Markdown: CommonMark with GitHub's tables.
    Markdown(String),
    /// Any HTML; what has no place in a story is left out.
    Html(Html),
    /// Block by block, so that each keeps its id.
    Blocks(Vec<BlockInput>),
}

/// One block.
#[derive(InputObject)]
pub struct BlockInput {
    /// The id that it has; none for a new one.
    id: Option<String>,
    /// The block as HTML, such as `<p>…</p>` or `<figure>…</figure>`.
    html: Html,
}

impl BodyInput {
    fn blocks(self) -> Vec<DraftBlock> {
        let plain = |contents: Vec<Content>| contents.into_iter().map(|content| (None, content)).collect();
        let blocks: Vec<(Option<String>, Content)> = match self {
            Self::Markdown(text) => plain(markdown::parse(&text).contents),
            Self::Html(text) => plain(html::parse(&text.0).contents),
            Self::Blocks(blocks) => blocks
                .into_iter()
                .flat_map(|block| {
                    let contents = html::parse(&block.html.0).contents;
                    // Where one block became several, the first is the one that was there.
                    let ids = std::iter::once(block.id).chain(std::iter::repeat(None));
                    ids.zip(contents).collect::<Vec<_>>()
                })
                .collect(),
        };
        blocks.into_iter().map(|(id, content)| DraftBlock { id, content: of_library(content) }).collect()
    }
}

/// A figure whose address is the id of a picture shows that picture.
fn of_library(content: Content) -> Content {
    match content {
        Content::Figure(mut figure) => {
            let id = figure.source.as_deref().and_then(|source| {
                let last = |part: &&str| part.starts_with(ImageId::PREFIX);
                source.split('/').find(last).and_then(|part| part.parse().ok())
            });
            if let Some(id) = id {
                (figure.image, figure.source) = (Some(id), None);
            }
            Content::Figure(figure)
        }
        other => other,
    }
}

/// A text to begin with.
#[derive(InputObject)]
pub struct TextInput {
    /// The headline. Plain text, at most 500 characters.
    title: String,
    /// The lines under the headline, each at most 1,000 characters.
    #[graphql(default)]
    deks: Vec<String>,
    /// The slug; made from the headline where nothing is given.
    slug: Option<String>,
    /// A few sentences for lists, at most 5,000 characters.
    summary: Option<String>,
    /// The story.
    body: Option<BodyInput>,
    /// What search engines are told instead of the headline.
    seo_title: Option<String>,
    /// What search engines are told instead of the summary.
    seo_description: Option<String>,
    /// Readers do not see it before.
    embargo_until: Option<DateTime>,
}

impl From<TextInput> for TextPatch {
    fn from(input: TextInput) -> Self {
        Self {
            title: Some(input.title),
            deks: Some(input.deks),
            slug: input.slug,
            summary: Some(input.summary),
            blocks: input.body.map(BodyInput::blocks),
            seo_title: Some(input.seo_title),
            seo_description: Some(input.seo_description),
            embargo_until: Some(input.embargo_until.map(|at| at.0)),
            source_revision: None,
        }
    }
}

/// Changes to a text: what is absent stays, null takes away.
#[derive(InputObject)]
pub struct TextPatchInput {
    /// The headline.
    title: Option<String>,
    /// All lines under the headline.
    deks: Option<Vec<String>>,
    /// The slug; the old one still leads to the story.
    slug: Option<String>,
    /// A few sentences for lists.
    #[graphql(default)]
    summary: MaybeUndefined<String>,
    /// The whole story.
    body: Option<BodyInput>,
    /// What search engines are told instead of the headline.
    #[graphql(default)]
    seo_title: MaybeUndefined<String>,
    /// What search engines are told instead of the summary.
    #[graphql(default)]
    seo_description: MaybeUndefined<String>,
    /// Readers do not see it before.
    #[graphql(default)]
    embargo_until: MaybeUndefined<DateTime>,
    /// The revision of the source that the translation has caught up with.
    source_revision_id: Option<ID>,
}

impl TextPatchInput {
    /// As the service takes it.
    pub fn patch(self) -> Result<TextPatch> {
        Ok(TextPatch {
            title: self.title,
            deks: self.deks,
            slug: self.slug,
            summary: given(self.summary),
            blocks: self.body.map(BodyInput::blocks),
            seo_title: given(self.seo_title),
            seo_description: given(self.seo_description),
            embargo_until: given(self.embargo_until).map(|at| at.map(|at| at.0)),
            source_revision: self.source_revision_id.map(|revision| id("sourceRevisionId", &revision)).transpose()?,
        })
    }
}

/// What a field that may be absent says.
pub fn given<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

/// An author's place on a story.
#[derive(InputObject)]
pub struct BylineInput {
    /// Who.
    author_id: ID,
    /// Did what.
    #[graphql(default_with = "BylineRole::Author")]
    role: BylineRole,
}

/// An editor's word on another story.
#[derive(InputObject)]
pub struct RelatedLinkInput {
    /// The other story.
    article_id: ID,
    /// How it relates.
    #[graphql(default_with = "Relation::Curated")]
    relation: Relation,
}

/// What all languages of a story share: what is absent stays, null takes away.
#[derive(InputObject, Default)]
pub struct SharedInput {
    /// What kind of journalism it is; a new story is NEWS unless said.
    kind: Option<Kind>,
    /// Its section.
    #[graphql(default)]
    section_id: MaybeUndefined<ID>,
    /// The picture that stands for it.
    #[graphql(default)]
    lead_image_id: MaybeUndefined<ID>,
    /// All its tags, in order.
    tag_ids: Option<Vec<ID>>,
    /// All its bylines, in order.
    bylines: Option<Vec<BylineInput>>,
    /// All its curated links, in order.
    related: Option<Vec<RelatedLinkInput>>,
}

impl SharedInput {
    /// As the service takes it.
    pub fn patch(self) -> Result<SharedPatch> {
        let optional = |value: MaybeUndefined<ID>| given(value);
        let tags = self.tag_ids.map(|tags| {
            let tags = tags.iter().zip(0..);
            tags.map(|(tag, index)| id(&format!("tagIds[{index}]"), tag)).collect::<Result<Vec<_>>>()
        });
        let bylines = self.bylines.map(|lines| {
            let lines = lines.into_iter().zip(0..);
            let line = |(line, index): (BylineInput, i32)| {
                let author = id(&format!("bylines[{index}].authorId"), &line.author_id)?;
                Ok::<_, Error>(Byline { author, role: line.role.into() })
            };
            lines.map(line).collect::<Result<Vec<_>>>()
        });
        let related = self.related.map(|links| {
            let links = links.into_iter().zip(0..);
            let link = |(link, index): (RelatedLinkInput, i32)| {
                let article = id(&format!("related[{index}].articleId"), &link.article_id)?;
                Ok::<_, Error>(RelatedLink { article, relation: link.relation.into() })
            };
            links.map(link).collect::<Result<Vec<_>>>()
        });
        Ok(SharedPatch {
            kind: self.kind.map(Into::into),
            section: optional(self.section_id)
                .map(|given| given.map(|section| id("sectionId", &section)).transpose())
                .transpose()?,
            lead_image: optional(self.lead_image_id)
                .map(|given| given.map(|image| id("leadImageId", &image)).transpose())
                .transpose()?,
            tags: tags.transpose()?,
            bylines: bylines.transpose()?,
            related: related.transpose()?,
        })
    }
}

/// A text in a language.
#[derive(InputObject)]
pub struct LocalizedTextInput {
    /// The language.
    language: Language,
    /// The text; an empty one takes what is there away.
    text: String,
}

/// Lays texts over others; those in other languages stay.
pub fn merge(texts: &mut Localized, given: Option<Vec<LocalizedTextInput>>) {
    for LocalizedTextInput { language, text } in given.unwrap_or_default() {
        match text.trim() {
            "" => texts.remove(&language.0),
            text => texts.insert(language.0, text.to_owned()),
        };
    }
}
