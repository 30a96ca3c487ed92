//! What names stand for.

use super::Python;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

/// Built-in functions that matter by themselves.
const BUILTINS: [&str; 48] = [
    "open",
    "eval",
    "exec",
    "compile",
    "getattr",
    "setattr",
    "delattr",
    "hasattr",
    "globals",
    "locals",
    "vars",
    "dir",
    "chr",
    "ord",
    "str",
    "bytes",
    "bytearray",
    "int",
    "list",
    "tuple",
    "reversed",
    "map",
    "iter",
    "input",
    "type",
    "object",
    "super",
    "breakpoint",
    "execfile",
    "file",
    "reload",
    "unichr",
    "print",
    "help",
    "repr",
    "callable",
    "next",
    "staticmethod",
    "classmethod",
    "sorted",
    "set",
    "frozenset",
    "enumerate",
    "zip",
    "filter",
    "dict",
    "min",
    "max",
];

impl Python {
    pub(super) fn identifier(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let is_member = ancestors.last().is_some_and(|parent| parent.kind == "attribute");
        if is_member && node.field == Some("attribute") {
            return Value::Unknown;
        }
        let name = self.name(node.node);
        self.reading.scopes.look_up(&name, builtin(&name))
    }

    /// Gives a name in the innermost scope a value. In a class it is a member besides.
    pub(super) fn bind(&mut self, name: &str, value: Value) {
        if self.reading.scopes.is_class() {
            self.reading.scopes.keep_field(name, value.clone());
        }
        self.reading.scopes.bind(name, value);
    }

    pub(super) fn names_from_outside(&mut self, node: &Seen<'_>) {
        let mut cursor = node.node.walk();
        for child in node.node.named_children(&mut cursor) {
            let name = self.name(child);
            self.reading.scopes.is_outside(&name);
        }
    }

    /// Says that `value` is named. What is stored into a member is said apart from what is read.
    pub(super) fn use_of(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>], value: &Value) {
        let stored = ancestors.last().is_some_and(|parent| {
            let assigned = matches!(parent.kind, "assignment" | "augmented_assignment") && node.field == Some("left");
            assigned || parent.kind == "delete_statement"
        });
        let span = node.node.byte_range();
        if !stored {
            self.reading.collected.use_of(value, &span);
            return;
        }
        let member = if node.kind == "subscript" { "__setitem__" } else { "__setattr__" };
        let stored = value.map(|value| match value.as_named() {
            Some(named) if !named.path.ends_with("()") => Value::named(format!("{}.{member}", named.path)),
            _ => Value::Unknown,
        });
        self.reading.collected.use_of(&stored, &span);
    }
}

/// What a name is that nothing binds.
pub(super) fn builtin(name: &str) -> Value {
    match name {
        "__builtins__" | "__builtin__" => Value::named("builtins"),
        "__name__" => Value::text("__main__"),
        "__file__" => Value::text("/sandbox/main.py"),
        "__import__" | "__loader__" | "__spec__" | "get_ipython" => Value::named(name),
        _ if BUILTINS.contains(&name) => Value::named(name),
        _ => Value::Unknown,
    }
}

/// Whether an identifier is there to be bound, and not to be read.
fn is_binding(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    let Some(parent) = ancestors.last() else { return false };
    match parent.kind {
        "assignment" | "augmented_assignment" | "for_statement" | "for_in_clause" => {
            node.field == Some("left") && node.kind == "identifier"
        }
        "named_expression" | "keyword_argument" | "function_definition" | "class_definition" => {
            node.field == Some("name")
        }
        "default_parameter" | "typed_default_parameter" => node.field == Some("name"),
        "typed_parameter" => node.field.is_none(),
        "parameters"
        | "lambda_parameters"
        | "as_pattern_target"
        | "pattern_list"
        | "tuple_pattern"
        | "list_pattern"
        | "list_splat_pattern"
        | "dictionary_splat_pattern"
        | "dotted_name"
        | "aliased_import"
        | "global_statement"
        | "nonlocal_statement"
        | "delete_statement" => node.kind == "identifier",
        _ => false,
    }
}

/// Whether a node names something and nothing around it says the same more exactly.
pub(super) fn is_reference(node: &Seen<'_>, ancestors: &[Seen<'_>]) -> bool {
    if !matches!(node.kind, "identifier" | "attribute" | "call" | "subscript") || is_binding(node, ancestors) {
        return false;
    }
    let Some(parent) = ancestors.last() else { return true };
    match parent.kind {
        "attribute" => false,
        "call" => node.field != Some("function"),
        "subscript" => node.field != Some("value"),
        _ => true,
    }
}
