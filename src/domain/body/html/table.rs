//! `<table>`.

use super::walk::Walker;
use crate::domain::body::{Cell, Content, Row, Table};
use scraper::ElementRef;

/// The parts of a table as the page orders them, before they are read.
#[derive(Default)]
struct Parts<'a> {
    caption: Option<ElementRef<'a>>,
    header: Vec<Vec<ElementRef<'a>>>,
    rows: Vec<Vec<ElementRef<'a>>>,
    footer: Vec<Vec<ElementRef<'a>>>,
    strays: Vec<ElementRef<'a>>,
}

impl<'a> Walker<'a> {
    pub(super) fn table(&mut self, element: ElementRef<'a>) {
        self.flush();
        let parts = parts(element);
        let caption = parts.caption.map(|caption| self.lines_within(caption)).unwrap_or_default();
        let mut moved = caption.others;
        let caption = (!caption.lines.is_empty()).then(|| caption.lines.join("<br>"));
        if let Some(cell) = sole_cell(&parts).filter(|_| caption.is_none()) {
            // Old pages put whole stories into a table of one cell, for its border.
            self.note("<table> of one cell", "its content");
            self.place_moved(moved, "a table");
            parts.strays.into_iter().for_each(|stray| self.element(stray));
            self.wrapper(cell);
            return;
        }
        for stray in parts.strays {
            moved.extend(self.captured(|walker| walker.element(stray)));
        }
        let mut header = self.rows(parts.header, &mut moved);
        let mut rows = self.rows(parts.rows, &mut moved);
        rows.extend(self.rows(parts.footer, &mut moved));
        if header.is_empty() && rows.first().is_some_and(|row| row.iter().all(|cell| cell.header)) {
            header.extend(rows.drain(..1));
        }
        let is_shown = header.iter().chain(&rows).flatten().any(|cell| !cell.html.is_empty());
        match caption {
            caption if is_shown => self.place(Content::Table(Table { caption, header, rows })),
            Some(html) => self.place(Content::Paragraph { html }),
            None => {}
        }
        self.place_moved(moved, "a table");
    }

    fn rows(&mut self, rows: Vec<Vec<ElementRef<'a>>>, moved: &mut Vec<Content>) -> Vec<Row> {
        rows.into_iter().map(|cells| cells.into_iter().map(|cell| self.cell(cell, moved)).collect()).collect()
    }

    fn cell(&mut self, element: ElementRef<'a>, moved: &mut Vec<Content>) -> Cell {
        let held = self.lines_within(element);
        moved.extend(held.others);
        let span =
            |name| element.value().attr(name).and_then(|span| span.trim().parse().ok()).unwrap_or(1).clamp(1, 1000);
        Cell {
            html: held.lines.join("<br>"),
            header: element.value().name() == "th",
            colspan: span("colspan"),
            rowspan: span("rowspan"),
        }
    }
}

fn parts(table: ElementRef<'_>) -> Parts<'_> {
    let mut parts = Parts::default();
    for child in table.children().filter_map(ElementRef::wrap) {
        let group = match child.value().name() {
            "caption" if parts.caption.is_none() => {
                parts.caption = Some(child);
                continue;
            }
            "colgroup" => continue,
            "thead" => &mut parts.header,
            "tbody" => &mut parts.rows,
            "tfoot" => &mut parts.footer,
            _ => {
                parts.strays.push(child);
                continue;
            }
        };
        for row in child.children().filter_map(ElementRef::wrap) {
            let (cells, strays): (Vec<_>, Vec<_>) = match row.value().name() {
                "tr" => row.children().filter_map(ElementRef::wrap).partition(|cell| is_cell(*cell)),
                _ => (Vec::new(), vec![row]),
            };
            parts.strays.extend(strays);
            group.extend(Some(cells).filter(|cells| !cells.is_empty()));
        }
    }
    parts
}

fn is_cell(element: ElementRef<'_>) -> bool {
    matches!(element.value().name(), "td" | "th")
}

fn sole_cell<'a>(parts: &Parts<'a>) -> Option<ElementRef<'a>> {
    let mut cells = parts.header.iter().chain(&parts.rows).chain(&parts.footer).flatten();
    let cell = cells.next().filter(|cell| cell.value().name() == "td")?;
    cells.next().is_none().then_some(*cell)
}
