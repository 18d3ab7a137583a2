//! Paths that lead to a story, besides those that its slugs make.

use crate::domain::ids::ArticleId;
use crate::error::Result;
use crate::store::moment::{micros, moment};
use crate::store::sql::{Sql, run};
use crate::store::{Session, Tx};
use sea_orm::{ConnectionTrait, QueryResult};
use time::OffsetDateTime;

/// A path and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The path, decoded.
    pub path: String,
    /// The story.
    pub article: ArticleId,
    /// When it was made; nothing where that is not known.
    pub created_at: Option<OffsetDateTime>,
    /// The name of who made it.
    pub created_by: Option<String>,
}

const COLUMNS: &str = "SELECT path, article_id, created_at, created_by FROM redirect WHERE ";

fn redirect(row: &QueryResult) -> Result<Redirect> {
    Ok(Redirect {
        path: row.try_get_by_index(0)?,
        article: ArticleId(row.try_get_by_index(1)?),
        created_at: row.try_get_by_index::<Option<i64>>(2)?.map(|at| moment(at, 0)),
        created_by: row.try_get_by_index(3)?,
    })
}

/// Where a path leads.
pub async fn find(tx: &Tx, path: &str) -> Result<Option<Redirect>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("path = ").bind(path);
    tx.query_one_raw(sql.statement(tx.get_database_backend())).await?.as_ref().map(redirect).transpose()
}

/// The paths that lead to a story, in order.
pub async fn of_article(session: &Session, article: ArticleId) -> Result<Vec<Redirect>> {
    let mut sql = Sql::new(COLUMNS);
    sql.push("article_id = ").bind(article.0).push(" ORDER BY path");
    session.all(sql).await?.iter().map(redirect).collect()
}

/// Adds paths; one that led elsewhere leads here now.
pub async fn save(tx: &Tx, redirects: &[Redirect]) -> Result<()> {
    if redirects.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("INSERT INTO redirect (path, article_id, created_at, created_by) VALUES ");
    sql.rows(redirects.iter().map(|redirect| {
        let (at, by) = (redirect.created_at.map(micros), redirect.created_by.clone());
        vec![redirect.path.as_str().into(), redirect.article.0.into(), at.into(), by.into()]
    }));
    sql.push(" ON CONFLICT (path) DO UPDATE SET article_id = excluded.article_id");
    run(tx, sql).await.map(drop)
}

/// Adds a path; false if somebody was faster.
pub async fn insert(tx: &Tx, redirect: &Redirect) -> Result<bool> {
    let mut sql = Sql::new("INSERT INTO redirect (path, article_id, created_at, created_by) VALUES ");
    let (at, by) = (redirect.created_at.map(micros), redirect.created_by.clone());
    sql.rows([vec![redirect.path.as_str().into(), redirect.article.0.into(), at.into(), by.into()]]);
    sql.push(" ON CONFLICT (path) DO NOTHING");
    Ok(run(tx, sql).await? > 0)
}

/// Takes a path away.
pub async fn delete(tx: &Tx, path: &str) -> Result<()> {
    let mut sql = Sql::new("DELETE FROM redirect WHERE path = ");
    sql.bind(path);
    run(tx, sql).await.map(drop)
}
