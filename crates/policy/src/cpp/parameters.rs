//! Parameters: what calls of a function give them, and their defaults.

use super::Cpp;
use super::references::declared;
use super::types::object_of;
use crate::flow::value::Value;
use crate::flow::walk::{Part, Seen};

impl Cpp {
    /// Parameters: what calls of the function give them. Where none can be one, they are the arguments of a variable.
    pub(super) fn parameter_list(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let mut outer = ancestors.iter().rev().skip_while(|outer| outer.kind.ends_with("declarator"));
        match outer.next().map(|outer| outer.kind) {
            Some("function_definition" | "lambda_expression") => self.bind_parameters(node, ancestors),
            Some("catch_clause") => self.bind_parameters(node, ancestors),
            _ => return self.as_arguments(node),
        }
        Value::Unknown
    }

    fn bind_parameters(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let function = self.reading.scopes.function();
        let is_main = ancestors.last().and_then(|declarator| declarator.part("declarator"));
        let is_main = is_main.is_some_and(|name| self.reading.bytes(name.node) == b"main");
        for (position, part) in node.parts.iter().filter(|part| part.kind != "comment").enumerate() {
            let Some(name) = part.node.child_by_field_name("declarator").and_then(declared) else { continue };
            let (of, default) = type_and_default(part);
            let given = function.map(|function| self.given_to(part, function, position, of)).unwrap_or_default();
            let is_left_out = function.is_some_and(|function| self.may_be_left_out(function, position));
            let default = default.map(|default| if is_left_out { default.clone() } else { Value::Unknown });
            let of = object_of(of);
            let value = match is_main && position == 2 {
                true => Value::named("environ"),
                false => Value::either([given, of].into_iter().filter(|value| !value.is_unknown()).chain(default)),
            };
            self.bind_declared(name, value);
        }
    }

    /// What calls give a parameter. A list in braces makes an object of the parameter's class.
    fn given_to(&mut self, part: &Part<'_>, function: usize, position: usize, of: &Value) -> Value {
        let span = part.node.byte_range();
        self.reading.scopes.given(function, position).map(|one| self.object_in_braces(of, one, &span))
    }
}

/// The type of a parameter, and what it is where a call leaves it out.
fn type_and_default<'p>(part: &'p Part<'_>) -> (&'p Value, Option<&'p Value>) {
    match &part.value {
        Value::Given(both) if part.kind == "optional_parameter_declaration" => match both.positional.as_slice() {
            [of, default] => (of, Some(default)),
            _ => (&part.value, None),
        },
        of => (of, None),
    }
}
