//! What people do on the desk: every step is checked against the policy, the version and the workflow.
//!
//! The steps themselves, as importers take them too, are one level up; here stands the guard before them.

use super::Work;
mod collections;
mod directory;
mod entities;
mod flow;
mod images;
mod machine;
mod merge;
mod presence;
mod reading;
mod redirects;
mod sections;
mod variants;

pub use collections::CollectionPatch;
pub use directory::{EntityFilter, EntityRow};
pub use entities::{AuthorPatch, TagPatch};
pub use flow::Step;
pub use images::ImagePatch;
pub use reading::{ArticleRow, AuditFilter, AuditRow, Desk, DeskFilter, Lacking, RevisionRow, VariantRow};
pub use redirects::Redirect;
pub use sections::SectionPatch;
pub use variants::{SharedPatch, TextPatch};

use crate::domain::actor::Who;
use crate::domain::ids::{ArticleId, UserId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::policy::{Action, Subject, permits, who_may};
use crate::error::{Error, Result};
use crate::store::desk::articles::DeskArticle;
use crate::store::desk::entities as stored;
use crate::store::desk::variants::{self as store, DeskVariant, Revision};

/// A variant that somebody may change, held until the end of the transaction.
pub(super) struct Held {
    pub article: DeskArticle,
    pub variant: DeskVariant,
    pub head: Revision,
}

impl Work {
    /// Refuses what the actor may not do.
    pub(in crate::service) fn require(&self, action: Action, subject: Subject) -> Result<()> {
        if permits(&self.actor, action, subject) {
            return Ok(());
        }
        let may: Vec<&str> = who_may(action, subject).iter().map(|role| role.as_str()).collect();
        let state = subject.state.map(|state| format!(" while it is {state}")).unwrap_or_default();
        let who = match &self.actor.who {
            Who::Anonymous => return Err(Error::Unauthenticated("sign in to change anything".into())),
            Who::Person(person) => format!("a {} may not", person.role),
            Who::Machine(_) => "the key's scopes do not".to_owned(),
            Who::System(name) => format!("{name} may not"),
        };
        Err(Error::Forbidden(format!("{who} {action}{state}; allowed: {}", may.join(", "))))
    }

    pub(super) fn owns(&self, created_by: Option<UserId>) -> bool {
        self.actor.person().is_some_and(|person| created_by == Some(person.id))
    }

    /// The story, if the actor may see it and do that to it.
    pub(super) async fn held_article(&mut self, id: ArticleId, action: Action) -> Result<DeskArticle> {
        let missing = || Error::NotFound { kind: "article", id: id.to_string() };
        let article = self.lock_article(id).await?;
        let variants = store::lock_all(&self.tx, id).await?;
        let original = variants.iter().find(|variant| variant.language == article.original);
        let state = original.map(|variant| variant.state);
        let subject = Subject { state, original: true, own: self.owns(article.created_by) };
        // Somebody who sees one language of a story sees that there is a story.
        let visible = permits(&self.actor, Action::Read, subject)
            || variants.iter().any(|variant| permits(&self.actor, Action::Read, self.subject(&article, variant)));
        if !visible || !self.key_covers(&article, None).await? {
            return Err(missing());
        }
        self.require(action, subject)?;
        Ok(article)
    }

    fn subject(&self, article: &DeskArticle, variant: &DeskVariant) -> Subject {
        let original = variant.language == article.original;
        let own = self.owns(variant.created_by) || original && self.owns(article.created_by);
        Subject { state: Some(variant.state), original, own }
    }

    /// The variant and its newest revision, if the actor may see it and do that to it.
    pub(super) async fn held_variant(&mut self, id: VariantId, action: Action) -> Result<Held> {
        let missing = || Error::NotFound { kind: "variant", id: id.to_string() };
        let article = store::article_of(&self.tx, id).await?.ok_or_else(missing)?;
        let article = self.lock_article(article).await?;
        let variant = self.lock_variant(id).await?;
        let subject = self.subject(&article, &variant);
        let covered = self.key_covers(&article, Some(&variant.language)).await?;
        if !permits(&self.actor, Action::Read, subject) || !covered {
            return Err(missing());
        }
        self.require(action, subject)?;
        let head = store::find_revision(&self.tx, variant.head).await?;
        let head = Box::pin(self.current(head.ok_or_else(|| Error::internal("the head revision is missing"))?)).await?;
        Ok(Held { article, variant, head })
    }

    /// Whether the story is within the languages and sections of the key that asks.
    pub(super) async fn key_covers(&self, article: &DeskArticle, language: Option<&LanguageTag>) -> Result<bool> {
        let Who::Machine(key) = &self.actor.who else { return Ok(true) };
        if language.is_some_and(|language| !key.languages.is_empty() && !key.languages.contains(language)) {
            return Ok(false);
        }
        if key.sections.is_empty() {
            return Ok(true);
        }
        let Some(section) = article.shared.section else { return Ok(false) };
        if key.sections.contains(&section) {
            return Ok(true);
        }
        let found = stored::find(&self.tx, section.0).await?.map(|found| found.entity);
        Ok(match found {
            Some(crate::domain::entity::Entity::Section(section)) => {
                section.ancestors.iter().any(|above| key.sections.contains(above))
            }
            _ => false,
        })
    }
}

/// Refuses to change what somebody else changed first.
pub(super) fn expect(what: &'static str, expected: Option<i32>, found: i32, by: Option<&str>) -> Result<()> {
    match expected {
        Some(expected) if expected != found => {
            Err(Error::Conflict { what, expected, found, by: by.map(str::to_owned) })
        }
        _ => Ok(()),
    }
}
