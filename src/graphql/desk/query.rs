//! The root of the desk: what staff read.

use super::article::DeskArticle;
use super::compare::RevisionDifference;
use super::context::Sight;
use super::pages;
use super::variant::{DeskVariant, Revision, id};
use crate::domain::diff::diff;
use crate::domain::ids::{ArticleId, RevisionId};
use crate::error::Error;
use crate::graphql::connection::{Paging, bad_cursor, page_cost};
use crate::graphql::enums::State;
use crate::graphql::scalars::{DateTime, Json, Language};
use crate::service::{AuditFilter, AuditRow, DeskFilter, Lacking};
use async_graphql::{Enum, ID, InputObject, Object, Result, SimpleObject};
use std::sync::Arc;

/// What editors, reporters and translators work on.
pub struct DeskQuery(Arc<Sight>);

/// Which stories of the desk.
#[derive(InputObject, Default)]
pub struct DeskArticleFilter {
    /// Those with a variant in one of these states.
    states: Option<Vec<State>>,
    /// Those with a variant in this language; with `states`, in one of them.
    language: Option<Language>,
    /// Those in this section.
    section_id: Option<ID>,
    /// Only those that you began.
    #[graphql(default)]
    mine: bool,
    /// Those in the archive instead of those that are not.
    #[graphql(default)]
    archived: bool,
}

/// Why a story is on the translators' list.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum TranslationStatus {
    /// It is published, and there is no variant in the language.
    Missing,
    /// Its source says something else than what the variant was made from.
    Stale,
}

pages!("A page of stories of the desk.", DeskArticleConnection, DeskArticleEdge, DeskArticle);

/// Which entries of the audit.
#[derive(InputObject, Default)]
pub struct AuditFilterInput {
    /// Only what this actor did: `usr_…`.
    actor: Option<String>,
    /// Only what was done to this: any id.
    target: Option<ID>,
    /// Only actions that begin so: `variant.`.
    action: Option<String>,
    /// Not before.
    since: Option<DateTime>,
}

/// One thing that somebody did.
#[derive(SimpleObject)]
pub struct AuditEntry {
    /// Its place in the audit; grows.
    id: ID,
    /// When.
    at: DateTime,
    /// Who: `usr_…`, `key_…`, or a part of the service.
    actor: String,
    /// The name that they had.
    actor_name: Option<String>,
    /// What: `variant.publish`.
    action: String,
    /// To what: the id without its kind, as the tables have it.
    target: String,
    /// From which network address.
    address: Option<String>,
    /// With which client.
    client: Option<String>,
    /// The revision before.
    before_revision_id: Option<ID>,
    /// The revision after.
    after_revision_id: Option<ID>,
    /// What else is worth knowing.
    detail: Json,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        Self {
            id: row.id.to_string().into(),
            at: DateTime(row.at),
            actor: row.actor,
            actor_name: row.actor_name,
            action: row.action,
            target: row.target.to_string(),
            address: row.address,
            client: row.client,
            before_revision_id: row.before.map(|id| id.to_string().into()),
            after_revision_id: row.after.map(|id| id.to_string().into()),
            detail: Json(serde_json::from_str(&row.detail).unwrap_or_default()),
        }
    }
}

pages!("A page of the audit, the newest entry first.", AuditConnection, AuditEdge, AuditEntry);

fn behind(paging: &Paging) -> Result<Option<ArticleId>, Error> {
    let place = |cursor: &String| cursor.parse::<ArticleId>().map_err(|_| bad_cursor("after", cursor));
    paging.after.as_ref().map(place).transpose()
}

impl DeskQuery {
    /// The desk as somebody sees it.
    pub fn new(sight: Arc<Sight>) -> Self {
        Self(sight)
    }

    async fn finish(
        &self,
        paging: &Paging,
        amount: crate::service::paging::Amount,
        ids: Vec<ArticleId>,
    ) -> Result<DeskArticleConnection> {
        let (ids, page_info) = paging.finish(amount, ids, ToString::to_string);
        let stories = self.0.stories(&ids).await?.into_iter();
        let items = stories.map(|story| (story.row.article.id.to_string(), story)).collect();
        Ok(DeskArticleConnection::new(items, page_info.into()))
    }
}

/// What editors, reporters and translators work on.
#[Object]
impl DeskQuery {
    /// A story; null where there is none that you may see.
    async fn article(&self, #[graphql(desc = "`art_…`")] id: ID) -> Result<Option<DeskArticle>> {
        self.0.story(self::id("id", &id)?).await
    }

