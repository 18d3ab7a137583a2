//! A story in one language as JSON.

use super::article_parts::{Alternate, Byline, Correction, RelatedArticle, Seo, Translation, alternates, bylines};
use super::{Author, Block, Image, Member, Members, Section, Setting, Tag};
use crate::domain::article::Kind;
use crate::domain::body;
use crate::domain::body::render::{self, FigureView};
use crate::domain::entity::Entity;
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::published::{PublishedVariant, principal};
use crate::domain::schema_org;
use serde::Serialize;
use std::sync::Arc;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// What an article is made of.
#[derive(Clone, Copy)]
pub struct Story<'a> {
    /// The story in the language that is served.
    pub variant: &'a PublishedVariant,
    /// Every published language of it; needed for `translation`, `alternates` and `jsonLd`.
    pub languages: &'a [Arc<PublishedVariant>],
    /// Its body, where that is wanted.
    pub body: Option<&'a body::Body>,
    /// The language that was asked for.
    pub asked: &'a LanguageTag,
}

/// A story in one language, as it was published. Only members that were asked for and have a value are there.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Article {
    /// The story: `art_` and 26 characters, the same in all languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub id: Option<ArticleId>,
    /// The variant: `var_` and 26 characters; each language has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub variant_id: Option<VariantId>,
    /// Its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    pub language: Option<LanguageTag>,
    /// Whether it is served instead of the language that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub served_as_fallback: Option<bool>,
    /// What kind of journalism it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<Kind>,
    /// The part of the address that names the story, in its own script.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub slug: Option<String>,
    /// The path on the site, in its own script.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub path: Option<String>,
    /// The address on the site, percent-encoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
    /// The headline. Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<String>,
    /// The lines under the headline: none, one or more. Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub deks: Option<Vec<String>>,
    /// A few sentences for lists and previews. Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub summary: Option<String>,
    /// When this language was first published, in the zone that the newsroom gave.
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub published_at: Option<OffsetDateTime>,
    /// When this language last changed for readers.
    #[serde(skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub modified_at: Option<OffsetDateTime>,
    /// Words; characters for Chinese and Japanese.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub word_count: Option<u32>,
    /// Minutes that reading takes, rounded up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reading_time_minutes: Option<u32>,
    /// Its section.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub section: Option<Section>,
    /// Its tags, in the editor's order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tags: Option<Vec<Tag>>,
    /// Who made it, in order, translators last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bylines: Option<Vec<Byline>>,
    /// The picture that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub lead_image: Option<Image>,
    /// Public notes, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub corrections: Option<Vec<Correction>>,
    /// Where the text came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub translation: Option<Translation>,
    /// Every published language of the story with its address, this one included: what `hreflang` needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alternates: Option<Vec<Alternate>>,
    /// What search engines and social networks are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seo: Option<Seo>,
    /// schema.org's NewsArticle as JSON-LD.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, nullable = false)]
    pub json_ld: Option<serde_json::Value>,
    /// Everybody who made it, each once, with all that is known of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub authors: Option<Vec<Author>>,
    /// The body as HTML: sanitised when it came in, safe to put into a page as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub html: Option<String>,
    /// The body as plain text, paragraphs parted by blank lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<String>,
    /// The body as Markdown (CommonMark with GitHub's tables).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub markdown: Option<String>,
    /// The body as typed blocks, in reading order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub blocks: Option<Vec<Block>>,
    /// Related stories: what editors pinned and chose, then what a formula finds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, no_recursion)]
    pub related: Option<Vec<RelatedArticle>>,
}

impl Article {
    /// A story with the members that are wanted. Related stories are not its own: whoever wants them sets `related`.
    pub fn new(story: &Story<'_>, members: &Members, setting: &Setting<'_>) -> Self {
        let variant = story.variant;
        let mut article = Self::default();
        for member in members.iter() {
            article.put(member, story, setting);
        }
        if let Some(body) = story.body {
            article.put_body(body, &variant.language, members, setting);
        }
        article
    }

