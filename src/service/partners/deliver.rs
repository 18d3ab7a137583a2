//! Partners pull: a snapshot to begin with, single stories, and changes in order.

use super::super::{App, Work};
use super::PartnerChange;
use super::compare::{decide, stands_now};
use super::stand::Stand;
use crate::domain::actor::Actor;
use crate::domain::ids::ArticleId;
use crate::domain::language::LanguageTag;
use crate::domain::partner::{Partner, Standing, Status};
use crate::domain::webhook::Format;
use crate::error::{Error, Result};
use crate::store::ledger::{self, UsageFilter};
use crate::store::partners::stories::{self, Place};
use crate::store::partners::{changes, planned, receipts};
use serde_json::{Value, json};
use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

/// Days are counted from here.
const EPOCH: Date = time::macros::date!(1970 - 01 - 01);
/// How many rows of usage are read at a time, and told at most.
const USAGE: u32 = 1_000;
const MOST_USAGE: usize = 10_000;
/// How many planned stories a snapshot ends with at most.
const PLANNED: usize = 1_000;

/// Where a snapshot goes on: behind this story in the order of modification, with the place in the feed that it began at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotPlace {
    /// Where the feed is to be read from on.
    pub position: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// The story.
    pub article: ArticleId,
    /// Its language.
    pub language: LanguageTag,
}

/// A page of a snapshot.
#[derive(Debug)]
pub struct SnapshotPage {
    /// The stories.
    pub items: Vec<Value>,
    /// Where the feed is to be read from on, once all pages are read.
    pub position: i64,
    /// Where the next page begins; nothing behind the last.
    pub next: Option<SnapshotPlace>,
}

/// A page of a partner's feed.
#[derive(Debug)]
pub struct ChangesPage {
    /// The entries, with the stories as they are now.
    pub items: Vec<Value>,
    /// What to ask for what is behind this page with.
    pub next: i64,
    /// Whether there is more already.
    pub more: bool,
}

