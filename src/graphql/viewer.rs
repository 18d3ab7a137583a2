//! Who asks.

use super::context::reading;
use super::enums::{Role, Scope};
use super::scalars::Language;
use crate::domain::actor::{Actor, Who};
use async_graphql::{Context, ID, Result, SimpleObject};

/// Who asks: a person who signed in, or a program with an API key.
#[derive(SimpleObject)]
pub struct Viewer {
    /// The person's id (`usr_…`) or the key's (`key_…`).
    id: ID,
    /// What colleagues call the person, or the newsroom the key.
    name: String,
    /// What the person may do; null for a key.
    role: Option<Role>,
    /// The person's e-mail address; null for a key, and for a person whose issuer names none.
    email: Option<String>,
    /// What the key may be used for; null for a person.
    scopes: Option<Vec<Scope>>,
    /// The language that the request's `Accept-Language` header asks for, else the default.
    language: Language,
}

/// Who asks; nothing for somebody without a credential.
pub async fn viewer(ctx: &Context<'_>) -> Result<Option<Viewer>> {
    let reading = reading(ctx)?;
    let language = Language(reading.preferred.clone());
    match ctx.data_opt::<Actor>().map(|actor| &actor.who) {
        Some(Who::Person(person)) => {
            let account = reading.reader().account(person.id).await?;
            Ok(Some(Viewer {
                id: ID(person.id.to_string()),
                name: person.name.clone(),
                role: Some(person.role.into()),
                email: account.and_then(|account| account.email),
                scopes: None,
                language,
            }))
        }
        Some(Who::Machine(machine)) => Ok(Some(Viewer {
            id: ID(machine.id.to_string()),
            name: machine.name.clone(),
            role: None,
            email: None,
            scopes: Some(machine.scopes.iter().copied().map(Scope::from).collect()),
            language,
        })),
        _ => Ok(None),
    }
}
