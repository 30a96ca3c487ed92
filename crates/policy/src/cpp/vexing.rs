//! `type name(a, b);` declares a variable if `a` is one, and a function if `a` is a type.

use std::rc::Rc;

use tree_sitter::Node;

use super::Cpp;
use super::collections::subscript;
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

/// Arguments of a call within what looks like a declaration of a function.
const MOST_INNER: usize = 8;

impl Cpp {
    /// The arguments of a variable, if what stands between the parentheses are no types.
    pub(super) fn as_arguments(&mut self, node: &Seen<'_>) -> Value {
        let parts = node.parts.iter().filter(|part| part.kind != "comment");
        let kinds: Vec<_> = parts.clone().map(|part| self.kind(part)).collect();
        if kinds.contains(&Parameter::Certain) || !kinds.contains(&Parameter::Argument) {
            return Value::Unknown;
        }
        let positional = parts.map(|part| match subscript_of(part) {
            _ if is_call(part) => part.value.map(|one| match one {
                Value::Local(function) => self.reading.scopes.returned_by(*function),
                _ => Value::Unknown,
            }),
            _ if !inner_names(part).is_empty() => self.called(part),
            Some(index) => part.value.map(|one| subscript(one, &self.simple_value(index))),
            None => part.value.clone(),
        });
        Value::Given(Rc::new(Given { positional: positional.collect(), ..Given::default() }))
    }
}

impl Cpp {
    fn kind(&self, part: &Part<'_>) -> Parameter {
        let is_variable = |name: &Node<'_>| !may_be_type(&self.look_up(&self.reading.text(*name)));
        let is_call = inner_names(part).iter().any(is_variable);
        if is_call { Parameter::Argument } else { kind(part) }
    }

    /// `name(a, b)` with variables between the parentheses.
    fn called(&mut self, part: &Part<'_>) -> Value {
        let arguments = inner_names(part).into_iter().map(|name| self.look_up(&self.reading.text(name)));
        let given = Given { positional: arguments.collect(), ..Given::default() };
        part.value.map(|one| match one {
            Value::Named(named) => self.call_named(named, &given, &part.node.byte_range()),
            one => self.call_own(one, &given),
        })
    }
}

/// Whether a name that stands for this may be a type.
fn may_be_type(value: &Value) -> bool {
    value.alternatives().iter().any(|one| match one {
        Value::Named(named) => named.about.is_none() && !named.path.ends_with("()"),
        one => matches!(one, Value::Local(_)),
    })
}

/// The names between the parentheses of what looks like a function without a name, where nothing else is there.
fn inner_names<'t>(part: &Part<'t>) -> Vec<Node<'t>> {
    let declarator = part.node.child_by_field_name("declarator");
    let function = declarator
        .filter(|declarator| declarator.kind() == "abstract_function_declarator" && part.node.named_child_count() == 2);
    let Some(parameters) = function.and_then(|function| function.child_by_field_name("parameters")) else {
        return Vec::new();
    };
    if parameters.named_child_count() > MOST_INNER {
        return Vec::new();
    }
    let name = |at: u32| {
        let only = parameters.named_child(at).filter(|one| one.named_child_count() == 1)?.named_child(0)?;
        Some(only).filter(|only| only.kind() == "type_identifier")
    };
    let all = (0..u32::try_from(parameters.named_child_count()).unwrap_or(0)).map(name);
    all.collect::<Option<_>>().unwrap_or_default()
}

fn kind(part: &Part<'_>) -> Parameter {
    let of = part.node.child_by_field_name("type").filter(|_| part.kind == "parameter_declaration");
    if of.is_none_or(|of| !matches!(of.kind(), "type_identifier" | "qualified_identifier")) {
        return Parameter::Certain;
    }
    match &part.value {
        // A collection of objects of a class.
        Value::Sequence(_) if part.node.named_child_count() > 1 && subscript_of(part).is_none() => Parameter::Certain,
        Value::Sequence(_) if is_type_of_collection(part) => Parameter::Either,
        _ if is_call(part) => Parameter::Argument,
        _ if subscript_of(part).is_some_and(|index| index.kind() == "string_literal") => Parameter::Argument,
        Value::Unknown | Value::Text(_) | Value::Sequence(_) | Value::Mapping(_) if subscript_of(part).is_some() => {
            Parameter::Argument
        }
        _ if part.node.named_child_count() > 1 => Parameter::Certain,
        Value::Named(named) if named.path.starts_with("std::ios::") => Parameter::Argument,
        Value::Named(named) if named.about.is_none() && !named.path.ends_with("()") => Parameter::Either,
        Value::Local(_) => Parameter::Either,
        _ => Parameter::Argument,
    }
}

/// Whether what stands there is the type of a collection, and no collection.
fn is_type_of_collection(part: &Part<'_>) -> bool {
    let of = part.node.child_by_field_name("type").filter(|of| of.kind() == "qualified_identifier");
    of.and_then(|of| of.child_by_field_name("name")).is_some_and(|name| name.kind() == "template_type")
}

/// The index, where what looks like an array without a name may be an element: `name[index]`.
fn subscript_of<'t>(part: &Part<'t>) -> Option<Node<'t>> {
    let declarator = part.node.child_by_field_name("declarator");
    let array = declarator.filter(|declarator| declarator.kind() == "abstract_array_declarator");
    array.filter(|_| part.node.named_child_count() == 2).and_then(|array| array.child_by_field_name("size"))
}

/// Whether what looks like a parameter without a name is a call without arguments: `name()`.
fn is_call(part: &Part<'_>) -> bool {
    let declarator = part.node.child_by_field_name("declarator");
    let parameters = declarator
        .filter(|declarator| declarator.kind() == "abstract_function_declarator" && part.node.named_child_count() == 2)
        .and_then(|declarator| declarator.child_by_field_name("parameters"));
    parameters.is_some_and(|parameters| parameters.named_child_count() == 0)
}
