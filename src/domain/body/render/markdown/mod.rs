//! Markdown for editors, that reads back as the same contents.
//!
//! What Markdown cannot say (spans of cells, credits, captions of embeds) is written as HTML, which Markdown may hold.

mod line;

use super::FigureView;
use super::html::{push_block as push_html, push_cite};
use crate::domain::body::html::paragraphs;
use crate::domain::body::inline::plain;
use crate::domain::body::{Body, Content, Figure, List, Row, Table};
use line::{Breaks, markdown_line, push_target};

/// A body as Markdown. `figures` tells where a figure's picture is.
pub fn markdown(body: &Body, figures: &dyn Fn(&Figure) -> FigureView) -> String {
    let mut out = String::with_capacity(body.blocks.len() * 256);
    // Two lists in a row would read as one, were it not for their markers.
    let mut lists_in_row = 0;
    for block in &body.blocks {
        lists_in_row = if matches!(block.content, Content::List(_)) { lists_in_row + 1 } else { 0 };
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        push_block(&mut out, &block.content, lists_in_row % 2 == 0, figures);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Ends without a line break.
fn push_block(out: &mut String, content: &Content, other_marker: bool, figures: &dyn Fn(&Figure) -> FigureView) {
    match content {
        Content::Paragraph { html } => out.push_str(&markdown_line(html, Breaks::Backslash)),
        Content::Heading { level, html } => {
            out.extend(std::iter::repeat_n('#', usize::from(*level)));
            out.push(' ');
            out.push_str(&markdown_line(html, Breaks::Tag));
            // A `#` at the end would count as decoration.
            if out.ends_with('#') && !out.ends_with("\\#") {
                out.pop();
                out.push_str("\\#");
            }
        }
        Content::List(list) => push_list(out, list, "", other_marker),
        Content::Quote { html, cite } => push_quote(out, html, cite.as_deref()),
        Content::Figure(figure) => push_figure(out, figure, &figures(figure)),
        Content::Embed { url, caption: None, .. } if url.starts_with("http") => {
            out.push('<');
            // Entities are read here too; an ordinary query has none, because they end with a semicolon.
            out.push_str(&if url.contains(';') { url.replace('&', "&amp;") } else { url.clone() });
            out.push('>');
        }
        Content::Table(table) if is_plain(table) => push_table(out, table),
        Content::Embed { .. } | Content::Table(_) => push_html(out, None, content, figures),
        Content::Code { language, code } => push_code(out, language.as_deref(), code),
        Content::Divider => out.push_str("---"),
    }
}

fn push_list(out: &mut String, list: &List, indent: &str, other_marker: bool) {
    for (number, item) in (u64::from(list.start.unwrap_or(1))..).zip(&list.items) {
        if number > list.start.unwrap_or(1).into() {
            out.push('\n');
        }
        let marker = match (list.ordered, other_marker) {
            (true, false) => format!("{number}."),
            (true, true) => format!("{number})"),
            (false, false) => "-".to_owned(),
            (false, true) => "*".to_owned(),
        };
        out.push_str(indent);
        out.push_str(&marker);
        if !item.html.is_empty() {
            out.push(' ');
            out.push_str(&markdown_line(&item.html, Breaks::Tag));
        }
        if let Some(children) = &item.children {
            out.push_str(if may_follow_text(children) || item.html.is_empty() { "\n" } else { "\n\n" });
            let inner = format!("{indent}{}", " ".repeat(marker.len() + 1));
            push_list(out, children, &inner, false);
        }
    }
}

/// Right below a line of text, only a list that begins with 1 and with words is seen as one.
fn may_follow_text(list: &List) -> bool {
    list.start.is_none() && list.items.first().is_some_and(|item| !item.html.is_empty())
}

fn push_quote(out: &mut String, html: &str, cite: Option<&str>) {
    let mut lines: Vec<String> = paragraphs(html).map(|html| markdown_line(html, Breaks::Backslash)).collect();
    lines.extend(cite.map(|cite| {
        let mut line = String::new();
        push_cite(&mut line, cite);
        line
    }));
    let quoted: Vec<String> = lines.iter().map(|line| format!("> {}", line.replace('\n', "\n> "))).collect();
    out.push_str(&quoted.join("\n>\n"));
}

fn push_figure(out: &mut String, figure: &Figure, view: &FigureView) {
    let caption = view.caption.as_deref();
    let is_plain = view.credit.is_none() && figure.link.is_none() && caption.is_none_or(|html| !html.contains('<'));
    if !is_plain || view.src.is_empty() {
        push_html(out, None, &Content::Figure(figure.clone()), &|_| view.clone());
        return;
    }
    out.push_str("![");
    out.push_str(&line::escaped(&view.alt));
    out.push_str("](");
    push_target(out, &view.src, caption.map(plain).as_deref());
    out.push(')');
}

/// Whether Markdown has a table like this: one row as head, all rows of one length, nothing merged.
fn is_plain(table: &Table) -> bool {
    let [head] = table.header.as_slice() else { return false };
    table.caption.is_none()
        && head.iter().all(|cell| cell.header)
        && table.rows.iter().flatten().all(|cell| !cell.header)
        && table.rows.iter().all(|row| row.len() == head.len())
        && head.iter().chain(table.rows.iter().flatten()).all(|cell| cell.colspan == 1 && cell.rowspan == 1)
}

fn push_table(out: &mut String, table: &Table) {
    for row in &table.header {
        push_row(out, row);
        out.push_str("\n|");
        row.iter().for_each(|_| out.push_str(" --- |"));
    }
    for row in &table.rows {
        out.push('\n');
        push_row(out, row);
    }
}

fn push_row(out: &mut String, row: &Row) {
    out.push('|');
    for cell in row {
        out.push(' ');
        out.push_str(&markdown_line(&cell.html, Breaks::Cell));
        out.push_str(" |");
    }
}

fn push_code(out: &mut String, language: Option<&str>, code: &str) {
    let fence = "`".repeat(line::longest_run(code, '`').max(2) + 1);
    out.push_str(&fence);
    out.push_str(language.unwrap_or_default());
    out.push('\n');
    out.push_str(code);
    out.push('\n');
    out.push_str(&fence);
}
