//! What is told to those who stay connected.

use super::changes::{Change, ChangeFilter, seen};
use super::context::reading;
use crate::domain::ids::EventId;
use crate::service::App;
use async_graphql::{Context, Result, Subscription as Root};
use futures_util::stream::{Stream, StreamExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where a subscription stands in the change log; for transports that tell their clients.
#[derive(Debug, Clone, Default)]
pub struct Place(Arc<AtomicI64>);

impl Place {
    /// The last change that was told; nothing before the first.
    pub fn last(&self) -> Option<EventId> {
        Some(EventId(self.0.load(Ordering::Relaxed))).filter(|last| last.0 > 0)
    }

    /// Goes on behind a change that the transport's client has seen, whatever the operation says.
    pub fn resume(after: EventId) -> Self {
        Self(Arc::new(AtomicI64::new(after.0)))
    }
}

/// Changes as they happen, over WebSocket (graphql-transport-ws) or `/graphql/stream` (server-sent events).
pub struct Subscription;

/// Changes as they happen, over WebSocket (graphql-transport-ws) or `/graphql/stream` (server-sent events).
#[Root]
impl Subscription {
    /// Every change behind an entry of the change log that you have seen, then each as it happens. Whoever remembers the
    /// last id and asks again with it misses nothing; whoever reads too slowly is cut off and told to (RESUME).
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Behind this entry; from now on unless given.")] after: Option<String>,
        #[graphql(desc = "Which changes; all unless asked.")] filter: Option<ChangeFilter>,
    ) -> Result<impl Stream<Item = Result<Change>>> {
        let place = ctx.data::<Place>()?.clone();
        let reading = reading(ctx)?;
        let filter = filter.map(|filter| filter.parse(reading)).transpose()?.unwrap_or_default();
        let after = match place.last() {
            Some(last) => Some(last),
            None => after.map(|after| seen(&after)).transpose()?,
        };
        let changes = ctx.data::<App>()?.changes_from(after, filter);
        Ok(changes.map(move |change| {
            let change = change?;
            place.0.store(change.id.0, Ordering::Relaxed);
            Ok(change.into())
        }))
    }
}
