//! What partners were told and what they received: endpoints, the ledger, usage.

use super::endpoints::{DeskEndpoint, EndpointDelivery};
use super::variant::id;
use super::{actor, pages};
use crate::domain::ids::{ArticleId, EventId, PartnerId};
use crate::error::Error;
use crate::graphql::connection::{Paging, bad_cursor, page_cost};
use crate::graphql::enums::{ChangeKind, CorrectionKind};
use crate::graphql::scalars::{DateTime, Language};
use crate::service::{App, LedgerFilter, LedgerRow, UsageFilter, UsageRow};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};

/// What partners were told and what they received. For an EDITOR or ADMIN.
pub struct PartnerDesk;

/// Which of the ledger.
#[derive(InputObject, Default)]
pub struct LedgerFilterInput {
    /// Only this story.
    article_id: Option<ID>,
    /// Only this language.
    language: Option<Language>,
    /// Only this: CORRECTED or WITHDRAWN.
    kind: Option<ChangeKind>,
    /// Only this partner, by what programs call it.
    partner: Option<String>,
    /// Only what should have been acknowledged by now.
    #[graphql(default)]
    overdue: bool,
    /// Only what happened then or later.
    from: Option<DateTime>,
    /// Only what happened before.
    to: Option<DateTime>,
}

/// One correction, withdrawal or retraction, and one partner that had received the story by then.
#[derive(SimpleObject)]
pub struct LedgerEntry {
    /// The notice's place in the change log.
    event_id: ID,
    /// CORRECTED or WITHDRAWN.
    kind: ChangeKind,
    /// What kind of correction it was; null for a withdrawal.
    correction: Option<CorrectionKind>,
    /// The correction's text.
    text: Option<String>,
    /// The story.
    article_id: ID,
    /// In this language.
    language: Language,
    /// When readers were told.
    at: DateTime,
    /// What programs call the partner.
    partner: String,
    /// Since when the partner is disabled.
    partner_disabled_at: Option<DateTime>,
    /// When the story first left for the partner: from then on it may have had it.
    sent_at: DateTime,
    /// When the partner first received the story; null where it never asked for it or said that it has it.
    received_at: Option<DateTime>,
    /// When it was told; null while it was not.
    told_at: Option<DateTime>,
    /// By what: `pull`, `push` or `snapshot`.
    told_by: Option<String>,
    /// When it acknowledged: its endpoint answered 2xx, or it asked for what comes behind.
    acknowledged_at: Option<DateTime>,
    /// Whether it should have acknowledged by now: `partners.overdue_hours`.
    overdue: bool,
}

/// How often a partner received a story on a day.
#[derive(SimpleObject)]
pub struct PartnerUsage {
    /// The day in UTC: `2026-11-25`.
    day: String,
    /// What programs call the partner.
    partner: String,
    /// The story.
    article_id: ID,
    /// In this language.
    language: Language,
    /// `pull` or `push`.
    way: String,
    /// How often.
    deliveries: i32,
}

pages!("A page of the ledger, the newest notice first.", LedgerConnection, LedgerEdge, LedgerEntry);
pages!("A page of what partners received, by day.", PartnerUsageConnection, PartnerUsageEdge, PartnerUsage);
pages!(
    "A page of messages to an endpoint, the newest first.",
    EndpointDeliveryConnection,
    EndpointDeliveryEdge,
    EndpointDelivery
);

fn entry(app: &App, row: LedgerRow) -> LedgerEntry {
    LedgerEntry {
        overdue: app.is_overdue(&row),
        event_id: row.event.to_string().into(),
        kind: row.kind.into(),
        correction: row.correction.map(Into::into),
        text: row.text,
        article_id: row.article.to_string().into(),
        language: Language(row.language),
        at: DateTime(row.at),
        partner: row.partner_slug,
        partner_disabled_at: row.partner_disabled_at.map(DateTime),
        sent_at: DateTime(row.sent_at),
        received_at: row.received_at.map(DateTime),
        told_at: row.told_at.map(DateTime),
        told_by: row.told_by,
        acknowledged_at: row.acked_at.map(DateTime),
    }
}

impl From<UsageRow> for PartnerUsage {
    fn from(row: UsageRow) -> Self {
        let day = OffsetDateTime::UNIX_EPOCH.date() + Duration::days(row.day.into());
        Self {
            day: day.to_string(),
            partner: row.partner_slug,
            article_id: row.article.to_string().into(),
            language: Language(row.language),
            way: row.way,
            deliveries: i32::try_from(row.deliveries).unwrap_or(i32::MAX),
        }
    }
}

fn ledger_place(cursor: &str) -> Result<(EventId, PartnerId), Error> {
    let place = || {
        let (event, partner) = cursor.split_once('.')?;
        Some((event.parse().ok()?, partner.parse().ok()?))
    };
    place().ok_or_else(|| bad_cursor("after", cursor))
}

fn usage_cursor(row: &UsageRow) -> String {
    format!("{}.{}.{}.{}.{}", row.day, row.partner, row.article, row.language, row.way)
}

