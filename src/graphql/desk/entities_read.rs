//! What staff choose from: authors, tags, sections, pictures and collections, published or not.

use super::context::Sight;
use super::pages;
use super::redirects::DeskRedirect;
use super::variant::id;
use super::views::{DeskAuthor, DeskCollection, DeskImage, DeskSection, DeskTag, View, view};
use crate::domain::entity::EntityKind;
use crate::domain::ids::{AuthorId, CollectionId, ImageId, SectionId, TagId};
use crate::graphql::connection::{PageInfo, Paging, page_cost};
use crate::graphql::enums::TagKind;
use crate::service::paging::{entity_cursor as cursor, entity_place as place};
use crate::service::{EntityFilter, EntityRow};
use async_graphql::{Context, ID, Object, Result};
use std::sync::Arc;
use uuid::Uuid;

/// What staff choose from.
pub struct EntityDesk(Arc<Sight>);

pages!("A page of authors of the desk, by slug.", DeskAuthorConnection, DeskAuthorEdge, DeskAuthor);
pages!("A page of tags of the desk, by slug.", DeskTagConnection, DeskTagEdge, DeskTag);
pages!("A page of pictures of the desk, by file name.", DeskImageConnection, DeskImageEdge, DeskImage);
pages!("A page of collections of the desk, by slug.", DeskCollectionConnection, DeskCollectionEdge, DeskCollection);

/// More sections than any newsroom has.
const SECTIONS: u32 = 1_000;

impl EntityDesk {
    /// What somebody chooses from.
    pub fn new(sight: Arc<Sight>) -> Self {
        Self(sight)
    }

    async fn page<T: View>(
        &self,
        ctx: &Context<'_>,
        kind: EntityKind,
        filter: EntityFilter,
        paging: Paging,
    ) -> Result<(Vec<(String, T)>, PageInfo)> {
        let amount = paging.amount()?;
        let after = paging.after.as_deref().map(|text| place("after", text)).transpose()?;
        let found = self.0.desk().entities(kind, &filter, after.as_ref(), amount.limit + 1).await?;
        let (rows, page_info) = paging.finish(amount, found, |row| cursor(&row.desk.entity));
        let item = |row: &EntityRow| Ok((cursor(&row.desk.entity), view(ctx, row)?));
        Ok((rows.iter().map(item).collect::<Result<_>>()?, page_info.into()))
    }

    async fn one<T: View>(&self, ctx: &Context<'_>, kind: EntityKind, id: Uuid) -> Result<Option<T>> {
        let found = self.0.desk().entity(kind, id).await?;
        found.map(|row| view(ctx, &row)).transpose()
    }
}

fn paging(first: Option<i32>, after: Option<String>) -> Paging {
    Paging { first, after, ..Paging::default() }
}

fn filter(query: Option<String>, archived: bool) -> EntityFilter {
    EntityFilter { query, archived, tag_kind: None }
}

/// What staff choose from.
#[Object]
impl EntityDesk {
    /// Authors, by slug.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn authors(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those with all of these words in names or slug.")] query: Option<String>,
        #[graphql(default, desc = "Those in the archive instead of those that are not.")] archived: bool,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<DeskAuthorConnection> {
        let page = self.page(ctx, EntityKind::Author, filter(query, archived), paging(first, after)).await?;
        Ok(DeskAuthorConnection::new(page.0, page.1))
    }

    /// Tags, by slug.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a list")]
    async fn tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those with all of these words in names or slugs.")] query: Option<String>,
        #[graphql(desc = "Only tags of this kind.")] kind: Option<TagKind>,
        #[graphql(default, desc = "Those in the archive instead of those that are not.")] archived: bool,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<DeskTagConnection> {
        let filter = EntityFilter { tag_kind: kind.map(Into::into), ..filter(query, archived) };
        let page = self.page(ctx, EntityKind::Tag, filter, paging(first, after)).await?;
        Ok(DeskTagConnection::new(page.0, page.1))
    }

    /// All sections, those at the top first, each level in its order.
    #[graphql(complexity = "1 + 20 * child_complexity")]
    async fn sections(
        &self,
        ctx: &Context<'_>,
        #[graphql(default, desc = "Those in the archive instead of those that are not.")] archived: bool,
    ) -> Result<Vec<DeskSection>> {
        let found = self.0.desk().entities(EntityKind::Section, &filter(None, archived), None, SECTIONS).await?;
        found.iter().map(|row| view(ctx, row)).collect()
    }

    /// Pictures, by file name.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn images(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those with all of these words in file name, texts or credit.")] query: Option<String>,
        #[graphql(default, desc = "Those in the archive instead of those that are not.")] archived: bool,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<DeskImageConnection> {
        let page = self.page(ctx, EntityKind::Image, filter(query, archived), paging(first, after)).await?;
        Ok(DeskImageConnection::new(page.0, page.1))
    }

    /// Front pages and series, by slug.
    #[graphql(complexity = "page_cost(first, None, child_complexity)")]
    async fn collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those with all of these words in names or slugs.")] query: Option<String>,
        #[graphql(default, desc = "Those in the archive instead of those that are not.")] archived: bool,
        #[graphql(desc = "How many, 0 to 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor.")] after: Option<String>,
    ) -> Result<DeskCollectionConnection> {
        let page = self.page(ctx, EntityKind::Collection, filter(query, archived), paging(first, after)).await?;
        Ok(DeskCollectionConnection::new(page.0, page.1))
    }

    /// An author, also one in the archive; one that was merged is what it was merged into.
    async fn author(&self, ctx: &Context<'_>, #[graphql(desc = "`aut_…`")] id: ID) -> Result<Option<DeskAuthor>> {
        self.one(ctx, EntityKind::Author, self::id::<AuthorId>("id", &id)?.0).await
    }

    /// A tag, also one in the archive; one that was merged is what it was merged into.
    async fn tag(&self, ctx: &Context<'_>, #[graphql(desc = "`tag_…`")] id: ID) -> Result<Option<DeskTag>> {
        self.one(ctx, EntityKind::Tag, self::id::<TagId>("id", &id)?.0).await
    }

    /// A section, also one in the archive.
    async fn section(&self, ctx: &Context<'_>, #[graphql(desc = "`sec_…`")] id: ID) -> Result<Option<DeskSection>> {
        self.one(ctx, EntityKind::Section, self::id::<SectionId>("id", &id)?.0).await
    }

    /// A picture, also one in the archive.
    async fn image(&self, ctx: &Context<'_>, #[graphql(desc = "`img_…`")] id: ID) -> Result<Option<DeskImage>> {
        self.one(ctx, EntityKind::Image, self::id::<ImageId>("id", &id)?.0).await
    }

    /// A front page or series, also one in the archive.
    async fn collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`col_…`")] id: ID,
    ) -> Result<Option<DeskCollection>> {
        self.one(ctx, EntityKind::Collection, self::id::<CollectionId>("id", &id)?.0).await
    }

    /// The paths that lead to a story besides its own, in order.
    async fn redirects(&self, #[graphql(desc = "The story: `art_…`")] article_id: ID) -> Result<Vec<DeskRedirect>> {
        let found = self.0.desk().redirects(id("articleId", &article_id)?).await?;
        Ok(found.into_iter().map(DeskRedirect::from).collect())
    }
}
