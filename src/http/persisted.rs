//! Documents that are known by a hash: those of the frontends' builds (trusted documents), and those that a client told
//! us once (automatic persisted queries).
//!
//! A manifest is what Relay's compiler and GraphQL Codegen write (`{"hash": "text"}`), or Apollo's
//! (`{"operations": [{"id": …, "body": …}]}`). It is read again when its file changes.

use crate::config::Config;
use crate::domain::hex::hex;
use crate::error::{Error, Result};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

/// How many bytes of documents that clients told us are remembered.
const AUTOMATIC_BYTES: u64 = 16 * 1024 * 1024;
/// How many that usually are.
const USUALLY: usize = 4_000;

/// How a client names a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By an id of a manifest.
    Id(String),
    /// By the SHA-256 of its text: of a manifest, or told before.
    Hash(String),
}

/// Why there is no document to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Nobody told us its text: clients of the automatic kind send it now.
    NotFound,
    /// The text has another hash than the client says.
    Mismatch,
    /// Only trusted documents are run, and this is none.
    NotTrusted,
}

/// Known documents.
#[derive(Clone)]
pub struct Persisted {
    trusted: Arc<RwLock<Trusted>>,
    told: Arc<Cache<String, Arc<str>, ByBytes>>,
    only_trusted: bool,
}

/// Texts have room by what they take, with their hash.
#[derive(Clone)]
struct ByBytes;

impl Weighter<String, Arc<str>> for ByBytes {
    fn weight(&self, _: &String, text: &Arc<str>) -> u64 {
        text.len() as u64 + 64
    }
}

#[derive(Default)]
struct Trusted {
    files: Vec<(PathBuf, Option<SystemTime>)>,
    by_id: HashMap<String, Arc<str>>,
    texts: HashSet<Arc<str>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Manifest {
    Apollo { operations: Vec<ApolloOperation> },
    Plain(HashMap<String, String>),
}

#[derive(Deserialize)]
struct ApolloOperation {
    id: String,
    body: String,
}

impl Persisted {
    /// Reads the configured manifests; an error names the file that cannot be read.
    pub fn new(config: &Config) -> Result<Self> {
        let files = config.documents.manifests.iter().map(|path| (path.clone(), None)).collect();
        let persisted = Self {
            trusted: Arc::new(RwLock::new(Trusted { files, ..Trusted::default() })),
            told: Arc::new(Cache::with_weighter(USUALLY, AUTOMATIC_BYTES, ByBytes)),
            only_trusted: config.documents.only_trusted,
        };
        if persisted.only_trusted && config.documents.manifests.is_empty() {
            return Err(Error::invalid("documents.only_trusted", "needs documents.manifests"));
        }
        persisted.load()?;
        Ok(persisted)
    }

    /// Reads the manifests again if one of them changed. What cannot be read leaves everything as it is.
    pub fn reload(&self) -> Result<()> {
        let changed = self.read().files.iter().any(|(path, seen)| changed_at(path) != *seen);
        if changed { self.load() } else { Ok(()) }
    }

    fn load(&self) -> Result<()> {
        let paths: Vec<PathBuf> = self.read().files.iter().map(|(path, _)| path.clone()).collect();
        let mut next = Trusted::default();
        for path in paths {
            let wrong = |error: String| Error::invalid("documents.manifests", format!("`{}`: {error}", path.display()));
            let changed = changed_at(&path);
            let text = std::fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
            let manifest: Manifest = serde_json::from_str(&text).map_err(|_| {
                wrong("is neither {\"id\": \"document\"} nor {\"operations\": [{\"id\", \"body\"}]}".to_owned())
            })?;
            next.add(manifest);
            next.files.push((path, changed));
        }
        if !next.files.is_empty() {
            tracing::info!(documents = next.texts.len(), "trusted documents were read");
        }
        *self.trusted.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// The text to run for what a client sent: a name, a text, or both.
    pub fn resolve(&self, named: Option<Named>, text: Option<String>) -> Result<String, Unknown> {
        let trusted = self.read();
        let known = |name: &str| trusted.by_id.get(name).map(ToString::to_string);
        match (named, text) {
            (Some(Named::Id(name)), None) => known(&name).ok_or(Unknown::NotFound),
            (Some(Named::Hash(hash)), None) => {
                let told = || self.told.get(&hash).map(|text| text.to_string());
                known(&hash).or_else(told).ok_or(Unknown::NotFound)
            }
            (named, Some(text)) => {
                let is_trusted = trusted.texts.contains(text.as_str());
                if self.only_trusted && !is_trusted {
                    return Err(Unknown::NotTrusted);
                }
                if let Some(Named::Hash(hash)) = named
                    && known(&hash).is_none()
                {
                    if sha256(&text) != hash.to_ascii_lowercase() {
                        return Err(Unknown::Mismatch);
                    }
                    self.told.insert(hash, text.as_str().into());
                }
                Ok(text)
            }
            (None, None) => Err(Unknown::NotFound),
        }
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Trusted> {
        self.trusted.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trusted {
    fn add(&mut self, manifest: Manifest) {
        let documents: Vec<(String, String)> = match manifest {
            Manifest::Apollo { operations } => operations.into_iter().map(|it| (it.id, it.body)).collect(),
            Manifest::Plain(documents) => documents.into_iter().collect(),
        };
        for (id, text) in documents {
            let text: Arc<str> = text.into();
            self.by_id.insert(id, text.clone());
            self.by_id.insert(sha256(&text), text.clone());
            self.texts.insert(text);
        }
    }
}

fn changed_at(path: &PathBuf) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|file| file.modified()).ok()
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}
