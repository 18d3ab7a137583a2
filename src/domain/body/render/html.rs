//! Semantic HTML, the same for pages, feeds and apps: no classes of a theme, each block with its id.

use super::FigureView;
use crate::domain::body::html::paragraphs;
use crate::domain::body::inline::escape::{push_attribute, push_escaped};
use crate::domain::body::{Body, Content, Figure, List, Row, Table};

/// A body as HTML. `figures` tells where a figure's picture is.
pub fn html(body: &Body, figures: &dyn Fn(&Figure) -> FigureView) -> String {
    let mut out = String::with_capacity(body.blocks.len() * 256);
    for block in &body.blocks {
        push_block(&mut out, Some(&block.id), &block.content, figures);
        out.push('\n');
    }
    out
}

/// One block; without an id where it stands inside another format.
pub(super) fn push_block(
    out: &mut String,
    id: Option<&str>,
    content: &Content,
    figures: &dyn Fn(&Figure) -> FigureView,
) {
    match content {
        Content::Paragraph { html } => push_element(out, "p", id, html),
        Content::Heading { level, html } => {
            let tag = match level {
                ..=2 => "h2",
                3 => "h3",
                4 => "h4",
                5 => "h5",
                6.. => "h6",
            };
            push_element(out, tag, id, html);
        }
        Content::List(list) => push_list(out, id, list),
        Content::Quote { html, cite } => push_quote(out, id, html, cite.as_deref()),
        Content::Figure(figure) => push_figure(out, id, figure, &figures(figure)),
        Content::Embed { url, caption, .. } => push_embed(out, id, url, caption.as_deref()),
        Content::Table(table) => push_table(out, id, table),
        Content::Code { language, code } => push_code(out, id, language.as_deref(), code),
        Content::Divider => push_start(out, "hr", id, &[]),
    }
}

fn push_start(out: &mut String, tag: &str, id: Option<&str>, attributes: &[(&str, &str)]) {
    out.push('<');
    out.push_str(tag);
    if let Some(id) = id {
        push_attribute(out, "id", id);
    }
    for (name, value) in attributes {
        push_attribute(out, name, value);
    }
    out.push('>');
}

fn push_end(out: &mut String, tag: &str) {
    out.push_str("</");
    out.push_str(tag);
    out.push('>');
}

fn push_element(out: &mut String, tag: &str, id: Option<&str>, html: &str) {
    push_start(out, tag, id, &[]);
    out.push_str(html);
    push_end(out, tag);
}

fn push_list(out: &mut String, id: Option<&str>, list: &List) {
    let tag = if list.ordered { "ol" } else { "ul" };
    match list.start.filter(|_| list.ordered) {
        Some(start) => push_start(out, tag, id, &[("start", &start.to_string())]),
        None => push_start(out, tag, id, &[]),
    }
    for item in &list.items {
        out.push_str("<li>");
        out.push_str(&item.html);
        if let Some(children) = &item.children {
            push_list(out, None, children);
        }
        out.push_str("</li>");
    }
    push_end(out, tag);
}

fn push_quote(out: &mut String, id: Option<&str>, html: &str, cite: Option<&str>) {
    push_start(out, "blockquote", id, &[]);
    for paragraph in paragraphs(html) {
        push_element(out, "p", None, paragraph);
    }
    if let Some(cite) = cite {
        push_cite(out, cite);
    }
    push_end(out, "blockquote");
}

/// The source of a quote, which may mark its own `<cite>` among other words.
pub(super) fn push_cite(out: &mut String, cite: &str) {
    out.push_str("<footer>");
    if cite.contains("<cite") {
        out.push_str(cite);
    } else {
        push_element(out, "cite", None, cite);
    }
    out.push_str("</footer>");
}

fn push_figure(out: &mut String, id: Option<&str>, figure: &Figure, view: &FigureView) {
    push_start(out, "figure", id, &[]);
    if let Some(link) = &figure.link {
        push_start(out, "a", None, &[("href", link)]);
    }
    out.push_str("<img");
    push_attribute(out, "src", &view.src);
    for (name, length) in [("width", view.width), ("height", view.height)] {
        if let Some(length) = length {
            push_attribute(out, name, &length.to_string());
        }
    }
    push_attribute(out, "alt", &view.alt);
    out.push_str(" loading=\"lazy\">");
    if figure.link.is_some() {
        out.push_str("</a>");
    }
    if view.caption.is_some() || view.credit.is_some() {
        out.push_str("<figcaption>");
        out.push_str(view.caption.as_deref().unwrap_or_default());
        if let Some(credit) = &view.credit {
            out.push_str(if view.caption.is_some() { " " } else { "" });
            push_start(out, "span", None, &[("class", "credit")]);
            push_escaped(out, credit.chars());
            out.push_str("</span>");
        }
        out.push_str("</figcaption>");
    }
    out.push_str("</figure>");
}

fn push_embed(out: &mut String, id: Option<&str>, url: &str, caption: Option<&str>) {
    push_start(out, "figure", id, &[("class", "embed")]);
    push_start(out, "a", None, &[("href", url)]);
    push_escaped(out, url.chars());
    out.push_str("</a>");
    if let Some(caption) = caption {
        push_element(out, "figcaption", None, caption);
    }
    out.push_str("</figure>");
}

fn push_table(out: &mut String, id: Option<&str>, table: &Table) {
    push_start(out, "table", id, &[]);
    if let Some(caption) = &table.caption {
        push_element(out, "caption", None, caption);
    }
    for (tag, rows) in [("thead", &table.header), ("tbody", &table.rows)] {
        if !rows.is_empty() {
            push_start(out, tag, None, &[]);
            rows.iter().for_each(|row| push_row(out, row));
            push_end(out, tag);
        }
    }
    push_end(out, "table");
}

fn push_row(out: &mut String, row: &Row) {
    out.push_str("<tr>");
    for cell in row {
        let tag = if cell.header { "th" } else { "td" };
        out.push('<');
        out.push_str(tag);
        for (name, span) in [("colspan", cell.colspan), ("rowspan", cell.rowspan)] {
            if span != 1 {
                push_attribute(out, name, &span.to_string());
            }
        }
        out.push('>');
        out.push_str(&cell.html);
        push_end(out, tag);
    }
    out.push_str("</tr>");
}

fn push_code(out: &mut String, id: Option<&str>, language: Option<&str>, code: &str) {
    push_start(out, "pre", id, &[]);
    match language {
        Some(language) => push_start(out, "code", None, &[("class", &format!("language-{language}"))]),
        None => push_start(out, "code", None, &[]),
    }
    push_escaped(out, code.chars());
    out.push_str("</code></pre>");
}
