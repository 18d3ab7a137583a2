//! Paths that lead to a story besides its own.

use super::variant::id;
use super::{Outcome, begin, finish, payload};
use crate::graphql::context::reading;
use crate::graphql::scalars::DateTime;
use crate::service::Redirect;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

/// A path that leads to a story besides its own: of a former site, or made up by an editor.
#[derive(SimpleObject)]
pub struct DeskRedirect {
    /// The path, decoded: `/2019/옛-기사`.
    path: String,
    /// The story.
    article_id: ID,
    /// When it was made; null where that is not known.
    created_at: Option<DateTime>,
    /// The name of who made it.
    created_by: Option<String>,
}

impl From<Redirect> for DeskRedirect {
    fn from(redirect: Redirect) -> Self {
        Self {
            path: redirect.path,
            article_id: redirect.article.to_string().into(),
            created_at: redirect.created_at.map(DateTime),
            created_by: redirect.created_by,
        }
    }
}

payload! {
    /// What changing a redirect came to.
    RedirectPayload {
        /// The redirect; the one that was, where it was deleted.
        redirect: DeskRedirect
    }
}

/// A path to lead to a story.
#[derive(InputObject)]
pub struct CreateRedirectInput {
    /// The story: `art_…`
    article_id: ID,
    /// The path, percent-encoded or not, at most 1,000 characters, without a query: `/2019/old-story`.
    path: String,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

/// A path to take away.
#[derive(InputObject)]
pub struct DeleteRedirectInput {
    /// The path, percent-encoded or not.
    path: String,
    /// Any text; comes back in the payload.
    client_mutation_id: Option<String>,
}

fn shown(outcome: Outcome<Redirect>) -> Outcome<DeskRedirect> {
    outcome.map(DeskRedirect::from)
}

/// Mutations of redirects.
#[derive(Default)]
pub struct RedirectMutation;

/// Mutations of redirects.
#[Object]
impl RedirectMutation {
    /// Lets a path lead to a story: at once where it is published, else when it is.
    async fn create_redirect(&self, ctx: &Context<'_>, input: CreateRedirectInput) -> Result<RedirectPayload> {
        let article = id("articleId", &input.article_id)?;
        let addresses = reading(ctx)?.addresses.clone();
        let mut work = begin(ctx).await?;
        let done = work.create_redirect(&addresses, article, &input.path).await;
        Ok(RedirectPayload::new(shown(finish(work, done).await?), input.client_mutation_id))
    }

    /// Takes a path away, also one that came with an import: readers who follow it find nothing.
    async fn delete_redirect(&self, ctx: &Context<'_>, input: DeleteRedirectInput) -> Result<RedirectPayload> {
        let mut work = begin(ctx).await?;
        let done = work.delete_redirect(&input.path).await;
        Ok(RedirectPayload::new(shown(finish(work, done).await?), input.client_mutation_id))
    }
}
