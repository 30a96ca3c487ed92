//! Classes: what their objects are given.

use super::Python;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl Python {
    pub(super) fn class_definition(&mut self, node: &Seen<'_>) {
        self.reading.scopes.leave();
        let class = self.reading.scope_id(node.node);
        if let Value::Given(bases) = node.value("superclasses") {
            self.reading.scopes.construct_as(class, &bases.positional);
        }
        if let Some(name) = node.part("name") {
            let name = self.name(name.node);
            self.bind(&name, self.reading.scopes.class(class));
        }
    }

    /// `path: str` in a class: its objects may be given it.
    pub(super) fn declare_field(&mut self, assignment: &Seen<'_>) {
        let name = assignment.part("left").filter(|left| left.kind == "identifier");
        if let (Some(name), Some(class), Some(_)) = (name, self.class(), assignment.part("type")) {
            let name = self.name(name.node);
            self.reading.scopes.construct_of(class, name);
        }
    }

    /// `__init__` in a class.
    pub(super) fn declare_method(&mut self, name: &str, function: usize) {
        if let Some(class) = self.class().filter(|_| name == "__init__") {
            self.reading.scopes.construct_by(class, function);
        }
    }

    /// The class whose body this is.
    fn class(&self) -> Option<usize> {
        self.reading.scopes.innermost().filter(|_| self.reading.scopes.is_class())
    }
}
