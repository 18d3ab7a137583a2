//! Authors, tags, sections and images on the desk.

use super::{begin, finish, payload};
use crate::domain::ids::AuthorId;
use async_graphql::{Context, ID, InputObject, Object, Result};

payload! {
    /// What creating an author came to.
    CreateAuthorPayload {
        /// Its id.
        author_id: ID
    }
}

/// An author to add.
#[derive(InputObject)]
pub struct CreateAuthorInput {
    /// The same in all languages.
    slug: String,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// Mutations of what articles refer to.
#[derive(Default)]
pub struct EntityMutation;

#[Object]
impl EntityMutation {
    /// Adds an author.
    async fn create_author(&self, ctx: &Context<'_>, input: CreateAuthorInput) -> Result<CreateAuthorPayload> {
        let work = begin(ctx).await?;
        let outcome = finish(work, Ok(ID::from(AuthorId::new()))).await?;
        let _ = input.slug;
        Ok(CreateAuthorPayload::new(outcome, input.client_mutation_id))
    }
}
