//! What binds names: assignments, parameters, loops.

use tree_sitter::Node;

use super::R;
use super::arguments::argument;
use super::sequences::with_element;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl R {
    /// The value of an assignment; nothing where the operator is another.
    pub(super) fn assignment(&mut self, node: &Seen<'_>, operator: &str) -> Option<Value> {
        let (target, value) = match operator {
            "<-" | "=" | "<<-" | ":=" => (node.part("lhs")?.node, node.value("rhs")),
            "->" | "->>" => (node.part("rhs")?.node, node.value("lhs")),
            _ => return None,
        };
        self.assign(*target, value.clone(), matches!(operator, "<<-" | "->>"));
        Some(value)
    }

    fn assign(&mut self, target: Node<'_>, value: Value, is_outer: bool) {
        match target.kind() {
            "identifier" | "string" => {
                let name = self.name(target);
                self.bind(&name, value, is_outer);
            }
            "extract_operator" => {
                if let Some(name) = target.child_by_field_name("rhs") {
                    let name = self.name(name);
                    self.reading.scopes.keep_field(&name, value);
                }
            }
            "subset" | "subset2" => self.assign_element(target, value, is_outer),
            // `body(f) <- code`, `f(x) <- value`.
            "call" => {
                self.run_parsed("body<-", &value, &target.byte_range());
                if let Some(function) = target.child_by_field_name("function") {
                    let function = format!("{}<-", self.name(function));
                    let function = self.reading.scopes.look_up(&function, Value::Unknown);
                    let named = vec![("value".into(), value.clone())];
                    let given = Given { positional: vec![Value::Unknown, value], named, open_ended: false };
                    self.called(&function, &given, &target.byte_range());
                }
            }
            _ => {}
        }
    }

    fn bind(&mut self, name: &str, value: Value, is_outer: bool) {
        match is_outer {
            true => self.reading.scopes.assign(name, value),
            false => self.reading.scopes.bind(name, value),
        }
    }

    /// `container[[key]] <- value`.
    fn assign_element(&mut self, target: Node<'_>, value: Value, is_outer: bool) {
        let container = target.child_by_field_name("function").filter(|container| container.kind() == "identifier");
        let arguments = target.child_by_field_name("arguments");
        let mut cursor = target.walk();
        let key = arguments.and_then(|list| {
            list.named_children(&mut cursor).find(|part| part.kind() == "argument")?.child_by_field_name("value")
        });
        let (Some(container), Some(key)) = (container, key) else { return };
        match key.kind() {
            "string" => {
                let name = self.name(key);
                self.reading.scopes.keep_field(&name, value);
            }
            "integer" | "float" => {
                let name = self.name(container);
                let before = self.reading.scopes.look_up(&name, Value::Unknown);
                if let Some(changed) = with_element(&before, &self.number(key), value) {
                    self.bind(&name, changed, is_outer);
                }
            }
            _ => {}
        }
    }

    /// Calls that bind a name; nothing where it is another call.
    pub(super) fn assign_by_call(&mut self, path: &str, given: &Given) -> Option<Value> {
        let value = match path {
            "assign" | "delayedAssign" | "makeActiveBinding" | "rlang::env_poke" | "setGeneric" => {
                given.get_or_named(1, "value")
            }
            "<-" | "=" | "<<-" => given.get(1),
            "return" => {
                let value = given.get(0);
                if let Some(function) = self.reading.scopes.function() {
                    self.reading.scopes.returns(function, value.clone());
                }
                return Some(value);
            }
            _ => return None,
        };
        let value = match &value {
            Value::Local(function) if path == "makeActiveBinding" => self.reading.scopes.returned_by(*function),
            _ => value,
        };
        let name = argument(given, 0, "x");
        let bare = name.as_named().map(|named| &*named.path);
        if let Some(name) = name.whole_text().or(bare) {
            self.reading.scopes.keep_field(name, value.clone());
            self.reading.scopes.bind(name, value.clone());
        }
        Some(value)
    }

    /// Makes the names of a list known to what runs within it: `with(list(f = g), f(x))`.
    pub(super) fn bind_within(&mut self, path: &str, given: &Given) {
        if !matches!(path, "with" | "within" | "attach" | "eval" | "evalq" | "local" | "substitute" | "bquote") {
            return;
        }
        let all = given.positional.iter().chain(given.named.iter().map(|(_, value)| value));
        for (name, value) in all
            .filter_map(|value| match value {
                Value::Mapping(entries) => Some(entries.to_vec()),
                _ => None,
            })
            .flatten()
            .take(256)
        {
            if let Some(name) = name.whole_text().filter(|_| !value.is_unknown()) {
                self.reading.scopes.bind(name, value.clone());
            }
        }
    }

    /// Parameters: what their defaults and the calls of the function give them.
    pub(super) fn parameters(&mut self, node: &Seen<'_>) {
        let Some(function) = self.reading.scopes.function() else { return };
        let parameters = node.parts.iter().filter(|part| part.kind == "parameter");
        for (position, part) in parameters.enumerate() {
            let Some(name) = part.node.child_by_field_name("name") else { continue };
            let name = self.name(name);
            let by_name = self.reading.scopes.given_by_name(function).iter();
            let mut values: Vec<_> = by_name.filter(|(own, _)| *own == name).map(|(_, value)| value.clone()).collect();
            let default = part.node.child_by_field_name("default").map(|_| part.value.clone());
            let given = self.reading.scopes.given(function, position);
            if !given.is_unknown() || (values.is_empty() && default.is_none()) {
                values.push(given);
            }
            values.extend(default);
            self.reading.scopes.bind(&name, Value::either(values));
        }
    }

    /// The variable of a loop, before its body.
    pub(super) fn enter_body(&mut self, ancestors: &[Seen<'_>]) {
        let Some(parent) = ancestors.last().filter(|parent| parent.kind == "for_statement") else { return };
        let elements = parent.value("sequence").map(|one| match one {
            Value::Sequence(elements) => Value::each(elements.iter().cloned()),
            Value::Named(named) if &*named.path == "parse()" => Value::Named(named.clone()),
            Value::Mapping(entries) => Value::each(entries.iter().map(|(_, value)| value.clone())),
            Value::Text(_) => one.clone(),
            _ => Value::Unknown,
        });
        if let Some(variable) = parent.part("variable") {
            let name = self.name(variable.node);
            self.reading.scopes.bind(&name, elements);
        }
    }

    pub(super) fn function_definition(&mut self, node: &Seen<'_>) -> Value {
        let id = self.reading.scope_id(node.node);
        self.reading.scopes.returns(id, node.value("body"));
        self.reading.scopes.leave();
        Value::Local(id)
    }
}
