//! Comparing whenever something may differ: entries of the change log, moments that come, other terms.

use super::super::{App, Follower, Turn, Work};
use super::compare::Compared;
use crate::domain::actor::Actor;
use crate::domain::entity::EntityKind;
use crate::domain::ids::EventId;
use crate::domain::partner::Owed;
use crate::domain::published::{Change, ChangeFilter, ChangeKind};
use crate::error::Result;
use crate::store::partners::stories::Place;
use crate::store::partners::{changes, planned, records, stories};
use std::time::Duration;
use time::Duration as Span;
use tokio::sync::oneshot;

/// How often we look at the clock, and at other servers.
const LOOK: Duration = Duration::from_secs(1);
/// How many entries of the change log are compared together.
const EVENTS: u32 = 100;
/// How many stories are compared again together.
const STORIES: usize = 100;
/// How many planned stories may be with partners at a time.
const PLANNED: usize = 1_000;

/// One server's part in comparing.
pub struct PartnerFollower {
    app: App,
    follower: Follower,
}

impl App {
    /// Compares what partners should have with what they were told, until told to stop.
    pub async fn follow_for_partners(self, mut stopped: oneshot::Receiver<()>) {
        let follower = PartnerFollower { follower: self.follower("partners"), app: self };
        loop {
            let wait = tokio::select! {
                _ = &mut stopped => break,
                step = follower.step() => match step {
                    Ok(()) => continue,
                    Err(error) => {
                        error.log();
                        LOOK
                    }
                },
            };
            tokio::select! {
                _ = &mut stopped => break,
                () = tokio::time::sleep(wait) => {}
            }
        }
        if let Err(error) = follower.follower.release().await {
            error.log();
        }
    }

    /// Tells who waits that there may be more in the feeds of partners.
    async fn look_at_feeds(&self) -> Result<()> {
        let end = changes::end(&self.db.session()).await?;
        self.fed.send_if_modified(|known| std::mem::replace(known, end) != end);
        Ok(())
    }
}

impl PartnerFollower {
    /// Does what there is to do, or waits for it.
    async fn step(&self) -> Result<()> {
        let seen = match self.follower.take_turn().await? {
            Turn::Ours(seen) => seen,
            Turn::Theirs => {
                self.app.look_at_feeds().await?;
                tokio::time::sleep(LOOK / 4).await;
                return Ok(());
            }
            // Partners begin with a snapshot: what happened before there were any concerns nobody.
            Turn::Nobodys => return self.follower.begin(self.follower.end().await?).await,
        };
        let upto = self.compare_events(seen).await?;
        let again = self.compare_due(upto).await?;
        self.app.look_at_feeds().await?;
        if !again {
            self.follower.wait(upto, LOOK).await;
        }
        Ok(())
    }

    /// Compares what the next entries of the log concern; gives the last of them.
    async fn compare_events(&self, seen: EventId) -> Result<EventId> {
        let events = self.app.reader().changes(seen, &ChangeFilter::default(), EVENTS).await?;
        let Some(last) = events.last().map(|event| event.id) else { return Ok(seen) };
        let work = self.app.begin(&Actor::system("partners")).await?;
        if !self.follower.advance_in(&work.tx, seen, last).await? {
            // Another server took the turn meanwhile: it compares.
            return Ok(seen);
        }
        let mut places: Vec<Compared> = Vec::new();
        for event in &events {
            let Some(place) = work.concerned(event).await? else { continue };
            let known = places.iter().position(|known| known.place == place);
            let mut compared = match known {
                Some(known) => places.swap_remove(known),
                None => Compared { place, event: None, owed: Owed::default() },
            };
            // The newest entry stands for those before it: a story is compared as it is now.
            compared.event = Some(event.id);
            compared.owed.correction |= event.kind == ChangeKind::Corrected;
            compared.owed.withdrawal |= event.kind == ChangeKind::Withdrawn;
            places.push(compared);
        }
        work.compare(&self.app.db.session(), &places).await?;
        work.commit().await?;
        Ok(last)
    }

    /// Compares what time or other terms may have changed; tells whether there may be more.
    async fn compare_due(&self, seen: EventId) -> Result<bool> {
        let work = self.app.begin(&Actor::system("partners")).await?;
        // Held until the end: entries of feeds are committed in the order of their ids.
        if !self.follower.advance_in(&work.tx, seen, seen).await? {
            return Ok(false);
        }
        let partners = records::list_enabled(&work.tx).await?;
        let lead = partners.iter().map(|partner| partner.facts.terms.lead()).max().unwrap_or_default();
        let mut due = stories::list_due(&work.tx, work.now, STORIES).await?;
        let full = due.len() == STORIES;
        if lead > Span::ZERO {
            due.extend(planned::list_until(&work.tx, work.now + lead, PLANNED).await?);
            due.extend(stories::list_embargoed(&work.tx, PLANNED).await?);
            due.sort();
            due.dedup();
        }
        if due.is_empty() {
            return Ok(false);
        }
        let due: Vec<_> = due.into_iter().map(|place| Compared { place, event: None, owed: Owed::default() }).collect();
        work.compare(&self.app.db.session(), &due).await?;
        work.commit().await?;
        Ok(full)
    }
}

impl Work {
    /// The story that an entry of the log concerns. What a picture or a section changes is compared story by story later.
    async fn concerned(&self, event: &Change) -> Result<Option<Place>> {
        match (event.kind, event.article, &event.language, event.entity) {
            (
                ChangeKind::Published | ChangeKind::Updated | ChangeKind::Corrected | ChangeKind::Withdrawn,
                Some(article),
                Some(language),
                _,
            ) => return Ok(Some((article, language.clone()))),
            (ChangeKind::EntityChanged, .., Some((EntityKind::Image, id))) => {
                stories::recheck_referring(&self.tx, id, self.now).await?;
            }
            (ChangeKind::EntityChanged, .., Some((EntityKind::Section, _))) => {
                let partners = records::list_enabled(&self.tx).await?;
                for partner in partners.iter().filter(|partner| !partner.facts.terms.sections.is_empty()) {
                    stories::recheck_partner(&self.tx, partner.id, self.now).await?;
                }
            }
            _ => {}
        }
        Ok(None)
    }
}
