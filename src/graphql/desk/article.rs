//! A story as the desk has it: what all its languages share, published or not.

use super::context::Sight;
use super::variant::DeskVariant;
use crate::graphql::enums::{BylineRole, Kind, Relation};
use crate::graphql::scalars::{DateTime, Language};
use crate::service::{ArticleRow, VariantRow};
use async_graphql::{ID, Object, SimpleObject};
use std::sync::Arc;

/// An author's place on a story.
#[derive(SimpleObject)]
pub struct DeskByline {
    /// Who.
    author_id: ID,
    /// Did what.
    role: BylineRole,
}

/// An editor's word on another story.
#[derive(SimpleObject)]
pub struct DeskRelatedLink {
    /// The other story.
    article_id: ID,
    /// How it relates.
    relation: Relation,
}

/// A story as the desk has it.
pub struct DeskArticle {
    pub(super) sight: Arc<Sight>,
    pub(super) row: Arc<ArticleRow>,
    pub(super) variants: Arc<[VariantRow]>,
}

impl DeskArticle {
    pub(super) fn into_variants(self) -> impl Iterator<Item = DeskVariant> {
        let rows = self.variants.to_vec();
        rows.into_iter().map(move |row| self.shown(row))
    }

    fn shown(&self, row: VariantRow) -> DeskVariant {
        let (sight, story, siblings) = (self.sight.clone(), self.row.clone(), self.variants.clone());
        DeskVariant { sight, story, row, siblings }
    }
}

/// A story as the desk has it: what all its languages share, published or not.
#[Object]
impl DeskArticle {
    /// `art_` and 26 characters; the same as on the delivery side.
    async fn id(&self) -> ID {
        self.row.article.id.to_string().into()
    }

    /// Grows by one with each change of what is shared: the `expectedVersion` of the next change.
    async fn version(&self) -> i32 {
        self.row.article.version
    }

    /// The language that it was first written in.
    async fn original_language(&self) -> Language {
        Language(self.row.article.original.clone())
    }

    /// What kind of journalism it is.
    async fn kind(&self) -> Kind {
        self.row.article.shared.kind.into()
    }

    /// Its section.
    async fn section_id(&self) -> Option<ID> {
        self.row.article.shared.section.map(|id| id.to_string().into())
    }

    /// The picture that stands for it.
    async fn lead_image_id(&self) -> Option<ID> {
        self.row.article.shared.lead_image.map(|id| id.to_string().into())
    }

    /// Its tags, in the editor's order.
    async fn tag_ids(&self) -> Vec<ID> {
        self.row.article.shared.tags.iter().map(|id| id.to_string().into()).collect()
    }

    /// Who made it, in order.
    async fn bylines(&self) -> Vec<DeskByline> {
        let line = |line: &crate::domain::article::Byline| DeskByline {
            author_id: line.author.to_string().into(),
            role: line.role.into(),
        };
        self.row.article.shared.bylines.iter().map(line).collect()
    }

    /// Other stories that an editor pinned, chose or banned, in order.
    async fn related(&self) -> Vec<DeskRelatedLink> {
        let link = |link: &crate::domain::article::RelatedLink| DeskRelatedLink {
            article_id: link.article.to_string().into(),
            relation: link.relation.into(),
        };
        self.row.article.shared.related.iter().map(link).collect()
    }

    /// Its languages that you may see, by language tag.
    async fn variants(&self) -> Vec<DeskVariant> {
        self.variants.iter().cloned().map(|row| self.shown(row)).collect()
    }

    /// One of its languages; null where there is none that you may see.
    async fn variant(&self, #[graphql(desc = "Exactly this language.")] language: Language) -> Option<DeskVariant> {
        let row = self.variants.iter().find(|row| row.variant.language == language.0)?.clone();
        Some(self.shown(row))
    }

    /// Who began it; null for what was imported.
    async fn created_by(&self) -> Option<ID> {
        self.row.article.created_by.map(|id| id.to_string().into())
    }

    /// When it was begun.
    async fn created_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// When what its languages share was changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.row.updated_at)
    }

    /// When it went into the archive.
    async fn archived_at(&self) -> Option<DateTime> {
        self.row.article.archived_at.map(DateTime)
    }
}
