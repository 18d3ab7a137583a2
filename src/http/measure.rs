//! The limits that can be told from a document's tree, without the schema. Each fragment is measured once, however
//! often it is spread: a few fragments that spread each other twice are millions of fields.

use crate::config::Limits;
use crate::error::{Error, Limit};
use crate::graphql::{to_server_error, with_code};
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Pos, ServerError};
use std::collections::HashMap;

/// What a field of an expanded document takes in memory, roughly.
pub const BYTES_A_FIELD: u64 = 300;

/// How deep selections and fragments may nest, so that no stack overflows; the limit on depth counts fields.
pub const NESTING: usize = 64;

/// Refuses a document with too much in it; gives the number of its fields with all fragments put in place.
pub fn check(document: &ExecutableDocument, limits: &Limits) -> Result<u64, ServerError> {
    let mut counted = Counted::default();
    let mut measure = Measure { document, known: HashMap::new() };
    let mut fields = 0_u64;
    for fragment in document.fragments.values() {
        counted.directives += fragment.node.directives.len() as u64;
        counted.selections(&fragment.node.selection_set.node);
    }
    for (_, operation) in document.operations.iter() {
        let set = &operation.node.selection_set.node;
        counted.directives += operation.node.directives.len() as u64;
        counted.selections(set);
        let size = measure.set(set)?;
        within(Limit::RootFields, size.roots, limits.root_fields)?;
        within(Limit::Depth, size.depth, limits.depth)?;
        if size.nesting > NESTING as u64 {
            within(Limit::Depth, size.nesting, limits.depth)?;
        }
        // Each field costs a point at least.
        within(Limit::Complexity, size.fields, limits.complexity)?;
        fields = fields.saturating_add(size.fields);
    }
    within(Limit::Aliases, counted.aliases, limits.aliases)?;
    within(Limit::Directives, counted.directives, limits.directives)?;
    Ok(fields)
}

fn within(limit: Limit, found: u64, allowed: usize) -> Result<(), ServerError> {
    let allowed = allowed as u64;
    if found <= allowed {
        return Ok(());
    }
    Err(to_server_error(&Error::OverLimit { limit, allowed, found: Some(found) }))
}

#[derive(Default)]
struct Counted {
    aliases: u64,
    directives: u64,
}

impl Counted {
    fn selections(&mut self, set: &SelectionSet) {
        for selection in &set.items {
            self.directives += selection.node.directives().len() as u64;
            match &selection.node {
                Selection::Field(field) => {
                    self.aliases += u64::from(field.node.alias.is_some());
                    self.selections(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
}

/// How large a selection set is with all fragments put in place.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    roots: u64,
    fields: u64,
    depth: u64,
    nesting: u64,
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    /// None while a fragment is being measured.
    known: HashMap<&'a Name, Option<Size>>,
}

impl<'a> Measure<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<Size, ServerError> {
        let mut size = Size::default();
        for selection in &set.items {
            let (inner, levels) = match &selection.node {
                Selection::Field(field) => {
                    let below = self.set(&field.node.selection_set.node)?;
                    (Size { roots: 1, fields: below.fields.saturating_add(1), ..below }, 1)
                }
                Selection::InlineFragment(fragment) => (self.set(&fragment.node.selection_set.node)?, 0),
                Selection::FragmentSpread(spread) => {
                    (self.fragment(&spread.node.fragment_name.node, selection.pos)?, 0)
                }
            };
            size.roots = size.roots.saturating_add(inner.roots);
            size.fields = size.fields.saturating_add(inner.fields);
            size.depth = size.depth.max(inner.depth + levels);
            size.nesting = size.nesting.max(inner.nesting + 1);
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &'a Name, position: Pos) -> Result<Size, ServerError> {
        match self.known.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                let message = format!("the fragment `{name}` cannot be spread within itself");
                return Err(with_code(ServerError::new(message, Some(position)), "GRAPHQL_VALIDATION_FAILED"));
            }
            None => {}
        }
        // Validation names fragments that do not exist.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Size::default()) };
        self.known.insert(name, None);
        let size = self.set(&fragment.node.selection_set.node)?;
        self.known.insert(name, Some(size));
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    const LIMITS: Limits = Limits {
        depth: 3,
        complexity: 9,
        aliases: 2,
        root_fields: 2,
        directives: 1,
        tokens: 9,
        body_bytes: 9,
        time_ms: 9,
        subscriptions: 20,
        consumer_seconds: 20,
    };

    #[test]
    fn what_is_too_much_is_refused_with_both_numbers() {
        let bomb: String = (0..60).map(|n| format!("fragment f{n} on Q {{ ...f{0} ...f{0} }}", n + 1)).collect();
        let bomb = format!("{{ a {{ ...f0 }} }} {bomb} fragment f60 on Q {{ b }}");
        for (text, refused) in [
            ("{ a: x b: x }", ""),
            ("{ a: x { b: y { c: z } } }", "has too many aliases: at most 2 allowed, found 3"),
            ("{ a b c }", "has too many root fields: at most 2 allowed, found 3"),
            ("{ ...f } fragment f on Q { a ... { b c } }", "has too many root fields: at most 2 allowed, found 3"),
            ("{ a @skip(if: true) @include(if: true) }", "has too many directives: at most 1 allowed, found 2"),
            ("{ a { b { c { d } } } }", "nests too deep (levels): at most 3 allowed, found 4"),
            ("{ a { ...f } } fragment f on Q { b { c { d } } }", "nests too deep (levels): at most 3 allowed, found 4"),
            ("{ a { b c d e f g h i j } }", "costs too much (points): at most 9 allowed, found 10"),
            (&bomb, "costs too much (points): at most 9 allowed, found 1152921504606846977"),
            (
                "{ ...f } fragment f on Q { ...g } fragment g on Q { ...f }",
                "the fragment `f` cannot be spread within itself",
            ),
        ] {
            let found = check(&parse_query(text).unwrap(), &LIMITS).map_err(|error| error.message);
            match refused {
                "" => assert!(found.is_ok(), "{text}: {found:?}"),
                message => assert!(found.clone().unwrap_err().ends_with(message), "{text}: {found:?}"),
            }
        }
    }

    #[test]
    fn fragments_that_nest_too_deep_are_refused_before_anything_recurses_into_them() {
        let chain: String = (0..70).map(|n| format!("fragment f{n} on Q {{ ...f{} }}", n + 1)).collect();
        let chain = format!("{{ ...f0 }} {chain} fragment f70 on Q {{ b }}");
        let message = check(&parse_query(chain).unwrap(), &LIMITS).unwrap_err().message;
        assert!(message.ends_with("at most 3 allowed, found 72"), "{message}");
    }
}
