//! Parts of an article as JSON.

use super::{Article, Setting, Story};
use crate::domain::article::{self, BylineRole, CorrectionKind, Origin};
use crate::domain::entity::Entity;
use crate::domain::ids::{AuthorId, CorrectionId};
use crate::domain::language::LanguageTag;
use crate::domain::published::PublishedVariant;
use crate::domain::related::Reason;
use serde::Serialize;
use std::sync::Arc;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// A related story, and why it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RelatedArticle {
    /// The strongest reason.
    pub reason: Reason,
    /// From the formula, higher is closer; missing for what an editor chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Whether an editor pinned it.
    pub pinned: bool,
    /// The story.
    #[schema(no_recursion)]
    pub article: Article,
}

/// An author's place on a story.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Byline {
    /// Did what.
    pub role: BylineRole,
    /// Who.
    pub author: BylineAuthor,
}

/// Who is named in a byline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BylineAuthor {
    /// `aut_` and 26 characters.
    #[schema(value_type = String)]
    pub id: AuthorId,
    /// The same in all languages.
    pub slug: String,
    /// The name.
    pub name: String,
}

/// A dated, public note.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Correction {
    /// `cor_` and 26 characters.
    #[schema(value_type = String)]
    pub id: CorrectionId,
    /// What it is.
    pub kind: CorrectionKind,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub at: OffsetDateTime,
    /// What it says. Plain text.
    pub text: String,
    /// Who signs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
}

/// Where a text came from.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Translation {
    /// Who or what made it.
    pub origin: Origin,
    /// The language that it was made from; missing for an original.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub source_language: Option<LanguageTag>,
    /// Whether the published text that it was made from has changed since.
    pub is_stale: bool,
    /// Who read it against the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed_by: Option<String>,
}

/// One of the languages that a story is published in.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Alternate {
    /// The language.
    #[schema(value_type = String)]
    pub language: LanguageTag,
    /// The headline in it.
    pub title: String,
    /// The path on the site, in its own script.
    pub path: String,
    /// The address on the site, percent-encoded.
    pub url: String,
    /// Whether the story was first written in it.
    pub is_original: bool,
}

/// What search engines and social networks are told.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Seo {
    /// The editor's title for search engines, else the headline.
    pub title: String,
    /// The editor's description for search engines, else the summary, else the deks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The one address of this variant.
    pub canonical_url: String,
}

/// Who made a story, as far as they are visible.
pub(super) fn bylines(variant: &PublishedVariant, setting: &Setting<'_>) -> Vec<Byline> {
    let byline = |byline: article::Byline| match setting.entity(byline.author.0)? {
        Entity::Author(author) => {
            let name = setting.text(&author.names).unwrap_or_default();
            let author = BylineAuthor { id: author.id, slug: author.slug.clone(), name };
            Some(Byline { role: byline.role, author })
        }
        _ => None,
    };
    variant.bylines().into_iter().filter_map(byline).collect()
}

/// Every published language of a story.
pub(super) fn alternates(story: &Story<'_>, setting: &Setting<'_>) -> Vec<Alternate> {
    let alternate = |variant: &Arc<PublishedVariant>| Alternate {
        language: variant.language.clone(),
        title: variant.card.title.clone(),
        path: setting.addresses.path(&variant.language, &variant.card.slug),
        url: setting.addresses.variant_url(variant),
        is_original: variant.card.original,
    };
    story.languages.iter().map(alternate).collect()
}

impl From<&article::Correction> for Correction {
    fn from(correction: &article::Correction) -> Self {
        Self {
            id: correction.id,
            kind: correction.kind,
            at: correction.at,
            text: correction.text.clone(),
            signed: correction.signed.clone(),
        }
    }
}

impl Translation {
    pub(super) fn new(story: &Story<'_>) -> Self {
        let record = story.variant.card.translation.as_ref();
        Self {
            origin: record.map_or(Origin::Original, |record| record.origin),
            source_language: record.map(|record| record.source_language.clone()),
            is_stale: story.variant.is_stale(story.languages),
            reviewed_by: record.and_then(|record| record.reviewed_by.clone()),
        }
    }
}

impl Seo {
    pub(super) fn new(variant: &PublishedVariant, setting: &Setting<'_>) -> Self {
        Self {
            title: variant.seo_title().to_owned(),
            description: variant.seo_description(),
            canonical_url: setting.addresses.variant_url(variant),
        }
    }
}
