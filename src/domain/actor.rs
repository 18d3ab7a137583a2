//! Who asks: nobody in particular, a person of the newsroom, a key of a program, or the service itself.

use super::ids::{KeyId, SectionId, SessionId, UserId};
use super::language::LanguageTag;
use super::named::named;
use std::fmt;
use std::net::IpAddr;

named! {
    /// What a person of the newsroom may do. `policy` is the table.
    Role "role" {
        /// Reads what is published, with a name.
        Reader "READER",
        /// Writes stories of their own.
        Reporter "REPORTER",
        /// Writes the variants that are not the original.
        Translator "TRANSLATOR",
        /// Does everything editorial.
        Editor "EDITOR",
        /// Does everything, people and keys included.
        Admin "ADMIN",
    }
}

named! {
    /// What a key may be used for.
    Scope "scope" {
        /// Read what is published.
        ReadPublished "READ_PUBLISHED",
        /// Read the desk.
        ReadDrafts "READ_DRAFTS",
        /// Create and change what is not yet published.
        Write "WRITE",
        /// Publish, schedule, correct and withdraw.
        Publish "PUBLISH",
        /// Bring content in from elsewhere.
        Import "IMPORT",
    }
}

/// A person who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// The name that colleagues see.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// A program that showed a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The key's id.
    pub id: KeyId,
    /// What the newsroom calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The only languages that it may touch; empty: all.
    pub languages: Vec<LanguageTag>,
    /// The only sections that it may touch, with what is below them; empty: all.
    pub sections: Vec<SectionId>,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A reader without a credential.
    Anonymous,
    /// A person.
    Person(Person),
    /// A program.
    Machine(Machine),
    /// The service itself: an importer, the scheduler, the command line.
    System(String),
}

/// Who acts, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// The network address that the request came from.
    pub address: Option<IpAddr>,
    /// What the client calls itself (`User-Agent`), cut to 200 characters.
    pub client: Option<String>,
    /// The sign-in that a person's token came from; none for who signed in elsewhere.
    pub session: Option<SessionId>,
}

impl Actor {
    /// A reader without a credential, from nowhere in particular.
    pub const ANONYMOUS: Self = Self { who: Who::Anonymous, address: None, client: None, session: None };

    /// The service itself.
    pub fn system(name: impl Into<String>) -> Self {
        Who::System(name.into()).into()
    }

    /// The person, where it is one.
    pub fn person(&self) -> Option<&Person> {
        match &self.who {
            Who::Person(person) => Some(person),
            _ => None,
        }
    }

    /// What colleagues see beside what was done.
    pub fn name(&self) -> &str {
        match &self.who {
            Who::Anonymous => "anonymous",
            Who::Person(person) => &person.name,
            Who::Machine(machine) => &machine.name,
            Who::System(name) => name,
        }
    }
}

impl From<Who> for Actor {
    fn from(who: Who) -> Self {
        Self { who, address: None, client: None, session: None }
    }
}

/// As it is stored beside what was done: `usr_…`, `key_…`, the name of a part of the service, or `anonymous`.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.who {
            Who::Anonymous => f.write_str("anonymous"),
            Who::Person(person) => person.id.fmt(f),
            Who::Machine(machine) => machine.id.fmt(f),
            Who::System(name) => f.write_str(name),
        }
    }
}
