//! Texts and numbers that stand in the code.

use super::Cpp;
use crate::flow::escapes::C;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl Cpp {
    /// A text between quotes, or one character.
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        let Some(start) = text.find(['"', '\'']) else { return Value::Unknown };
        let inner = text.get(start + 1..text.len().saturating_sub(1)).unwrap_or_default();
        Value::text(C.resolve(inner))
    }

    /// `R"delimiter(…)delimiter"`.
    pub(super) fn raw_string(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node);
        let inner = text.find('(').zip(text.rfind(')')).and_then(|(open, close)| text.get(open + 1..close));
        inner.map_or(Value::Unknown, Value::text)
    }

    /// A number, with the suffixes and separators of C.
    pub(super) fn number(&self, node: &Seen<'_>) -> Value {
        let text = self.reading.text(node.node).replace('\'', "").to_ascii_lowercase();
        let digits = text.trim_end_matches(['u', 'l', 'z']);
        match digits.strip_prefix('0').filter(|rest| rest.starts_with(|next: char| next.is_ascii_digit())) {
            Some(octal) => i64::from_str_radix(octal, 8).map_or(Value::Unknown, Value::Number),
            None => Value::integer(digits),
        }
    }
}

/// A text without what follows its end.
pub(super) fn to_nul(text: &str) -> &str {
    text.split('\0').next().unwrap_or_default()
}
