//! `ArticleVariant`: a story in one language, as it was published.

use super::article::{Alternate, Article, alternates, load_story, served};
use super::body::Body;
use super::context::{BodyOf, Reading, reading};
use super::entities::{Byline, Section, Tag};
use super::enums::{CorrectionKind, Kind, TranslationOrigin};
use super::image::Image;
use super::scalars::{DateTime, Json, Language, Url};
use crate::domain::article;
use crate::domain::effect::Parts;
use crate::domain::published::{PublishedVariant, principal};
use crate::domain::schema_org;
use crate::error::Error;
use crate::service::Notes;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use std::sync::Arc;

/// A story in one language, as it was published.
#[derive(Clone)]
pub struct ArticleVariant {
    variant: Arc<PublishedVariant>,
    notes: Notes,
}

impl ArticleVariant {
    /// A published variant.
    pub fn new(reading: &Reading, variant: Arc<PublishedVariant>) -> Self {
        let notes = reading.reader().notes().clone();
        notes.note(|footprint| footprint.saw(variant.id.0, Parts::EXISTENCE));
        Self { variant, notes }
    }

    /// The variant, to read these parts of it and its ids and language.
    fn read(&self, parts: Parts) -> &PublishedVariant {
        self.notes.note(|footprint| footprint.saw(self.variant.id.0, parts));
        &self.variant
    }

    /// What never changes of it.
    fn plain(&self) -> &PublishedVariant {
        &self.variant
    }
}

/// A dated, public note on a published variant.
#[derive(SimpleObject)]
pub struct Correction {
    /// `cor_` and 26 characters.
    pub id: ID,
    /// What it is.
    pub kind: CorrectionKind,
    /// When it was made.
    pub at: DateTime,
    /// What it says. Plain text.
    pub text: String,
    /// Who signs it.
    pub signed: Option<String>,
}

impl From<&article::Correction> for Correction {
    fn from(correction: &article::Correction) -> Self {
        Self {
            id: correction.id.to_string().into(),
            kind: correction.kind.into(),
            at: DateTime(correction.at),
            text: correction.text.clone(),
            signed: correction.signed.clone(),
        }
    }
}

/// What search engines and social networks are told.
#[derive(SimpleObject)]
pub struct Seo {
    /// The editor's title for search engines, else the headline.
    pub title: String,
    /// The editor's description for search engines, else the summary, else the deks.
    pub description: Option<String>,
    /// The one address of this variant.
    pub canonical_url: Url,
}

/// Where a variant's text came from.
pub struct Translation(ArticleVariant);

impl Translation {
    fn record(&self) -> &Option<article::Translation> {
        &self.0.read(Parts::TRANSLATION).card.translation
    }
}

/// Where a variant's text came from.
#[Object]
impl Translation {
    /// Who or what made it.
    async fn origin(&self) -> TranslationOrigin {
        let record = self.record().as_ref();
        record.map_or(article::Origin::Original, |translation| translation.origin).into()
    }

    /// The language that it was made from; null for an original.
    async fn source_language(&self) -> Option<Language> {
        Some(Language(self.record().as_ref()?.source_language.clone()))
    }

    /// The published variant that it was made from; null for an original and where the source is not published.
    async fn source(&self, ctx: &Context<'_>) -> Option<Result<ArticleVariant>> {
        let source = std::slice::from_ref(&self.record().as_ref()?.source_language);
        let find = async {
            let reading = reading(ctx)?;
            let story = load_story(ctx, self.0.plain().article).await?;
            Ok(served(reading, &story, source).map(|found| ArticleVariant::new(reading, found)))
        };
        find.await.transpose()
    }

    /// Whether the published text that it was made from has changed since.
    async fn is_stale(&self, ctx: &Context<'_>) -> Result<bool> {
        let Some(record) = self.record() else { return Ok(false) };
        let story = load_story(ctx, self.0.plain().article).await?;
        let source = served(reading(ctx)?, &story, std::slice::from_ref(&record.source_language));
        source.inspect(|source| self.0.notes.note(|footprint| footprint.saw(source.id.0, Parts::TEXT)));
        Ok(self.0.plain().is_stale(&story))
    }

    /// Who read it against the source.
    async fn reviewed_by(&self) -> Option<String> {
        self.record().as_ref()?.reviewed_by.clone()
    }
}

/// A story in one language, as it was published.
#[Object]
impl ArticleVariant {
    /// `var_` and 26 characters; each language has its own.
    pub async fn id(&self) -> ID {
        self.plain().id.to_string().into()
    }

    /// The story that it belongs to.
    async fn article(&self) -> Article {
        Article::new(self.plain().article)
    }

    /// Its language.
    async fn language(&self) -> Language {
        Language(self.plain().language.clone())
    }

    /// Whether it is served instead of the language that was asked for.
    async fn served_as_fallback(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language that was asked for.")] requested: Language,
    ) -> Result<bool> {
        Ok(reading(ctx)?.language(Some(&requested))? != self.plain().language)
    }

