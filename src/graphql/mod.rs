//! The GraphQL schema: assembly, context, errors, loaders, and one file per noun.
//!
//! Resolvers turn arguments into questions for [`crate::service`] and wrap domain values; they hold no rules.

mod article;
mod blocks;
mod body;
mod by;
mod changes;
mod collection;
mod connection;
mod context;
mod desk;
mod directory;
mod entities;
mod enums;
mod errors;
mod image;
mod lists;
mod node;
mod preview;
mod query;
mod related;
mod scalars;
mod seen;
mod subscription;
mod variables;
mod variant;
mod viewer;

pub use context::Reading;
pub use errors::{publish_errors, to_server_error, with_code};
pub use subscription::Place;
pub use variables::Inputs;

use crate::config::Limits;
use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Analyzer, Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::{Response, SDLExportOptions, SchemaBuilder, ValidationMode};
use desk::Mutation;
use query::Query;
use std::sync::Arc;
use subscription::Subscription;

/// The schema as it is served.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema that executes, with its limits. Documents have to be validated before, by [`validator`].
pub fn schema(limits: &Limits, introspection: bool) -> Schema {
    build(introspection, ValidationMode::Fast).limit_depth(limits.depth).limit_complexity(limits.complexity).finish()
}

/// The schema that executes, and says in `extensions` how much it was.
pub fn measuring(limits: &Limits, introspection: bool) -> Schema {
    build(introspection, ValidationMode::Fast)
        .limit_depth(limits.depth)
        .limit_complexity(limits.complexity)
        .extension(Analyzer)
        .finish()
}

/// The schema that says whether a document is valid, and executes nothing.
pub fn validator(introspection: bool) -> Schema {
    build(introspection, ValidationMode::Strict).extension(ValidateOnly).finish()
}

fn build(introspection: bool, mode: ValidationMode) -> SchemaBuilder<Query, Mutation, Subscription> {
    let builder = async_graphql::Schema::build(Query, Mutation::default(), Subscription)
        // The service refuses what nests too deep before it comes here.
        .limit_recursive_depth(usize::MAX)
        .validation_mode(mode);
    if introspection { builder } else { builder.disable_introspection() }
}

struct ValidateOnly;

impl ExtensionFactory for ValidateOnly {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for ValidateOnly {
    async fn execute(&self, _: &ExtensionContext<'_>, _: Option<&str>, _: NextExecute<'_>) -> Response {
        Response::default()
    }
}

/// The public contract: the schema in its definition language.
pub fn sdl() -> String {
    let schema = Schema::build(Query, Mutation::default(), Subscription).finish();
    schema.sdl_with_options(SDLExportOptions::new().prefer_single_line_descriptions().include_specified_by())
}
