//! `byline partner endpoint`: where partners are told of changes by webhook.

use super::say;
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::domain::ids::EndpointId;
use crate::domain::webhook::Format;
use crate::error::{Error, Result};
use crate::service::{App, Delivery, Endpoint, MadeEndpoint, NewEndpoint};
use serde_json::{Value, json};
use std::process::ExitCode;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Add, list and change where partners are told of changes by webhook
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Add an endpoint; its secret is shown once
    Add {
        /// The partner
        partner: String,
        /// An https address that takes requests by POST
        url: String,
        /// BYLINE, NINJS3 or NINJS2
        #[arg(long, default_value = "BYLINE")]
        format: Format,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// List endpoints and how they are
    List {
        /// Only this partner's
        partner: Option<String>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Give an endpoint a new secret; the former goes on signing for a while
    Rotate {
        /// end_…
        endpoint: EndpointId,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Send nothing to an endpoint; what waits goes on waiting
    Disable {
        /// end_…
        endpoint: EndpointId,
        /// Why
        #[arg(long, default_value = "disabled by hand")]
        reason: String,
    },
    /// Send to an endpoint again, beginning with what waits
    Enable {
        /// end_…
        endpoint: EndpointId,
    },
    /// Take an endpoint away with its log; the ledger keeps what its partner was told
    Delete {
        /// end_…
        endpoint: EndpointId,
    },
    /// Send a ping; `log` shows what came of it
    Ping {
        /// end_…
        endpoint: EndpointId,
    },
    /// Send changes again
    Replay {
        /// end_…
        endpoint: EndpointId,
        /// The first change
        #[arg(long)]
        from: i64,
        /// The last change
        #[arg(long)]
        to: i64,
    },
    /// Show what was sent to an endpoint and what it answered, the newest first
    Log {
        /// end_…
        endpoint: EndpointId,
        /// How many deliveries
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode> {
    let app = super::at_database(&config, App::open(&config).await)?;
    let actor = Actor::system(super::OPERATOR);
    match arguments.command {
        Command::List { partner, json } => list(&app, &actor, partner, json).await?,
        Command::Log { endpoint, limit, json } => {
            let deliveries = app.deliveries(&actor, endpoint, None, limit).await?;
            if json {
                let rows: Vec<Value> = deliveries.iter().map(delivery).collect::<Result<_>>()?;
                say(pretty(&rows)?);
            } else {
                deliveries.iter().flat_map(delivery_lines).for_each(say);
            }
        }
        change => self::change(&app, &actor, &config, change).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(app: &App, actor: &Actor, partner: Option<String>, json: bool) -> Result<()> {
    let partner = match partner {
        Some(slug) => Some(app.partner_named(actor, &slug).await?),
        None => None,
    };
    let found = app.endpoints(actor, partner).await?;
    if json {
        let rows: Vec<Value> = found.iter().map(row).collect::<Result<_>>()?;
        say(pretty(&rows)?);
    } else {
        found.iter().map(line).for_each(say);
    }
    Ok(())
}

async fn change(app: &App, actor: &Actor, config: &Config, command: Command) -> Result<()> {
    let partner = match &command {
        Command::Add { partner, .. } => Some(app.partner_named(actor, partner).await?),
        _ => None,
    };
    let mut work = app.begin(actor).await?;
    match command {
        Command::Add { url, format, json, .. } => {
            let partner = partner.ok_or_else(|| Error::internal("a partner that was found is gone"))?;
            let made = work.add_endpoint(&config.webhooks, NewEndpoint { partner, url, format }).await?;
            work.commit().await?;
            return show_made(&made, json);
        }
        Command::Rotate { endpoint, json } => {
            let made = work.rotate_endpoint(&config.webhooks, endpoint).await?;
            work.commit().await?;
            return show_made(&made, json);
        }
        Command::Disable { endpoint, reason } => say(line(&work.disable_endpoint(endpoint, &reason).await?)),
        Command::Enable { endpoint } => say(line(&work.enable_endpoint(endpoint).await?)),
        Command::Delete { endpoint } => say(format!("deleted {}", line(&work.delete_endpoint(endpoint).await?))),
        Command::Ping { endpoint } => say(format!("a ping waits for {}", work.ping_endpoint(endpoint).await?.url)),
        Command::Replay { endpoint, from, to } => {
            say(format!("{} changes wait to be sent again", work.replay_endpoint(endpoint, [from, to]).await?));
        }
        Command::List { .. } | Command::Log { .. } => {}
    }
    work.commit().await
}

fn show_made(made: &MadeEndpoint, json: bool) -> Result<()> {
    if json {
        let mut row = row(&made.endpoint)?;
        if let Some(fields) = row.as_object_mut() {
            fields.insert("secret".into(), made.secret.clone().into());
            fields.insert("publicKey".into(), made.public_key.clone().into());
        }
        say(pretty(&row)?);
    } else {
        eprintln!("Keep the secret where secrets are kept: it is not shown again. The second key is public.");
        say(made.endpoint.id);
        say(&made.secret);
        say(&made.public_key);
    }
    Ok(())
}

fn pretty(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string_pretty(value).map_err(Error::internal)
}

fn text(at: OffsetDateTime) -> Result<String> {
    at.format(&Rfc3339).map_err(Error::internal)
}

fn maybe(at: Option<OffsetDateTime>) -> Result<Option<String>> {
    at.map(text).transpose()
}

fn line(endpoint: &Endpoint) -> String {
    let Endpoint { id, partner_slug, url, format, waiting, disabled_at, disabled_reason, failing_since, .. } = endpoint;
    let second = |at: &OffsetDateTime| at.replace_nanosecond(0).unwrap_or(*at);
    let state = match (disabled_at, failing_since) {
        (Some(at), _) => format!("disabled {}: {}", second(at), disabled_reason.as_deref().unwrap_or_default()),
        (None, Some(at)) => format!("failing since {}", second(at)),
        (None, None) => "well".to_owned(),
    };
    format!("{id}  {partner_slug}  {format}  {url}  {waiting} waiting  ({state})")
}

fn row(endpoint: &Endpoint) -> Result<Value> {
    Ok(json!({
        "id": endpoint.id,
        "partner": endpoint.partner_slug,
        "url": endpoint.url,
        "format": endpoint.format,
        "createdAt": text(endpoint.created_at)?,
        "failingSince": maybe(endpoint.failing_since)?,
        "disabledAt": maybe(endpoint.disabled_at)?,
        "disabledReason": endpoint.disabled_reason,
        "waiting": endpoint.waiting,
    }))
}

fn delivery(delivery: &Delivery) -> Result<Value> {
    let log = delivery.log.iter().map(|attempt| {
        Ok(json!({
            "at": text(attempt.at)?,
            "milliseconds": attempt.milliseconds,
            "request": serde_json::from_str::<Value>(&attempt.request).unwrap_or_default(),
            "status": attempt.status,
            "answer": attempt.answer,
        }))
    });
    Ok(json!({
        "id": delivery.id,
        "change": delivery.change,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "nextAt": maybe(delivery.next_at)?,
        "createdAt": text(delivery.created_at)?,
        "endedAt": maybe(delivery.ended_at)?,
        "log": log.collect::<Result<Vec<_>>>()?,
    }))
}

fn delivery_lines(delivery: &Delivery) -> Vec<String> {
    let of = delivery.change.map_or_else(|| "ping".to_owned(), |change| format!("change {change}"));
    let mut lines = vec![format!("dlv_{}  {of}  {}  {} attempts", delivery.id, delivery.state, delivery.attempts)];
    lines.extend(delivery.log.iter().map(|attempt| {
        let status = attempt.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let answer: String = attempt.answer.lines().next().unwrap_or_default().chars().take(80).collect();
        format!("    {}  {status}  {} ms  {answer}", attempt.at, attempt.milliseconds)
    }));
    lines
}
