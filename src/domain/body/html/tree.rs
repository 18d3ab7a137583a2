//! The DOM of a fragment, within bounds.
//!
//! A tree builder does what the standard says, and the standard lets a hundred thousand nested elements cost minutes and
//! unclosed formatting elements multiply. Start tags beyond any depth that a page needs are therefore dropped before
//! they reach the builder; the text in them is kept.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink, create_element};
use html5ever::{QualName, TokenizerResult, local_name, ns};
use scraper::{Html, HtmlTreeSink};
use std::cell::Cell;

/// Page builders nest some forty elements; browsers give up at 512.
const MAX_DEPTH: usize = 96;
/// From here on, tags are no longer believed at all.
const HOPELESS_DEPTH: usize = 2 * MAX_DEPTH;
/// More than the longest article with the largest table.
const MAX_NODES: usize = 400_000;

/// A fragment's DOM.
pub(super) struct Tree {
    pub(super) html: Html,
    /// Whether tags had to be dropped.
    pub(super) is_cut: bool,
}

/// Parses as the content of `<body>`.
pub(super) fn build(input: &str) -> Tree {
    let sink = HtmlTreeSink::new(Html::new_fragment());
    let body = create_element(&sink, QualName::new(None, ns!(html), local_name!("body")), Vec::new());
    let builder = TreeBuilder::new_for_fragment(sink, body, None, TreeBuilderOpts::default());
    let bounded = Bounded { builder, depth: Cell::new(0), is_cut: Cell::new(false), is_hopeless: Cell::new(false) };
    let tokenizer = Tokenizer::new(bounded, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(input));
    // The tokenizer pauses after each `<script>`, in case somebody wants to run it.
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    tokenizer.end();
    let Bounded { builder, is_cut, .. } = tokenizer.sink;
    Tree { html: builder.sink.finish(), is_cut: is_cut.get() }
}

type Handle = <HtmlTreeSink as TreeSink>::Handle;

/// Stands between tokenizer and tree builder and holds back what would nest too deeply.
struct Bounded {
    builder: TreeBuilder<Handle, HtmlTreeSink>,
    /// The depth of the newest node, less the end tags since: what the next element's depth is about.
    depth: Cell<usize>,
    is_cut: Cell<bool>,
    is_hopeless: Cell<bool>,
}

impl Bounded {
    fn admits(&self, tag: &Tag) -> bool {
        if self.is_hopeless.get() {
            return false;
        }
        match tag.kind {
            TagKind::EndTag => {
                self.depth.set(self.depth.get().saturating_sub(1));
                true
            }
            TagKind::StartTag => is_void(&tag.name) || self.depth.get() < MAX_DEPTH,
        }
    }

    fn measure(&self) {
        let html = self.builder.sink.0.borrow();
        let newest = html.tree.nodes().next_back();
        let depth = newest.map_or(0, |node| node.ancestors().take(HOPELESS_DEPTH).count());
        self.depth.set(depth);
        if depth >= HOPELESS_DEPTH || html.tree.values().len() > MAX_NODES {
            self.is_hopeless.set(true);
        }
    }
}

impl TokenSink for Bounded {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        let Token::TagToken(tag) = &token else { return self.builder.process_token(token, line) };
        if !self.admits(tag) {
            self.is_cut.set(true);
            return TokenSinkResult::Continue;
        }
        let is_start = tag.kind == TagKind::StartTag;
        let result = self.builder.process_token(token, line);
        if is_start {
            self.measure();
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Elements that hold nothing and so cannot nest.
fn is_void(name: &str) -> bool {
    matches!(name, "br" | "embed" | "hr" | "img" | "input" | "param" | "source" | "track" | "wbr")
}

#[cfg(test)]
mod tests {
    use crate::domain::body::html::parse;
    use crate::domain::body::{Body, render};

    #[test]
    fn hostile_nesting_is_cut_and_its_text_kept() {
        let many = 100_000;
        let fonts: String = (0..20_000).map(|n| format!("<p><font color={n}></p>")).collect();
        for html in [
            "<div>".repeat(many),
            "<ul><li>".repeat(many),
            "<blockquote>".repeat(many),
            "<table><td>".repeat(many),
            "<b><i>".repeat(many),
            "<figure>".repeat(many),
            "<div></x></x>".repeat(many),
            "<div><table></div></table>".repeat(many / 4),
            "<svg><g>".repeat(many),
            "<select>".repeat(many),
            fonts,
        ] {
            let parsed = parse(&format!("<p>first</p>{html}last"));
            let shown = render::text(&Body::from_contents(parsed.contents, None));
            let is_dropped = html.starts_with("<svg");
            assert!(shown.starts_with("first") && (is_dropped || shown.ends_with("last")), "{html:.20}: {shown:.200}");
        }
    }
}
