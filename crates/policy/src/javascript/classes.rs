//! Classes: what their objects are given, and what these do.

use super::JavaScript;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl JavaScript {
    pub(super) fn class(&mut self, node: &Seen<'_>) -> Value {
        let class = self.reading.scope_id(node.node);
        let base = node.parts.iter().find(|part| part.kind == "class_heritage").map(|part| &part.value);
        self.reading.scopes.construct_as(class, base);
        let value = match base.and_then(Value::as_named) {
            // What makes functions of texts does so under any name.
            Some(base) if &*base.path == "Function" => Value::Named(base.clone()),
            _ => self.reading.scopes.class(class),
        };
        if let Some(name) = node.part("name") {
            let name = self.name(name.node);
            self.reading.scopes.bind(&name, value.clone());
        }
        value
    }

    pub(super) fn method_definition(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let method = self.function(node);
        let (Some(name), Value::Local(id)) = (node.part("name").map(|name| self.key(*name.node)), &method) else {
            return method;
        };
        let mut cursor = node.node.walk();
        let is_getter = node.node.children(&mut cursor).any(|child| child.kind() == "get");
        match ancestors {
            [.., class, body] if &*name == "constructor" && body.kind == "class_body" => {
                self.reading.scopes.construct_by(self.reading.scope_id(class.node), *id);
            }
            _ if is_getter => self.reading.scopes.keep_field(&name, self.reading.scopes.returned_by(*id)),
            _ => self.reading.scopes.keep_field(&name, method.clone()),
        }
        method
    }
}
