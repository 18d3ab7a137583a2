//! Saving stories and what they say in a language. Every save that changes something makes a revision.

use super::{Saved, Work};
use crate::domain::article::{Content, Seo, Shared, Translation};
use crate::domain::body::{Body, Content as Block};
use crate::domain::ids::{ArticleId, RevisionId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::slug;
use crate::domain::workflow::State;
use crate::error::{Error, FieldError, Result};
use crate::store::desk::articles;
use crate::store::desk::entities::{find_by_slug, look_alone, take_slug};
use crate::store::desk::variants::{self, DeskVariant, Revision};
use time::OffsetDateTime;

/// What somebody typed in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The headline.
    pub title: String,
    /// The lines under the headline.
    pub deks: Vec<String>,
    /// The slug; made from the headline where nothing is given.
    pub slug: Option<String>,
    /// A few sentences for lists.
    pub summary: Option<String>,
    /// The story.
    pub blocks: Vec<Block>,
    /// For search engines.
    pub seo: Seo,
    /// Where it was translated from. The source's revision is filled in here.
    pub translation: Option<Translation>,
}

/// Save a story in a language.
#[derive(Debug, Clone, PartialEq)]
pub struct SaveVariant {
    /// The story.
    pub article: ArticleId,
    /// The language.
    pub language: LanguageTag,
    /// What it says.
    pub draft: Draft,
    /// Whether a given slug that names another story gets a number, instead of being refused.
    pub slug_gives_way: bool,
    /// Where a new variant begins.
    pub begins_as: State,
    /// When it is to be published, for one that begins as scheduled.
    pub scheduled_at: Option<OffsetDateTime>,
}

/// What saving a variant did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SavedVariant {
    /// The variant.
    pub id: VariantId,
    /// What happened to it.
    pub saved: Saved,
    /// Its version now.
    pub version: i32,
    /// Where it stands.
    pub state: State,
}

/// Which slug is wanted.
pub(super) struct Wanted<'a> {
    /// The one that somebody typed.
    pub given: Option<&'a str>,
    /// Whether it gets a number where it names another story.
    pub gives_way: bool,
    /// The one that it has.
    pub own: Option<&'a str>,
}

impl Work {
    /// Adds a story.
    pub async fn create_article(&mut self, original: &LanguageTag, shared: &Shared) -> Result<ArticleId> {
        let id = ArticleId::new();
        let created_by = self.actor.person().map(|person| person.id);
        let (original, shared) = (original.clone(), shared.clone());
        let article = articles::DeskArticle { id, version: 1, original, shared, created_by, archived_at: None };
        articles::insert(&self.tx, &article, self.now).await?;
        self.written.article = Some(article);
        self.written.bare = Some(id);
        self.note("article.create", id.0).await?;
        Ok(id)
    }

    /// Replaces what the languages of a story share. Readers see it in a language when that is published again.
    pub async fn update_article(&mut self, id: ArticleId, shared: &Shared) -> Result<Saved> {
        let mut article = self.lock_article(id).await?;
        if article.shared == *shared {
            self.written.article = Some(article);
            return Ok(Saved::Unchanged);
        }
        articles::update(&self.tx, &article, shared, self.now).await?;
        article.version += 1;
        article.shared = shared.clone();
        self.written.article = Some(article);
        self.note("article.update", id.0).await?;
        Ok(Saved::Updated)
    }

    pub(super) async fn lock_article(&self, id: ArticleId) -> Result<articles::DeskArticle> {
        if let Some(written) = self.written.article.as_ref().filter(|written| written.id == id) {
            return Ok(written.clone());
        }
        let found = articles::lock(&self.tx, id).await?;
        found.ok_or_else(|| Error::NotFound { kind: "article", id: id.to_string() })
    }

