//! Reacting to changes once, whatever the number of servers: one of them at a time follows the log under a name.

use super::App;
use crate::domain::effect::Effect;
use crate::domain::ids::EventId;
use crate::error::Result;
use crate::store::follower;
pub use crate::store::follower::Turn;
use crate::store::{Tx, log};
use std::time::Duration;

/// Who does not come back for so long has lost its turn.
const HELD: Duration = Duration::from_secs(5);

/// How many changes are looked at together.
const EFFECTS: u32 = 500;

/// One server's part in following under a name.
pub struct Follower {
    app: App,
    name: String,
    holder: String,
}

impl App {
    /// Takes part in following under a name.
    pub fn follower(&self, name: impl Into<String>) -> Follower {
        Follower { app: self.clone(), name: name.into(), holder: uuid::Uuid::new_v4().to_string() }
    }
}

impl Follower {
    /// Takes or keeps the turn.
    pub async fn take_turn(&self) -> Result<Turn> {
        let (tx, now) = (self.app.db.begin().await?, self.app.clock.now());
        let turn = follower::take(&tx, &self.name, &self.holder, now, now + HELD).await?;
        tx.commit().await?;
        Ok(turn)
    }

    /// Where the log ends now.
    pub async fn end(&self) -> Result<EventId> {
        log::end(&self.app.db.session()).await
    }

    /// Begins to follow after an entry.
    pub async fn begin(&self, seen: EventId) -> Result<()> {
        let tx = self.app.db.begin().await?;
        follower::begin(&tx, &self.name, seen).await?;
        Ok(tx.commit().await?)
    }

    /// What the next entries after one changed for readers; nothing where that is not known any more.
    pub async fn effects(&self, after: EventId) -> Result<Vec<(EventId, Option<Effect>)>> {
        log::list_effects(&self.app.db.session(), after, EFFECTS).await
    }

    /// Notes that everything up to an entry is done.
    pub async fn advance(&self, seen: EventId) -> Result<()> {
        let tx = self.app.db.begin().await?;
        follower::advance(&tx, &self.name, &self.holder, seen).await?;
        Ok(tx.commit().await?)
    }

    /// The same within a transaction that does it: false where it is not our turn any more, or somebody did it before.
    pub(super) async fn advance_in(&self, tx: &Tx, from: EventId, seen: EventId) -> Result<bool> {
        follower::advance_from(tx, &self.name, &self.holder, [from, seen]).await
    }

    /// Gives the turn back, so that another server need not wait.
    pub async fn release(&self) -> Result<()> {
        let tx = self.app.db.begin().await?;
        follower::release(&tx, &self.name, &self.holder).await?;
        Ok(tx.commit().await?)
    }

    /// Waits until this process knows of entries after one, at most so long.
    pub async fn wait(&self, after: EventId, longest: Duration) {
        let mut known = self.app.end.subscribe();
        let _ = tokio::time::timeout(longest, known.wait_for(|known| *known > after)).await;
    }
}
