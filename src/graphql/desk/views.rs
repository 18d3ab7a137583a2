//! Authors, tags, sections, images and collections as the desk has them: also what readers do not see.

use super::Outcome;
use crate::domain::address::Addresses;
use crate::domain::entity::{self, Entity};
use crate::domain::image;
use crate::domain::language::LanguageTag;
use crate::error::Error;
use crate::graphql::context::reading;
use crate::graphql::entities::{AuthorLink, LocalizedText, all_texts};
use crate::graphql::enums::{DigitalSourceType, TagKind};
use crate::graphql::image::FocalPoint;
use crate::graphql::scalars::{DateTime, Language, Url};
use crate::service::EntityRow;
use async_graphql::{Context, ID, Interface, Result, SimpleObject};

/// Something that stories refer to, as the desk has it.
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "&ID", desc = "The same as on the delivery side."),
    field(name = "version", ty = "&i32", desc = "Grows by one with each change: the `expectedVersion` of the next."),
    field(
        name = "archived_at",
        ty = "&Option<DateTime>",
        desc = "When it went into the archive; null while it is in use."
    ),
    field(name = "updated_at", ty = "&DateTime", desc = "When it was changed."),
    field(
        name = "updated_by",
        ty = "&Option<String>",
        desc = "The name of who changed it last; null where that is not known."
    )
)]
#[allow(clippy::enum_variant_names, reason = "the names of the schema")]
pub enum DeskEntity {
    /// An author.
    DeskAuthor(DeskAuthor),
    /// A tag.
    DeskTag(DeskTag),
    /// A section.
    DeskSection(DeskSection),
    /// A picture.
    DeskImage(DeskImage),
    /// A front page or series.
    DeskCollection(DeskCollection),
}

/// Declares a kind of entity as the desk has it, with what all kinds have.
macro_rules! desk_entity {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// The same as on the delivery side.
            id: ID,
            /// Grows by one with each change: the `expectedVersion` of the next.
            version: i32,
            $($(#[$field_doc])* $field: $type,)*
            /// When it went into the archive; null while it is in use.
            archived_at: Option<DateTime>,
            /// When it was changed.
            updated_at: DateTime,
            /// The name of who changed it last; null where that is not known.
            updated_by: Option<String>,
        }
    };
}

desk_entity! {
    /// An author as the desk has it.
    DeskAuthor {
        /// The same in all languages.
        slug: String,
        /// The name in every script and language that it is known in.
        names: Vec<LocalizedText>,
        /// A few words about the author.
        bios: Vec<LocalizedText>,
        /// A picture of the author.
        portrait_id: Option<ID>,
        /// Pages and accounts.
        links: Vec<AuthorLink>,
    }
}

desk_entity! {
    /// A tag as the desk has it.
    DeskTag {
        /// What it stands for.
        kind: TagKind,
        /// The name in every language that it is known in.
        names: Vec<LocalizedText>,
        /// The slug in every language that has one.
        slugs: Vec<LocalizedText>,
    }
}

desk_entity! {
    /// A section as the desk has it.
    DeskSection {
        /// The name in every language that it is known in.
        names: Vec<LocalizedText>,
        /// The slug in every language that has one.
        slugs: Vec<LocalizedText>,
        /// The section that it is in; null at the top.
        parent_id: Option<ID>,
        /// All sections above it, the nearest first.
        ancestor_ids: Vec<ID>,
        /// Its place among its siblings, smallest first.
        position: i32,
    }
}

desk_entity! {
    /// A picture as the desk has it.
    DeskImage {
        /// Where it is found, once something published shows it; null where neither file nor address is known.
        url: Option<Url>,
        /// The name that the file came with.
        file_name: Option<String>,
        /// The original's media type; null if we do not have the file.
        media_type: Option<String>,
        /// Pixels; null if not known.
        width: Option<u32>,
        /// Pixels; null if not known.
        height: Option<u32>,
        /// What a reader who can't see it is told.
        alts: Vec<LocalizedText>,
        /// What stands under it.
        captions: Vec<LocalizedText>,
        /// Who made it.
        credit: Option<String>,
        /// Under which terms it may be used.
        licence: Option<String>,
        /// Where to look first when it is cut; null for the middle.
        focal_point: Option<FocalPoint>,
        /// How it came to be; null if nobody said.
        digital_source_type: Option<DigitalSourceType>,
        /// Whether a trained model made it or a part of it.
        is_ai_generated: bool,
        /// What partners may do with it.
        rights: ImageRights,
    }
}

/// What partners may do with a picture.
#[derive(SimpleObject)]
pub struct ImageRights {
    /// When they end; null for never.
    expires_at: Option<DateTime>,
    /// The only territories that it may be shown in (ISO 3166-1 alpha-2); empty for all.
    territories: Vec<String>,
    /// Whether partners may have it at all.
    syndication: bool,
}

desk_entity! {
    /// A front page or series as the desk has it.
    DeskCollection {
        /// The name in every language that it is known in.
        names: Vec<LocalizedText>,
        /// The slug in every language that has one.
        slugs: Vec<LocalizedText>,
        /// What is on it, per language.
        items: Vec<CollectionList>,
        /// What readers find on it, per language: what was published last.
        published_items: Vec<CollectionList>,
        /// Whether the desk's lists are others than the readers'.
        has_unpublished_changes: bool,
    }
}

