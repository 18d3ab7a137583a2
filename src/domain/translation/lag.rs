//! What of a translation lags behind its source: where the source's text is another one than it was translated from.

use crate::domain::article::Content;
use crate::domain::body::{Block, Content as BlockContent};
use crate::domain::named::named;
use std::collections::{HashMap, HashSet, VecDeque};
use std::mem::{Discriminant, discriminant};

named! {
    /// A part of a story that is translated.
    Part "part of a story" {
        /// The headline.
        Title "TITLE",
        /// The lines under the headline.
        Deks "DEKS",
        /// The sentences for lists and previews.
        Summary "SUMMARY",
        /// One block of the body.
        Block "BLOCK",
    }
}

/// What a part says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// Headline or summary, one text; deks, each a text.
    Texts(Vec<String>),
    /// A block.
    Block(Block),
}

/// A part of the source that changed since the translation was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lag {
    /// Which part.
    pub part: Part,
    /// What the source said when it was translated; nothing if it said nothing.
    pub before: Option<Passage>,
    /// What the source says now; nothing if it no longer says anything.
    pub after: Option<Passage>,
    /// What the translation says in its place, if it has something there.
    pub translation: Option<Passage>,
}

/// Where a translation lags: the parts of the source with another content than then, in the order of the source. Blocks
/// that only moved do not count.
pub fn lagging(source_then: &Content, source_now: &Content, translation: &Content) -> Vec<Lag> {
    let texts = |part: Part, of: &dyn Fn(&Content) -> Vec<String>| {
        let (before, after) = (of(source_then), of(source_now));
        let passage = |texts: Vec<String>| (!texts.is_empty()).then_some(Passage::Texts(texts));
        let has_changed = before != after;
        let lag = |translation| Lag { part, before: passage(before), after: passage(after), translation };
        has_changed.then(|| lag(passage(of(translation))))
    };
    let title = texts(Part::Title, &|content| vec![content.title.clone()]);
    let deks = texts(Part::Deks, &|content| content.deks.clone());
    let summary = texts(Part::Summary, &|content| content.summary.iter().filter(|t| !t.is_empty()).cloned().collect());
    let blocks = lagging_blocks(&source_then.body.blocks, &source_now.body.blocks, &translation.body.blocks);
    title.into_iter().chain(deks).chain(summary).chain(blocks).collect()
}

fn lagging_blocks(then: &[Block], now: &[Block], translation: &[Block]) -> Vec<Lag> {
    let continued = continued(then, now);
    let translated = translated(then, translation);
    let lag = |before: Option<&Block>, after: Option<&Block>, translation: Option<&Block>| {
        let passage = |block: Option<&Block>| block.cloned().map(Passage::Block);
        Lag { part: Part::Block, before: passage(before), after: passage(after), translation: passage(translation) }
    };
    // A block that is gone is listed behind what stood before it.
    let mut lags: Vec<((Option<usize>, usize), Lag)> = Vec::new();
    let mut last = None;
    let mut is_old = vec![false; now.len()];
    for (at, ((block, now_at), translated)) in then.iter().zip(&continued).zip(&translated).enumerate() {
        let place = now_at.and_then(|at| is_old.get_mut(at));
        place.into_iter().for_each(|is_old| *is_old = true);
        last = now_at.or(last);
        let block_now = now_at.and_then(|at| now.get(at));
        let translated = translated.and_then(|at| translation.get(at));
        match block_now {
            Some(block_now) if block_now.hash == block.hash => {}
            Some(block_now) => lags.push(((*now_at, 0), lag(Some(block), Some(block_now), translated))),
            None => lags.push(((last, at + 1), lag(Some(block), None, translated))),
        }
    }
    // The translation may have the new block already, under the same id.
    let used: HashSet<usize> = translated.into_iter().flatten().collect();
    let unused = translation.iter().enumerate().filter(|(at, _)| !used.contains(at));
    let unused: HashMap<&str, &Block> = unused.map(|(_, block)| (block.id.as_str(), block)).collect();
    for (at, (block, _)) in now.iter().zip(is_old).enumerate().filter(|(_, (_, is_old))| !is_old) {
        lags.push(((Some(at), 0), lag(None, Some(block), unused.get(block.id.as_str()).copied())));
    }
    lags.sort_by_key(|(place, _)| *place);
    lags.into_iter().map(|(_, lag)| lag).collect()
}

/// For each block of then its place now: first what has the same content, under whatever id, then the same id.
fn continued(then: &[Block], now: &[Block]) -> Vec<Option<usize>> {
    let mut places = vec![None; then.len()];
    let mut used = vec![false; now.len()];
    for by in [|block: &Block| (&*block.id, &*block.hash), |block| ("", &*block.hash), |block| (&*block.id, "")]
        as [for<'a> fn(&'a Block) -> (&'a str, &'a str); 3]
    {
        let mut free: HashMap<(&str, &str), VecDeque<usize>> = HashMap::new();
        for (at, (block, _)) in now.iter().zip(&used).enumerate().filter(|(_, (_, used))| !**used) {
            free.entry(by(block)).or_default().push_back(at);
        }
        for (block, place) in then.iter().zip(&mut places).filter(|(_, place)| place.is_none()) {
            *place = free.get_mut(&by(block)).and_then(VecDeque::pop_front);
            let used = place.and_then(|at| used.get_mut(at));
            used.into_iter().for_each(|used| *used = true);
        }
    }
    places
}

/// For each block of the source its translation: the block of the same id, else, between those, the next one of the same
/// kind.
fn translated(source: &[Block], translation: &[Block]) -> Vec<Option<usize>> {
    let by_id: HashMap<&str, usize> =
        translation.iter().enumerate().map(|(at, block)| (block.id.as_str(), at)).collect();
    let mut places: Vec<Option<usize>> = source.iter().map(|block| by_id.get(block.id.as_str()).copied()).collect();
    let matched: HashSet<usize> = places.iter().flatten().copied().collect();
    // A gap is what follows a block of the same kind that was matched by its id, or nothing.
    type Gap = (Discriminant<BlockContent>, Option<usize>);
    let mut last: HashMap<Discriminant<BlockContent>, usize> = HashMap::new();
    let mut gaps: HashMap<Gap, VecDeque<usize>> = HashMap::new();
    for (at, block) in translation.iter().enumerate() {
        let kind = discriminant(&block.content);
        if matched.contains(&at) {
            last.insert(kind, at);
        } else {
            gaps.entry((kind, last.get(&kind).copied())).or_default().push_back(at);
        }
    }
    last.clear();
    for (block, place) in source.iter().zip(&mut places) {
        let kind = discriminant(&block.content);
        match place {
            Some(at) => {
                last.insert(kind, *at);
            }
            None => *place = gaps.get_mut(&(kind, last.get(&kind).copied())).and_then(VecDeque::pop_front),
        }
    }
    places
}
