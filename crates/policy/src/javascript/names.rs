//! What names stand for.

use crate::flow::escapes::JAVASCRIPT;
use std::rc::Rc;

use tree_sitter::Node;

use super::JavaScript;
use super::globals::global;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl JavaScript {
    pub(super) fn identifier(&self, node: &Seen<'_>) -> Value {
        let name = self.name(node.node);
        // Node.js wraps a module in a function of `exports`, `require` and `module`.
        if &*name == "arguments" && self.reading.scopes.function().is_none() {
            return Value::sequence(vec![Value::Unknown, Value::named("require"), Value::named("module")]);
        }
        self.reading.scopes.look_up(&name, global(&name))
    }

    /// The key of a property, as far as it is written out.
    pub(super) fn key(&self, node: Node<'_>) -> Rc<str> {
        match node.kind() {
            "string" => {
                let text = self.reading.text(node);
                JAVASCRIPT.resolve(text.get(1..text.len().saturating_sub(1)).unwrap_or_default()).into()
            }
            "computed_property_name" => match node.named_child(0) {
                Some(inner) if inner.kind() == "string" => self.key(inner),
                _ => "".into(),
            },
            _ => self.name(node),
        }
    }

    /// Says that `value` is named. What is stored into a member is said apart from what is read.
    pub(super) fn use_of(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>], value: &Value) {
        let stored = ancestors.last().is_some_and(|parent| {
            let assigned = matches!(parent.kind, "assignment_expression" | "augmented_assignment_expression");
            assigned && node.field == Some("left")
        });
        let span = node.node.byte_range();
        if !stored {
            return self.reading.collected.use_of(value, &span);
        }
        let stored = value.map(|value| match value.as_named() {
            Some(named) => Value::named(format!("{}=", named.path)),
            None => Value::Unknown,
        });
        self.reading.collected.use_of(&stored, &span);
    }
}

/// Whether an identifier is there to be bound, and not to be read.
fn is_binding(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    let Some(parent) = ancestors.last() else { return false };
    match parent.kind {
        "variable_declarator"
        | "function_declaration"
        | "generator_function_declaration"
        | "function_expression"
        | "generator_function"
        | "class_declaration"
        | "class" => node.field == Some("name"),
        "assignment_expression"
        | "augmented_assignment_expression"
        | "for_in_statement"
        | "assignment_pattern"
        | "object_assignment_pattern" => node.field == Some("left") && node.kind == "identifier",
        "arrow_function" | "catch_clause" => node.field == Some("parameter"),
        "formal_parameters" | "import_clause" | "namespace_import" | "import_specifier" | "array_pattern"
        | "rest_pattern" | "export_specifier" | "namespace_export" => node.kind == "identifier",
        "pair_pattern" => node.field == Some("value"),
        _ => false,
    }
}

/// Whether a node names something and nothing around it says the same more exactly.
pub(super) fn is_reference(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    let names = matches!(
        node.kind,
        "identifier"
            | "member_expression"
            | "call_expression"
            | "subscript_expression"
            | "shorthand_property_identifier"
    );
    if !names || is_binding(node, ancestors) {
        return false;
    }
    let Some(parent) = ancestors.last() else { return true };
    match parent.kind {
        "member_expression" | "subscript_expression" => node.field != Some("object"),
        "call_expression" => node.field != Some("function"),
        "new_expression" => node.field != Some("constructor"),
        // Said by the pattern, member by member.
        "variable_declarator" => parent.part("name").is_none_or(|name| name.kind != "object_pattern"),
        _ => true,
    }
}
