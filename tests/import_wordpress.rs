//! `byline import wordpress`, and what readers see of it.

use crate::on_both;
use crate::support::wxr::{Post, export};
use crate::support::{Database, Kind, Server, byline, run, shared_sample, write};
use serde_json::{Value, json};

const SPLIT: &str = "English version>>";

/// Imports an export; gives the summary.
fn import(database: &Database, posts: &[Post], more: &[&str]) -> Value {
    write(database.folder(), "export.xml", &export(posts));
    let arguments = [&["import", "wordpress", "export.xml", "--json"], more].concat();
    serde_json::from_slice(&run(database, &arguments, 0).stdout).unwrap()
}

async fn story(server: &Server, id: u32) -> Value {
    let query = "query($id: String!) { article(by: { externalId: { system: \"wordpress\", id: $id } }) {
        id kind tags { name(language: \"ko\") } section { name(language: \"ko\") }
        variants { language title slug deks publishedAt translation { origin sourceLanguage } body { text } } } }";
    server.query_with(query, json!({ "id": id.to_string() })).await.data("/article").clone()
}

fn languages(story: &Value) -> Vec<&str> {
    story["variants"].as_array().unwrap().iter().map(|variant| variant["language"].as_str().unwrap()).collect()
}

on_both! {
    the_first_users_export_becomes_its_newsroom(kind) {
        let Some(file) = shared_sample("geude-news.wxr.xml") else { return };
        let database = Database::empty(kind).await;
        let file = file.to_str().unwrap();
        let summary: Value = serde_json::from_slice(
            &run(&database, &["import", "wordpress", file, "--split", SPLIT, "--json"], 0).stdout,
        ).unwrap();
        assert_eq!((&summary["articles"]["created"], &summary["variants"]["created"]), (&json!(9), &json!(10)));
        let again = run(&database, &["import", "wordpress", file, "--split", SPLIT, "--json"], 0);
        let again: Value = serde_json::from_slice(&again.stdout).unwrap();
        assert_eq!((&again["articles"]["unchanged"], &again["articles"]["updated"]), (&json!(9), &json!(0)));

        let server = Server::start(database, &[]);
        let lead = story(&server, 101).await;
        assert_eq!(languages(&lead), ["en", "ko"]);
        for variant in lead["variants"].as_array().unwrap() {
            assert_eq!(variant["deks"].as_array().unwrap().len(), 2, "{variant:#}");
            assert_eq!(variant["publishedAt"], "2023-11-22T09:00:00+09:00");
            assert!(!variant["body"]["text"].as_str().unwrap().contains(SPLIT));
        }
        assert!(lead["variants"][0]["title"].as_str().unwrap().starts_with("Small Ball Launched"));
        assert_eq!(lead["section"]["name"], "AI");
        assert_eq!(lead["tags"].as_array().unwrap().len(), 3);
        let image = server.query("{ article(by: { externalId: { system: \"wordpress\", id: \"101\" } }) {
            leadImage { credit digitalSourceType isAiGenerated url } } }").await;
        let image = image.data("/article/leadImage").clone();
        assert_eq!((&image["credit"], &image["isAiGenerated"]), (&json!("Midjouney"), &json!(true)));
        for (id, kind, spoken) in [(201, "DATA", ["ko"]), (203, "NEWS", ["en"]), (208, "NOTEBOOK", ["ko"])] {
            let story = story(&server, id).await;
            assert_eq!((story["kind"].as_str(), languages(&story)), (Some(kind), spoken.to_vec()), "{id}");
        }
    }

    a_split_post_is_one_story_in_two_languages(kind) {
        let database = Database::empty(kind).await;
        let content = "<p>부제 하나</p>\n\n<p>첫 문장입니다.</p>\n\n<p>English version&gt;&gt;</p>\n\n<p>The headline.</p>\n\n<p>A dek</p>\n\n<p>First sentence.</p>";
        let posts = [Post::new(7, "기자 수첩: 제목").content(content).category("notes", "수첩").tag("sea", "바다")];
        import(&database, &posts, &["--split", SPLIT]);
        let server = Server::start(database, &[]);
        let story = story(&server, 7).await;
        assert_eq!(story["kind"], "NOTEBOOK");
        let (en, ko) = (&story["variants"][0], &story["variants"][1]);
        assert_eq!((&en["title"], &en["deks"], &en["slug"]), (&json!("The headline."), &json!(["A dek"]), &json!("the-headline")));
        assert_eq!((&ko["deks"], &ko["slug"]), (&json!(["부제 하나"]), &json!("post-7")));
        assert_eq!((&en["body"]["text"], &ko["body"]["text"]), (&json!("First sentence."), &json!("첫 문장입니다.")));
        assert_eq!(en["translation"], json!({"origin": "HUMAN", "sourceLanguage": "ko"}));
        let by_path = server.query("{ article(by: { path: \"/7/\" }) { id } }").await;
        assert_eq!(by_path.data("/article/id"), &story["id"]);
    }

    plugins_that_say_which_posts_belong_together_are_honoured(kind) {
        let database = Database::empty(kind).await;
        let polylang = |id, title, language| Post::new(id, title).term("language", language).term("post_translations", "pll_1");
        let wpml = |id, title: &str, language| {
            Post::new(id, title).meta("_wpml_import_language_code", language).meta("_wpml_import_translation_group", "9")
        };
        let posts = [
            polylang(1, "폴리랭 제목", "ko"),
            Post::new(3, "혼자"),
            polylang(2, "Polylang title", "en"),
            wpml(4, "더블유피엠엘 제목", "ko"),
            wpml(5, "WPML title", "en").meta("_wpml_import_source_language_code", "ko"),
        ];
        let summary = import(&database, &posts, &[]);
        assert_eq!(summary["variants"]["created"], 5);
        let again = import(&database, &posts, &[]);
        assert_eq!((&again["variants"]["created"], &again["variants"]["updated"]), (&json!(0), &json!(0)), "{again:#}");
        let server = Server::start(database, &[]);
        for (one, other) in [(1, 2), (4, 5)] {
            let (one, other) = (story(&server, one).await, story(&server, other).await);
            assert_eq!(one["id"], other["id"]);
            assert_eq!(languages(&one), ["en", "ko"]);
        }
        assert_eq!(languages(&story(&server, 3).await), ["ko"]);
        assert_eq!(server.query("{ articles(language: \"en\", fallback: true) { totalCount } }").await.data("/articles/totalCount"), 3);
    }

    only_what_was_public_is_public(kind) {
        let database = Database::empty(kind).await;
        let posts = [
            Post::new(1, "공개"),
            Post::new(2, "초안").status("draft"),
            Post::new(3, "대기").status("pending"),
            Post::new(4, "예약").status("future"),
            Post::new(5, "비공개").status("private"),
            Post::new(6, "휴지통").status("trash"),
            Post::new(7, "암호").field("wp:post_password", "secret"),
            Post::new(8, "메뉴").kind("nav_menu_item"),
        ];
        let summary = import(&database, &posts, &[]);
        assert_eq!(summary["left_out"].as_object().unwrap().values().next(), Some(&json!(1)), "{summary:#}");
        let server = Server::start(database, &[]);
        let listed = server.query("{ articles { totalCount nodes { publishedAt } } }").await;
        assert_eq!(listed.data("/articles/totalCount"), 1);
        for id in 2..=8 {
            assert_eq!(story(&server, id).await, Value::Null, "{id}");
        }
    }

    an_edited_source_updates_and_a_removed_one_withdraws(kind) {
        let database = Database::empty(kind).await;
        import(&database, &[Post::new(1, "처음 제목"), Post::new(2, "둘째")], &[]);
        let edited = [Post::new(1, "바뀐 제목").tag("new", "새 태그"), Post::new(2, "둘째").status("trash")];
        let summary = import(&database, &edited, &[]);
        assert_eq!((&summary["articles"]["updated"], &summary["articles"]["withdrawn"]), (&json!(1), &json!(1)), "{summary:#}");
        let server = Server::start(database, &[]);
        let changed = story(&server, 1).await;
        assert_eq!((&changed["variants"][0]["title"], &changed["variants"][0]["slug"]), (&json!("바뀐 제목"), &json!("post-1")));
        assert_eq!(changed["tags"][0]["name"], "새 태그");
        let gone = server.query("{ article(by: { externalId: { system: \"wordpress\", id: \"2\" } }) { id } }").await;
        assert_eq!(gone.codes(), ["WITHDRAWN"]);
        let log = server.query("{ changes { edges { node { kind } } } }").await;
        let kinds: Vec<&Value> = log.data("/changes/edges").as_array().unwrap().iter().map(|edge| &edge["node"]["kind"]).collect();
        assert_eq!(kinds, ["PUBLISHED", "PUBLISHED", "UPDATED", "WITHDRAWN"]);
    }

    a_dry_run_reports_and_keeps_nothing(kind) {
        let database = Database::empty(kind).await;
        let summary = import(&database, &[Post::new(1, "하나")], &["--dry-run", "--report", "report.jsonl"]);
        assert_eq!((&summary["dry_run"], &summary["articles"]["created"]), (&json!(true), &json!(1)));
        let report = std::fs::read_to_string(database.folder().join("report.jsonl")).unwrap();
        assert_eq!(serde_json::from_str::<Value>(report.lines().last().unwrap()).unwrap(), summary);
        let server = Server::start(database, &[]);
        assert_eq!(server.query("{ articles { totalCount } }").await.data("/articles/totalCount"), 0);
    }

    a_killed_import_leaves_whole_stories_and_the_next_one_completes_it(kind) {
        let database = Database::empty(kind).await;
        let posts: Vec<Post> = (1..=400).map(|id| Post::new(id, &format!("이야기 {id}")).tag("t", "태그").category("c", "부문")).collect();
        write(database.folder(), "export.xml", &export(&posts));
        let mut import = byline(&database, &["import", "wordpress", "export.xml"]);
        let mut process = import.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        let half = wait_for_rows(&database, "live_variant", 50).await;
        process.kill().unwrap();
        process.wait().unwrap();
        assert!(half < 400, "the import was over before it could be killed");
        let connection = database.connect().await;
        let rows = count(&connection, "live_variant").await;
        for (what, statement) in [
            ("variants", "SELECT count(*) FROM variant WHERE live_revision_id IS NOT NULL"),
            ("events", "SELECT count(*) FROM event WHERE kind = 'PUBLISHED'"),
            ("external ids", "SELECT count(*) FROM external_id WHERE kind = 'article'"),
        ] {
            assert_eq!(number(&connection, statement).await, rows, "{what}");
        }
        run(&database, &["import", "wordpress", "export.xml"], 0);
        assert_eq!(count(&connection, "live_variant").await, 400);
        assert_eq!(number(&connection, "SELECT count(*) FROM event WHERE kind = 'PUBLISHED'").await, 400);
    }
}

