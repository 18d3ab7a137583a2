//! Who was told what and when: the ledger of corrections, withdrawals and retractions, and what partners read.

use super::Session;
use super::moment::{micros, moment};
use super::sql::Sql;
use crate::domain::article::CorrectionKind;
use crate::domain::ids::{ArticleId, EventId, PartnerId};
use crate::domain::language::LanguageTag;
use crate::domain::published::ChangeKind;
use crate::error::{Error, Result};
use sea_orm::QueryResult;
use time::OffsetDateTime;

/// Which of the ledger.
#[derive(Debug, Clone, Default)]
pub struct LedgerFilter {
    /// Only this story.
    pub article: Option<ArticleId>,
    /// Only this language.
    pub language: Option<LanguageTag>,
    /// Only `CORRECTED` or only `WITHDRAWN`.
    pub kind: Option<ChangeKind>,
    /// Only this partner.
    pub partner: Option<PartnerId>,
    /// Only what nobody acknowledged although it happened before this moment.
    pub unacknowledged_before: Option<OffsetDateTime>,
    /// Only what happened then or later.
    pub from: Option<OffsetDateTime>,
    /// Only what happened before.
    pub to: Option<OffsetDateTime>,
    /// Only what comes behind this place; the newest comes first.
    pub after: Option<(EventId, PartnerId)>,
}

/// One notice and one partner that had the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The notice's entry in the change log.
    pub event: EventId,
    /// `CORRECTED` or `WITHDRAWN`.
    pub kind: ChangeKind,
    /// The story.
    pub article: ArticleId,
    /// In this language.
    pub language: LanguageTag,
    /// When readers were told.
    pub at: OffsetDateTime,
    /// What kind of correction it was; nothing for a withdrawal.
    pub correction: Option<CorrectionKind>,
    /// The correction's text.
    pub text: Option<String>,
    /// The partner.
    pub partner: PartnerId,
    /// What programs call it.
    pub partner_slug: String,
    /// When the story first left for the partner: from then on it may have had it.
    pub sent_at: OffsetDateTime,
    /// When the partner first received the story, as far as is known.
    pub received_at: Option<OffsetDateTime>,
    /// When it was told; nothing while it was not.
    pub told_at: Option<OffsetDateTime>,
    /// By what: `pull`, `push`, `snapshot`.
    pub told_by: Option<String>,
    /// When it acknowledged.
    pub acked_at: Option<OffsetDateTime>,
    /// Since when the partner is disabled.
    pub partner_disabled_at: Option<OffsetDateTime>,
}

/// What a partner was told of a story from a notice on. What is sent is composed as the story is then, so that what came
/// after the notice tells of it, too.
const SINCE: &str = "FROM partner_change x WHERE x.partner_id = p.id AND x.article_id = e.article_id AND \
    x.language = e.language AND (x.event_id >= e.id OR (x.event_id IS NULL AND x.at >= e.at))";

/// What it was told last, where that was not to show the story: who was told to take a retracted story down is not told so
/// again when it is withdrawn.
const BEFORE: &str = "FROM partner_change x WHERE x.partner_id = p.id AND x.article_id = e.article_id AND \
    x.language = e.language ORDER BY x.id DESC LIMIT 1";

/// Adds a column of what a partner was told.
fn told(sql: &mut Sql, name: &str, since: &str, order: &str) {
    sql.push("CASE WHEN EXISTS (SELECT 1 ").push(SINCE).push(") THEN (SELECT ").push(since).push(" ").push(SINCE);
    sql.push(order).push(") ELSE (SELECT CASE WHEN x.status <> 'usable' THEN x.").push(name).push(" END ").push(BEFORE);
    sql.push(") END AS ").push(name);
}

/// At most `limit` rows, the newest notice first.
pub async fn list(session: &Session, filter: &LedgerFilter, limit: u32) -> Result<Vec<LedgerRow>> {
    let mut sql =
        Sql::new("SELECT * FROM (SELECT e.id, e.kind, e.article_id, e.language, e.at, k.kind AS correction, k.text, ");
    sql.push("p.id AS partner_id, p.slug, s.received_at, s.sent_at, ");
    told(&mut sql, "told_at", "min(x.told_at)", "");
    told(sql.push(", "), "told_by", "x.told_by", " AND x.told_at IS NOT NULL ORDER BY x.told_at, x.id LIMIT 1");
    told(sql.push(", "), "acked_at", "min(x.acked_at)", "");
    sql.push(", p.disabled_at FROM event e ");
    sql.push("JOIN partner_story s ON s.article_id = e.article_id AND s.language = e.language AND s.sent_at <= e.at ");
    sql.push("JOIN partner p ON p.id = s.partner_id ");
    sql.push("LEFT JOIN variant v ON v.article_id = e.article_id AND v.language = e.language AND e.kind = ");
    sql.bind(ChangeKind::Corrected.as_str());
    sql.push(" LEFT JOIN correction k ON k.variant_id = v.id AND k.at = e.at WHERE e.kind IN ");
    match filter.kind {
        Some(kind) => sql.list([kind.as_str()]),
        None => sql.list([ChangeKind::Corrected.as_str(), ChangeKind::Withdrawn.as_str()]),
    };
    narrow(&mut sql, filter);
    sql.push(") q");
    if let Some(before) = filter.unacknowledged_before {
        sql.push(" WHERE acked_at IS NULL AND at < ").bind(micros(before));
    }
    sql.push(" ORDER BY id DESC, partner_id LIMIT ").bind(i64::from(limit));
    session.all(sql).await?.iter().map(row).collect()
}

