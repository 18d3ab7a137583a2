//! What the JSON API answers with around the documents: pages of lists, and problems.

use super::answer::{Scene, content_language, json, link};
use crate::error::Result;
use crate::http::public::Found;
use crate::json::{Article, Author, Change, Collection, Language, RelatedArticle, Section, Tag};
use crate::service::paging;
use serde::Serialize;
use utoipa::ToSchema;

/// Where a page stands in its list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Whether there is more behind `endCursor`.
    pub has_next_page: bool,
    /// Whether there is more before `startCursor`.
    pub has_previous_page: bool,
    /// The cursor of the first item; missing on an empty page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_cursor: Option<String>,
    /// The cursor of the last item; missing on an empty page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_cursor: Option<String>,
}

impl From<paging::PageInfo> for PageInfo {
    fn from(info: paging::PageInfo) -> Self {
        Self {
            has_next_page: info.has_next_page,
            has_previous_page: info.has_previous_page,
            start_cursor: info.start_cursor,
            end_cursor: info.end_cursor,
        }
    }
}

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident of $item:ty;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $name {
            /// The items in order.
            pub items: Vec<$item>,
            /// Where the page stands in the list.
            pub page: PageInfo,
            /// How many the whole list has, with `total=true`.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub total: Option<u64>,
        }
    )+};
}
pages! {
    /// A page of a list of stories, each once, in the best language.
    ArticlePage of Article;
    /// A page of the list of authors.
    AuthorPage of Author;
    /// A page of the list of tags.
    TagPage of Tag;
    /// A page of the list of collections.
    CollectionPage of Collection;
    /// A part of the change log, oldest first.
    ChangePage of Change;
}

/// All of a short list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelatedList {
    /// The stories, with why they are shown.
    pub items: Vec<RelatedArticle>,
}

/// All sections that something is published in, the top of the tree first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionList {
    /// The sections in order.
    pub items: Vec<Section>,
}

/// The languages that the newsroom publishes in.
#[derive(Debug, Serialize, ToSchema)]
pub struct LanguageList {
    /// The languages in the newsroom's order.
    pub items: Vec<Language>,
}

/// What went wrong, after RFC 9457.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what `problem` writes")]
pub struct Problem {
    /// Always `about:blank`.
    r#type: String,
    /// The words of the status.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What is wrong, for programs: `INVALID`, `NOT_FOUND`, `WITHDRAWN` ...
    code: Option<String>,
    /// What is wrong, for people.
    detail: Option<String>,
    /// Each parameter that is wrong.
    errors: Option<Vec<ProblemField>>,
}

/// A parameter that is wrong.
#[derive(Serialize, ToSchema)]
#[allow(dead_code, reason = "describes what `problem` writes")]
struct ProblemField {
    /// Which parameter: `first`, `tagsAny[1]`.
    path: String,
    /// What is wrong, for programs.
    code: String,
    /// What is wrong and what is accepted, for people.
    message: String,
}

/// A page of a list, with `Link` to the pages beside it.
pub fn page(scene: &Scene, document: &impl Serialize, info: &paging::PageInfo) -> Result<Found> {
    let size = scene.given.text("first").or_else(|| scene.given.text("last"));
    let beside = |after: Option<&str>, before: Option<&str>| {
        let (first, last) = if after.is_some() { (size, None) } else { (None, Some(size.unwrap_or("20"))) };
        scene.address(&scene.path, &[("first", first), ("after", after), ("last", last), ("before", before)])
    };
    let next = info.end_cursor.as_deref().filter(|_| info.has_next_page);
    let previous = info.start_cursor.as_deref().filter(|_| info.has_previous_page);
    let next = next.and_then(|cursor| link(&beside(Some(cursor), None), "rel=\"next\""));
    let previous = previous.and_then(|cursor| link(&beside(None, Some(cursor)), "rel=\"prev\""));
    json(document, next.into_iter().chain(previous).chain(content_language(&scene.language)).collect())
}
