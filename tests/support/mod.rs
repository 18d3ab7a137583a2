//! What every test of the outside needs: a fresh database of either kind, a running server, clients shaped like readers.
//!
//! [`on_both!`] runs a test on SQLite and on PostgreSQL. A missing PostgreSQL is a failure: `scripts/test` starts one.

pub mod database;
pub mod newsroom;
pub mod receiver;
pub mod server;
pub mod staff;
pub mod wire;
pub mod wxr;

pub use database::{Database, Kind};
pub use newsroom::{Newsroom, Story};
pub use receiver::{HANG, Receiver, Told};
pub use server::{Reply, Server};
pub use staff::{PASSWORD, Staff};
pub use wire::Wire;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Declares tests that run on both databases: `on_both! { a_story_is_found(db) { … } }`. The body is asynchronous and
/// gets a [`Kind`].
#[macro_export]
macro_rules! on_both {
    ($($(#[$attribute:meta])* $name:ident($kind:ident) $body:block)+) => {$(
        $(#[$attribute])*
        mod $name {
            use super::*;

            async fn test($kind: $crate::support::Kind) $body

            #[tokio::test]
            async fn on_sqlite() {
                test($crate::support::Kind::Sqlite).await;
            }

            #[tokio::test]
            async fn on_postgresql() {
                test($crate::support::Kind::Postgres).await;
            }
        }
    )+};
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The samples of the first user, where they are present; tests on them say that they were left out otherwise.
pub fn shared_sample(name: &str) -> Option<PathBuf> {
    let path = root().join("../shared/samples").join(name);
    if path.is_file() {
        return Some(path);
    }
    println!("left out: {} is not here", path.display());
    None
}

/// The command line, on a database.
pub fn byline(database: &Database, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_byline"));
    command
        .args(arguments)
        .current_dir(database.folder())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("BYLINE_DATABASE_URL", database.url())
        .env("BYLINE_DATA_DIR", database.folder());
    command
}

/// Runs the command line to its end; fails the test with what it printed unless it exits with `code`.
pub fn run(database: &Database, arguments: &[&str], code: i32) -> Output {
    let output = byline(database, arguments).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "byline {arguments:?}\n{out}\n{err}");
    output
}

/// Writes a file of a newsroom in Markdown, making folders on the way.
pub fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}
