//! Blocks and methods: what their parameters are given.

use tree_sitter::Node;

use super::Ruby;
use super::{files, kernel};
use crate::flow::sequences::elements_of;
use crate::flow::value::{Given, Named, Value};
use crate::flow::walk::Seen;

impl Ruby {
    /// Parameters without names: `_1` and `it`.
    pub(super) fn enter_block(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let values = self.block_values(ancestors.last());
        let block = self.reading.scope_id(node.node);
        for (position, names) in [(0, ["_1", "it"]), (1, ["_2", "_2"])] {
            let value = self.given_to_block(block, &values, position);
            if !value.is_unknown() {
                names.iter().for_each(|name| self.reading.scopes.bind(name, value.clone()));
            }
        }
    }

    /// What a call gives to its block.
    fn block_values(&mut self, call: Option<&Seen<'_>>) -> Vec<Value> {
        let Some(call) = call.filter(|call| call.kind == "call") else { return Vec::new() };
        let receiver = call.value("receiver");
        let name = call.part("method").map(|method| self.reading.text(method.node)).unwrap_or_default();
        let given = match call.value("arguments") {
            Value::Given(given) => given.positional.clone(),
            _ => Vec::new(),
        };
        let is_collection = |one: &&Value| matches!(one, Value::Sequence(_) | Value::Mapping(_));
        let collection = receiver.alternatives().iter().find(is_collection).unwrap_or(&receiver);
        match (collection, &*name) {
            (Value::Sequence(_), "inject" | "reduce") => {
                let element = elements_of(&receiver);
                vec![Value::either([element.clone()].into_iter().chain(given)), element]
            }
            (Value::Sequence(_), "each_with_object") => {
                vec![elements_of(&receiver), given.first().cloned().unwrap_or_default()]
            }
            (Value::Sequence(_), _) => vec![elements_of(&receiver)],
            (Value::Mapping(entries), _) => {
                vec![
                    Value::either(entries.iter().map(|(key, _)| key.clone())),
                    Value::either(entries.iter().map(|(_, value)| value.clone())),
                ]
            }
            (_, "tap" | "then" | "yield_self") => vec![receiver],
            (Value::Named(named), "new" | "start" | "fork") if matches!(&*named.path, "Thread" | "Ractor") => given,
            (Value::Named(named), "glob" | "find") => {
                let path = kernel::canonical(&format!("{}.{name}", named.path));
                let found = files::compute(
                    &Named { path: path.into(), about: None },
                    &Given { positional: given, ..Given::default() },
                );
                match found {
                    Some(Value::Sequence(elements)) => elements.to_vec(),
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    fn given_to_block(&self, block: usize, values: &[Value], position: usize) -> Value {
        let known = values.get(position).filter(|value| !value.is_unknown()).cloned();
        known.unwrap_or_else(|| self.reading.scopes.given(block, position))
    }

    /// `|a, (b, c), *d|` and the parameters of a lambda.
    pub(super) fn block_parameters(&mut self, node: &Seen<'_>, ancestors: &[Seen<'_>]) {
        let Some((block, around)) = ancestors.split_last() else { return };
        let values = if block.kind == "lambda" { Vec::new() } else { self.block_values(around.last()) };
        let id = self.reading.scope_id(block.node);
        let parameters: Vec<_> = node.parts.iter().filter(|part| part.field != Some("locals")).collect();
        let all = self.given_to_block(id, &values, 0);
        for (position, part) in parameters.iter().enumerate() {
            let value = match &all {
                // One array for several parameters is taken apart.
                Value::Sequence(elements) if parameters.len() > 1 && values.len() < 2 => {
                    elements.get(position).cloned().unwrap_or_default()
                }
                _ => self.given_to_block(id, &values, position),
            };
            let value = match part.kind {
                "optional_parameter" => Value::either([value, part.value.clone()]),
                _ => value,
            };
            self.bind_parameter(*part.node, value);
        }
    }

    pub(super) fn method_parameters(&mut self, node: &Seen<'_>) {
        let Some(function) = self.reading.scopes.function() else { return };
        for (position, part) in node.parts.iter().enumerate() {
            let name = part.node.child_by_field_name("name").map(|name| self.reading.text(name));
            let by_name = self.reading.scopes.given_by_name(function).iter();
            let wanted = if part.kind == "block_parameter" { Some("&") } else { name.as_deref() };
            let by_name: Vec<_> =
                by_name.filter(|(own, _)| Some(&**own) == wanted).map(|(_, value)| value.clone()).collect();
            let value = match part.kind {
                "splat_parameter" => Value::sequence(self.reading.scopes.given_from(function, position)),
                "keyword_parameter" | "block_parameter" => Value::either(
                    by_name.into_iter().chain([part.value.clone()].into_iter().filter(|v| !v.is_unknown())),
                ),
                "optional_parameter" => {
                    let given = self.reading.scopes.given(function, position);
                    Value::either([part.value.clone(), given])
                }
                // Which calls there are is known well: methods are found by their names alone.
                _ => self.reading.scopes.given_by_calls(function, position).unwrap_or_default(),
            };
            self.bind_parameter(*part.node, value);
        }
    }

    fn bind_parameter(&mut self, parameter: Node<'_>, value: Value) {
        match parameter.kind() {
            "identifier" => {
                let name = self.reading.text(parameter);
                self.reading.scopes.bind(&name, value);
            }
            "destructured_parameter" => {
                let mut cursor = parameter.walk();
                let names: Vec<_> = parameter.named_children(&mut cursor).collect();
                for (at, name) in names.into_iter().enumerate().filter(|(_, name)| name.kind() == "identifier") {
                    let element = match &value {
                        Value::Sequence(elements) => elements.get(at).cloned().unwrap_or_default(),
                        _ => Value::Unknown,
                    };
                    let name = self.reading.text(name);
                    self.reading.scopes.bind(&name, element);
                }
            }
            _ => {
                if let Some(name) = parameter.child_by_field_name("name") {
                    let name = self.reading.text(name);
                    self.reading.scopes.bind(&name, value);
                }
            }
        }
    }

    /// What a block gives is its last expression.
    pub(super) fn leave_block(&mut self, node: &Seen<'_>) -> Value {
        let value = node.value("body");
        self.reading.scopes.returns(self.reading.scope_id(node.node), value.clone());
        self.reading.scopes.leave();
        value
    }

    pub(super) fn lambda(&mut self, node: &Seen<'_>) -> Value {
        let id = self.reading.scope_id(node.node);
        self.reading.scopes.returns(id, node.value("body"));
        self.reading.scopes.leave();
        Value::Local(id)
    }
}
