//! Which blocks two versions of a body share, seen only through their hashes.

use std::collections::HashMap;

/// A place in the old list and its place in the new one.
pub(super) type Pair = (usize, usize);

/// Comparisons that one edit may cost: two bodies of 2,000 blocks with nothing in common. Larger ones are only matched
/// at both ends and by hashes that occur once.
const MAX_COMPARISONS: usize = 4_000_000;

/// A longest common subsequence, as pairs that rise on both sides.
pub(super) fn anchors(old: &[&str], new: &[&str]) -> Vec<Pair> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let old_middle = old.get(head..old_end).unwrap_or_default();
    let new_middle = new.get(head..new_end).unwrap_or_default();

    let mut pairs: Vec<Pair> = (0..head).map(|at| (at, at)).collect();
    if old_middle.len().saturating_mul(new_middle.len()) <= MAX_COMPARISONS {
        pairs.extend(common(old_middle, new_middle).into_iter().map(|(from, to)| (from + head, to + head)));
    }
    pairs.extend((0..tail).map(|at| (old_end + at, new_end + at)));
    pairs
}

/// The textbook table: each cell holds how many blocks the two remainders from there on share.
fn common(old: &[&str], new: &[&str]) -> Vec<Pair> {
    let mut table: Vec<Vec<u32>> = vec![vec![0; new.len() + 1]];
    for from in old.iter().rev() {
        let below = table.last().map(Vec::as_slice).unwrap_or_default();
        let mut row = vec![0; new.len() + 1];
        let mut right = 0;
        for (((to, cell), down), diagonal) in new.iter().zip(row.iter_mut()).zip(below).zip(below.iter().skip(1)).rev()
        {
            right = if from == to { diagonal + 1 } else { right.max(*down) };
            *cell = right;
        }
        table.push(row);
    }
    table.reverse();

    let shared = |from: usize, to: usize| table.get(from).and_then(|row| row.get(to)).copied().unwrap_or(0);
    let (mut from, mut to, mut pairs) = (0, 0, Vec::new());
    while let (Some(one), Some(other)) = (old.get(from), new.get(to)) {
        if one == other {
            pairs.push((from, to));
            (from, to) = (from + 1, to + 1);
        } else if shared(from + 1, to) >= shared(from, to + 1) {
            from += 1;
        } else {
            to += 1;
        }
    }
    pairs
}

/// Blocks outside the anchors that occur once in each list, wherever they went.
pub(super) fn moved(old: &[&str], new: &[&str], anchors: &[Pair]) -> Vec<Pair> {
    let from = unique(old, anchors.iter().map(|pair| pair.0));
    let to = unique(new, anchors.iter().map(|pair| pair.1));
    let mut pairs: Vec<Pair> = from.iter().filter_map(|(hash, from)| Some((*from, *to.get(hash)?))).collect();
    pairs.sort_unstable();
    pairs
}

fn unique<'a>(hashes: &[&'a str], matched: impl Iterator<Item = usize>) -> HashMap<&'a str, usize> {
    let mut is_matched = vec![false; hashes.len()];
    for at in matched {
        if let Some(place) = is_matched.get_mut(at) {
            *place = true;
        }
    }
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, hash) in hashes.iter().enumerate().filter(|(at, _)| is_matched.get(*at) == Some(&false)) {
        places.entry(hash).or_default().push(at);
    }
    places
        .into_iter()
        .filter_map(|(hash, at)| if let [at] = at.as_slice() { Some((hash, *at)) } else { None })
        .collect()
}
