//! The layers are law: `domain ← store ← service ← graphql | http | cli`, read from the `use` lines and paths.

use std::fs;
use std::path::{Path, PathBuf};

/// What each room may name of this crate, and which libraries are for some rooms only.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("json", &["json", "domain"]),
    ("config", &["config", "domain", "error"]),
    ("machine", &["machine", "domain", "config", "error"]),
    ("media", &["media", "domain", "error"]),
    ("auth", &["auth", "config", "domain", "error"]),
    ("store", &["store", "domain", "error"]),
    ("service", &["service", "json", "store", "domain", "config", "machine", "media", "auth", "error"]),
    ("graphql", &["graphql", "service", "domain", "config", "error"]),
    ("import", &["import", "service", "domain", "config", "media", "error"]),
    ("http", &["http", "json", "graphql", "service", "domain", "config", "error"]),
    ("cli", &["cli", "http", "graphql", "import", "service", "domain", "config", "error"]),
];

const LIBRARIES: &[(&str, &[&str])] = &[
    ("sea_orm", &["store"]),
    ("byline_migrations", &["store"]),
    ("async_graphql", &["graphql", "http"]),
    ("actix_web", &["http", "cli"]),
    ("clap", &["cli", "config"]),
    ("reqwest", &["import", "machine", "auth", "http"]),
    ("jsonwebtoken", &["auth"]),
    ("aws_lc_rs", &["auth"]),
    ("argon2", &["auth"]),
    ("redis", &["http"]),
    ("governor", &["http"]),
    // In `domain` only where the names of closed sets are declared.
    ("utoipa", &["domain", "json", "http", "cli"]),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The first segments behind `crate::` in a line of code: `crate::{a, b}` names both.
fn rooms_named(line: &str) -> Vec<String> {
    let mut named = Vec::new();
    for rest in line.split("crate::").skip(1) {
        let list = rest.strip_prefix('{').and_then(|list| list.split('}').next());
        let parts: Vec<&str> = list.map_or(vec![rest], |list| list.split(',').collect());
        for part in parts {
            let word: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            named.push(word);
        }
    }
    named
}

#[test]
fn no_room_names_one_that_it_may_not_enter() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut breaches = Vec::new();
    let mut read = 0;
    for (room, allowed) in ROOMS {
        let mut found = Vec::new();
        files(&source.join(room), &mut found);
        for file in found {
            read += 1;
            let text = fs::read_to_string(&file).unwrap();
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
                let place = format!("{}:{}", file.strip_prefix(&source).unwrap().display(), number + 1);
                for named in rooms_named(line) {
                    if ROOMS.iter().any(|(other, _)| *other == named) && !allowed.contains(&named.as_str()) {
                        breaches.push(format!("{place} names crate::{named}"));
                    }
                }
                for (library, rooms) in LIBRARIES {
                    if line.contains(&format!("{library}::")) && !rooms.contains(room) {
                        breaches.push(format!("{place} names {library}"));
                    }
                }
            }
        }
    }
    assert!(read > 40, "only {read} files were read");
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn what_is_named_is_found_in_all_forms() {
    assert_eq!(rooms_named("use crate::store::Db;"), ["store"]);
    assert_eq!(rooms_named("use crate::{domain, store::Db};"), ["domain", "store"]);
    assert_eq!(rooms_named("    crate::http::serve(crate::cli::x)"), ["http", "cli"]);
}
