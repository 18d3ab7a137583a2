//! The GraphQL schema: assembly, context, errors, loaders, and one file per noun.
//!
//! Resolvers turn arguments into questions for [`crate::service`] and wrap domain values; they hold no rules.

mod article;
mod body;
mod changes;
mod collection;
mod connection;
mod context;
mod directory;
mod entities;
mod enums;
mod errors;
mod image;
mod lists;
mod node;
mod omitted;
mod query;
mod related;
mod scalars;
mod variant;

pub use context::Reading;
pub use errors::{publish_errors, to_server_error};
pub use omitted::complete;

use crate::config::Limits;
use async_graphql::{EmptyMutation, EmptySubscription, SDLExportOptions, ValidationMode};
use query::Query;

/// The schema as it is served.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, EmptySubscription>;

/// The schema with its limits. `Fast` is for documents that passed `Strict` validation before.
pub fn schema(limits: &Limits, introspection: bool, mode: ValidationMode) -> Schema {
    let builder = async_graphql::Schema::build(Query, EmptyMutation, EmptySubscription)
        .limit_depth(limits.depth)
        .limit_complexity(limits.complexity)
        // Deeper than any query may be: the parser's own guard against overflowing the stack.
        .limit_recursive_depth(limits.depth.max(32) * 2)
        .validation_mode(mode);
    if introspection { builder.finish() } else { builder.disable_introspection().finish() }
}

/// The public contract: the schema in its definition language.
pub fn sdl() -> String {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).finish();
    schema.sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions().include_specified_by())
}
