//! `type name(a, b);` declares a variable if `a` is one, and a function if `a` is a type.

use std::rc::Rc;

use super::Cpp;
use crate::flow::value::{Given, Value};
use crate::flow::walk::{Part, Seen};

/// What stands between the parentheses of what looks like a declaration of a function.
#[derive(PartialEq, Eq)]
enum Parameter {
    /// It has a name, or its type is built in: a parameter.
    Certain,
    /// It is a name that is a type or a variable of a library.
    Either,
    /// A variable of the program, or a call.
    Argument,
}

impl Cpp {
    /// The arguments of a variable, if what stands between the parentheses are no types.
    pub(super) fn as_arguments(&self, node: &Seen<'_>) -> Value {
        let parts = node.parts.iter().filter(|part| part.kind != "comment");
        let kinds: Vec<_> = parts.clone().map(kind).collect();
        if kinds.contains(&Parameter::Certain) || !kinds.contains(&Parameter::Argument) {
            return Value::Unknown;
        }
        let positional = parts.map(|part| match &part.value {
            Value::Local(function) if is_call(part) => self.reading.scopes.returned_by(*function),
            _ if is_call(part) => Value::Unknown,
            value => value.clone(),
        });
        Value::Given(Rc::new(Given { positional: positional.collect(), ..Given::default() }))
    }
}

fn kind(part: &Part<'_>) -> Parameter {
    let of = part.node.child_by_field_name("type").filter(|_| part.kind == "parameter_declaration");
    if of.is_none_or(|of| !matches!(of.kind(), "type_identifier" | "qualified_identifier")) {
        return Parameter::Certain;
    }
    match &part.value {
        _ if is_call(part) => Parameter::Argument,
        _ if part.node.named_child_count() > 1 => Parameter::Certain,
        Value::Named(named) if named.path.starts_with("std::ios::") => Parameter::Argument,
        Value::Named(named) if named.about.is_none() && !named.path.ends_with("()") => Parameter::Either,
        Value::Local(_) => Parameter::Either,
        _ => Parameter::Argument,
    }
}

/// Whether what looks like a parameter without a name is a call without arguments: `name()`.
fn is_call(part: &Part<'_>) -> bool {
    let declarator = part.node.child_by_field_name("declarator");
    let parameters = declarator
        .filter(|declarator| declarator.kind() == "abstract_function_declarator" && part.node.named_child_count() == 2)
        .and_then(|declarator| declarator.child_by_field_name("parameters"));
    parameters.is_some_and(|parameters| parameters.named_child_count() == 0)
}
