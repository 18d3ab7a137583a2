//! `/metrics`: counters for Prometheus and whatever reads OpenMetrics.

use super::State;
use super::problem::{no_such_page, problem};
use crate::error::Error;
use crate::service::Tally;
use actix_web::{HttpRequest, HttpResponse, web};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Label = [(&'static str, &'static str); 1];

/// What memory does for this process.
pub async fn page(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    if !state.config.http.metrics {
        return no_such_page(request).await;
    }
    let mut text = String::new();
    match encode(&mut text, &registry(&state)) {
        Ok(()) => HttpResponse::Ok().content_type(TYPE).insert_header(("Cache-Control", "no-store")).body(text),
        Err(error) => problem(&Error::internal(error)),
    }
}

fn registry(state: &State) -> Registry {
    let mut registry = Registry::with_prefix("byline");
    let standing = state.answers.standing();
    asked(&mut registry, "answers", "Answers that everybody may see", standing.answers, state.answers.tally());
    gauge(&mut registry, "answers_bytes", "What answers in memory take, roughly, in bytes", standing.bytes);
    let dropped = Counter::<u64>::default();
    dropped.inc_by(standing.dropped);
    registry.register("answers_dropped", "Answers that a change made untrue", dropped);
    let (documents, tally) = state.documents.in_memory();
    asked(&mut registry, "documents", "GraphQL documents, parsed and validated", documents, tally);
    let (entities, tally) = state.app.entities_in_memory();
    asked(&mut registry, "entities", "Authors, sections, tags and pictures, for answers made anew", entities, tally);
    gauge(
        &mut registry,
        "log_position",
        "The newest entry of the change log that is known",
        state.app.known().0 as u64,
    );
    registry
}

/// How many of something are in memory, and how often what was asked for was there.
fn asked(registry: &mut Registry, name: &str, help: &str, kept: u64, tally: &Tally) {
    let family = Family::<Label, Counter>::default();
    family.get_or_create(&[("memory", "hit")]).inc_by(tally.found());
    family.get_or_create(&[("memory", "miss")]).inc_by(tally.missed());
    registry.register(format!("{name}_asked"), format!("{help}: how often they were in memory"), family);
    gauge(registry, &format!("{name}_kept"), &format!("{help}: how many are in memory"), kept);
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let gauge = Gauge::<i64>::default();
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    registry.register(name, help, gauge);
}
