//! Texts and numbers that stand in the code.

use tree_sitter::Node;

use super::Cpp;
use crate::flow::escapes::C;
use crate::flow::value::Value;
use crate::flow::walk::Seen;

impl Cpp {
    /// A text between quotes, or one character.
    pub(super) fn string(&self, node: &Seen<'_>) -> Value {
        text_between_quotes(&self.reading.text(node.node))
    }

    /// What a literal, a variable or a member of one is, without a look at what else may stand there.
    pub(super) fn simple_value(&self, node: Node<'_>) -> Value {
        match node.kind() {
            "string_literal" => text_between_quotes(&self.reading.text(node)),
            "number_literal" => Value::integer(&self.reading.text(node)),
            "identifier" => self.reading.scopes.look_up(&self.reading.text(node), Value::Unknown),
            "field_expression" => {
                let parts = node.child_by_field_name("argument").zip(node.child_by_field_name("field"));
                let Some((object, field)) = parts.filter(|(object, _)| object.kind() == "identifier") else {
                    return Value::Unknown;
                };
                let object = self.reading.scopes.look_up(&self.reading.text(object), Value::Unknown);
                object.map(|object| self.member(object, &self.reading.text(field)))
            }
            _ => Value::Unknown,
        }
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

/// The text that a literal with its quotes is.
pub(super) fn text_between_quotes(literal: &str) -> Value {
    let Some(start) = literal.find(['"', '\'']) else { return Value::Unknown };
    let inner = literal.get(start + 1..literal.len().saturating_sub(1)).unwrap_or_default();
    Value::text(C.resolve(inner))
}

/// A text without what follows its end.
pub(super) fn to_nul(text: &str) -> &str {
    text.split('\0').next().unwrap_or_default()
}
