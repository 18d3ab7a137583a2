//! Fresh databases: an empty one, or a copy of one that holds the sample newsroom.

use sea_orm::{ConnectionTrait, Database as Connector, DatabaseConnection};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use uuid::Uuid;

/// The databases that everything runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A database of its own for one test, and a data folder. Both go with it.
pub struct Database {
    kind: Kind,
    name: String,
    folder: TempDir,
}

impl Database {
    /// One without tables.
    pub async fn empty(kind: Kind) -> Self {
        let database = Self::unmade(kind);
        if kind == Kind::Postgres {
            admin(&format!("CREATE DATABASE {}", database.name)).await;
        }
        database
    }

    /// A copy of the sample newsroom: `examples/newsroom`, then `examples/newsroom-later`.
    pub async fn sample(kind: Kind) -> Self {
        let template = template(kind).await;
        let database = Self::unmade(kind);
        copy(&template, database.folder());
        if kind == Kind::Postgres {
            admin(&format!("CREATE DATABASE {} TEMPLATE {}", database.name, template_name())).await;
        }
        database
    }

    fn unmade(kind: Kind) -> Self {
        let name = format!("byline_test_{}", Uuid::now_v7().simple());
        Self { kind, name, folder: TempDir::new().unwrap() }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn url(&self) -> String {
        url(self.kind, self.folder(), &self.name)
    }

    /// Ends every connection to it, as a PostgreSQL that restarts does.
    pub async fn cut_connections(&self) {
        let name = &self.name;
        admin(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")).await;
    }

    /// A connection past the service, to look at what is stored.
    pub async fn connect(&self) -> DatabaseConnection {
        Connector::connect(self.url()).await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.kind == Kind::Postgres {
            let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            // A thread of its own: the test's runtime may be gone.
            let dropped = std::thread::spawn(move || {
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(admin(&statement));
            });
            let _ = dropped.join();
        }
    }
}

fn url(kind: Kind, folder: &Path, name: &str) -> String {
    match kind {
        Kind::Sqlite => format!("sqlite://{}", folder.join("byline.sqlite").display()),
        Kind::Postgres => format!("{}/{name}", server_url()),
    }
}

fn server_url() -> String {
    let url = std::env::var("TEST_POSTGRES_URL");
    url.expect("TEST_POSTGRES_URL is not set: run scripts/test, which starts a PostgreSQL for the tests")
}

async fn admin(statement: &str) {
    let connection = Connector::connect(format!("{}/postgres", server_url())).await.unwrap();
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
}

/// One template for each build of the binary and each content of the sample.
fn template_name() -> String {
    let stamp = |path: &Path| std::fs::metadata(path).unwrap().modified().unwrap();
    let built = stamp(Path::new(env!("CARGO_BIN_EXE_byline")));
    format!("byline_template_{}", built.duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos())
}

/// Imports the sample newsroom once for all tests; whoever comes second waits.
async fn template(kind: Kind) -> PathBuf {
    let cluster = match kind {
        Kind::Sqlite => "sqlite".to_owned(),
        Kind::Postgres => server_url().rsplit(':').next().unwrap_or_default().replace('/', "_"),
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}_{cluster}", template_name()));
    tokio::task::spawn_blocking({
        let folder = folder.clone();
        move || {
            std::fs::create_dir_all(&folder).unwrap();
            let lock = File::create(folder.join("lock")).unwrap();
            lock.lock().unwrap();
            if !folder.join("made").is_file() {
                make(kind, &folder);
                File::create(folder.join("made")).unwrap();
            }
        }
    })
    .await
    .unwrap();
    folder
}

fn make(kind: Kind, folder: &Path) {
    let url = url(kind, folder, &template_name());
    if kind == Kind::Postgres {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            admin(&format!("DROP DATABASE IF EXISTS {}", template_name())).await;
            admin(&format!("CREATE DATABASE {}", template_name())).await;
        });
    }
    for newsroom in ["newsroom", "newsroom-later"] {
        let source = super::root().join("examples").join(newsroom);
        let output = Command::new(env!("CARGO_BIN_EXE_byline"))
            .args(["import", "markdown"])
            .arg(source)
            .current_dir(folder)
            .env("BYLINE_DATABASE_URL", &url)
            .env("BYLINE_DATA_DIR", folder)
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the sample newsroom could not be imported\n{printed}");
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else if !["lock", "made"].iter().any(|name| entry.file_name() == *name) {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
