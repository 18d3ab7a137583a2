//! Where a post belongs: its language, the story that it is a language of, and what goes when it is thrown away.

use super::languages::LanguageFacts;
use super::plan;
use super::post::Writing;
use crate::domain::article::Shared;
use crate::domain::body::Content;
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::workflow::State;
use crate::error::Result;
use crate::import::report::Outcome;

/// Where a post belongs among the languages of a story.
pub(super) struct Place {
    pub(super) article: Option<ArticleId>,
    pub(super) original: LanguageTag,
    /// What the story's languages share so far.
    pub(super) before: Option<Shared>,
}

impl Writing<'_, '_> {
    /// The label, else the language that the post was found to be in before, else what its text tells.
    pub(super) async fn language(
        &mut self,
        labelled: Option<LanguageTag>,
        contents: &[Content],
    ) -> Result<LanguageTag> {
        if let Some(labelled) = labelled {
            return Ok(labelled);
        }
        if let Some(found) = self.found
            && let Some((original, _)) = self.attempt.work.find_article(found).await?
        {
            return Ok(original);
        }
        let title = self.post.item.title_text();
        Ok(plan::language_of(&title, &plan::text_of(contents), self.site, self.attempt.run.languages()))
    }

    /// The story that the post belongs to: its own, or that of the posts that it translates.
    pub(super) async fn place(&mut self, facts: &LanguageFacts, language: &LanguageTag) -> Result<Place> {
        let mut article = self.found;
        if article.is_none()
            && let Some(group) = self.group(facts).await?
        {
            let variants = self.attempt.work.list_variants(group).await?;
            if variants.iter().any(|(taken, ..)| taken == language) {
                self.attempt
                    .note(format!("translation group, {language}"), "a story of its own: the language is taken");
            } else {
                article = Some(group);
            }
        }
        if let Some(id) = article
            && let Some((original, shared)) = self.attempt.work.find_article(id).await?
        {
            return Ok(Place { article, original, before: Some(shared) });
        }
        let source = facts.source.as_deref().and_then(|source| self.attempt.run.languages().lookup(source));
        let original = source.unwrap_or(language).clone();
        Ok(Place { article: None, original, before: None })
    }

    async fn group(&mut self, facts: &LanguageFacts) -> Result<Option<ArticleId>> {
        if let Some(group) = &facts.group
            && let Some(found) = self.attempt.known("group", group).await?
        {
            return Ok(Some(ArticleId(found)));
        }
        let Some(duplicate_of) = facts.duplicate_of else { return Ok(None) };
        Ok(self.attempt.known("article", &duplicate_of.to_string()).await?.map(ArticleId))
    }

    /// A post in the bin: what readers saw of it is withdrawn.
    pub(super) async fn throw_away(mut self, facts: &LanguageFacts) -> Result<()> {
        let Some(article) = self.found else {
            self.attempt.tally.articles.count(Outcome::Skipped);
            self.attempt.note("trash", "left out");
            let named = self.named(Outcome::Skipped);
            return self.attempt.commit(named).await;
        };
        let own = self.site.language(facts, self.attempt.run.languages()).ok().flatten();
        let mut outcome = Outcome::Unchanged;
        for (language, id, standing) in self.attempt.work.list_variants(article).await? {
            // Other languages of the story are other posts, if a plugin says which one this is.
            let is_own = own.as_ref().is_none_or(|own| *own == language);
            if is_own && standing == State::Published {
                outcome = self.attempt.withdraw(id).await?;
                self.attempt.tally.variants.count(outcome);
            }
        }
        self.attempt.remember("article", self.id, article.0, &self.post.print).await?;
        self.attempt.tally.articles.count(outcome);
        let named = self.named(outcome);
        self.attempt.commit(named).await
    }
}
