//! What an operator can decide: defaults, then `byline.toml`, then `BYLINE_*` in the environment, then flags.

mod auth;
mod feeds;
mod import;
mod machine;
mod partners;
mod purge;
mod show;

pub use auth::{Auth, IssuerRules};
pub use feeds::Feeds;
pub use import::{CategoryOrTitle, CreditRule, ImportRules, KindRule, Pattern, SourceTypeRule};
pub use machine::{MachineTranslation, Secret};
pub use partners::{Partners, Tier, Webhooks};
pub use purge::{Preset, Purge};
pub use show::{Setting, settings, without_password};

use crate::domain::actor::Role;
use crate::domain::language::{Direction, Language, LanguageTag, Languages};
use crate::error::{Error, Result};
use figment::Figment;
use figment::error::Kind;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// The file that is read from the working directory if it is there.
pub const FILE: &str = "byline.toml";

/// The whole configuration. What each key means is written in `defaults.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "defaults.toml documents every key, and users read that")]
pub struct Config {
    pub database_url: String,
    pub data_dir: PathBuf,
    pub listen: SocketAddr,
    pub base_url: String,
    pub default_language: LanguageTag,
    languages: Vec<LanguageConfig>,
    pub site: Site,
    pub http: Http,
    pub auth: Auth,
    pub limits: Limits,
    pub cache: Cache,
    pub purge: Purge,
    pub partners: Partners,
    pub webhooks: Webhooks,
    pub feeds: Feeds,
    pub documents: TrustedDocuments,
    pub log: Log,
    pub import: ImportRules,
    pub machine_translation: MachineTranslation,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageConfig {
    tag: LanguageTag,
    name: String,
    #[serde(default)]
    direction: Direction,
    #[serde(default)]
    fallback: Vec<LanguageTag>,
}

/// The site that readers visit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Site {
    pub name: String,
    pub url: String,
    pub article_path: String,
    pub licensing_url: String,
}

/// The HTTP service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Http {
    pub cors_origins: Vec<String>,
    pub workers: usize,
    pub connections: u32,
    pub explorer: bool,
    pub introspection: bool,
    pub shutdown_seconds: u64,
    pub statement_count: bool,
    pub metrics: bool,
    pub trace_roles: Vec<Role>,
    pub static_bytes: usize,
    #[serde(deserialize_with = "auth::networks")]
    pub trusted_proxies: Vec<ipnet::IpNet>,
}

/// What one request may ask for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Limits {
    pub depth: usize,
    pub complexity: usize,
    pub aliases: usize,
    pub root_fields: usize,
    pub directives: usize,
    pub tokens: usize,
    pub body_bytes: usize,
    pub time_ms: u64,
    pub subscriptions: usize,
    pub consumer_seconds: u64,
}

/// Answers in memory, and in the caches between the service and its readers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Cache {
    pub megabytes: u64,
    pub entities: u64,
    pub stale_ms: u64,
    pub browser_seconds: u32,
    pub shared_seconds: u32,
    pub revalidate_seconds: u32,
}

impl Cache {
    /// `Cache-Control` of what everybody may see.
    pub fn control(&self) -> String {
        let Self { browser_seconds, shared_seconds, revalidate_seconds, .. } = self;
        let mut control = format!("public, max-age={browser_seconds}");
        if *shared_seconds > 0 {
            control += &format!(", s-maxage={shared_seconds}");
        }
        control += &match revalidate_seconds {
            0 => ", must-revalidate".to_owned(),
            seconds => format!(", stale-while-revalidate={seconds}"),
        };
        control
    }
}

/// Which GraphQL documents are known from the frontends' builds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct TrustedDocuments {
    pub manifests: Vec<PathBuf>,
    pub only_trusted: bool,
}

/// How the log is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "see defaults.toml")]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
}

/// What the command line sets.
#[derive(Debug, Clone, Default, Serialize, clap::Args)]
pub struct Flags {
    /// Read this file instead of ./byline.toml
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// Where the embedded database and original image files are kept
    #[arg(long, global = true, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// The address by which the world reaches the service
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
}

