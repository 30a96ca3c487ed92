//! Texts, symbols and numbers that stand in the code.

use super::Ruby;
use crate::flow::escapes::RUBY;
use crate::flow::templates::as_shown;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl Ruby {
    /// A string or a symbol, with what is known of what is put into it.
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let source = self.reading.bytes(node.node);
        let is_raw = source.starts_with(b"'") || source.starts_with(b":'") || source.starts_with(b"%q");
        self.put_together(node, is_raw)
    }

    /// The pieces of a text put together.
    pub(super) fn put_together(&self, node: &Seen<'_>, is_raw: bool) -> Value {
        node.parts.iter().fold(Value::text(""), |whole, part| {
            let piece = match part.kind {
                "string_content" | "heredoc_content" if is_raw => Value::text(unquoted(&self.reading.text(part.node))),
                "string_content" | "heredoc_content" => Value::text(self.reading.text(part.node)),
                "escape_sequence" => Value::text(RUBY.resolve(&self.reading.text(part.node))),
                "comment" | "heredoc_end" => Value::text(""),
                _ => as_shown(&part.value),
            };
            whole.plus(&piece)
        })
    }

    /// `:name` and the key of `name: value`.
    pub(super) fn symbol(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        Value::text(text.trim_start_matches(':').trim_end_matches(':'))
    }

    /// `?a`.
    pub(super) fn character(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        Value::text(RUBY.resolve(text.get(1..).unwrap_or_default()))
    }

    pub(super) fn number(&self, node: &Seen<'_>) -> Value {
        Value::integer(&self.reading.text(node.node))
    }

    /// `%w[a b]`, `%i[a b]` and `[a, b]`.
    pub(super) fn array(&self, node: &Seen<'_>) -> Value {
        let mut elements = Vec::new();
        for part in node.parts.iter().filter(|part| !is_aside(part.kind)) {
            match (&part.value, part.kind) {
                (Value::Sequence(more), "splat_argument") => elements.extend(more.iter().cloned()),
                _ => elements.push(part.value.clone()),
            }
        }
        Value::sequence(elements)
    }

    pub(super) fn hash(&self, node: &Seen<'_>) -> Value {
        let entries = node.parts.iter().filter_map(|part| match &part.value {
            Value::Sequence(pair) if part.kind == "pair" && pair.len() == 2 => Some((pair[0].clone(), pair[1].clone())),
            _ => None,
        });
        Value::mapping(entries.collect())
    }
}

/// Whether a node may stand anywhere and is no part of what it stands in.
pub(super) fn is_aside(kind: &str) -> bool {
    matches!(kind, "comment" | "heredoc_body" | "uninterpreted")
}

/// A text in single quotes: only these and the backslash can be escaped in it.
fn unquoted(text: &str) -> String {
    text.replace("\\'", "'").replace("\\\\", "\\")
}
