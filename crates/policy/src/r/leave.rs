//! What is done before and after the parts of each node have been seen.

use std::rc::Rc;

use tree_sitter::Node;

use super::R;
use super::computing;
use crate::flow::scopes::Kind;
use crate::flow::value::Value;
use crate::flow::walk::{Seen, Spot, Visitor};

/// What a line of broken code has in it that is looked at by itself.
const SIGNS: [&str; 14] = [
    "library(",
    "require(",
    "::",
    "system",
    "shell(",
    "pipe(",
    "eval(",
    "source(",
    "unlink(",
    "file.remove",
    "Sys.",
    "do.call",
    "get(",
    "dyn.load",
];

impl<'t> Visitor<'t> for R {
    fn enter(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> bool {
        match node.kind {
            "function_definition" => {
                self.give_elements(node, ancestors);
                self.reading.scopes.enter(self.reading.scope_id(node.node), Kind::Function);
            }
            "ERROR" => self.reading.enter_error(),
            kind if is_branch(kind) => self.reading.scopes.open_branch(),
            "comment" | "string" => return false,
            _ => {}
        }
        if node.field == Some("body") {
            self.enter_body(ancestors);
        }
        true
    }

    fn leave(&mut self, node: &Seen<'t>, ancestors: &[Seen<'t>]) -> Value {
        if node.kind == "ERROR" {
            self.reading
                .leave_error(node.node, |line| !line.starts_with('#') && SIGNS.iter().any(|sign| line.contains(sign)));
        }
        self.value_of(node, ancestors)
    }
}

impl R {
    /// What an expression is; for statements, what they change is changed.
    fn value_of(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        match node.kind {
            "identifier" => self.identifier(node, ancestors),
            "return" => Value::named("return"),
            "namespace_operator" => self.namespace_operator(node),
            "string" => self.string(node.node),
            "float" | "integer" => self.number(node.node),
            "true" | "false" => Value::Number(i64::from(node.kind == "true")),
            "null" => Value::sequence(Vec::new()),
            "call" => self.call(node, ancestors),
            "arguments" => self.arguments(node),
            "argument" => self.argument(node),
            "parameter" => node.value("default"),
            "extract_operator" => self.extract_operator(node),
            "subset" | "subset2" => self.subset(node),
            "binary_operator" => self.binary_operator(node),
            "unary_operator" => self.unary_operator(node),
            "parameters" => {
                self.parameters(node);
                Value::Unknown
            }
            "function_definition" => self.function_definition(node),
            "if_statement" => {
                self.reading.scopes.close_branch();
                let ends = node.parts.iter().filter(|part| matches!(part.field, Some("consequence" | "alternative")));
                Value::either(ends.map(|part| part.value.clone()))
            }
            kind if is_branch(kind) => {
                self.reading.scopes.close_branch();
                Value::Unknown
            }
            "comment" | "open" | "close" => Value::Unknown,
            _ => {
                let parts = node.parts.iter().rev().filter(|part| part.kind != "comment");
                parts.map(|part| part.value.clone()).next().unwrap_or_default()
            }
        }
    }

    fn binary_operator(&mut self, node: &Seen<'_>) -> Value {
        let operator = match node.part("rhs") {
            Some(right) => self.operator(node, right.node),
            None => self.operator_of(*node.node),
        };
        if let Some(value) = self.assignment(node, &operator).or_else(|| self.pipe(node, &operator)) {
            return value;
        }
        computing::operate(&operator, &node.value("lhs"), &node.value("rhs"))
    }

    /// The operator before `right`. Finding its node takes long; nearly always it is all that stands between the sides.
    pub(super) fn operator(&self, node: &Seen<'_>, right: Spot<'_>) -> Rc<str> {
        let left = node.part("lhs").map(|left| self.reading.between(left.node.end_byte(), right.start_byte()));
        match left.as_deref().map(str::trim) {
            Some(between) if !between.is_empty() && !between.contains(['#', '\n']) => between.into(),
            _ => self.operator_of(*node.node),
        }
    }

    pub(super) fn operator_of(&self, node: Node<'_>) -> Rc<str> {
        let operator = node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        operator.unwrap_or_default()
    }

    fn unary_operator(&self, node: &Seen<'_>) -> Value {
        match (&*self.operator_of(*node.node), node.value("rhs")) {
            ("-", Value::Number(number)) => Value::Number(number.wrapping_neg()),
            ("+", number) => number,
            // `~ f(.x)` is a function for some packages; what it does is seen where it stands.
            _ => Value::Unknown,
        }
    }
}

/// Whether what stands in a node may not happen, or more than once.
fn is_branch(kind: &str) -> bool {
    matches!(kind, "if_statement" | "while_statement" | "for_statement" | "repeat_statement")
}
