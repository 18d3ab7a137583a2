//! The database schema of Byline, one file per migration, up and down, for SQLite and PostgreSQL.
//!
//! Migrations are plain SQL, because they are read more often than written. A few words differ between the databases;
//! [`dialect`] puts them in. Moments are microseconds since 1970 (UTC) in a `bigint` with the zone's minutes beside
//! them: one type that both databases compare alike and that keeps the zone that the newsroom wrote.

pub use sea_orm_migration::MigrationStatus;
use sea_orm_migration::prelude::*;
pub use sea_orm_migration::prelude::{MigratorTrait, async_trait};
use sea_orm_migration::sea_orm::DbBackend;

mod m20261123_000001_desk;
mod m20261123_000002_live;
mod m20261123_000003_log;
mod m20261124_000004_work;
mod m20261124_000005_people;
mod m20261124_000006_merge;
mod m20261124_000007_preview;
mod m20261125_000008_effect;
mod m20261126_000009_follower;
mod m20261126_000010_partners;
mod m20261126_000011_webhooks;
mod m20261127_000020_withdrawn;

/// All migrations, oldest first.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_desk::Migration),
            Box::new(m20261123_000002_live::Migration),
            Box::new(m20261123_000003_log::Migration),
            Box::new(m20261124_000004_work::Migration),
            Box::new(m20261124_000005_people::Migration),
            Box::new(m20261124_000006_merge::Migration),
            Box::new(m20261124_000007_preview::Migration),
            Box::new(m20261125_000008_effect::Migration),
            Box::new(m20261126_000009_follower::Migration),
            Box::new(m20261126_000010_partners::Migration),
            Box::new(m20261126_000011_webhooks::Migration),
            Box::new(m20261127_000020_withdrawn::Migration),
        ]
    }
}

/// Runs statements that are parted by `;` at the end of a line.
async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let sql = dialect(sql, manager.get_database_backend());
    for statement in sql.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// - `key` is text that is compared byte by byte, whatever the database's locale: cursors and slugs depend on it.
/// - `serial` is a number that grows with each row.
/// - `clustered` keeps a narrow table in the order of its key on SQLite; PostgreSQL has no such thing.
fn dialect(sql: &str, backend: DbBackend) -> String {
    let (key, serial, clustered) = match backend {
        DbBackend::Postgres => ("text COLLATE \"C\"", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", ""),
        _ => ("text", "integer PRIMARY KEY AUTOINCREMENT", "WITHOUT ROWID"),
    };
    sql.replace("{key}", key).replace("{serial}", serial).replace("{clustered}", clustered)
}

/// A migration that is nothing but SQL.
macro_rules! sql_migration {
    ($up:expr, $down:expr) => {
        /// This step.
        #[derive(sea_orm_migration::prelude::DeriveMigrationName)]
        pub struct Migration;

        #[sea_orm_migration::prelude::async_trait::async_trait]
        impl sea_orm_migration::prelude::MigrationTrait for Migration {
            async fn up(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                crate::run(manager, $up).await
            }

            async fn down(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                crate::run(manager, $down).await
            }
        }
    };
}
use sql_migration;
