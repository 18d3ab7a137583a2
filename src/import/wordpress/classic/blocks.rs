//! Block comments: gives blocks that have no HTML of their own a meaning, or names what is dropped with them.
//!
//! Blocks with HTML stay as they are, comments included. The two comments of classic content are read here too.

use serde_json::Value;

use super::markup::{Token, Tokens, tokens};
use super::{Context, autop, figures};

/// The beginning or the end of a block, as in `<!-- wp:image {"id":1} -->`.
struct Delimiter<'a> {
    /// Without `core/`, which WordPress leaves out itself.
    name: &'a str,
    attributes: Value,
    /// The comment's content: what a note shows.
    raw: &'a str,
    closes: bool,
    is_void: bool,
}

/// Blocks that may well be empty.
const MAY_BE_EMPTY: [&str; 3] = ["html", "freeform", "shortcode"];

/// The content with its comments resolved, and whether there are blocks in it.
pub(super) fn resolve(content: &str, context: &mut Context<'_>) -> (String, bool) {
    let mut writer = Writer::default();
    let mut tokens = tokens(content, &[]);
    while let Some(token) = tokens.next() {
        match token {
            Token::Comment(raw) => match delimiter(raw) {
                Some(block) => writer.block(raw, &block, &mut tokens, context),
                None => writer.loose.push_str(&comment(raw, context)),
            },
            Token::Tag(tag) => writer.loose.push_str(tag.raw),
            Token::Text(raw) | Token::Verbatim(_, raw) => writer.loose.push_str(raw),
        }
    }
    // Without any block the whole content is loose, and its paragraphs are made after its shortcodes.
    let has_blocks = !writer.out.is_empty();
    writer.flush(has_blocks);
    (writer.out, has_blocks)
}

/// What a comment that is no block's means to WordPress.
fn comment(raw: &str, context: &mut Context<'_>) -> String {
    let inside = raw.trim_start_matches("<!--").trim_end_matches("-->").trim();
    if inside == "nextpage" {
        context.note(raw, "a divider: the story is on one page");
        return "<hr class=\"wp-block-nextpage\" />".to_owned();
    }
    if inside.strip_prefix("more").is_some_and(|text| text.is_empty() || text.starts_with(' ')) {
        context.note(raw, "nothing: no text is lost, the teaser is the summary's business");
        return String::new();
    }
    raw.to_owned()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// What was read since the last block began or ended.
    loose: String,
    depth: usize,
}

impl Writer {
    /// Text between blocks was typed in the classic editor, and has no paragraphs unless somebody wrote them.
    fn flush(&mut self, may_be_classic: bool) {
        let loose = std::mem::take(&mut self.loose);
        let has_tags = loose.contains("<p>") || loose.contains("<p ");
        if may_be_classic && self.depth == 0 && !has_tags && !loose.trim().is_empty() {
            self.out.push('\n');
            self.out.push_str(&autop::paragraphs(&loose));
            self.out.push('\n');
        } else {
            self.out.push_str(&loose);
        }
    }

    fn block<'a>(&mut self, raw: &str, block: &Delimiter<'a>, tokens: &mut Tokens<'a>, context: &mut Context<'_>) {
        self.flush(true);
        self.out.push_str(raw);
        if block.closes {
            self.depth = self.depth.saturating_sub(1);
            return;
        }
        self.depth += usize::from(!block.is_void);
        let body = if block.is_void { "" } else { tokens.rest().split("<!--").next().unwrap_or_default() };
        let closes =
            |rest: &str| rest.starts_with(&format!("<!-- /wp:{}", block.name)) || rest.starts_with("<!-- /wp:core/");
        let is_empty = block.is_void || (body.trim().is_empty() && closes(tokens.rest().trim_start()));
        let meaning = meaning(block, body, is_empty, context);
        self.out.push_str(&meaning);
        let url = block.attributes.get("url").and_then(Value::as_str);
        if !meaning.is_empty() && url.is_some_and(|url| body.trim() == url) {
            // The figure has the address already.
            tokens.go_to(tokens.rest().strip_prefix(body).unwrap_or_default());
        }
    }
}

/// The HTML that a block without its own stands for.
fn meaning(block: &Delimiter<'_>, body: &str, is_empty: bool, context: &mut Context<'_>) -> String {
    let attributes = &block.attributes;
    let is_embed = block.name == "embed" || block.name.starts_with("core-embed/");
    if is_embed
        && !body.contains("<figure")
        && let Some(url) = attributes.get("url").and_then(Value::as_str)
    {
        return figures::embed(url);
    }
    if block.name == "image"
        && !body.contains("<img")
        && let Some(id) = attributes.get("id").and_then(Value::as_u64)
    {
        return figures::image_by_id(id, &format!("wp:{}", block.raw), context);
    }
    if block.name == "gallery"
        && is_empty
        && let Some(ids) = attributes.get("ids").and_then(Value::as_array)
    {
        // Old galleries have their ids as strings.
        let id = |id: &Value| id.as_u64().or_else(|| id.as_str()?.parse().ok());
        let ids: Vec<u64> = ids.iter().filter_map(id).collect();
        return figures::gallery(&ids, &format!("wp:{}", block.raw), context);
    }
    if is_empty && (block.is_void || !MAY_BE_EMPTY.contains(&block.name)) {
        let became = match attributes.get("ref").and_then(Value::as_u64).filter(|_| block.name == "block") {
            Some(id) => format!("dropped: a reusable block, item {id} of type wp_block in the export"),
            None => "dropped: WordPress or a plugin makes its content when the page is shown".to_owned(),
        };
        context.note(format!("wp:{}", block.raw), became);
    }
    String::new()
}

fn delimiter(comment: &str) -> Option<Delimiter<'_>> {
    let inside = comment.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let (closes, inside) = inside.strip_prefix('/').map_or((false, inside), |rest| (true, rest));
    let raw = inside.strip_prefix("wp:")?;
    let (raw, is_void) = raw.strip_suffix('/').map_or((raw, false), |raw| (raw.trim_end(), true));
    let (name, attributes) = raw.split_once(char::is_whitespace).unwrap_or((raw, ""));
    let name = name.strip_prefix("core/").unwrap_or(name);
    let attributes = serde_json::from_str(attributes.trim()).unwrap_or(Value::Null);
    Some(Delimiter { name, attributes, raw, closes, is_void })
}
