//! Texts, numbers and composite values that stand in the code.

use super::Go;
use tree_sitter::Node;

use crate::flow::commands::with_command;
use crate::flow::escapes::GO;
use crate::flow::value::{Given, Value};
use crate::flow::walk::Seen;

impl Go {
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        if node.kind == "raw_string_literal" { Value::text(inner) } else { Value::text(GO.resolve(inner)) }
    }

    pub(super) fn rune(&self, node: &Seen<'_>) -> Value {
        crate::flow::texts::code(&self.string(node))
    }

    pub(super) fn number(&self, node: &Seen<'_>) -> Value {
        Value::integer(&self.reading.text(node.node))
    }

    /// `{a, b}` or `{k: a, l: b}`.
    pub(super) fn literal_value(&self, node: &Seen<'_>) -> Value {
        let parts = || node.parts.iter().filter(|part| part.kind != "comment");
        if !parts().any(|part| part.kind == "keyed_element") {
            return Value::sequence(parts().map(|part| part.value.clone()).collect());
        }
        let entries = parts().filter_map(|part| {
            let key = part.node.child_by_field_name("key").and_then(|key| key.named_child(0))?;
            Some((self.key(key), part.value.clone()))
        });
        Value::mapping(entries.collect())
    }

    /// The text of a key, or its name.
    fn key(&self, key: Node<'_>) -> Value {
        let text = self.reading.text(key);
        match key.kind() {
            "interpreted_string_literal" => Value::text(GO.resolve(text.trim_matches('"'))),
            _ => Value::text(text.trim_matches('`')),
        }
    }

    /// A key that stands there as it is.
    pub(super) fn literal(&self, key: Node<'_>) -> Value {
        match key.kind() {
            "interpreted_string_literal" | "raw_string_literal" => self.key(key),
            "int_literal" => Value::integer(&self.reading.text(key)),
            _ => Value::Unknown,
        }
    }

    /// `T{…}`.
    pub(super) fn composite(&mut self, node: &Seen<'_>) -> Value {
        let (class, body) = (node.value("type"), node.value("body"));
        for named in class.alternatives().iter().filter_map(Value::as_named) {
            let mut given = Given::default();
            match &body {
                Value::Mapping(entries) => {
                    for (key, value) in entries.iter() {
                        given.named.push((key.whole_text().unwrap_or_default().into(), value.clone()));
                        given.positional.push(value.clone());
                    }
                }
                Value::Sequence(elements) => given.positional.extend(elements.iter().cloned()),
                _ => {}
            }
            let arguments = || with_command(&given, given.to_arguments(None));
            self.reading.collected.call_of(&format!("{}{{}}", named.path), arguments, &node.node.byte_range());
        }
        let kind = node.part("type").map(|part| part.kind).unwrap_or_default();
        if class.may_be_named() && !matches!(kind, "slice_type" | "array_type" | "map_type") {
            return class;
        }
        node.part("type").map_or(Value::Unknown, |class| self.made_of(*class.node, &body))
    }
}

/// What a value is as a part of a text.
pub(super) fn as_shown(value: &Value) -> Value {
    value.map(|value| match value {
        Value::Text(text) => Value::Text(text.clone()),
        Value::Number(number) => Value::text(number.to_string()),
        _ => Value::Unknown,
    })
}
