//! Texts and numbers that stand in the code.

use super::JavaScript;
use crate::flow::escapes::JAVASCRIPT;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl JavaScript {
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        Value::text(JAVASCRIPT.resolve(text.get(1..text.len().saturating_sub(1)).unwrap_or_default()))
    }

    /// A template, with what is known of what is put into it.
    pub(super) fn template(&self, node: &Seen<'_>) -> Value {
        node.parts.iter().fold(Value::text(""), |whole, part| {
            let piece = match part.kind {
                "string_fragment" => Value::text(self.reading.text(part.node)),
                "escape_sequence" => Value::text(JAVASCRIPT.resolve(&self.reading.text(part.node))),
                _ => as_shown(&part.value),
            };
            whole.plus(&piece)
        })
    }

    pub(super) fn number(&self, node: &Seen<'_>) -> Value {
        Value::integer(&self.reading.text(node.node))
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