impl App {
    /// A page of what a partner should have now, the stories that changed longest ago first.
    pub async fn partner_snapshot(
        &self,
        partner: &Partner,
        format: Format,
        since: Option<OffsetDateTime>,
        after: Option<SnapshotPlace>,
        limit: u32,
    ) -> Result<SnapshotPage> {
        let session = self.db.session();
        let work = self.begin(&Actor::system("partners")).await?;
        // Before anything is read: what changes from now on is in the feed behind this place.
        let position = match &after {
            Some(after) => after.position,
            None => changes::position(&work.tx, partner.id).await?,
        };
        let languages = self.languages_of(partner);
        let since = since.map(|at| i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX));
        let behind = after.map(|place| (place.at, place.article, place.language.to_string()));
        let page = stories::list_published(&session, &languages, behind, since, limit).await?;
        let next = page.last().filter(|_| page.len() >= limit as usize).map(|(at, (article, language))| {
            SnapshotPlace { position, at: *at, article: *article, language: language.clone() }
        });
        let mut places: Vec<Place> = page.into_iter().map(|(_, place)| place).collect();
        if next.is_none() && partner.facts.terms.lead_minutes > 0 {
            places.extend(planned::list_until(&work.tx, work.now + partner.facts.terms.lead(), PLANNED).await?);
        }
        let served = self.serve(&work, partner, &places, format, "snapshot").await?;
        work.commit().await?;
        let items = served.into_iter().filter(|(_, should, _)| should.status == Status::Usable).map(|(.., item)| item);
        Ok(SnapshotPage { items: items.collect(), position, next })
    }

    /// A story in a language, as a partner may have it. One that it may not have is not there, unless it had it.
    pub async fn partner_article(
        &self,
        partner: &Partner,
        format: Format,
        article: ArticleId,
        language: &LanguageTag,
    ) -> Result<Value> {
        let work = self.begin(&Actor::system("partners")).await?;
        let place = (article, language.clone());
        let told = stories::list_told(&work.tx, &[article]).await?;
        let served = self.serve(&work, partner, std::slice::from_ref(&place), format, "pull").await?;
        work.commit().await?;
        let missing = || Error::NotFound { kind: "article", id: format!("{article} in {language}") };
        let (_, should, item) = served.into_iter().next().ok_or_else(missing)?;
        let had = told.contains_key(&(partner.id, place));
        if should.status == Status::Usable || had { Ok(item) } else { Err(missing()) }
    }

    /// Notes that a partner has read its feed up to a place, which it must have been given.
    pub async fn partner_acknowledge(&self, partner: &Partner, upto: i64) -> Result<()> {
        if !changes::was_given(&self.db.session(), partner.id, upto).await? {
            let message =
                format!("`{upto}` is no place that this feed gave you; use `next` of an answer, or 0 to begin");
            return Err(Error::invalid("after", message));
        }
        let work = self.begin(&Actor::system("partners")).await?;
        changes::acknowledge(&work.tx, partner.id, upto, work.now).await?;
        work.commit().await
    }

    /// A page of a partner's feed behind an entry; waits for one that is not there yet. Asking for what is behind an entry
    /// acknowledges it.
    pub async fn partner_changes(
        &self,
        partner: &Partner,
        format: Format,
        after: i64,
        limit: u32,
        wait: Duration,
    ) -> Result<ChangesPage> {
        self.partner_acknowledge(partner, after).await?;
        self.partner_changes_unread(partner, format, after, limit, wait).await
    }

    /// The same without acknowledging anything: what is in a stream may still be on its way.
    pub async fn partner_changes_unread(
        &self,
        partner: &Partner,
        format: Format,
        after: i64,
        limit: u32,
        wait: Duration,
    ) -> Result<ChangesPage> {
        let mut fed = self.fed.subscribe();
        let deadline = tokio::time::Instant::now() + wait;
        let rows = loop {
            fed.borrow_and_update();
            let rows = changes::list(&self.db.session(), partner.id, after, limit + 1).await?;
            if !rows.is_empty() || tokio::time::timeout_at(deadline, fed.changed()).await.is_err() {
                break rows;
            }
        };
        self.answer_changes(partner, format, after, limit, rows).await
    }

    async fn answer_changes(
        &self,
        partner: &Partner,
        format: Format,
        after: i64,
        limit: u32,
        mut rows: Vec<PartnerChange>,
    ) -> Result<ChangesPage> {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().map_or(after, |row| row.id);
        let work = self.begin(&Actor::system("partners")).await?;
        let mut places: Vec<Place> = rows.iter().map(|row| (row.article, row.language.clone())).collect();
        places.sort();
        places.dedup();
        let served =
            if rows.is_empty() { Vec::new() } else { self.serve(&work, partner, &places, format, "pull").await? };
        work.commit().await?;
        let entry = |row: PartnerChange| {
            let place = (row.article, row.language.clone());
            let (_, should, item) = served.iter().find(|(own, ..)| *own == place)?;
            Some(entry(row, partner, should, item))
        };
        Ok(ChangesPage { items: rows.into_iter().filter_map(entry).collect::<Result<_>>()?, next, more })
    }

    /// What a partner received from one day to another, both included; the last month unless said.
    pub async fn partner_usage(&self, partner: &Partner, from: Option<Date>, to: Option<Date>) -> Result<Vec<Value>> {
        let today = self.clock.now().to_offset(time::UtcOffset::UTC).date();
        let to = to.unwrap_or(today);
        let from = from.unwrap_or(to - time::Duration::days(30));
        let epoch = |day: Date| i32::try_from((day - EPOCH).whole_days()).unwrap_or(i32::MAX);
        let mut filter = UsageFilter { from: epoch(from), to: epoch(to), partner: Some(partner.id), after: None };
        let mut found = Vec::new();
        loop {
            let rows = ledger::usage(&self.db.session(), &filter, USAGE).await?;
            let last =
                rows.last().map(|row| (row.day, row.partner, row.article, row.language.to_string(), row.way.clone()));
            let full = rows.len() == USAGE as usize;
            found.extend(rows.into_iter().map(|row| {
                let day = (EPOCH + time::Duration::days(row.day.into())).to_string();
                json!({"day": day, "article": row.article, "language": row.language, "way": row.way, "deliveries": row.deliveries})
            }));
            if !full || found.len() >= MOST_USAGE {
                return Ok(found);
            }
            filter.after = last;
        }
    }

    /// Composes stories for a partner as they are now, and notes that it received them.
    pub(in crate::service) async fn serve(
        &self,
        work: &Work,
        partner: &Partner,
        places: &[Place],
        format: Format,
        by: &str,
    ) -> Result<Vec<(Place, Standing, Value)>> {
        let mut ids: Vec<ArticleId> = places.iter().map(|(article, _)| *article).collect();
        ids.sort_unstable();
        ids.dedup();
        // Entries that are appended from here on tell of what may not be in what is read now.
        let upto = changes::end_in(&work.tx).await?;
        let stand = work.stand(&self.db.session(), &ids).await?;
        let told = stories::list_told(&work.tx, &ids).await?;
        let mut served = Vec::with_capacity(places.len());
        for place in places {
            let should = decide(&stand, place, partner, work.now);
            let item = self.item(&stand, place, partner, &should, format)?;
            served.push((place.clone(), should, item));
        }
        let known = |place: &Place| told.contains_key(&(partner.id, place.clone()));
        self.note_served(work, partner, &stand, &served, (by, upto), known).await?;
        Ok(served)
    }

    async fn note_served(
        &self,
        work: &Work,
        partner: &Partner,
        stand: &Stand,
        served: &[(Place, Standing, Value)],
        (by, upto): (&str, i64),
        known: impl Fn(&Place) -> bool,
    ) -> Result<()> {
        let usable = |(_, should, _): &&(Place, Standing, Value)| should.status == Status::Usable;
        let received: Vec<Place> = served.iter().filter(usable).map(|(place, ..)| place.clone()).collect();
        let stands = served
            .iter()
            .filter(usable)
            .map(|(place, should, _)| stands_now(partner.id, place, stand.candidates.get(place), should.clone()));
        stories::put(&work.tx, stands.collect(), Some(work.now)).await?;
        // What happened while it was read was compared without this receipt: once more, with it.
        let new: Vec<Place> = received.iter().filter(|place| !known(place)).cloned().collect();
        stories::recheck_new(&work.tx, partner.id, &new, work.now).await?;
        // Who had it and is told that it may not be used any more was told, too.
        let gone = served.iter().filter(|(place, should, _)| should.status != Status::Usable && known(place));
        let told: Vec<Place> = received.iter().cloned().chain(gone.map(|(place, ..)| place.clone())).collect();
        if !told.is_empty() {
            changes::tell(&work.tx, partner.id, (upto, &told), by, work.now).await?;
        }
        let way = if by == "push" { "push" } else { "pull" };
        if received.is_empty() {
            return Ok(());
        }
        receipts::count(&work.tx, partner.id, &received, way, work.now).await
    }

    fn languages_of(&self, partner: &Partner) -> Vec<LanguageTag> {
        let all = self.languages.all().iter().map(|language| language.tag.clone());
        let wanted = &partner.facts.terms.languages;
        all.filter(|language| wanted.is_empty() || wanted.contains(language)).collect()
    }
}

/// An entry of a feed with the story as it is now. What was usable then and is not now says so. Texts that changed are for who
/// may have the whole text now.
pub(super) fn entry(mut row: PartnerChange, partner: &Partner, should: &Standing, item: &Value) -> Result<Value> {
    let at = row.at.format(&Rfc3339).map_err(Error::internal)?;
    if (!partner.facts.terms.full_text || should.status != Status::Usable)
        && let Some(detail) = row.detail.as_object_mut()
    {
        detail.remove("changedBlocks");
    }
    Ok(json!({
        "id": row.id.to_string(),
        "kind": row.kind,
        "at": at,
        "article": row.article,
        "language": row.language,
        "status": should.status,
        "detail": row.detail,
        "item": item,
    }))
}
