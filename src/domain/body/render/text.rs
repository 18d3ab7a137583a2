//! Plain text: what a reader reads, for search, summaries, e-mail and measuring.

use crate::domain::body::html::paragraphs;
use crate::domain::body::inline::plain;
use crate::domain::body::{Body, Content, Figure, List, Table};

/// A body as plain text, an empty line between blocks.
pub fn text(body: &Body) -> String {
    let mut out = String::new();
    for block in &body.blocks {
        let start = out.len();
        push_block(&mut out, &block.content);
        if out.len() > start {
            out.push_str("\n\n");
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// One block as plain text.
pub fn block_text(content: &Content) -> String {
    let mut out = String::new();
    push_block(&mut out, content);
    out
}

/// Ends without a line break.
fn push_block(out: &mut String, content: &Content) {
    match content {
        Content::Paragraph { html } | Content::Heading { html, .. } => out.push_str(&plain(html)),
        Content::List(list) => push_list(out, list, 0),
        Content::Quote { html, cite } => {
            let lines = paragraphs(html).map(plain);
            let cite = cite.as_deref().map(|cite| format!("— {}", plain(cite)));
            push_joined(out, lines.chain(cite), "\n\n");
        }
        Content::Figure(Figure { caption, credit, .. }) => {
            push_joined(out, caption.as_deref().map(plain).into_iter().chain(credit.clone()), "\n");
        }
        Content::Embed { url, caption, .. } => {
            push_joined(out, caption.as_deref().map(plain).into_iter().chain([url.clone()]), "\n");
        }
        Content::Table(table) => push_table(out, table),
        Content::Code { code, .. } => out.push_str(code),
        Content::Divider => {}
    }
}

fn push_joined(out: &mut String, parts: impl Iterator<Item = String>, separator: &str) {
    for (at, part) in parts.enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        out.push_str(&part);
    }
}

fn push_list(out: &mut String, list: &List, depth: usize) {
    for (number, item) in (u64::from(list.start.unwrap_or(1))..).zip(&list.items) {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        let marker = if list.ordered { format!("{number}. ") } else { "- ".to_owned() };
        let indent = "  ".repeat(depth);
        out.push_str(&indent);
        out.push_str(&marker);
        out.push_str(&plain(&item.html).replace('\n', &format!("\n{indent}  ")));
        if let Some(children) = &item.children {
            push_list(out, children, depth + 1);
        }
    }
}

fn push_table(out: &mut String, table: &Table) {
    let rows = table.header.iter().chain(&table.rows).map(|row| {
        let cells: Vec<String> = row.iter().map(|cell| plain(&cell.html).replace('\n', " ")).collect();
        cells.join("\t")
    });
    push_joined(out, table.caption.as_deref().map(plain).into_iter().chain(rows), "\n");
}
