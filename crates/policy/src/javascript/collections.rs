//! What changes collections and objects: their methods, and what is stored in them.

use tree_sitter::Node;

use super::JavaScript;
use crate::flow::sequences::{grown, with_entry};
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl JavaScript {
    /// Gives a collection whose method is called what the method makes of it.
    pub(super) fn grow(&mut self, call: &Seen<'_>, given: &Given) {
        let after = call.value("function").map(|function| match function {
            Value::Method(method) => grown_by_method(&method.receiver, &method.name, given),
            _ => Value::Unknown,
        });
        let object = call.part("function").and_then(|function| function.node.child_by_field_name("object"));
        if let Some(object) = object.filter(|_| !after.is_unknown()) {
            self.change(object, after);
        }
    }

    /// `object.name = value`.
    pub(super) fn store_member(&mut self, target: Node<'_>, value: Value) {
        let Some(name) = target.child_by_field_name("property").map(|property| self.name(property)) else { return };
        self.store(target, &Value::text(name.clone()), &value);
        self.reading.scopes.keep_field(&name, value);
    }

    /// `object[key] = value`.
    pub(super) fn store_by_key(&mut self, target: Node<'_>, value: &Value) {
        let key = target.child_by_field_name("index").map(|index| self.literal(index)).unwrap_or_default();
        self.store(target, &key, value);
    }

    fn store(&mut self, target: Node<'_>, key: &Value, value: &Value) {
        let Some(object) = target.child_by_field_name("object").filter(|node| node.kind() == "identifier") else {
            return;
        };
        let before = self.reading.scopes.look_up(&self.name(object), Value::Unknown);
        let after = before.map(|one| with_entry(one, key, value));
        if !after.is_unknown() {
            self.change(object, after);
        }
    }

    fn change(&mut self, object: Node<'_>, value: Value) {
        match object.kind() {
            "identifier" => {
                let name = self.name(object);
                self.reading.scopes.assign(&name, value);
            }
            "member_expression" => {
                if let Some(name) = object.child_by_field_name("property") {
                    let name = self.name(name);
                    self.reading.scopes.keep_field(&name, value);
                }
            }
            _ => {}
        }
    }

    /// A key that stands there as it is.
    fn literal(&self, node: Node<'_>) -> Value {
        match node.kind() {
            "number" => Value::integer(&self.reading.text(node)),
            "string" => Value::text(self.key(node)),
            _ => Value::Unknown,
        }
    }
}

fn grown_by_method(collection: &Value, method: &str, given: &Given) -> Value {
    match (collection, method) {
        (Value::Sequence(_), "push" | "unshift" | "add") => grown(collection, given.positional.iter().cloned()),
        (Value::Mapping(_), "set") => with_entry(collection, &given.get(0), &given.get(1)),
        _ => Value::Unknown,
    }
}
