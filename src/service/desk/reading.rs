//! What staff read: drafts, their history, what lacks a translation, who did what.

pub use crate::store::desk::audit::{AuditFilter, AuditRow};
pub use crate::store::desk::read::{ArticleRow, DeskFilter, Lacking, RevisionRow, VariantRow};

use crate::domain::actor::{Actor, Who};
use crate::domain::article::Correction;
use crate::domain::entity::{Entity, EntityKind};
use crate::domain::ids::{ArticleId, CorrectionId, RevisionId, SectionId, VariantId};
use crate::domain::language::LanguageTag;
use crate::domain::policy::{Action, Subject, permits};
use crate::error::{Error, Result};
use crate::service::{App, Reader};
use crate::store::Session;
use crate::store::desk::audit;
use crate::store::desk::read::{self, Sight};
use std::collections::HashMap;

/// One person's or program's view of the desk. What they may not see is not there.
pub struct Desk {
    pub(super) session: Session,
    pub(super) actor: Actor,
    sight: Sight,
}

impl App {
    /// The desk as somebody sees it; an error for who has no business there. Whether they still have any is for
    /// [`App::confirm`]. Its statements count as the reader's.
    pub async fn desk(&self, actor: &Actor, reader: &Reader) -> Result<Desk> {
        let session = reader.session().clone();
        let staff = Subject { state: Some(crate::domain::workflow::State::Published), ..Subject::default() };
        let sight = match &actor.who {
            Who::Anonymous => return Err(Error::Unauthenticated("sign in to see the desk".into())),
            _ if !permits(actor, Action::Read, staff) => {
                return Err(Error::Forbidden("the desk is for staff and for keys with the scope READ_DRAFTS".into()));
            }
            Who::Person(person) => Sight::Role(person.role, person.id),
            Who::System(_) => Sight::All,
            Who::Machine(key) => {
                let sections = sections_below(&session, &key.sections).await?;
                Sight::Key(key.languages.clone(), sections)
            }
        };
        Ok(Desk { session, actor: actor.clone(), sight })
    }
}

/// The sections and all that are below them.
async fn sections_below(session: &Session, sections: &[SectionId]) -> Result<Vec<SectionId>> {
    if sections.is_empty() {
        return Ok(Vec::new());
    }
    let all = read::entities_of(session, EntityKind::Section).await?;
    let below = all.into_iter().filter_map(|entity| match entity {
        Entity::Section(section) => Some(section),
        _ => None,
    });
    let within = |id: &SectionId| sections.contains(id);
    Ok(below.filter(|section| within(&section.id) || section.ancestors.iter().any(within)).map(|s| s.id).collect())
}

impl Desk {
    /// Who looks.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The newest stories, begun before `before`.
    pub async fn page(&self, filter: &DeskFilter, before: Option<ArticleId>, limit: u32) -> Result<Vec<ArticleId>> {
        read::page(&self.session, &self.sight, filter, before, limit).await
    }

    /// Stories that lack a translation, or whose translation is stale, the newest first.
    pub async fn lacking(
        &self,
        language: &LanguageTag,
        what: Lacking,
        before: Option<ArticleId>,
        limit: u32,
    ) -> Result<Vec<ArticleId>> {
        read::lacking(&self.session, language, what, before, limit).await
    }

    /// Stories by id with those of their variants that are to be seen; a story without any is missing.
    pub async fn stories(&self, ids: &[ArticleId]) -> Result<HashMap<ArticleId, (ArticleRow, Vec<VariantRow>)>> {
        let (articles, variants) =
            futures_util::try_join!(read::articles(&self.session, ids), read::variants_of(&self.session, ids))?;
        let mut found = HashMap::new();
        for article in articles {
            let own = variants.iter().filter(|row| row.variant.article == article.article.id);
            let seen: Vec<VariantRow> = own.filter(|row| self.sees(&article, row)).cloned().collect();
            if !seen.is_empty() {
                found.insert(article.article.id, (article, seen));
            }
        }
        Ok(found)
    }

    fn sees(&self, article: &ArticleRow, row: &VariantRow) -> bool {
        if let Sight::Key(languages, sections) = &self.sight {
            let language = languages.is_empty() || languages.contains(&row.variant.language);
            let section = article.article.shared.section;
            return language && (sections.is_empty() || section.is_some_and(|section| sections.contains(&section)));
        }
        let original = row.variant.language == article.article.original;
        let me = self.actor.person().map(|person| person.id);
        let by_me = |who: Option<crate::domain::ids::UserId>| who.is_some() && who == me;
        let own = by_me(row.variant.created_by) || original && by_me(article.article.created_by);
        permits(&self.actor, Action::Read, Subject { state: Some(row.variant.state), original, own })
    }

    /// The story that a variant is of, where both are to be seen.
    pub async fn story_of(&self, id: VariantId) -> Result<Option<(ArticleRow, Vec<VariantRow>)>> {
        let Some(row) = read::variants(&self.session, &[id]).await?.pop() else { return Ok(None) };
        let article = row.variant.article;
        let story = self.stories(&[article]).await?.remove(&article);
        Ok(story.filter(|(_, variants)| variants.iter().any(|row| row.variant.id == id)))
    }

    /// Snapshots by id, for who sees what they are of.
    pub async fn revisions(&self, ids: &[RevisionId]) -> Result<HashMap<RevisionId, RevisionRow>> {
        let found = read::revisions(&self.session, ids).await?;
        Ok(found.into_iter().map(|row| (row.revision.id, row)).collect())
    }

    /// The newest snapshots of a variant, of versions before `before`.
    pub async fn history(&self, id: VariantId, before: Option<i32>, limit: u32) -> Result<Vec<RevisionRow>> {
        read::history(&self.session, id, before, limit).await
    }

    /// The public notes on variants.
    pub async fn corrections(&self, ids: &[VariantId]) -> Result<HashMap<VariantId, Vec<Correction>>> {
        read::corrections(&self.session, ids).await
    }

    /// The corrections of other languages that variants need not carry.
    pub async fn dismissed(&self, ids: &[VariantId]) -> Result<HashMap<VariantId, Vec<CorrectionId>>> {
        read::dismissed(&self.session, ids).await
    }

    /// Who did what, the newest first. For administrators.
    pub async fn audit(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<AuditRow>> {
        if !permits(&self.actor, Action::ReadAudit, Subject::default()) {
            return Err(Error::Forbidden("the audit is for an ADMIN".into()));
        }
        audit::list(&self.session, filter, limit).await
    }
}
