//! Omitted variables.

use async_graphql::parser::types::{BaseType, ExecutableDocument};
use async_graphql::{Value, Variables};

/// Gives omitted variables for numbers the value null, which means the same for every number of this schema.
///
/// async-graphql 8.0.0-rc.5 refuses a query whose cost depends on such a variable ("Variable last is not defined"),
/// although an argument is absent when its variable is. Clients that page in both directions omit one of two.
pub fn complete(document: &ExecutableDocument, variables: &mut Variables) {
    for (_, operation) in document.operations.iter() {
        for definition in &operation.node.variable_definitions {
            let (name, of) = (&definition.node.name.node, &definition.node.var_type.node);
            let is_number = of.nullable && matches!(&of.base, BaseType::Named(name) if name == "Int");
            if is_number && definition.node.default_value.is_none() && !variables.contains_key(name) {
                variables.insert(name.clone(), Value::Null);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;
    use serde_json::json;

    #[test]
    fn only_omitted_numbers_without_a_default_become_null() {
        let query = "query($a: Int, $b: Int, $c: Int = 3, $d: Int!, $e: String, $f: [Int]) { viewer { language } }";
        let mut variables = Variables::from_json(json!({"b": 2}));
        complete(&parse_query(query).unwrap(), &mut variables);
        assert_eq!(json!(variables), json!({"a": null, "b": 2}));
    }
}
