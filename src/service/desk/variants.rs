//! Writing: stories, their languages, their translations.

use super::expect;
use crate::domain::article::{Content, Kind, Origin, Seo, Shared, Translation};
use crate::domain::body::{Body, DraftBlock};
use crate::domain::ids::{ArticleId, RevisionId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::policy::{Action, Subject};
use crate::domain::workflow::State;
use crate::error::{Error, FieldError, Result};
use crate::service::Work;
use crate::service::save::{Wanted, check};
use crate::store::desk::articles::{self, DeskArticle};
use crate::store::desk::variants::{self, DeskVariant};
use time::{Duration, OffsetDateTime};

/// For how long one person's autosaves become one revision.
const AUTOSAVE: Duration = Duration::minutes(10);

/// Change a text; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct TextPatch {
    /// The headline.
    pub title: Option<String>,
    /// The lines under the headline.
    pub deks: Option<Vec<String>>,
    /// The slug.
    pub slug: Option<String>,
    /// A few sentences for lists; `Some(None)` takes them away.
    pub summary: Option<Option<String>>,
    /// The story. A block that comes with the id of one that is there is that one, edited.
    pub blocks: Option<Vec<DraftBlock>>,
    /// For search engines.
    pub seo_title: Option<Option<String>>,
    /// For search engines.
    pub seo_description: Option<Option<String>>,
    /// Readers do not see it before.
    pub embargo_until: Option<Option<OffsetDateTime>>,
    /// The revision of the source that the text follows now.
    pub source_revision: Option<RevisionId>,
}

/// Change what all languages of a story share; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct SharedPatch {
    /// The kind of journalism.
    pub kind: Option<Kind>,
    /// The section; `Some(None)` takes it away.
    pub section: Option<Option<crate::domain::ids::SectionId>>,
    /// The lead image.
    pub lead_image: Option<Option<crate::domain::ids::ImageId>>,
    /// All its tags, in order.
    pub tags: Option<Vec<crate::domain::ids::TagId>>,
    /// All its bylines, in order.
    pub bylines: Option<Vec<crate::domain::article::Byline>>,
    /// All its curated links, in order.
    pub related: Option<Vec<crate::domain::article::RelatedLink>>,
}

impl Work {
    /// Begins a story with its first language, as a draft.
    pub async fn write_article(
        &mut self,
        language: &LanguageTag,
        shared: SharedPatch,
        text: TextPatch,
    ) -> Result<VariantId> {
        self.require(Action::CreateArticle, Subject::default())?;
        let plain = Shared {
            kind: Kind::News,
            section: None,
            lead_image: None,
            tags: Vec::new(),
            bylines: Vec::new(),
            related: Vec::new(),
        };
        let shared = patched(plain, shared);
        self.check_shared(None, &shared).await?;
        let id = self.create_article(language, &shared).await?;
        let article = self.lock_article(id).await?;
        if !self.key_covers(&article, Some(language)).await? {
            return Err(Error::Forbidden("the key is not for this language and section".into()));
        }
        let variant = DeskVariant::new(id, language.clone(), State::Draft, RevisionId::new());
        self.begin_variant(&article, variant, text, None).await
    }

    /// Changes what all languages of a story share. Readers see it in a language when that is published again.
    pub async fn revise_article(&mut self, id: ArticleId, expected: Option<i32>, patch: SharedPatch) -> Result<()> {
        let article = self.held_article(id, Action::EditArticle).await?;
        expect("article", expected, article.version, None)?;
        let shared = patched(article.shared.clone(), patch);
        self.check_shared(Some(&article), &shared).await?;
        self.update_article(id, &shared).await.map(drop)
    }

    /// Puts a story into the archive, or takes it out again.
    pub async fn archive_article(&mut self, id: ArticleId, archive: bool, expected: Option<i32>) -> Result<()> {
        let mut article = self.held_article(id, Action::EditArticle).await?;
        expect("article", expected, article.version, None)?;
        let live = variants::lock_all(&self.tx, id).await?.iter().any(|variant| variant.live.is_some());
        if archive && live {
            return Err(Error::invalid("articleId", "is published; withdraw it in every language first"));
        }
        if archive == article.archived_at.is_some() {
            return Ok(());
        }
        article.archived_at = archive.then_some(self.now);
        let shared = article.shared.clone();
        articles::update(&self.tx, &article, &shared, self.now).await?;
        self.written.article = None;
        self.note(if archive { "article.archive" } else { "article.unarchive" }, id.0).await
    }