    /// The part of the address that names the story, in its own script.
    async fn slug(&self) -> &str {
        &self.read(Parts::SLUG).card.slug
    }

    /// The path on the site, in its own script: redirect there if you came by another one.
    async fn canonical_path(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(reading(ctx)?.addresses.path(&self.plain().language, &self.read(Parts::SLUG).card.slug))
    }

    /// The address on the site, percent-encoded.
    async fn canonical_url(&self, ctx: &Context<'_>) -> Result<Url> {
        Ok(Url(reading(ctx)?.addresses.variant_url(self.read(Parts::SLUG))))
    }

    /// The headline. Plain text.
    async fn title(&self) -> &str {
        &self.read(Parts::TITLE).card.title
    }

    /// The lines under the headline: none, one or more. Plain text.
    async fn deks(&self) -> &[String] {
        &self.read(Parts::DEKS).card.deks
    }

    /// A few sentences for lists and previews. Plain text.
    async fn summary(&self) -> Option<&str> {
        self.read(Parts::SUMMARY).card.summary.as_deref()
    }

    /// The story.
    async fn body(&self, ctx: &Context<'_>) -> Result<Body> {
        let id = self.read(Parts::BODY).id;
        let body = reading(ctx)?.load(BodyOf(id)).await?;
        let body = body.ok_or_else(|| Error::NotFound { kind: "variant", id: id.to_string() })?;
        Ok(Body { variant: self.variant.clone(), body })
    }

    /// What kind of journalism it is.
    async fn kind(&self) -> Kind {
        self.read(Parts::KIND).kind().into()
    }

    /// Its section, as published in this language.
    async fn section(&self, ctx: &Context<'_>) -> Option<Result<Section>> {
        Section::load(ctx, self.read(Parts::SECTION).section()?).await
    }

    /// Its tags, as published in this language, in the editor's order.
    async fn tags(&self, ctx: &Context<'_>) -> Result<Vec<Tag>> {
        Tag::load_all(ctx, self.read(Parts::TAGS).tags()).await
    }

    /// Who made it, in order, translators last.
    async fn bylines(&self, ctx: &Context<'_>) -> Result<Vec<Byline>> {
        Byline::load_all(ctx, self.read(Parts::BYLINES.and(Parts::TRANSLATION)).bylines()).await
    }

    /// The picture that stands for it, as published in this language.
    async fn lead_image(&self, ctx: &Context<'_>) -> Option<Result<Image>> {
        Image::load(ctx, self.read(Parts::IMAGE).lead_image()?).await
    }

    /// When this language was first published.
    async fn published_at(&self) -> DateTime {
        DateTime(self.read(Parts::PUBLISHED_AT).published_at)
    }

    /// When this language last changed for readers.
    async fn modified_at(&self) -> DateTime {
        DateTime(self.read(Parts::MODIFIED_AT).modified_at)
    }

    /// Words; characters for Chinese and Japanese.
    async fn word_count(&self) -> u32 {
        self.read(Parts::LENGTH).card.word_count
    }

    /// Minutes that reading takes, rounded up: 230 words a minute, 500 characters for Korean, Chinese and Japanese.
    async fn reading_time_minutes(&self) -> u32 {
        self.read(Parts::LENGTH).card.reading_time
    }

    /// Where the text came from.
    async fn translation(&self) -> Translation {
        Translation(self.clone())
    }

    /// Public notes, oldest first.
    async fn corrections(&self) -> Vec<Correction> {
        self.read(Parts::CORRECTIONS).card.corrections.iter().map(Correction::from).collect()
    }

    /// What search engines and social networks are told.
    async fn seo(&self, ctx: &Context<'_>) -> Result<Seo> {
        let parts = Parts::SEO.and(Parts::TITLE).and(Parts::SUMMARY).and(Parts::DEKS).and(Parts::SLUG);
        let variant = self.read(parts);
        Ok(Seo {
            title: variant.seo_title().to_owned(),
            description: variant.seo_description(),
            canonical_url: Url(reading(ctx)?.addresses.variant_url(self.plain())),
        })
    }

    /// Every published language of the story with its address, this one included: what `hreflang` needs.
    async fn alternates(&self, ctx: &Context<'_>) -> Result<Vec<Alternate>> {
        alternates(ctx, &load_story(ctx, self.plain().article).await?).await
    }

    /// schema.org's NewsArticle as JSON-LD, ready for `<script type="application/ld+json">`.
    #[graphql(complexity = 20)]
    async fn json_ld(&self, ctx: &Context<'_>) -> Result<Json> {
        let reading = reading(ctx)?;
        let story = load_story(ctx, self.plain().article).await?;
        reading.saw_all(&story, Parts::ALL);
        let entities = reading.entities(&schema_org::named(&self.variant)).await?;
        reading.saw_entities(&entities);
        let page = schema_org::Page {
            variant: &self.variant,
            original: principal(&story).filter(|original| original.id != self.variant.id),
            story: &story,
            entities: &entities,
            addresses: &reading.addresses,
            languages: &reading.languages,
        };
        Ok(Json(schema_org::news_article(&page)))
    }
}
