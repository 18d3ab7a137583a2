//! The oracle: random questions, random changes, and a server beside that remembers nothing. After each change both have
//! to say the same, byte for byte.

use super::addresses::address;
use super::changes::Editor;
use super::questions::{Dice, Pools, Schema};
use crate::support::{Database, Kind, Server};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many questions are asked again after each change.
const QUESTIONS: usize = 24;

#[derive(Default)]
struct Tally {
    changes: usize,
    held: usize,
    dropped: usize,
    in_vain: usize,
    /// What was dropped in vain, by the change.
    vain: BTreeMap<&'static str, usize>,
}

struct Asked {
    body: String,
    statements: u32,
}

/// A client that stays where it is sent elsewhere: a former slug's answer is compared, too.
fn plain_client() -> &'static reqwest::Client {
    static CLIENT: std::sync::OnceLock<reqwest::Client> = std::sync::OnceLock::new();
    CLIENT.get_or_init(|| reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap())
}

async fn ask(server: &Server, question: &str) -> Asked {
    // An address of the JSON API, or a query.
    let request = match question.starts_with('/') {
        true => plain_client().get(format!("{}{question}", server.address())),
        false => server.post("/graphql").json(&json!({ "query": question })),
    };
    let response = request.send().await.unwrap();
    let status = response.status();
    let statements =
        response.headers().get("byline-sql-statements").map(|count| count.to_str().unwrap().parse().unwrap());
    let body = response.text().await.unwrap();
    // What fails before anything is read does not say how many.
    let statements = statements.unwrap_or_else(|| panic!("{status} to {question}: {body}"));
    Asked { body, statements }
}

/// A question, what was answered last, and whether that came from memory.
struct Held {
    question: String,
    last: String,
    kept: bool,
}

async fn newsroom(kind: Kind, seed: u64, steps: usize) -> Tally {
    let limits = ["COMPLEXITY", "DEPTH", "ALIASES"].map(|name| (format!("BYLINE_LIMITS__{name}"), "1000000"));
    let mut settings: Vec<(&str, &str)> = limits.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let database = Arc::new(Database::sample(kind).await);
    let server = Server::start(database.clone(), &settings);
    settings.push(("BYLINE_CACHE__MEGABYTES", "0"));
    settings.push(("BYLINE_CACHE__ENTITIES", "0"));
    let fresh = Server::start(database, &settings);
    let (schema, mut dice) = (Schema::read(), Dice::new(seed));
    let mut pools = Pools::of(&server).await;
    let mut editor = Editor::new(server.staff("editor").await);
    let (mut tally, mut held) = (Tally::default(), Vec::<Held>::new());
    for step in 0..steps {
        let place = step % QUESTIONS;
        if held.len() < QUESTIONS || dice.roll(3) == 0 {
            let question = match dice.roll(3) {
                0 => address(&mut dice, &pools),
                _ => schema.question(&mut dice, &pools),
            };
            held.truncate(held.len().min(QUESTIONS));
            let new = Held { question, last: String::new(), kept: false };
            if held.len() < QUESTIONS { held.push(new) } else { held[place] = new }
        }
        for one in &mut held {
            if !one.kept {
                one.last = ask(&server, &one.question).await.body;
                one.kept = ask(&server, &one.question).await.statements == 0;
            }
        }
        let Some(change) = editor.change(&server, &mut dice, &mut pools).await else { continue };
        tally.changes += 1;
        for one in &mut held {
            let (now, truth) = tokio::join!(ask(&server, &one.question), ask(&fresh, &one.question));
            assert_eq!(now.body, truth.body, "seed {seed}, step {step} ({change}): {}", one.question);
            // A question that takes no statement at all tells nothing.
            if one.kept && truth.statements > 0 {
                tally.held += 1;
                if now.statements > 0 {
                    tally.dropped += 1;
                    if now.body == one.last {
                        tally.in_vain += 1;
                        *tally.vain.entry(change).or_default() += 1;
                        if std::env::var_os("ORACLE_SHOW").is_some() {
                            println!("in vain ({change}): {}", one.question);
                        }
                    }
                }
            }
            one.kept = one.kept && now.statements == 0;
            one.last = now.body;
        }
    }
    tally
}

async fn newsrooms(kind: Kind, count: u64, steps: usize) {
    let first = std::env::var("ORACLE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let steps = std::env::var("ORACLE_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(steps);
    let runs = (first..first + count).map(|seed| tokio::spawn(newsroom(kind, seed, steps)));
    let mut all = Tally::default();
    for run in runs.collect::<Vec<_>>() {
        let tally = run.await.unwrap();
        all.changes += tally.changes;
        all.held += tally.held;
        all.dropped += tally.dropped;
        all.in_vain += tally.in_vain;
        tally.vain.into_iter().for_each(|(change, count)| *all.vain.entry(change).or_default() += count);
    }
    let Tally { changes, held, dropped, in_vain, vain } = all;
    println!(
        "seeds {first} to {}: {changes} changes, {held} answers held, {dropped} dropped, {in_vain} of them in vain {vain:?}",
        first + count - 1
    );
    assert!(changes > steps / 3 && held > changes && dropped > 0, "{changes} changes, {held} held, {dropped} dropped");
    // Of the answers that stayed true, and of those that went.
    assert!(in_vain * 10 < held - (dropped - in_vain), "{in_vain} of {held} were dropped in vain: {vain:?}");
    assert!(in_vain * 4 < dropped, "{in_vain} of {dropped} were dropped in vain: {vain:?}");
}

#[tokio::test]
async fn every_answer_from_memory_is_what_a_fresh_run_gives_on_sqlite() {
    newsrooms(Kind::Sqlite, 4, 500).await;
}

#[tokio::test]
async fn every_answer_from_memory_is_what_a_fresh_run_gives_on_postgresql() {
    newsrooms(Kind::Postgres, 2, 150).await;
}
