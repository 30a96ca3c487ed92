//! What binds names: assignments, parameters, loops, definitions.

use tree_sitter::Node;

use super::Python;
use crate::facts::Dynamic;
use crate::flow::sequences::element;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// How deep patterns within patterns are followed.
const DEEPEST: usize = 16;

impl Python {
    pub(super) fn assignment(&mut self, node: &Seen<'_>) -> Value {
        self.declare_field(node);
        let value = node.value("right");
        // `x: int` alone gives no value.
        if let Some(left) = node.part("left").filter(|_| node.part("right").is_some()) {
            self.bind_pattern(*left.node, value.clone(), 0);
        }
        value
    }

    /// Gives the names in a pattern their parts of a value.
    fn bind_pattern(&mut self, target: Node<'_>, value: Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match target.kind() {
            "identifier" => {
                let name = self.name(target);
                self.bind(&name, value);
            }
            "attribute" => {
                if let Some(name) = target.child_by_field_name("attribute") {
                    let name = self.name(name);
                    self.reading.scopes.keep_field(&name, value);
                }
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" | "expression_list" | "tuple" | "list" => {
                let mut cursor = target.walk();
                let parts: Vec<_> = target.named_children(&mut cursor).collect();
                for (at, part) in parts.into_iter().enumerate() {
                    self.bind_pattern(part, element(&value, at), depth + 1);
                }
            }
            "subscript" => {
                let modules = value.alternatives().iter().filter_map(Value::as_named);
                for module in modules.filter(|named| !named.path.contains('.')) {
                    self.reading.collected.dynamic(Dynamic::Escape, &module.path, target.byte_range());
                }
                self.store(target, &value);
            }
            "list_splat_pattern" | "parenthesized_expression" | "as_pattern_target" => {
                if let Some(inner) = target.named_child(0) {
                    self.bind_pattern(inner, value, depth + 1);
                }
            }
            _ => {}
        }
    }

    pub(super) fn augmented_assignment(&mut self, node: &Seen<'_>) {
        let Some(left) = node.part("left") else { return };
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        let value = match operator.as_deref() {
            Some("+=") => left.value.plus(&node.value("right")),
            _ => Value::Unknown,
        };
        self.bind_pattern(*left.node, value, 0);
    }

    pub(super) fn named_expression(&mut self, node: &Seen<'_>) -> Value {
        let value = node.value("value");
        if let Some(name) = node.part("name") {
            let name = self.name(name.node);
            self.reading.scopes.bind_beyond_blocks(&name, value.clone());
        }
        value
    }

    pub(super) fn as_pattern(&mut self, node: &Seen<'_>) -> Value {
        let value = node.first();
        if let Some(alias) = node.part("alias") {
            self.bind_pattern(*alias.node, value.clone(), 0);
        }
        value
    }

    pub(super) fn for_in_clause(&mut self, node: &Seen<'_>) {
        self.bind_loop(node);
    }

    /// What is bound by what stands before a body: the variable of a loop.
    pub(super) fn enter_body(&mut self, ancestors: &[Seen<'_>]) {
        if let Some(parent) = ancestors.last().filter(|parent| parent.kind == "for_statement") {
            self.bind_loop(parent);
        }
    }

    fn bind_loop(&mut self, node: &Seen<'_>) {
        let Some(left) = node.part("left") else { return };
        let elements = node.value("right").map(|one| match one {
            Value::Sequence(elements) => Value::each(elements.iter().cloned()),
            Value::Mapping(entries) => Value::each(entries.iter().map(|(key, _)| key.clone())),
            Value::Text(text) => Value::each(text.text.chars().map(|letter| Value::text(letter.to_string()))),
            _ => Value::Unknown,
        });
        if left.kind == "identifier" {
            self.bind_pattern(*left.node, elements, 0);
            return;
        }
        let mut cursor = left.node.walk();
        let targets: Vec<_> = left.node.named_children(&mut cursor).collect();
        for (at, target) in targets.into_iter().enumerate() {
            self.bind_pattern(target, element(&elements, at), 0);
        }
    }

    /// Parameters: what their defaults and the calls of the function give them.
    pub(super) fn parameters(&mut self, node: &Seen<'_>) {
        let function = self.reading.scopes.function();
        let parts = node.parts.iter().skip(usize::from(self.has_self(node)));
        for (position, part) in parts.enumerate() {
            let name = match part.kind {
                "identifier" => Some(*part.node),
                "default_parameter" | "typed_default_parameter" => part.node.child_by_field_name("name"),
                "typed_parameter" | "list_splat_pattern" | "dictionary_splat_pattern" => part.node.named_child(0),
                _ => None,
            };
            let Some(name) = name else { continue };
            let given = function.map(|function| self.given(function, position, part.kind, &self.name(name)));
            let default = part.node.child_by_field_name("value").map(|_| part.value.clone());
            let value = Value::either([given, default].into_iter().flatten());
            self.bind_pattern(name, value, 0);
        }
    }

    /// Whether the first parameter is the object whose method it is, which calls do not give.
    fn has_self(&self, node: &Seen<'_>) -> bool {
        let first = node.parts.first().filter(|first| first.kind == "identifier");
        first.is_some_and(|first| matches!(self.reading.bytes(first.node), b"self" | b"cls"))
    }

    /// What calls of a function give to one of its parameters.
    fn given(&self, function: usize, position: usize, kind: &str, name: &str) -> Value {
        let by_name = self.reading.scopes.given_by_name(function);
        match kind {
            "list_splat_pattern" => Value::sequence(self.reading.scopes.given_from(function, position)),
            "dictionary_splat_pattern" => {
                Value::mapping(by_name.iter().map(|(name, value)| (Value::text(name.clone()), value.clone())).collect())
            }
            _ => {
                let named = by_name.iter().filter(|(known, _)| &**known == name).map(|(_, value)| value.clone());
                Value::either(named.chain([self.reading.scopes.given(function, position)]))
            }
        }
    }

    pub(super) fn function_definition(&mut self, node: &Seen<'_>) {
        self.reading.scopes.leave();
        if let Some(name) = node.part("name") {
            let name = self.name(name.node);
            let function = self.reading.scope_id(node.node);
            self.declare_method(&name, function);
            self.bind(&name, Value::Local(function));
        }
    }

    pub(super) fn lambda(&mut self, node: &Seen<'_>) -> Value {
        let id = self.reading.scope_id(node.node);
        self.reading.scopes.returns(id, node.value("body"));
        self.reading.scopes.leave();
        Value::Local(id)
    }

    pub(super) fn return_statement(&mut self, node: &Seen<'_>) {
        if let Some(function) = self.reading.scopes.function() {
            self.reading.scopes.returns(function, node.first());
        }
    }
}
