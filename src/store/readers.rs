//! Connections for reading, kept at hand.
//!
//! A pool of sqlx asks a connection whether it still lives each time that it comes back: one more round trip for each
//! statement, on SQLite one more change of threads. Here a connection that answered is kept and used again; only one that
//! failed, or whose statement was given up, goes back to the pool and is asked.

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, Postgres, Sqlite};
use sea_orm::{DatabaseConnection, DbBackend, DbErr, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// A pool whose connections stay out.
#[derive(Debug)]
pub(super) struct Readers {
    pool: DatabaseConnection,
    /// As many as the pool has connections: who holds one finds a connection, kept or new.
    turns: Semaphore,
    kept: Mutex<Vec<Held>>,
}

#[derive(Debug)]
enum Held {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Held {
    async fn all(&mut self, statement: &Statement) -> Result<Vec<QueryResult>, sqlx::Error> {
        let text = AssertSqlSafe(statement.sql.as_str());
        let values = SqlxValues(statement.values.clone().unwrap_or_else(|| Values(Vec::new())));
        match self {
            Self::Sqlite(connection) => {
                let rows = sqlx::query_with(text, values).fetch_all(&mut **connection).await?;
                Ok(rows.into_iter().map(Into::into).collect())
            }
            Self::Postgres(connection) => {
                let rows = sqlx::query_with(text, values).fetch_all(&mut **connection).await?;
                Ok(rows.into_iter().map(Into::into).collect())
            }
        }
    }
}

impl Readers {
    /// Readers of a pool of so many connections.
    pub(super) fn new(pool: DatabaseConnection, connections: u32) -> Arc<Self> {
        let turns = Semaphore::new(usize::try_from(connections).unwrap_or(1).max(1));
        Arc::new(Self { pool, turns, kept: Mutex::default() })
    }

    /// The rows of a statement that only reads. If the server went away since the last one, it is asked once more.
    pub(super) async fn all(&self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        let _turn = self.turns.acquire().await.map_err(|error| DbErr::Custom(error.to_string()))?;
        if let Some(mut held) = self.kept(Vec::pop) {
            match held.all(statement).await {
                Ok(rows) => {
                    self.kept(|kept| kept.push(held));
                    return Ok(rows);
                }
                // The others are of the same age.
                Err(error) if is_dead(&error) => self.kept(Vec::clear),
                Err(error) => return Err(failed(error)),
            }
        }
        let mut held = self.open().await.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))?;
        let rows = held.all(statement).await.map_err(failed)?;
        self.kept(|kept| kept.push(held));
        Ok(rows)
    }

    /// Which database it is.
    pub(super) fn backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    fn kept<T>(&self, change: impl FnOnce(&mut Vec<Held>) -> T) -> T {
        change(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn open(&self) -> Result<Held, sqlx::Error> {
        match self.pool.get_database_backend() {
            DbBackend::Postgres => Ok(Held::Postgres(self.pool.get_postgres_connection_pool().acquire().await?)),
            _ => Ok(Held::Sqlite(self.pool.get_sqlite_connection_pool().acquire().await?)),
        }
    }

    /// Ends the connections.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        self.kept(Vec::clear);
        self.pool.close_by_ref().await
    }
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

/// Whether the connection is gone: PostgreSQL says so in class 57P when it is stopped, if it says anything.
fn is_dead(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(error, sqlx::Error::Io(_)) || code.is_some_and(|code| code.starts_with("57P"))
}
