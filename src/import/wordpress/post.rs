//! One post on its way in: one transaction, from what it refers to until readers see it.

use super::deks;
use super::languages::{self, LanguageFacts};
use super::plan::{self, Fate, Site};
use super::refer::Obtaineds;
use super::source::Post;
use super::split::{self, Halves};
use crate::domain::article::{Seo, Shared, Translation};
use crate::domain::body::Content;
use crate::domain::ids::{ArticleId, ImageId};
use crate::domain::language::LanguageTag;
use crate::error::{Error, Result};
use crate::import::attempt::{Attempt, Run, State, entry};
use crate::import::report::{Entry, Outcome};
use crate::import::story::{Stand, Text};
use crate::service::Draft;
use time::OffsetDateTime;

/// Taxonomies that are understood, or that say nothing about a story.
const UNDERSTOOD: [&str; 6] = ["category", "post_tag", "language", "post_translations", "post_format", "author"];

/// Saves a post. What goes wrong with it is reported; an error is one of the database itself.
pub(super) async fn import(run: &Run<'_>, state: &mut State, site: &Site, mut post: Post) -> Result<()> {
    state.report.leave_out_some("comments", post.item.comment_count as u64);
    let id = post.item.id.map(|id| id.to_string()).unwrap_or_default();
    let named = entry("article", &*id, post.item.title_text(), Outcome::Unchanged);
    match write(run, state, site, (&mut post, &id)).await {
        Err(error @ Error::Unavailable(_)) => Err(error),
        Err(error) => {
            state.refuse(run, named, &error);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

async fn write(run: &Run<'_>, state: &mut State, site: &Site, (post, id): (&mut Post, &str)) -> Result<()> {
    if id.is_empty() {
        return Err(Error::invalid("wp:post_id", "the post has no number to know it by"));
    }
    let mut attempt = Attempt::begin(run, state).await?;
    let before = attempt.find("article", id).await?;
    if before.as_ref().is_some_and(|(_, print)| *print == post.print) {
        drop(attempt);
        state.report.articles.count(Outcome::Unchanged);
        return Ok(());
    }
    if !post.wanted.is_empty() {
        let library = attempt.library(&post.wanted.clone(), &site.language).await?;
        post.read(&library);
    }
    let mut files = Obtaineds::new();
    if run.pictures.available() {
        let wanting = attempt.without_files(site, post).await?;
        if !wanting.is_empty() {
            // Nobody else could write while this one waits for the network.
            drop(attempt);
            for source in wanting {
                let url = site.hosts.full(&source).map(String::from);
                let file = run.pictures.obtain(super::addresses::upload(&source).as_deref(), url.as_deref()).await;
                files.insert(source, file);
            }
            attempt = Attempt::begin(run, state).await?;
        }
    }
    let found = before.map(|(article, _)| ArticleId(article));
    let writing = Writing { attempt, site, post, id, found };
    writing.write(&files).await
}

/// A post that is new or changed.
pub(super) struct Writing<'a, 'p> {
    pub(super) attempt: Attempt<'a>,
    pub(super) site: &'a Site,
    pub(super) post: &'p mut Post,
    pub(super) id: &'p str,
    pub(super) found: Option<ArticleId>,
}

impl Writing<'_, '_> {
    pub(super) fn named(&self, outcome: Outcome) -> Entry {
        entry("article", self.id, self.post.item.title_text(), outcome)
    }

    async fn write(mut self, files: &Obtaineds) -> Result<()> {
        let facts = languages::facts(&self.post.item);
        let stand = match plan::fate(&self.post.item, self.attempt.run.rules, OffsetDateTime::now_utc()) {
            Fate::Trash => return self.throw_away(&facts).await,
            Fate::Story(stand, note) => {
                if let Some((what, became)) = note {
                    self.attempt.note(what, became);
                }
                stand
            }
        };
        let labelled = match self.site.language(&facts, self.attempt.run.languages()) {
            Ok(labelled) => labelled,
            Err(unknown) => {
                let became = "left out: the newsroom does not publish in it (see `languages` in the configuration)";
                self.attempt.note(format!("language `{unknown}`"), became);
                self.attempt.tally.articles.count(Outcome::Skipped);
                let named = self.named(Outcome::Skipped);
                return self.attempt.commit(named).await;
            }
        };
        for message in std::mem::take(&mut self.post.messages) {
            self.attempt.note(message.what, message.became);
        }
        self.note_terms();
        let contents = std::mem::take(&mut self.post.contents);
        let (first, second) = self.halves(contents);
        let language = self.language(labelled, &first).await?;
        let place = self.place(&facts, &language).await?;
        let is_original = language == place.original;
        let mut shared = match (&place.before, is_original) {
            (Some(before), false) => {
                self.note_own_terms();
                before.clone()
            }
            _ => self.attempt.shared(self.post, self.site, &language).await?,
        };
        if let Some(before) = place.before {
            shared.related = before.related;
        }
        let lead = shared.lead_image;
        let mut texts = vec![self.first(first, &language, (lead, stand), files).await?];
        if !is_original {
            self.translated(&mut texts, &place.original);
        }
        if let Some(halves) = second {
            texts.extend(self.second(halves, &language, (lead, stand), files).await?);
        }
        self.finish(place.article, &place.original, (shared, texts), &facts).await
    }

    async fn finish(
        mut self,
        article: Option<ArticleId>,
        original: &LanguageTag,
        (shared, texts): (Shared, Vec<Text>),
        facts: &LanguageFacts,
    ) -> Result<()> {
        let was_there = self.found.is_some();
        let (article, placed) = self.attempt.place_story(article, original, &shared).await?;
        // A picture that is missing now may come with a later export.
        let is_whole = self.post.item.thumbnail_id().is_none() || shared.lead_image.is_some();
        let print = if is_whole { self.post.print.clone() } else { format!("{}?", self.post.print) };
        self.attempt.remember("article", self.id, article.0, &print).await?;
        if let Some(group) = &facts.group {
            self.attempt.remember("group", group, article.0, "").await?;
        }
        let mut outcome = self.attempt.write_texts(article, placed, texts).await?;
        if !was_there && outcome == Outcome::Updated {
            // To the story it is a further language, to who counts posts a new one.
            outcome = Outcome::Created;
        }
        self.attempt.tally.articles.count(outcome);
        let named = self.named(outcome);
        self.attempt.commit(named).await
    }

    fn note_terms(&mut self) {
        let item = &self.post.item;
        let others = item.categories.iter().filter(|term| !UNDERSTOOD.contains(&term.domain.as_str()));
        for term in others {
            self.attempt.note(format!("{} “{}”", term.domain, term.name), "left out: a taxonomy of a plugin");
        }
        if item.is_sticky {
            self.attempt.note("kept on top of the front page", "left out: put it on a collection");
        }
    }

    /// All languages of a story share its section and tags: those of the original. WPML and Polylang give each its own.
    fn note_own_terms(&mut self) {
        let own =
            self.post.item.categories.iter().filter(|term| ["category", "post_tag"].contains(&term.domain.as_str()));
        let names: Vec<String> = own.map(|term| format!("“{}”", term.name)).collect();
        if !names.is_empty() {
            let what = format!("categories and tags of a translation: {}", names.join(", "));
            self.attempt.note(what, "left out: the story has those of its original");
        }
    }

    /// Parts a post that holds two languages.
    fn halves(&mut self, contents: Vec<Content>) -> (Vec<Content>, Option<Halves>) {
        let Some(marker) = &self.attempt.run.options.split else { return (contents, None) };
        match split::split(contents, marker) {
            Ok(mut halves) => (std::mem::take(&mut halves.first), Some(halves)),
            Err((contents, reason)) => {
                if let Some(reason) = reason {
                    self.attempt.note(format!("`{marker}`"), reason);
                }
                (contents, None)
            }
        }
    }

    /// What the post says in its own language.
    async fn first(
        &mut self,
        mut contents: Vec<Content>,
        language: &LanguageTag,
        (lead, stand): (Option<ImageId>, Stand),
        files: &Obtaineds,
    ) -> Result<Text> {
        let text = plan::text_of(&contents);
        let Some((title, is_made)) = plan::title(&self.post.item, &text) else {
            return Err(Error::invalid("title", "the post has neither a title nor text"));
        };
        if is_made {
            self.attempt.note("no title", format!("titled “{title}”, the beginning of its text"));
        }
        self.attempt.refer_to_pictures(self.site, self.post, &mut contents, language, files).await?;
        let (deks, blocks) = self.open(contents, lead, language).await?;
        let item = &self.post.item;
        let mut summary = plan::summary(&item.excerpt, &text);
        if summary.as_ref().is_some_and(|summary| summary.chars().count() > 5_000) {
            self.attempt.note("the excerpt", "left out: longer than 5000 characters");
            summary = None;
        }
        let seo = Seo { title: item.seo_title(), description: item.seo_description() };
        let wanted_slug = plan::wanted_slug(&item.name);
        let path = item.link.as_deref().and_then(|link| self.site.hosts.former_path(link));
        let former_paths = path.filter(|_| matches!(stand, Stand::Published(..))).into_iter().collect();
        let draft = Draft { title, deks, slug: None, summary, blocks, seo, translation: None };
        Ok(Text { language: language.clone(), draft, wanted_slug, stand, former_paths, corrections: None })
    }

    /// What the post says behind the line that parts it.
    async fn second(
        &mut self,
        halves: Halves,
        first: &LanguageTag,
        (lead, stand): (Option<ImageId>, Stand),
        files: &Obtaineds,
    ) -> Result<Option<Text>> {
        let Halves { headline, second: mut contents, .. } = halves;
        let languages = self.attempt.run.languages();
        let text = plan::text_of(&contents);
        let found = crate::import::language::detect(&format!("{headline}\n{text}"), languages, None);
        let other = languages.all().iter().map(|language| &language.tag).find(|tag| *tag != first);
        let Some(language) = found.filter(|found| found != first).or_else(|| other.cloned()) else {
            self.attempt.note("the text behind the line", "left out: the newsroom publishes in one language");
            return Ok(None);
        };
        self.attempt.refer_to_pictures(self.site, self.post, &mut contents, &language, files).await?;
        let (deks, blocks) = self.open(contents, lead, &language).await?;
        let (slug, summary, seo) = (None, None, Seo::default());
        let draft = Draft { title: headline, deks, slug, summary, blocks, seo, translation: None };
        let (wanted_slug, former_paths, corrections) = (None, Vec::new(), None);
        let mut texts = [Text { language, draft, wanted_slug, stand, former_paths, corrections }];
        self.translated(&mut texts, first);
        let [text] = texts;
        Ok(Some(text))
    }

    /// Says of texts that they are translations.
    fn translated(&self, texts: &mut [Text], source: &LanguageTag) {
        for text in texts {
            text.draft.translation = Some(Translation {
                origin: self.attempt.run.rules.split_origin,
                source_language: source.clone(),
                source_revision: None,
                source_hash: None,
                reviewed_by: None,
                translators: Vec::new(),
            });
        }
    }

    /// Takes deks and lead image from the beginning of a text.
    async fn open(
        &mut self,
        contents: Vec<Content>,
        lead: Option<ImageId>,
        language: &LanguageTag,
    ) -> Result<(Vec<String>, Vec<Content>)> {
        let opened = deks::open(contents, lead, self.attempt.run.rules);
        if let Some(figure) = &opened.lead {
            self.attempt.note("the lead image above the text", "lead image only: it is not in the body any more");
            self.attempt.keep_caption(figure, language).await?;
        }
        Ok((opened.deks, opened.body))
    }
}
