//! The one error type, and the one table that says what of it is public.

use serde::Serialize;
use std::fmt;

/// What can go wrong, in the words of the API.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A credential is missing, unknown or expired.
    #[error("{0}")]
    Unauthenticated(String),
    /// The credential does not allow this.
    #[error("{0}")]
    Forbidden(String),
    /// Nothing of that name is visible to who asks.
    #[error("there is no {kind} `{id}`")]
    NotFound {
        /// What was looked for.
        kind: &'static str,
        /// Under which name.
        id: String,
    },
    /// It was published once and withdrawn.
    #[error("the {kind} `{id}` was withdrawn")]
    Withdrawn {
        /// What was looked for.
        kind: &'static str,
        /// Under which name.
        id: String,
    },
    /// The input is wrong.
    #[error("{}", list(.0))]
    Invalid(Vec<FieldError>),
    /// Somebody else changed it first.
    #[error("the {what} changed: expected version {expected}, found {found}{}", by.as_ref().map(|by| format!(", saved by {by}")).unwrap_or_default())]
    Conflict {
        /// What changed.
        what: &'static str,
        /// The version that the caller saw.
        expected: i32,
        /// The version that it has.
        found: i32,
        /// The name of who changed it last, where that is known.
        by: Option<String>,
    },
    /// The same request was done before, or is being done.
    #[error("this request was done already, or is being done: ask again with the same Idempotency-Key for its answer")]
    AlreadyDone,
    /// The workflow has no such way.
    #[error(transparent)]
    IllegalTransition(#[from] crate::domain::workflow::IllegalTransition),
    /// Too many requests.
    #[error("too many requests: try again in {retry_after} s")]
    RateLimited {
        /// Seconds.
        retry_after: u64,
    },
    /// A request asks for more than one request may.
    #[error("{limit}: at most {allowed} allowed{}", found.map(|n| format!(", found {n}")).unwrap_or_default())]
    OverLimit {
        /// Which limit.
        limit: Limit,
        /// How much it allows.
        allowed: u64,
        /// How much was asked for, where that is known.
        found: Option<u64>,
    },
    /// Something that we depend on does not answer. Trying again may help.
    #[error("the service is unavailable")]
    Unavailable(#[source] Cause),
    /// Our fault.
    #[error("internal error")]
    Internal(#[source] Cause),
}

/// What an internal error came from. Logged, never sent.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What this crate's functions give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Which field: `input.deks[1]`.
    pub path: String,
    /// What is wrong, for programs: `INVALID`, `REQUIRED`, `TAKEN` ...
    pub code: &'static str,
    /// What is wrong and what is accepted, for people.
    pub message: String,
}

fn list(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!("{}: {}", error.path, error.message)).collect::<Vec<_>>().join("; ")
}

/// The limits on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// How deep selections nest.
    Depth,
    /// How much the selections cost, with list sizes multiplied in.
    Complexity,
    /// How many fields are renamed.
    Aliases,
    /// How many fields of the root are selected.
    RootFields,
    /// How many directives there are.
    Directives,
    /// How many tokens the document has.
    Tokens,
    /// How many bytes the request body has.
    BodyBytes,
    /// How many milliseconds an answer takes.
    Time,
}

impl Limit {
    /// Every limit.
    pub const ALL: [Self; 8] = [
        Self::Depth,
        Self::Complexity,
        Self::Aliases,
        Self::RootFields,
        Self::Directives,
        Self::Tokens,
        Self::BodyBytes,
        Self::Time,
    ];

    fn row(self) -> (&'static str, &'static str, u16) {
        match self {
            Self::Depth => ("QUERY_TOO_DEEP", "the query nests too deep (levels)", 400),
            Self::Complexity => ("QUERY_TOO_COMPLEX", "the query costs too much (points)", 400),
            Self::Aliases => ("TOO_MANY_ALIASES", "the query has too many aliases", 400),
            Self::RootFields => ("TOO_MANY_ROOT_FIELDS", "the query has too many root fields", 400),
            Self::Directives => ("TOO_MANY_DIRECTIVES", "the query has too many directives", 400),
            Self::Tokens => ("TOO_MANY_TOKENS", "the query has too many tokens", 400),
            Self::BodyBytes => ("BODY_TOO_LARGE", "the request body is too large (bytes)", 413),
            Self::Time => ("TIMEOUT", "the answer took too long (milliseconds)", 503),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().1)
    }
}