    /// Changes a text: a new revision, unless nothing changed. Readers see it when it is published.
    pub async fn revise_variant(
        &mut self,
        id: VariantId,
        expected: Option<i32>,
        patch: TextPatch,
        autosave: bool,
    ) -> Result<()> {
        let mut held = self.held_variant(id, Action::EditVariant).await?;
        expect("variant", expected, held.variant.version, held.variant.updated_by.as_deref())?;
        if let Some(embargo) = patch.embargo_until {
            held.variant.embargo_until = embargo;
            variants::update(&self.tx, &held.variant, self.now).await?;
        }
        let mut content = self.applied(&held.article, &held.variant, Some(&held.head.content), &patch).await?;
        self.follow_source(&held.article, &mut content, patch.source_revision).await?;
        if content == held.head.content && held.article.shared == held.head.shared {
            return Ok(());
        }
        let before = held.head.id;
        self.put_revision(held.variant, content, held.article.shared, autosave).await?;
        if autosave {
            variants::collapse(&self.tx, before, &self.actor, self.now - AUTOSAVE).await?;
        }
        Ok(())
    }

    /// Opens a story in another language with the source's text as a scaffold: its blocks keep their ids, so that a
    /// change of the source shows which block of the translation lags.
    pub async fn translate_article(
        &mut self,
        id: ArticleId,
        to: &LanguageTag,
        from: Option<&LanguageTag>,
        origin: Origin,
    ) -> Result<VariantId> {
        let article = self.lock_article(id).await?;
        let from = from.unwrap_or(&article.original).clone();
        let all = variants::lock_all(&self.tx, id).await?;
        let Some(source) = all.iter().find(|variant| variant.language == from) else {
            return Err(Error::NotFound { kind: "article", id: format!("{id} in {from}") });
        };
        let held = self.held_variant(source.id, Action::Translate).await?;
        if !self.key_covers(&article, Some(to)).await? {
            return Err(Error::Forbidden(format!("the key is not for {to}")));
        }
        if all.iter().any(|variant| variant.language == *to) {
            let message = format!("the story has a variant in {to} already");
            return Err(Error::Invalid(vec![FieldError { path: "to".into(), code: "TAKEN", message }]));
        }
        // The translation compares with this revision for as long as it lives.
        variants::keep_revision(&self.tx, held.head.id).await?;
        let translation = Translation {
            origin,
            source_language: from,
            source_revision: Some(held.head.id),
            source_hash: Some(held.head.text_hash.clone()),
            reviewed_by: None,
            translators: Vec::new(),
        };
        let wanted = Wanted { given: None, gives_way: false, own: None };
        let slug = self.slug(id, to, wanted, &held.head.content.title).await?;
        let content = Content { slug, seo: Seo::default(), translation: Some(translation), ..held.head.content };
        let mut variant = DeskVariant::new(id, to.clone(), State::Draft, RevisionId::new());
        variant.created_by = self.actor.person().map(|person| person.id);
        variant.embargo_until = held.variant.embargo_until;
        Ok(self.put_revision(variant, content, article.shared, false).await?.id)
    }

    /// Says that the newest revision was read against its source: it is no longer a machine's alone.
    pub async fn review_translation(&mut self, id: VariantId, expected: Option<i32>) -> Result<()> {
        let held = self.held_variant(id, Action::Review).await?;
        expect("variant", expected, held.variant.version, held.variant.updated_by.as_deref())?;
        let mut content = held.head.content;
        let Some(translation) = &mut content.translation else {
            return Err(Error::invalid("variantId", "is the original, not a translation"));
        };
        translation.reviewed_by = Some(self.actor.name().to_owned());
        if translation.origin == Origin::Machine {
            translation.origin = Origin::MachineEdited;
        }
        self.put_revision(held.variant, content, held.article.shared, false).await.map(drop)
    }

    pub(super) async fn begin_variant(
        &mut self,
        article: &DeskArticle,
        mut variant: DeskVariant,
        patch: TextPatch,
        translation: Option<Translation>,
    ) -> Result<VariantId> {
        variant.created_by = self.actor.person().map(|person| person.id);
        variant.embargo_until = patch.embargo_until.flatten();
        let mut content = self.applied(article, &variant, None, &patch).await?;
        content.translation = translation;
        Ok(self.put_revision(variant, content, article.shared.clone(), false).await?.id)
    }

