//! The database, and the only place that names SeaORM.
//!
//! Functions take a connection or a transaction alike. What readers may see is in [`live`], what editors work on in
//! [`desk`], what happened in [`log`].

pub mod desk;
pub mod entity;
pub mod follower;
pub mod ledger;
pub mod live;
pub mod log;
mod moment;
mod notify;
pub mod once;
pub mod partners;
pub mod people;
mod readers;
mod sql;
pub mod webhooks;

use crate::error::{Error, Result};
use byline_migrations::{MigrationStatus, Migrator, MigratorTrait};
use readers::Readers;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(RuntimeErr::SqlxError(_)) => Self::Unavailable(Box::new(error)),
            other => Self::Internal(Box::new(other)),
        }
    }
}

/// What the migrator fails with: its own complaint is that the database has a migration that this version lacks.
fn unknown(error: DbErr) -> Error {
    match error {
        DbErr::Custom(text) => Error::Unavailable(format!("a newer version made the database ({text})").into()),
        other => other.into(),
    }
}

/// How much of an SQLite database the connections of one pool keep in memory together, in KiB.
const CACHE_KIB: u32 = 6 * 1024;

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 500;

/// How connections are made and used.
fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(0)
        .acquire_timeout(Duration::from_secs(5))
        .sqlx_logging(false)
        // A ping before each statement would cost a third of the throughput on PostgreSQL.
        .test_before_acquire(false)
        .record_stmt_in_spans(false);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(true)
            .foreign_keys(true)
            .pragma("journal_mode", "WAL")
            // Safe with a write-ahead log: a power cut may lose the newest transactions, never a part of one.
            .pragma("synchronous", "NORMAL")
            // Or SQLite writes a journal file for each statement that touches several rows.
            .pragma("temp_store", "MEMORY")
            .pragma("cache_size", format!("-{}", CACHE_KIB / connections.max(1)))
            // Thousands of small transactions would move the same pages to the database again and again.
            .pragma("wal_autocheckpoint", "8000")
            .statement_cache_capacity(STATEMENTS)
            // A connection belongs to one thread: SQLite need not lock it.
            .serialized(false)
            // A page has more rows than the fifty after which the two threads would begin to wait for each other.
            .row_buffer_size(1_000)
            .busy_timeout(Duration::from_secs(30))
    });
    // Lists are one statement for each shape of their filter: more than the hundred that a connection keeps by itself.
    options.map_sqlx_postgres_opts(|postgres| {
        postgres.statement_cache_capacity(STATEMENTS).options([
            // Every statement walks an index that its text decides: planning it again for each value only costs.
            ("plan_cache_mode", "force_generic_plan"),
            ("jit", "off"),
        ])
    });
    options
}

/// Any number that nothing else in the database uses: the advisory lock that keeps two kinds of writers apart.
const TURN_LOCK: i64 = 0x6279_6c69_6e66;

/// Takes a place among those who write, as the first thing in a transaction, so that nobody waits for it with something
/// in hand. SQLite has one writer: nothing to take.
async fn turn(tx: &Tx, lock: &str) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let mut sql = sql::Sql::new(lock);
        sql.bind(TURN_LOCK).push(")");
        tx.execute_raw(sql.statement(DbBackend::Postgres)).await?;
    }
    Ok(())
}

/// An open transaction. Dropped without a commit, it leaves nothing behind.
pub type Tx = DatabaseTransaction;

/// The database: a pool of connections for writing, and one for reading.
#[derive(Clone, Debug)]
pub struct Db {
    pool: DatabaseConnection,
    readers: Arc<Readers>,
}

impl Db {
    /// Opens `sqlite://PATH` (made if missing) or `postgres://…` with at most `connections` connections for reading and as
    /// many for writing; SQLite writes on one.
    pub async fn connect(url: &str, connections: u32) -> Result<Self> {
        // SQLite has one writer at a time: several connections would only keep each other from it, sleeping in between.
        let writers = if url.starts_with("sqlite:") { 1 } else { connections };
        let pool = Database::connect(options(url, writers)).await?;
        Ok(Self { pool, readers: Self::readers(options(url, connections), connections).await? })
    }

