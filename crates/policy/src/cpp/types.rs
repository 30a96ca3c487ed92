//! Types, as far as they say what is done with their objects.

use std::rc::Rc;

use super::Cpp;
use super::casts::FUNCTION_POINTER;
use super::classes::is_named_scope;
use super::collections::collection;
use super::references::declared;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

/// Types whose objects are texts here.
const TEXTS: [&str; 6] =
    ["std::string", "std::string_view", "std::filesystem::path", "std::filesystem::directory_entry", "QString", "char"];

pub(super) fn is_text(path: &str) -> bool {
    TEXTS.contains(&path)
}

/// An object of a type, of which nothing else is known.
pub(super) fn object_of(of: &Value) -> Value {
    of.map(|of| match of {
        Value::Named(named) if is_text(&named.path) => Value::Unknown,
        Value::Named(named) if named.path.ends_with("()") => Value::Unknown,
        Value::Named(named) => collection(&named.path, &Given::default())
            .unwrap_or_else(|| Value::about(format!("{}()", named.path), None)),
        Value::Local(_) | Value::Sequence(_) => of.clone(),
        _ => Value::Unknown,
    })
}

/// Whether a value is a function of the program.
fn is_own_function(value: &Value) -> bool {
    matches!(value, Value::Local(scope) if !is_named_scope(*scope))
}

impl Cpp {
    /// The type of a parameter, and with it the default if it has one.
    pub(super) fn parameter(node: &Seen<'_>) -> Value {
        let is_function = node.part("declarator").is_some_and(|declarator| declarator.kind == "function_declarator");
        let of = if is_function { Value::named(FUNCTION_POINTER) } else { node.value("type") };
        match node.part("default_value") {
            Some(default) => {
                let positional = vec![of, default.value.clone()];
                Value::Given(Rc::new(Given { positional, ..Given::default() }))
            }
            None => of,
        }
    }

    /// `decltype(value)`: of a function of the program, the function itself stands for its type.
    pub(super) fn type_of(node: &Seen<'_>) -> Value {
        let value = node.first();
        let is_function = value.alternatives().iter().any(is_own_function);
        let is_address = node.parts.first().is_some_and(|part| part.kind == "pointer_expression");
        match (is_function, is_address) {
            (true, true) => Value::named(FUNCTION_POINTER),
            (true, false) => value,
            _ => Value::Unknown,
        }
    }

    /// The type within `<>` or a cast.
    pub(super) fn type_descriptor(node: &Seen<'_>) -> Value {
        let is_function = node.parts.iter().any(|part| part.kind == "abstract_function_declarator");
        let is_pointer = node.parts.iter().any(|part| part.kind == "abstract_pointer_declarator");
        let of = node.value("type");
        let of_own = node.part("type").is_some_and(|of| of.kind == "decltype") && is_own_function(&of);
        if is_function || (is_pointer && of_own) { Value::named(FUNCTION_POINTER) } else { of }
    }

    /// `using Own = type;`.
    pub(super) fn alias_declaration(&mut self, node: &Seen<'_>) {
        let Some(name) = node.part("name") else { return };
        let (own, value) = (self.reading.text(name.node), node.value("type"));
        self.bind_type(&own, value);
    }

    /// `typedef type own;`.
    pub(super) fn type_definition(&mut self, node: &Seen<'_>) {
        let of = node.value("type");
        for part in node.parts.iter().filter(|part| part.field == Some("declarator")) {
            let value = if part.kind == "function_declarator" { Value::named(FUNCTION_POINTER) } else { of.clone() };
            if let Some(name) = declared(*part.node) {
                let own = self.reading.text(name);
                self.bind_type(&own, value);
            }
        }
    }

    fn bind_type(&mut self, own: &str, value: Value) {
        if value.may_be_named() {
            self.reading.scopes.keep_field(own, value.clone());
        }
        self.reading.scopes.bind(own, value);
    }
}
