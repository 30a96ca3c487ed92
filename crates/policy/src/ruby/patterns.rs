//! What binds names: assignments, methods, loops, and calls that define methods.

use std::ops::Range;

use tree_sitter::Node;

use super::Ruby;
use super::kernel;
use crate::flow::sequences::elements_of;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl Ruby {
    pub(super) fn assignment(&mut self, node: &Seen<'_>) -> Value {
        let value = node.value("right");
        if let Some(left) = node.part("left") {
            self.bind_pattern(*left.node, &value, 0);
        }
        value
    }

    pub(super) fn operator_assignment(&mut self, node: &Seen<'_>) -> Value {
        let Some(left) = node.part("left") else { return Value::Unknown };
        let operator = node.node.child_by_field_name("operator").map(|operator| self.reading.text(operator));
        let value = match operator.as_deref() {
            Some("+=" | "<<=") => left.value.plus(&node.value("right")),
            Some("||=" | "&&=") => Value::either([left.value.clone(), node.value("right")]),
            _ => Value::Unknown,
        };
        self.bind_pattern(*left.node, &value, 0);
        value
    }

    pub(super) fn assign_one(&mut self, target: Node<'_>, value: Value) {
        let name = self.reading.text(target);
        match target.kind() {
            "identifier" => self.reading.scopes.assign_in_function(&name, value),
            "constant" => self.reading.scopes.bind(&name, value),
            "instance_variable" | "class_variable" => self.reading.scopes.keep_field(&name, value),
            "global_variable" => self.reading.scopes.bind_in_module(&name, value),
            "call" => {
                if let Some(method) = target.child_by_field_name("method") {
                    let name = self.reading.text(method);
                    self.reading.scopes.keep_field(&format!("@{name}"), value);
                }
            }
            "element_reference" => {
                let key = target.named_child(1).filter(|key| matches!(key.kind(), "string" | "simple_symbol"));
                if let Some(key) = key {
                    let key = self.reading.text(key);
                    self.reading.scopes.keep_field(&format!("[{}]", bare(&key)), value);
                }
            }
            _ => {}
        }
    }

    /// `alias new old`.
    pub(super) fn alias(&mut self, node: &Seen<'_>) {
        let name = |field| node.part(field).map(|part| self.reading.text(part.node));
        let (Some(new), Some(old)) = (name("name"), name("alias")) else { return };
        self.alias_of(new.trim_start_matches(':'), old.trim_start_matches(':'), &node.node.byte_range());
    }

    fn alias_of(&mut self, new: &str, old: &str, span: &Range<usize>) {
        let function = self.function(old);
        self.reading.collected.use_of(&function, span);
        self.reading.scopes.bind(&format!("def {new}"), function);
    }

    pub(super) fn method(&mut self, node: &Seen<'_>) -> Value {
        let id = self.reading.scope_id(node.node);
        self.reading.scopes.returns(id, node.value("body"));
        self.reading.scopes.leave();
        let Some(name) = node.part("name") else { return Value::Unknown };
        let name = self.reading.text(name.node);
        if let Some(class) = self.reading.scopes.innermost().filter(|_| &*name == "initialize") {
            self.reading.scopes.construct_by(class, id);
        }
        self.define_method(&name, Value::Local(id));
        Value::text(name)
    }

    fn define_method(&mut self, name: &str, function: Value) {
        let name = format!("def {name}");
        self.reading.scopes.keep_field(&name, function.clone());
        self.reading.scopes.bind(&name, function);
    }

    /// Calls that define or mix in methods; nothing where it is another call.
    pub(super) fn define(&mut self, path: &str, given: &Given, span: &Range<usize>) -> Option<Value> {
        match path.rsplit('.').next().unwrap_or(path) {
            "include" | "extend" | "prepend" | "using" => {
                for module in given.positional.iter().filter_map(Value::as_named) {
                    if !self.included.contains(&module.path) && self.included.len() < 16 {
                        self.included.push(module.path.clone());
                    }
                }
            }
            "define_method" | "define_singleton_method" => {
                let body = given.positional.get(1).cloned().unwrap_or_else(|| given.get_or_named(usize::MAX, "&"));
                if let Some(name) = given.get(0).whole_text() {
                    self.define_method(name, body);
                }
            }
            "public" | "module_function" | "public_class_method" => {
                let names =
                    given.positional.iter().filter_map(Value::whole_text).filter(|name| kernel::is_private(name));
                let functions: Vec<_> = names.map(|name| self.function(name)).collect();
                functions.iter().for_each(|function| self.reading.collected.use_of(function, span));
            }
            "alias_method" => {
                let (new, old) = (given.get(0), given.get(1));
                if let (Some(new), Some(old)) = (new.whole_text(), old.whole_text()) {
                    self.alias_of(new, old, span);
                }
            }
            "attr_accessor" | "attr_reader" | "attr_writer" | "attr" | "delegate" | "def_delegators" | "Struct" => {
                self.define_readers(given);
            }
            "new" | "define" if matches!(path, "Struct.new" | "Data.define") => {
                self.define_readers(given);
                let class = self.reading.scope_id_at(span.start);
                for name in given.positional.iter().filter_map(Value::whole_text) {
                    self.reading.scopes.construct_of(class, format!("@{name}").into());
                }
                return Some(self.reading.scopes.class(class));
            }
            _ => return None,
        }
        Some(Value::Unknown)
    }

    fn define_readers(&mut self, given: &Given) {
        for name in given.positional.iter().filter_map(Value::whole_text) {
            self.reading.scopes.bind(&format!("def {name}"), Value::Unknown);
        }
    }

    /// What is bound by what stands before a body.
    pub(super) fn enter_body(&mut self, ancestors: &[Seen<'_>]) {
        let Some(parent) = ancestors.last().filter(|parent| parent.kind == "for") else { return };
        let elements = elements_of(&parent.value("value"));
        if let Some(pattern) = parent.part("pattern") {
            self.bind_pattern(*pattern.node, &elements, 0);
        }
    }

    pub(super) fn return_statement(&mut self, node: &Seen<'_>) {
        let value = match node.first() {
            Value::Given(given) => given.get(0),
            _ => Value::Unknown,
        };
        if let Some(function) = self.reading.scopes.function() {
            self.reading.scopes.returns(function, value);
        }
    }

    /// `object[key]`; of `ENV` it is said which variable is meant.
    pub(super) fn element_reference(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) -> Value {
        let object = node.value("object");
        let keys = node.parts.iter().filter(|part| part.field.is_none()).map(|part| part.value.clone()).collect();
        let given = Given { positional: keys, ..Given::default() };
        let span = node.node.byte_range();
        let is_stored =
            ancestors.last().is_some_and(|parent| parent.kind == "assignment") && node.field == Some("left");
        let end = if is_stored { "=" } else { "" };
        let mut members = Vec::new();
        for one in object.alternatives() {
            members.push(match one {
                Value::Named(named) if &*named.path == "ENV" => {
                    let key = given.get(0);
                    let key = key.whole_text().map_or("[]".to_owned(), |key| format!(".{key}"));
                    self.reading.collected.use_of(&Value::named(format!("ENV{key}{end}")), &span);
                    Value::Unknown
                }
                _ if is_stored => Value::Unknown,
                Value::Named(named) if kernel::is_private(&named.path) => self.called(one, &given, &span),
                one => {
                    let kept = given.get(0).whole_text().and_then(|key| self.reading.scopes.field(&format!("[{key}]")));
                    Value::either([self.call_on(one, "[]", &given, &span, None)].into_iter().chain(kept))
                }
            });
        }
        Value::each(members)
    }
}

/// A key without what makes it a text or a symbol.
fn bare(key: &str) -> &str {
    key.trim_start_matches(':').trim_matches(['"', '\''])
}