async fn number(connection: &sea_orm::DatabaseConnection, statement: &str) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let statement = Statement::from_string(connection.get_database_backend(), statement);
    connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

async fn count(connection: &sea_orm::DatabaseConnection, table: &str) -> i64 {
    number(connection, &format!("SELECT count(*) FROM {table}")).await
}

/// Waits until a table that another process fills has so many rows.
async fn wait_for_rows(database: &Database, table: &str, rows: i64) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let statement = format!("SELECT count(*) FROM {table}");
    loop {
        tokio::task::yield_now().await;
        // Neither the database file nor its tables need be there yet.
        let Ok(connection) = sea_orm::Database::connect(database.url()).await else { continue };
        loop {
            let asked = Statement::from_string(connection.get_database_backend(), statement.as_str());
            match connection.query_one_raw(asked).await {
                Ok(Some(row)) => match row.try_get_by_index::<i64>(0).unwrap() {
                    found if found >= rows => return found,
                    _ => continue,
                },
                _ => break,
            }
        }
    }
}

#[tokio::test]
async fn wrong_use_is_said_with_what_is_accepted() {
    let database = Database::empty(Kind::Sqlite).await;
    for arguments in
        [&["import"][..], &["import", "wordpress"], &["import", "wordpress", "missing.xml"], &["import", "ghost", "x"]]
    {
        let output = run(&database, arguments, 2);
        assert!(!output.stderr.is_empty());
    }
    write(database.folder(), "not-an-export.xml", "<html><body>no</body></html>");
    let output = byline(&database, &["import", "wordpress", "not-an-export.xml"]).output().unwrap();
    assert_ne!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}
