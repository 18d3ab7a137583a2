//! The tables: up, down and up again, on both databases; a service does not run on those of another version.

use crate::on_both;
use crate::support::{Database, Kind, byline, run};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// Everything that a migration makes, a line each: tables, columns, indexes, constraints, sequences.
async fn dump(database: &Database) -> Vec<String> {
    let (backend, queries) = match database.kind() {
        Kind::Sqlite => (
            DbBackend::Sqlite,
            &[
                "SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '') AS line FROM sqlite_master \
               WHERE name NOT LIKE 'seaql%' AND tbl_name NOT LIKE 'seaql%' AND name <> 'sqlite_sequence'",
            ][..],
        ),
        Kind::Postgres => (
            DbBackend::Postgres,
            &[
                "SELECT concat_ws(' ', 'column', table_name, ordinal_position, column_name, data_type, collation_name, \
                 is_nullable, column_default, is_identity) AS line FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name NOT LIKE 'seaql%'",
                "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'seaql%'",
                "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line FROM pg_constraint \
                 WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'seaql%'",
                "SELECT 'sequence ' || sequencename AS line FROM pg_sequences WHERE schemaname = 'public'",
                "SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname) AS line FROM pg_trigger WHERE NOT tgisinternal",
            ][..],
        ),
    };
    let connection: DatabaseConnection = database.connect().await;
    let mut lines = Vec::new();
    for query in queries {
        let rows = connection.query_all_raw(Statement::from_string(backend, *query)).await.unwrap();
        lines.extend(rows.iter().map(|row| row.try_get::<String>("", "line").unwrap()));
    }
    connection.close().await.unwrap();
    lines.sort_unstable();
    lines
}

/// The lines of `byline migrate status`.
fn status(database: &Database) -> Vec<(String, String)> {
    let output = String::from_utf8(run(database, &["migrate", "status"], 0).stdout).unwrap();
    let lines = output.lines().map(|line| line.split_once(' ').unwrap());
    lines.map(|(state, name)| (state.to_owned(), name.to_owned())).collect()
}

fn states(database: &Database) -> Vec<String> {
    status(database).into_iter().map(|(state, _)| state).collect()
}

/// The service must not start; what it says.
fn refusal(database: &Database) -> String {
    let output = byline(database, &["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(1), true), "{said}");
    said
}

on_both! {
    what_goes_up_comes_down_and_goes_up_the_same(kind) {
        let database = Database::empty(kind).await;
        run(&database, &["migrate", "up"], 0);
        let first = dump(&database).await;
        assert!(first.len() > 30, "{first:#?}");
        let steps = states(&database).len().to_string();
        run(&database, &["migrate", "down", "--steps", &steps], 0);
        assert_eq!(dump(&database).await, Vec::<String>::new());
        run(&database, &["migrate", "up"], 0);
        assert_eq!(dump(&database).await, first);
    }

    each_migration_can_be_taken_back_alone(kind) {
        let database = Database::empty(kind).await;
        run(&database, &["migrate", "up"], 0);
        let whole = dump(&database).await;
        // A column makes the text of its table longer on SQLite, and a line more on PostgreSQL.
        let size = |lines: Vec<String>| lines.concat().len();
        let mut sizes = vec![size(whole.clone())];
        while states(&database).contains(&"applied".to_owned()) {
            run(&database, &["migrate", "down"], 0);
            sizes.push(size(dump(&database).await));
        }
        assert!(sizes.windows(2).all(|pair| pair[0] > pair[1]), "a migration makes nothing, or leaves it: {sizes:?}");
        assert_eq!(sizes.last(), Some(&0));
        run(&database, &["migrate", "up"], 0);
        assert_eq!(dump(&database).await, whole);
    }

    the_status_says_what_is_applied_and_what_is_pending(kind) {
        let database = Database::empty(kind).await;
        let all = |state: &str, number: usize| vec![state.to_owned(); number];
        let number = states(&database).len();
        assert!(number >= 3);
        assert_eq!(states(&database), all("pending", number));
        let said = |arguments: &[&str]| String::from_utf8(run(&database, arguments, 0).stdout).unwrap();
        assert_eq!(said(&["migrate", "up"]), format!("applied {number} migrations\n"));
        assert_eq!(states(&database), all("applied", number));
        assert_eq!(said(&["migrate", "up"]), "applied 0 migrations\n");
        run(&database, &["migrate", "down"], 0);
        assert_eq!(states(&database), [all("applied", number - 1), all("pending", 1)].concat());
        let names: Vec<String> = status(&database).into_iter().map(|(_, name)| name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(names, sorted, "oldest first");
    }

    a_service_refuses_a_database_that_lacks_migrations(kind) {
        let database = Database::empty(kind).await;
        run(&database, &["migrate", "up"], 0);
        run(&database, &["migrate", "down"], 0);
        let said = refusal(&database);
        assert!(said.contains("lacks migrations") && said.contains("`byline migrate up`"), "{said}");
        assert!(!states(&database).iter().all(|state| state == "applied"), "it must not migrate by itself");
    }

    a_service_refuses_a_database_of_a_newer_version(kind) {
        let database = Database::empty(kind).await;
        run(&database, &["migrate", "up"], 0);
        let connection = database.connect().await;
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_000001_future', 0)";
        connection.execute_unprepared(newer).await.unwrap();
        connection.close().await.unwrap();
        let said = refusal(&database);
        assert!(said.contains("a newer version made the database") && said.contains("m99990101_000001_future"), "{said}");
    }
}
