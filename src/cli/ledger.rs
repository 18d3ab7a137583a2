//! `byline ledger` and `byline usage`: who was told what and when, and what goes on an invoice.

use super::say;
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::domain::ids::{ArticleId, PartnerId};
use crate::domain::language::LanguageTag;
use crate::domain::published::ChangeKind;
use crate::error::{Error, Result};
use crate::service::{App, LedgerFilter, LedgerRow, UsageFilter, UsageRow};
use serde_json::{Map, Value};
use std::process::ExitCode;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime, Time};

/// How many rows are read together.
const TOGETHER: u32 = 1_000;

/// Show who was told of corrections, withdrawals and retractions, and when
#[derive(clap::Args)]
pub struct Ledger {
    /// Only this story (art_…)
    #[arg(long)]
    article: Option<ArticleId>,
    /// Only this language
    #[arg(long)]
    language: Option<LanguageTag>,
    /// CORRECTED or WITHDRAWN
    #[arg(long)]
    kind: Option<ChangeKind>,
    /// Only this partner
    #[arg(long)]
    partner: Option<String>,
    /// Only what should have been acknowledged by now
    #[arg(long)]
    overdue: bool,
    /// The first day, in UTC: 2026-11-01
    #[arg(long, value_parser = day)]
    from: Option<Date>,
    /// The last day, included
    #[arg(long, value_parser = day)]
    to: Option<Date>,
    #[command(flatten)]
    form: Form,
}

/// Show what partners received, by partner, story, language and day
#[derive(clap::Args)]
pub struct Usage {
    /// The first day, in UTC: 2026-11-01
    #[arg(long, value_parser = day)]
    from: Date,
    /// The last day, included
    #[arg(long, value_parser = day)]
    to: Date,
    /// Only this partner
    #[arg(long)]
    partner: Option<String>,
    #[command(flatten)]
    form: Form,
}

#[derive(clap::Args)]
struct Form {
    /// As JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// As comma-separated values
    #[arg(long)]
    csv: bool,
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text, format_description!("[year]-[month]-[day]"))
        .map_err(|_| "expected a day such as 2026-11-01".into())
}

/// The columns of the ledger, in order. docs/webhooks.md says what each means.
const LEDGER: [&str; 15] = [
    "event",
    "at",
    "kind",
    "correction",
    "article",
    "language",
    "partner",
    "sentAt",
    "receivedAt",
    "toldAt",
    "toldBy",
    "ackedAt",
    "overdue",
    "partnerDisabledAt",
    "text",
];
const USAGE: [&str; 6] = ["day", "partner", "article", "language", "way", "deliveries"];

/// Runs `byline ledger`.
pub async fn run(config: Config, arguments: Ledger) -> Result<ExitCode> {
    if let Some(kind) = arguments.kind.filter(|kind| ![ChangeKind::Corrected, ChangeKind::Withdrawn].contains(kind)) {
        return Err(Error::invalid("--kind", format!("`{kind}` is not in the ledger; accepted: CORRECTED, WITHDRAWN")));
    }
    let app = super::at_database(&config, App::open(&config).await)?;
    let actor = Actor::system(super::OPERATOR);
    let mut filter = LedgerFilter {
        article: arguments.article,
        language: arguments.language,
        kind: arguments.kind,
        partner: named(&app, &actor, arguments.partner).await?,
        unacknowledged_before: arguments.overdue.then(|| app.overdue_before()),
        from: arguments.from.map(midnight),
        to: arguments.to.map(|day| midnight(day) + Duration::DAY),
        after: None,
    };
    let mut printer = Printer::new(&LEDGER, &arguments.form);
    loop {
        let rows = app.ledger(&actor, &filter, TOGETHER).await?;
        let Some(last) = rows.last() else { break };
        filter.after = Some((last.event, last.partner));
        for row in &rows {
            printer.row(ledger_row(&app, row)?);
        }
    }
    printer.finish()
}