    /// A story in one language; null where there is none that you may see.
    async fn variant(&self, #[graphql(desc = "`var_…`")] id: ID) -> Result<Option<DeskVariant>> {
        self.0.variant(self::id("id", &id)?).await
    }

    /// A snapshot; null where there is none that you may see.
    async fn revision(&self, #[graphql(desc = "`rev_…`")] id: ID) -> Result<Option<Revision>> {
        let id = self::id("id", &id)?;
        let Some(row) = self.0.desk().revisions(&[id]).await?.remove(&id) else { return Ok(None) };
        let seen = self.0.desk().story_of(row.variant).await?.is_some();
        Ok(seen.then(|| Revision(Arc::new(row))))
    }

    /// What changed from one revision of a variant to another: fields, blocks, and words inside of them.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn diff(
        &self,
        #[graphql(desc = "The older revision: `rev_…`.")] from: ID,
        #[graphql(desc = "The newer revision of the same variant: `rev_…`.")] to: ID,
    ) -> Result<RevisionDifference> {
        let (from, to) = (id("from", &from)?, id("to", &to)?);
        let mut found = self.0.desk().revisions(&[from, to]).await?;
        let missing = |id: RevisionId| Error::NotFound { kind: "revision", id: id.to_string() };
        let after = found.get(&to).cloned().ok_or_else(|| missing(to))?;
        let before = found.remove(&from).ok_or_else(|| missing(from))?;
        if self.0.desk().story_of(after.variant).await?.is_none() {
            return Err(missing(to).into());
        }
        if before.variant != after.variant {
            return Err(Error::invalid("from", "is a revision of another variant").into());
        }
        let (before, after) = (&before.revision, &after.revision);
        Ok(diff(&before.content, &after.content, &before.shared, &after.shared).into())
    }

    /// Stories that you may see, the newest first.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn articles(
        &self,
        #[graphql(desc = "Only some of them.", default)] filter: DeskArticleFilter,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<DeskArticleConnection> {
        let paging = Paging { first, after, ..Paging::default() };
        let amount = paging.amount()?;
        let own = self.0.desk().actor().person().map(|person| person.id);
        let filter = DeskFilter {
            states: filter.states.unwrap_or_default().into_iter().map(Into::into).collect(),
            language: filter.language.map(|language| language.0),
            section: filter.section_id.map(|section| id("filter.sectionId", &section)).transpose()?,
            created_by: own.filter(|_| filter.mine),
            archived: filter.archived,
        };
        let ids = self.0.desk().page(&filter, behind(&paging)?, amount.limit + 1).await?;
        self.finish(&paging, amount, ids).await
    }

    /// The translators' list: stories that lack something in a language, the newest first.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn translations(
        &self,
        #[graphql(desc = "What they lack.")] status: TranslationStatus,
        #[graphql(desc = "In which language.")] language: Language,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<DeskArticleConnection> {
        let paging = Paging { first, after, ..Paging::default() };
        let amount = paging.amount()?;
        let what = match status {
            TranslationStatus::Missing => Lacking::Missing,
            TranslationStatus::Stale => Lacking::Stale,
        };
        let ids = self.0.desk().lacking(&language.0, what, behind(&paging)?, amount.limit + 1).await?;
        self.finish(&paging, amount, ids).await
    }

    /// Who did what, the newest first. For administrators.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn audit(
        &self,
        #[graphql(desc = "Only some of it.", default)] filter: AuditFilterInput,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<AuditConnection> {
        let paging = Paging { first, after, ..Paging::default() };
        let amount = paging.amount()?;
        let before = paging.after.as_ref().map(|cursor| cursor.parse().map_err(|_| bad_cursor("after", cursor)));
        let target = filter.target.map(|target| {
            crate::domain::ids::any(target.as_str())
                .ok_or_else(|| Error::invalid("filter.target", "is no id; expected one such as var_… or art_…"))
        });
        let filter = AuditFilter {
            actor: filter.actor,
            target: target.transpose()?,
            action: filter.action,
            since: filter.since.map(|since| since.0),
            before: before.transpose()?,
        };
        let rows = self.0.desk().audit(&filter, amount.limit + 1).await?;
        let (rows, page_info) = paging.finish(amount, rows, |row| row.id.to_string());
        let items = rows.into_iter().map(|row| (row.id.to_string(), row.into())).collect();
        Ok(AuditConnection::new(items, page_info.into()))
    }
}
