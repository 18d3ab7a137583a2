//! What is published, as JSON documents: the JSON API sends them, and so may whoever delivers stories.
//!
//! Documents are made of domain values alone: no request, no database. Members that have no value are left out.

mod article;
mod article_parts;
mod block;
mod directory;
mod image;
mod members;
mod setting;

pub use article::{Article, Story};
pub use article_parts::{Alternate, Byline, Correction, RelatedArticle, Seo, Translation};
pub use block::Block;
pub use directory::{Author, Change, Collection, Language, Section, Tag};
pub use image::Image;
pub use members::{Member, Members};
pub use setting::Setting;
