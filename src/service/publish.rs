//! Publishing: one transaction that puts a revision before the readers of one language, and of no other.

use super::desk::expect;
use super::{Saved, Work};
use crate::domain::article::Correction;
use crate::domain::body::{self, Body};
use crate::domain::clock::to_microseconds;
use crate::domain::effect::Effect;
use crate::domain::ids::{ArticleId, VariantId};
use crate::domain::published::{Card, ChangeKind, PublishedVariant, body_images};
use crate::domain::workflow::{Transition, turn};
use crate::error::{Error, Result};
use crate::store::desk::external;
use crate::store::desk::redirects::{self, Redirect};
use crate::store::desk::variants::{self, DeskVariant, Revision};
use crate::store::live::write::{self, Projection};
use crate::store::log;
use std::collections::BTreeSet;
use time::OffsetDateTime;
use uuid::Uuid;

/// Publish the newest revision of a variant.
#[derive(Debug, Clone)]
pub struct PublishVariant {
    /// The variant.
    pub id: VariantId,
    /// The version that the caller saw; none to take what is there.
    pub expected_version: Option<i32>,
    /// When it was first published, for what was published elsewhere before; else now.
    pub published_at: Option<OffsetDateTime>,
    /// When its text last changed, for what was published elsewhere before; else now.
    pub modified_at: Option<OffsetDateTime>,
    /// Where else readers found it.
    pub former_paths: Vec<String>,
}

impl Work {
    /// Puts the newest revision before the readers of its language.
    pub async fn publish_variant(&mut self, command: PublishVariant) -> Result<()> {
        let (mut variant, revision) = self.lock_head(command.id).await?;
        expect("variant", command.expected_version, variant.version, variant.updated_by.as_deref())?;
        let was_live = variant.live.is_some();
        variant.state = turn(variant.state, Transition::Publish)?;
        let published_at = command.published_at.map(to_microseconds).or(variant.published_at).unwrap_or(self.now);
        let modified_at =
            command.modified_at.map(to_microseconds).unwrap_or(if was_live { self.now } else { published_at });
        variant.published_at = Some(published_at);
        variant.modified_at = Some(modified_at.max(published_at));
        let before = variant.live.replace(revision.id);
        variant.live_hash = Some(revision.text_hash.clone());
        variant.version += 1;
        variant.scheduled_at = None;
        // It says why, where it is to be withdrawn later.
        if variant.withdraw_at.is_none() {
            variant.note = None;
        }
        variant.updated_by = Some(self.actor.name().to_owned());
        let corrections = match self.written.uncorrected.take().filter(|id| *id == variant.id) {
            Some(_) => Vec::new(),
            None => variants::list_corrections(&self.tx, variant.id).await?,
        };
        let published = projected(&variant, &revision, corrections, [published_at, modified_at.max(published_at)]);
        Box::pin(self.remember_paths(variant.article, command.former_paths)).await?;
        let effect = Box::pin(self.show(&published, &revision, was_live)).await?;
        variants::update(&self.tx, &variant, self.now).await?;
        variants::keep_revision(&self.tx, revision.id).await?;
        let revisions = [before, variant.live];
        self.note_with("variant.publish", variant.id.0, revisions, serde_json::json!({})).await?;
        let kind = if was_live { ChangeKind::Updated } else { ChangeKind::Published };
        self.append_variant(kind, &variant, effect).await
    }

    /// A variant and its newest revision.
    async fn lock_head(&mut self, id: VariantId) -> Result<(DeskVariant, Revision)> {
        if let Some(written) = self.written.variant.take().filter(|(variant, _)| variant.id == id) {
            return Ok(written);
        }
        let variant = self.lock_variant(id).await?;
        let head = variants::find_revision(&self.tx, variant.head).await?;
        let head = head.ok_or_else(|| Error::internal("the head revision is missing"))?;
        Ok((variant, Box::pin(self.current(head)).await?))
    }

    pub(super) async fn lock_variant(&mut self, id: VariantId) -> Result<DeskVariant> {
        // Who asks for it is about to change it.
        self.written.variant = None;
        let found = variants::lock(&self.tx, id).await?;
        found.ok_or_else(|| Error::NotFound { kind: "variant", id: id.to_string() })
    }