    /// The same database with reading connections of its own, for another thread.
    pub async fn another(&self, url: &str, connections: u32) -> Result<Self> {
        let readers = Self::readers(options(url, connections), connections).await?;
        Ok(Self { pool: self.pool.clone(), readers })
    }

    async fn readers(mut options: ConnectOptions, connections: u32) -> Result<Arc<Readers>> {
        options.connect_lazy(true);
        Ok(Readers::new(Database::connect(options).await?, connections))
    }

    /// A way to read that counts its statements.
    pub fn session(&self) -> Session {
        Session { readers: self.readers.clone(), statements: Arc::default(), rows: Arc::default() }
    }

    /// Begins a transaction that will write: on SQLite it takes the one writer's place at once, instead of failing
    /// half-way when somebody else was faster.
    pub async fn begin(&self) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.pool.begin_with_options(options).await?)
    }

    /// Begins a transaction that puts one thing in the place of another everywhere: it waits until all who write have
    /// finished, and they wait for it.
    pub async fn begin_alone(&self) -> Result<Tx> {
        let tx = self.begin().await?;
        turn(&tx, "SELECT pg_advisory_xact_lock(").await?;
        Ok(tx)
    }

    /// Begins a transaction that writes beside others, but not beside one that began alone.
    pub async fn begin_beside(&self) -> Result<Tx> {
        let tx = self.begin().await?;
        turn(&tx, "SELECT pg_advisory_xact_lock_shared(").await?;
        Ok(tx)
    }

    /// Whether the database answers and has every migration.
    pub async fn check(&self) -> Result<bool> {
        Ok(Migrator::get_pending_migrations(&self.pool).await.map_err(unknown)?.is_empty())
    }

    /// Applies the migrations that are missing; gives their number.
    pub async fn migrate_up(&self) -> Result<usize> {
        let pending = Migrator::get_pending_migrations(&self.pool).await.map_err(unknown)?.len();
        if pending > 0 {
            Migrator::up(&self.pool, None).await.map_err(unknown)?;
        }
        Ok(pending)
    }

    /// Takes the newest `steps` migrations back.
    pub async fn migrate_down(&self, steps: u32) -> Result<()> {
        Migrator::down(&self.pool, Some(steps)).await.map_err(unknown)
    }

    /// Every migration and whether it is applied, oldest first.
    pub async fn migrations(&self) -> Result<Vec<(String, bool)>> {
        Ok(Migrator::get_migration_with_status(&self.pool)
            .await
            .map_err(unknown)?
            .iter()
            .map(|migration| {
                let applied = migration.status() == MigrationStatus::Applied;
                (migration.name().to_owned(), applied)
            })
            .collect())
    }

    /// `SQLite` or `PostgreSQL`.
    pub fn kind(&self) -> &'static str {
        match self.pool.get_database_backend() {
            DbBackend::Postgres => "PostgreSQL",
            _ => "SQLite",
        }
    }

    /// Ends all connections, after what they are doing.
    pub async fn close(self) -> Result<()> {
        self.readers.close().await?;
        Ok(self.pool.close().await?)
    }
}

/// One reader's way to the database. It counts its statements, so that a test can hold the number down.
#[derive(Clone, Debug)]
pub struct Session {
    readers: Arc<Readers>,
    statements: Arc<AtomicU32>,
    rows: Arc<AtomicU32>,
}

impl Session {
    /// Which kind of database it is.
    fn backend(&self) -> DbBackend {
        self.readers.backend()
    }

    /// How many statements were sent.
    pub fn statements(&self) -> u32 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How many rows came back.
    pub fn rows(&self) -> u32 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Runs a statement that only reads.
    async fn all(&self, sql: sql::Sql) -> Result<Vec<sea_orm::QueryResult>> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let rows = self.readers.all(&sql.statement(self.backend())).await?;
        self.rows.fetch_add(u32::try_from(rows.len()).unwrap_or(u32::MAX), Ordering::Relaxed);
        Ok(rows)
    }
}
