//! Typed blocks of a story as JSON, for clients that render natively.

use super::{Image, Setting};
use crate::domain::body::{self, Content, inline};
use serde::Serialize;
use utoipa::ToSchema;

/// A block of a story. `html` and captions are inline HTML, sanitised when it came in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Block {
    /// The same as long as the block is there, whatever happens around it; in `html`, the element's id.
    pub id: String,
    /// What it holds.
    #[serde(flatten)]
    pub content: BlockContent,
}

/// What a block holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum BlockContent {
    /// A paragraph.
    Paragraph(Markup),
    /// A heading inside the story.
    Heading(Heading),
    /// A list.
    List(List),
    /// A quotation set apart from the text.
    Quote(Quote),
    /// A picture.
    Figure(Box<Figure>),
    /// Something of another site or player, by its address.
    Embed(Embed),
    /// A table.
    Table(Table),
    /// Text whose spacing matters.
    Code(Code),
    /// A thematic break.
    Divider,
}

/// Running text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Markup {
    /// Inline HTML.
    pub html: String,
    /// The same as plain text.
    pub text: String,
}

impl Markup {
    fn new(html: String) -> Self {
        Self { text: inline::plain(&html), html }
    }
}

/// A heading inside a story.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Heading {
    /// 2 to 6; level 1 is the headline's.
    pub level: u8,
    /// The words.
    #[serde(flatten)]
    pub markup: Markup,
}

/// A list, also one inside an item of another.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct List {
    /// Whether the items are numbered.
    pub ordered: bool,
    /// The first number, when it is not 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    /// The items in order.
    pub items: Vec<ListItem>,
}

/// One item of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListItem {
    /// The words.
    #[serde(flatten)]
    pub markup: Markup,
    /// The list below this item.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub children: Option<List>,
}

/// A quotation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Quote {
    /// The words; `<p>` elements around them when there are several paragraphs.
    #[serde(flatten)]
    pub markup: Markup,
    /// Who or what is quoted. Inline HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cite: Option<String>,
}

/// A picture in its place in the text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Figure {
    /// The picture with its own alt text, caption and credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub image: Option<Image>,
    /// The alt text for this place, instead of the picture's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// The caption for this place, instead of the picture's own. Inline HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The credit for this place, instead of the picture's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Where a click on the picture leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Something of another site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Embed {
    /// The address, `http` or `https`.
    pub url: String,
    /// The service as guessed from the address, such as `youtube`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Inline HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

/// A table.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Table {
    /// Inline HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The rows of the head.
    pub header: Vec<Vec<Cell>>,
    /// The rows below the head.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell of a table.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Inline HTML, possibly empty.
    pub html: String,
    /// Whether it names its row or column.
    pub is_header: bool,
    /// How many columns it covers.
    pub colspan: u16,
    /// How many rows it covers.
    pub rowspan: u16,
}

/// Text whose spacing matters.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Code {
    /// The programming language, where the author named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Plain text.
    pub code: String,
}

impl Block {
    /// A block of a body.
    pub fn new(block: &body::Block, setting: &Setting<'_>) -> Self {
        let content = match block.content.clone() {
            Content::Paragraph { html } => BlockContent::Paragraph(Markup::new(html)),
            Content::Heading { level, html } => BlockContent::Heading(Heading { level, markup: Markup::new(html) }),
            Content::List(list) => BlockContent::List(list.into()),
            Content::Quote { html, cite } => BlockContent::Quote(Quote { markup: Markup::new(html), cite }),
            Content::Figure(figure) => BlockContent::Figure(Box::new(Figure {
                image: figure.image.and_then(|id| Image::find(id, setting)),
                alt: figure.alt,
                caption: figure.caption,
                credit: figure.credit,
                link: figure.link,
            })),
            Content::Embed { url, provider, caption } => BlockContent::Embed(Embed { url, provider, caption }),
            Content::Table(table) => BlockContent::Table(table.into()),
            Content::Code { language, code } => BlockContent::Code(Code { language, code }),
            Content::Divider => BlockContent::Divider,
        };
        Self { id: block.id.clone(), content }
    }
}

impl From<body::List> for List {
    fn from(list: body::List) -> Self {
        let item =
            |item: body::ListItem| ListItem { markup: Markup::new(item.html), children: item.children.map(Self::from) };
        Self { ordered: list.ordered, start: list.start, items: list.items.into_iter().map(item).collect() }
    }
}

impl From<body::Table> for Table {
    fn from(table: body::Table) -> Self {
        let cell = |cell: body::Cell| Cell {
            html: cell.html,
            is_header: cell.header,
            colspan: cell.colspan,
            rowspan: cell.rowspan,
        };
        let rows = |rows: Vec<body::Row>| {
            rows.into_iter().map(|row| row.into_iter().map(cell).collect()).collect::<Vec<Vec<Cell>>>()
        };
        Self { caption: table.caption, header: rows(table.header), rows: rows(table.rows) }
    }
}
