//! A database with enough in it that its plans are those of a newsroom.

use crate::domain::article::Kind;
use crate::domain::ids::{AuthorId, CollectionId, SectionId, TagId};
use crate::domain::language::LanguageTag;
use crate::store::Db;
use crate::store::sql::Sql;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

const ARTICLES: u128 = 1_400;
pub(super) const MINUTE: i64 = 60_000_000;

pub(super) fn tag(number: u128) -> TagId {
    TagId(Uuid::from_u128(1_000_000 + number % 12))
}

pub(super) fn author(number: u128) -> AuthorId {
    AuthorId(Uuid::from_u128(2_000_000 + number % 9))
}

pub(super) fn section(number: u128) -> SectionId {
    SectionId(Uuid::from_u128(3_000_000 + number % 5))
}

pub(super) fn collection() -> CollectionId {
    CollectionId(Uuid::from_u128(4_000_000))
}

pub(super) fn chain(tags: &[&str]) -> Vec<LanguageTag> {
    tags.iter().map(|tag| tag.parse().unwrap()).collect()
}

/// A database with two thousand published variants: every story in Korean, most in English.
pub(super) struct Stage {
    db: Db,
    admin: Option<(Db, String)>,
    _folder: tempfile::TempDir,
}

impl Stage {
    pub(super) async fn new(backend: DbBackend) -> Self {
        let folder = tempfile::TempDir::new().unwrap();
        let (url, admin) = match backend {
            DbBackend::Postgres => {
                let server = std::env::var("TEST_POSTGRES_URL");
                let server = server.expect("TEST_POSTGRES_URL is not set: run scripts/test");
                let name = format!("byline_plans_{}", Uuid::now_v7().simple());
                let admin = Db::connect(&format!("{server}/postgres"), 1).await.unwrap();
                admin.pool.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
                (format!("{server}/{name}"), Some((admin, name)))
            }
            _ => (format!("sqlite://{}", folder.path().join("plans.sqlite").display()), None),
        };
        let db = Db::connect(&url, 1).await.unwrap();
        db.migrate_up().await.unwrap();
        let stage = Self { db, admin, _folder: folder };
        for from in (0..ARTICLES).step_by(100) {
            stage.fill(from..from + 100).await;
        }
        stage.run(items()).await;
        stage.db.pool.execute_unprepared("ANALYZE").await.unwrap();
        stage
    }

    /// A file goes with its folder, a database of a server does not.
    pub(super) async fn end(self) {
        let Self { db, admin, .. } = self;
        db.close().await.unwrap();
        if let Some((admin, name)) = admin {
            admin.pool.execute_unprepared(&format!("DROP DATABASE {name}")).await.unwrap();
        }
    }

    async fn run(&self, sql: Sql) {
        let statement = sql.statement(self.db.pool.get_database_backend());
        self.db.pool.execute_raw(statement).await.unwrap();
    }

    async fn fill(&self, numbers: std::ops::Range<u128>) {
        let (mut variants, mut facets) = (Vec::new(), Vec::new());
        let (mut images, mut references, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
        for number in numbers {
            let article = Uuid::from_u128(10_000_000 + number * 7_919 % 100_003);
            let image = Uuid::from_u128(5_000_000 + number);
            images.push(vec![image.into(), "image".into(), "".into(), format!("{number}").into(), "{}".into()]);
            let (published, modified) = ((number / 3) as i64 * MINUTE, (number * 31 % 1_000) as i64 * MINUTE);
            for language in ["ko", "en"].into_iter().take(if number % 10 < 4 { 2 } else { 1 }) {
                let id =
                    Uuid::from_u128(article.as_u128() * 10 + language.len() as u128 + u128::from(language == "en"));
                variants.push(vec![
                    id.into(),
                    article.into(),
                    language.into(),
                    image.into(),
                    published.into(),
                    modified.into(),
                    "x".repeat(1_200).into(),
                    format!("headline {number}").into(),
                    "{}".into(),
                ]);
                references.push(vec![image.into(), article.into(), language.into()]);
                addresses.push(vec![
                    "article".into(),
                    language.into(),
                    format!("slug-{number}").into(),
                    article.into(),
                ]);
                let own = [tag(number).0, tag(number / 12).0, author(number).0, section(number).0];
                for facet in own.into_iter().chain([Kind::facet(Kind::News)]) {
                    let row = vec![
                        facet.into(),
                        language.into(),
                        article.into(),
                        true.into(),
                        published.into(),
                        modified.into(),
                    ];
                    facets.push(row);
                }
            }
        }
        facets.sort_by_key(|row: &Vec<Value>| format!("{row:?}"));
        facets.dedup();
        let tables = [
            ("live_variant", variants),
            ("live_facet", facets),
            ("live_entity", images),
            ("live_reference", references),
            ("live_address", addresses),
        ];
        for (table, rows) in tables {
            let mut sql = Sql::new("INSERT INTO ");
            sql.push(table).push(" VALUES ").rows(rows);
            self.run(sql).await;
        }
    }

    /// The plan, a line for each step.
    pub(super) async fn explain(&self, sql: Sql) -> Vec<String> {
        let pool = &self.db.pool;
        let backend = pool.get_database_backend();
        let mut statement = sql.statement(backend);
        if backend != DbBackend::Postgres {
            statement.sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
            let rows = pool.query_all_raw(statement).await.unwrap();
            let step =
                |row: &sea_orm::QueryResult| (row.try_get_by_index(1).unwrap(), row.try_get_by_index(3).unwrap());
            return without_small_sorts(&rows.iter().map(step).collect::<Vec<_>>());
        }
        let values: Vec<String> = statement.values.iter().flat_map(|values| &values.0).map(literal).collect();
        pool.execute_unprepared(&format!("PREPARE asked AS {}", statement.sql)).await.unwrap();
        let arguments = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
        let explain = Statement::from_string(backend, format!("EXPLAIN (COSTS OFF) EXECUTE asked{arguments}"));
        let rows = pool.query_all_raw(explain).await.unwrap();
        pool.execute_unprepared("DEALLOCATE asked").await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
    }
}

/// SQLite sorts what a part of a list gave once more. That is a page, not a table: each part ends at its limit.
pub(super) fn without_small_sorts(steps: &[(i64, String)]) -> Vec<String> {
    let is_small = |(parent, step): &(i64, String)| {
        let beside = steps.iter().filter(|(other, step)| other == parent && step.starts_with("S"));
        step == "USE TEMP B-TREE FOR ORDER BY" && beside.into_iter().all(|(_, step)| step.starts_with("SCAN part"))
    };
    steps.iter().filter(|step| !is_small(step)).map(|(_, step)| step.clone()).collect()
}

fn items() -> Sql {
    let mut sql = Sql::new("INSERT INTO live_collection_item VALUES ");
    sql.rows((0..60_u128).map(|place| {
        let article = Uuid::from_u128(10_000_000 + place * 13 * 7_919 % 100_003);
        vec![collection().0.into(), "en".into(), (place as i64).into(), article.into()]
    }));
    sql
}

fn literal(value: &Value) -> String {
    match value {
        Value::String(Some(text)) => format!("'{text}'"),
        Value::BigInt(Some(number)) => number.to_string(),
        Value::Uuid(Some(id)) => format!("'{id}'"),
        other => panic!("a list has no use for {other:?}"),
    }
}