/// What is on a collection in a language.
#[derive(SimpleObject)]
pub struct CollectionList {
    /// The language.
    language: Language,
    /// The stories, in the editor's order.
    article_ids: Vec<ID>,
}

fn lists(lists: &[(LanguageTag, Vec<crate::domain::ids::ArticleId>)]) -> Vec<CollectionList> {
    let list = |(language, stories): &(LanguageTag, Vec<_>)| CollectionList {
        language: Language(language.clone()),
        article_ids: stories.iter().map(|story: &crate::domain::ids::ArticleId| story.to_string().into()).collect(),
    };
    lists.iter().map(list).collect()
}

/// What shows a row of the desk, if it is of its kind.
pub(super) trait View: Sized {
    /// The row as it is shown.
    fn of(row: &EntityRow, addresses: &Addresses) -> Option<Self>;
}

/// Declares how a kind of entity is shown; what all kinds have is added.
macro_rules! view {
    ($name:ident, $variant:ident, |$entity:ident, $row:ident, $addresses:ident| { $($field:ident: $value:expr,)* }) => {
        impl View for $name {
            fn of($row: &EntityRow, $addresses: &Addresses) -> Option<Self> {
                let Entity::$variant($entity) = &$row.desk.entity else { return None };
                let desk = &$row.desk;
                Some(Self {
                    id: $entity.id.to_string().into(),
                    version: desk.version,
                    $($field: $value,)*
                    archived_at: desk.archived_at.map(DateTime),
                    updated_at: DateTime(desk.updated_at),
                    updated_by: desk.updated_by.clone(),
                })
            }
        }
    };
}

view!(DeskAuthor, Author, |author, row, _addresses| {
    slug: author.slug.clone(),
    names: all_texts(&author.names),
    bios: all_texts(&author.bios),
    portrait_id: author.portrait.map(|image| image.to_string().into()),
    links: author.links.iter().map(link).collect(),
});
view!(DeskTag, Tag, |tag, row, _addresses| {
    kind: tag.kind.into(),
    names: all_texts(&tag.names),
    slugs: all_texts(&tag.slugs),
});
view!(DeskSection, Section, |section, row, _addresses| {
    names: all_texts(&section.names),
    slugs: all_texts(&section.slugs),
    parent_id: section.parent().map(|parent| parent.to_string().into()),
    ancestor_ids: section.ancestors.iter().map(|above| above.to_string().into()).collect(),
    position: section.position,
});
view!(DeskImage, Image, |image, row, addresses| {
    url: addresses.image(image).map(Url),
    file_name: image.file_name.clone(),
    media_type: image.file.as_ref().map(|file| file.media_type.clone()),
    width: image.width,
    height: image.height,
    alts: all_texts(&image.alts),
    captions: all_texts(&image.captions),
    credit: image.credit.clone(),
    licence: image.licence.clone(),
    focal_point: image.focal_point.map(|point| FocalPoint { x: point.x, y: point.y }),
    digital_source_type: image.digital_source_type.map(Into::into),
    is_ai_generated: image.digital_source_type.is_some_and(image::DigitalSourceType::is_ai_generated),
    rights: ImageRights {
        expires_at: image.rights.expires_at.map(DateTime),
        territories: image.rights.territories.clone(),
        syndication: image.rights.syndication,
    },
});
view!(DeskCollection, Collection, |collection, row, _addresses| {
    names: all_texts(&collection.names),
    slugs: all_texts(&collection.slugs),
    items: lists(&row.items),
    published_items: lists(&row.published),
    has_unpublished_changes: row.items != row.published,
});

fn link(link: &entity::Link) -> AuthorLink {
    AuthorLink { label: link.label.clone(), url: Url(link.url.clone()) }
}

impl View for DeskEntity {
    fn of(row: &EntityRow, addresses: &Addresses) -> Option<Self> {
        match &row.desk.entity {
            Entity::Author(_) => View::of(row, addresses).map(Self::DeskAuthor),
            Entity::Tag(_) => View::of(row, addresses).map(Self::DeskTag),
            Entity::Section(_) => View::of(row, addresses).map(Self::DeskSection),
            Entity::Image(_) => View::of(row, addresses).map(Self::DeskImage),
            Entity::Collection(_) => View::of(row, addresses).map(Self::DeskCollection),
        }
    }
}

/// A row as it is shown.
pub(super) fn view<T: View>(ctx: &Context<'_>, row: &EntityRow) -> Result<T> {
    let view = T::of(row, &reading(ctx)?.addresses);
    view.ok_or_else(|| Error::internal("an entity of another kind").into())
}

/// What a mutation changed, as its payload shows it.
pub(super) fn shown<T: View>(ctx: &Context<'_>, outcome: Outcome<EntityRow>) -> Result<Outcome<T>> {
    match outcome {
        Ok(row) => view(ctx, &row).map(Ok),
        Err(errors) => Ok(Err(errors)),
    }
}
