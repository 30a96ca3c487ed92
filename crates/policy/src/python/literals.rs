//! Texts and numbers that stand in the code.

use super::Python;
use crate::flow::escapes::PYTHON;
use crate::flow::templates::as_shown;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl Python {
    /// What a string literal is, with what is known of its interpolations.
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        let Some(quote) = text.find(['"', '\'']) else { return Value::Unknown };
        let prefix = text[..quote].to_ascii_lowercase();
        let raw = prefix.contains('r');
        if prefix.contains(['f', 't']) {
            return self.interpolated(node, raw);
        }
        let mark = &text[quote..=quote];
        let width = if text[quote..].starts_with(&mark.repeat(3)) && text.len() >= quote + 6 { 3 } else { 1 };
        let inner = text.get(quote + width..text.len().saturating_sub(width)).unwrap_or_default();
        Value::text(if raw { inner.to_owned() } else { PYTHON.resolve(inner) })
    }

    fn interpolated(&self, node: &Seen<'_>, raw: bool) -> Value {
        let mut whole = Value::text("");
        for part in &node.parts {
            let piece = match part.kind {
                "string_content" => {
                    let text = self.reading.text(part.node).replace("{{", "{").replace("}}", "}");
                    Value::text(if raw { text } else { PYTHON.resolve(&text) })
                }
                "escape_interpolation" => Value::text(self.reading.text(part.node).get(..1).unwrap_or_default()),
                "interpolation" => as_shown(&part.value),
                _ => continue,
            };
            whole = whole.plus(&piece);
        }
        whole
    }

    /// The number that an integer literal is.
    pub(super) fn integer(&self, node: &Seen<'_>) -> Value {
        Value::integer(&self.reading.text(node.node))
    }
}