/// What the outside learns of an error, and how loudly it is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Public {
    /// `extensions.code` in GraphQL, `code` in a problem document.
    pub code: &'static str,
    /// The HTTP status where the whole request failed for it.
    pub status: u16,
    /// How it is logged.
    pub level: tracing::Level,
}

impl Error {
    /// An input that is wrong in one place.
    pub fn invalid(path: impl Into<String>, message: impl fmt::Display) -> Self {
        Self::Invalid(vec![FieldError { path: path.into(), code: "INVALID", message: message.to_string() }])
    }

    /// An error of ours, with what it came from.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    /// The table: every error's public code, HTTP status and log level.
    pub fn public(&self) -> Public {
        use tracing::Level;
        let (code, status, level) = match self {
            Self::Unauthenticated(_) => ("UNAUTHENTICATED", 401, Level::INFO),
            Self::Forbidden(_) => ("FORBIDDEN", 403, Level::INFO),
            Self::NotFound { .. } => ("NOT_FOUND", 404, Level::DEBUG),
            Self::Withdrawn { .. } => ("WITHDRAWN", 410, Level::DEBUG),
            Self::Invalid(_) => ("INVALID", 400, Level::DEBUG),
            Self::Conflict { .. } => ("CONFLICT", 409, Level::INFO),
            Self::AlreadyDone => ("ALREADY_DONE", 409, Level::INFO),
            Self::IllegalTransition(_) => ("ILLEGAL_TRANSITION", 409, Level::INFO),
            Self::RateLimited { .. } => ("RATE_LIMITED", 429, Level::INFO),
            Self::OverLimit { limit, .. } => {
                let (code, _, status) = limit.row();
                (code, status, Level::INFO)
            }
            Self::Unavailable(_) => ("UNAVAILABLE", 503, Level::WARN),
            Self::Internal(_) => ("INTERNAL", 500, Level::ERROR),
        };
        Public { code, status, level }
    }

    /// Logs what it came from, if that is more than what is public. Once: where it leaves the house.
    pub fn log(&self) {
        let (Public { code, level, .. }, Some(cause)) = (self.public(), self.cause()) else { return };
        if level == tracing::Level::ERROR {
            tracing::error!(code, cause, "a request failed");
        } else {
            tracing::warn!(code, cause, "a request failed");
        }
    }

    /// What it came from, for the log.
    pub fn cause(&self) -> Option<String> {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => Some(chain(cause.as_ref())),
            _ => None,
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(next) = source {
        text.push_str(": ");
        text.push_str(&next.to_string());
        source = next.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workflow::{State, Transition, turn};

    #[test]
    fn every_error_has_its_code_status_and_message() {
        let field = FieldError { path: "input.title".into(), code: "REQUIRED", message: "a title is needed".into() };
        let mut errors = vec![
            Error::Unauthenticated("the token has expired".into()),
            Error::Forbidden("only an EDITOR may publish".into()),
            Error::NotFound { kind: "article", id: "art_1".into() },
            Error::Withdrawn { kind: "article", id: "art_1".into() },
            Error::Invalid(vec![field]),
            Error::Conflict { what: "variant", expected: 3, found: 5, by: Some("정도전".into()) },
            turn(State::Draft, Transition::Publish).unwrap_err().into(),
            Error::AlreadyDone,
            Error::RateLimited { retry_after: 7 },
            Error::Unavailable("connection refused by 10.0.0.1".into()),
            Error::Internal("secret table name".into()),
        ];
        errors.extend(Limit::ALL.map(|limit| Error::OverLimit { limit, allowed: 10, found: Some(12) }));
        let rows: Vec<String> = errors
            .iter()
            .map(|error| {
                let Public { code, status, level } = error.public();
                format!("{code} {status} {level}: {error}")
            })
            .collect();
        insta::assert_snapshot!(rows.join("\n"));
    }
}