    fn put(&mut self, member: Member, story: &Story<'_>, setting: &Setting<'_>) {
        let (variant, card) = (story.variant, &story.variant.card);
        match member {
            Member::Id => self.id = Some(variant.article),
            Member::VariantId => self.variant_id = Some(variant.id),
            Member::Language => self.language = Some(variant.language.clone()),
            Member::ServedAsFallback => self.served_as_fallback = Some(variant.language != *story.asked),
            Member::Kind => self.kind = Some(variant.kind()),
            Member::Slug => self.slug = Some(card.slug.clone()),
            Member::Path => self.path = Some(setting.addresses.path(&variant.language, &card.slug)),
            Member::Url => self.url = Some(setting.addresses.variant_url(variant)),
            Member::Title => self.title = Some(card.title.clone()),
            Member::Deks => self.deks = Some(card.deks.clone()),
            Member::Summary => self.summary.clone_from(&card.summary),
            Member::PublishedAt => self.published_at = Some(variant.published_at),
            Member::ModifiedAt => self.modified_at = Some(variant.modified_at),
            Member::WordCount => self.word_count = Some(card.word_count),
            Member::ReadingTimeMinutes => self.reading_time_minutes = Some(card.reading_time),
            Member::Section => self.section = section(variant, setting),
            Member::Tags => self.tags = Some(tags(variant, setting)),
            Member::Bylines => self.bylines = Some(bylines(variant, setting)),
            Member::LeadImage => self.lead_image = variant.lead_image().and_then(|id| Image::find(id, setting)),
            Member::Corrections => self.corrections = Some(card.corrections.iter().map(Correction::from).collect()),
            Member::Translation => self.translation = Some(Translation::new(story)),
            Member::Alternates => self.alternates = Some(alternates(story, setting)),
            Member::Seo => self.seo = Some(Seo::new(variant, setting)),
            Member::JsonLd => self.json_ld = Some(json_ld(story, setting)),
            Member::Authors => self.authors = Some(authors(variant, setting)),
            Member::Html | Member::Text | Member::Markdown | Member::Blocks | Member::Related => {}
        }
    }

    fn put_body(&mut self, body: &body::Body, language: &LanguageTag, members: &Members, setting: &Setting<'_>) {
        let view = |figure: &body::Figure| {
            let image = figure.image.and_then(|id| match setting.entity(id.0)? {
                Entity::Image(image) => Some(image),
                _ => None,
            });
            let of = |image| FigureView::of_image(image, language, setting.languages, setting.addresses);
            image.map_or_else(|| FigureView::of_source(figure), of).within(figure)
        };
        self.html = members.has(Member::Html).then(|| render::html(body, &view));
        self.text = members.has(Member::Text).then(|| render::text(body));
        self.markdown = members.has(Member::Markdown).then(|| render::markdown(body, &view));
        let own = Setting { language, ..*setting };
        let blocks = || body.blocks.iter().map(|block| Block::new(block, &own)).collect();
        self.blocks = members.has(Member::Blocks).then(blocks);
    }
}

fn section(variant: &PublishedVariant, setting: &Setting<'_>) -> Option<Section> {
    match setting.entity(variant.section()?.0)? {
        Entity::Section(section) => Some(Section::new(section, setting)),
        _ => None,
    }
}

fn tags(variant: &PublishedVariant, setting: &Setting<'_>) -> Vec<Tag> {
    let found = variant.tags().iter().filter_map(|id| match setting.entity(id.0)? {
        Entity::Tag(tag) => Some(Tag::new(tag, setting)),
        _ => None,
    });
    found.collect()
}

fn authors(variant: &PublishedVariant, setting: &Setting<'_>) -> Vec<Author> {
    let mut authors: Vec<Author> = Vec::new();
    for byline in variant.bylines() {
        if let Some(Entity::Author(author)) = setting.entity(byline.author.0)
            && authors.iter().all(|known| known.id != author.id)
        {
            authors.push(Author::new(author, setting));
        }
    }
    authors
}

fn json_ld(story: &Story<'_>, setting: &Setting<'_>) -> serde_json::Value {
    let variant = story.variant;
    let entities: Vec<Arc<Entity>> =
        schema_org::named(variant).into_iter().filter_map(|id| setting.entities.get(&id).cloned()).collect();
    schema_org::news_article(&schema_org::Page {
        variant,
        original: principal(story.languages).filter(|original| original.id != variant.id),
        story: story.languages,
        entities: &entities,
        addresses: setting.addresses,
        languages: setting.languages,
    })
}
