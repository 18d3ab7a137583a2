//! The way of a variant through the newsroom: handed in, given back, planned, published, corrected, withdrawn.

use super::{Held, expect};
use crate::domain::article::{Correction, CorrectionKind, Origin};
use crate::domain::ids::{CorrectionId, RevisionId, VariantId};
use crate::domain::policy::Action;
use crate::domain::published::ChangeKind;
use crate::domain::workflow::{State, Transition, turn};
use crate::error::{Error, FieldError, Result};
use crate::service::{PublishVariant, Work};
use crate::store::desk::variants as store;
use crate::store::live::write;
use serde_json::json;
use time::OffsetDateTime;

/// A step of a variant, and the version that the caller saw.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The variant.
    pub id: VariantId,
    /// The version that the caller saw; none to take what is there.
    pub expected: Option<i32>,
}

impl Work {
    async fn step(&mut self, step: Step, action: Action) -> Result<Held> {
        let held = self.held_variant(step.id, action).await?;
        expect("variant", step.expected, held.variant.version, held.variant.updated_by.as_deref())?;
        Ok(held)
    }

    async fn stepped(&mut self, held: &mut Held, action: &str, note: Option<&str>) -> Result<()> {
        held.variant.version += 1;
        held.variant.updated_by = Some(self.actor.name().to_owned());
        held.variant.note = note.map(str::to_owned);
        store::update(&self.tx, &held.variant, self.now).await?;
        let detail = note.map_or_else(|| json!({}), |note| json!({ "note": note }));
        self.note_with(action, held.variant.id.0, [Some(held.head.id); 2], detail).await
    }

    /// Hands a draft to an editor.
    pub async fn submit(&mut self, step: Step) -> Result<()> {
        let mut held = self.step(step, Action::Submit).await?;
        held.variant.state = turn(held.variant.state, Transition::Submit)?;
        self.stepped(&mut held, "variant.submit", None).await
    }

    /// Gives a variant back to its writer, with a word on why.
    pub async fn send_back(&mut self, step: Step, note: &str) -> Result<()> {
        let mut held = self.step(step, Action::SendBack).await?;
        let note = required("note", note)?;
        held.variant.state = turn(held.variant.state, Transition::SendBack)?;
        held.variant.scheduled_at = None;
        self.stepped(&mut held, "variant.send_back", Some(note)).await
    }

    /// Sets when a variant is published.
    pub async fn schedule(&mut self, step: Step, at: OffsetDateTime, allow_machine: bool) -> Result<()> {
        let mut held = self.step(step, Action::Schedule).await?;
        self.publishable(&held, allow_machine)?;
        if at <= self.now {
            return Err(Error::invalid("at", "must be in the future"));
        }
        if let Some(embargo) = held.variant.embargo_until.filter(|embargo| at < *embargo) {
            return Err(embargoed("at", embargo));
        }
        held.variant.state = turn(held.variant.state, Transition::Schedule)?;
        held.variant.scheduled_at = Some(at);
        self.stepped(&mut held, "variant.schedule", None).await
    }

    /// Sets when a variant is withdrawn by itself; `None` takes that back.
    pub async fn schedule_withdrawal(&mut self, step: Step, at: Option<OffsetDateTime>, reason: &str) -> Result<()> {
        let mut held = self.step(step, Action::Schedule).await?;
        let Some(at) = at else {
            held.variant.withdraw_at = None;
            return self.stepped(&mut held, "variant.schedule_withdrawal", None).await;
        };
        let reason = required("reason", reason)?;
        if at <= self.now {
            return Err(Error::invalid("at", "must be in the future"));
        }
        if !matches!(held.variant.state, State::Published | State::Scheduled) {
            turn(held.variant.state, Transition::Withdraw)?;
        }
        if held.variant.scheduled_at.is_some_and(|published| at <= published) {
            return Err(Error::invalid("at", "must be after the variant is published"));
        }
        held.variant.withdraw_at = Some(at);
        self.stepped(&mut held, "variant.schedule_withdrawal", Some(reason)).await
    }

    /// Shows the newest revision to readers. One that a machine wrote and nobody reviewed needs `allow_machine`.
    pub async fn publish(&mut self, step: Step, allow_machine: bool) -> Result<()> {
        let held = self.step(step, Action::Publish).await?;
        self.publishable(&held, allow_machine)?;
        if let Some(embargo) = held.variant.embargo_until.filter(|embargo| self.now < *embargo) {
            return Err(embargoed("variantId", embargo));
        }
        let id = held.variant.id;
        // What was shared when the text was saved last may be older than what the editor sees now.
        if held.head.shared != held.article.shared && turn(held.variant.state, Transition::Publish).is_ok() {
            self.put_revision(held.variant, held.head.content, held.article.shared, false).await?;
        } else {
            self.written.variant = Some((held.variant, held.head));
        }
        let (expected_version, published_at, modified_at) = (None, None, None);
        Box::pin(self.publish_variant(PublishVariant {
            id,
            expected_version,
            published_at,
            modified_at,
            former_paths: Vec::new(),
        }))
        .await
    }

    /// Takes a variant from its readers, who are told so.
    pub async fn withdraw(&mut self, step: Step, reason: &str) -> Result<()> {
        let mut held = self.step(step, Action::Withdraw).await?;
        let reason = required("reason", reason)?;
        self.take_back(&mut held, reason).await
    }