    pub(super) async fn append_variant(
        &mut self,
        kind: ChangeKind,
        variant: &DeskVariant,
        effect: Effect,
    ) -> Result<()> {
        let event = log::NewEvent {
            kind,
            article: Some(variant.article),
            language: Some(variant.language.clone()),
            revision: variant.live,
            at: self.now,
            payload: log::Payload::default(),
            effect,
        };
        self.append_all(vec![event]).await
    }

    /// Notes where else readers found a story. Another story's path is this one's now: the importer knows better.
    async fn remember_paths(&self, article: ArticleId, paths: Vec<String>) -> Result<()> {
        let redirect = |path| {
            let (created_at, created_by) = (Some(self.now), Some(self.actor.name().to_owned()));
            Redirect { path, article, created_at, created_by }
        };
        redirects::save(&self.tx, &paths.into_iter().map(redirect).collect::<Vec<_>>()).await
    }

    async fn show(&self, published: &PublishedVariant, revision: &Revision, replaces: bool) -> Result<Effect> {
        let (references, above) = self.references(published, &revision.content.body).await?;
        let addresses = external::addresses_of(&self.tx, published.article).await?;
        let projection = Projection {
            variant: published,
            body: &revision.content.body,
            above: &above,
            references: &references,
            addresses: &addresses,
        };
        write::show(&self.tx, &projection, replaces).await
    }

    /// Everything that a variant shows, and the sections above its own.
    pub(super) async fn references(
        &self,
        published: &PublishedVariant,
        body: &Body,
    ) -> Result<(BTreeSet<Uuid>, Vec<Uuid>)> {
        let mut references: BTreeSet<Uuid> = published.facets().into_iter().collect();
        references.extend(published.lead_image().map(|image| image.0));
        references.extend(body_images(body).into_iter().map(|image| image.0));
        self.with_relatives(references).await
    }

    /// Replaces the corrections of a variant; readers see them when it is published again.
    pub async fn set_corrections(&mut self, id: VariantId, corrections: &[Correction]) -> Result<Saved> {
        self.written.uncorrected = None;
        if variants::list_corrections(&self.tx, id).await? == corrections {
            return Ok(Saved::Unchanged);
        }
        variants::replace_corrections(&self.tx, id, corrections).await?;
        Ok(Saved::Updated)
    }

    /// Publishes what readers see of a variant once more, with what the story's languages share now. Leaves alone what
    /// is not visible, and what the desk has edited since: that is for an editor to publish.
    pub async fn carry_shared(&mut self, id: VariantId) -> Result<Saved> {
        let (variant, head) = self.lock_head(id).await?;
        let article = self.lock_article(variant.article).await?;
        if variant.live != Some(head.id) || head.shared == article.shared {
            return Ok(Saved::Unchanged);
        }
        let variant = self.put_revision(variant, head.content, article.shared, false).await?;
        // Its text did not change, and neither does the date that readers see.
        let modified_at = variant.modified_at;
        let again =
            PublishVariant { id, expected_version: None, published_at: None, modified_at, former_paths: Vec::new() };
        self.publish_variant(again).await?;
        Ok(Saved::Updated)
    }
}

/// What readers see of a revision, published first and changed last at these moments.
pub(super) fn projected(
    variant: &DeskVariant,
    revision: &Revision,
    corrections: Vec<Correction>,
    [published_at, modified_at]: [OffsetDateTime; 2],
) -> PublishedVariant {
    PublishedVariant {
        id: variant.id,
        article: variant.article,
        language: variant.language.clone(),
        revision: revision.id,
        published_at,
        modified_at,
        card: card(variant, revision, corrections),
    }
}

fn card(variant: &DeskVariant, revision: &Revision, corrections: Vec<Correction>) -> Card {
    let content = &revision.content;
    let text = body::render::text(&content.body);
    Card {
        slug: content.slug.clone(),
        title: content.title.clone(),
        deks: content.deks.clone(),
        summary: content.summary.clone(),
        seo: content.seo.clone(),
        shared: revision.shared.clone(),
        translation: content.translation.clone(),
        corrections,
        text_hash: revision.text_hash.clone(),
        word_count: body::measure::word_count(&text, variant.language.primary()),
        reading_time: body::measure::reading_time_minutes(&text, variant.language.primary()),
        original: content.translation.is_none(),
    }
}
