//! Patterns that take values apart: `value => {key: name}`, `in [first, *]`, `(a, b), c = value`.

use tree_sitter::Node;

use super::Ruby;
use crate::flow::sequences::entry;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// How deep patterns within patterns are followed.
const DEEPEST: usize = 16;

impl Ruby {
    /// `value => pattern` and `value in pattern`.
    pub(super) fn match_pattern(&mut self, node: &Seen<'_>) -> Value {
        if let Some(pattern) = node.part("pattern") {
            self.bind_pattern(*pattern.node, &node.value("value"), 0);
        }
        Value::Unknown
    }

    /// `case value in pattern`, before what is done then.
    pub(super) fn enter_clause(&mut self, ancestors: &[Seen<'_>]) {
        let [.., case, clause] = ancestors else { return };
        if case.kind != "case_match" || clause.kind != "in_clause" {
            return;
        }
        if let Some(pattern) = clause.part("pattern") {
            self.bind_pattern(*pattern.node, &case.value("value"), 0);
        }
    }

    /// Gives the names in a pattern their parts of a value.
    pub(super) fn bind_pattern(&mut self, pattern: Node<'_>, value: &Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match pattern.kind() {
            "array_pattern" | "left_assignment_list" | "destructured_left_assignment" => {
                self.bind_elements(pattern, value, depth);
            }
            "hash_pattern" => {
                let mut cursor = pattern.walk();
                let parts: Vec<_> = pattern.named_children(&mut cursor).collect();
                for part in parts.into_iter().filter(|part| part.kind() == "keyword_pattern") {
                    self.bind_key(part, value, depth);
                }
            }
            "as_pattern" => {
                for field in ["value", "name"] {
                    if let Some(inner) = pattern.child_by_field_name(field) {
                        self.bind_pattern(inner, value, depth + 1);
                    }
                }
            }
            "parenthesized_pattern" | "rest_assignment" | "splat_parameter" => {
                if let Some(inner) = pattern.named_child(0) {
                    self.bind_pattern(inner, value, depth + 1);
                }
            }
            _ => self.assign_one(pattern, value.clone()),
        }
    }

    /// The elements of an array; one that takes many stands for any of them.
    fn bind_elements(&mut self, pattern: Node<'_>, value: &Value, depth: usize) {
        let mut cursor = pattern.walk();
        let parts: Vec<_> = pattern.named_children(&mut cursor).collect();
        let takes_many = |part: &Node<'_>| matches!(part.kind(), "rest_assignment" | "splat_parameter");
        let many = parts.iter().position(takes_many);
        let count = parts.len();
        for (at, part) in parts.into_iter().enumerate() {
            let element = value.map(|value| match value {
                Value::Sequence(elements) if many == Some(at) => Value::sequence(elements.to_vec()),
                Value::Sequence(elements) if many.is_some_and(|many| at > many) => {
                    let from_end = count - at;
                    elements.len().checked_sub(from_end).and_then(|at| elements.get(at)).cloned().unwrap_or_default()
                }
                Value::Sequence(elements) => elements.get(at).cloned().unwrap_or_default(),
                // What is no array is one of one element.
                one if at == 0 && !one.is_unknown() => one.clone(),
                _ => Value::Unknown,
            });
            self.bind_pattern(part, &element, depth + 1);
        }
    }

    /// `key:` and `key: pattern`.
    fn bind_key(&mut self, part: Node<'_>, value: &Value, depth: usize) {
        let Some(key) = part.child_by_field_name("key") else { return };
        let name = self.reading.text(key);
        let name = name.trim_end_matches(':').trim_matches(['"', '\'']);
        let element = value.map(|value| match value {
            Value::Mapping(entries) => entry(entries, &Value::text(name)),
            _ => Value::Unknown,
        });
        match part.child_by_field_name("value") {
            Some(inner) => self.bind_pattern(inner, &element, depth + 1),
            None => self.reading.scopes.assign_in_function(name, element),
        }
    }
}
