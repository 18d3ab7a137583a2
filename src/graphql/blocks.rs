//! Typed blocks of a story, for clients that render natively.

use super::image::Image;
use super::scalars::Html;
use crate::domain::body::{self, Content};
use crate::domain::published::PublishedVariant;
use async_graphql::{ComplexObject, Context, ID, Interface, Object, Result, SimpleObject};

/// A block of a story.
#[derive(Interface)]
#[allow(clippy::enum_variant_names, reason = "the names of the types in the schema")]
#[graphql(
    field(name = "id", ty = "&ID", desc = "The same as long as the block is there, whatever happens around it."),
    field(name = "anchor", ty = "&String", desc = "The block's id within its story, and in `html`.")
)]
pub enum Block {
    /// A paragraph.
    ParagraphBlock(ParagraphBlock),
    /// A heading.
    HeadingBlock(HeadingBlock),
    /// A list.
    ListBlock(ListBlock),
    /// A quotation.
    QuoteBlock(QuoteBlock),
    /// A picture.
    FigureBlock(FigureBlock),
    /// Something of another site.
    EmbedBlock(EmbedBlock),
    /// A table.
    TableBlock(TableBlock),
    /// Code.
    CodeBlock(CodeBlock),
    /// A thematic break.
    DividerBlock(DividerBlock),
}

impl Block {
    /// A stored block of a variant.
    pub(super) fn new(variant: &PublishedVariant, block: &body::Block) -> Self {
        let (id, anchor) = (ID(format!("{}/{}", variant.id, block.id)), block.id.clone());
        match block.content.clone() {
            Content::Paragraph { html } => Self::ParagraphBlock(ParagraphBlock { id, anchor, html: Html(html) }),
            Content::Heading { level, html } => {
                Self::HeadingBlock(HeadingBlock { id, anchor, level, html: Html(html) })
            }
            Content::List(list) => {
                let List { ordered, start, items } = list.into();
                Self::ListBlock(ListBlock { id, anchor, ordered, start, items })
            }
            Content::Quote { html, cite } => {
                Self::QuoteBlock(QuoteBlock { id, anchor, html: Html(html), cite: cite.map(Html) })
            }
            Content::Figure(figure) => Self::FigureBlock(FigureBlock { id, anchor, figure }),
            Content::Embed { url, provider, caption } => {
                Self::EmbedBlock(EmbedBlock { id, anchor, url, provider, caption: caption.map(Html) })
            }
            Content::Table(table) => Self::TableBlock(TableBlock {
                id,
                anchor,
                caption: table.caption.map(Html),
                header: table.header.into_iter().map(TableRow::from).collect(),
                rows: table.rows.into_iter().map(TableRow::from).collect(),
            }),
            Content::Code { language, code } => Self::CodeBlock(CodeBlock { id, anchor, language, code }),
            Content::Divider => Self::DividerBlock(DividerBlock { id, anchor }),
        }
    }
}

macro_rules! plain_text {
    ($($name:ident),+) => {$(
        #[ComplexObject]
        impl $name {
            /// The same as plain text.
            async fn text(&self) -> String {
                body::inline::plain(&self.html.0)
            }
        }
    )+};
}
plain_text!(ParagraphBlock, HeadingBlock, QuoteBlock, ListItem);

/// A paragraph.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ParagraphBlock {
    /// The same as long as the block is there, whatever happens around it.
    id: ID,
    /// The block's id within its story, and in `html`.
    anchor: String,
    /// Inline HTML.
    html: Html,
}

/// A heading inside a story.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct HeadingBlock {
    /// The same as long as the block is there, whatever happens around it.
    id: ID,
    /// The block's id within its story, and in `html`.
    anchor: String,
    /// 2 to 6; level 1 is the headline's.
    level: u8,
    /// Inline HTML.
    html: Html,
}

/// A list.
#[derive(SimpleObject)]
pub struct ListBlock {
    /// The same as long as the block is there, whatever happens around it.
    id: ID,
    /// The block's id within its story, and in `html`.
    anchor: String,
    /// Whether the items are numbered.
    ordered: bool,
    /// The first number, when it is not 1.
    start: Option<u32>,
    /// The items in order.
    items: Vec<ListItem>,
}

/// One item of a list.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ListItem {
    /// Inline HTML.
    html: Html,
    /// The list below this item.
    children: Option<List>,
}

