//! The values of variables, against the types that the operation declares for them, as the specification wants it done
//! before anything is executed. The library looks at them where a resolver uses them, if it comes to that.

use super::query::Query;
use crate::error::{Error, FieldError, Result};
use async_graphql::parser::types::{BaseType, Type, VariableDefinition};
use async_graphql::registry::{MetaInputValue, MetaType, Registry};
use async_graphql::{Name, OutputType, Positioned, Value, Variables};
use std::collections::BTreeMap;
use std::fmt::Display;

/// The input types of the schema.
pub struct Inputs(BTreeMap<String, MetaType>);

impl Default for Inputs {
    /// Reads them from the schema.
    fn default() -> Self {
        let mut registry = Registry::default();
        // `Int` checks what the first type of that name wants; `totalCount` would want it to be positive.
        <i32 as OutputType>::create_type_info(&mut registry);
        Query::create_type_info(&mut registry);
        Self(registry.types)
    }
}

impl Inputs {
    /// Refuses values that are missing or of another type, and names all of them.
    pub fn check(&self, declared: &[Positioned<VariableDefinition>], given: &Variables) -> Result<()> {
        let mut found = Found(Vec::new());
        for variable in declared {
            let variable = &variable.node;
            let path = format!("variables.{}", variable.name.node);
            match given.get(&variable.name.node) {
                Some(value) => self.value(&mut found, &path, &variable.var_type.node, value),
                None if variable.var_type.node.nullable || variable.default_value.is_some() => {}
                None => found.missing(&path, &variable.var_type.node),
            }
        }
        if found.0.is_empty() { Ok(()) } else { Err(Error::Invalid(found.0)) }
    }

    fn value(&self, found: &mut Found, path: &str, wanted: &Type, value: &Value) {
        match (&wanted.base, value) {
            (_, Value::Null) if wanted.nullable => {}
            (_, Value::Null) => found.missing(path, wanted),
            (BaseType::List(item), Value::List(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.value(found, &format!("{path}[{index}]"), item, value);
                }
            }
            // A value counts as a list of one.
            (BaseType::List(item), value) => self.value(found, path, item, value),
            (BaseType::Named(name), value) => self.named(found, path, name, value),
        }
    }

    fn named(&self, found: &mut Found, path: &str, name: &Name, value: &Value) {
        match (self.0.get(name.as_str()), value) {
            (Some(MetaType::InputObject { input_fields, oneof, .. }), Value::Object(given)) => {
                for key in given.keys().filter(|key| !input_fields.contains_key(key.as_str())) {
                    found.invalid(path, format!("`{name}` has no field `{key}`"));
                }
                if *oneof && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
                    found.invalid(path, format!("`{name}` takes exactly one field"));
                }
                for field in input_fields.values() {
                    self.field(found, path, field, given.get(field.name.as_str()));
                }
            }
            (Some(MetaType::Enum { enum_values, .. }), value) => {
                let known = matches!(value, Value::String(text) if enum_values.contains_key(text.as_str()));
                if !known {
                    let values: Vec<&str> = enum_values.keys().map(String::as_str).collect();
                    found.invalid(path, format!("{value} is not a `{name}`: expected one of {}", values.join(", ")));
                }
            }
            (Some(MetaType::Scalar { is_valid, .. }), value) => {
                let small = name != "Int"
                    || matches!(value, Value::Number(n) if n.as_i64().is_some_and(|n| i32::try_from(n).is_ok()));
                if !small || is_valid.as_ref().is_some_and(|is_valid| !is_valid(value)) {
                    found.invalid(path, format!("{value} is not a `{name}`"));
                }
            }
            (Some(_), value) => found.invalid(path, format!("{value} is not a `{name}`")),
            // Validation names types that do not exist.
            (None, _) => {}
        }
    }

    fn field(&self, found: &mut Found, path: &str, field: &MetaInputValue, given: Option<&Value>) {
        let Some(wanted) = Type::new(&field.ty) else { return };
        let path = format!("{path}.{}", field.name);
        match given {
            Some(value) => self.value(found, &path, &wanted, value),
            None if wanted.nullable || field.default_value.is_some() => {}
            None => found.missing(&path, &wanted),
        }
    }
}

struct Found(Vec<FieldError>);

impl Found {
    /// As many errors as help somebody.
    const MOST: usize = 20;

    fn add(&mut self, path: &str, code: &'static str, message: String) {
        if self.0.len() < Self::MOST {
            self.0.push(FieldError { path: path.to_owned(), code, message });
        }
    }

    fn invalid(&mut self, path: &str, message: String) {
        self.add(path, "INVALID", message);
    }

    fn missing(&mut self, path: &str, wanted: &impl Display) {
        self.add(path, "REQUIRED", format!("a value of the type `{wanted}` is needed"));
    }
}
