//! What changes collections: their methods, and what is stored under a key.

use tree_sitter::Node;

use super::Python;
use crate::flow::sequences::{MOST_GROWN, grown, with_entry};
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl Python {
    /// Gives a collection whose method is called what the method makes of it.
    pub(super) fn grow(&mut self, call: &Seen<'_>, given: &Given) {
        let grown = call.value("function").map(|function| match function {
            Value::Method(method) => grown_by_method(&method.receiver, &method.name, given),
            _ => Value::Unknown,
        });
        let function = call.part("function").and_then(|function| function.node.child_by_field_name("object"));
        if let Some(collection) = function.filter(|_| !grown.is_unknown()) {
            self.change(collection, grown);
        }
    }

    /// `collection[key] = value`.
    pub(super) fn store(&mut self, target: Node<'_>, value: &Value) {
        let Some(collection) = target.child_by_field_name("value").filter(|node| node.kind() == "identifier") else {
            return;
        };
        let key = target.child_by_field_name("subscript").map(|key| self.literal(key)).unwrap_or_default();
        let before = self.reading.scopes.look_up(&self.name(collection), Value::Unknown);
        let after = before.map(|one| with_entry(one, &key, value));
        if !after.is_unknown() {
            self.change(collection, after);
        }
    }

    fn change(&mut self, collection: Node<'_>, value: Value) {
        match collection.kind() {
            "identifier" => {
                let name = self.name(collection);
                self.reading.scopes.assign(&name, value);
            }
            "attribute" => {
                if let Some(name) = collection.child_by_field_name("attribute") {
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
            "integer" => Value::integer(&self.reading.text(node)),
            "string" if node.named_child_count() == 3 => match node.named_child(1) {
                Some(content) if content.kind() == "string_content" => Value::text(self.reading.text(content)),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }
}

fn grown_by_method(collection: &Value, method: &str, given: &Given) -> Value {
    match (collection, method, given.get(0)) {
        (Value::Sequence(_), "append" | "add" | "appendleft" | "put", one) => grown(collection, [one]),
        (Value::Sequence(_), "insert", _) => grown(collection, [given.get(1)]),
        (Value::Sequence(_), "extend" | "update" | "extendleft", Value::Sequence(more)) => {
            grown(collection, more.iter().cloned())
        }
        (Value::Mapping(_), "setdefault", key) => with_entry(collection, &key, &given.get(1)),
        (Value::Mapping(entries), "update", more) if entries.len() < MOST_GROWN => {
            let named = given.named.iter().map(|(name, value)| (Value::text(name.clone()), value.clone()));
            let more = match more {
                Value::Mapping(more) => more.to_vec(),
                _ => Vec::new(),
            };
            Value::mapping(entries.iter().cloned().chain(more).chain(named).collect())
        }
        _ => Value::Unknown,
    }
}
