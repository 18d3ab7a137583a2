//! What changed between two revisions, and where a translation lags behind its source.

use crate::domain::diff;
use crate::domain::translation;
use crate::graphql::scalars::Html;
use async_graphql::{Enum, SimpleObject};

/// What happened to a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "diff::SegmentOp", name = "TextChange")]
pub enum SegmentOp {
    /// In both texts.
    Equal,
    /// In the new text only.
    Insert,
    /// In the old text only.
    Delete,
}

/// What happened to a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "diff::BlockOp", name = "BlockChangeKind")]
pub enum BlockOp {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another content.
    Changed,
    /// It has the same content in another place.
    Moved,
}

/// A piece of text: the equal and deleted ones are the old text, the equal and inserted ones the new text.
#[derive(SimpleObject)]
pub struct TextSegment {
    /// What happened to it.
    op: SegmentOp,
    /// The text.
    text: String,
}

/// A field that differs.
#[derive(SimpleObject)]
pub struct FieldDifference {
    /// Which field: `TITLE`, `DEKS`, `TAGS` …
    field: String,
    /// What it held, as text or ids; empty where it held nothing.
    before: Vec<String>,
    /// What it holds.
    after: Vec<String>,
    /// What changed word by word, where the field is prose. In Korean a changed particle or ending is shown alone.
    text: Vec<TextSegment>,
}

/// A block that differs.
#[derive(SimpleObject)]
pub struct BlockDifference {
    /// The block's id.
    block_id: String,
    /// What happened to it.
    op: BlockOp,
    /// Whether it changed its place among the others.
    moved: bool,
    /// The block as it was.
    before: Option<Html>,
    /// The block as it is.
    after: Option<Html>,
    /// Its plain text, word by word.
    text: Vec<TextSegment>,
}

/// All that differs between two revisions.
#[derive(SimpleObject)]
pub struct RevisionDifference {
    /// The fields that differ.
    fields: Vec<FieldDifference>,
    /// The blocks that differ, in reading order.
    blocks: Vec<BlockDifference>,
}

fn segments(text: Vec<diff::Segment>) -> Vec<TextSegment> {
    text.into_iter().map(|segment| TextSegment { op: segment.op.into(), text: segment.text }).collect()
}

impl From<diff::Difference> for RevisionDifference {
    fn from(difference: diff::Difference) -> Self {
        let field = |change: diff::FieldChange| FieldDifference {
            field: change.field.to_string(),
            before: change.before,
            after: change.after,
            text: segments(change.text),
        };
        let block = |change: diff::BlockChange| BlockDifference {
            block_id: change.id,
            op: change.op.into(),
            moved: change.moved,
            before: change.before.as_ref().map(super::variant::block_html),
            after: change.after.as_ref().map(super::variant::block_html),
            text: segments(change.text),
        };
        Self {
            fields: difference.fields.into_iter().map(field).collect(),
            blocks: difference.blocks.into_iter().map(block).collect(),
        }
    }
}

/// A part of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "translation::Part", name = "StoryPart")]
pub enum Part {
    /// The headline.
    Title,
    /// The lines under the headline.
    Deks,
    /// The sentences for lists and previews.
    Summary,
    /// One block of the body.
    Block,
}

/// What a part says.
#[derive(SimpleObject)]
pub struct Passage {
    /// The block's id; null where the part is no block.
    block_id: Option<String>,
    /// The text; a block as HTML. Several deks are several texts.
    texts: Vec<String>,
}

/// A part of the source that changed since the translation was made.
#[derive(SimpleObject)]
pub struct Lag {
    /// Which part.
    part: Part,
    /// What the source said then; null where it said nothing.
    before: Option<Passage>,
    /// What the source says now; null where it no longer says anything.
    after: Option<Passage>,
    /// What the translation says in its place; null where it says nothing there.
    translation: Option<Passage>,
}

impl From<translation::Passage> for Passage {
    fn from(passage: translation::Passage) -> Self {
        match passage {
            translation::Passage::Texts(texts) => Self { block_id: None, texts },
            translation::Passage::Block(block) => {
                Self { texts: vec![super::variant::block_html(&block).0], block_id: Some(block.id) }
            }
        }
    }
}

impl From<translation::Lag> for Lag {
    fn from(lag: translation::Lag) -> Self {
        let (before, after) = (lag.before.map(Into::into), lag.after.map(Into::into));
        Self { part: lag.part.into(), before, after, translation: lag.translation.map(Into::into) }
    }
}
