//! The desk: mutations, and what staff read. One file per noun.
//!
//! A mutation takes one input and gives one payload: what changed, and `userErrors` for what an editor can correct.

mod archive;
mod article;
mod authors;
mod collections;
mod compare;
mod context;
mod endpoints;
mod entities_read;
mod images;
mod inputs;
mod ledger;
mod partners;
mod presence;
mod preview;
mod query;
mod redirects;
mod sections;
mod steps;
mod tags;
mod texts;
mod variant;
mod views;
mod writing;

use crate::domain::actor::Actor;
use crate::domain::policy::{Action, Subject, permits};
use crate::domain::workflow::State;
use crate::error::{Error, FieldError};
use crate::service::{App, Once, Work};
use async_graphql::{Context, MergedObject, Result, SimpleObject};
pub use context::Sight;

use archive::ArchiveMutation;
use authors::AuthorMutation;
use collections::CollectionMutation;
use endpoints::EndpointMutation;
use entities_read::EntityDesk;
use images::ImageMutation;
use ledger::PartnerDesk;
use partners::PartnerMutation;
use presence::PresenceMutation;
use preview::PreviewMutation;
use query::DeskQuery;
use redirects::RedirectMutation;
use sections::SectionMutation;
use std::sync::Arc;
use steps::StepMutation;
use tags::TagMutation;
use writing::WritingMutation;

/// Changes. Sign in first: `Authorization: Bearer …`.
#[derive(MergedObject, Default)]
#[graphql(visible = "is_staff")]
pub struct Mutation(
    WritingMutation,
    StepMutation,
    AuthorMutation,
    TagMutation,
    SectionMutation,
    ImageMutation,
    CollectionMutation,
    ArchiveMutation,
    RedirectMutation,
    PreviewMutation,
    PresenceMutation,
    EndpointMutation,
    PartnerMutation,
);

/// What staff read: stories, and what they refer to.
#[derive(MergedObject)]
pub struct Desk(DeskQuery, EntityDesk, PartnerDesk);

impl Desk {
    /// The desk as somebody sees it.
    pub fn new(sight: Arc<Sight>) -> Self {
        Self(DeskQuery::new(sight.clone()), EntityDesk::new(sight), PartnerDesk)
    }
}

/// Something that who typed it can correct.
#[derive(SimpleObject)]
pub struct UserError {
    /// Which field: `deks[1]`, `slugs.ko`.
    path: String,
    /// What is wrong, for programs: `INVALID`, `REQUIRED`, `TAKEN`, `TOO_LONG` …
    code: String,
    /// What is wrong and what is accepted, for people.
    message: String,
}

impl From<FieldError> for UserError {
    fn from(error: FieldError) -> Self {
        Self { path: error.path, code: error.code.to_owned(), message: error.message }
    }
}

/// What a mutation came to: done, or what to correct.
pub type Outcome<T> = std::result::Result<T, Vec<UserError>>;

/// Who asks.
pub fn actor<'a>(ctx: &Context<'a>) -> &'a Actor {
    ctx.data_opt::<Actor>().unwrap_or(&Actor::ANONYMOUS)
}

/// Begins to write in the name of who asks, if that is still who they are.
pub async fn begin(ctx: &Context<'_>) -> Result<Work> {
    let (app, actor) = (ctx.data::<App>()?, actor(ctx));
    app.confirm(actor).await?;
    Ok(once(ctx, app.begin(actor).await?))
}

/// Begins to write in the name of who asks while nobody else does.
pub async fn begin_alone(ctx: &Context<'_>) -> Result<Work> {
    let (app, actor) = (ctx.data::<App>()?, actor(ctx));
    app.confirm(actor).await?;
    Ok(once(ctx, app.begin_alone(actor).await?))
}

/// Each field of a request with an idempotency key is done once.
fn once(ctx: &Context<'_>, work: Work) -> Work {
    match ctx.data_opt::<Once>() {
        Some(once) => work.once(once, ctx.item.node.response_key().node.as_str()),
        None => work,
    }
}

/// Whether who asks has any business on the desk: others do not even find it in the schema.
pub fn is_staff(ctx: &Context<'_>) -> bool {
    let seen = Subject { state: Some(State::Published), ..Subject::default() };
    [Action::Read, Action::CreateArticle, Action::Publish, Action::Import]
        .into_iter()
        .any(|action| permits(actor(ctx), action, seen))
}

/// Makes what was done visible; nothing of what failed stays.
pub async fn finish<T>(work: Work, done: Result<T, Error>) -> Result<Outcome<T>> {
    match done {
        Ok(done) => {
            work.commit().await?;
            Ok(Ok(done))
        }
        Err(Error::Invalid(fields)) => Ok(Err(fields.into_iter().map(UserError::from).collect())),
        Err(error) => Err(error.into()),
    }
}

/// Declares a page of a list of the desk, and makes it from its items.
macro_rules! pages {
    ($doc:literal, $connection:ident, $edge:ident, $node:ty) => {
        #[doc = $doc]
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            /// The items of the page with their places.
            edges: Vec<$edge>,
            /// Where the page stands in the list.
            page_info: $crate::graphql::connection::PageInfo,
        }

        /// An item and its place in the list.
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// The item.
            node: $node,
            /// Its place: an argument of the next page.
            cursor: String,
        }

        impl $connection {
            fn new(items: Vec<(String, $node)>, page_info: $crate::graphql::connection::PageInfo) -> Self {
                let edges = items.into_iter().map(|(cursor, node)| $edge { node, cursor }).collect();
                Self { edges, page_info }
            }
        }
    };
}
pub(crate) use pages;

/// The answer to a mutation: the thing that changed, what to correct, and the client's own mark.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $(#[$field_doc:meta])* $field:ident: $type:ty }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $(#[$field_doc])*
            $field: Option<$type>,
            /// What has to be corrected; nothing was changed then.
            user_errors: Vec<$crate::graphql::desk::UserError>,
            /// The mark that the client gave.
            client_mutation_id: Option<String>,
        }

        impl $name {
            fn new(outcome: $crate::graphql::desk::Outcome<$type>, client_mutation_id: Option<String>) -> Self {
                let ($field, user_errors) = match outcome {
                    Ok(done) => (Some(done), Vec::new()),
                    Err(errors) => (None, errors),
                };
                Self { $field, user_errors, client_mutation_id }
            }
        }
    };
}
pub(crate) use payload;