fn narrow(sql: &mut Sql, filter: &LedgerFilter) {
    if let Some(article) = filter.article {
        sql.push(" AND e.article_id = ").bind(article.0);
    }
    if let Some(language) = &filter.language {
        sql.push(" AND e.language = ").bind(language.as_str());
    }
    if let Some(partner) = filter.partner {
        sql.push(" AND p.id = ").bind(partner.0);
    }
    if let Some(from) = filter.from {
        sql.push(" AND e.at >= ").bind(micros(from));
    }
    if let Some(to) = filter.to {
        sql.push(" AND e.at < ").bind(micros(to));
    }
    if let Some((event, partner)) = filter.after {
        sql.push(" AND (e.id < ").bind(event.0).push(" OR (e.id = ").bind(event.0);
        sql.push(" AND p.id > ").bind(partner.0).push("))");
    }
}

fn row(row: &QueryResult) -> Result<LedgerRow> {
    let maybe = |index| Ok::<_, Error>(row.try_get_by_index::<Option<i64>>(index)?.map(|at| moment(at, 0)));
    let correction: Option<String> = row.try_get_by_index(5)?;
    Ok(LedgerRow {
        event: EventId(row.try_get_by_index(0)?),
        kind: row.try_get_by_index::<String>(1)?.parse().map_err(Error::internal)?,
        article: ArticleId(row.try_get_by_index(2)?),
        language: row.try_get_by_index::<String>(3)?.parse().map_err(Error::internal)?,
        at: moment(row.try_get_by_index(4)?, 0),
        correction: correction.map(|kind| kind.parse().map_err(Error::internal)).transpose()?,
        text: row.try_get_by_index(6)?,
        partner: PartnerId(row.try_get_by_index(7)?),
        partner_slug: row.try_get_by_index(8)?,
        received_at: maybe(9)?,
        sent_at: moment(row.try_get_by_index(10)?, 0),
        told_at: maybe(11)?,
        told_by: row.try_get_by_index(12)?,
        acked_at: maybe(13)?,
        partner_disabled_at: maybe(14)?,
    })
}

/// Which of what partners read. Days are since 1970, UTC.
#[derive(Debug, Clone)]
pub struct UsageFilter {
    /// The first day.
    pub from: i32,
    /// The last day, included.
    pub to: i32,
    /// Only this partner.
    pub partner: Option<PartnerId>,
    /// Only what comes behind this row.
    pub after: Option<(i32, PartnerId, ArticleId, String, String)>,
}

/// How often a partner received a story on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRow {
    /// The day, since 1970, UTC.
    pub day: i32,
    /// The partner.
    pub partner: PartnerId,
    /// What programs call it.
    pub partner_slug: String,
    /// The story.
    pub article: ArticleId,
    /// In this language.
    pub language: LanguageTag,
    /// `pull` or `push`.
    pub way: String,
    /// How often.
    pub deliveries: i64,
}

/// At most `limit` rows by day, partner, story, language and way.
pub async fn usage(session: &Session, filter: &UsageFilter, limit: u32) -> Result<Vec<UsageRow>> {
    let mut sql = Sql::new("SELECT u.day, u.partner_id, p.slug, u.article_id, u.language, u.way, u.deliveries ");
    sql.push("FROM partner_usage u JOIN partner p ON p.id = u.partner_id WHERE u.day >= ").bind(filter.from);
    sql.push(" AND u.day <= ").bind(filter.to);
    if let Some(partner) = filter.partner {
        sql.push(" AND u.partner_id = ").bind(partner.0);
    }
    if let Some((day, partner, article, language, way)) = &filter.after {
        sql.push(" AND (u.day, u.partner_id, u.article_id, u.language, u.way) > (")
            .bind(*day)
            .push(", ")
            .bind(partner.0);
        sql.push(", ").bind(article.0).push(", ").bind(language.as_str()).push(", ").bind(way.as_str()).push(")");
    }
    sql.push(" ORDER BY u.day, u.partner_id, u.article_id, u.language, u.way LIMIT ").bind(i64::from(limit));
    let row = |row: &QueryResult| {
        Ok(UsageRow {
            day: row.try_get_by_index(0)?,
            partner: PartnerId(row.try_get_by_index(1)?),
            partner_slug: row.try_get_by_index(2)?,
            article: ArticleId(row.try_get_by_index(3)?),
            language: row.try_get_by_index::<String>(4)?.parse().map_err(Error::internal)?,
            way: row.try_get_by_index(5)?,
            deliveries: row.try_get_by_index(6)?,
        })
    };
    session.all(sql).await?.iter().map(row).collect()
}
