//! Contents from outside (an API's input, a file) made as safe as parsed ones.

use super::html::{language_name, paragraphs, tidy};
use super::inline::{plain_text, sanitise};
use super::{Cell, Content, Figure, List, Table, link};

impl Content {
    /// The same content by the rules of this module, or `None` when nothing of it can be shown: inline HTML through the
    /// allow-list, plain text in NFC, addresses checked, numbers within their bounds.
    pub fn sanitised(self) -> Option<Self> {
        Some(match self {
            Self::Paragraph { html } => Self::Paragraph { html: shown(&html)? },
            Self::Heading { level, html } => Self::Heading { level: level.clamp(2, 6), html: shown(&html)? },
            Self::List(list) => Self::List(sanitised_list(list, 1)?),
            Self::Quote { html, cite } => Self::Quote { html: quote(&html)?, cite: cite.and_then(|html| shown(&html)) },
            Self::Figure(figure) => Self::Figure(sanitised_figure(figure)?),
            Self::Embed { url, caption, .. } => {
                super::embed::embed(link::address(&url)?, caption.and_then(|html| shown(&html)))
            }
            Self::Table(table) => Self::Table(sanitised_table(table)?),
            Self::Code { language, code } => {
                Self::Code { language: language.as_deref().and_then(language_name), code: tidy(&code)? }
            }
            Self::Divider => Self::Divider,
        })
    }
}

fn shown(html: &str) -> Option<String> {
    Some(sanitise(html)).filter(|html| !html.is_empty())
}

fn quote(html: &str) -> Option<String> {
    super::html::joined(paragraphs(html).filter_map(shown).collect())
}

fn sanitised_list(list: List, depth: usize) -> Option<List> {
    let mut items = Vec::new();
    for mut item in list.items {
        item.html = sanitise(&item.html);
        item.children = item.children.and_then(|children| sanitised_list(children, depth + 1));
        if depth >= super::html::MAX_LIST_DEPTH {
            let below = item.children.take();
            items.push(item);
            items.extend(below.into_iter().flat_map(|list| list.items));
        } else {
            items.push(item);
        }
    }
    items.retain(|item| !item.html.is_empty() || item.children.is_some());
    let start = list.start.filter(|start| list.ordered && *start != 1);
    (!items.is_empty()).then_some(List { ordered: list.ordered, start, items })
}

fn sanitised_figure(figure: Figure) -> Option<Figure> {
    let source = figure.source.as_deref().and_then(link::address);
    (figure.image.is_some() || source.is_some()).then(|| Figure {
        image: figure.image,
        source,
        alt: figure.alt.as_deref().and_then(plain_text),
        caption: figure.caption.and_then(|html| shown(&html)),
        credit: figure.credit.as_deref().and_then(plain_text),
        link: figure.link.as_deref().and_then(link::link),
    })
}

fn sanitised_table(table: Table) -> Option<Table> {
    let rows = |rows: Vec<Vec<Cell>>| -> Vec<Vec<Cell>> {
        let cell = |cell: Cell| Cell {
            html: sanitise(&cell.html),
            header: cell.header,
            colspan: cell.colspan.clamp(1, 1000),
            rowspan: cell.rowspan.clamp(1, 1000),
        };
        rows.into_iter().filter(|row| !row.is_empty()).map(|row| row.into_iter().map(cell).collect()).collect()
    };
    let (header, rows) = (rows(table.header), rows(table.rows));
    let is_shown = header.iter().chain(&rows).flatten().any(|cell| !cell.html.is_empty());
    is_shown.then(|| Table { caption: table.caption.and_then(|html| shown(&html)), header, rows })
}
