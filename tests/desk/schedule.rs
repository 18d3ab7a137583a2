//! What is planned happens by itself: in order, once, and never before.

use crate::on_both;
use crate::support::{Database, Kind, Newsroom, Server, Staff};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

fn in_seconds(seconds: i64) -> String {
    (OffsetDateTime::now_utc() + time::Duration::seconds(seconds)).format(&Rfc3339).unwrap()
}

async fn changes(server: &Server) -> Vec<String> {
    let query = "{ changes(first: 100) { edges { node { kind } } } }";
    server.texts(query, "/changes/edges", "/node/kind").await
}

/// Asks again until there are so many changes.
async fn wait_for(server: &Server, count: usize) -> Vec<String> {
    let start = Instant::now();
    loop {
        let found = changes(server).await;
        if found.len() >= count {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "only {found:?}");
        tokio::task::yield_now().await;
    }
}

async fn planned(server: &Server, editor: &Staff, title: &str, at: &str) -> String {
    let (_, id) = server.write(editor, "ko", title).await;
    server.done(editor, "submitVariant", &id, json!({})).await;
    server.done(editor, "scheduleVariant", &id, json!({ "at": at })).await;
    id
}

/// Moves what is planned into the past, as if no server had run then.
async fn make_due(server: &Server, variant: &str, column: &str, micros: i64) {
    let id: byline::domain::ids::VariantId = variant.parse().unwrap();
    let connection = server.database.connect().await;
    let statement = sea_orm::Statement::from_sql_and_values(
        connection.get_database_backend(),
        format!("UPDATE variant SET {column} = {micros} WHERE id = $1"),
        [id.0.into()],
    );
    assert_eq!(connection.execute_raw(statement).await.unwrap().rows_affected(), 1);
}

on_both! {
    a_planned_story_appears_and_goes_by_itself(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let id = planned(&server, &editor, "내일의 글", &in_seconds(2)).await;
        assert!(changes(&server).await.is_empty(), "not before its time");
        assert_eq!(wait_for(&server, 1).await, ["PUBLISHED"]);
        let query = "query($id: ID!) { desk { variant(id: $id) { state scheduledAt } } }";
        let reply = server.ask(&editor, query, json!({"id": id})).await;
        assert_eq!(reply.data("/desk/variant"), &json!({"state": "PUBLISHED", "scheduledAt": null}));
        server.done(&editor, "scheduleWithdrawal", &id, json!({"at": in_seconds(1), "reason": "기간이 끝났습니다"})).await;
        assert_eq!(wait_for(&server, 2).await, ["PUBLISHED", "WITHDRAWN"]);
        let query = "query($id: ID!) { desk { variant(id: $id) { state note withdrawAt } } }";
        let reply = server.ask(&editor, query, json!({"id": id})).await;
        let expected = json!({"state": "WITHDRAWN", "note": "기간이 끝났습니다", "withdrawAt": null});
        assert_eq!(reply.data("/desk/variant"), &expected);
    }

    what_was_missed_while_no_server_ran_is_caught_up_in_order(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let mut ids = Vec::new();
        for title in ["셋째", "첫째", "둘째"] {
            ids.push(planned(&server, &editor, title, "2099-01-01T00:00:00Z").await);
        }
        let database = server.stop();
        for (id, at) in ids.iter().zip([3_000_000, 1_000_000, 2_000_000]) {
            let id: byline::domain::ids::VariantId = id.parse().unwrap();
            let connection = database.connect().await;
            let sql = format!("UPDATE variant SET scheduled_at = {at} WHERE id = $1");
            let statement = sea_orm::Statement::from_sql_and_values(connection.get_database_backend(), sql, [id.0.into()]);
            connection.execute_raw(statement).await.unwrap();
        }
        let server = Server::start(database, &[]);
        wait_for(&server, 3).await;
        let query = "{ changes(first: 10) { edges { node { article { variant(language: \"ko\") { title } } } } } }";
        let titles = server.texts(query, "/changes/edges", "/node/article/variant/title").await;
        assert_eq!(titles, ["첫째", "둘째", "셋째"]);
    }

    what_cannot_be_published_goes_back_and_holds_up_nothing(kind) {
        let server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        let blocked = planned(&server, &editor, "막힌 글", "2099-01-01T00:00:00Z").await;
        server.done(&editor, "reviseVariant", &blocked, json!({"text": {"embargoUntil": "2099-06-01T00:00:00Z"}})).await;
        planned(&server, &editor, "다음 글", &in_seconds(1)).await;
        make_due(&server, &blocked, "scheduled_at", 1_000_000).await;
        wait_for(&server, 1).await;
        let query = "query($id: ID!) { desk { variant(id: $id) { state note } } }";
        let reply = server.ask(&editor, query, json!({"id": blocked})).await;
        assert_eq!(reply.data("/desk/variant/state"), "IN_REVIEW");
        assert!(reply.data("/desk/variant/note").as_str().unwrap().contains("embargo"));
        assert_eq!(changes(&server).await, ["PUBLISHED"]);
    }

    a_server_that_is_killed_at_that_second_publishes_exactly_once(kind) {
        let mut server = Newsroom::of([]).serve(kind).await;
        let editor = server.staff("editor").await;
        for number in 0..10 {
            let id = planned(&server, &editor, &format!("글 {number}"), "2099-01-01T00:00:00Z").await;
            make_due(&server, &id, "scheduled_at", 4_102_444_800_000_000 + number).await;
        }
        let connection = server.database.connect().await;
        connection.execute_unprepared("UPDATE variant SET scheduled_at = 1000000").await.unwrap();
        // Dropping kills it, wherever it is.
        for published in [1, 4, 10] {
            wait_for(&server, published).await;
            server = Server::start(server.stop(), &[]);
        }
        assert_eq!(changes(&server).await, ["PUBLISHED"; 10]);
        let audit = "SELECT count(*) FROM audit WHERE action = 'variant.publish'";
        let row = connection.query_one_raw(sea_orm::Statement::from_string(connection.get_database_backend(), audit)).await;
        let count: i64 = row.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(count, 10);
    }
}

#[tokio::test]
async fn of_several_servers_on_one_database_one_publishes_each_story() {
    let first = Newsroom::of([]).serve(Kind::Postgres).await;
    let editor = first.staff("editor").await;
    let others = [first.beside(), first.beside()];
    for number in 0..12 {
        planned(&first, &editor, &format!("글 {number}"), &in_seconds(3)).await;
    }
    wait_for(&others[0], 12).await;
    let found: Vec<Value> = changes(&others[1]).await.into_iter().map(Value::from).collect();
    assert_eq!(found, vec![json!("PUBLISHED"); 12]);
    drop(others);
    let _: &Database = &first.database;
}
