//! Writing a story through the services: what its languages share, what each of them says, and where each stands.
//!
//! How a source's files or posts become a story is decided by the importers.

use super::attempt::Attempt;
use super::report::Outcome;
use crate::domain::article::{Correction, Shared};
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::workflow::State;
use crate::error::Result;
use crate::service::{Draft, PublishVariant, SaveVariant, Saved, SavedVariant};
use time::OffsetDateTime;

/// What a story says in one language.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) language: LanguageTag,
    pub(super) draft: Draft,
    /// The slug that it would have, if no other story had it. `draft.slug` is one that it must have.
    pub(super) wanted_slug: Option<String>,
    pub(super) stand: Stand,
    /// Where else readers found it.
    pub(super) former_paths: Vec<String>,
    /// Its public notes, where the source knows of such things.
    pub(super) corrections: Option<Vec<Correction>>,
}

/// Where a text stands in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Being written.
    Draft,
    /// Waiting for an editor.
    InReview,
    /// Will be published then.
    Scheduled(OffsetDateTime),
    /// It should have been published, and was not. An import does not publish what readers of the old site did not see:
    /// it begins with an editor, and stays where it stands here.
    Overdue,
    /// Published then, and last changed then.
    Published(Option<OffsetDateTime>, Option<OffsetDateTime>),
}

impl Attempt<'_> {
    /// Adds a story, or replaces what the languages of one share.
    pub(super) async fn place_story(
        &mut self,
        found: Option<ArticleId>,
        original: &LanguageTag,
        shared: &Shared,
    ) -> Result<(ArticleId, Saved)> {
        match found {
            Some(article) => Ok((article, self.work.update_article(article, shared).await?)),
            None => Ok((self.work.create_article(original, shared).await?, Saved::Created)),
        }
    }

    /// Writes what a story says, the original first, and brings each language where it stands in the source. Languages
    /// that the source does not have stay as they are; those that readers see are published again where what they
    /// share with the others changed.
    pub(super) async fn write_texts(&mut self, article: ArticleId, placed: Saved, texts: Vec<Text>) -> Result<Outcome> {
        let mut outcome = match placed {
            Saved::Created => Outcome::Created,
            Saved::Updated => Outcome::Updated,
            Saved::Unchanged => Outcome::Unchanged,
        };
        let mut written = Vec::with_capacity(texts.len());
        for text in texts {
            written.push(text.language.clone());
            let done = self.write_text(article, text).await?;
            self.tally.variants.count(done);
            outcome = match (outcome, done) {
                (_, Outcome::Withdrawn) => Outcome::Withdrawn,
                (Outcome::Unchanged, Outcome::Created | Outcome::Updated) => Outcome::Updated,
                (outcome, _) => outcome,
            };
        }
        if placed == Saved::Updated {
            for (language, id, state) in self.work.list_variants(article).await? {
                if state == State::Published && !written.contains(&language) {
                    self.work.carry_shared(id).await?;
                }
            }
        }
        Ok(outcome)
    }

    async fn write_text(&mut self, article: ArticleId, text: Text) -> Result<Outcome> {
        let Text { language, mut draft, wanted_slug, stand, former_paths, corrections } = text;
        let slug_gives_way = wanted_slug.is_some();
        draft.slug = wanted_slug.or(draft.slug);
        let (begins_as, scheduled_at) = match stand {
            Stand::Draft => (State::Draft, None),
            Stand::InReview | Stand::Overdue | Stand::Published(..) => (State::InReview, None),
            Stand::Scheduled(at) => (State::Scheduled, Some(at)),
        };
        let save = SaveVariant { article, language, draft, slug_gives_way, begins_as, scheduled_at };
        let saved = self.work.save_variant(save).await?;
        let mut changed = saved.saved != Saved::Unchanged;
        if let Some(corrections) = corrections.filter(|list| !list.is_empty() || saved.saved != Saved::Created) {
            changed |= self.work.set_corrections(saved.id, &corrections).await? != Saved::Unchanged;
        }
        let moved = self.bring(&saved, stand, changed, former_paths).await?;
        Ok(match (saved.saved, moved) {
            (Saved::Created, _) => Outcome::Created,
            (_, Some(Outcome::Withdrawn)) => Outcome::Withdrawn,
            (Saved::Unchanged, None) if !changed => Outcome::Unchanged,
            _ => Outcome::Updated,
        })
    }

    /// Goes from where a variant stands to where it stands in the source, if there is a way to go.
    async fn bring(
        &mut self,
        saved: &SavedVariant,
        stand: Stand,
        changed: bool,
        former_paths: Vec<String>,
    ) -> Result<Option<Outcome>> {
        let (id, work) = (saved.id, &mut self.work);
        let moved = match (stand, saved.state) {
            (Stand::Published(..), State::Published) if !changed => return Ok(None),
            (Stand::Published(published_at, modified_at), state) => {
                if state == State::Withdrawn {
                    work.reopen_variant(id).await?;
                }
                if matches!(state, State::Draft | State::Withdrawn) {
                    work.submit_variant(id).await?;
                }
                let expected_version = Some(saved.version);
                let publish = PublishVariant { id, expected_version, published_at, modified_at, former_paths };
                work.publish_variant(publish).await?;
                Outcome::Updated
            }
            (Stand::Overdue, _) => return Ok(None),
            (Stand::Scheduled(at), State::Published) if at <= work.now() => return Ok(None),
            (_, State::Published) => return self.withdraw(id).await.map(Some),
            (Stand::InReview, State::Draft) => {
                work.submit_variant(id).await?;
                Outcome::Updated
            }
            (Stand::Scheduled(at), State::Draft | State::InReview | State::Scheduled)
                if saved.saved != Saved::Created =>
            {
                if saved.state == State::Draft {
                    work.submit_variant(id).await?;
                }
                work.schedule_variant(id, at).await?;
                if saved.state == State::Scheduled && !changed { return Ok(None) } else { Outcome::Updated }
            }
            (Stand::Draft, State::InReview | State::Scheduled) => {
                work.send_back_variant(id).await?;
                Outcome::Updated
            }
            _ => return Ok(None),
        };
        Ok(Some(moved))
    }

    /// Takes a text that the source shows no more from the readers.
    pub(super) async fn withdraw(&mut self, id: VariantId) -> Result<Outcome> {
        self.work.withdraw_variant(id).await?;
        self.note("published before", "withdrawn: it is not published in the source any more");
        Ok(Outcome::Withdrawn)
    }
}
