//! Lists of authors, tags and collections.

use super::collection::Collection;
use super::connection::{COUNT_COST, PageInfo, Paging};
use super::context::reading;
use super::entities::{Author, Tag};
use super::lists::wants_page;
use crate::domain::entity::{Entity, EntityKind, TagKind};
use crate::service::Notes;
use crate::service::paging::entity_cursor;
use async_graphql::{Context, Object, SimpleObject};
use futures_util::FutureExt;
use std::sync::Arc;

/// Declares the Relay connection of a kind of entity.
macro_rules! connection {
    ($doc:literal, $connection:ident, $edge:ident, $node:ident) => {
        #[doc = $doc]
        pub struct $connection {
            directory: Directory<$node>,
        }

        #[doc = $doc]
        #[derive(SimpleObject)]
        pub struct $edge {
            /// What is listed.
            node: $node,
            /// Its place, for `after` and `before`.
            cursor: String,
        }

        impl From<Directory<$node>> for $connection {
            fn from(directory: Directory<$node>) -> Self {
                Self { directory }
            }
        }

        #[doc = $doc]
        #[Object]
        impl $connection {
            /// The items of the page with their places.
            async fn edges(&self) -> Vec<$edge> {
                let edge = |(cursor, entity): &(String, Arc<Entity>)| {
                    Some($edge { node: self.directory.node(entity)?, cursor: cursor.clone() })
                };
                self.directory.items.iter().filter_map(edge).collect()
            }

            /// The items of the page.
            async fn nodes(&self) -> Vec<$node> {
                self.directory.items.iter().filter_map(|(_, entity)| self.directory.node(entity)).collect()
            }

            /// Where the page stands in the list.
            async fn page_info(&self) -> &PageInfo {
                &self.directory.page_info
            }

            /// How many the whole list has. Counted only when asked for.
            #[graphql(complexity = "COUNT_COST")]
            async fn total_count(&self, ctx: &Context<'_>) -> async_graphql::Result<u64> {
                Ok(reading(ctx)?.reader().entity_count(self.directory.kind, self.directory.tag_kind).boxed().await?)
            }
        }
    };
}
connection!("A page of the list of authors.", AuthorConnection, AuthorEdge, Author);
connection!("A page of the list of tags.", TagConnection, TagEdge, Tag);
connection!("A page of the list of collections.", CollectionConnection, CollectionEdge, Collection);

/// A page of the entities of a kind.
pub struct Directory<T> {
    kind: EntityKind,
    tag_kind: Option<TagKind>,
    items: Vec<(String, Arc<Entity>)>,
    page_info: PageInfo,
    wrap: Wrap<T>,
    notes: Notes,
}

/// How an entity becomes what the schema calls it.
type Wrap<T> = fn(&Notes, Arc<Entity>) -> Option<T>;

impl<T> Directory<T> {
    fn node(&self, entity: &Arc<Entity>) -> Option<T> {
        (self.wrap)(&self.notes, entity.clone())
    }
}

async fn page<T>(
    ctx: &Context<'_>,
    kind: EntityKind,
    tag_kind: Option<TagKind>,
    paging: Paging,
    wrap: Wrap<T>,
) -> async_graphql::Result<Directory<T>> {
    let (amount, window) = paging.entity_window(tag_kind)?;
    let reader = reading(ctx)?.reader();
    let found = if wants_page(ctx) { reader.entity_page(kind, &window).await? } else { Vec::new() };
    let items = found.into_iter().map(|entity| (entity_cursor(&entity), entity)).collect();
    let (items, page_info) = paging.finish(amount, items, |(cursor, _)| cursor.clone());
    Ok(Directory { kind, tag_kind, items, page_info: page_info.into(), wrap, notes: reader.notes().clone() })
}

/// A page of the list of a kind.
pub async fn directory<T, C: From<Directory<T>>>(
    ctx: &Context<'_>,
    kind: EntityKind,
    paging: Paging,
    wrap: Wrap<T>,
) -> async_graphql::Result<C> {
    Ok(page(ctx, kind, None, paging, wrap).await?.into())
}

/// A page of the list of tags.
pub async fn tags(ctx: &Context<'_>, kind: Option<TagKind>, paging: Paging) -> async_graphql::Result<TagConnection> {
    Ok(page(ctx, EntityKind::Tag, kind, paging, Tag::from_entity).await?.into())
}
