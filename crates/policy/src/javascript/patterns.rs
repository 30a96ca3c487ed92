//! What binds names: declarations, assignments, parameters, loops.

use tree_sitter::Node;

use super::JavaScript;
use crate::facts::Dynamic;
use crate::flow::sequences::{element, elements_of, pairs};
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// How deep patterns within patterns are followed.
const DEEPEST: usize = 16;

/// How a name gets its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// `let` and `const`, parameters, imports: here.
    Here,
    /// `var`: in the function.
    InFunction,
    /// An assignment: wherever the name is.
    WhereItIs,
}

impl JavaScript {
    pub(super) fn variable_declarator(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let is_var = ancestors.last().is_some_and(|parent| parent.kind == "variable_declaration");
        let how = if is_var { How::InFunction } else { How::Here };
        if let Some(name) = node.part("name") {
            self.bind_pattern(*name.node, node.value("value"), how, 0);
        }
    }

    pub(super) fn assignment_expression(&mut self, node: &Seen<'_>) -> Value {
        let value = node.value("right");
        if let Some(left) = node.part("left") {
            self.bind_pattern(*left.node, value.clone(), How::WhereItIs, 0);
        }
        value
    }

    pub(super) fn augmented_assignment(&mut self, node: &Seen<'_>) -> Value {
        let Some(left) = node.part("left") else { return Value::Unknown };
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        let value = match operator.as_deref() {
            Some("+=") => left.value.plus(&node.value("right")),
            Some("||=" | "??=" | "&&=") => Value::either([left.value.clone(), node.value("right")]),
            _ => Value::Unknown,
        };
        self.bind_pattern(*left.node, value.clone(), How::WhereItIs, 0);
        value
    }

    fn bind_name(&mut self, name: &str, value: Value, how: How) {
        match how {
            How::Here => self.reading.scopes.bind(name, value),
            How::InFunction => self.reading.scopes.bind_beyond_blocks(name, value),
            How::WhereItIs => self.reading.scopes.assign(name, value),
        }
    }

    /// Gives the names in a pattern their parts of a value.
    fn bind_pattern(&mut self, target: Node<'_>, value: Value, how: How, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match target.kind() {
            "identifier" => {
                let name = self.name(target);
                self.bind_name(&name, value, how);
            }
            "member_expression" => self.store_member(target, value),
            "subscript_expression" => self.store_by_key(target, &value),
            "object_pattern" => self.bind_object(target, &value, how, depth),
            "array_pattern" => {
                let mut cursor = target.walk();
                let parts: Vec<_> = target.named_children(&mut cursor).collect();
                for (at, part) in parts.into_iter().enumerate() {
                    self.bind_pattern(part, element(&value, at), how, depth + 1);
                }
            }
            "assignment_pattern" | "object_assignment_pattern" => {
                if let Some(left) = target.child_by_field_name("left") {
                    self.bind_pattern(left, value, how, depth + 1);
                }
            }
            "parenthesized_expression" | "rest_pattern" => {
                if let Some(inner) = target.named_child(0) {
                    self.bind_pattern(inner, value, how, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// `{ a, b: c, d = e, ...f }`.
    fn bind_object(&mut self, target: Node<'_>, value: &Value, how: How, depth: usize) {
        let mut cursor = target.walk();
        let parts: Vec<_> = target.named_children(&mut cursor).collect();
        for part in parts {
            let (key, inner) = match part.kind() {
                "shorthand_property_identifier_pattern" => (Some(part), None),
                "pair_pattern" => (part.child_by_field_name("key"), part.child_by_field_name("value")),
                "object_assignment_pattern" => (part.child_by_field_name("left"), None),
                "rest_pattern" => {
                    if let Some(name) = part.named_child(0) {
                        self.bind_pattern(name, value.clone(), how, depth + 1);
                    }
                    continue;
                }
                _ => continue,
            };
            let Some(key) = key else { continue };
            let name = self.key(key);
            if name.is_empty() {
                for named in value.alternatives().iter().filter_map(Value::as_named) {
                    self.reading.collected.dynamic(Dynamic::Attribute, &named.path, part.byte_range());
                }
            }
            let member = self.member(value, &name);
            self.reading.collected.use_of(&member, &part.byte_range());
            match inner {
                Some(inner) => self.bind_pattern(inner, member, how, depth + 1),
                None => self.bind_name(&name, member, how),
            }
        }
    }

    pub(super) fn field_definition(&mut self, node: &Seen<'_>) {
        let value = node.value("value");
        if let Some(property) = node.part("property") {
            let name = self.key(*property.node);
            self.reading.scopes.keep_field(&name, value);
        }
    }

    /// What is bound by what stands before a body: the variable of a loop, a lone parameter, what is caught.
    pub(super) fn enter_body(&mut self, ancestors: &[Seen<'_>]) {
        let Some(parent) = ancestors.last() else { return };
        match parent.kind {
            "for_in_statement" => {
                let elements = parent.value("right").map(|one| match one {
                    Value::Mapping(entries) => elements_of(&pairs(entries)),
                    one => elements_of(one),
                });
                if let Some(left) = parent.part("left") {
                    self.bind_pattern(*left.node, elements, How::Here, 0);
                }
            }
            "arrow_function" => {
                if let Some(parameter) = parent.part("parameter") {
                    let name = self.name(parameter.node);
                    let given = self.reading.scopes.function().map(|function| self.reading.scopes.given(function, 0));
                    self.reading.scopes.bind(&name, given.unwrap_or_default());
                }
            }
            "catch_clause" => {
                if let Some(parameter) = parent.part("parameter") {
                    self.bind_pattern(*parameter.node, Value::Unknown, How::Here, 0);
                }
            }
            _ => {}
        }
    }

    /// Parameters: what their defaults and the calls of the function give them.
    pub(super) fn formal_parameters(&mut self, node: &Seen<'_>) {
        let function = self.reading.scopes.function();
        for (position, part) in node.parts.iter().enumerate() {
            let given = match part.kind {
                "rest_pattern" => {
                    function.map(|function| Value::sequence(self.reading.scopes.given_from(function, position)))
                }
                _ => function.map(|function| self.reading.scopes.given(function, position)),
            };
            let given = given.unwrap_or_default();
            let default = (part.kind == "assignment_pattern").then(|| part.value.clone());
            let value = Value::either([Some(given), default].into_iter().flatten());
            self.bind_pattern(*part.node, value, How::Here, 0);
        }
    }

    pub(super) fn function_declaration(&mut self, node: &Seen<'_>) {
        self.reading.scopes.leave();
        if let Some(name) = node.part("name") {
            let name = self.name(name.node);
            self.reading.scopes.bind(&name, Value::Local(self.reading.scope_id(node.node)));
        }
    }

    /// A function that is a value.
    pub(super) fn function(&mut self, node: &Seen<'_>) -> Value {
        let id = self.reading.scope_id(node.node);
        if let Some(body) = node.part("body").filter(|body| body.kind != "statement_block") {
            self.reading.scopes.returns(id, body.value.clone());
        }
        self.reading.scopes.leave();
        Value::Local(id)
    }

    pub(super) fn return_statement(&mut self, node: &Seen<'_>) {
        if let Some(function) = self.reading.scopes.function() {
            self.reading.scopes.returns(function, node.first());
        }
    }
}
