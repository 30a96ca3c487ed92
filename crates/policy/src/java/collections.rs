//! What changes collections and texts: their methods.

use super::Java;
use crate::flow::sequences::with_entry;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

/// Methods that store a value under a key.
const STORING: [&str; 4] = ["put", "putIfAbsent", "setProperty", "replace"];

impl Java {
    /// `builder.append(x)` and `list.add(x)` change a variable.
    pub(super) fn changes_receiver(&mut self, node: &Seen<'_>, name: &str, value: &Value) {
        if !matches!(name, "append" | "insert" | "reverse" | "add" | "addLast" | "push" | "offer" | "deleteCharAt")
            || value.is_unknown()
        {
            return;
        }
        let mut object = node.node.child_by_field_name("object");
        for _ in 0..32 {
            object = match object {
                Some(inner) if inner.kind() == "method_invocation" => inner.child_by_field_name("object"),
                _ => break,
            };
        }
        let Some(variable) = object.and_then(|object| self.variable(object)) else { return };
        match self.reading.scopes.look_up(&variable, Value::Unknown) {
            Value::Sequence(_) => self.reading.scopes.grow(&variable, value.clone()),
            Value::Text(_) | Value::OneOf(_) => self.reading.scopes.assign(&variable, value.clone()),
            _ => {}
        }
    }

    /// `map.put(key, value)` changes a variable.
    pub(super) fn fill(&mut self, node: &Seen<'_>, function: &Value, given: &Given) {
        let after = function.map(|function| match function {
            Value::Method(method) if STORING.contains(&&*method.name) => match &method.receiver {
                map @ Value::Mapping(_) => with_entry(map, &given.get(0), &given.get(1)),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        });
        let object = node.node.child_by_field_name("object").filter(|_| !after.is_unknown());
        if let Some(variable) = object.and_then(|object| self.variable(object)) {
            self.reading.scopes.grow(&variable, after);
        }
    }

    /// The name of what is a variable, or a field of this object.
    fn variable(&self, node: tree_sitter::Node<'_>) -> Option<std::rc::Rc<str>> {
        match node.kind() {
            "identifier" => Some(self.reading.text(node)),
            "field_access" => {
                let is_own = node.child_by_field_name("object").is_some_and(|object| object.kind() == "this");
                let field = node.child_by_field_name("field").filter(|_| is_own)?;
                Some(self.reading.text(field))
            }
            _ => None,
        }
    }
}