fn usage_place(cursor: &str) -> Result<(i32, PartnerId, ArticleId, String, String), Error> {
    let place = || {
        let mut parts = cursor.split('.');
        let place = (
            parts.next()?.parse().ok()?,
            parts.next()?.parse().ok()?,
            parts.next()?.parse().ok()?,
            parts.next()?.to_owned(),
            parts.next()?.to_owned(),
        );
        parts.next().is_none().then_some(place)
    };
    place().ok_or_else(|| bad_cursor("after", cursor))
}

fn day(path: &str, text: &str) -> Result<i32, Error> {
    let wrong = |_| {
        Error::invalid(
            path,
            format!("`{}` is no day; expected one such as 2026-11-25", text.chars().take(40).collect::<String>()),
        )
    };
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).map_err(wrong)?;
    Ok(i32::try_from((day - OffsetDateTime::UNIX_EPOCH.date()).whole_days()).unwrap_or_default())
}

async fn named(ctx: &Context<'_>, slug: Option<String>) -> Result<Option<PartnerId>> {
    let app = ctx.data::<App>()?;
    match slug {
        Some(slug) => Ok(Some(app.partner_named(actor(ctx), &slug).await?)),
        None => Ok(None),
    }
}

/// What partners were told and what they received.
#[Object]
impl PartnerDesk {
    /// Where partners are told of changes: all of them, at most 20 a partner.
    #[graphql(complexity = "page_cost(Some(100), None, child_complexity)")]
    async fn endpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this partner's, by what programs call it.")] partner: Option<String>,
    ) -> Result<Vec<DeskEndpoint>> {
        let app = ctx.data::<App>()?;
        let partner = named(ctx, partner).await?;
        Ok(app.endpoints(actor(ctx), partner).await?.into_iter().map(Into::into).collect())
    }

    /// What was sent to an endpoint and what it answered, the newest first. Kept for `webhooks.log_days`.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn endpoint_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The endpoint: `end_…`")] endpoint_id: ID,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<EndpointDeliveryConnection> {
        let (app, endpoint) = (ctx.data::<App>()?, id("endpointId", &endpoint_id)?);
        let paging = Paging { first, after, ..Paging::default() };
        let amount = paging.amount()?;
        let before = paging.after.as_ref().map(|cursor| cursor.parse().map_err(|_| bad_cursor("after", cursor)));
        let rows = app.deliveries(actor(ctx), endpoint, before.transpose()?, amount.limit + 1).await?;
        let (rows, page_info) = paging.finish(amount, rows, |row| row.id.to_string());
        Ok(EndpointDeliveryConnection::new(
            rows.into_iter().map(|row| (row.id.to_string(), row.into())).collect(),
            page_info.into(),
        ))
    }

    /// Each correction, withdrawal and retraction with each partner that had received the story by then: when it was told,
    /// when it acknowledged, whether it is overdue. True also of partners that are disabled and endpoints that are gone.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn ledger(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only some of it.", default)] filter: LedgerFilterInput,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<LedgerConnection> {
        let app = ctx.data::<App>()?;
        let paging = Paging { first, after, ..Paging::default() };
        let amount = paging.amount()?;
        if filter.kind.is_some_and(|kind| !matches!(kind, ChangeKind::Corrected | ChangeKind::Withdrawn)) {
            return Err(Error::invalid("filter.kind", "is not in the ledger; accepted: CORRECTED, WITHDRAWN").into());
        }
        let filter = LedgerFilter {
            article: filter.article_id.as_ref().map(|article| id("filter.articleId", article)).transpose()?,
            language: filter.language.map(|language| language.0),
            kind: filter.kind.map(Into::into),
            partner: named(ctx, filter.partner).await?,
            unacknowledged_before: filter.overdue.then(|| app.overdue_before()),
            from: filter.from.map(|from| from.0),
            to: filter.to.map(|to| to.0),
            after: paging.after.as_deref().map(ledger_place).transpose()?,
        };
        let rows = app.ledger(actor(ctx), &filter, amount.limit + 1).await?;
        let cursor = |row: &LedgerRow| format!("{}.{}", row.event, row.partner);
        let (rows, page_info) = paging.finish(amount, rows, cursor);
        let items = rows.into_iter().map(|row| (cursor(&row), entry(app, row))).collect();
        Ok(LedgerConnection::new(items, page_info.into()))
    }

    /// Partners and what each may have, by what programs call them.
    async fn partners(&self, ctx: &Context<'_>) -> Result<Vec<super::partners::DeskPartner>> {
        super::partners::partners(ctx).await
    }

    /// How often partners received which stories, by day (UTC), for invoices.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn usage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day: `2026-11-01`.")] from: String,
        #[graphql(desc = "The last day, included.")] to: String,
        #[graphql(desc = "Only this partner, by what programs call it.")] partner: Option<String>,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<PartnerUsageConnection> {
        let app = ctx.data::<App>()?;
        let paging = Paging { first, after, ..Paging::default() };
        let amount = paging.amount()?;
        let filter = UsageFilter {
            from: day("from", &from)?,
            to: day("to", &to)?,
            partner: named(ctx, partner).await?,
            after: paging.after.as_deref().map(usage_place).transpose()?,
        };
        let rows = app.usage(actor(ctx), &filter, amount.limit + 1).await?;
        let (rows, page_info) = paging.finish(amount, rows, usage_cursor);
        let items = rows.into_iter().map(|row| (usage_cursor(&row), row.into())).collect();
        Ok(PartnerUsageConnection::new(items, page_info.into()))
    }
}
