//! The operations of a document, each by itself, with its fragments put in place.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, FragmentDefinition, InlineFragment, OperationDefinition, OperationType,
    Selection, SelectionSet, VariableDefinition,
};
use async_graphql::{Name, Positioned, Variables};
use std::collections::HashMap;

/// An operation that can be executed.
pub struct Operation {
    name: Option<Name>,
    definition: Positioned<OperationDefinition>,
}

/// Takes a valid document apart.
pub fn expand(document: &ExecutableDocument) -> Vec<Operation> {
    let expand = |(name, definition): (Option<&Name>, &Positioned<OperationDefinition>)| {
        let mut definition = definition.clone();
        inline(&mut definition.node.selection_set.node, &document.fragments);
        Operation { name: name.cloned(), definition }
    };
    document.operations.iter().map(expand).collect()
}

fn inline(set: &mut SelectionSet, fragments: &HashMap<Name, Positioned<FragmentDefinition>>) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => inline(&mut field.node.selection_set.node, fragments),
            Selection::InlineFragment(fragment) => inline(&mut fragment.node.selection_set.node, fragments),
            Selection::FragmentSpread(spread) => {
                let Some(fragment) = fragments.get(&spread.node.fragment_name.node) else { continue };
                let mut fragment = InlineFragment {
                    type_condition: Some(fragment.node.type_condition.clone()),
                    directives: std::mem::take(&mut spread.node.directives),
                    selection_set: fragment.node.selection_set.clone(),
                };
                inline(&mut fragment.selection_set.node, fragments);
                selection.node = Selection::InlineFragment(Positioned::new(fragment, selection.pos));
            }
        }
    }
}

impl Operation {
    /// Its name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The variables that it declares.
    pub fn variables(&self) -> &[Positioned<VariableDefinition>] {
        &self.definition.node.variable_definitions
    }

    /// Whether it reads, changes or subscribes.
    pub fn kind(&self) -> OperationType {
        self.definition.node.ty
    }

    /// Whether it changes something or asks for more than what is published.
    pub fn needs_desk(&self) -> bool {
        self.definition.node.ty == OperationType::Mutation || names(&self.definition.node.selection_set.node, &["desk"])
    }

    /// Whether it asks for the schema.
    pub fn introspects(&self) -> bool {
        names(&self.definition.node.selection_set.node, &["__schema", "__type"])
    }

    /// What is executed with these variables. An argument that is a variable without a value counts as absent: the
    /// library would refuse it.
    pub fn document(&self, given: &Variables) -> ExecutableDocument {
        let mut definition = self.definition.clone();
        let has_no_value = |variable: &&Positioned<VariableDefinition>| {
            variable.node.default_value.is_none() && !given.contains_key(&variable.node.name.node)
        };
        // As an argument shows it: the library does not export the type of an argument's value.
        let absent: Vec<String> =
            self.variables().iter().filter(has_no_value).map(|absent| format!("${}", absent.node.name.node)).collect();
        if !absent.is_empty() {
            leave_out(&mut definition.node.selection_set.node, &absent);
        }
        ExecutableDocument { operations: DocumentOperations::Single(definition), fragments: HashMap::new() }
    }
}

/// Whether the root selects one of these fields.
fn names(set: &SelectionSet, fields: &[&str]) -> bool {
    set.items.iter().any(|selection| match &selection.node {
        Selection::Field(field) => fields.contains(&field.node.name.node.as_str()),
        Selection::InlineFragment(fragment) => names(&fragment.node.selection_set.node, fields),
        Selection::FragmentSpread(_) => false,
    })
}

fn leave_out(set: &mut SelectionSet, absent: &[String]) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                field.node.arguments.retain(|(_, value)| !absent.contains(&value.node.to_string()));
                leave_out(&mut field.node.selection_set.node, absent);
            }
            Selection::InlineFragment(fragment) => leave_out(&mut fragment.node.selection_set.node, absent),
            Selection::FragmentSpread(_) => {}
        }
    }
}