/// A list inside a list.
#[derive(SimpleObject)]
#[graphql(name = "NestedList")]
pub struct List {
    /// Whether the items are numbered.
    ordered: bool,
    /// The first number, when it is not 1.
    start: Option<u32>,
    /// The items in order.
    items: Vec<ListItem>,
}

impl From<body::List> for List {
    fn from(list: body::List) -> Self {
        let item = |item: body::ListItem| ListItem { html: Html(item.html), children: item.children.map(Self::from) };
        Self { ordered: list.ordered, start: list.start, items: list.items.into_iter().map(item).collect() }
    }
}

/// A quotation set apart from the text.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct QuoteBlock {
    /// The same as long as the block is there, whatever happens around it.
    id: ID,
    /// The block's id within its story, and in `html`.
    anchor: String,
    /// Inline HTML; `<p>` elements around it when there are several paragraphs.
    html: Html,
    /// Who or what is quoted. Inline HTML.
    cite: Option<Html>,
}

/// A picture in its place in the text.
pub struct FigureBlock {
    id: ID,
    anchor: String,
    figure: body::Figure,
}

/// A picture in its place in the text.
#[Object]
impl FigureBlock {
    /// The same as long as the block is there, whatever happens around it.
    async fn id(&self) -> &ID {
        &self.id
    }

    /// The block's id within its story, and in `html`.
    async fn anchor(&self) -> &String {
        &self.anchor
    }

    /// The picture, with its own alt text, caption and credit; null if it is not visible.
    async fn image(&self, ctx: &Context<'_>) -> Option<Result<Image>> {
        Image::load(ctx, self.figure.image?).await
    }

    /// The alt text for this place; null to use the picture's own.
    async fn alt(&self) -> Option<&str> {
        self.figure.alt.as_deref()
    }

    /// The caption for this place; null to use the picture's own. Inline HTML.
    async fn caption(&self) -> Option<Html> {
        self.figure.caption.clone().map(Html)
    }

    /// The credit for this place; null to use the picture's own.
    async fn credit(&self) -> Option<&str> {
        self.figure.credit.as_deref()
    }

    /// Where a click on the picture leads.
    async fn link(&self) -> Option<&str> {
        self.figure.link.as_deref()
    }
}

/// Something of another site or player, by its address.
#[derive(SimpleObject)]
pub struct EmbedBlock {
    /// The same as long as the block is there, whatever happens around it.
    id: ID,
    /// The block's id within its story, and in `html`.
    anchor: String,
    /// The address, `http` or `https`.
    url: String,
    /// The service as guessed from the address, such as `youtube`.
    provider: Option<String>,
    /// Inline HTML.
    caption: Option<Html>,
}

/// A table.
#[derive(SimpleObject)]
pub struct TableBlock {
    /// The same as long as the block is there, whatever happens around it.
    id: ID,
    /// The block's id within its story, and in `html`.
    anchor: String,
    /// Inline HTML.
    caption: Option<Html>,
    /// The rows of the head.
    header: Vec<TableRow>,
    /// The rows below the head.
    rows: Vec<TableRow>,
}

/// One row of a table.
#[derive(SimpleObject)]
pub struct TableRow {
    /// Its cells.
    cells: Vec<TableCell>,
}

/// One cell of a table.
#[derive(SimpleObject)]
pub struct TableCell {
    /// Inline HTML, possibly empty.
    html: Html,
    /// Whether it names its row or column.
    is_header: bool,
    /// How many columns it covers.
    colspan: u16,
    /// How many rows it covers.
    rowspan: u16,
}

impl From<body::Row> for TableRow {
    fn from(row: body::Row) -> Self {
        let cell = |cell: body::Cell| TableCell {
            html: Html(cell.html),
            is_header: cell.header,
            colspan: cell.colspan,
            rowspan: cell.rowspan,
        };
        Self { cells: row.into_iter().map(cell).collect() }
    }
}

/// Text whose spacing matters.
#[derive(SimpleObject)]
pub struct CodeBlock {
    /// The same as long as the block is there, whatever happens around it.
    id: ID,
    /// The block's id within its story, and in `html`.
    anchor: String,
    /// The programming language, where the author named it.
    language: Option<String>,
    /// Plain text.
    code: String,
}

/// A thematic break.
#[derive(SimpleObject)]
pub struct DividerBlock {
    /// The same as long as the block is there, whatever happens around it.
    id: ID,
    /// The block's id within its story, and in `html`.
    anchor: String,
}
