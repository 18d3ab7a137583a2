//! The command line: what is wrong is said with the key's name, secrets stay secret, and exit codes are kept.

use crate::support::{Database, Kind, byline, run};
use serde_json::{Value, json};
use std::net::TcpListener;

async fn folder() -> Database {
    Database::empty(Kind::Sqlite).await
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_wrong_configuration_stops_every_command_and_names_the_key_and_its_source() {
    let french = "[[languages]]\ntag = \"fr\"\nname = \"Français\"\nfallback = [\"xx\"]\n";
    for (file, environment, words) in [
        ("lisen = \"127.0.0.1:0\"", None, ["lisen", "byline.toml"]),
        ("[limits]\ndeph = 5", None, ["deph", "byline.toml"]),
        ("listen = \"somewhere\"", None, ["listen", "byline.toml"]),
        ("[limits]\ndepth = \"deep\"", None, ["limits.depth", "byline.toml"]),
        ("listen = ", None, ["byline.toml", "TOML"]),
        ("", Some(("BYLINE_LISTEN", "8080")), ["listen", "environment"]),
        ("", Some(("BYLINE_LIMITS__DEPTH", "-1")), ["limits.depth", "environment"]),
        ("", Some(("BYLINE_NOTHING", "1")), ["nothing", "environment"]),
        ("", Some(("BYLINE_LIMITS__NOTHING", "1")), ["nothing", "environment"]),
        ("", Some(("BYLINE_DATABASE_URL", "mysql://localhost/news")), ["database_url", "postgres://"]),
        ("", Some(("BYLINE_BASE_URL", "news.example")), ["base_url", "news.example"]),
        ("", Some(("BYLINE_SITE__ARTICLE_PATH", "/{slug}")), ["site.article_path", "{language}"]),
        ("", Some(("BYLINE_LOG__FILTER", "byline=loudly")), ["log.filter", "loudly"]),
        ("default_language = \"fr\"", None, ["default_language", "fr"]),
        ("default_language = \"e n\"", None, ["default_language", "e n"]),
        (&format!("default_language = \"fr\"\n{french}"), None, ["languages.fr.fallback", "xx"]),
    ] {
        let database = folder().await;
        std::fs::write(database.folder().join("byline.toml"), file).unwrap();
        for command in [&["serve"][..], &["config"], &["migrate", "status"]] {
            let mut command = byline(&database, command);
            let output = command.envs(environment).output().unwrap();
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{file} {environment:?}\n{said}");
            assert!(words.iter().all(|word| said.contains(word)), "{file} {environment:?}\n{said}");
            assert!(output.stdout.is_empty(), "{file} {environment:?}");
        }
    }
    let said = run(&folder().await, &["config", "--config", "nowhere.toml"], 2);
    assert!(text(&said.stderr).contains("nowhere.toml"));
}

#[tokio::test]
async fn the_configuration_is_shown_with_its_sources_and_without_passwords() {
    let database = folder().await;
    std::fs::write(database.folder().join("other.toml"), "[limits]\ndepth = 9\ntokens = 77\n[site]\nname = \"여울\"\n")
        .unwrap();
    let secret = "postgres://desk:s3cret%21@db.example/news";
    let arguments = ["config", "--config", "other.toml", "--listen", "127.0.0.1:9", "--database-url", secret];
    let shown = byline(&database, &arguments).env("BYLINE_LIMITS__TOKENS", "88").output().unwrap();
    let shown = text(&shown.stdout);
    let json =
        byline(&database, &[&arguments[..], &["--json"]].concat()).env("BYLINE_LIMITS__TOKENS", "88").output().unwrap();
    let settings: Vec<Value> = serde_json::from_slice(&json.stdout).unwrap();
    for (key, value, source) in [
        ("database_url", json!("postgres://desk:***@db.example/news"), "flag"),
        ("listen", json!("127.0.0.1:9"), "flag"),
        ("limits.tokens", json!(88), "BYLINE_LIMITS__TOKENS"),
        ("limits.depth", json!(9), "other.toml"),
        ("site.name", json!("여울"), "other.toml"),
        ("limits.aliases", json!(50), "default"),
    ] {
        let setting =
            settings.iter().find(|setting| setting["key"] == key).unwrap_or_else(|| panic!("{key} is not shown"));
        assert_eq!(setting["value"], value, "{key}");
        assert!(setting["source"].as_str().unwrap().ends_with(source), "{setting}");
        let line = shown.lines().find(|line| line.split(' ').next() == Some(key)).unwrap();
        assert!(line.contains(&format!("= {value}  # ")) && line.ends_with(source), "{line}");
    }
    let parameter =
        run(&database, &["config", "--database-url", "postgres://db.example/news?password=s3cret&user=desk"], 0);
    assert!(text(&parameter.stdout).contains("\"postgres://db.example/news?password=***&user=desk\""));
    assert!(!shown.contains("s3cret") && !text(&json.stdout).contains("s3cret"));
    assert_eq!(settings.len(), shown.lines().count());
}

/// The commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let list = help.split("Commands:\n").nth(1).unwrap_or_default();
    let lines = list.lines().take_while(|line| line.starts_with("  "));
    lines.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

#[tokio::test]
async fn every_command_explains_itself() {
    let database = folder().await;
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    let mut explained = 0;
    while let Some(command) = open.pop() {
        let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let help = text(&run(&database, &arguments, 0).stdout);
        assert!(help.contains("Usage: byline"), "{help}");
        assert!(help.lines().next().is_some_and(|line| line.len() > 10), "{command:?} does not say what it does");
        open.extend(commands(&help).into_iter().map(|name| [command.clone(), vec![name]].concat()));
        explained += 1;
    }
    assert!(explained >= 10, "only {explained} commands were found");
    for wrong in [&["nothing"][..], &["serve", "--nothing"], &["migrate"], &[]] {
        run(&database, wrong, 2);
    }
}

#[tokio::test]
async fn a_reader_that_goes_away_is_no_reason_to_fail() {
    let database = folder().await;
    for arguments in
        [&["schema"][..], &["config"], &["config", "--json"], &["migrate", "up"], &["migrate", "status"], &["--help"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = byline(&database, arguments).env("BYLINE_LOG__FILTER", "warn").stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let database = folder().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = text(&run(&database, &["serve", "--listen", &address], 1).stderr);
    assert!(said.contains(&address) && said.contains("in use"), "{said}");
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_named_without_its_password() {
    let database = folder().await;
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://desk:s3cret@{nobody}/news");
    let said = text(&run(&database, &["migrate", "status", "--database-url", &url], 1).stderr);
    assert!(said.contains(&nobody.to_string()) && !said.contains("s3cret"), "{said}");
    let said = text(&run(&database, &["serve", "--database-url", "sqlite:///nowhere/at/all/byline.sqlite"], 1).stderr);
    assert!(said.contains("/nowhere/at/all/byline.sqlite"), "{said}");
}
