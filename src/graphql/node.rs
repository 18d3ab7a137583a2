//! Relay's `Node`: anything that has an id.

use super::article::Article;
use super::collection::Collection;
use super::context::reading;
use super::entities::{Author, Section, Tag};
use super::image::Image;
use super::variant::ArticleVariant;
use crate::domain::ids::{ArticleId, AuthorId, CollectionId, ImageId, SectionId, TagId, VariantId};
use crate::error::Error;
use async_graphql::{Context, ID, Interface, Result};

/// Anything that has an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The same in GraphQL, JSON, feeds and logs."))]
pub enum Node {
    /// A story.
    Article(Article),
    /// A story in a language.
    ArticleVariant(ArticleVariant),
    /// An author.
    Author(Author),
    /// A section.
    Section(Section),
    /// A tag.
    Tag(Tag),
    /// A picture.
    Image(Image),
    /// A front page or series.
    Collection(Collection),
}

/// What has the id, if readers may see it.
pub async fn find_node(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let reading = reading(ctx)?;
    let wrong = |error: &dyn std::fmt::Display| async_graphql::Error::from(Error::invalid("id", error));
    macro_rules! entity {
        ($id:ty, $node:ident) => {{
            let id: $id = id.parse().map_err(|error| wrong(&error))?;
            $node::load(ctx, id).await.transpose()?.map(Node::$node)
        }};
    }
    Ok(match id.split_once('_').map(|(prefix, _)| prefix) {
        Some(ArticleId::PREFIX) => {
            let id: ArticleId = id.parse().map_err(|error| wrong(&error))?;
            reading.load(id).await?.map(|story| Node::Article(Article::loaded(id, story)))
        }
        Some(VariantId::PREFIX) => {
            let id: VariantId = id.parse().map_err(|error| wrong(&error))?;
            reading.load(id).await?.map(|variant| Node::ArticleVariant(ArticleVariant::new(reading, variant)))
        }
        Some(AuthorId::PREFIX) => entity!(AuthorId, Author),
        Some(SectionId::PREFIX) => entity!(SectionId, Section),
        Some(TagId::PREFIX) => entity!(TagId, Tag),
        Some(ImageId::PREFIX) => entity!(ImageId, Image),
        Some(CollectionId::PREFIX) => entity!(CollectionId, Collection),
        _ => {
            let message = format!(
                "`{}` is no id: expected one that begins with art_, var_, aut_, sec_, tag_, img_ or col_",
                id.0
            );
            return Err(wrong(&message));
        }
    })
}