    /// Saves what a story says in a language: a new revision, unless nothing changed.
    pub async fn save_variant(&mut self, command: SaveVariant) -> Result<SavedVariant> {
        let article = self.lock_article(command.article).await?;
        let siblings = match self.written.bare.take().filter(|bare| *bare == command.article) {
            Some(_) => Vec::new(),
            None => variants::lock_all(&self.tx, command.article).await?,
        };
        let existing = siblings.iter().find(|variant| variant.language == command.language);
        let head = match existing {
            Some(variant) => variants::find_revision(&self.tx, variant.head).await?,
            None => None,
        };
        check(&command.draft.title, &command.draft.deks, command.draft.summary.as_deref())?;
        let own = head.as_ref().map(|head| head.content.slug.as_str());
        let wanted = Wanted { given: command.draft.slug.as_deref(), gives_way: command.slug_gives_way, own };
        let slug = self.slug(command.article, &command.language, wanted, &command.draft.title).await?;
        let before = head.as_ref().map(|head| &head.content);
        let mut content = content(command.draft, slug, before.map(|before| &before.body));
        if let Some(head) = &head
            && same(&head.content, &content)
            && head.shared == article.shared
            && let Some(variant) = existing
        {
            let (id, version, state) = (variant.id, variant.version, variant.state);
            return Ok(SavedVariant { id, saved: Saved::Unchanged, version, state });
        }
        let text_same = before.is_some_and(|before| before.text_hash() == content.text_hash());
        self.remember_source(&mut content, &siblings, before.filter(|_| text_same)).await?;
        let variant = existing.cloned().unwrap_or_else(|| DeskVariant {
            scheduled_at: command.scheduled_at,
            created_by: self.actor.person().map(|person| person.id),
            ..DeskVariant::new(command.article, command.language, command.begins_as, RevisionId::new())
        });
        let saved = if existing.is_none() { Saved::Created } else { Saved::Updated };
        let variant = self.put_revision(variant, content, article.shared, false).await?;
        Ok(SavedVariant { id: variant.id, saved, version: variant.version, state: variant.state })
    }

    /// Makes a new snapshot the newest of a variant; one that has none yet is added.
    pub(super) async fn put_revision(
        &mut self,
        mut variant: DeskVariant,
        content: Content,
        shared: Shared,
        autosaved: bool,
    ) -> Result<DeskVariant> {
        let before = (variant.version > 0).then_some(variant.head);
        let (id, text_hash, slug) = (RevisionId::new(), content.text_hash(), content.slug.clone());
        let revision = Revision { id, text_hash, content, shared, autosaved };
        variant.version += 1;
        variant.head = revision.id;
        variant.head_hash = Some(revision.text_hash.clone());
        let translation = revision.content.translation.as_ref();
        variant.source_language = translation.map(|translation| translation.source_language.clone());
        variant.source_hash = translation.and_then(|translation| translation.source_hash.clone());
        variant.updated_by = Some(self.actor.name().to_owned());
        if before.is_none() {
            variants::insert(&self.tx, &variant, self.now).await?;
        } else {
            variants::update(&self.tx, &variant, self.now).await?;
        }
        variants::insert_revision(&self.tx, &variant, &revision, &self.actor, self.now).await?;
        let (scope, target) = (variant.language.as_str(), variant.article.0);
        take_slug(&self.tx, "article", scope, &slug, target, before.is_none()).await?;
        let revisions = [before, Some(revision.id)];
        self.note_with("variant.save", variant.id.0, revisions, serde_json::json!({})).await?;
        self.written.uncorrected = before.is_none().then_some(variant.id);
        self.written.variant = Some((variant.clone(), revision));
        Ok(variant)
    }

