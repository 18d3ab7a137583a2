//! The change log for readers: what was published, changed or withdrawn, in the order in which it was committed.

use super::article::Article;
use super::by::parse;
use super::connection::{PageInfo, bad_cursor};
use super::context::{Reading, reading};
use super::enums::ChangeKind;
use super::scalars::{DateTime, Language};
use crate::domain::ids::EventId;
use crate::domain::published;
use crate::error::Error;
use async_graphql::{ComplexObject, Context, ID, InputObject, Result, SimpleObject};

/// An entry of the change log.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Change {
    /// `evt_` and 13 characters; sorts in the order in which changes were committed.
    id: ID,
    /// What happened.
    kind: ChangeKind,
    /// The story that it happened to.
    article_id: Option<ID>,
    /// The language that it happened in.
    language: Option<Language>,
    /// The author, section, tag, image or collection that changed.
    entity_id: Option<ID>,
    /// When.
    at: DateTime,
    #[graphql(skip)]
    change: published::Change,
}

#[ComplexObject]
impl Change {
    /// The story as it is published now; null if it is not any more.
    async fn article(&self, ctx: &Context<'_>) -> Option<Result<Article>> {
        let id = self.change.article?;
        let load = async { Ok(reading(ctx)?.load(id).await?.map(|story| Article::loaded(id, story))) };
        load.await.transpose()
    }
}

impl From<published::Change> for Change {
    fn from(change: published::Change) -> Self {
        Self {
            id: change.id.to_string().into(),
            kind: change.kind.into(),
            article_id: change.article.map(|id| id.to_string().into()),
            language: change.language.clone().map(Language),
            entity_id: change.entity.map(|(kind, id)| kind.id(id).into()),
            at: DateTime(change.at),
            change,
        }
    }
}

/// An entry of the change log and its place.
#[derive(SimpleObject)]
pub struct ChangeEdge {
    /// The entry.
    node: Change,
    /// Its id: remember the last one and ask for what comes after it.
    cursor: String,
}

/// A part of the change log.
#[derive(SimpleObject)]
pub struct ChangeConnection {
    /// The entries with their places, oldest first.
    edges: Vec<ChangeEdge>,
    /// Where the part stands in the log.
    page_info: PageInfo,
}

/// Which entries of the change log; what is not given leaves nothing out.
#[derive(InputObject)]
pub struct ChangeFilter {
    /// Of these kinds.
    kinds: Option<Vec<ChangeKind>>,
    /// In one of these languages. What concerns all languages, such as the name of an author, comes, too.
    languages: Option<Vec<Language>>,
    /// To one of these stories; at most 100.
    articles: Option<Vec<ID>>,
}

impl ChangeFilter {
    /// The filter in the words of the domain.
    pub fn parse(self, reading: &Reading) -> Result<published::ChangeFilter, Error> {
        let languages = self.languages.unwrap_or_default();
        let articles = self.articles.unwrap_or_default();
        if articles.len() > 100 {
            let message = format!("at most 100 stories are accepted, found {}", articles.len());
            return Err(Error::invalid("filter.articles", message));
        }
        Ok(published::ChangeFilter {
            kinds: self.kinds.unwrap_or_default().into_iter().map(Into::into).collect(),
            languages: languages.iter().map(|language| reading.language(Some(language))).collect::<Result<_, _>>()?,
            articles: articles.iter().map(|id| parse("filter.articles", id)).collect::<Result<_, _>>()?,
        })
    }
}

/// The entry that a client says to have seen.
pub fn seen(cursor: &str) -> Result<EventId, Error> {
    cursor.parse().map_err(|_| bad_cursor("after", cursor))
}

/// What happened after an entry that the reader has seen.
pub async fn changes(
    ctx: &Context<'_>,
    after: Option<String>,
    filter: Option<ChangeFilter>,
    first: i32,
) -> Result<ChangeConnection> {
    let reading = reading(ctx)?;
    let seen = after.as_deref().map_or(Ok(EventId(0)), seen)?;
    let filter = filter.map(|filter| filter.parse(reading)).transpose()?.unwrap_or_default();
    let limit = u32::try_from(first).ok().filter(|first| *first <= 100);
    let limit = limit.ok_or_else(|| Error::invalid("first", format!("{first} is not accepted: expected 0 to 100")))?;
    let mut found = reading.reader().changes(seen, &filter, limit + 1).await?;
    let has_next_page = found.len() > limit as usize;
    found.truncate(limit as usize);
    let edge = |change: published::Change| ChangeEdge { cursor: change.id.to_string(), node: change.into() };
    let edges: Vec<ChangeEdge> = found.into_iter().map(edge).collect();
    let page_info = PageInfo {
        has_next_page,
        has_previous_page: after.is_some(),
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: edges.last().map(|edge| edge.cursor.clone()),
    };
    Ok(ChangeConnection { edges, page_info })
}
