//! The desk's tables as SeaORM sees them. The live tables are read and written in SQL, in [`super::live`].

pub mod address;
pub mod article;
pub mod article_byline;
pub mod article_related;
pub mod article_tag;
pub mod collection_item;
pub mod correction;
#[allow(clippy::module_inception, reason = "the name of the table")]
pub mod entity;
pub mod external_id;
pub mod revision;
pub mod variant;