    /// The slug to save: the given one must be free, one made from the headline makes way.
    pub(super) async fn slug(
        &self,
        article: ArticleId,
        language: &LanguageTag,
        wanted: Wanted<'_>,
        title: &str,
    ) -> Result<String> {
        let scope = language.as_str();
        if let Some(given) = wanted.given {
            slug::check(given).map_err(|error| Error::invalid("slug", error))?;
            if wanted.gives_way {
                return self.free_slug("article", scope, given, article.0).await;
            }
            let owner = find_by_slug(&self.tx, "article", scope, given).await?;
            if owner.is_some_and(|owner| owner != article.0) {
                let message = format!("`{given}` already names another story in {scope}");
                return Err(Error::Invalid(vec![FieldError { path: "slug".into(), code: "TAKEN", message }]));
            }
            return Ok(given.to_owned());
        }
        // A changed headline does not change the address.
        match wanted.own {
            Some(own) => Ok(own.to_owned()),
            None => self.free_slug("article", scope, &slug::slugify(title), article.0).await,
        }
    }

    /// `wanted`, or `wanted-2`, `wanted-3` … where that names something else.
    pub async fn free_slug(&self, kind: &str, scope: &str, wanted: &str, target: uuid::Uuid) -> Result<String> {
        let stem = if wanted.is_empty() { kind } else { wanted };
        look_alone(&self.tx, kind, scope, stem).await?;
        for number in 1..=1_000 {
            let slug = if number == 1 { stem.to_owned() } else { slug::numbered(stem, number) };
            let owner = find_by_slug(&self.tx, kind, scope, &slug).await?;
            if owner.is_none_or(|owner| owner == target) {
                return Ok(slug);
            }
        }
        Err(Error::invalid("slug", format!("`{stem}` is taken a thousand times")))
    }

    /// Notes which revision of the source a translation was made from: the newest one, unless the text is the same as
    /// before and so was not made again.
    async fn remember_source(
        &self,
        content: &mut Content,
        siblings: &[DeskVariant],
        unchanged: Option<&Content>,
    ) -> Result<()> {
        let Some(translation) = &mut content.translation else { return Ok(()) };
        if let Some(before) = unchanged.and_then(|before| before.translation.as_ref())
            && before.source_language == translation.source_language
        {
            translation.source_revision = before.source_revision;
            translation.source_hash = before.source_hash.clone();
            return Ok(());
        }
        let Some(source) = siblings.iter().find(|variant| variant.language == translation.source_language) else {
            return Ok(());
        };
        let revision = variants::find_revision(&self.tx, source.head).await?;
        translation.source_revision = revision.as_ref().map(|revision| revision.id);
        translation.source_hash = revision.map(|revision| revision.text_hash);
        Ok(())
    }
}

fn content(draft: Draft, slug: String, previous: Option<&Body>) -> Content {
    Content {
        title: draft.title.trim().to_owned(),
        deks: draft.deks,
        slug,
        summary: draft.summary,
        body: Body::from_contents(draft.blocks, previous),
        seo: draft.seo,
        translation: draft.translation,
    }
}

/// Whether two texts say the same; the source's revision is bookkeeping.
fn same(a: &Content, b: &Content) -> bool {
    let plain = |content: &Content| {
        let mut content = content.clone();
        if let Some(translation) = &mut content.translation {
            translation.source_revision = None;
            translation.source_hash = None;
        }
        content
    };
    plain(a) == plain(b)
}

/// Refuses what is missing or too long, all of it at once.
pub(super) fn check(title: &str, deks: &[String], summary: Option<&str>) -> Result<()> {
    let mut errors = Vec::new();
    let mut check = |path: String, text: &str, most: usize| {
        if text.trim().is_empty() {
            errors.push(FieldError { path, code: "REQUIRED", message: "may not be blank".into() });
        } else if text.chars().count() > most {
            let message = format!("may have at most {most} characters, has {}", text.chars().count());
            errors.push(FieldError { path, code: "TOO_LONG", message });
        }
    };
    check("title".into(), title, 500);
    for (index, dek) in deks.iter().enumerate() {
        check(format!("deks[{index}]"), dek, 1_000);
    }
    if let Some(summary) = summary {
        check("summary".into(), summary, 5_000);
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