/// Where the values come from, in the order of their weight.
pub fn layers(flags: &Flags) -> Result<Figment> {
    let file = flags.config.as_deref().unwrap_or(Path::new(FILE));
    let mut figment = Figment::new().merge(Toml::string(DEFAULTS));
    if file.is_file() {
        figment = figment.merge(Toml::file_exact(file));
    } else if flags.config.is_some() {
        return Err(Error::invalid("--config", format!("there is no file `{}`", file.display())));
    }
    Ok(figment.merge(Env::prefixed("BYLINE_").split("__")).merge(Serialized::defaults(flags)))
}

impl Config {
    /// Reads and checks all layers. Errors name the key and where its value came from.
    pub fn load(flags: &Flags) -> Result<Self> {
        let mut config: Self = layers(flags)?.extract().map_err(|error| explain(&error))?;
        config.languages()?;
        config.machine_translation.check()?;
        config.partners.check()?;
        config.webhooks.check()?;
        config.purge.complete(config.cache.stale_ms)?;
        config.feeds.check()?;
        let origin = |key: &str, text: &str| -> Result<String> {
            Url::parse(text)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.query().is_none())
                .map(|_| text.trim_end_matches('/').to_owned())
                .ok_or_else(|| Error::invalid(key, format!("`{text}` is not an http or https address")))
        };
        if config.base_url.is_empty() {
            config.base_url = format!("http://{}", config.listen);
        }
        config.base_url = origin("base_url", &config.base_url)?;
        config.site.url =
            if config.site.url.is_empty() { config.base_url.clone() } else { origin("site.url", &config.site.url)? };
        if !config.site.licensing_url.is_empty() {
            origin("site.licensing_url", &config.site.licensing_url)?;
        }
        let path = &config.site.article_path;
        if !path.starts_with('/') || path.matches("{slug}").count() != 1 || path.matches("{language}").count() != 1 {
            let message = format!("`{path}` must begin with / and contain {{language}} and {{slug}} once each");
            return Err(Error::invalid("site.article_path", message));
        }
        if !["", "sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| {
            if scheme.is_empty() { config.database_url.is_empty() } else { config.database_url.starts_with(scheme) }
        }) {
            return Err(Error::invalid("database_url", "must begin with sqlite:// or postgres://"));
        }
        config.auth.complete(&config.base_url)?;
        Ok(config)
    }

    /// The newsroom's languages.
    pub fn languages(&self) -> Result<Languages> {
        let all = self.languages.iter().map(|language| Language {
            tag: language.tag.clone(),
            name: language.name.clone(),
            direction: language.direction,
            fallback: language.fallback.clone(),
        });
        Languages::new(all.collect(), self.default_language.clone()).map_err(|error| Error::invalid("languages", error))
    }

    /// The database that is meant: the given one, else the embedded one in the data folder.
    pub fn database(&self) -> String {
        if self.database_url.is_empty() {
            format!("sqlite://{}", self.data_dir.join("byline.sqlite").display())
        } else {
            self.database_url.clone()
        }
    }

    /// What a reader's addresses are made of.
    pub fn addresses(&self) -> Arc<crate::domain::address::Addresses> {
        Arc::new(crate::domain::address::Addresses {
            service: self.base_url.clone(),
            site: self.site.url.clone(),
            article_path: self.site.article_path.clone(),
            site_name: self.site.name.clone(),
            licensing: Some(self.site.licensing_url.clone()).filter(|url| !url.is_empty()),
            preview: None,
        })
    }
}

fn explain(error: &figment::Error) -> Error {
    let errors = error.clone().into_iter().map(|error| {
        let key = error.path.join(".");
        let from = error.metadata.as_ref().map(show::source).unwrap_or_else(|| "defaults".to_owned());
        let message = match &error.kind {
            // A key in the wrong place would be quoted.
            Kind::InvalidType(_, expected) if key.starts_with("machine_translation.headers") => {
                format!("invalid type: expected {expected}")
            }
            kind => kind.to_string(),
        };
        crate::error::FieldError {
            path: if key.is_empty() { from.clone() } else { key },
            code: "INVALID",
            message: format!("{message} ({from})"),
        }
    });
    Error::Invalid(errors.collect())
}
