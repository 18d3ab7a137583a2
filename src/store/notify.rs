//! PostgreSQL tells whoever listens that the change log grew. SQLite cannot: there it has to be looked at.

use super::Db;
use crate::error::Result;
use sea_orm::DbBackend;
use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};

/// What notifications are sent to. Behind a pool that shares connections between transactions they do not arrive.
const CHANNEL: &str = "byline_log";

/// What appends to the log says at the end of its statement that takes the log's lock. It is sent with the commit.
pub(super) const NOTIFY: &str = ", pg_notify('byline_log', '')";

/// A connection of its own that learns when something was committed.
pub struct Listener(PgListener);

impl Db {
    /// Begins to listen, where the database can tell.
    pub async fn listen(&self) -> Result<Option<Listener>> {
        if self.pool.get_database_backend() != DbBackend::Postgres {
            return Ok(None);
        }
        // Its connection is not one of those that work.
        let options = self.pool.get_postgres_connection_pool().connect_options();
        let alone = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let listen = async {
            let pool = alone.connect_with(options.as_ref().clone()).await?;
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(CHANNEL).await?;
            Ok::<_, sea_orm::sqlx::Error>(listener)
        };
        let listener = listen.await.map_err(|error| crate::error::Error::Unavailable(error.into()))?;
        Ok(Some(Listener(listener)))
    }

    /// Whether it tells who listens.
    pub fn tells(&self) -> bool {
        self.pool.get_database_backend() == DbBackend::Postgres
    }
}

impl Listener {
    /// Waits until something was committed, or may have been while the connection was gone.
    pub async fn heard(&mut self) -> Result<()> {
        match self.0.try_recv().await {
            Ok(_) => Ok(()),
            Err(error) => Err(crate::error::Error::Unavailable(error.into())),
        }
    }
}