/// Runs `byline usage`.
pub async fn run_usage(config: Config, arguments: Usage) -> Result<ExitCode> {
    let app = super::at_database(&config, App::open(&config).await)?;
    let actor = Actor::system(super::OPERATOR);
    let partner = named(&app, &actor, arguments.partner).await?;
    let mut filter = UsageFilter { from: number(arguments.from), to: number(arguments.to), partner, after: None };
    let mut printer = Printer::new(&USAGE, &arguments.form);
    loop {
        let rows = app.usage(&actor, &filter, TOGETHER).await?;
        let Some(last) = rows.last().cloned() else { break };
        filter.after = Some((last.day, last.partner, last.article, last.language.to_string(), last.way));
        rows.iter().for_each(|row| printer.row(usage_row(row)));
    }
    printer.finish()
}

async fn named(app: &App, actor: &Actor, slug: Option<String>) -> Result<Option<PartnerId>> {
    match slug {
        Some(slug) => app.partner_named(actor, &slug).await.map(Some),
        None => Ok(None),
    }
}

fn midnight(day: Date) -> OffsetDateTime {
    day.with_time(Time::MIDNIGHT).assume_utc()
}

fn number(day: Date) -> i32 {
    i32::try_from(midnight(day).unix_timestamp() / 86_400).unwrap_or_default()
}

fn ledger_row(app: &App, row: &LedgerRow) -> Result<Vec<Value>> {
    let text = |at: OffsetDateTime| at.format(&Rfc3339).map_err(Error::internal);
    let maybe = |at: Option<OffsetDateTime>| Ok::<_, Error>(at.map(text).transpose()?.into());
    Ok(vec![
        row.event.to_string().into(),
        text(row.at)?.into(),
        row.kind.as_str().into(),
        row.correction.map(|kind| kind.as_str()).into(),
        row.article.to_string().into(),
        row.language.to_string().into(),
        row.partner_slug.clone().into(),
        text(row.sent_at)?.into(),
        maybe(row.received_at)?,
        maybe(row.told_at)?,
        row.told_by.clone().into(),
        maybe(row.acked_at)?,
        app.is_overdue(row).into(),
        maybe(row.partner_disabled_at)?,
        row.text.clone().into(),
    ])
}

fn usage_row(row: &UsageRow) -> Vec<Value> {
    let day = OffsetDateTime::UNIX_EPOCH.date() + Duration::days(row.day.into());
    vec![
        day.to_string().into(),
        row.partner_slug.clone().into(),
        row.article.to_string().into(),
        row.language.to_string().into(),
        row.way.clone().into(),
        row.deliveries.into(),
    ]
}

/// Prints rows as a table, as CSV (RFC 4180), or as one JSON list.
struct Printer {
    columns: &'static [&'static str],
    csv: bool,
    rows: Option<Vec<Value>>,
}

impl Printer {
    fn new(columns: &'static [&'static str], form: &Form) -> Self {
        if !form.json {
            say(columns.join(if form.csv { "," } else { "  " }));
        }
        Self { columns, csv: form.csv, rows: form.json.then(Vec::new) }
    }

    fn row(&mut self, cells: Vec<Value>) {
        if let Some(rows) = &mut self.rows {
            let fields: Map<String, Value> = self.columns.iter().map(|name| (*name).to_owned()).zip(cells).collect();
            return rows.push(fields.into());
        }
        let shown = |cell: &Value| match cell {
            Value::Null if self.csv => String::new(),
            Value::Null => "-".to_owned(),
            Value::String(text) if self.csv => quoted(text),
            Value::String(text) => text.replace(['\n', '\r'], " "),
            other => other.to_string(),
        };
        let cells: Vec<String> = cells.iter().map(shown).collect();
        say(cells.join(if self.csv { "," } else { "  " }));
    }

    fn finish(self) -> Result<ExitCode> {
        if let Some(rows) = self.rows {
            say(serde_json::to_string_pretty(&rows).map_err(Error::internal)?);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A cell of CSV. Spreadsheets run what begins like a formula: such a text gets an apostrophe before it.
fn quoted(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_stays_one_cell_and_runs_nowhere() {
        for (text, cell) in [
            ("plain", "plain"),
            ("기사, 정정", "\"기사, 정정\""),
            ("he said \"no\"", "\"he said \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("@x,y", "\"'@x,y\""),
        ] {
            assert_eq!(quoted(text), cell);
        }
    }
}