    pub(super) async fn take_back(&mut self, held: &mut Held, reason: &str) -> Result<()> {
        held.variant.state = turn(held.variant.state, Transition::Withdraw)?;
        (held.variant.live, held.variant.live_hash, held.variant.withdraw_at) = (None, None, None);
        let effect = write::hide(&self.tx, held.variant.article, &held.variant.language, self.now).await?;
        self.stepped(held, "variant.withdraw", Some(reason)).await?;
        self.append_variant(ChangeKind::Withdrawn, &held.variant, effect).await
    }

    /// Takes a withdrawn variant back to its writer.
    pub async fn reopen(&mut self, step: Step) -> Result<()> {
        let mut held = self.step(step, Action::Reopen).await?;
        held.variant.state = turn(held.variant.state, Transition::Reopen)?;
        self.stepped(&mut held, "variant.reopen", None).await
    }

    /// Makes the text of an older revision the newest one again. Nothing in between is lost.
    pub async fn restore(&mut self, step: Step, revision: RevisionId) -> Result<()> {
        let held = self.step(step, Action::EditVariant).await?;
        let found = store::find_revision_of(&self.tx, revision).await?;
        let Some((_, older)) = found.filter(|(variant, _)| *variant == held.variant.id) else {
            return Err(Error::NotFound { kind: "revision", id: revision.to_string() });
        };
        let older = Box::pin(self.current(older)).await?;
        self.put_revision(held.variant, older.content, held.article.shared, false).await.map(drop)
    }

    /// Goes back to what readers see.
    pub async fn discard(&mut self, step: Step) -> Result<()> {
        let held = self.step(step, Action::EditVariant).await?;
        match held.variant.live {
            Some(live) if live != held.variant.head => self.restore(Step { expected: None, ..step }, live).await,
            Some(_) => Ok(()),
            None => Err(Error::invalid("variantId", "is not published: there is nothing to go back to")),
        }
    }

    /// Adds a dated, signed note to what readers see, and changes nothing else of it.
    pub async fn add_correction(
        &mut self,
        step: Step,
        kind: CorrectionKind,
        text: &str,
        signed: Option<String>,
        carries: Option<CorrectionId>,
    ) -> Result<CorrectionId> {
        let mut held = self.step(step, Action::Correct).await?;
        let text = required("text", text)?;
        if held.variant.state != State::Published {
            return Err(Error::invalid(
                "variantId",
                format!("is {}: only what readers see can be corrected", held.variant.state),
            ));
        }
        if let Some(other) = carries {
            self.other_language(&held, "carriesId", other).await?;
        }
        let signed = signed.or_else(|| Some(self.actor.name().to_owned()));
        let id = CorrectionId::new();
        let correction = Correction { id, kind, at: self.now, text: text.to_owned(), signed, carries };
        let mut corrections = store::list_corrections(&self.tx, held.variant.id).await?;
        corrections.push(correction);
        store::replace_corrections(&self.tx, held.variant.id, &corrections).await?;
        let place = (held.variant.article, &held.variant.language);
        let effect = write::set_corrections(&self.tx, place, &corrections).await?;
        self.stepped(&mut held, "variant.correct", None).await?;
        self.append_variant(ChangeKind::Corrected, &held.variant, effect).await?;
        Ok(id)
    }

    /// Excuses a variant from carrying a correction of another language.
    pub async fn dismiss_correction(&mut self, step: Step, correction: CorrectionId) -> Result<()> {
        let mut held = self.step(step, Action::Correct).await?;
        self.other_language(&held, "correctionId", correction).await?;
        store::dismiss_correction(&self.tx, held.variant.id, correction).await?;
        self.stepped(&mut held, "variant.dismiss_correction", None).await
    }

    /// Checks that a correction is of another language of the same story.
    async fn other_language(&self, held: &Held, path: &str, correction: CorrectionId) -> Result<()> {
        match store::find_correction(&self.tx, correction).await? {
            Some((variant, article)) if article == held.article.id && variant != held.variant.id => Ok(()),
            _ => Err(Error::invalid(path, "is no correction of another language of the story")),
        }
    }

    fn publishable(&self, held: &Held, allow_machine: bool) -> Result<()> {
        if held.article.archived_at.is_some() {
            return Err(Error::invalid("variantId", "is in the archive; take the article out of it first"));
        }
        let origin = held.head.content.translation.as_ref().map(|translation| translation.origin);
        if origin == Some(Origin::Machine) && !allow_machine {
            let message = "was translated by a machine and not reviewed; review it, or say allowMachine";
            return Err(Error::Invalid(vec![FieldError {
                path: "variantId".into(),
                code: "NOT_REVIEWED",
                message: message.into(),
            }]));
        }
        Ok(())
    }
}

fn embargoed(path: &str, until: OffsetDateTime) -> Error {
    let until = until.format(&time::format_description::well_known::Rfc3339).unwrap_or_default();
    let message = format!("it is under embargo until {until}");
    Error::Invalid(vec![FieldError { path: path.into(), code: "EMBARGOED", message }])
}

fn required<'a>(path: &str, text: &'a str) -> Result<&'a str> {
    let text = text.trim();
    let wrong = |code, message: &str| {
        Err(Error::Invalid(vec![FieldError { path: path.into(), code, message: message.into() }]))
    };
    match text.chars().count() {
        0 => wrong("REQUIRED", "may not be blank"),
        1..=5_000 => Ok(text),
        _ => wrong("TOO_LONG", "may have at most 5000 characters"),
    }
}