    async fn applied(
        &self,
        article: &DeskArticle,
        variant: &DeskVariant,
        before: Option<&Content>,
        patch: &TextPatch,
    ) -> Result<Content> {
        let title = patch.title.clone().or(before.map(|before| before.title.clone())).unwrap_or_default();
        let deks = patch.deks.clone().or(before.map(|before| before.deks.clone())).unwrap_or_default();
        let summary = patch.summary.clone().unwrap_or_else(|| before.and_then(|before| before.summary.clone()));
        check(&title, &deks, summary.as_deref())?;
        let own = before.map(|before| before.slug.as_str());
        let wanted = Wanted { given: patch.slug.as_deref(), gives_way: false, own };
        let slug = self.slug(article.id, &variant.language, wanted, &title).await?;
        let previous = before.map(|before| &before.body);
        let body = match &patch.blocks {
            Some(blocks) => {
                // Blocks of a translation are known by the ids of the source's, too.
                let source = self.source_of(before).await?;
                Body::from_blocks(blocks.clone(), previous, source.as_ref().map(|source| &source.body))
            }
            None => previous.cloned().unwrap_or_default(),
        };
        let mut seo = before.map(|before| before.seo.clone()).unwrap_or_default();
        if let Some(title) = &patch.seo_title {
            seo.title.clone_from(title);
        }
        if let Some(description) = &patch.seo_description {
            seo.description.clone_from(description);
        }
        let translation = before.and_then(|before| before.translation.clone());
        Ok(Content { title: title.trim().to_owned(), deks, slug, summary, body, seo, translation })
    }

    /// The text that a translation was made from.
    async fn source_of(&self, translation: Option<&Content>) -> Result<Option<Content>> {
        let source = translation.and_then(|content| content.translation.as_ref()?.source_revision);
        let Some(source) = source else { return Ok(None) };
        Ok(variants::find_revision(&self.tx, source).await?.map(|revision| revision.content))
    }

    /// Notes that a translation has caught up with a revision of its source.
    async fn follow_source(
        &self,
        article: &DeskArticle,
        content: &mut Content,
        revision: Option<RevisionId>,
    ) -> Result<()> {
        let Some(wanted) = revision else { return Ok(()) };
        let wrong = |message: &str| Err(Error::invalid("sourceRevision", message));
        let Some(translation) = &mut content.translation else { return wrong("the variant is no translation") };
        let source = variants::lock_all(&self.tx, article.id).await?;
        let source = source.iter().find(|variant| variant.language == translation.source_language);
        let found = variants::find_revision_of(&self.tx, wanted).await?;
        match (source, found) {
            (Some(source), Some((variant, revision))) if variant == source.id => {
                variants::keep_revision(&self.tx, wanted).await?;
                translation.source_revision = Some(wanted);
                translation.source_hash = Some(revision.text_hash);
                Ok(())
            }
            _ => wrong("is no revision of the variant that this one was translated from"),
        }
    }

    /// Everything that a story refers to has to be there.
    async fn check_shared(&self, article: Option<&DeskArticle>, shared: &Shared) -> Result<()> {
        use crate::domain::entity::EntityKind;
        let mut wanted: Vec<(String, EntityKind, uuid::Uuid)> = Vec::new();
        wanted.extend(shared.section.map(|id| ("section".to_owned(), EntityKind::Section, id.0)));
        wanted.extend(shared.lead_image.map(|id| ("leadImage".to_owned(), EntityKind::Image, id.0)));
        let tags = shared.tags.iter().zip(0..);
        wanted.extend(tags.map(|(id, index)| (format!("tags[{index}]"), EntityKind::Tag, id.0)));
        let bylines = shared.bylines.iter().zip(0..);
        wanted.extend(
            bylines.map(|(line, index)| (format!("bylines[{index}].author"), EntityKind::Author, line.author.0)),
        );
        let found = crate::store::desk::entities::list(&self.tx, wanted.iter().map(|(.., id)| *id)).await?;
        let mut errors = Vec::new();
        for (path, kind, id) in wanted {
            if !found.iter().any(|entity| entity.uuid() == id && entity.kind() == kind) {
                let message = format!("there is no such {kind}");
                errors.push(FieldError { path, code: "NOT_FOUND", message });
            }
        }
        let stories: Vec<ArticleId> = shared.related.iter().map(|link| link.article).collect();
        let existing = articles::existing(&self.tx, &stories).await?;
        for (index, story) in stories.iter().enumerate() {
            let path = format!("related[{index}].article");
            if article.is_some_and(|article| article.id == *story) {
                errors.push(FieldError { path, code: "INVALID", message: "a story is not related to itself".into() });
            } else if !existing.contains(story) {
                errors.push(FieldError { path, code: "NOT_FOUND", message: "there is no such article".into() });
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }
}

fn patched(shared: Shared, patch: SharedPatch) -> Shared {
    Shared {
        kind: patch.kind.unwrap_or(shared.kind),
        section: patch.section.unwrap_or(shared.section),
        lead_image: patch.lead_image.unwrap_or(shared.lead_image),
        tags: patch.tags.unwrap_or(shared.tags),
        bylines: patch.bylines.unwrap_or(shared.bylines),
        related: patch.related.unwrap_or(shared.related),
    }
}
