//! Previews: one revision, as it would be published, for whoever has the link.

use super::publish::projected;
use super::read::{Reader, Story, StoryPage};
use super::{App, Work};
use crate::auth::secret;
use crate::domain::body::Body;
use crate::domain::entity::Entity;
use crate::domain::ids::{ArticleId, RevisionId, VariantId};
use crate::domain::policy::Action;
use crate::domain::published::PublishedVariant;
use crate::error::{Error, Result};
use crate::store::desk::{preview as store, variants};
use crate::store::live::articles::Key;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How long a link may be valid.
const LONGEST: Duration = Duration::days(30);

/// What is stored of a preview.
#[derive(Serialize, Deserialize)]
struct Document {
    variant: PublishedVariant,
    body: Body,
    /// What it refers to; read when it is looked at, because names are live when saved.
    references: Vec<Uuid>,
}

/// A link that was made.
#[derive(Debug, Clone)]
pub struct NewPreview {
    /// The secret in it. Shown once, stored as a hash.
    pub token: String,
    /// What it shows, as it would be published.
    pub variant: PublishedVariant,
    /// Until when.
    pub expires_at: OffsetDateTime,
}

/// What somebody with a preview's token sees beside what is published.
#[derive(Debug)]
pub struct Preview {
    /// The token that was shown.
    pub token: String,
    /// The variant, as it would be published.
    pub variant: Arc<PublishedVariant>,
    /// Until when.
    pub expires_at: OffsetDateTime,
    body: Arc<Body>,
    entities: HashMap<Uuid, Arc<Entity>>,
}

impl Work {
    /// Makes a link to a revision of a variant, the newest unless said, as it would be published.
    pub async fn create_preview(
        &mut self,
        id: VariantId,
        revision: Option<RevisionId>,
        valid: Duration,
    ) -> Result<NewPreview> {
        let held = self.held_variant(id, Action::Preview).await?;
        if valid <= Duration::ZERO || valid > LONGEST {
            return Err(Error::invalid("validMinutes", format!("expected 1 to {}", LONGEST.whole_minutes())));
        }
        let revision = match revision {
            None => held.head,
            Some(wanted) => match variants::find_revision_of(&self.tx, wanted).await? {
                Some((variant, revision)) if variant == id => self.current(revision).await?,
                _ => return Err(Error::invalid("revisionId", "is no revision of this variant")),
            },
        };
        // A later autosave must not take its place: the link shows this one.
        variants::keep_revision(&self.tx, revision.id).await?;
        let corrections = variants::list_corrections(&self.tx, id).await?;
        let first = held.variant.published_at.unwrap_or(self.now);
        let last = held.variant.modified_at.filter(|_| held.variant.live == Some(revision.id)).unwrap_or(self.now);
        let variant = projected(&held.variant, &revision, corrections, [first, last.max(first)]);
        let (references, _) = self.references(&variant, &revision.content.body).await?;
        let document = Document { variant, body: revision.content.body, references: references.into_iter().collect() };
        let (token, expires_at) = (secret::token()?, self.now + valid);
        let text = serde_json::to_string(&document).map_err(Error::internal)?;
        store::insert(&self.tx, &secret::hash(&token), (id, text), [self.now, expires_at]).await?;
        let detail = serde_json::json!({ "validMinutes": valid.whole_minutes() });
        self.note_with("variant.preview", id.0, [None, Some(revision.id)], detail).await?;
        Ok(NewPreview { token, variant: document.variant, expires_at })
    }

    /// Ends all links to a variant; gives how many there were.
    pub async fn end_previews(&mut self, id: VariantId) -> Result<u64> {
        self.held_variant(id, Action::Preview).await?;
        let ended = store::delete_of(&self.tx, id).await?;
        self.note_with("variant.end_previews", id.0, [None, None], serde_json::json!({ "ended": ended })).await?;
        Ok(ended)
    }
}

impl App {
    /// What whoever has a preview's token sees: what is published, and that revision.
    pub async fn preview(&self, token: &str) -> Result<Reader> {
        let unknown = || Error::Unauthenticated("the preview is unknown or has expired: ask for a new link".into());
        let reader = self.reader();
        let found = store::find(reader.session(), &secret::hash(token)).await?;
        let (text, expires_at) = found.filter(|(_, expires)| *expires > self.now()).ok_or_else(unknown)?;
        let document: Document = serde_json::from_str(&text).map_err(Error::internal)?;
        let entities = store::entities(reader.session(), &document.references).await?;
        Ok(reader.with_preview(Preview {
            token: token.to_owned(),
            variant: Arc::new(document.variant),
            expires_at,
            body: Arc::new(document.body),
            entities: entities.into_iter().map(|entity| (entity.uuid(), Arc::new(entity))).collect(),
        }))
    }
}

impl Preview {
    /// The story that it is of.
    pub(super) fn article(&self) -> ArticleId {
        self.variant.article
    }

    /// Whether that is how readers would name the story once this was published.
    pub(super) fn is_named(&self, key: &Key) -> bool {
        match key {
            Key::Id(id) => *id == self.article(),
            Key::Slug(language, slug) => *language == self.variant.language && *slug == self.variant.card.slug,
            Key::External(..) | Key::Path(_) => false,
        }
    }

    /// Puts the revision in the place of what its language shows.
    pub(super) fn lay_on(&self, story: &Story) -> Story {
        let others = story.iter().filter(|variant| variant.id != self.variant.id).cloned();
        let mut variants: Vec<Arc<PublishedVariant>> = others.chain([self.variant.clone()]).collect();
        variants.sort_by(|a, b| a.language.cmp(&b.language));
        Arc::new(variants)
    }

    /// The same for a story that came with more.
    pub(super) fn lay_on_page(&self, page: &mut StoryPage) {
        page.story = self.lay_on(&page.story);
        page.bodies.retain(|(id, _)| *id != self.variant.id);
        page.bodies.push((self.variant.id, (*self.body).clone()));
        let seen: Vec<Uuid> = page.entities.iter().map(|entity| entity.uuid()).collect();
        page.entities.extend(self.entities.values().filter(|entity| !seen.contains(&entity.uuid())).cloned());
    }

    /// Puts the revision's text in the place of what is published.
    pub(super) fn lay_on_bodies(&self, asked: &[VariantId], bodies: &mut HashMap<VariantId, Arc<Body>>) {
        if asked.contains(&self.variant.id) {
            bodies.insert(self.variant.id, self.body.clone());
        }
    }

    /// Adds what only the revision refers to.
    pub(super) fn add_entities(&self, asked: &[Uuid], entities: &mut HashMap<Uuid, Arc<Entity>>) {
        for id in asked {
            if let Some(entity) = self.entities.get(id) {
                entities.entry(*id).or_insert_with(|| entity.clone());
            }
        }
    }
}
