//! The body of a story: an ordered list of typed blocks, and the pure rules about them.
//!
//! Here belong the types, how HTML and Markdown become blocks, how blocks keep their ids through edits, how they are
//! written out again and how long they take to read. Pictures are named but never fetched, and nothing is stored here.
//!
//! Fields called `html`, and captions, hold *inline* HTML that [`inline`] has sanitised and that is safe to emit as it
//! is. All other text is plain. [`html::parse`] and [`markdown::parse`] only make such contents; blocks from anywhere
//! else go through [`Content::sanitised`] first.

mod embed;
pub mod html;
mod identity;
pub mod inline;
mod link;
pub mod markdown;
pub mod measure;
#[cfg(test)]
mod properties;
pub mod render;
mod sanitise;
pub(in crate::domain) mod texts;

pub use html::{Note, Parsed};
pub use identity::Changes;

use crate::domain::ids::ImageId;
use serde::{Deserialize, Serialize};

/// An ordered list of typed blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body {
    /// The blocks in reading order; their ids are unique within the body.
    pub blocks: Vec<Block>,
}

/// One block with the name that it keeps while it is edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Survives edits of the block and of its neighbours.
    pub id: String,
    /// Changes exactly when the content does.
    pub hash: String,
    /// What the block holds.
    #[serde(flatten)]
    pub content: Content,
}

/// A block as an editor sends it, before it is named: see [`Body::from_blocks`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftBlock {
    /// The name of the block that it continues, or of the source's block that it translates.
    pub id: Option<String>,
    /// What the block holds.
    pub content: Content,
}

/// What a block holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// A paragraph of running text.
    Paragraph {
        /// Inline HTML, never empty.
        html: String,
    },
    /// A heading inside the story; level 1 is the headline's and not used here.
    Heading {
        /// 2 to 6.
        level: u8,
        /// Inline HTML.
        html: String,
    },
    /// An ordered or unordered list.
    List(List),
    /// A quotation set apart from the text.
    Quote {
        /// Inline HTML; `<p>` elements around it when there are several paragraphs.
        html: String,
        /// Who or what is quoted, as inline HTML.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cite: Option<String>,
    },
    /// A picture.
    Figure(Figure),
    /// Something of another site or player, by its address.
    Embed {
        /// The address as written.
        url: String,
        /// The service as guessed from the address, such as `youtube`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<String>,
        /// Inline HTML.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
    },
    /// A table.
    Table(Table),
    /// Text whose spacing matters.
    Code {
        /// The language as named by the author, such as `rust`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
        /// Plain text.
        code: String,
    },
    /// A thematic break.
    Divider,
}

/// A list, also one inside another list's item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Whether the items are numbered.
    pub ordered: bool,
    /// The first number, when it is not 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    /// The items in order.
    pub items: Vec<ListItem>,
}

/// One item of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// Inline HTML; empty when the item holds nothing but a list.
    pub html: String,
    /// The list below this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub children: Option<List>,
}

/// A picture in its place in the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The picture in the library, once it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageId>,
    /// Where the text said the picture is: an address, or a file's relative path, percent-encoded where an address
    /// must be. An importer replaces it with `image`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Plain text for those who cannot see the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// Inline HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Whose picture it is, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Where a click on the picture leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Inline HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The rows of the head.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub header: Vec<Row>,
    /// The rows below the head.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
}

/// One row of a table.
pub type Row = Vec<Cell>;

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Inline HTML, possibly empty.
    pub html: String,
    /// Whether the cell names its row or column.
    #[serde(default, skip_serializing_if = "is_false")]
    pub header: bool,
    /// How many columns the cell covers.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub colspan: u16,
    /// How many rows the cell covers.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub rowspan: u16,
}

impl Body {
    /// The pictures of the library that the body shows, in order, once for each figure.
    pub fn image_ids(&self) -> impl Iterator<Item = ImageId> + '_ {
        self.blocks.iter().filter_map(|block| match &block.content {
            Content::Figure(figure) => figure.image,
            _ => None,
        })
    }

    /// The body with some of its figures: a figure that is left out goes as a whole, with its address, link and caption.
    pub fn with_figures(&self, keep: impl Fn(&Figure) -> bool) -> Self {
        let kept = self.blocks.iter().filter(|block| match &block.content {
            Content::Figure(figure) => keep(figure),
            _ => true,
        });
        Self { blocks: kept.cloned().collect() }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_one(value: &u16) -> bool {
    *value == 1
}

fn one() -> u16 {
    1
}
